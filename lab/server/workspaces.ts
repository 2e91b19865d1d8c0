// Workspaces: which documents are open and where, by name.
// Source: jupyterlab_server `workspaces_handler.py`.

import { join } from "node:path";
import { isObject } from "../../kernel/objects.js";
import { brief } from "../../kernel/protocol/brief.js";
import type { Routes } from "./http.js";
import { asObject, HttpError, NO_CONTENT } from "./http.js";
import type { StoredText } from "./text_store.js";
import { TextStore } from "./text_store.js";

const LARGEST_BYTES = 16 * 2 ** 20;

export function workspaceRoutes(settingsDir: string): Routes {
  const store = new TextStore(join(settingsDir, "workspaces"), ".jupyterlab-workspace");
  return {
    "GET /lab/api/workspaces": async () => {
      const ids = await store.ids();
      const values = await Promise.all(ids.map(async (id) => describe(id, await store.read(id))));
      return { workspaces: { ids, values } };
    },
    "GET /lab/api/workspaces/*": async ({ params }) => describe(params["*"], await store.read(params["*"])),
    "PUT /lab/api/workspaces/*": async ({ params, body }) => {
      const id = params["*"];
      const { data, metadata } = asObject(await body(LARGEST_BYTES));
      if (!isObject(data)) throw new HttpError(400, `data is ${brief(data)}, but must be an object`);
      const given = asObject(metadata, "metadata");
      if (given.id !== id)
        throw new HttpError(400, `metadata.id is ${brief(given.id)}, but must be ${brief(id)}`);
      await store.write(id, JSON.stringify({ data, metadata: { id } }));
      return NO_CONTENT;
    },
    "DELETE /lab/api/workspaces/*": async ({ params }) => {
      await store.delete(params["*"]);
      return NO_CONTENT;
    },
  };
}

/** One that is not there, or was spoilt, is an empty one: JupyterLab starts afresh. */
function describe(id: string, stored: StoredText | undefined) {
  let data: unknown;
  try {
    ({ data } = asObject(JSON.parse(stored?.text ?? "{}")));
  } catch {
    // Falls through.
  }
  const { created, last_modified } = stored ?? {};
  return { data: isObject(data) ? data : {}, metadata: { id, created, last_modified } };
}
