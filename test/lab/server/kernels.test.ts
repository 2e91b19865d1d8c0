// Kernels and sessions over REST, and their channels over WebSockets, with real kernels of ours.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Channels } from "../../support/channels.js";
import { useServer } from "../../support/lab_server.js";

const server = useServer();
const opened: Channels[] = [];

async function open(kernel: string, options: { session?: string; protocol?: "v1" | "legacy" } = {}) {
  const channels = await Channels.open(server.lab.port, kernel, { token: server.token, ...options });
  opened.push(channels);
  return channels;
}

const start = async (body: object = {}) =>
  (await server.ask("POST /api/kernels", { body })).json.id as string;
const startSession = async (path: string, more: object = {}) =>
  (
    await server.ask("POST /api/sessions", {
      body: { path, type: "notebook", name: "", kernel: {}, ...more },
    })
  ).json;

afterEach(async () => {
  for (const channels of opened.splice(0)) await channels.close();
  const { json } = await server.ask("GET /api/kernels");
  for (const { id } of json) await server.ask(`DELETE /api/kernels/${id}`);
});

describe.skipIf(process.platform === "win32")("the way to a kernel of ours", () => {
  /** Starts one with its temporary files in a folder of that name; returns it, and where these are. */
  async function startIn(name: string) {
    const temporary = join(server.folder, name);
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    // In a folder for which no spare one is ready.
    mkdirSync(join(server.root, name));
    const id = await start({ path: name });
    vi.unstubAllEnvs();
    const [folder] = readdirSync(temporary).map((file) => join(temporary, file));
    const connection = JSON.parse(readFileSync(join(folder, "connection.json"), "utf8")) as {
      transport: string;
    };
    return { id, folder, transport: connection.transport };
  }

  test("leads through sockets in a folder of the user's own, which is removed with the kernel", async () => {
    const { id, folder, transport } = await startIn("short");
    const channels = await open(id);
    expect(await channels.evaluate("6 * 7")).toBe("42");
    expect(transport).toBe("ipc");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const sockets = readdirSync(folder).filter((name) => statSync(join(folder, name)).isSocket());
    expect(sockets.sort()).toEqual(["kernel-1", "kernel-2", "kernel-3", "kernel-4", "kernel-5"]);
    await server.ask(`DELETE /api/kernels/${id}`);
    expect(existsSync(folder)).toBe(false);
  });

  test("leads through ports where the folder's path is too long for sockets", async () => {
    const { id, transport } = await startIn("long".repeat(25));
    const channels = await open(id);
    expect(await channels.evaluate("6 * 7")).toBe("42");
    expect(transport).toBe("tcp");
  });
});

describe("kernelspecs", () => {
  test("have ours as the default, installed or not, with its logo", async () => {
    const { json } = await server.ask("GET /api/kernelspecs");
    expect(json.default).toBe("unrolled");
    expect(json.kernelspecs.unrolled).toMatchObject({
      name: "unrolled",
      spec: { display_name: "TypeScript (Unrolled)", language: "typescript", interrupt_mode: "message" },
    });
    expect(json.kernelspecs.unrolled.resources["logo-64x64"]).toBe("/kernelspecs/unrolled/logo-64x64.png");
    const logo = await server.ask(`GET ${json.kernelspecs.unrolled.resources["logo-64x64"]}`);
    expect([logo.status, logo.headers["content-type"], logo.bytes[1]]).toEqual([200, "image/png", 0x50]);
    expect((await server.ask("GET /kernelspecs/unrolled/kernel.json")).status).toBe(404);
    expect((await server.ask("GET /kernelspecs/unrolled/constructor")).status).toBe(404);
    expect((await server.ask("GET /api/kernelspecs/missing")).status).toBe(404);
  });

  test("are found where Jupyter looks", async () => {
    vi.stubEnv("JUPYTER_PATH", join(server.folder, "jupyter"));
    const spec = { argv: ["x", "{connection_file}"], display_name: "다른 커널", language: "x" };
    server.write("../jupyter/kernels/Other/kernel.json", JSON.stringify(spec));
    server.write("../jupyter/kernels/broken/kernel.json", "{");
    const { json } = await server.ask("GET /api/kernelspecs");
    expect(json.kernelspecs.other).toMatchObject({
      name: "other",
      spec: { ...spec, interrupt_mode: "signal" },
    });
    expect(json.kernelspecs).not.toHaveProperty("broken");
    vi.unstubAllEnvs();
  });
});

describe("kernels", () => {
  test.skipIf(process.platform === "win32")("of Python start where only python3 is installed", async () => {
    vi.stubEnv("JUPYTER_PATH", join(server.folder, "jupyter"));
    const spec = { argv: ["python", "-e", "", "{connection_file}"], display_name: "Python", language: "x" };
    server.write("../jupyter/kernels/pip/kernel.json", JSON.stringify(spec));
    const programs = join(server.folder, "programs");
    mkdirSync(programs);
    vi.stubEnv("PATH", programs);
    expect((await server.ask("POST /api/kernels", { body: { name: "pip" } })).status).toBe(500);
    symlinkSync(process.execPath, join(programs, "python3"));
    expect((await server.ask("POST /api/kernels", { body: { name: "pip" } })).status).toBe(201);
    vi.unstubAllEnvs();
  });

  test("start in the folder that is asked for, or the nearest above it", async () => {
    mkdirSync(join(server.root, "a folder"));
    for (const [path, folder] of [
      ["a folder", "a folder"],
      ["a folder/none.ipynb", "a folder"],
      ["missing", ""],
    ]) {
      const channels = await open(await start({ path }));
      expect(await channels.evaluate("process.cwd()")).toBe(`'${join(server.root, folder)}'`);
    }
  });

  test("are started, listed, shown and ended", async () => {
    const started = await server.ask("POST /api/kernels", { body: { name: "unrolled" } });
    const { id } = started.json;
    expect(started).toMatchObject({ status: 201, headers: { location: `/api/kernels/${id}` } });
    expect(started.json).toEqual({
      id,
      name: "unrolled",
      last_activity: expect.stringMatching(/Z$/),
      execution_state: expect.any(String),
      connections: 0,
    });
    const channels = await open(id);
    expect(await channels.evaluate("1 + 1")).toBe("2");
    expect((await server.ask(`GET /api/kernels/${id}`)).json).toMatchObject({
      execution_state: "idle",
      connections: 1,
    });
    expect((await server.ask("GET /api/kernels")).json.map((kernel: any) => kernel.id)).toEqual([id]);
    expect((await server.ask(`DELETE /api/kernels/${id}`)).status).toBe(204);
    for (const line of [
      `GET /api/kernels/${id}`,
      `DELETE /api/kernels/${id}`,
      `POST /api/kernels/${id}/restart`,
    ])
      expect((await server.ask(line)).status).toBe(404);
  });

  test("are not available under an unknown name, and say why they cannot be started", async () => {
    const unknown = await server.ask("POST /api/kernels", { body: { name: "nobody" } });
    expect(unknown).toMatchObject({
      status: 501,
      json: { message: expect.stringContaining("'nobody' kernel is not available") },
    });
    vi.stubEnv("JUPYTER_PATH", join(server.folder, "jupyter2"));
    server.write(
      "../jupyter2/kernels/nowhere/kernel.json",
      JSON.stringify({ argv: ["/not/there"], display_name: "x", language: "x" }),
    );
    const failed = await server.ask("POST /api/kernels", { body: { name: "nowhere" } });
    expect(failed).toMatchObject({ status: 500, json: { message: expect.stringContaining("ENOENT") } });
    vi.unstubAllEnvs();
  });

  test("stop a cell that never ends, and one that never awakes", async () => {
    const id = await start();
    const channels = await open(id);
    for (const code of ["while (true) {}", "await new Promise(() => {})"]) {
      const cell = channels.execute(`console.log("began");\n${code}`);
      await channels.find(() => channels.printed(cell) !== "");
      expect(server.lab.busyKernels().map((kernel) => kernel.id)).toEqual([id]);
      expect((await server.ask(`POST /api/kernels/${id}/interrupt`)).status).toBe(204);
      expect((await channels.done(cell)).content.status).toBe("error");
    }
    expect(server.lab.busyKernels()).toEqual([]);
    expect(await channels.evaluate("2")).toBe("2");
  });

  test("forget everything in a restart, and do not report a death", async () => {
    const id = await start();
    const channels = await open(id);
    await channels.evaluate("const x = 1");
    const restarted = await server.ask(`POST /api/kernels/${id}/restart`);
    expect(restarted).toMatchObject({ status: 200, json: { id } });
    expect(await channels.evaluate("typeof (globalThis as any).x + process.pid")).toMatch(/undefined\d/);
    const states = channels.received.map(({ content }) => content.execution_state);
    expect(states).not.toContain("restarting");
    expect(states).not.toContain("dead");
  });
});

describe("sessions", () => {
  test("give a document its kernel, once, in the document's folder", async () => {
    mkdirSync(join(server.root, "공책"));
    const path = "공책/하나.ipynb";
    const started = await server.ask("POST /api/sessions", {
      body: { path, type: "notebook", name: "하나.ipynb", kernel: { name: "unrolled" } },
    });
    expect(started.status).toBe(201);
    const { id, kernel } = started.json;
    expect(started.json).toMatchObject({ path, type: "notebook", notebook: { path } });
    const [again, both] = await Promise.all([startSession(path), startSession(path)]);
    expect([again.id, both.id]).toEqual([id, id]);
    expect((await server.ask("GET /api/sessions")).json).toHaveLength(1);
    const channels = await open(kernel.id);
    expect(await channels.evaluate("process.cwd()")).toBe(`'${join(server.root, "공책")}'`);
  });

  test("start one kernel for two requests at once", async () => {
    const [one, two] = await Promise.all([startSession("x.ipynb"), startSession("x.ipynb")]);
    expect(one.kernel.id).toBe(two.kernel.id);
  });

  test("follow a renamed document and change kernels", async () => {
    const { id, kernel } = await startSession("before.ipynb");
    const renamed = await server.ask(`PATCH /api/sessions/${id}`, { body: { path: "after.ipynb" } });
    expect(renamed).toMatchObject({ status: 200, json: { path: "after.ipynb", kernel: { id: kernel.id } } });
    const changed = await server.ask(`PATCH /api/sessions/${id}`, { body: { kernel: { name: "unrolled" } } });
    expect(changed.json.kernel.id).not.toBe(kernel.id);
    expect((await server.ask(`GET /api/kernels/${kernel.id}`)).status).toBe(404);
    const other = await start();
    const shared = await server.ask(`PATCH /api/sessions/${id}`, { body: { kernel: { id: other } } });
    expect(shared.json.kernel.id).toBe(other);
    expect((await server.ask(`DELETE /api/sessions/${id}`)).status).toBe(204);
    expect((await server.ask(`GET /api/sessions/${id}`)).status).toBe(404);
    expect((await server.ask(`GET /api/kernels/${other}`)).status).toBe(404);
  });

  test("end with their kernel", async () => {
    const { kernel } = await startSession("ends.ipynb");
    await server.ask(`DELETE /api/kernels/${kernel.id}`);
    expect((await server.ask("GET /api/sessions")).json).toEqual([]);
  });

  test("are refused without a path, a type or a kernel that exists", async () => {
    for (const body of [{}, { path: "a" }, { path: 5, type: "x" }, { path: "a", type: "x", kernel: 5 }])
      expect((await server.ask("POST /api/sessions", { body })).status).toBe(400);
    const body = { path: "a", type: "notebook", kernel: { id: "none" } };
    expect((await server.ask("POST /api/sessions", { body })).status).toBe(404);
  });
});

describe.each(["v1", "legacy"] as const)("channels in the form %s", (protocol) => {
  test("carry all of a cell, and binary buffers both ways", async () => {
    const channels = await open(await start(), { protocol });
    const cell = channels.execute('console.log("하나"); console.error("둘"); 42');
    const reply = await channels.done(cell);
    expect(reply).toMatchObject({
      channel: "shell",
      header: { msg_type: "execute_reply" },
      content: { status: "ok" },
    });
    const types = channels.received
      .filter(({ parent_header }) => parent_header.msg_id === cell)
      .map(({ header }) => header.msg_type);
    expect(types.filter((type) => type !== "execute_reply")).toEqual([
      "status",
      "execute_input",
      "stream",
      "stream",
      "execute_result",
      "status",
    ]);
    expect(channels.printed(cell)).toBe("하나\n둘\n");

    await channels.evaluate(`import { registerTarget } from "unrolled/comm";
registerTarget("echo", (comm) => { comm.onMessage(({ data, buffers }: any) => comm.send(data, { buffers })); });`);
    const comm_id = "c1";
    channels.send("shell", "comm_open", { comm_id, target_name: "echo", data: {} });
    const buffers = [Buffer.from([1, 2, 3]), Buffer.alloc(0), Buffer.alloc(100_000, 7)];
    channels.send("shell", "comm_msg", { comm_id, data: { n: 5 } }, buffers);
    const echo = await channels.find(({ header }) => header.msg_type === "comm_msg");
    expect(echo.content.data).toEqual({ n: 5 });
    expect(echo.buffers.map((buffer) => buffer.toString("hex"))).toEqual(
      buffers.map((buffer) => buffer.toString("hex")),
    );
  });

  test("carry answers on control and questions on stdin", async () => {
    const channels = await open(await start(), { protocol });
    const info = channels.send("control", "kernel_info_request", {});
    expect(await channels.done(info)).toMatchObject({
      channel: "control",
      content: { implementation: "unrolled" },
    });
    const cell = channels.execute('prompt("name?")', true);
    const asked = await channels.find(({ channel }) => channel === "stdin");
    expect(asked).toMatchObject({ header: { msg_type: "input_request" }, content: { prompt: "name?" } });
    channels.send("stdin", "input_reply", { value: "둘리" });
    await channels.done(cell);
    expect(channels.of(cell, "execute_result")[0].content.data["text/plain"]).toBe("'둘리'");
  });
});

describe("two pages", () => {
  test("see each other's outputs, and get their own answers", async () => {
    const id = await start();
    const [one, two] = [await open(id), await open(id, { protocol: "legacy" })];
    await one.evaluate("1");
    const cell = two.execute("'shared'");
    await two.done(cell);
    await one.find(
      ({ header, parent_header }) => header.msg_type === "execute_result" && parent_header.msg_id === cell,
    );
    expect(one.of(cell, "execute_reply")).toEqual([]);
    expect(two.of(cell, "execute_reply")).toHaveLength(1);
  });
});

describe("a WebSocket", () => {
  const attempt = (path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.lab.port}${path}`, { headers });
      socket.on("open", () => {
        socket.close();
        resolve(101);
      });
      socket.on("unexpected-response", (_request, response) => {
        resolve(response.statusCode!);
      });
      socket.on("error", () => undefined);
    });

  test("is refused to strangers, wherever it leads", async () => {
    const Authorization = `token ${server.token}`;
    for (const path of [`/api/kernels/${await start()}/channels`, "/api/events/subscribe"]) {
      expect(await attempt(path, {})).toBe(403);
      expect(await attempt(path, { Authorization: "token wrong" })).toBe(403);
      expect(await attempt(path, { Authorization, Origin: "http://evil.example" })).toBe(403);
      expect(await attempt(path, { Authorization, Origin: "null" })).toBe(403);
      expect(await attempt(path, { Authorization, Host: "evil.example" })).toBe(403);
      expect(await attempt(path, { Authorization, "Sec-Fetch-Site": "cross-site" })).toBe(403);
      expect(await attempt(path, { Authorization })).toBe(101);
      expect(await attempt(`${path}?token=${server.token}`, {})).toBe(101);
      expect(await attempt(path, { Authorization, Host: "localhost:1", Origin: "http://localhost:1" })).toBe(
        101,
      );
    }
    expect(await attempt("/api/kernels/none/channels", { Authorization })).toBe(404);
    expect(await attempt("/api/contents", { Authorization })).toBe(404);
  });
});

test("the connection file is readable by its owner only, and is removed in the end", async () => {
  const id = await start();
  const channels = await open(id);
  const file = JSON.parse(
    (await channels.evaluate("JSON.stringify(process.argv.at(-1))"))!.slice(1, -1),
  ) as string;
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  const { key, signature_scheme } = JSON.parse(readFileSync(file, "utf8"));
  expect([key.length, signature_scheme]).toEqual([36, "hmac-sha256"]);
  await server.ask(`DELETE /api/kernels/${id}`);
  expect(existsSync(file)).toBe(false);
});
