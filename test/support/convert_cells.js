// Runs sessions of cells (JSON on stdin) through tslab's converter, as it comes or as the kernel drives it,
// and prints the codes of each cell's errors and the types of some names after the last cell. A process of
// its own, as only one of the two can be loaded into one.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const sessions = JSON.parse(readFileSync(0, "utf8"));

async function converter() {
  if (process.argv[2] === "kernel") {
    const { createConverter } = await import("../../dist/kernel/language/converter.js");
    const { inspect, ...converter } = createConverter();
    return { ...converter, inspect: (...args) => inspect(...args).info };
  }
  return require("tslab/dist/converter.js").createConverter();
}

const { convert, inspect, close } = await converter();
const results = sessions.map(({ cells, names }) => {
  let declarations = "";
  const errors = cells.map((cell) => {
    const { diagnostics, declOutput } = convert(declarations, cell);
    if (diagnostics.length === 0) declarations = declOutput;
    // The first is the reason; newer compilers add to it.
    return diagnostics.slice(0, 1).map(({ code }) => code);
  });
  const types = names.map((name) => {
    const { displayParts = [] } = inspect(declarations, name, 0) ?? {};
    return displayParts.map(({ text }) => text).join("");
  });
  return { errors, types };
});
close();
process.stdout.write(JSON.stringify(results));
process.exit(0);
