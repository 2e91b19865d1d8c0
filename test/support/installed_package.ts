// The packages as npm installs them: what npm packs lies in a folder's node_modules, besides what it depends
// on.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { packageRoot } from "../../kernel/package_root.js";

const npm = (...args: string[]) =>
  execFileSync("npm", args, { cwd: packageRoot, encoding: "utf8", stdio: "pipe" });

/**
 * Installs `unrolled`, besides all that is installed here.
 *
 * @returns where the package lies
 */
export function installPackage(folder: string): string {
  const list = npm("pack", "--dry-run", "--json", "--ignore-scripts");
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
    if (name === "@unrolled") continue;
    if (name.startsWith("@")) link(join(from, name), join(to, name));
    else if (!name.startsWith(".")) symlinkSync(join(from, name), join(to, name));
  }
}

/**
 * Installs one of the workspaces with what it declares, and nothing else.
 *
 * @returns the folders of all packages that this takes, its own first
 */
export function installAlone(name: string, folder: string): string[] {
  const installed = join(folder, "node_modules", name);
  mkdirSync(installed, { recursive: true });
  npm("pack", "--workspace", name, "--pack-destination", folder);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
  execFileSync("tar", ["-xzf", tarball, "-C", join("node_modules", name), "--strip-components", "1"], {
    cwd: folder,
  });
  const list = npm("ls", "--all", "--omit=dev", "--parseable", "--workspace", name);
  const [root, , ...needed] = list.trim().split("\n");
  const packages = needed.filter((place) => !NESTED.test(relative(root, place)));
  for (const place of packages) {
    const linked = join(folder, relative(root, place));
    mkdirSync(dirname(linked), { recursive: true });
    symlinkSync(place, linked, "junction");
  }
  return [installed, ...packages];
}

/** Comes with the package that it lies in. */
const NESTED = /node_modules.*node_modules/;
