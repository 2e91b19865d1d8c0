// Makes `npm start` and `npm test` work in a fresh clone: installs when the lockfile is newer than what is
// installed, then builds (incrementally, so a second run costs a second or two) and has
// the kernel's language ready to start fast. Runs before any package is there.
// With the argument `lab`, JupyterLab's front-end too, which has packages of its own.

import { fileURLToPath } from "node:url";
import { installPackages, run } from "./install.js";

const root = new URL("../", import.meta.url);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`unrolled needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

installPackages(root);
run("npm run --silent build", fileURLToPath(root));
const { buildSnapshot } = await import("../dist/kernel/language/snapshot_file.js");
await buildSnapshot();
if (process.argv.includes("lab")) run("node lab/build.js", fileURLToPath(root));
