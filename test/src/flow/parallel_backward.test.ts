// Backpropagation by a scan: against PyTorch's gradients and against the same network's own step by step.

import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import { LSTM as SlidesLSTM, parallelBackward, patched } from "../../../src/index.js";
import type { RecurrentOptions, SequenceNetworkOptions } from "../../../src/nn/index.js";
import { looksInto } from "../../../src/flow/trajectory.js";
import { Embedding, Linear, LSTM, RNN, SequenceNetwork, SLSTM } from "../../../src/nn/index.js";
import type { NetworkBatch, Tensor } from "../../../src/nn/index.js";
import { numbers, numberTensor, relativeError } from "../engine/numbers.js";
import type { NestedValues } from "../nn/fixtures.js";
import { expectClose, moduleOf, torchVectors } from "../nn/fixtures.js";

interface Case extends Omit<NetworkBatch, "mask" | "dropoutMasks"> {
  name: string;
  options: Omit<SequenceNetworkOptions, "rnn" | "head" | "embedding"> & {
    embedding?: ConstructorParameters<typeof Embedding>[0];
    rnn: RecurrentOptions & { cell: CellKind };
    head: ConstructorParameters<typeof Linear>[0];
  };
  parameters: Record<string, number[]>;
  expected: { loss: number; parameters: Record<string, NestedValues> };
}

const ofTorch = torchVectors<Case>("networks").filter(({ options }) => looksInto(options.rnn.cell));

test.each(ofTorch)("gradients are PyTorch's: $name", ({ options, parameters, expected, ...batch }) => {
  const { embedding, rnn, head, ...others } = options;
  const { cell, ...ofCell } = rnn;
  const network = new SequenceNetwork({
    ...(embedding && { embedding: new Embedding(embedding) }),
    rnn: moduleOf(cell, ofCell),
    head: new Linear(head),
    ...others,
  });
  network.loadStateDict(parameters);
  const { x, y, lengths, h0, c0 } = batch;
  const { loss, gradients } = parallelBackward(network, { x, y, lengths, h0, c0 });
  expect(Math.abs(loss - expected.loss)).toBeLessThanOrEqual(1e-14 * expected.loss);
  expect(Object.keys(gradients)).toEqual(network.parameters.map(({ name }) => name));
  for (const [name, gradient] of Object.entries(gradients)) {
    expectClose(name, gradient, expected.parameters[name], 1e-12);
  }
});

const cells = [
  "rnn_tanh",
  "rnn_relu",
  "lstm",
  "gru",
  "gru_reset_before",
  "min_gru",
  "min_lstm",
  "lstm_peephole",
] as const;
const T = 21;

function networkOf(cell: CellKind, options: Partial<RecurrentOptions> = {}) {
  const rnn = moduleOf(cell, { inputSize: 2, hiddenSize: 3, seed: 1, ...options });
  const head = new Linear({ inputSize: rnn.outputSize, outputSize: 2, seed: 2, dtype: rnn.dtype });
  const network = new SequenceNetwork({ rnn, head, outputs: "every", loss: "meanSquaredError" });
  const states = (rnn.bidirectional ? 2 : 1) * rnn.numLayers;
  const batch = {
    x: numberTensor([T, 3, 2], 3),
    y: numberTensor([T, 3, 2], 4),
    h0: numberTensor([states, 3, 3], 5),
    ...(cell.startsWith("lstm") && { c0: numberTensor([states, 3, 3], 6) }),
    lengths: [T, 1, 13],
  };
  return { network, batch };
}

/** What the module's own backward says of the same batch, given ∂L/∂output of the mean squared error. */
function stepByStep({ network, batch }: ReturnType<typeof networkOf>) {
  const { y, ...input } = batch;
  const [weight] = network.head.parameters;
  const width = network.rnn.outputSize;
  const predictions = network.predict(input).data;
  const counted = 2 * batch.lengths.reduce((sum, length) => sum + length);
  const output = new Float64Array(T * 3 * width);
  for (let row = 0; row < T * 3; row++) {
    if (Math.floor(row / 3) >= batch.lengths[row % 3]) continue;
    for (let k = 0; k < 2; k++) {
      const d = (2 * (predictions[2 * row + k] - y.data[2 * row + k])) / counted;
      for (let j = 0; j < width; j++) output[row * width + j] += d * weight.data[k * width + j];
    }
  }
  const { x, ...options } = input;
  const tape = network.rnn.forward(x, options);
  return network.rnn.backward(tape, { output: { shape: [T, 3, width], data: output } });
}

test.each(cells)("states and gradients are those of going back step by step: %s", (cell) => {
  const of = networkOf(cell, { numLayers: 2, bidirectional: true });
  const { network, batch } = of;
  const expected = stepByStep(of);
  const before = network.gradients.fill(7).slice();
  const { loss, gradients, rounds, ...states } = parallelBackward(network, batch);
  expect(network.gradients).toEqual(before);
  expect(rounds).toBe(7); // of 21 steps, 4 up and 3 down
  expect(network.lossAndGradients(batch)).toBe(loss);
  for (const { name, grad } of network.parameters) {
    expect(relativeError(gradients[name].data, grad), name).toBeLessThanOrEqual(1e-13);
  }
  const pairs = [
    { came: { dh0: states.dh0, dc0: states.dc0 }, own: { dh0: expected.dh0, dc0: expected.dc0 } },
    ...states.layers.map((came, lane) => ({ came, own: expected.layers[lane] })),
  ];
  for (const { came, own } of pairs) {
    expect(Object.keys(came)).toEqual(Object.keys(own));
    const found = new Map<string, unknown>(Object.entries(came));
    for (const [name, value] of Object.entries(own) as [string, unknown][]) {
      if (typeof value !== "object") expect(found.get(name), name).toBe(value);
      else expectTensor(name, found.get(name) as Tensor, value as Tensor);
    }
  }
});

function expectTensor(name: string, came: Tensor, expected: Tensor) {
  expect(came.shape, name).toEqual(expected.shape);
  expect(relativeError(came.data, expected.data), name).toBeLessThanOrEqual(1e-13);
}

test("one step needs no round, and two layers of float32 agree as far as float32 goes", () => {
  const { network, batch } = networkOf("gru", { numLayers: 2, dtype: "float32" });
  const { gradients, rounds } = parallelBackward(network, batch);
  expect(rounds).toBe(7);
  network.lossAndGradients(batch);
  for (const { name, grad } of network.parameters) {
    expect(relativeError(gradients[name].data, grad), name).toBeLessThanOrEqual(5e-6);
  }
  expect(parallelBackward(network, { x: [[1, 2]], y: [[0, 1]] }).rounds).toBe(0);
});

test("a gradient that vanishes or explodes does so by the scan as well", () => {
  for (const scale of [0.2, 3.2]) {
    const of = networkOf("rnn_tanh");
    const weights = of.network.parameters.find(({ name }) => name === "rnn.weight_hh_l0")!;
    weights.data.set(numbers(9, 9, scale));
    const [expected] = stepByStep(of).layers;
    expectTensor("dh", parallelBackward(of.network, of.batch).layers[0].dh, expected.dh);
  }
});

test("errors say what is not followed, and where a product of Jacobians overflows", () => {
  const head = () => new Linear({ inputSize: 3, outputSize: 2 });
  const slstm = new SequenceNetwork({ rnn: new SLSTM({ inputSize: 2, hiddenSize: 3 }), head: head() });
  const batch = { x: [[1, 2]], y: 1 };
  expect(() => parallelBackward(slstm, batch)).toThrow("parallelBackward: the layers are SLSTMs");
  const fixed = patched(networkOf("lstm").network, { f: { value: 1 } });
  expect(() => parallelBackward(fixed, networkOf("lstm").batch)).toThrow(
    "parallelBackward: the network is patched, but must be as it was",
  );
  const layer = new SlidesLSTM({ inputSize: 2, hiddenSize: 3 });
  expect(() => parallelBackward(layer as never, batch)).toThrow(
    "parallelBackward: network is an object, but must be a SequenceNetwork",
  );
  const network = new SequenceNetwork({ rnn: new LSTM({ inputSize: 2, hiddenSize: 3 }), head: head() });
  expect(() => parallelBackward(network, { x: [[1]], y: 1 })).toThrow(
    "parallelBackward: x has 1 features at t = 1, but inputSize is 2",
  );
  const exploding = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 1, nonlinearity: "identity", biases: 0 }),
    head: new Linear({ inputSize: 1, outputSize: 2 }),
  });
  exploding.parameters.find(({ name }) => name === "rnn.weight_hh_l0")!.data.fill(1e160);
  const steps = { x: [[0], [0], [0], [0]], y: 1 };
  expect(() => parallelBackward(exploding, steps)).toThrow(
    /^RNN\.backward: dh contains -?Infinity at t = 2, but must be finite$/,
  );
});
