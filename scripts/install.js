// Installs the packages of a folder where its lockfile is newer than what is there. Plain Node: runs before
// any package is there.

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Runs a command in `folder` and ends this process with its status where it fails. */
export function run(command, folder) {
  // Where npm runs this, as for `npm install --global` from a git repository or `npm pack --workspace`, it
  // hands its own place and options on.
  const env = { ...process.env };
  for (const name of ["global", "location", "omit", "include", "prefix", "workspace", "workspaces"])
    delete env[`npm_config_${name}`];
  const { status } = spawnSync(command, { cwd: folder, stdio: "inherit", shell: true, env });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param folder URL of the folder, with a slash at its end */
export function installPackages(folder) {
  const installed = new URL("node_modules/.package-lock.json", folder);
  const lockfile = new URL("package-lock.json", folder);
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs)
    // No package here needs its install script, and our own `prepare` would begin all this a second time.
    run("npm ci --ignore-scripts --loglevel=error", fileURLToPath(folder));
}
