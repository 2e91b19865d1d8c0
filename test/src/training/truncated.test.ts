import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Checkpoint, SequenceBatch } from "../../../src/index.js";
import {
  adamRule,
  carryState,
  characters,
  fit,
  randomStream,
  sgdRule,
  truncate,
} from "../../../src/index.js";
import { Embedding, GRU, Linear, LSTM, RNN, SequenceNetwork, tensor } from "../../../src/nn/index.js";

type Nested = Parameters<typeof tensor>[0];
interface Truncation {
  cell: "LSTM" | "GRU" | "RNN";
  k1: number;
  k2: number;
  x: Nested;
  y: Nested;
  start: Record<string, number[]>;
  expected: Record<string, Nested>;
  losses: number[];
}
const file = new URL("../../vectors/torch_training/truncated.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as Truncation[];

const cells = { LSTM, GRU, RNN };
const regressor = (dtype: "float64" | "float32" = "float64", cell: Truncation["cell"] = "LSTM") =>
  new SequenceNetwork({
    rnn: new cells[cell]({ inputSize: 3, hiddenSize: 4, biases: 2, dtype }),
    head: new Linear({ inputSize: 4, outputSize: 2, dtype }),
    loss: "meanSquaredError",
    outputs: "every",
  });

test.each(cases)(
  "losses and weights of $cell with k1 = $k1, k2 = $k2 are PyTorch's with detach()",
  async ({ cell, k1, k2, x, y, start, expected, losses }) => {
    const network = regressor("float64", cell);
    network.loadStateDict(start);
    const windows = truncate({ x: tensor(x), y: tensor(y) }, { k1, k2 });
    const rows = await fit(
      carryState(network),
      { batches: windows },
      { optimizer: sgdRule({ lr: 0.1 }), epochs: 1 },
    ).finish();
    expect(rows).toHaveLength(losses.length);
    rows.forEach(({ loss }, n) => expect(loss).toBeCloseTo(losses[n], 13));
    for (const { name, data } of network.parameters) {
      const theirs = tensor(expected[name]).data;
      data.forEach((value, k) => expect(value, name).toBeCloseTo(theirs[k], 13));
    }
  },
);

/** What all windows say of a network whose weights stay: the loss over all steps, and the gradients. */
function sums(network: SequenceNetwork, batch: SequenceBatch, k1: number, k2: number) {
  const carried = carryState(network);
  const gradients = network.parameters.map(({ grad }) => Array.from(grad, () => 0));
  let loss = 0;
  const [T] = batch.x.shape;
  truncate(batch, { k1, k2 }).forEach((window, n) => {
    const weight = (Math.min(T, (n + 1) * k1) - n * k1) / T;
    loss += weight * carried.lossAndGradients(window);
    network.parameters.forEach(({ grad }, index) => {
      grad.forEach((value, k) => (gradients[index][k] += weight * value));
    });
  });
  return { loss, gradients: gradients.flat() };
}

test.each([
  ["an RNN", () => new RNN({ inputSize: 3, hiddenSize: 4, seed: 2 })],
  ["a GRU of two layers", () => new GRU({ inputSize: 3, hiddenSize: 4, numLayers: 2, seed: 2 })],
  ["an LSTM of two layers", () => new LSTM({ inputSize: 3, hiddenSize: 4, numLayers: 2, seed: 2 })],
])("the state of %s is carried on without a gap, and gradients that are not cut are BPTT's", (_, rnn) => {
  const network = new SequenceNetwork({
    rnn: rnn(),
    head: new Linear({ inputSize: 4, outputSize: 5 }),
    outputs: "every",
  });
  const [T, B] = [13, 3];
  const x = { shape: [T, B, 3], data: Float64Array.from({ length: T * B * 3 }, (_, k) => Math.sin(k * k)) };
  const y = { shape: [T, B], data: Float64Array.from({ length: T * B }, (_, k) => (k * k) % 5) };
  const loss = network.lossAndGradients({ x, y });
  const gradients = network.parameters.flatMap(({ grad }) => [...grad]);
  const far = (others: number[]) => Math.max(...others.map((value, k) => Math.abs(value - gradients[k])));
  for (const [k1, k2] of [
    [1, 1],
    [3, 3],
    [4, 6],
    [2, 13],
    [5, 40],
  ]) {
    const all = sums(network, { x, y }, k1, k2);
    expect(all.loss).toBeCloseTo(loss, 13);
    if (k2 >= T) expect(far(all.gradients)).toBeLessThan(1e-13);
    else expect(far(all.gradients)).toBeGreaterThan(1e-4);
  }
  // The further back gradients go, the nearer they come to those of BPTT.
  const distances = [2, 4, 8].map((k2) => far(sums(network, { x, y }, 2, k2).gradients));
  expect(distances).toEqual([...distances].sort((a, b) => b - a));
});

const verse = `Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;`;

test.each(["float64", "float32"] as const)(
  "the %s learns characters, and training stopped within the text resumes bit for bit",
  async (dtype) => {
    const data = characters(verse);
    const make = () =>
      new SequenceNetwork({
        embedding: new Embedding({ numEmbeddings: data.size, embeddingDim: 8, dtype }),
        rnn: new LSTM({ inputSize: 8, hiddenSize: 16, numLayers: 2, dropout: 0.1, dtype, seed: 1 }),
        head: new Linear({ inputSize: 16, outputSize: data.size, dtype }),
        outputs: "every",
      });
    const batches = truncate(data.streams(4), { k1: 8, k2: 16 });
    expect(batches).toHaveLength(6);
    const options = { optimizer: adamRule({ lr: 0.02 }), clip: { maxNorm: 1 } };
    const whole = make();
    const straight = fit(carryState(whole), { batches }, { ...options, updates: 100 });
    const { rows } = straight;
    await straight.finish();
    expect(rows[0].loss).toBeGreaterThan(Math.log(data.size) - 0.5);
    expect(rows[99].loss).toBeLessThan(Math.log(data.size) - 1);

    const first = fit(carryState(make()), { batches }, { ...options, updates: 45 }); // 45 = 7 · 6 + 3
    await first.finish();
    const saved = JSON.parse(JSON.stringify(first.checkpoint())) as Checkpoint;
    const other = make();
    const resumed = fit(carryState(other), { batches }, { ...options, updates: 100, from: saved });
    await resumed.finish();
    expect(other.stateDict()).toEqual(whole.stateDict());
    expect(resumed.checkpoint()).toEqual(straight.checkpoint());
    expect((saved.network.h0 as number[]).length).toBe(2 * 4 * 16);
  },
);

test("each of several texts begins with a new state", () => {
  const batch = (value: number): SequenceBatch => ({
    x: { shape: [4, 1, 3], data: new Float64Array(12).fill(value) },
    y: { shape: [4, 1, 2], data: new Float64Array(8) },
  });
  const windows = truncate([batch(1), batch(2)], { k1: 2, k2: 2 });
  expect(windows.map(({ first }) => first)).toEqual([true, false, true, false]);
  const carried = carryState(regressor());
  const losses = windows.map((window) => carried.lossAndGradients(window));
  const alone = carryState(regressor());
  expect(windows.slice(2).map((window) => alone.lossAndGradients(window))).toEqual(losses.slice(2));
  expect(losses[1]).not.toBe(losses[0]);
});

test("truncate and carryState name what does not fit", () => {
  const x = tensor([[[1]], [[2]], [[3]]]);
  const y = tensor([[1], [2], [3]]);
  expect(() => truncate({ x, y }, { k1: 3, k2: 2 })).toThrow("truncate: k2 is 2, but must be at least k1, 3");
  expect(() => truncate({ x, y: tensor([1]) }, { k1: 1, k2: 2 })).toThrow(
    "truncate: y is [1], but needs a target for each step, [3, 1] or [3, 1, K]",
  );
  expect(() => truncate({ x, y, lengths: [2] }, { k1: 1, k2: 1 })).toThrow("truncate: the batch has lengths");
  const both = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 2, bidirectional: true }),
    head: new Linear({ inputSize: 4, outputSize: 4 }),
    outputs: "every",
  });
  const [window] = truncate({ x, y }, { k1: 2, k2: 2 });
  expect(() => carryState(both).lossAndGradients(window)).toThrow(
    "SequenceNetwork.statesAfter: the network reads in both directions",
  );
  expect(() => regressor().statesAfter(1)).toThrow("SequenceNetwork.statesAfter: the batch is gone");
  expect(() => carryState({} as never)).toThrow(
    "carryState: network is an object, but must have statesAfter",
  );
});

test("a validation stream is judged from its own beginning and leaves the state of training alone", () => {
  const make = () =>
    new SequenceNetwork({
      rnn: new LSTM({ inputSize: 1, hiddenSize: 3, seed: 2 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 2 }),
      outputs: "every",
    });
  const stream = (seed: number) => {
    const random = randomStream(seed);
    const of = (value: () => number) => ({
      shape: [23, 2, 1],
      data: Float64Array.from({ length: 46 }, value),
    });
    const y = of(() => random.below(2));
    return { x: of(() => random.uniform()), y: { ...y, shape: [23, 2] } };
  };
  const [seen, unseen] = [stream(1), stream(2)];
  const network = make();
  const carried = carryState(network);
  const windows = truncate(seen, { k1: 5, k2: 8 });
  for (const window of windows.slice(0, 2)) carried.lossAndGradients(window);
  const before = structuredClone(carried.state);
  expect(carried.loss(truncate(unseen, { k1: 5, k2: 8 }))).toBeCloseTo(network.loss(unseen), 14);
  expect(carried.state).toEqual(before);
  expect(() => carried.lossAndGradients(windows)).toThrow(
    "carryState: the batch is several windows, but must be one",
  );
});

test("targets that are missing stay so in windows", () => {
  const x = { shape: [4, 1, 1], data: Float64Array.of(1, 2, 3, 4) };
  const windows = truncate({ x, y: [[[1]], [null], [null], [[4]]] }, { k1: 2, k2: 3 });
  expect(windows.map(({ y }) => y)).toEqual([
    [[[1]], [null]],
    [[null], [null], [[4]]],
  ]);
});
