// The mLSTM: what its stabiliser must not change, where it is needed, and what is refused.

import { expect, test } from "vitest";
import * as unrolled from "../../../src/index.js";
import { gradientFlow, initialize, normalInitializer } from "../../../src/index.js";
import { Linear, MLSTM, SequenceNetwork, toNested } from "../../../src/nn/index.js";
import { numbers, numberTensor, relativeError } from "../engine/numbers.js";

const sizes = { inputSize: 2, hiddenSize: 3 };
const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));

test("the states are the paper's, without a stabiliser, divided by eᵐ", () => {
  const layer = new MLSTM({ ...sizes, seed: 3 });
  layer.parameters[0].data.set(numbers(28, 1, 3));
  const x = numberTensor([8, 2], 1);
  const { weight_ih_l0: W, bias_l0: bias } = layer.stateDict();
  let C = [0, 0, 0].map(() => [0, 0, 0]);
  let n = [0, 0, 0];
  let [ones, more] = [0, 0];
  const output: number[] = [];
  for (let t = 0; t < 8; t++) {
    const z = Array.from(bias.data, (b, row) => {
      return b + W.data[2 * row] * x.data[2 * t] + W.data[2 * row + 1] * x.data[2 * t + 1];
    });
    const [q, k, v, o] = [0, 3, 6, 9].map((from) => z.slice(from, from + 3));
    const [i, f] = [Math.exp(z[12]), sigmoid(z[13])];
    C = C.map((row, j) => row.map((value, r) => f * value + (i * v[j] * k[r]) / Math.sqrt(3)));
    n = n.map((value, r) => f * value + (i * k[r]) / Math.sqrt(3));
    const dot = (row: number[]) => row.reduce((sum, value, r) => sum + value * q[r], 0);
    const read = Math.abs(dot(n));
    if (read > 1) more++;
    else ones++;
    output.push(...C.map((row, j) => (sigmoid(o[j]) * dot(row)) / Math.max(read, 1)));
  }
  expect(Math.min(ones, more)).toBeGreaterThan(1);
  const tape = layer.forward(x);
  expect(relativeError(tape.output.data, output)).toBeLessThanOrEqual(1e-14);
  const scale = Math.exp(tape.cN!.data[12]);
  const states = Array.from(tape.cN!.data.subarray(0, 12), (value) => value * scale);
  expect(relativeError(states, [...C.flat(), ...n])).toBeLessThanOrEqual(1e-14);
  const { q, i } = tape.layers[0].gates;
  expect([q.shape, i.shape]).toEqual([
    [8, 1, 3],
    [8, 1, 1],
  ]);
});

test("h and its gradients are the same for every scale that a state is written in", () => {
  const layer = new MLSTM({ ...sizes, seed: 4 });
  const x = numberTensor([7, 2], 2);
  const [states, m] = [numbers(12, 5), 0.3];
  const run = (shift: number) => {
    layer.zeroGrad();
    const factor = Math.exp(-shift);
    const tape = layer.forward(x, { c0: [[...states.map((value) => value * factor), m + shift]] });
    const { dx, dc0 } = layer.backward(tape, { output: numberTensor([7, 3], 8) });
    const ofStates = dc0!.data.slice(0, 12).map((value) => value * factor);
    return [tape.output.data, dx.data, ofStates, ...layer.parameters.map(({ grad }) => grad.slice())];
  };
  const expected = run(0);
  for (const shift of [-30, 5, 200]) {
    run(shift).forEach((came, index) => {
      expect(relativeError(came, expected[index])).toBeLessThanOrEqual(1e-12);
    });
  }
});

test.each(["float64", "float32"] as const)("no gate is too large or too small in %s", (dtype) => {
  const layer = new MLSTM({ inputSize: 1, hiddenSize: 1, dtype });
  layer.loadStateDict({
    weight_ih_l0: [[0], [0], [1], [0], [2000], [0]],
    bias_l0: [1, 1, 0, 40, 0, -2000],
  });
  // i is e^−2000, e^2000, e^1000 and e^−2000, f is e^−2000: v is read where i is large, otherwise nothing.
  const steps = [[-1], [1], [0.5], [-1]];
  const { output, cN } = layer.forward(steps);
  [0, 1, 0.5, 0].forEach((expected, t) => {
    expect(output.data[t]).toBeCloseTo(expected, dtype === "float64" ? 14 : 6);
  });
  expect(cN!.data[2]).toBe(-1000);
  const { dx, dc0, layers } = layer.backward(layer.forward(steps), { output: [[1], [1], [1], [1]] });
  for (const { data } of [dx, dc0!, layers[0].dz]) expect(data.every(Number.isFinite)).toBe(true);
});

const networkOf = (seed: number) =>
  new SequenceNetwork({
    rnn: new MLSTM({ ...sizes, numLayers: 2, seed }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed }),
    outputs: "every",
  });
const batch = { x: numberTensor([6, 2, 2], 3), y: numberTensor([6, 2], 4), lengths: [6, 4] };
batch.y.data.forEach((value, k) => (batch.y.data[k] = value < 0 ? 0 : 1));

test("a network goes on from the state it stopped at: C, n and m beside each other", () => {
  const network = networkOf(1);
  const rows = toNested(batch.x) as number[][][];
  const whole = network.predict({ x: batch.x }).data;
  network.loss({ x: rows.slice(0, 2), y: (toNested(batch.y) as number[][]).slice(0, 2) });
  const state = network.statesAfter(2);
  expect(state.c0!.shape).toEqual([2, 2, 13]);
  expect(network.predict({ x: rows.slice(2), ...state }).data).toEqual(whole.slice(2 * 4));
  expect(network.predict({ x: rows.slice(2), c0: state.c0 }).data).toEqual(whole.slice(2 * 4));
  const stream = network.stream({ batchSize: 2, ...state });
  expect(rows.slice(2).flatMap((x) => [...stream.step(x)])).toEqual([...whole.slice(2 * 4)]);
});

test("h0 changes nothing and gets no gradient", () => {
  const layer = new MLSTM(sizes);
  const x = numberTensor([4, 2], 1);
  const tape = layer.forward(x, { h0: [[1, 2, 3]] });
  expect(tape.output).toEqual(layer.forward(x).output);
  const { dh0 } = layer.backward(layer.forward(x, { h0: [[1, 2, 3]] }), { hN: [[1, 2, 3]] });
  expect([...dh0.data]).toEqual([0, 0, 0]);
});

test("its gradients are followed; what looks into its steps says that it does not", () => {
  const network = networkOf(1);
  const rows = gradientFlow(network, batch);
  expect([...new Set(rows.map(({ quantity }) => quantity))].sort()).toEqual(["Wx", "b", "c", "h"]);
  for (const name of [
    "stepJacobians",
    "lyapunovSpectrum",
    "gateProduct",
    "gradientPaths",
    "gateHistograms",
    "gateSaturation",
    "newtonStates",
    "parallelBackward",
  ] as const) {
    const look = unrolled[name] as (...given: unknown[]) => unknown;
    expect(() => look(network, batch)).toThrow(
      `${name}: the layers are MLSTMs, but must be others: of an MLSTM only its gradients are followed`,
    );
  }
});

test("each gate is drawn by itself, i and f too", () => {
  const { parameters } = new MLSTM(sizes);
  const shapes: number[][] = [];
  const normal = normalInitializer({ seed: 1 });
  initialize(parameters, {
    inputWeights: {
      matrix(rows, columns) {
        shapes.push([rows, columns]);
        return normal.matrix(rows, columns);
      },
    },
  });
  expect(shapes).toEqual([
    [3, 2],
    [3, 2],
    [3, 2],
    [3, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(parameters[0].data.every((value) => value !== 0)).toBe(true);
  initialize(parameters, {});
  expect(Math.max(...parameters[0].data)).toBeLessThan(1 / Math.sqrt(3));
});

test("errors name the width of the state", () => {
  expect(() => new MLSTM(sizes).forward([[1, 2]], { c0: [[1, 2, 3]] })).toThrow(
    "MLSTM.forward: c0 has 3 elements in layer 0, but hiddenSize² + hiddenSize + 1 is 13",
  );
  expect(() => new MLSTM({ ...sizes, biases: 2 as 1 })).toThrow("MLSTM: biases is 2, but must be 0 or 1");
  expect(() => new MLSTM({ ...sizes, numHeads: 2 } as never)).toThrow('MLSTM: option "numHeads" is unknown');
});
