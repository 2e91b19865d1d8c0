// An exercise as a learner meets it: in a cell of a real kernel, which may be restarted.

import { join } from "node:path";
import { expect, test } from "vitest";
import type { KernelClient } from "../../../kernel/protocol/client.js";
import { startKernel } from "../../../kernel/protocol/client.js";
import { useKernel } from "../../support/kernel.js";

const kernel = useKernel();

async function shown(client: KernelClient, code: string): Promise<Record<string, unknown>[]> {
  const { error, outputs } = await client.execute(code);
  if (error) throw new Error(error.traceback.join("\n"));
  return outputs.map((output) => ("data" in output ? output.data : { [output.output_type]: output }));
}

test("a starter cell type-checks and says that it waits; a verdict is Markdown", async () => {
  const setup = `import type { Matrix, Vector } from "unrolled";
import { workbook } from "unrolled/workbook";
const book = workbook("06", "en");`;
  expect(await shown(kernel.client, setup)).toEqual([]);
  const starter = 'const myDo2: Vector | null = null; // ← your formula\nbook.check("06-1", myDo2);';
  expect(await shown(kernel.client, starter)).toEqual([
    {
      "text/markdown": expect.stringMatching(/^\*\*○ 06-1 .*\*\*\n\nNot answered yet/) as string,
      "text/plain": expect.stringMatching(/^○ 06-1 /) as string,
    },
  ]);
  const [mistake] = await shown(kernel.client, 'book.check("06-8", [0, 0]);');
  expect(mistake["text/plain"]).toContain("Nothing was carried back");
  expect(mistake["text/plain"]).toContain("Hint 1 of 3");
  const [asked] = await shown(kernel.client, 'book.hint("06-8");');
  expect(asked["text/plain"]).toContain("Hint 2 of 3");
  expect(asked["text/markdown"]).toContain("Back to [slide 52](06_lstm_backward.ipynb#slide-52).");
  const { error } = await kernel.client.execute('book.check("05-1", null)');
  expect(error?.evalue).toContain('id is "05-1", but must be one of notebook 06');
});

test("a restarted kernel goes on where the learner was", async () => {
  const client = await startKernel({
    cwd: kernel.folder,
    env: { UNROLLED_PROGRESS: join(kernel.folder, "progress.json") },
  });
  try {
    const code = `import { workbook } from "unrolled/workbook";
workbook("06", "ko").check("06-8", [0, 0]);`;
    const [verdict] = await shown(client, code);
    expect(verdict["text/plain"]).toContain("힌트 3/3");
  } finally {
    await client.shutdown();
  }
});
