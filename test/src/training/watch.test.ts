// Watched training: its rows against what the flow functions say of a network trained that far, sample by
// sample, and counts from its tape; its weights against those of training that nobody watches.

import { expect, test } from "vitest";
import {
  adamRule,
  Dense,
  fit,
  fromCsv,
  gradientFlow,
  LSTM,
  sgdRule,
  SequenceClassifier,
  toCsv,
  toTensorBoard,
  watch,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { numbers } from "../engine/numbers.js";

const [T, B, I, H] = [25, 3, 2, 4];
const x = Array.from({ length: T }, (_, t) => Array.from({ length: B }, (_, b) => numbers(I, 10 * t + b, 4)));
const batch = { x, y: [1, 0, 1] };
const data = {
  batches: [
    { x: x.map((step) => step.toReversed()), y: [0, 1, 1] },
    { x: x.toReversed(), y: [1, 1, 0] },
  ],
};

function make(options: Partial<nn.RecurrentOptions> = {}) {
  const rnn = new nn.LSTM({ inputSize: I, hiddenSize: H, seed: 5, ...options });
  const head = new nn.Linear({ inputSize: rnn.outputSize, outputSize: 2, seed: 6 });
  return new nn.SequenceNetwork({ rnn, head });
}

test("nobody else sees that training is watched", async () => {
  const options = { optimizer: adamRule({ lr: 0.1 }), updates: 7, validation: batch };
  const deep = { numLayers: 2, bidirectional: true, dropout: 0.5 };
  const [network, alone] = [make(deep), make(deep)];
  const training = fit(network, data, options);
  const rows = await watch(training, network, batch, { every: 2 }).finish();
  const expected = await fit(alone, data, options).finish();
  expect(network.values).toEqual(alone.values);
  const untimed = (all: object[]) => all.map((row) => ({ ...row, elapsed: 0 }));
  expect(untimed(training.rows)).toEqual(untimed(expected));
  expect(rows.map(({ update }) => update)).toEqual([1, 2, 4, 6]);
  for (const { update, gradients, saturation, ...row } of rows) {
    expect({ update, ...row }).toEqual(training.rows[update - 1]);
    expect(Object.keys(saturation)).toHaveLength(4 * 4 * 2);
    const reverse = Object.keys(gradients).filter((name) => name.startsWith("c_l1_reverse."));
    expect(reverse.slice(0, 6)).toEqual(
      ["mean", "min", "q10", "median", "q90", "max"].map((statistic) => `c_l1_reverse.t3.${statistic}`),
    );
  }
});

test("a row has the gradients and the gates of the batch after its update", async () => {
  const options = { optimizer: sgdRule({ lr: 5 }) };
  const network = make();
  const rows = await watch(fit(network, data, { ...options, updates: 6 }), network, batch, {
    every: 3,
  }).finish();
  expect(rows.map(({ update }) => update)).toEqual([1, 3, 6]);
  for (const { update, gradients, saturation } of rows) {
    const trained = make();
    await fit(trained, data, { ...options, updates: update }).finish();
    const samples = batch.y.map((y, b) => gradientFlow(trained, { x: x.map((step) => [step[b]]), y: [y] }));
    const watched = [0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25];
    expect(new Set(Object.keys(gradients).map((name) => /t(\d+)/.exec(name)![1]))).toEqual(
      new Set(watched.map(String)),
    );
    for (const { t, quantity } of samples[0].filter((row) => watched.includes(row.t))) {
      const norms = samples.map((rows) => rows.find((row) => row.t === t && row.quantity === quantity)!.norm);
      const name = `${quantity}_l0.t${t}`;
      const near = (came: number, norm: number) => expect(Math.abs(came / norm - 1)).toBeLessThan(1e-10);
      near(gradients[`${name}.mean`], (norms[0] + norms[1] + norms[2]) / 3);
      const [min, median, max] = norms.sort((a, b) => a - b);
      if (quantity === "h" || quantity === "c") {
        near(gradients[`${name}.min`], min);
        near(gradients[`${name}.q10`], min + 0.2 * (median - min));
        near(gradients[`${name}.median`], median);
        near(gradients[`${name}.q90`], median + 0.8 * (max - median));
        near(gradients[`${name}.max`], max);
      } else expect(gradients).not.toHaveProperty([`${name}.median`]);
    }
    const { gates } = trained.rnn.forward(x).layers[0];
    for (const [gate, { data: activations }] of Object.entries(gates)) {
      const [low, high] = gate === "g" ? [-0.9486832980505138, 0.9486832980505138] : [0.025658, 0.974342];
      const share = (of: (activation: number) => boolean) =>
        Array.from(activations).filter(of).length / activations.length;
      expect(saturation[`${gate}_l0.low`]).toBeCloseTo(
        share((activation) => activation < low),
        12,
      );
      expect(saturation[`${gate}_l0.high`]).toBeCloseTo(
        share((activation) => activation > high),
        12,
      );
    }
  }
  expect(Object.values(rows[2].saturation).some((share) => share > 0.1)).toBe(true);
});

test("the steps asked for, left in between, as a table and as an event file", async () => {
  const network = make();
  const training = fit(network, data, { optimizer: sgdRule({ lr: 0.1 }), updates: 4 });
  const options = { every: 1, steps: [0, 7] };
  for await (const { update } of watch(training, network, batch, options)) if (update === 2) break;
  const watched = watch(training, network, batch, options);
  for await (const row of watched) expect(watched.rows.at(-1)).toBe(row);
  expect(watched.rows.map(({ update }) => update)).toEqual([3, 4]);
  const [row] = watched.rows;
  const statistics = 6;
  expect(Object.keys(row.gradients)).toHaveLength(2 * 2 * statistics + 3);
  const [read] = fromCsv(toCsv(watched.rows));
  expect(read["gradients.h_l0.t7.median"]).toBe(row.gradients["h_l0.t7.median"]);
  expect(read["saturation.f_l0.high"]).toBe(row.saturation["f_l0.high"]);
  expect(new TextDecoder().decode(toTensorBoard(watched.rows))).toContain("gradients/h_l0.t7.median");
});

test("a model of the slides, an SLSTM and an MLSTM", async () => {
  const model = new SequenceClassifier({
    layer: new LSTM({ inputSize: I, hiddenSize: H, seed: 1 }),
    head: new Dense({ inputSize: H, outputSize: 2, seed: 2 }),
  });
  const samples = [0, 1].map((b) => ({ x: x.map((step) => step[b]), y: b === 0 ? [1, 0] : [0, 1] }));
  const options = { optimizer: sgdRule({ lr: 0.5 }), updates: 2 };
  const [, row] = await watch(fit(model, samples, options), model, samples, { every: 2 }).finish();
  const [T0] = gradientFlow(model, samples);
  expect(row.gradients["h_l0.t0.mean"]).toBe(T0.norm);
  expect(row.saturation).toHaveProperty(["o_l0.high"]);
  for (const Module of [nn.SLSTM, nn.MLSTM]) {
    const network = new nn.SequenceNetwork({
      rnn: new Module({ inputSize: I, hiddenSize: H }),
      head: new nn.Linear({ inputSize: H, outputSize: 2 }),
    });
    const [first] = await watch(fit(network, data, options), network, batch).finish();
    expect(first.gradients["c_l0.t25.max"]).toBeGreaterThan(0);
    expect(first.saturation).toEqual({});
  }
});

test("what cannot be watched is named", async () => {
  const network = make();
  const training = fit(network, data, { optimizer: sgdRule({ lr: 0.1 }), updates: 4 });
  const wrong =
    (...given: unknown[]) =>
    () =>
      (watch as (...given: unknown[]) => unknown)(...given);
  expect(wrong([], network, batch)).toThrow("watch: training is an array, but must be what fit returns");
  expect(wrong(training, {}, batch)).toThrow("watch: model is an object, but must be a SequenceNetwork");
  expect(wrong(training, network)).toThrow(
    "watch: batch is undefined, but must be what lossAndGradients takes",
  );
  expect(wrong(training, network, batch, { each: 2 })).toThrow('watch: option "each" is unknown');
  expect(wrong(training, network, batch, { every: 0 })).toThrow(
    "watch: every is 0, but must be a positive integer",
  );
  expect(wrong(training, network, batch, { steps: 3 })).toThrow(
    "watch: steps is a number, but must be an array of integers",
  );
  await expect(watch(training, network, batch, { steps: [0, 26] }).finish()).rejects.toThrow(
    "watch: steps[1] is 26, but must be an integer from 0 to T = 25",
  );
});
