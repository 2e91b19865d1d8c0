// The same network in float32 and in float64, at a size where float32 is computed by WebAssembly: what the
// small fixtures of PyTorch do not reach.

import { expect, test } from "vitest";
import { cellKinds } from "../../../src/engine/engine.js";
import { gradientFlow } from "../../../src/index.js";
import type { DType } from "../../../src/nn/index.js";
import { Linear, SequenceNetwork } from "../../../src/nn/index.js";
import { numbers, relativeError, unitsFor } from "../engine/numbers.js";
import { moduleOf, tolerancesOf } from "./fixtures.js";

const [T, B, I, K] = [13, 9, 19, 150];
const lengths = [13, 4, 1, 7, 13, 2, 9, 10, 3];
const drawn = (shape: number[], seed: number) => ({
  shape,
  data: Float32Array.from(
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  ),
});
const batchOf = (H: number) => ({
  x: drawn([T, B, I], 1),
  y: {
    shape: [T, B],
    data: drawn([T, B], 2).data.map((value) => Math.min(K - 1, Math.floor(((value + 1) / 2) * K))),
  },
  lengths,
  h0: drawn([4, B, H], 3),
  dropoutMasks: [{ shape: [T, B, 2 * H], data: drawn([T, B, 2 * H], 4).data.map((v) => (v < 0 ? 0 : 2)) }],
});

test.each(cellKinds)("a network of %s computes in float32 what it computes in float64", (cell) => {
  const H = unitsFor(cell, 37);
  const batch = batchOf(H);
  const run = (dtype: DType) => {
    const sizes = { inputSize: I, hiddenSize: H, numLayers: 2, bidirectional: true, dropout: 0.5, seed: 7 };
    const network = new SequenceNetwork({
      rnn: moduleOf(cell, { ...sizes, dtype, biases: 2 }),
      head: new Linear({ inputSize: 2 * H, outputSize: K, dtype, seed: 8 }),
      outputs: "every",
    });
    for (const { data } of network.parameters) data.set(Float32Array.from(data)); // the same numbers in both
    const { x, h0, dropoutMasks } = batch;
    const tape = network.rnn.forward(x, { h0, lengths, dropoutMasks });
    const loss = network.lossAndGradients(batch);
    return { network, tape, loss, flow: gradientFlow(network) };
  };
  const [single, exact] = [run("float32"), run("float64")];
  const { forward, gradient } = tolerancesOf(cell, "float32");
  expect(Math.abs(single.loss / exact.loss - 1)).toBeLessThanOrEqual(forward);
  expect(relativeError(single.tape.output.data, exact.tape.output.data)).toBeLessThanOrEqual(forward);
  single.tape.layers.forEach(({ gates }, lane) => {
    for (const [name, { data }] of Object.entries(gates)) {
      expect(relativeError(data, exact.tape.layers[lane].gates[name].data), name).toBeLessThanOrEqual(
        forward,
      );
    }
  });
  single.network.parameters.forEach(({ name, grad }, index) => {
    expect(relativeError(grad, exact.network.parameters[index].grad), name).toBeLessThanOrEqual(gradient);
  });
  const norms = (flow: typeof single.flow) => flow.map(({ norm }) => norm);
  expect(relativeError(norms(single.flow), norms(exact.flow))).toBeLessThanOrEqual(gradient);
});
