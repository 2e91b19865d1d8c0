// Whatever keeps a cell busy, an interrupt ends it within a second and nothing else: variables, timers and
// promises still work. `npm run ci:long` does each twenty times.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Request } from "zeromq";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endpoint } from "../../../kernel/protocol/connection.js";
import type { Message } from "../../../kernel/protocol/messages.js";
import { eventually } from "../../support/eventually.js";
import { heard, plainTraceback, streamText, useKernel, useListener } from "../../support/kernel.js";

const kernel = useKernel();
const listener = useListener(kernel);
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
  "a loop that eval has made": `${STARTED} await eval("(async () => { await null; for (;;); })()")`,
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

/** The newest child: one whose cell was abandoned may still be dying. */
async function languageProcess(): Promise<number> {
  const parent = (await kernel.evaluate("process.pid"))!;
  const { stdout } = spawnSync("ps", ["--ppid", parent, "--sort", "start_time", "-o", "pid=,args="], {
    encoding: "utf8",
  });
  // A kernel that was just built has another child for a while, which makes the snapshot.
  return parseInt(
    stdout
      .trim()
      .split("\n")
      .filter((line) => !line.includes("--build-snapshot"))
      .at(-1)!,
  );
}

async function everythingWorks(): Promise<void> {
  expect(await kernel.evaluate("kept")).toBe("'kept'");
  const timers = "await new Promise((resolve) => setTimeout(resolve, 5, 'timers run'))";
  expect(await kernel.evaluate(timers)).toBe("'timers run'");
  expect(await kernel.evaluate("await Promise.resolve('promises too')")).toBe("'promises too'");
}

describe("interrupt_request", () => {
  test.each(Object.entries(hangs))(
    `ends %s, ${TIMES} times`,
    { timeout: TIMES * 600_000 },
    async (_, code) => {
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
    },
  );

  test("stops a cell before it has started, and one that is being compiled", async () => {
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

  test("does not wait for the compiler", async () => {
    await kernel.evaluate("const kept = 'kept'");
    const language = await languageProcess();
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

  test("does not wait for the compiler of a local file that a running cell asks for", async () => {
    writeFileSync(join(kernel.folder, "asked.ts"), "export const asked: number = 1;\n");
    const language = await languageProcess();
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

  test("ends a user expression", async () => {
    let hangs!: () => void;
    const hanging = new Promise<void>((resolve) => (hangs = resolve));
    const request = kernel.client.request(
      "shell",
      "execute_request",
      { code: "1", user_expressions: { hang: "[console.log('hangs'), await new Promise(() => {})]" } },
      {
        onPublish: ({ header }) => {
          if (header.msg_type === "stream") hangs();
        },
      },
    );
    await hanging;
    await kernel.client.interrupt();
    const { content } = await request;
    expect(content).toMatchObject({ user_expressions: { hang: { status: "error", ename: "Interrupted" } } });
  });

  test("does nothing to an idle kernel", async () => {
    await kernel.client.interrupt();
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test("ends one cell when it is sent many times at once", async () => {
    const { execution } = await start(hangs["a synchronous loop"]);
    await Promise.all(Array.from({ length: 20 }, () => kernel.client.interrupt()));
    expect((await execution).error?.ename).toBe("Interrupted");
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test("aborts the cells that wait behind", async () => {
    const running = kernel.client.execute("await new Promise(() => {})");
    const waiting = kernel.client.execute("2");
    // The interrupt comes on another channel: it may overtake them.
    await kernel.client.request("shell", "kernel_info_request", {});
    await kernel.client.interrupt();
    expect((await running).status).toBe("error");
    expect((await waiting).status).toBe("aborted");
  });

  test.each([
    ["a local file", "./broken_off", "broken_off.ts"],
    ["a CommonJS package", "broken-off", "node_modules/broken-off/index.js"],
  ])("lets %s be required again that it has interrupted", async (_, id, file) => {
    const path = join(kernel.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `${STARTED} if (!(globalThis as any).again) for (;;); exports.whole = 1;`.replace(
        " as any",
        file.endsWith("js") ? "" : " as any",
      ),
    );
    const { execution } = await start(`require("${id}")`);
    await kernel.client.interrupt();
    expect((await execution).error?.ename).toBe("Interrupted");
    expect(await kernel.evaluate(`(globalThis as any).again = true; require("${id}").whole`)).toBe("1");
    await kernel.evaluate("delete (globalThis as any).again");
  });

  test("is answered on the shell channel as well", async () => {
    const { execution } = await start(hangs["a synchronous loop"]);
    const reply = await kernel.client.request("shell", "interrupt_request", {});
    expect(reply.content.status).toBe("ok");
    expect((await execution).error?.ename).toBe("Interrupted");
  });
});

describe("a cell that awaits, stopped", () => {
  const TICKS = "globalThis.ticks ??= 0; const tick = (): number => ++globalThis.ticks;";
  const declared = "declare global { var ticks: number } declare global { var ended: string[] }";
  const sleep = "const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));";
  beforeAll(async () => {
    const functions = `
      async function loop() { for (;;) { await sleep(2); tick(); } }
      async function* generate() { for (let i = 0; ; i++) { await sleep(2); yield i; } }
      async function consume() { for await (const _ of generate()) tick(); }
      const never = new Promise<never>(() => {});`;
    await kernel.client.execute(`${declared} ${TICKS} ${sleep} ${functions}`);
    writeFileSync(
      join(kernel.folder, "looping.ts"),
      `export async function elsewhere(tick: () => void) {
        for (;;) { await new Promise((resolve) => setTimeout(resolve, 2)); tick(); }
      }`,
    );
    await kernel.evaluate(`
      import { adamRule, fit, forecast, seattleWeather, stack } from "unrolled";
      import { Linear, LSTM, SequenceNetwork } from "unrolled/nn";
      const data = forecast(seattleWeather(), { inputs: ["temperatureMax", "temperatureMin"], steps: 7 });
      const network = new SequenceNetwork({
        rnn: new LSTM({ inputSize: 2, hiddenSize: 16, seed: 1 }),
        head: new Linear({ inputSize: 16, outputSize: 2 }),
        loss: "meanSquaredError",
      });
      const train = () => fit(network, data.training, { optimizer: adamRule({ lr: 0.01 }), epochs: 20_000, collate: stack });
      const weights = () => network.parameters.map(({ data }) => data.join()).join();`);
  });

  async function ticksAfterStop(code: string): Promise<number> {
    const { execution } = await start(`${STARTED} ${code}`);
    await kernel.client.interrupt();
    expect((await execution).error?.ename).toBe("Interrupted");
    return Number(await kernel.evaluate("const before = ticks; await sleep(100); ticks - before"));
  }

  test.each([
    ["for await", "for await (const { loss } of train()) tick();"],
    ["finish", "await train().finish()"],
    ["the same in a function", "await (async () => { await train().finish(); })()"],
  ])("leaves no training running: %s, three times", async (_, code) => {
    for (let time = 0; time < 3; time++) expect(await ticksAfterStop(code)).toBe(0);
    const kept = "const kept1 = weights(); await sleep(100); kept1 === weights()";
    expect(await kernel.evaluate(kept)).toBe("true");
  });

  test("leaves what several threads compute whole: the next step is as the first", async () => {
    await kernel.evaluate(`
      const wide = () => new SequenceNetwork({
        rnn: new LSTM({ inputSize: 16, hiddenSize: 128, dtype: "float32", threads: 2, seed: 1 }),
        head: new Linear({ inputSize: 128, outputSize: 2, dtype: "float32" }),
      });
      const [stopped, fresh] = [wide(), wide()];
      const features = (t: number, b: number) => Array.from({ length: 16 }, (_, k) => Math.sin(t * b + k));
      const x = Array.from({ length: 50 }, (_, t) => Array.from({ length: 16 }, (_, b) => features(t, b)));
      const batch = { x, y: x[0].map((_, b) => b % 2) };`);
    for (let time = 0; time < 3; time++) {
      const { execution } = await start(`${STARTED} for (;;) stopped.lossAndGradients(batch);`);
      await kernel.client.interrupt();
      expect((await execution).error?.ename).toBe("Interrupted");
    }
    expect(
      await kernel.evaluate(`
        stopped.lossAndGradients(batch) === fresh.lossAndGradients(batch) &&
          stopped.gradients.every((gradient, k) => gradient === fresh.gradients[k])`),
    ).toBe("true");
  });

  test.each<[string, string]>([
    ["a loop that sleeps", "for (;;) { await sleep(2); tick(); }"],
    ["such a loop in a function of an earlier cell", "await loop()"],
    ["one in a local file", 'import { elsewhere } from "./looping"; await elsewhere(tick)'],
    ["for await over an asynchronous generator", "for await (const _ of generate()) tick();"],
    ["that in a function", "await consume()"],
    ["several loops at once", "await Promise.all([loop(), loop(), consume()])"],
    ["a loop that nobody awaits", "void loop(); await never"],
    ["a loop that catches all it can", "for (;;) { try { await sleep(2); tick(); } catch {} }"],
    ["setInterval", "setInterval(tick, 2); await never"],
    [
      "an interval of node:timers/promises",
      'import { setInterval as every } from "node:timers/promises"; for await (const _ of every(2)) tick();',
    ],
    [
      "code behind the end of a child process",
      `import { spawn } from "node:child_process"; import { once } from "node:events";
       const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 50)"]);
       await once(child, "exit"); for (;;) { await sleep(2); tick(); }`,
    ],
  ])("does nothing more: %s", async (_, code) => {
    expect(await ticksAfterStop(code)).toBe(0);
  });

  test("does not touch what other cells have started", async () => {
    await kernel.evaluate("const mine = setInterval(tick, 2); void loop()");
    await kernel.evaluate(`const other = setInterval(tick, 2); 0`);
    expect(await ticksAfterStop("await never")).toBeGreaterThan(0);
    await kernel.evaluate("clearInterval(mine); clearInterval(other)");
  });

  test("runs its finally blocks, inner functions first", async () => {
    await kernel.evaluate(`
      const end = async (what: string) => { await sleep(2); console.log(what, "ended"); };
      class Resource { constructor(readonly name: string) {} async [Symbol.asyncDispose]() { await end(this.name); } }
      async function inner() { await using inside = new Resource("inside"); try { await never; } finally { await end("inner"); } }`);
    const { execution } = await start(`${STARTED}
      await using outside = new Resource("outside");
      try { await inner(); } catch (error) { console.log((error as Error).name); throw error; } finally { console.log("finally"); }`);
    await kernel.client.interrupt();
    const done = await execution;
    expect(streamText(done)).toBe(
      "started\ninner ended\ninside ended\nInterrupted\nfinally\noutside ended\n",
    );
    expect(done.error?.ename).toBe("Interrupted");
  });

  test("closes what its for await iterates over", async () => {
    const { execution } = await start(`${STARTED}
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: (): Promise<IteratorResult<number>> => never,
          return: async () => { console.log("closed"); return { done: true, value: undefined }; },
        }),
      };
      for await (const _ of source);`);
    await kernel.client.interrupt();
    expect(streamText(await execution)).toBe("started\nclosed\n");
  });

  test("shows where it was, in a loop that awaits and in one that does not", async () => {
    const waits = `${STARTED}\nasync function wait() {\n  await never;\n}\nawait wait();`;
    const spins = `${STARTED}\nfunction spin() {\n  while (true) {}\n}\nspin();`;
    for (const [code, line] of [
      [waits, ">  3 |   await never;"],
      [spins, ">  3 |   while (true) {}"],
    ]) {
      const { execution } = await start(code);
      await kernel.client.interrupt();
      const { error } = await execution;
      expect(error?.evalue).toBe("the cell was interrupted");
      const shown = plainTraceback(error).map((each) => each.replace(/ +/g, " "));
      expect(shown).toContainEqual(line.replace(/ +/g, " "));
      expect(shown.at(-1)).toMatch(/^ at (async )?cell\[\d+\]\.ts:5:1$/);
    }
  });

  test("has neither result nor prints afterwards, and history has no output of it", async () => {
    const { execution } = await start(`${STARTED}
      let goOn!: () => void;
      const late = new Promise<void>((resolve) => (goOn = resolve)).then(() => console.log("late"));
      try { await never; } catch {}
      42`);
    await kernel.client.interrupt();
    const done = await execution;
    expect(done.error?.ename).toBe("Interrupted");
    expect(done.outputs.map(({ output_type }) => output_type)).toEqual(["stream", "error"]);
    const { content } = await kernel.client.request("shell", "history_request", {
      hist_access_type: "tail",
      n: 1,
      output: true,
      raw: true,
    });
    expect((content.history as [number, number, [string, string | null]][])[0][2][1]).toBeNull();
    const published: Message[] = listener.received;
    await kernel.evaluate("goOn(); await late");
    await heard(kernel, listener);
    expect(published.some(({ content: { text } }) => String(text).includes("late\n"))).toBe(false);
  });

  test("has a signal that it can pass to others", async () => {
    const { execution } = await start(`import { stopSignal } from "unrolled/display"; ${STARTED}
      const signal = stopSignal();
      signal.addEventListener("abort", () => { console.log((signal.reason as Error).name); });
      await never`);
    await kernel.client.interrupt();
    expect(streamText(await execution)).toBe("started\nInterrupted\n");
    expect(await kernel.evaluate("[signal.aborted, stopSignal().aborted]")).toBe("[ true, false ]");
  });
});

describe.skipIf(process.platform === "win32")(
  "a synchronous call that waits for a child process, stopped",
  () => {
    const program = (code: string) =>
      JSON.stringify(`${JSON.stringify(process.execPath)} -e ${JSON.stringify(code)}`);
    const ASLEEP = "require('fs').writeFileSync('asleep', ''); setInterval(() => {}, 1000);";
    let rows = 0;

    test.each([
      ["execSync", `execSync(${program(ASLEEP)}, { stdio: ["ignore", "inherit", "inherit"] })`],
      [
        "one of a shell that runs several",
        `execSync(${program(ASLEEP)} + "; echo went on", { stdio: "inherit" })`,
      ],
      ["spawnSync", `spawnSync(process.execPath, ["-e", ${JSON.stringify(ASLEEP)}])`],
      [
        "a shell that goes on",
        `execSync(${JSON.stringify(`trap : INT; while true; do ${JSON.stringify(process.execPath)} -e ${JSON.stringify(ASLEEP)}; done`)})`,
      ],
      ["one whose child ignores SIGINT", `execSync(${program(`process.on('SIGINT', () => {}); ${ASLEEP}`)})`],
    ])("ends its own child and no other: %s", async (_, call) => {
      // A name of its own: what an earlier row has left may write its file late.
      const name = `asleep-${++rows}`;
      const asleep = join(kernel.folder, name);
      await kernel.evaluate(`import { execSync, spawn, spawnSync } from "node:child_process"; const kept = "kept";
      const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); 0`);
      const { execution } = await start(
        `${STARTED} ${call.replaceAll("asleep", name)}; console.log("went on")`,
      );
      await eventually(() => {
        expect(existsSync(asleep)).toBe(true);
      });
      await kernel.client.interrupt();
      const done = await execution;
      expect(done.error?.ename).toBe("Interrupted");
      expect(plainTraceback(done.error).join("\n")).toMatch(/cell\[\d+\]\.ts:1:/);
      expect(streamText(done)).not.toMatch(/went on|native call/);
      expect(await kernel.evaluate("other.exitCode ?? other.signalCode")).toBe("null");
      expect(await kernel.evaluate("execSync('echo works').toString()")).toBe("'works\\n'");
      await kernel.evaluate("other.kill(); 0");
      await everythingWorks();
    });
  },
);

describe("a native call that cannot be interrupted", () => {
  let heart: Request;
  beforeEach(() => {
    heart = new Request({ linger: 0, receiveTimeout: 300_000 });
    heart.connect(endpoint(kernel.client.connection, "hb"));
  });
  afterEach(() => {
    heart.close();
  });

  test("is reported as stopping when it returns, the heart beating meanwhile", async () => {
    await kernel.evaluate("const kept = 'kept'");
    const code = `import { pbkdf2Sync } from "node:crypto"; ${STARTED}
      pbkdf2Sync("a", "b", 6_000_000, 64, "sha512"); console.log("went on"); while (true) {}`;
    const { execution } = await start(code);
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
      "started\nInterrupt: the cell will stop when its current call returns; native calls and the loading of packages cannot be interrupted.\n",
    );
    await everythingWorks();
  });
});
