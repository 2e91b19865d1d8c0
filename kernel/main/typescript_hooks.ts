// Preloaded where a worker or a child process is written in TypeScript: has Node load such files.

import { register } from "node:module";

register("./typescript_loader.js", import.meta.url);
// Errors name the lines that were written.
process.setSourceMapsEnabled(true);
