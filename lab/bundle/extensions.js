// What of JupyterLab goes into the bundle: every extension that package.json names, sorted by what it is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const lab = fileURLToPath(new URL("..", import.meta.url));

export const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const packageJson = (name) => readJson(join(lab, "node_modules", name, "package.json"));

const { dependencies } = readJson(join(lab, "package.json"));
const packages = Object.keys(dependencies).map(packageJson);

// Extensions add plugins, MIME extensions ways to show outputs; themes are styles of their own, chosen in the
// page.
export const extensions = packages.filter(({ jupyterlab }) => jupyterlab?.extension);
export const mimeExtensions = packages.filter(({ jupyterlab }) => jupyterlab?.mimeExtension);
export const themes = extensions.filter(({ jupyterlab }) => jupyterlab.themePath);
