// The page that builds a model from parts of unrolled/nn, its cells pasted one after the other.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../kernel/package_root.js";
import { useKernel } from "./support/kernel.js";

const kernel = useKernel();
const page = readFileSync(join(packageRoot, "docs", "seq2seq.md"), "utf8");
const cells = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

test("learns to write what it has read in reverse, looking at the right digits", async () => {
  const [ahead, back, check, train, write, chart] = cells;
  expect(await kernel.printed(ahead)).toBe("");
  expect(await kernel.printed(back)).toBe("");
  expect(await kernel.printed(check)).toBe("largest difference: below 1e-9\n");
  const losses = (await kernel.printed(train)).trim().split("\n");
  expect(losses).toHaveLength(8);
  const [, right] = /^(\d+) of 200 sequences are right$/.exec((await kernel.printed(write)).trim())!;
  expect(Number(right)).toBeGreaterThan(180);
  const { outputs, error } = await kernel.client.execute(chart);
  expect(error).toBeUndefined();
  const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
  const spec = shown[0]["application/vnd.vegalite.v5+json"] as {
    data: { values: { written: number; read: number; alpha: number }[] };
  };
  const steps = [1, 2, 3, 4, 5, 6, 7, 8];
  const attended = steps.map((t) => {
    const ofStep = spec.data.values.filter(({ written }) => written === t);
    expect(ofStep.reduce((sum, { alpha }) => sum + alpha, 0)).toBeCloseTo(1);
    return ofStep.reduce((mean, { alpha, read }) => mean + alpha * read, 0);
  });
  // On average it looks where the digit is that it writes, to a step.
  attended.forEach((read, index) => {
    expect(Math.abs(read - (8 - index))).toBeLessThan(1.2);
  });
});
