// This package as npm installs it: what `npm pack` would ship lies in a folder's node_modules, besides what
// it depends on.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../kernel/package_root.js";

/** @returns where the package lies */
export function installPackage(folder: string): string {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const list = execFileSync("npm", args, { cwd: packageRoot, encoding: "utf8", stdio: "pipe" });
  const [{ files }] = JSON.parse(list) as [{ files: { path: string }[] }];
  const modules = join(folder, "node_modules");
  const installed = join(modules, "unrolled");
  for (const { path } of files) cpSync(join(packageRoot, path), join(installed, path));
  link(join(packageRoot, "node_modules"), modules);
  return installed;
}

function link(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.startsWith("@")) link(join(from, name), join(to, name));
    else if (!name.startsWith(".")) symlinkSync(join(from, name), join(to, name));
  }
}
