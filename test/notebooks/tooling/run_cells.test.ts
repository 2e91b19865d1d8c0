import { expect, test, vi } from "vitest";
import type { Execution, KernelClient } from "../../../kernel/protocol/client.js";
import { runCells } from "../../../kernel/protocol/run_cells.js";
import type { Notebook, Output } from "../../../kernel/protocol/nbformat.js";
import { eventually } from "../../support/eventually.js";

const notebook = (...sources: string[]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: sources.map((source) =>
    source.startsWith("#")
      ? { cell_type: "markdown", metadata: {}, source }
      : { cell_type: "code", metadata: {}, source, outputs: [], execution_count: null },
  ),
});
const printed = (text: string): Output => ({ output_type: "stream", name: "stdout", text });

/** A kernel that echoes; "throw", "die" and "wait" do what they say. */
function echoKernel(): Pick<KernelClient, "execute" | "interrupt"> & { ran: string[] } {
  let interruptWait: (() => void) | undefined;
  const ran: string[] = [];
  return {
    ran,
    async execute(code, options): Promise<Execution> {
      ran.push(code);
      const outputs = [printed(code)];
      options?.onOutput?.(outputs[0]);
      if (code === "die") throw new Error("the kernel is gone");
      if (code === "wait") await new Promise<void>((resolve) => (interruptWait = resolve));
      if (code !== "throw" && code !== "wait") return { status: "ok", executionCount: ran.length, outputs };
      const error = { ename: "E", evalue: code, traceback: [`\x1b[31mE\x1b[39m: ${code}`] };
      return {
        status: "error",
        executionCount: ran.length,
        outputs: [...outputs, { output_type: "error", ...error }],
        error,
      };
    },
    interrupt() {
      interruptWait?.();
      return Promise.resolve();
    },
  };
}

test("a run executes the code cells in order and skips empty ones", async () => {
  const kernel = echoKernel();
  const seen: string[] = [];
  const { results, failure, interrupted } = await runCells(kernel, notebook("a", "# text", " \n", "b"), {
    onCell: (position, total, cell) => seen.push(`${position}/${total} ${cell.source}`),
  });
  expect(kernel.ran).toEqual(["a", "b"]);
  expect(seen).toEqual(["1/3 a", "3/3 b"]);
  expect([...results]).toEqual([
    [0, { outputs: [printed("a")], execution_count: 1 }],
    [2, { outputs: [], execution_count: null }],
    [3, { outputs: [printed("b")], execution_count: 2 }],
  ]);
  expect(failure).toBeUndefined();
  expect(interrupted).toBe(false);
});

test("a run stops at the first cell that throws, with its outputs", async () => {
  const kernel = echoKernel();
  const { results, failure } = await runCells(kernel, notebook("a", "throw", "b"));
  expect(kernel.ran).toEqual(["a", "throw"]);
  expect(results.get(1)?.outputs.map((output) => output.output_type)).toEqual(["stream", "error"]);
  expect(failure).toEqual({ index: 1, text: "E: throw" });
});

test("a run continues after an error when errors are allowed", async () => {
  const kernel = echoKernel();
  const { results, failure } = await runCells(kernel, notebook("throw", "b"), { allowErrors: true });
  expect(results.size).toBe(2);
  expect(failure).toEqual({ index: 0, text: "E: throw" });
});

test("a failure is reported in colours where a terminal shows them", async () => {
  const failure = async () => (await runCells(echoKernel(), notebook("throw"))).failure?.text;
  const stderr = vi.spyOn(process, "stderr", "get");
  for (const [isTTY, text] of [
    [true, "\x1b[31mE\x1b[39m: throw"],
    [false, "E: throw"],
  ]) {
    stderr.mockReturnValue({ isTTY, hasColors: () => true } as typeof process.stderr);
    expect(await failure()).toBe(text);
  }
});

test("a kernel that dies leaves what the cell had put out", async () => {
  const { results, failure } = await runCells(echoKernel(), notebook("a", "die", "b"), { allowErrors: true });
  expect(results.size).toBe(2);
  expect(results.get(1)).toMatchObject({
    outputs: [printed("die"), { ename: "KernelLost" }],
    execution_count: null,
  });
  expect(failure).toEqual({ index: 1, text: "the kernel is gone" });
});

test("an abort interrupts the cell that runs and starts no other", async () => {
  const kernel = echoKernel();
  const controller = new AbortController();
  const { results, interrupted } = await runCells(kernel, notebook("a", "wait", "b"), {
    signal: controller.signal,
    onCell: (position) => {
      if (position === 2)
        setTimeout(() => {
          controller.abort();
        }, 10);
    },
  });
  expect(kernel.ran).toEqual(["a", "wait"]);
  expect(results.size).toBe(2);
  expect(interrupted).toBe(true);
});

test("a cell that cannot be interrupted is given up, with what it had put out", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const abort = new AbortController();
  const stuck = { ...echoKernel(), interrupt: () => new Promise<never>(() => undefined) };
  const run = runCells(stuck, notebook("a", "wait", "b"), {
    signal: abort.signal,
    onCell: (position) => {
      if (position === 2)
        setImmediate(() => {
          abort.abort();
        });
    },
  });
  await eventually(() => {
    expect(vi.getTimerCount()).toBe(1);
  });
  vi.runAllTimers();
  vi.useRealTimers();
  const { results, interrupted } = await run;
  expect(interrupted).toBe(true);
  expect([...results].at(-1)).toEqual([1, { outputs: [printed("wait")], execution_count: null }]);
});
