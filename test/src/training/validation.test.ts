// Validation data that are more than one batch should hold: what comes of them in batches is that of one.

import { describe, expect, test } from "vitest";
import {
  adamRule,
  classificationReport,
  fit,
  regressionReport,
  sgdRule,
  stack,
  stackBatches,
} from "../../../src/index.js";
import type { SequenceSample } from "../../../src/index.js";
import type { SequenceNetworkOptions } from "../../../src/nn/index.js";
import { GRU, Linear, SequenceNetwork } from "../../../src/nn/index.js";
import { randomStream } from "../../../src/numbers/random.js";

const random = randomStream(3);
const vector = (size: number) => Array.from({ length: size }, () => random.uniform() - 0.5);
/** Of 3 to 9 steps, some of them without a target: batches differ in how many targets they have. */
const ofSteps: SequenceSample[] = Array.from({ length: 23 }, () => {
  const x = Array.from({ length: 3 + random.below(7) }, () => vector(2));
  return { x, y: x.map((_, t) => (t > 0 && random.uniform() < 0.4 ? null : [random.below(3)])) };
});
const ofNumbers = ofSteps.map(({ x }): SequenceSample => ({ x, y: x.map(() => vector(3)) }));

const make = (options: Partial<SequenceNetworkOptions> = {}) =>
  new SequenceNetwork({
    rnn: new GRU({ inputSize: 2, hiddenSize: 4, seed: 1 }),
    head: new Linear({ inputSize: 4, outputSize: 3, seed: 1 }),
    outputs: "every",
    ...options,
  });
const networks: [string, SequenceSample[], Partial<SequenceNetworkOptions>][] = [
  ["classes", ofSteps, {}],
  ["weighted classes", ofSteps, { classWeights: [3, 1, 0.1], labelSmoothing: 0.1 }],
  ["a sum over classes", ofSteps, { reduction: "sum" }],
  ["numbers", ofNumbers, { loss: "huber", delta: 0.1 }],
  ["a sum over numbers", ofNumbers, { loss: "meanSquaredError", reduction: "sum" }],
];

describe.each(networks)("%s", (_, samples, options) => {
  const whole = make(options).loss(stack(samples));

  test("have in batches the loss of one batch", () => {
    for (const batchSize of [1, 5, 23, 100]) {
      const batches = stackBatches(samples, batchSize);
      expect([...batches]).toHaveLength(Math.ceil(23 / batchSize));
      const loss = make(options).lossOfAll(batches);
      expect(Math.abs(loss - whole)).toBeLessThanOrEqual(1e-14 * 23 * whole);
      if (batchSize >= 23) expect(loss).toBe(whole);
    }
  });

  test("are validated by fit in batches", async () => {
    const rows = async (more: object) => {
      const network = make(options);
      const seen: number[] = [];
      const collate = (some: SequenceSample[]) => {
        seen.push(some.length);
        return stack(some);
      };
      const common = { optimizer: adamRule(), epochs: 2, batchSize: 5, restoreBest: true, collate };
      const all = await fit(network, samples.slice(0, 10), { ...common, ...more }).finish();
      return { losses: all.flatMap(({ validationLoss }) => validationLoss ?? []), network, seen };
    };
    const [inBatches, inOne] = [
      await rows({ validation: samples }),
      await rows({ validation: stack(samples) }),
    ];
    expect(inBatches.losses).toHaveLength(2);
    inBatches.losses.forEach((loss, k) => {
      expect(Math.abs(loss - inOne.losses[k])).toBeLessThanOrEqual(1e-14 * 23 * loss);
    });
    expect(inBatches.network.stateDict()).toEqual(inOne.network.stateDict());
    expect(inOne.seen).toEqual([5, 5, 5, 5]);
    expect(inBatches.seen).toEqual([5, 5, 5, 5, 5, 5, 3, 5, 5, 5, 5, 5, 5, 3]);
  });
});

test("reports of batches are those of one batch", () => {
  const classes = make();
  const { loss, ...one } = classificationReport(classes, stack(ofSteps));
  const several = classificationReport(classes, stackBatches(ofSteps, 4));
  expect(several).toEqual({ ...one, loss: several.loss });
  expect(several.loss).toBeCloseTo(loss, 13);
  const numbers = make({ loss: "meanSquaredError" });
  const [all, inBatches] = [stack(ofNumbers), stackBatches(ofNumbers, 4)].map((batch) =>
    regressionReport(numbers, batch),
  );
  for (const key of ["loss", "mae", "rmse", "r2"] as const) {
    expect(inBatches[key]).toBeCloseTo(all[key], 12);
  }
  inBatches.outputs.forEach(({ r2 }, k) => {
    expect(r2).toBeCloseTo(all.outputs[k].r2, 12);
  });
});

test("a network of one's own is judged by the mean over the samples", async () => {
  const weight = { name: "w", shape: [1], data: Float64Array.of(0), grad: new Float64Array(1) };
  const network = {
    parameters: [weight],
    lossAndGradients: () => 0,
    loss: ({ sum, count }: { sum: number; count: number }) => sum / count,
  };
  const collate = (some: number[]) => ({ sum: some.reduce((sum, one) => sum + one, 0), count: some.length });
  const options = { optimizer: sgdRule({ lr: 1 }), epochs: 1, batchSize: 3, collate };
  const [row] = await fit(network, [1, 2], { ...options, validation: [1, 2, 3, 10] }).finish();
  expect(row.validationLoss).toBe(4);
});

test("what cannot be validated in batches is refused", async () => {
  const options = { optimizer: adamRule(), epochs: 1, collate: stack };
  expect(() => fit(make(), ofSteps, { ...options, validation: [] })).toThrow(
    new RangeError("fit: validation is empty, but needs at least one sample"),
  );
  const collate = (some: SequenceSample[]) => Promise.resolve(stack(some));
  const training = fit(make(), ofSteps, { ...options, collate, validation: ofSteps });
  await expect(training.finish()).rejects.toThrow("fit: collate promised a batch of validation, but must");
  const wrong = [...ofSteps, { x: [[1, NaN]], y: [[0]] }];
  await expect(
    fit(make(), ofSteps, { ...options, batchSize: 5, validation: wrong }).finish(),
  ).rejects.toThrow(/^SequenceNetwork.lossOfAll: x contains NaN .*\(sample 23 of validation\)/);
  expect(() => make().lossOfAll([])).toThrow("SequenceNetwork.lossOfAll: there is no batch, but must be");
  expect(() => make().lossOfAll([stack(ofSteps), {} as never])).toThrow("SequenceNetwork.lossOfAll: ");
  expect(() => stackBatches([])).toThrow("stackBatches: samples is empty, but needs at least one sample");
  expect(() => stackBatches(ofSteps, 0)).toThrow("stackBatches: batchSize is 0, but must be");
  expect(() => stackBatches("text" as never)).toThrow(
    "stackBatches: samples is a string, but must be an array",
  );
});
