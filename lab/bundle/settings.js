// The settings of every extension, as the server hands them out: { "<plugin id>": { schema, version } }.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isLeftOut } from "../frontend/left_out.js";
import { extensions, lab, readJson } from "./extensions.js";

/** Defaults of ours, in place of JupyterLab's own. */
const defaults = {
  // Both would ask servers elsewhere.
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/apputils-extension:themes": { "adaptive-theme": true },
  // A page of the workbook is read, and rarely written.
  "@jupyterlab/docmanager-extension:plugin": { defaultViewers: { markdown: "Markdown Preview" } },
  // A first completion in a fresh kernel is still worth having when TypeScript took longer to load than the
  // one second after which JupyterLab would drop it.
  "@jupyterlab/completer-extension:manager": { providerTimeout: 5000 },
};

export function settings() {
  const all = {};
  for (const { name, version, jupyterlab } of extensions) {
    if (!jupyterlab.schemaDir) continue;
    const folder = join(lab, "node_modules", name, jupyterlab.schemaDir);
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
      const schema = readJson(join(folder, file));
      const id = `${name}:${file.slice(0, -".json".length)}`;
      // Its menu would be empty.
      if (isLeftOut(id)) continue;
      for (const [key, value] of Object.entries(defaults[id] ?? {})) {
        if (!schema.properties?.[key]) throw new Error(`settings: ${id} has no ${key} to give a default`);
        schema.properties[key].default = value;
      }
      all[id] = { schema, version };
    }
  }
  return all;
}
