// What becomes of kernels that die, hang or flood, of pages that go away and come back, and of a server that
// ends.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { packageRoot } from "../../../kernel/package_root.js";
import { RateLimit } from "../../../lab/server/rate_limit.js";
import { Channels } from "../../support/channels.js";
import { useServer, writeStatic } from "../../support/lab_server.js";
import { findPython } from "../../support/python.js";
import { isAlive } from "../../../files/is_alive.js";
import { eventually } from "../../support/eventually.js";

const server = useServer();
const opened: Channels[] = [];

async function open(kernel: string, session?: string) {
  const channels = await Channels.open(server.lab.port, kernel, { token: server.token, session });
  opened.push(channels);
  return channels;
}

const start = async (name?: string) =>
  (await server.ask("POST /api/kernels", { body: { name } })).json.id as string;
const states = ({ received }: Channels) => received.map(({ content }) => content.execution_state);
const pidOf = async (channels: Channels) => Number(await channels.evaluate("process.pid"));

function installKernelspec(name: string, spec: object): void {
  vi.stubEnv("JUPYTER_PATH", join(server.folder, "jupyter"));
  server.write(`../jupyter/kernels/${name}/kernel.json`, JSON.stringify(spec));
}

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const channels of opened.splice(0)) await channels.close();
  const { json } = await server.ask("GET /api/kernels");
  for (const { id } of json) await server.ask(`DELETE /api/kernels/${id}`);
});

describe("a kernel that dies", () => {
  test("is started again under its id, and the page is told", async () => {
    const id = await start();
    const channels = await open(id);
    const before = await pidOf(channels);
    process.kill(before, "SIGKILL");
    await channels.find(({ content }) => content.execution_state === "restarting");
    const after = await pidOf(channels);
    expect(after).not.toBe(before);
    expect(states(channels)).not.toContain("dead");
    expect((await server.ask(`GET /api/kernels/${id}`)).json).toMatchObject({ execution_state: "idle" });
  });

  test("keeps what a cell had printed when it dies in the middle of it", async () => {
    const channels = await open(await start());
    const pid = await pidOf(channels);
    const cell = channels.execute(
      "for (let i = 0; i < 100; i++) console.log(i); await new Promise(() => {})",
    );
    // What has not left the process yet dies with it.
    await channels.find(() => channels.printed(cell).endsWith("\n99\n"));
    process.kill(pid, "SIGKILL");
    await channels.find(({ content }) => content.execution_state === "restarting");
    expect(channels.printed(cell)).toBe(Array.from({ length: 100 }, (_, i) => `${i}\n`).join(""));
    await expect.poll(() => server.lab.busyKernels()).toEqual([]);
  });

  test("is given up when it dies again and again", async () => {
    installKernelspec("mortal", {
      argv: [process.execPath, "-e", "setTimeout(() => process.exit(1), 100)", "{connection_file}"],
      display_name: "Mortal",
      language: "x",
    });
    const id = await start("mortal");
    const channels = await open(id);
    await channels.find(({ content }) => content.execution_state === "dead");
    expect(states(channels).filter((state) => state === "restarting")).toHaveLength(5);
    expect((await server.ask(`GET /api/kernels/${id}`)).json.execution_state).toBe("dead");
    expect((await server.ask(`POST /api/kernels/${id}/restart`)).status).toBe(500);
    expect((await server.ask(`DELETE /api/kernels/${id}`)).status).toBe(204);
  });
});

test("a kernel that does not answer can be shut down while its restart waits for it", async () => {
  installKernelspec("mute", {
    argv: [process.execPath, "-e", "setInterval(() => {}, 1000)", "{connection_file}"],
    display_name: "Mute",
    language: "x",
  });
  const id = await start("mute");
  const restarting = server.ask(`POST /api/kernels/${id}/restart`);
  expect((await server.ask(`DELETE /api/kernels/${id}`)).status).toBe(204);
  expect((await restarting).status).toBe(500);
});

test("a starting kernel is not given up when the clock is put forward", async () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now });
  try {
    const started = start();
    // At once and while it starts.
    for (let hour = 1; hour <= 50; hour++) {
      vi.setSystemTime(now + hour * 3_600_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const channels = await open(await started);
    expect(await channels.evaluate("1")).toBe("1");
    expect(states(channels)).not.toContain("restarting");
  } finally {
    vi.useRealTimers();
  }
});

test("a kernel that has ended is gone, even if its connection file cannot be removed", async () => {
  const folder = join(server.folder, "temporary");
  mkdirSync(folder);
  vi.stubEnv("TMPDIR", folder);
  // In a folder of its own: a spare kernel has its connection file elsewhere.
  mkdirSync(join(server.root, "alone"));
  const { id } = (await server.ask("POST /api/kernels", { body: { path: "alone" } })).json;
  await (await open(id)).evaluate("1");
  vi.unstubAllEnvs();
  renameSync(folder, `${folder} elsewhere`);
  server.write("../temporary", "no folder");
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect((await server.ask(`DELETE /api/kernels/${id}`)).status).toBe(204);
  expect(logged).toHaveBeenCalledWith(expect.stringMatching(/^unrolled lab: .*ENOTDIR/));
  logged.mockRestore();
});

describe.skipIf(process.platform === "win32")("a process that a cell has started", () => {
  test.each([
    ["is shut down", (id: string) => server.ask(`DELETE /api/kernels/${id}`)],
    ["is restarted", (id: string) => server.ask(`POST /api/kernels/${id}/restart`)],
    ["dies", (_: string, pid: number) => process.kill(pid, "SIGKILL")],
  ])("ends when its kernel %s", async (_, end) => {
    const id = await start();
    const channels = await open(id);
    const code =
      'import { spawn } from "node:child_process"; spawn("sleep", ["300"], { stdio: "ignore" }).pid';
    const pid = Number(await channels.evaluate(code));
    expect(isAlive(pid)).toBe(true);
    await end(id, await pidOf(channels));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

test("messages of a kernel that signs with another key are dropped", async () => {
  const script = `
    import { readFileSync } from "node:fs";
    import zeromq from ${JSON.stringify(createRequire(import.meta.url).resolve("zeromq"))};
    import { MessageCodec } from ${JSON.stringify(join(packageRoot, "dist", "kernel", "protocol", "messages.js"))};
    const { ip, iopub_port, key } = JSON.parse(readFileSync(process.argv[1], "utf8"));
    const iopub = new zeromq.Publisher();
    await iopub.bind(\`tcp://\${ip}:\${iopub_port}\`);
    for (;;) {
      for (const [name, signedWith] of [["forged", "another key"], ["genuine", key]]) {
        const codec = new MessageCodec(signedWith);
        const message = codec.create("stream", { name: "stdout", text: name }, { identities: [Buffer.from("stream")] });
        await iopub.send(codec.encode(message));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }`;
  const argv = [process.execPath, "--input-type=module", "-e", script, "{connection_file}"];
  installKernelspec("forger", { argv, display_name: "Forger", language: "x" });
  const channels = await open(await start("forger"));
  await channels.find(({ content }) => content.text === "genuine");
  expect(channels.received.filter(({ content }) => content.text !== "genuine")).toEqual([]);
});

test("400 pages at once are answered, and a kernel can be started at the same time", async () => {
  const id = await start();
  const pages = await Promise.all(Array.from({ length: 400 }, () => open(id)));
  const replies = pages.map((page) => page.done(page.send("shell", "kernel_info_request", {})));
  for (const { content } of await Promise.all(replies)) expect(content.status).toBe("ok");
  expect(await (await open(await start())).evaluate("1")).toBe("1");
});

describe("a page that was away", () => {
  test("gets everything that it missed, once, in order", async () => {
    const id = await start();
    const page = await open(id, "same-page");
    await page.evaluate("1");
    const cell = page.execute(`for (let i = 0; i < 40; i++) {
  console.log(i);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
"the end"`);
    await page.find(() => page.printed(cell).includes("3\n"));
    await page.close();
    const seen = page.printed(cell);
    expect(seen).not.toContain("39");
    await expect.poll(() => server.lab.busyKernels()).toEqual([]);

    const again = await open(id, "same-page");
    const reply = await again.done(cell);
    expect(reply.content.status).toBe("ok");
    expect(seen + again.printed(cell)).toBe(Array.from({ length: 40 }, (_, i) => `${i}\n`).join(""));
    expect(again.of(cell, "execute_result")[0].content.data["text/plain"]).toBe("'the end'");
    await again.close();
    const third = await open(id, "same-page");
    await third.evaluate("2");
    expect(third.of(cell, "stream")).toEqual([]);
  });

  test("is remembered also when it has no name to come back by", async () => {
    const id = await start();
    const page = await open(id, "known");
    const cell = page.execute("await new Promise((resolve) => setTimeout(resolve, 1000)); 'kept'");
    await page.find(() => page.of(cell, "execute_input").length === 1);
    await page.close();
    for (let n = 0; n < 6; n++) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.lab.port}/api/kernels/${id}/channels`, {
        headers: { Authorization: `token ${server.token}` },
      });
      await once(socket, "open");
      socket.close();
      await once(socket, "close");
    }
    const again = await open(id, "known");
    expect((await again.done(cell)).content.status).toBe("ok");
  });

  test("hears that the kernel has died since", async () => {
    const id = await start();
    const page = await open(id, "sleeper");
    const pid = await pidOf(page);
    await page.close();
    const other = await open(id);
    process.kill(pid, "SIGKILL");
    await other.find(({ content }) => content.execution_state === "restarting");
    // Asked before the new process is there.
    expect(await pidOf(other)).not.toBe(pid);
    const again = await open(id, "sleeper");
    await again.find(({ content }) => content.execution_state === "restarting");
    expect(await again.evaluate("3")).toBe("3");
  });

  test("is not mistaken for another", async () => {
    const id = await start();
    const page = await open(id, "first");
    await page.evaluate("1");
    await page.close();
    const other = await open(id, "second");
    const cell = other.execute("'private'");
    await other.done(cell);
    await other.close();
    const third = await open(id, "third");
    await third.evaluate("1");
    expect(third.received.filter(({ parent_header }) => parent_header.msg_id === cell)).toEqual([]);
  });

  test("is replaced by the same page's new connection", async () => {
    const id = await start();
    const stale = await open(id, "twice");
    await stale.evaluate("1");
    const fresh = await open(id, "twice");
    await expect.poll(() => stale.socket.readyState).toBe(3);
    expect(await fresh.evaluate("5")).toBe("5");
    expect((await server.ask(`GET /api/kernels/${id}`)).json.connections).toBe(1);
  });

  test("is told when output was left out because it was too much, and still gets its reply", async () => {
    const id = await start();
    const page = await open(id, "away");
    await page.evaluate('import { html } from "unrolled/display"');
    const left = join(server.root, "left");
    const cell = page.execute(`import { existsSync } from "node:fs";
while (!existsSync(${JSON.stringify(left)})) await new Promise((resolve) => setTimeout(resolve, 20));
for (let i = 0; i < 12; i++) html(String(i).padEnd(10_000_000));
"the end"`);
    await page.find(() => page.of(cell, "execute_input").length === 1);
    await page.close();
    const connections = async () => (await server.ask(`GET /api/kernels/${id}`)).json.connections;
    await expect.poll(connections).toBe(0);
    writeFileSync(left, "");
    await expect.poll(() => server.lab.busyKernels()).toEqual([]);
    const again = await open(id, "away");
    await again.done(cell);
    // As HTML and as text, so three of 20 MB fit into 64.
    expect(again.of(cell, "display_data")).toHaveLength(3);
    expect(again.printed(cell)).toMatch(/left out while the page was not connected/);
  });
});

describe("the rate limit", () => {
  test("keeps a flood of text from the page, says so, and is forgotten with the next cell", async () => {
    const channels = await open(await start());
    // Prints until the page is told, however slowly.
    const told = join(server.root, "told");
    const cell = channels.execute(`import { existsSync } from "node:fs";
let count = 0;
for (; !existsSync(${JSON.stringify(told)}); count++) {
  console.log("x".repeat(1_000_000));
  await new Promise(setImmediate);
}`);
    await channels.find(() => channels.printed(cell).includes("IOPub data rate exceeded"));
    writeFileSync(told, "");
    expect((await channels.done(cell)).content.status).toBe("ok");
    const count = Number(await channels.evaluate("count"));
    expect(channels.printed(cell).length).toBeLessThan(count * 1_000_000);
    const next = channels.execute('console.log("y".repeat(100_000))');
    await channels.done(next);
    expect(channels.printed(next)).toHaveLength(100_001);
  });

  test("is Jupyter's: 1000 messages and 1 MB of text a second, over three seconds", () => {
    const messages = new RateLimit();
    const admitted = Array.from({ length: 4000 }, (_, n) => messages.admit("display_data", 1e6, n / 100));
    expect(admitted.filter(({ drop }) => !drop)).toHaveLength(3000);
    expect(admitted.filter(({ notice }) => notice?.startsWith("IOPub message rate"))).toHaveLength(1);
    expect(messages.admit("status", 100, 50).drop).toBe(false);
    expect(messages.admit("display_data", 1, 3100).drop).toBe(false);

    const text = new RateLimit();
    const bytes = Array.from({ length: 40 }, (_, n) => text.admit("stream", 100_000, n));
    expect(bytes.filter(({ drop }) => !drop)).toHaveLength(30);
    expect(bytes.filter(({ notice }) => notice?.startsWith("IOPub data rate"))).toHaveLength(1);
    expect(text.admit("stream", 1, 3005).drop).toBe(true);
    expect(text.admit("stream", 1, 3006).drop).toBe(false);
    text.admit("stream", 5e6, 3007);
    text.reset();
    expect(text.admit("stream", 1, 3008).drop).toBe(false);
  });
});

const python = findPython(["ipykernel"], "python3-ipykernel");

describe.skipIf(python === undefined)("a kernel of Python", () => {
  test("is served too: results, input, signals, restart, death", async () => {
    installKernelspec("python", {
      argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      display_name: "Python",
      language: "python",
      env: { GREETING: "안녕 ${HOME}" },
    });
    const id = await start("python");
    const channels = await open(id);
    expect(await channels.evaluate("6 * 7")).toBe("42");
    expect(await channels.evaluate("import os; os.environ['GREETING']")).toBe(`'안녕 ${process.env.HOME}'`);
    const asking = channels.execute("input('name?')", true);
    await channels.find(({ channel }) => channel === "stdin");
    channels.send("stdin", "input_reply", { value: "둘리" });
    await channels.done(asking);
    expect(channels.of(asking, "execute_result")[0].content.data["text/plain"]).toBe("'둘리'");

    const sleeping = channels.execute("import time\nprint('began', flush=True)\ntime.sleep(100)");
    await channels.find(() => channels.printed(sleeping) !== "");
    await server.ask(`POST /api/kernels/${id}/interrupt`);
    expect((await channels.done(sleeping)).content).toMatchObject({
      status: "error",
      ename: "KeyboardInterrupt",
    });

    await channels.evaluate("x = 1");
    expect((await server.ask(`POST /api/kernels/${id}/restart`)).status).toBe(200);
    expect(await channels.evaluate("'x' in globals()")).toBe("False");
    channels.execute("import os; os._exit(3)");
    await channels.find(({ content }) => content.execution_state === "restarting");
    expect(await channels.evaluate("1 + 1")).toBe("2");
  });
});

describe("a server that ends", () => {
  /**
   * A server of its own process, with a kernel that a page uses; `pids` are all kernels', the spare one's
   * too.
   */
  async function startProcess(): Promise<{ child: ChildProcess; pids: number[] }> {
    const folder = join(server.folder, `process-${Math.random()}`);
    mkdirSync(folder);
    const options = { root: folder, staticDir: writeStatic(join(folder, "static")), settingsDir: folder };
    const script = `
      import { startServer } from ${JSON.stringify(join(packageRoot, "dist", "lab", "server", "server.js"))};
      const lab = await startServer(${JSON.stringify(options)});
      process.on("SIGTERM", () => lab.close());
      process.on("SIGINT", () => process.exit());
      console.log(JSON.stringify({ port: lab.port, url: lab.url }));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data) => resolve(String(data))),
    );
    const { port, url } = JSON.parse(line);
    const token = new URL(url).searchParams.get("token")!;
    const started = await fetch(new URL("/api/kernels", url), {
      method: "POST",
      headers: { Authorization: `token ${token}` },
    });
    const { id: kernel } = (await started.json()) as { id: string };
    const channels = await Channels.open(port, kernel, { token });
    const pid = await pidOf(channels);
    let pids: number[] = [];
    await eventually(() => {
      pids = kernelsOf(child.pid!);
      expect(pids).toHaveLength(2);
    });
    expect(pids).toContain(pid);
    channels.execute("while (true) {}");
    return { child, pids };
  }

  /** From Linux's list of processes. */
  function kernelsOf(parent: number): number[] {
    const text = (pid: string) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, "utf8");
      } catch {
        return "";
      }
    };
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && text(name).split(") ")[1]?.split(" ")[1] === String(parent))
      .map(Number);
  }

  test.skipIf(process.platform !== "linux").each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "by %s leaves no process behind, not even one that runs for ever",
    async (signal) => {
      const { child, pids } = await startProcess();
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await exited;
      await eventually(() => {
        expect(pids.filter(isAlive)).toEqual([]);
      });
    },
  );
});
