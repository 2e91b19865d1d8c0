// Removes from dist what was made from files that have since been moved or deleted: the compiler
// removes nothing, so imports of them would go on working here, and a package would ship them.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");
const frontEnd = join("lab", "static");
const assets = join("kernel", "assets");

for (const file of readdirSync(dist, { recursive: true })) {
  const compiled = /^(.*)\.(d\.ts|js)$/.exec(file);
  const source = file.startsWith(assets) ? file : compiled && `${compiled[1]}.ts`;
  if (source && !file.startsWith(frontEnd) && !existsSync(join(root, source))) rmSync(join(dist, file));
}
