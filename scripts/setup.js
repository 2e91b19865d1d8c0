// Makes `npm start` and `npm test` work in a fresh clone: installs when the lockfile is newer than what is
// installed, then builds (incrementally, so a second run costs a second or two) and has
// the kernel's language ready to start fast. Runs before any package is there.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(command) {
  const { status } = spawnSync(command, { cwd: root, stdio: "inherit", shell: true });
  if (status !== 0) process.exit(status ?? 1);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`unrolled needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

const installed = new URL("../node_modules/.package-lock.json", import.meta.url);
const lockfile = new URL("../package-lock.json", import.meta.url);
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) run("npm ci");
run("npm run --silent build");
const { buildSnapshot } = await import("../dist/kernel/language/snapshot_file.js");
await buildSnapshot();
