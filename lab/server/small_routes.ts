// The endpoints that JupyterLab asks for and of which there is little to say.
// Source: Jupyter Server documentation, "REST API"; jupyterlab_server's handlers.

import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import type { Routes } from "./http.js";
import { asObject, NO_CONTENT } from "./http.js";
import type { Kernels } from "./kernels.js";
import { TextStore } from "./text_store.js";

export interface SmallRoutesOptions {
  staticDir: string;
  settingsDir: string;
  version: string;
  kernels: Kernels;
  /** Asks the server to close. */
  shutdown: () => void;
}

export function smallRoutes({
  staticDir,
  settingsDir,
  version,
  kernels,
  shutdown,
}: SmallRoutesOptions): Routes {
  const config = new TextStore(join(settingsDir, "config"), ".json");
  const readConfig = async (section: string): Promise<JsonObject> =>
    asObject(JSON.parse((await config.read(section))?.text ?? "{}"));
  const started = new Date();
  return {
    "GET /api": () => ({ version }),
    "GET /api/status": () => {
      const all = kernels.list();
      const activity = Math.max(started.getTime(), ...all.map(({ lastActivity }) => lastActivity.getTime()));
      return {
        started: started.toISOString(),
        last_activity: new Date(activity).toISOString(),
        connections: all.reduce((sum, { connections }) => sum + connections, 0),
        kernels: all.length,
      };
    },
    "GET /api/me": () => ({ identity: identity(), permissions: {} }),
    "GET /api/terminals": () => [],
    "POST /api/shutdown": () => {
      shutdown();
      return NO_CONTENT;
    },

    "GET /api/config/:section": ({ params }) => readConfig(params.section),
    "PUT /api/config/:section": async ({ params, body }) => {
      await config.write(params.section, JSON.stringify(asObject(await body())));
      return NO_CONTENT;
    },
    "PATCH /api/config/:section": async ({ params, body }) => {
      const merged = merge(await readConfig(params.section), asObject(await body()));
      await config.write(params.section, JSON.stringify(merged));
      return merged;
    },

    "GET /lab/api/listings/*": () => ({
      blocked_extensions_uris: [],
      allowed_extensions_uris: [],
      blocked_extensions: [],
      allowed_extensions: [],
    }),
    "GET /lab/api/extensions": () => [],
    "GET /lab/api/plugins": () => ({ configurable: false, disabled: [], locked: [], allLocked: true }),
    "GET /lab/api/licenses": async () => {
      const text = await readFile(join(staticDir, "licenses.json"), "utf8").catch(() => '{"bundles":{}}');
      return JSON.parse(text) as unknown;
    },
  };
}

function identity() {
  const name = userName();
  return {
    username: name,
    name,
    display_name: name,
    initials: [...name][0]?.toUpperCase() ?? "",
    avatar_url: null,
    color: null,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container can run as a user that no list has.
    return "user";
  }
}

/** As PATCH has it: objects are merged, null deletes. */
function merge(into: JsonObject, changes: JsonObject): JsonObject {
  const merged = { ...into };
  for (const [key, value] of Object.entries(changes)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (value === null) delete merged[key];
    else
      Object.defineProperty(merged, key, {
        value: isObject(value) ? merge(isObject(before) ? before : {}, value) : value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
  }
  return merged;
}
