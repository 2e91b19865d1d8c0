// What JupyterLab keeps on the server besides documents, and the small endpoints it asks for.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startServer } from "../../../lab/server/server.js";
import { ask, useServer } from "../../support/lab_server.js";

const server = useServer({
  routes: {
    "GET /unrolled/api/chapters": (query) => [{ language: query.get("language") }],
    "POST /unrolled/api/done": (_query, body) => ({ got: body }),
    "GET /unrolled/api/teapot": () => {
      throw Object.assign(new Error("short and stout"), { status: 418 });
    },
  },
});
const themes = "/lab/api/settings/@jupyterlab/apputils-extension:themes";

/** What a server that is started later on the same folders answers. */
async function later(line: string) {
  const folder = (name: string) => join(server.folder, name);
  const options = { root: server.root, staticDir: folder("static"), settingsDir: folder("settings") };
  const next = await startServer(options);
  const token = new URL(next.url).searchParams.get("token")!;
  const answer = await ask(next.port, line, { headers: { Authorization: `token ${token}` } });
  await next.close();
  return answer.json;
}

describe("settings", () => {
  test("have a schema and what the user wrote, comments included, also after the next start", async () => {
    const fresh = await server.ask(`GET ${themes}`);
    expect(fresh.json).toMatchObject({
      version: "4.6.4",
      schema: { type: "object" },
      raw: "{}",
      settings: {},
    });
    const raw = '{\n  // 어둡게\n  "theme": "JupyterLab Dark",\n}';
    expect((await server.ask(`PUT ${themes}`, { body: { raw } })).status).toBe(204);
    const expected = {
      id: "@jupyterlab/apputils-extension:themes",
      raw,
      settings: { theme: "JupyterLab Dark" },
    };
    expect((await server.ask(`GET ${encodeURI(themes).replace(":", "%3A")}`)).json).toMatchObject(expected);
    const { settings, warnings } = await later("GET /lab/api/settings");
    expect(settings).toHaveLength(2);
    expect(settings[0]).toMatchObject(expected);
    expect(warnings).toEqual([]);
    expect((await server.ask("GET /lab/api/settings?ids_only=true")).json.settings).toEqual([
      { id: "@jupyterlab/apputils-extension:themes" },
      { id: "@jupyterlab/notebook-extension:tracker" },
    ]);
  });

  test("are refused when they are not settings or the extension is unknown", async () => {
    for (const raw of ["{", "[]", "5", "", undefined])
      expect((await server.ask(`PUT ${themes}`, { body: { raw } })).status).toBe(400);
    for (const id of ["nobody:x", "constructor", "../../secret", "%00"])
      expect((await server.ask(`PUT /lab/api/settings/${id}`, { body: { raw: "{}" } })).status).toBe(404);
  });
});

test("nothing that is nested too deeply is kept, and what is on the disk does no harm", async () => {
  const deep = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
  expect((await server.ask(`PUT ${themes}`, { body: { raw: deep } })).status).toBe(400);
  for (const [line, body] of [
    ["PUT /lab/api/workspaces/deep", `{"data":${deep},"metadata":{"id":"deep"}}`],
    ["PATCH /api/config/deep", deep],
    ["PUT /api/config/deep", deep],
    ["PUT /api/contents/deep.ipynb", `{"type":"notebook","content":{"cells":[],"metadata":${deep}}}`],
  ] as const)
    expect(await server.ask(line, { body }), line).toMatchObject({
      status: 400,
      json: { message: "the JSON is nested too deeply" },
    });
  const file = "../settings/user-settings/%40jupyterlab%2Fnotebook-extension%3Atracker.jupyterlab-settings";
  server.write(file, deep);
  const { status, json } = await server.ask("GET /lab/api/settings");
  expect([status, json.warnings.length]).toEqual([200, 1]);
  rmSync(join(server.root, file));
});

describe("workspaces", () => {
  test("have names as long in Korean as in English", async () => {
    for (const id of ["가".repeat(66), "x".repeat(200)]) {
      const path = `/lab/api/workspaces/${encodeURIComponent(id)}`;
      expect((await server.ask(`PUT ${path}`, { body: { data: {}, metadata: { id } } })).status).toBe(204);
      expect((await server.ask("GET /lab/api/workspaces")).json.workspaces.ids).toEqual([id]);
      expect((await server.ask(`DELETE ${path}`)).status).toBe(204);
    }
    const id = "x".repeat(201);
    expect(
      await server.ask(`PUT /lab/api/workspaces/${id}`, { body: { data: {}, metadata: { id } } }),
    ).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining("must be from 1 to 200 bytes long") },
    });
  });

  test.skipIf(process.platform === "win32")("can be read by their user only, as settings can", async () => {
    const body = { data: {}, metadata: { id: "mine" } };
    expect((await server.ask("PUT /lab/api/workspaces/mine", { body })).status).toBe(204);
    const settings = join(server.folder, "settings");
    for (const entry of readdirSync(settings, { recursive: true, withFileTypes: true }))
      expect(statSync(join(entry.parentPath, entry.name)).mode & 0o777, entry.name).toBe(
        entry.isDirectory() ? 0o700 : 0o600,
      );
    expect(statSync(settings).mode & 0o777).toBe(0o700);
    await server.ask("DELETE /lab/api/workspaces/mine");
  });

  test("are kept by name, also after the next start", async () => {
    const id = "두 번째/작업";
    const path = `/lab/api/workspaces/${encodeURIComponent(id)}`;
    expect((await server.ask(`GET ${path}`)).json).toMatchObject({ data: {}, metadata: { id } });
    const data = { "layout-restorer:data": { main: { dock: null } } };
    expect((await server.ask(`PUT ${path}`, { body: { data, metadata: { id } } })).status).toBe(204);
    expect(await later(`GET ${path}`)).toMatchObject({ data, metadata: { id } });
    expect((await server.ask("GET /lab/api/workspaces/")).json.workspaces).toMatchObject({
      ids: [id],
      values: [{ data }],
    });
    expect((await server.ask(`DELETE ${path}`)).status).toBe(204);
    expect((await server.ask(`DELETE ${path}`)).status).toBe(404);
    expect((await server.ask("GET /lab/api/workspaces")).json.workspaces).toEqual({ ids: [], values: [] });
  });

  test("stay in their folder", async () => {
    const before = readdirSync(server.folder).sort();
    for (const id of ["..", "../..", "../../up", "x".repeat(500)]) {
      const path = `/lab/api/workspaces/${encodeURIComponent(id)}`;
      await server.ask(`PUT ${path}`, { body: { data: {}, metadata: { id } } });
    }
    expect(readdirSync(server.folder).sort()).toEqual(before);
    const body = { data: {}, metadata: { id: "other" } };
    expect((await server.ask("PUT /lab/api/workspaces/one", { body })).status).toBe(400);
  });
});

test("the server keeps sections of configuration, merged as PATCH says", async () => {
  const section = "/api/config/notebook";
  expect((await server.ask(`GET ${section}`)).json).toEqual({});
  await server.ask(`PUT ${section}`, { body: { a: { b: 1, c: 2 }, d: 3 } });
  const body = '{"a":{"b":null,"e":4},"__proto__":{"polluted":true}}';
  const merged = await server.ask(`PATCH ${section}`, { body });
  expect(merged.json).toEqual(JSON.parse('{"a":{"c":2,"e":4},"d":3,"__proto__":{"polluted":true}}'));
  expect(({} as any).polluted).toBeUndefined();
});

test.each([
  ["/api", { version: expect.stringMatching(/^\d/) }],
  [
    "/api/status",
    { started: expect.any(String), last_activity: expect.any(String), connections: 0, kernels: 0 },
  ],
  [
    "/api/me",
    { identity: { username: expect.any(String), display_name: expect.any(String) }, permissions: {} },
  ],
  ["/api/terminals", []],
  ["/lab/api/listings/@jupyterlab/extensionmanager-extension/listings.json", { blocked_extensions: [] }],
  ["/lab/api/extensions", []],
  ["/lab/api/plugins", {}],
  ["/lab/api/licenses", { bundles: {} }],
])("the server answers GET %s", async (path, expected) => {
  const { status, json } = await server.ask(`GET ${path}`);
  expect(status).toBe(200);
  expect(json).toMatchObject(expected);
});

test("the server serves the caller's own endpoints behind the same guard", async () => {
  expect((await server.ask("GET /unrolled/api/chapters?language=ko")).json).toEqual([{ language: "ko" }]);
  expect((await server.ask("POST /unrolled/api/done", { body: { a: 1 } })).json).toEqual({ got: { a: 1 } });
  expect(await server.ask("GET /unrolled/api/teapot")).toMatchObject({
    status: 418,
    json: { message: "short and stout" },
  });
  expect((await ask(server.lab.port, "GET /unrolled/api/chapters")).status).toBe(403);
});

test("the server closes when JupyterLab says so", async () => {
  const options = { root: server.root, staticDir: server.root, settingsDir: join(server.folder, "x") };
  const other = await startServer(options);
  const token = new URL(other.url).searchParams.get("token")!;
  await ask(other.port, "POST /api/shutdown", { headers: { Authorization: `token ${token}` } }).catch(
    () => undefined,
  );
  await other.closed;
  await expect(ask(other.port, "GET /api")).rejects.toThrow(/ECONNREFUSED/);
});
