// Whatever keeps a cell busy, an interrupt ends it and nothing else: variables, timers and promises still work.
import { describe, expect, it } from "vitest";
import { useKernel } from "../support/kernel.js";

const kernel = useKernel();
const STARTED = "console.log('started');";
const hangs: Record<string, string> = {
  "a synchronous loop": `${STARTED} while (true) {}`,
  "a promise that never settles": `${STARTED} await new Promise(() => {})`,
  "a loop in a microtask": `${STARTED} await Promise.resolve().then(() => { while (true) {} })`,
  "microtasks that breed": `${STARTED} const breed = (): Promise<void> => Promise.resolve().then(breed); await breed()`,
  "a loop in a timer": `setTimeout(() => { ${STARTED} while (true) {} }, 1); await new Promise(() => {})`,
  "a loop in nextTick": `process.nextTick(() => { ${STARTED} while (true) {} }); await new Promise(() => {})`,
  "a loop in setImmediate": `setImmediate(() => { ${STARTED} while (true) {} }); await new Promise(() => {})`,
  "a loop in a callback of fs": `import { stat } from "node:fs"; stat(".", () => { ${STARTED} while (true) {} }); await new Promise(() => {})`,
  "a loop in try, catch and finally": `${STARTED} try { while (true) {} } catch { while (true) {} } finally { while (true) {} }`,
  "Atomics.wait": `${STARTED} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  "a regular expression": `${STARTED} /^(a+)+$/.test("a".repeat(60) + "b")`,
};

describe("interrupt_request", () => {
  it.each(Object.entries(hangs))("ends %s", async (_, code) => {
    await kernel.evaluate("const kept = 'kept'");
    let started!: () => void;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const execution = kernel.client.execute(code, {
      onOutput: () => {
        started();
      },
    });
    await running;
    await kernel.client.interrupt();
    expect((await execution).error?.ename).toBe("Interrupted");

    expect(await kernel.evaluate("kept")).toBe("'kept'");
    expect(
      await kernel.evaluate("await new Promise((resolve) => setTimeout(resolve, 5, 'timers run'))"),
    ).toBe("'timers run'");
  });

  it("of an idle kernel does nothing", async () => {
    await kernel.client.interrupt();
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  it("aborts the cells that wait behind", async () => {
    const running = kernel.client.execute("await new Promise(() => {})");
    const waiting = kernel.client.execute("2");
    await kernel.client.interrupt();
    expect((await running).status).toBe("error");
    expect((await waiting).status).toBe("aborted");
  });

  it("is heard on the shell channel as well", async () => {
    const running = kernel.client.execute("while (true) {}");
    const reply = await kernel.client.request("shell", "interrupt_request", {});
    expect(reply.content.status).toBe("ok");
    expect((await running).error?.ename).toBe("Interrupted");
  });
});
