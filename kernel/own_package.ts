// What the package that this is part of says of itself: `unrolled`, which has everything, or
// `@unrolled/kernel`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package_root.js";

interface Entry {
  types: string;
  default: string;
}

interface Manifest {
  name: string;
  version: string;
  engines: { node: string };
  bin: Record<string, string>;
  exports: Record<string, Entry | string>;
}

export const ownPackage = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as Manifest;

/** The command that a user types. */
export const [commandName] = Object.keys(ownPackage.bin);

/**
 * The modules that cells import by these names from any folder. Those of the kernel are there under the name
 * of either package, so that a notebook runs wherever one of them is installed.
 */
export const cellModules = new Map(
  Object.entries(ownPackage.exports).flatMap(([path, entry]) =>
    typeof entry === "string"
      ? []
      : namesFor(entry).map((name): [string, Entry] => [
          name + path.slice(1),
          { types: join(packageRoot, entry.types), default: join(packageRoot, entry.default) },
        ]),
  ),
);

function namesFor({ default: file }: Entry): string[] {
  return file.startsWith("./dist/kernel/") ? ["unrolled", "@unrolled/kernel"] : [ownPackage.name];
}
