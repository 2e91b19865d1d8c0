// The sLSTM: what its stabiliser must not change, and where it is needed.

import { expect, test } from "vitest";
import {
  gateProduct,
  gradientFlow,
  gradientMap,
  gradientPaths,
  inputGradients,
  lyapunovSpectrum,
  stepJacobians,
} from "../../../src/index.js";
import { Linear, SequenceNetwork, SLSTM, toNested } from "../../../src/nn/index.js";
import { readSafetensors, writeSafetensors } from "../../../src/weights/index.js";
import { numbers, numberTensor, relativeError } from "../engine/numbers.js";

const sizes = { inputSize: 2, hiddenSize: 3 };
const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));

test("the states are the paper's, without a stabiliser, divided by eᵐ", () => {
  const layer = new SLSTM({ ...sizes, seed: 3 });
  const x = numberTensor([6, 2], 1);
  const { weight_ih_l0: Wx, weight_hh_l0: Wh, bias_l0: bias } = layer.stateDict();
  let [h, c, n] = [0, 0, 0].map(() => [0, 0, 0]);
  for (let t = 0; t < 6; t++) {
    const k = Array.from(bias.data, (b, row) => {
      const input = Wx.data[2 * row] * x.data[2 * t] + Wx.data[2 * row + 1] * x.data[2 * t + 1];
      return b + input + h.reduce((sum, value, j) => sum + Wh.data[3 * row + j] * value, 0);
    });
    const gates = [0, 1, 2].map((j) => ({
      i: Math.exp(k[j]),
      f: sigmoid(k[3 + j]),
      g: Math.tanh(k[6 + j]),
      o: sigmoid(k[9 + j]),
    }));
    c = gates.map(({ i, f, g }, j) => f * c[j] + i * g);
    n = gates.map(({ i, f }, j) => f * n[j] + i);
    h = gates.map(({ o }, j) => (o * c[j]) / n[j]);
  }
  const { hN, cN } = layer.forward(x);
  const scale = Array.from(cN!.data.subarray(6), Math.exp);
  expect(relativeError(hN.data, h)).toBeLessThanOrEqual(1e-15);
  for (const [part, expected] of [c, n].entries()) {
    const came = scale.map((factor, j) => factor * cN!.data[3 * part + j]);
    expect(relativeError(came, expected)).toBeLessThanOrEqual(1e-14);
  }
});

test("h and its gradients are the same for every scale that a state is written in", () => {
  const layer = new SLSTM({ ...sizes, seed: 4 });
  const x = numberTensor([7, 2], 2);
  const [c, n, m] = [numbers(3, 5), numbers(3, 6).map((value) => value + 1.5), numbers(3, 7)];
  const run = (shift: number) => {
    layer.zeroGrad();
    const factor = Math.exp(-shift);
    const c0 = [...c.map((v) => v * factor), ...n.map((v) => v * factor), ...m.map((v) => v + shift)];
    const tape = layer.forward(x, { c0: [c0] });
    const { dx, dh0, dc0 } = layer.backward(tape, { output: numberTensor([7, 3], 8) });
    const ofC = dc0!.data.slice(0, 6).map((value) => value * factor);
    return [tape.output.data, dx.data, dh0.data, ofC, ...layer.parameters.map(({ grad }) => grad.slice())];
  };
  const expected = run(0);
  for (const shift of [-30, 5, 200]) {
    run(shift).forEach((came, index) => {
      expect(relativeError(came, expected[index])).toBeLessThanOrEqual(1e-12);
    });
  }
});

test.each(["float64", "float32"] as const)("no gate is too large or too small in %s", (dtype) => {
  const layer = new SLSTM({ inputSize: 1, hiddenSize: 1, dtype });
  layer.loadStateDict({
    weight_ih_l0: [[2000], [0], [1], [0]],
    weight_hh_l0: [[0], [0], [0], [0]],
    bias_l0: [0, 40, 0, 40],
  });
  // i is e^x₁…, from e⁻²⁰⁰⁰ on; the largest so far decides, as f and o are 1.
  const { output, cN } = layer.forward([[-1], [-0.5], [1], [0.5]]);
  [-1, -0.5, 1, 1].forEach((x, t) => {
    expect(output.data[t]).toBeCloseTo(Math.tanh(x), dtype === "float64" ? 14 : 6);
  });
  expect(cN!.data[2]).toBe(2000);
  const back = layer.backward(layer.forward([[-1], [-0.5], [1], [0.5]]), { hN: [[1]] });
  expect(back.dx.data.every(Number.isFinite)).toBe(true);
});

const networkOf = (seed: number) =>
  new SequenceNetwork({
    rnn: new SLSTM({ ...sizes, numLayers: 2, seed }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed }),
    outputs: "every",
  });
const batch = { x: numberTensor([6, 2, 2], 3), y: numberTensor([6, 2], 4), lengths: [6, 4] };
batch.y.data.forEach((value, k) => (batch.y.data[k] = value < 0 ? 0 : 1));

test("a network goes on from the state it stopped at: c, n and m beside each other", () => {
  const network = networkOf(1);
  const rows = toNested(batch.x) as number[][][];
  const whole = network.predict({ x: batch.x }).data;
  network.loss({ x: rows.slice(0, 2), y: (toNested(batch.y) as number[][]).slice(0, 2) });
  const state = network.statesAfter(2);
  expect([state.h0.shape, state.c0!.shape]).toEqual([
    [2, 2, 3],
    [2, 2, 9],
  ]);
  expect(network.predict({ x: rows.slice(2), ...state }).data).toEqual(whole.slice(2 * 4));
  const stream = network.stream({ batchSize: 2, ...state });
  expect(rows.slice(2).flatMap((x) => [...stream.step(x)])).toEqual([...whole.slice(2 * 4)]);
  expect(stream.state.c0!.shape).toEqual([2, 2, 9]);
});

test("weights go to a safetensors file and back", () => {
  const [trained, other] = [networkOf(1), networkOf(2)];
  other.loadStateDict(readSafetensors(writeSafetensors(trained.stateDict())).tensors);
  expect(other.predict(batch)).toEqual(trained.predict(batch));
});

test("its gradients are followed; what looks into its steps says that it does not", () => {
  const network = networkOf(1);
  const quantities = new Set(gradientFlow(network, batch).map(({ quantity }) => quantity));
  expect([...quantities].sort()).toEqual(["Wh", "Wx", "b", "c", "h"]);
  expect(gradientMap(network, batch).every(({ norm }) => Number.isFinite(norm))).toBe(true);
  expect(inputGradients(network, batch)).toHaveLength(6 * 3);
  for (const look of [stepJacobians, lyapunovSpectrum, gateProduct, gradientPaths]) {
    expect(() => look(network, batch)).toThrow(
      `${look.name}: the layers are SLSTMs, but must be others: of an SLSTM only its gradients are followed`,
    );
  }
});

test("errors name the width of the state", () => {
  const layer = new SLSTM(sizes);
  expect(() => layer.forward([[1, 2]], { c0: [[1, 2, 3]] })).toThrow(
    "SLSTM.forward: c0 has 3 elements in layer 0, but 3 · hiddenSize is 9",
  );
  expect(() => new SLSTM({ ...sizes, numHeads: 2 } as never)).toThrow('SLSTM: option "numHeads" is unknown');
});
