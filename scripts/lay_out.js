// Lays the rooms that are named, as they are built, into the package that npm packs, and without names takes
// them away again: npm packs no file from outside a package's own folder.
// `npm pack --workspace @unrolled/rnn`

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./install.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const rooms = process.argv.slice(2);

for (const laid of ["dist", "LICENSE"]) rmSync(laid, { recursive: true, force: true });
if (rooms.length > 0) {
  run("npm run --silent build", root);
  for (const room of rooms) cpSync(join(root, "dist", room), join("dist", room), { recursive: true });
  cpSync(join(root, "LICENSE"), "LICENSE");
}
