// JupyterLab's own client, as npm has it, against the server: what the front-end does through it works.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import services from "@jupyterlab/services";
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { useServer } from "../../support/lab_server.js";

const { ServerConnection, ServiceManager } = services;
const server = useServer();
let manager: InstanceType<typeof ServiceManager>;

beforeAll(async () => {
  const origin = `127.0.0.1:${server.lab.port}/`;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: `http://${origin}`,
    wsUrl: `ws://${origin}`,
    token: server.token,
    appUrl: "lab",
    WebSocket: WebSocket as never,
  });
  manager = new ServiceManager({ serverSettings, standby: "never" });
  await manager.ready;
});
afterAll(() => {
  manager.dispose();
});

/** Executes a cell and returns what iopub said, by type, and the reply. */
async function run(kernel: Kernel.IKernelConnection, code: string) {
  const future = kernel.requestExecute({ code });
  const published: KernelMessage.IIOPubMessage[] = [];
  future.onIOPub = (message) => void published.push(message);
  const reply = await future.done;
  return { reply: reply.content as any, published };
}

const status = (kernel: Kernel.IKernelConnection, wanted: string) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (kernel.status !== wanted) return;
      kernel.statusChanged.disconnect(look);
      resolve();
    };
    kernel.statusChanged.connect(look);
    look();
  });

test("JupyterLab's services know which kernels there are", () => {
  expect(manager.kernelspecs.specs?.default).toBe("unrolled");
  expect(manager.kernelspecs.specs?.kernelspecs.unrolled?.display_name).toBe("TypeScript (Unrolled)");
});

test("JupyterLab's services write, read, rename and delete documents, and go back to checkpoints", async () => {
  const { contents } = manager;
  const { path } = await contents.newUntitled({ type: "notebook" });
  const model = await contents.get(path);
  model.content.metadata.title = "제목";
  const saved = await contents.save(path, model);
  const read = await contents.get(path, { content: true, hash: true });
  expect(read.content.metadata.title).toBe("제목");
  expect(read.hash).toBe(saved.hash);
  const checkpoint = await contents.createCheckpoint(path);
  expect(await contents.listCheckpoints(path)).toEqual([checkpoint]);
  const renamed = await contents.rename(path, "공책 1.ipynb");
  await contents.save(renamed.path, { ...model, content: { ...model.content, metadata: {} } });
  await contents.restoreCheckpoint(renamed.path, checkpoint.id);
  expect(readFileSync(join(server.root, "공책 1.ipynb"), "utf8")).toContain("제목");
  const copy = await contents.copy(renamed.path, "");
  expect(copy.path).toBe("공책 1-Copy1.ipynb");
  for (const name of [renamed.path, copy.path]) await contents.delete(name);
  expect((await contents.get("")).content).toEqual([]);
  const url = await contents.getDownloadUrl("a/한.txt");
  expect(url).toContain("/files/a/%ED%95%9C.txt");
});

describe("a session", () => {
  test("runs cells, asks for input, is interrupted, restarted, and told of a death", async () => {
    const session = await manager.sessions.startNew({
      path: "one.ipynb",
      name: "one.ipynb",
      type: "notebook",
      kernel: { name: "unrolled" },
    });
    const kernel = session.kernel!;
    expect((await kernel.info).implementation).toBe("unrolled");
    const { reply, published } = await run(kernel, 'console.log("안녕"); 6 * 7');
    expect(reply.status).toBe("ok");
    expect(published.map(({ header }) => header.msg_type)).toEqual([
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
    ]);
    const completion = await kernel.requestComplete({ code: "Math.hypo", cursor_pos: 9 });
    expect((completion.content as any).matches).toContain("hypot");

    const asking = kernel.requestExecute({ code: 'prompt("?")', allow_stdin: true });
    asking.onStdin = () => {
      kernel.sendInputReply({ value: "답", status: "ok" }, {} as never);
    };
    expect((await asking.done).content.status).toBe("ok");

    const endless = kernel.requestExecute({ code: "while (true) {}" });
    await status(kernel, "busy");
    await kernel.interrupt();
    expect((await endless.done).content.status).toBe("error");

    const seen: string[] = [];
    kernel.statusChanged.connect((_, now) => void seen.push(now));
    await kernel.restart();
    expect((await run(kernel, "1")).reply.execution_count).toBe(1);
    expect(seen).not.toContain("autorestarting");
    expect(seen).not.toContain("dead");

    const { published: said } = await run(kernel, "process.pid");
    const result = said.find(({ header }) => header.msg_type === "execute_result")!.content as any;
    process.kill(Number(result.data["text/plain"]), "SIGKILL");
    await status(kernel, "autorestarting");
    await status(kernel, "idle");
    expect((await run(kernel, "2")).reply.status).toBe("ok");

    await session.setPath("two.ipynb");
    await manager.sessions.refreshRunning();
    expect([...manager.sessions.running()].map(({ path }) => path)).toEqual(["two.ipynb"]);
    await session.shutdown();
    await manager.sessions.refreshRunning();
    expect([...manager.sessions.running()]).toEqual([]);
  });

  test("misses nothing while the network is down", async () => {
    const kernel = await manager.kernels.startNew({ name: "unrolled" });
    await kernel.info;
    const printed: string[] = [];
    const future = kernel.requestExecute({
      code: `for (let i = 0; i < 30; i++) {
  console.log(i);
  await new Promise((resolve) => setTimeout(resolve, 50));
}`,
    });
    const away = new Promise<void>((resolve) => {
      future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream") printed.push((content as any).text);
        if (printed.length === 3) resolve();
      };
    });
    await away;
    await kernel.reconnect();
    await future.done;
    expect(printed.join("")).toBe(Array.from({ length: 30 }, (_, i) => `${i}\n`).join(""));
    await kernel.shutdown();
  });
});

test("JupyterLab's services keep settings and workspaces", async () => {
  const id = "@jupyterlab/apputils-extension:themes";
  await manager.settings.save(id, '{ "theme": "JupyterLab Dark" }');
  expect((await manager.settings.fetch(id))?.raw).toBe('{ "theme": "JupyterLab Dark" }');
  expect((await manager.settings.list("ids")).ids).toContain(id);
  await manager.workspaces.save("두 번째", { data: { a: 1 }, metadata: { id: "두 번째" } });
  expect((await manager.workspaces.fetch("두 번째")).data).toEqual({ a: 1 });
  expect((await manager.workspaces.list()).ids).toEqual(["두 번째"]);
  await manager.workspaces.remove("두 번째");
  expect((await manager.workspaces.list()).ids).toEqual([]);
});
