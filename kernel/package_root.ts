// Where this package and its files lie, whether its TypeScript or its compiled JavaScript is running.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findUp(directory: string): string {
  if (existsSync(join(directory, "package.json"))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error("unrolled: no package.json above its own files");
  return findUp(parent);
}

const here = dirname(fileURLToPath(import.meta.url));

/** Above the sources' own folder, which is a package too but holds nothing that runs. */
export const packageRoot = findUp(dirname(here));

/** The file of a font or logo that ships with the kernel. */
export const asset = (name: string): string => join(here, "assets", name);
