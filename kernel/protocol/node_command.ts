// Which `node` a kernelspec names, and whether a Node is new enough.

import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ownPackage } from "../own_package.js";

const [neededMajor, neededMinor] = ownPackage.engines.node.match(/\d+/g)!.map(Number);

/**
 * @throws {Error} that says what is needed and what `version` is, such as `v18.20.0`, when that is too old
 */
export function requireVersion(version: string): void {
  const [major, minor] = (version.match(/\d+/g) ?? []).map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new Error(`Node is ${version.trim()}, but must be ${neededMajor}.${neededMinor} or newer`);
}

/** @throws {Error} unless this process is a Node that is new enough: Deno and Bun cannot load ZeroMQ */
export function requireNode(versions: NodeJS.ProcessVersions): void {
  for (const [key, name] of [
    ["bun", "Bun"],
    ["deno", "Deno"],
  ])
    if (versions[key] !== undefined) throw new Error(`the kernel needs Node, but this is ${name}`);
  requireVersion(`v${versions.node}`);
}

/**
 * The path of the Node that runs this, as the PATH names it: a package manager's `bin/node` stays where it is
 * when Node is upgraded, the versioned folder that it points to does not.
 */
export function stableNodePath(
  execPath: string,
  path = process.env.PATH ?? "",
  name = process.platform === "win32" ? "node.exe" : "node",
): string {
  // Folders that are there for one npm command, or one shell (fnm), only.
  const passing = /node_modules|[\\/]_npx[\\/]|fnm_multishells/;
  const folders = path.split(delimiter).filter((folder) => folder !== "" && !passing.test(folder));
  const isThisNode = (file: string) => {
    try {
      return realpathSync(file) === realpathSync(execPath);
    } catch {
      return false;
    }
  };
  return folders.map((folder) => join(folder, name)).find(isThisNode) ?? execPath;
}

/** @throws {Error} when `file` cannot be run or is too old */
export function requireNodeAt(file: string): void {
  let version: string;
  try {
    version = execFileSync(file, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    throw new Error(`kernelspec: node is ${JSON.stringify(file)}, but must be a program that can be run`, {
      cause: error,
    });
  }
  requireVersion(version);
}
