// The program that a kernel starts, and leaves to itself, where there is no snapshot of the language process
// yet.

import { buildSnapshot } from "./snapshot_file.js";

await buildSnapshot();
