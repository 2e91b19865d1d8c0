// Makes one file each of what runs until a kernel first answers, its program and the wire thread: to load
// thirty modules one by one would take a third of that time.

import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const built = (path) => fileURLToPath(new URL(`../dist/kernel/${path}`, import.meta.url));

for (const [input, file] of [
  ["kernel.js", "unrolled.cjs"],
  ["wire/worker.js", "wire.cjs"],
]) {
  // What the cells use is loaded by the user's cells as well, and must be the same modules.
  const external = ["zeromq", /^typescript\//, /\/dist\/kernel\/main\//];
  const bundle = await rolldown({ input: built(input), platform: "node", external });
  // CommonJS loads faster than ES modules.
  await bundle.write({ file: built(file), format: "cjs" });
}
