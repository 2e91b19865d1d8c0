#!/usr/bin/env node
// The `unrolled-kernel` command of the package `@unrolled/kernel`.

import { program } from "./program.js";

await program();
