// Whatever keeps a cell busy, an interrupt ends it within a second and nothing else: variables, timers and promises
// still work. `npm run ci:long` does each twenty times.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Request } from "zeromq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endpoint } from "../../kernel/connection.js";
import { streamText, useKernel } from "../support/kernel.js";

const kernel = useKernel();
const isLong = process.env.UNROLLED_LONG === "1";
const TIMES = isLong ? 20 : 2;

const STARTED = "console.log('started');";
const FOREVER = "await new Promise(() => {})";
const hangs: Record<string, string> = {
  "a synchronous loop": `${STARTED} while (true) {}`,
  "a promise that never settles": `${STARTED} ${FOREVER}`,
  "a loop after an await": `${STARTED} await 1; while (true) {}`,
  "a loop in a microtask": `${STARTED} await Promise.resolve().then(() => { while (true) {} })`,
  "microtasks that breed": `${STARTED} const breed = (): Promise<void> => Promise.resolve().then(breed); await breed()`,
  "a loop in a timer": `setTimeout(() => { ${STARTED} while (true) {} }, 1); ${FOREVER}`,
  "a loop in nextTick": `process.nextTick(() => { ${STARTED} while (true) {} }); ${FOREVER}`,
  "a loop in setImmediate": `setImmediate(() => { ${STARTED} while (true) {} }); ${FOREVER}`,
  "a loop in a callback of fs": `import { stat } from "node:fs"; stat(".", () => { ${STARTED} while (true) {} }); ${FOREVER}`,
  "a loop in try, catch and finally": `${STARTED} try { while (true) {} } catch { while (true) {} } finally { while (true) {} }`,
  "a loop that catches all it can": `${STARTED} while (true) { try { while (true) {} } catch {} }`,
  "Atomics.wait": `${STARTED} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  "a regular expression": `${STARTED} /^(a+)+$/.test("a".repeat(60) + "b")`,
  "a loop where the result is shown": `${STARTED} ({ [Symbol.for("nodejs.util.inspect.custom")]() { while (true) {} } })`,
};

/** Starts a cell; resolves when it has printed. The result resolves when the cell is over. */
async function start(code: string) {
  let printed!: () => void;
  const running = new Promise<void>((resolve) => {
    printed = resolve;
  });
  const execution = kernel.client.execute(code, {
    onOutput: () => {
      printed();
    },
  });
  await Promise.race([running, execution]);
  return { execution };
}

async function everythingWorks(): Promise<void> {
  expect(await kernel.evaluate("kept")).toBe("'kept'");
  const timers = "await new Promise((resolve) => setTimeout(resolve, 5, 'timers run'))";
  expect(await kernel.evaluate(timers)).toBe("'timers run'");
  expect(await kernel.evaluate("await Promise.resolve('promises too')")).toBe("'promises too'");
}

describe("interrupt_request", () => {
  it.each(Object.entries(hangs))(`ends %s, ${TIMES} times`, { timeout: TIMES * 600_000 }, async (_, code) => {
    for (let time = 0; time < TIMES; time++) {
      await kernel.evaluate("const kept = 'kept'");
      const { execution } = await start(code);
      const before = performance.now();
      await kernel.client.interrupt();
      expect((await execution).error?.ename).toBe("Interrupted");
      const milliseconds = performance.now() - before;
      // Where other tests share the processors, only that it ends.
      if (isLong) expect(milliseconds).toBeLessThan(1000);
      await everythingWorks();
    }
  });

  it("meets a cell before it has started, and one that is being compiled", async () => {
    for (const delay of [0, 1, 2, 5, 10, 20]) {
      const execution = kernel.client.execute("while (true) {}");
      await new Promise((resolve) => setTimeout(resolve, delay));
      await kernel.client.interrupt();
      // One that came too early has nothing to end yet.
      const again = setInterval(() => void kernel.client.interrupt(), 500);
      expect((await execution).error?.ename).toBe("Interrupted");
      clearInterval(again);
    }
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  it("does not wait for the compiler", async () => {
    await kernel.evaluate("const kept = 'kept'");
    const children = spawnSync("pgrep", ["-P", (await kernel.evaluate("process.pid"))!], {
      encoding: "utf8",
    });
    const language = parseInt(children.stdout);
    process.kill(language, "SIGSTOP");
    try {
      const execution = kernel.client.execute("1 + 1");
      await kernel.client.request("shell", "kernel_info_request", {});
      await kernel.client.interrupt();
      expect((await execution).error?.ename).toBe("Interrupted");
    } finally {
      process.kill(language, "SIGCONT");
    }
    await everythingWorks();
  });

  it("does not wait for the compiler of a local file that a running cell asks for", async () => {
    writeFileSync(join(kernel.folder, "asked.ts"), "export const asked: number = 1;\n");
    const children = spawnSync("pgrep", ["-P", (await kernel.evaluate("process.pid"))!], {
      encoding: "utf8",
    });
    const language = parseInt(children.stdout);
    const code = `process.kill(${language}, "SIGSTOP"); console.log("stopped"); require("./asked")`;
    try {
      let stopped!: () => void;
      const running = new Promise<void>((resolve) => (stopped = resolve));
      const execution = kernel.client.execute(code, { onOutput: stopped });
      await running;
      await kernel.client.interrupt();
      expect((await execution).error?.ename).toBe("Interrupted");
    } finally {
      process.kill(language, "SIGCONT");
    }
    // The answer that came too late is nobody else's.
    writeFileSync(join(kernel.folder, "other.ts"), "export const other: number = 2;\n");
    expect(await kernel.evaluate('require("./other").other')).toBe("2");
    await everythingWorks();
  });

  it("ends a user expression", async () => {
    let idle = false;
    const request = kernel.client
      .request("shell", "execute_request", {
        code: "1",
        user_expressions: { hang: "await new Promise(() => {})" },
      })
      .finally(() => {
        idle = true;
      });
    while (!idle) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await kernel.client.interrupt();
    }
    const { content } = await request;
    expect(content).toMatchObject({ user_expressions: { hang: { status: "error", ename: "Interrupted" } } });
  });

  it("of an idle kernel does nothing", async () => {
    await kernel.client.interrupt();
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  it("sent many times at once ends one cell", async () => {
    const { execution } = await start(hangs["a synchronous loop"]);
    await Promise.all(Array.from({ length: 20 }, () => kernel.client.interrupt()));
    expect((await execution).error?.ename).toBe("Interrupted");
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  it("aborts the cells that wait behind", async () => {
    const running = kernel.client.execute("await new Promise(() => {})");
    const waiting = kernel.client.execute("2");
    // The interrupt comes on another channel: it may overtake them.
    await kernel.client.request("shell", "kernel_info_request", {});
    await kernel.client.interrupt();
    expect((await running).status).toBe("error");
    expect((await waiting).status).toBe("aborted");
  });

  it("is heard on the shell channel as well", async () => {
    const { execution } = await start(hangs["a synchronous loop"]);
    const reply = await kernel.client.request("shell", "interrupt_request", {});
    expect(reply.content.status).toBe("ok");
    expect((await execution).error?.ename).toBe("Interrupted");
  });
});

describe("a native call that nothing breaks off", () => {
  let heart: Request;
  beforeEach(() => {
    heart = new Request({ linger: 0, receiveTimeout: 300_000 });
    heart.connect(endpoint(kernel.client.connection, "hb"));
  });
  afterEach(() => {
    heart.close();
  });

  it("is reported as stopping when it returns, the heart beating meanwhile", async () => {
    await kernel.evaluate("const kept = 'kept'");
    const SECONDS = 4;
    const sleep = `import { execFileSync } from "node:child_process"; ${STARTED}
      execFileSync(process.execPath, ["-e", "setTimeout(() => {}, ${SECONDS * 1000})"]); console.log("went on"); while (true) {}`;
    const { execution } = await start(sleep);
    let over = false;
    void execution.then(() => (over = true));
    // Interrupts are answered at once, again and again.
    for (let time = 0; time < 2; time++) await kernel.client.interrupt();
    await heart.send("beat");
    expect(String((await heart.receive())[0])).toBe("beat");
    expect(over).toBe(false);
    const done = await execution;
    expect(done.error?.ename).toBe("Interrupted");
    expect(streamText(done)).toBe(
      "started\nInterrupt: stopping when the call returns that the cell is in; a native call like execSync cannot be broken off.\n",
    );
    await everythingWorks();
  });
});
