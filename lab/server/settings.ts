// The settings of JupyterLab's extensions: the schema of each comes with the front-end, what the user wrote
// is kept. Source: jupyterlab_server `settings_handler.py`.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import JSON5 from "json5";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import { brief } from "../../kernel/protocol/brief.js";
import type { Routes } from "./http.js";
import { asObject, HttpError, NO_CONTENT, requiredText } from "./http.js";
import { TextStore } from "./text_store.js";

type Schemas = Record<string, { schema: JsonObject; version: string }>;

export function settingsRoutes(staticDir: string, settingsDir: string): Routes {
  const store = new TextStore(join(settingsDir, "user-settings"), ".jupyterlab-settings");
  let schemas: Promise<Schemas> | undefined;
  const read = () => (schemas ??= readSchemas(staticDir));

  const get = async (id: string) => {
    const known = await read();
    if (!Object.hasOwn(known, id)) throw new HttpError(404, `Schema not found: ${id}`);
    const stored = await store.read(id);
    const raw = stored?.text ?? "{}";
    const { settings, warning } = parseSettings(id, raw);
    const { created = null, last_modified = null } = stored ?? {};
    return { plugin: { id, ...known[id], raw, settings, created, last_modified }, warning };
  };

  return {
    "GET /lab/api/settings": async ({ query }) => {
      const ids = Object.keys(await read());
      if (query.get("ids_only") === "true") return { settings: ids.map((id) => ({ id })) };
      const all = await Promise.all(ids.map(get));
      return {
        settings: all.map(({ plugin }) => plugin),
        warnings: all.flatMap(({ warning }) => warning ?? []),
      };
    },
    "GET /lab/api/settings/*": async ({ params }) => (await get(params["*"])).plugin,
    "PUT /lab/api/settings/*": async ({ params, body }) => {
      const id = params["*"];
      await get(id);
      const raw = requiredText(asObject(await body()), "raw");
      const { warning } = parseSettings(id, raw);
      if (warning !== undefined) throw new HttpError(400, warning);
      await store.write(id, raw);
      return NO_CONTENT;
    },
  };
}

async function readSchemas(staticDir: string): Promise<Schemas> {
  return JSON.parse(await readFile(join(staticDir, "schemas.json"), "utf8")) as Schemas;
}

/** What the user wrote, with comments and trailing commas as JupyterLab's editor allows them. */
function parseSettings(id: string, raw: string): { settings: JsonObject; warning?: string } {
  try {
    const settings = parseJson(raw);
    // What cannot be written cannot be sent to the page, which would then have no settings at all.
    JSON.stringify(settings);
    if (isObject(settings)) return { settings };
    return { settings: {}, warning: `${id}: the settings are ${brief(settings)}, but must be an object` };
  } catch (error) {
    return { settings: {}, warning: `${id}: ${(error as Error).message}` };
  }
}

/** JSON5 takes a hundred times as long. */
function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return JSON5.parse(raw);
  }
}
