// Where the fonts and logos that ship with the kernel lie.

import { join } from "node:path";
import { packageRoot } from "../package_root.js";

export const asset = (name: string): string => join(packageRoot, "kernel", "assets", name);
