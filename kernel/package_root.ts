// Where this package lies, whether its TypeScript or its compiled JavaScript is running.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findUp(directory: string): string {
  if (existsSync(join(directory, "package.json"))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error("unrolled: no package.json above its own files");
  return findUp(parent);
}

export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)));
