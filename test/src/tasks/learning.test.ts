// The papers' claims: on short sequences at once, and what `npm run papers` found on those of the papers.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { adamRule, addingProblem, fit, initialize, randomStream } from "../../../src/index.js";
import type { RecurrentModule } from "../../../src/nn/index.js";
import { Linear, LSTM, RNN, SequenceNetwork } from "../../../src/nn/index.js";

test("an LSTM learns to add two numbers of thirty, a tanh RNN does not", async () => {
  const task = addingProblem({ steps: 30 });
  const trained = async (rnn: RecurrentModule, forgetBias?: number) => {
    const head = new Linear({ inputSize: rnn.hiddenSize, outputSize: 1, dtype: "float32" });
    const network = new SequenceNetwork({ rnn, head, loss: "meanSquaredError" });
    initialize(network.parameters, { seed: 1, ...(forgetBias && { forgetBias }) });
    const options = { optimizer: adamRule({ lr: 0.01 }), clip: { maxNorm: 1 }, seed: 1, updates: 700 };
    await fit(network, task.draw, options).finish();
    return network.loss(task.draw(randomStream(9), 500));
  };
  const sizes = { inputSize: 2, hiddenSize: 16, dtype: "float32" } as const;
  expect(await trained(new LSTM(sizes), 1)).toBeLessThan(task.baseline / 10);
  expect(await trained(new RNN(sizes))).toBeGreaterThan(task.baseline / 2);
});

interface Run {
  name: string;
  seed: number;
  ended: string;
  sequences: number;
  cap: number;
  loss: number;
  baseline: number;
  rows: { sequences: number; loss: number }[];
}
const file = new URL("../../../notebooks/workbook/data/papers.json", import.meta.url);
const runs = JSON.parse(readFileSync(file, "utf8")) as Run[];
const of = (name: string) => runs.filter((run) => run.name === name);
const solved = (name: string) => of(name).filter(({ ended }) => ended === "solved");

test.each([100, 200, 400])("in the committed runs an LSTM solves the adding problem with T = %i", (T) => {
  const runs = solved(`adding ${T}, LSTM`);
  expect(runs.length).toBeGreaterThanOrEqual(4);
  for (const { loss } of runs) expect(loss).toBeLessThan(1e-3);
  if (T === 100) for (const { sequences } of runs) expect(sequences).toBeLessThan(74_000 * 1.1);
  const others = of(`adding ${T}, tanh RNN`);
  expect(others.length).toBeGreaterThan(0);
  for (const { loss, baseline } of others) expect(loss).toBeGreaterThan(0.9 * baseline);
});

test("in the committed runs clipping solves temporal order where descent without it does not", () => {
  expect(solved("temporal order 20, not clipped")).toHaveLength(5);
  expect(solved("temporal order 20, clipped")).toHaveLength(5);
  expect(solved("temporal order 40, not clipped").length).toBeLessThan(
    solved("temporal order 40, clipped").length,
  );
});

test("in the committed runs all go below the baseline of the copy task, chrono furthest", () => {
  const lowest = ["forget bias 0", "forget bias 1", "chrono"].map((name) => {
    const runs = of(`copy 50, ${name}`);
    expect(runs).toHaveLength(5);
    const [{ baseline }] = runs;
    expect(baseline).toBeCloseTo((10 * Math.log(8)) / (50 + 20), 5);
    const losses = runs.map(({ rows }) => Math.min(...rows.map(({ loss }) => loss)));
    losses.sort((a, b) => a - b);
    expect(losses[2]).toBeLessThan(baseline);
    return losses[2];
  });
  expect(lowest[2]).toBeLessThan(Math.min(lowest[0], lowest[1]));
});
