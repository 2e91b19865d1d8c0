// Training of networks of `unrolled/nn`: which weights are left, and what an error says.

import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Checkpoint, TrainableNetwork } from "../../../src/index.js";
import {
  adamRule,
  classificationReport,
  fit,
  fromCsv,
  Optimizer,
  randomStream,
  sgdRule,
  stack,
  toCsv,
  trainingChart,
} from "../../../src/index.js";
import { Linear, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";

describe("restoreBest", () => {
  // The first epoch is the best: from then on the training data lead away from the validation data.
  const data = { batches: [{ x: [[[1]]], y: [[1]] }] };
  const validation = { x: [[[1]]], y: [[0]] };
  const make = () =>
    new SequenceNetwork({
      rnn: new RNN({ inputSize: 1, hiddenSize: 2, seed: 3 }),
      head: new Linear({ inputSize: 2, outputSize: 1, seed: 3 }),
      loss: "meanSquaredError",
    });
  const options = { optimizer: sgdRule({ lr: 0.01 }), epochs: 12, validation };

  test("leaves the weights of the epoch with the lowest validation loss", async () => {
    for (const patience of [undefined, 2]) {
      const [network, last] = [make(), make()];
      const end = patience === undefined ? {} : { patience };
      const rows = await fit(network, data, { ...options, ...end, restoreBest: true }).finish();
      await fit(last, data, { ...options, ...end }).finish();
      const losses = rows.map(({ validationLoss }) => validationLoss!);
      expect(network.loss(validation)).toBe(Math.min(...losses));
      expect(last.loss(validation)).toBe(losses.at(-1));
      expect(losses.at(-1)).toBeGreaterThan(Math.min(...losses));
    }
  });

  test("is resumed with the best weights of the earlier run", async () => {
    const [whole, first, second] = [make(), make(), make()];
    const best = { ...options, restoreBest: true };
    await fit(whole, data, best).finish();
    const stopped = fit(first, data, best);
    for await (const { update } of stopped) if (update === 5) break;
    const from = JSON.parse(JSON.stringify(stopped.checkpoint())) as Checkpoint;
    await fit(second, data, { ...best, from }).finish();
    expect(second.stateDict()).toEqual(whole.stateDict());
    const without = { ...from, best: { loss: 1, epochsAgo: 0 } };
    expect(() => fit(make(), data, { ...best, from: without })).toThrow(
      "fit: from has no best weights, but must be of a run with restoreBest",
    );
    expect(() => fit(make(), data, { optimizer: options.optimizer, epochs: 1, restoreBest: true })).toThrow(
      "fit: validation is undefined, but must be given for restoreBest",
    );
  });
});

describe("metrics", () => {
  const make = () =>
    new SequenceNetwork({
      rnn: new RNN({ inputSize: 1, hiddenSize: 3, seed: 3 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 3 }),
    });
  const random = randomStream(4);
  const samples = Array.from({ length: 40 }, () => {
    const value = random.uniform() - 0.5;
    return { x: [[value]], y: Number(value > 0.1) };
  });
  const validation = stack(samples.slice(20));
  const options = { optimizer: adamRule({ lr: 0.05 }), epochs: 4, batchSize: 7, collate: stack };

  test("are measured at the end of each epoch, and nothing else changes", async () => {
    const [network, plain] = [make(), make()];
    const training = fit(network, samples.slice(0, 20), {
      ...options,
      metrics: {
        accuracy: () => classificationReport(network, validation).accuracy,
        share: () => 0.5,
      },
    });
    const expected: number[] = [];
    for await (const row of training) {
      expect("metrics" in row).toBe(row.update % 3 === 0);
      if (row.update % 3 !== 0) continue;
      const { data } = network.predict(validation);
      const right = samples.slice(20).filter(({ y }, n) => Number(data[2 * n + 1] > data[2 * n]) === y);
      expected.push(right.length / 20);
      expect(row.metrics).toEqual({ accuracy: expected.at(-1), share: 0.5 });
    }
    expect(new Set(expected).size).toBeGreaterThan(1);
    const rows = await fit(plain, samples.slice(0, 20), options).finish();
    expect(rows.map(({ loss }) => loss)).toEqual(training.rows.map(({ loss }) => loss));
    expect(plain.stateDict()).toEqual(network.stateDict());
    expect(fromCsv(toCsv(training.rows)).at(-1)!["metrics.accuracy"]).toBe(expected.at(-1));
    expect(inspect(training)).toContain(`accuracy ${expected.at(-1)!.toPrecision(4)}`);
  });

  test.each(["en", "ko"] as const)("are drawn, a panel for each (%s)", async (language) => {
    const rows = [1, 2, 3, 4].map((update) => ({
      update,
      loss: 1,
      ...(update > 1 && { metrics: { accuracy: update / 5, auc: update === 3 ? NaN : 0.5 } }),
    }));
    const chart = trainingChart(rows, { quantity: "metrics", language });
    const { svg, complaints } = await drawChart(chart);
    expect(complaints).toEqual([]);
    for (const name of ["accuracy", "auc"]) expect(svg).toContain(`>${name}</text>`);
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(5);
    expect(svg).toContain(language === "en" ? "Metrics while training" : "학습에 따른 지표");
    expect(chart.description).toContain("0.4");
    expect(() => trainingChart([{ update: 1, loss: 1 }], { quantity: "metrics" })).toThrow(
      "trainingChart: rows has no metrics, but needs some to draw",
    );
  });

  test("that are no functions, or return no numbers, are named", async () => {
    const training = (metrics: object) =>
      fit(make(), samples, { ...options, metrics: metrics as Record<string, () => number> });
    expect(() => training({ accuracy: 1 })).toThrow(
      new TypeError("fit: metrics.accuracy is a number, but must be a function"),
    );
    expect(() => training([])).toThrow(new TypeError("fit: metrics is an array, but must be an object"));
    await expect(training({ accuracy: () => "high" }).finish()).rejects.toThrow(
      new TypeError("fit: metrics.accuracy returned a string at update 6, but must return a number"),
    );
  });
});

test("an error while training names the update and the sample", async () => {
  const samples = Array.from({ length: 100 }, (_, n) => ({ x: [[n === 57 ? NaN : n / 100]], y: n % 2 }));
  const make = () =>
    new SequenceNetwork({
      rnn: new RNN({ inputSize: 1, hiddenSize: 2 }),
      head: new Linear({ inputSize: 2, outputSize: 2 }),
    });
  const optimizer = sgdRule({ lr: 0.01 });
  for (const batchSize of [8, 1]) {
    const training = fit(make(), samples, { optimizer, epochs: 1, batchSize, collate: stack }).finish();
    await expect(training).rejects.toBeInstanceOf(RangeError);
    await expect(training).rejects.toThrow(
      /^fit: at update \d+ in epoch 1: SequenceNetwork.lossAndGradients: x contains NaN at t = 1.*\(sample 57 of the data\)/,
    );
  }
  samples[57].x = [[null as never]];
  const training = fit(make(), samples, { optimizer, epochs: 1, collate: stack }).finish();
  await expect(training).rejects.toBeInstanceOf(TypeError);
  await expect(training).rejects.toThrow(
    /^fit: at update \d in epoch 1: stack: x contains null at t = 1 \(sample 57 of the data\)/,
  );
});

test("fit takes samples without collate only where batches are arrays of them, by its types too", async () => {
  const network = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 2 }),
    head: new Linear({ inputSize: 2, outputSize: 2 }),
  });
  const samples = [{ x: [[1]], y: 0 }];
  const options = { optimizer: sgdRule({ lr: 0.01 }), epochs: 1 };
  // @ts-expect-error collate is missing
  await expect(fit(network, samples, options).finish()).rejects.toThrow(
    "as `collate: stack` makes of samples",
  );
  await expect(fit(network, { batches: [stack(samples)] }, options).finish()).resolves.toHaveLength(1);
  const ofArrays: TrainableNetwork<typeof samples> = {
    parameters: network.parameters,
    loss: (batch) => network.loss(stack(batch)),
    lossAndGradients: (batch) => network.lossAndGradients(stack(batch)),
  };
  await expect(fit(ofArrays, samples, options).finish()).resolves.toHaveLength(1);
});

test("fit says what came instead of a checkpoint", () => {
  const network = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 2 }),
    head: new Linear({ inputSize: 2, outputSize: 2 }),
  });
  const from = (value: unknown) => () =>
    fit(
      network,
      { batches: [{ x: [[[1]]], y: [0] }] },
      { optimizer: adamRule(), updates: 1, from: value as never },
    );
  expect(from("{}")).toThrow(
    "fit: from is a string: JSON.parse makes the object of it, but must be what checkpoint() returned",
  );
  expect(from({})).toThrow(
    "fit: from is an object without that format, but must be what checkpoint() returned",
  );
});

test("a step that is not a number and options that are texts are refused", () => {
  const network = new RNN({ inputSize: 1, hiddenSize: 2 });
  const before = network.stateDict();
  for (const lr of [NaN, -1, Infinity, "0.1" as never]) {
    expect(() => new Optimizer(adamRule(), network.parameters).step(lr)).toThrow("Optimizer.step: lr is ");
  }
  expect(network.stateDict()).toEqual(before);
  expect(() => adamRule({ lr: "0.01" as never })).toThrow(
    'adamRule: lr is "0.01", but must be a positive number',
  );
  expect(() => adamRule({ betas: ["0.9", "0.999"] as never })).toThrow(
    'adamRule: betas is ["0.9","0.999"], but must be',
  );
  expect(() => new RNN({ inputSize: 1, hiddenSize: "16" as never })).toThrow(
    'RNN: hiddenSize is "16", but must be a positive integer',
  );
});
