// Before the memory of the cells is full, the running cell says so, also while it is inside a loop.

import { tmpdir, totalmem } from "node:os";
import { expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { kernelCommand } from "../../../kernel/protocol/kernelspec.js";

const LIMIT = /^--max-old-space-size=(\d+)$/;

test("a kernel may use most of the machine's memory", () => {
  const limits = kernelCommand("x").flatMap((arg) => LIMIT.exec(arg)?.[1] ?? []);
  expect(limits).toHaveLength(1);
  expect(Number(limits[0]) * 2 ** 20).toBeLessThan(totalmem());
});

test("a cell that fills its memory is warned before the memory is full", async () => {
  const command = (file: string) =>
    kernelCommand(file).flatMap((arg) =>
      LIMIT.test(arg) ? ["--max-old-space-size=400", "--max-semi-space-size=1"] : [arg],
    );
  const client = await startKernel({ cwd: tmpdir(), command });
  try {
    const code = `import v8 from "node:v8";
      const kept: number[][] = [];
      const used = () => { const { used_heap_size, heap_size_limit } = v8.getHeapStatistics(); return used_heap_size / heap_size_limit; };
      while (used() < 0.87) kept.push(new Array<number>(10_000).fill(kept.length / 2));
      for (;;);`;
    let stop: Promise<void> | undefined;
    const execution = await client.execute(code, {
      onOutput: () => {
        stop ??= client.interrupt();
      },
    });
    await stop;
    expect(execution.outputs[0]).toMatchObject({
      name: "stderr",
      text: expect.stringContaining("memory is nearly full") as string,
    });
    expect((await client.execute("kept.length = 0")).status).toBe("ok");
  } finally {
    await client.shutdown();
  }
});
