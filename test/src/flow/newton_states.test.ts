// All states at once by Newton's method: against the states step by step, and where it must not get there.

import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type { NewtonStates } from "../../../src/index.js";
import * as slides from "../../../src/index.js";
import { newtonStates } from "../../../src/index.js";
import type { RecurrentOptions } from "../../../src/nn/index.js";
import { Linear, SequenceNetwork, SLSTM } from "../../../src/nn/index.js";
import { numbers, numberTensor, relativeError } from "../engine/numbers.js";
import { moduleOf } from "../nn/fixtures.js";

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
const T = 40;

function networkOf(cell: CellKind, options: Partial<RecurrentOptions> = {}) {
  const rnn = moduleOf(cell, { inputSize: 2, hiddenSize: 4, seed: 1, ...options });
  const head = new Linear({ inputSize: rnn.outputSize, outputSize: 2 });
  return new SequenceNetwork({ rnn, head });
}

const errors = (rows: NewtonStates) => rows.map(({ error }) => error);

test.each(cells)("the states are those of going step by step: %s", (cell) => {
  const network = networkOf(cell, { numLayers: 2, bidirectional: true });
  const states = {
    h0: numberTensor([4, 3, 4], 5),
    ...(cell.startsWith("lstm") && { c0: numberTensor([4, 3, 4], 6) }),
  };
  const input = { x: numberTensor([T, 3, 2], 3), lengths: [T, 1, 13], ...states };
  const rows = newtonStates(network, input);
  const { layers } = network.rnn.forward(input.x, { lengths: input.lengths, ...states });
  expect(rows.lanes.map(({ layer, direction, outcome }) => ({ layer, direction, outcome }))).toEqual(
    layers.map(({ layer, direction }) => ({ layer, direction, outcome: "converged" })),
  );
  rows.lanes.forEach(({ h, c }, lane) => {
    expect(h.shape).toEqual([T, 3, 4]);
    expect(relativeError(h.data, layers[lane].h.data)).toBeLessThanOrEqual(1e-12);
    expect(relativeError(c?.data ?? [], layers[lane].c?.data ?? [])).toBeLessThanOrEqual(1e-12);
  });
});

test("what is linear in the state takes one iteration, and no more than rounding is left", () => {
  for (const cell of ["rnn_identity", "min_gru"] as const) {
    const rows = newtonStates(networkOf(cell), { x: numberTensor([T, 1, 2], 3) });
    expect(rows.map(({ iteration }) => iteration)).toEqual([0, 1]);
    expect(rows[1].error).toBeLessThanOrEqual(1e-14);
  }
});

test("each iteration squares the error, and finds at least one more state", () => {
  const network = networkOf("rnn_tanh");
  const rows = newtonStates(network, { x: numberTensor([T, 1, 2], 3) });
  const far = errors(rows).filter((error) => error > 1e-6);
  errors(rows)
    .slice(1, far.length + 1)
    .forEach((error, k) => expect(error).toBeLessThanOrEqual(Math.max(2 * far[k] ** 2, 1e-13)));
  expect(rows.length).toBeLessThan(10);
  const { h } = network.rnn.forward(numberTensor([T, 1, 2], 3)).layers[0];
  for (const iterations of [1, 2, 3]) {
    const { lanes } = newtonStates(network, { x: numberTensor([T, 1, 2], 3) }, { iterations });
    const found = 4 * iterations;
    expect(relativeError(lanes[0].h.data.slice(0, found), h.data.slice(0, found))).toBeLessThanOrEqual(1e-14);
  }
});

test.each(["rnn", "lstm"])("the slides' models too: %s", (kind) => {
  const sizes = { inputSize: 2, hiddenSize: 3, seed: 1 };
  const layer = kind === "rnn" ? new slides.RNN(sizes) : new slides.LSTM(sizes);
  const head = new slides.Dense({ inputSize: 3, outputSize: 2 });
  const model = new slides.SequenceClassifier<slides.RNN | slides.LSTM>({ layer, head });
  const x = Array.from({ length: T }, (_, t) => numbers(2, t + 1));
  const { lanes } = newtonStates(model, { x, y: [1, 0] });
  expect(relativeError(lanes[0].h.data, layer.forward(x).h.flat())).toBeLessThanOrEqual(1e-12);
});

function exploding(gain: number) {
  const network = networkOf("rnn_tanh", { hiddenSize: 8 });
  const weights = network.parameters.find(({ name }) => name === "rnn.weight_hh_l0")!;
  weights.data.set(numbers(64, 7, gain));
  return network;
}

test("where neighbouring states come apart, the lane says whether anything was found", () => {
  const x = numberTensor([T, 1, 2], 3);
  const slow = newtonStates(exploding(2), { x });
  expect(slow.lanes[0].outcome).toBe("converged");
  expect(slow.length).toBeGreaterThan(T / 2); // state after state, and hardly faster than step by step
  expect(slow.at(-1)!.error).toBeLessThanOrEqual(1e-12);
  const stopped = newtonStates(exploding(2), { x }, { iterations: 5 });
  expect([stopped.lanes[0].outcome, stopped.length]).toEqual(["stopped", 6]);
  expect(stopped.at(-1)!.error).toBeGreaterThan(0.1);
  // Products of 200 Jacobians of this size are beyond what a number can be.
  const overflow = newtonStates(exploding(50), { x: numberTensor([5 * T, 1, 2], 3) });
  expect([overflow.lanes[0].outcome, overflow.length]).toEqual(["overflow", 1]);
  expect(overflow.lanes[0].h.data.every((value) => value === 0)).toBe(true);
});

test("errors say what is not solved", () => {
  const head = new Linear({ inputSize: 3, outputSize: 2 });
  const slstm = new SequenceNetwork({ rnn: new SLSTM({ inputSize: 2, hiddenSize: 3 }), head });
  expect(() => newtonStates(slstm, { x: [[1, 2]] })).toThrow("newtonStates: the layers are SLSTMs");
  const network = networkOf("gru");
  expect(() => newtonStates(network, { x: [[1, 2]] }, { iterations: -1 })).toThrow(
    "newtonStates: iterations is -1, but must be an integer of at least 0",
  );
  expect(() => newtonStates(network, { x: [[1, 2]] }, { steps: 1 } as never)).toThrow(
    'newtonStates: option "steps" is unknown',
  );
  expect(() => newtonStates(slides.patched(network, { z: { value: 1 } }), { x: [[1, 2]] })).toThrow(
    "newtonStates: the network is patched, but must be as it was",
  );
  expect(() => newtonStates({} as never, { x: [[1, 2]] })).toThrow("newtonStates: model is an object");
});
