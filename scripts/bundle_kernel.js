// Completes dist/kernel with what the compiler does not make. What runs until a kernel first answers, its
// program and the wire thread, becomes one file each: to load thirty modules one by one would take a third of
// that time. What is not TypeScript is copied. A file that stays the same is not touched: a kernel may be
// reading it.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const source = (path) => fileURLToPath(new URL(`../kernel/${path}`, import.meta.url));
const built = (path) => fileURLToPath(new URL(`../dist/kernel/${path}`, import.meta.url));

function put(path, content) {
  const file = built(path);
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

for (const [input, path] of [
  ["kernel.js", "unrolled.cjs"],
  ["wire/worker.js", "wire.cjs"],
]) {
  // What the cells use is loaded by the user's cells as well, and must be the same modules.
  const external = ["zeromq", /^typescript\//, /\/dist\/kernel\/main\//];
  const bundle = await rolldown({ input: built(input), platform: "node", external });
  // CommonJS loads faster than ES modules.
  const { output } = await bundle.generate({ file: built(path), format: "cjs" });
  for (const { fileName, code } of output) put(fileName, Buffer.from(code));
}

const assets = readdirSync(source("assets")).map((name) => `assets/${name}`);
for (const path of ["language/snapshot.cjs", ...assets]) put(path, readFileSync(source(path)));
