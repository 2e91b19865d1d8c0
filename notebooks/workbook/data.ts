// The workbook's data files. They lie where the package has them, not next to the compiled code.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const manifest = createRequire(import.meta.url).resolve("unrolled/package.json");
const folder = new URL("notebooks/workbook/data/", pathToFileURL(manifest));

/** @param name within `notebooks/workbook/data` */
export const readData = (name: string) => readFileSync(new URL(name, folder), "utf8");
