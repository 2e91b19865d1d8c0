// The learning rate range test: what training with those rates gives, and that nothing is left of it.

import { expect, test } from "vitest";
import type { Parameter } from "../../../src/index.js";
import {
  adamRule,
  Dense,
  groupedRule,
  learningRateRange,
  LSTM as SlidesLSTM,
  Optimizer,
  SequenceRegressor,
  sgdRule,
  stack,
} from "../../../src/index.js";
import { LSTM, Linear, SequenceNetwork } from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";

const batches = [0, 1, 2].map((k) =>
  stack([0, 1, 2, 3].map((n) => ({ x: [[Math.sin(k + n)], [Math.cos(n)]], y: (n + k) % 2 }))),
);
const make = (dtype: "float64" | "float32" = "float64") =>
  new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 3, numLayers: 2, dropout: 0.25, seed: 1, dtype }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed: 1, dtype }),
  });
/** All that training changes. */
const left = (network: { parameters: readonly Parameter[]; state: object }) => ({
  state: { ...network.state },
  numbers: network.parameters.map(({ data, grad }) => [data.slice(), grad.slice()]),
});

test("gives the losses of a training whose rate grows by a factor, and leaves nothing of it", async () => {
  const [network, byHand] = [make(), make()];
  for (const each of [network, byHand]) each.lossAndGradients(batches[0]);
  const before = left(network);
  const options = { optimizer: adamRule({ lr: 0.5 }), from: 1e-4, to: 1e-1, updates: 7 };
  const range = await learningRateRange(network, { batches }, options);
  expect(left(network)).toEqual(before);
  const optimizer = new Optimizer(adamRule(), byHand.parameters);
  expect(range).toHaveLength(7);
  range.forEach(({ lr, loss }, n) => {
    expect(lr / (1e-4 * 10 ** (n / 2))).toBeCloseTo(1, 12);
    expect(loss).toBeCloseTo(byHand.lossAndGradients(batches[n % 3]), 12);
    optimizer.step(lr);
  });
  // As if it had never been: dropout draws the same again.
  expect(await learningRateRange(network, { batches }, options)).toEqual(range);
});

test.each(["float64", "float32"] as const)("ends where the loss explodes, in %s", async (dtype) => {
  const network = make(dtype);
  const before = left(network);
  const range = await learningRateRange(
    network,
    { batches },
    {
      optimizer: sgdRule({ lr: 1 }),
      from: 1,
      to: 1e300,
      updates: 50,
    },
  );
  expect(range.length).toBeGreaterThan(1);
  expect(range.length).toBeLessThan(50);
  expect(left(network)).toEqual(before);
});

test("an error of the data is one, and leaves nothing either", async () => {
  const network = make();
  const before = left(network);
  const wrong = { ...batches[0], y: [0, 1, 2, 0] };
  await expect(
    learningRateRange(network, { batches: [batches[0], wrong] }, { optimizer: adamRule() }),
  ).rejects.toThrow("fit: at update 2 in epoch 1: SequenceNetwork.lossAndGradients: y contains 2");
  expect(left(network)).toEqual(before);
  const range = (options: object) =>
    learningRateRange(network, { batches }, { optimizer: adamRule(), ...options });
  await expect(range({ from: 1, to: 0.1 })).rejects.toThrow(
    "learningRateRange: to is 0.1, but must be above from, 1",
  );
  await expect(range({ updates: 1 })).rejects.toThrow(
    "learningRateRange: updates is 1, but must be at least 2",
  );
  await expect(range({ optimizer: undefined })).rejects.toThrow(
    "learningRateRange: optimizer is undefined, but must be a rule such as adamRule",
  );
  await expect(learningRateRange(undefined as never, [], { optimizer: adamRule() })).rejects.toThrow(
    "learningRateRange: network is undefined, but must have lossAndGradients",
  );
  await expect(range({ epochs: 1 })).rejects.toThrow('learningRateRange: option "epochs" is unknown');
});

test("a model of the slides is as before, and groups grow by the same factor", async () => {
  const model = new SequenceRegressor({
    layer: new SlidesLSTM({ inputSize: 1, hiddenSize: 2, seed: 1 }),
    head: new Dense({ inputSize: 2, outputSize: 1, seed: 1 }),
  });
  const before = structuredClone(model.parameters);
  const samples = [{ x: [[1], [0.5]], y: [2] }];
  const optimizer = groupedRule(sgdRule({ lr: 0.1 }), [
    { of: ["layer", "head"], rule: sgdRule({ lr: 0.2 }) },
  ]);
  const options = { from: 0.001, to: 0.01, updates: 5 };
  const grouped = await learningRateRange(model, samples, { ...options, optimizer });
  const twice = await learningRateRange(model, samples, {
    optimizer: sgdRule({ lr: 1 }),
    from: 0.002,
    to: 0.02,
    updates: 5,
  });
  expect(model.parameters).toEqual(before);
  grouped.forEach(({ loss }, n) => {
    expect(loss).toBeCloseTo(twice[n].loss, 12);
  });
});

test.each(["en", "ko"] as const)("is drawn over a logarithmic axis (%s)", async (language) => {
  const range = await learningRateRange(make(), { batches }, { optimizer: adamRule(), updates: 12 });
  const chart = range.chart({ language });
  const { svg, complaints } = await drawChart(chart);
  expect(complaints).toEqual([]);
  expect(svg).toContain(language === "en" ? "Which learning rate suits" : "알맞은 학습률");
  expect(chart.description).toContain("1.00e-5");
  expect(Object.keys(range)).not.toContain("chart");
});
