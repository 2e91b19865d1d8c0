// Sequences whose steps backward computes again in segments, against the whole: the same states, losses and
// gradients, with all that may come with a batch.

import { describe, expect, test } from "vitest";
import { gateSaturation, gradientFlow } from "../../../src/index.js";
import type {
  ForwardOptions,
  NetworkBatch,
  RecurrentModule,
  RecurrentOptions,
} from "../../../src/nn/index.js";
import {
  GRU,
  Linear,
  LRU,
  LSTM,
  MinGRU,
  MinLSTM,
  MLSTM,
  RNN,
  SequenceNetwork,
  SLSTM,
} from "../../../src/nn/index.js";
import { randomStream } from "../../../src/numbers/random.js";
import type { RecurrenceSize } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import { RecomputedRecurrence } from "../../../src/engine/recomputed_recurrence.js";
import type { DType, Floats, Tensor } from "../../../src/numbers/tensor.js";
import { allocate } from "../../../src/numbers/tensor.js";
import { relativeError } from "../engine/numbers.js";

const [T, B, I, H] = [23, 4, 3, 6];
const random = randomStream(8);
const numbers = (...shape: number[]): Tensor => ({
  shape,
  data: Float64Array.from(
    { length: shape.reduce((all, size) => all * size, 1) },
    () => random.uniform() - 0.5,
  ),
});
class Peepholes extends LSTM {
  constructor(options: RecurrentOptions) {
    super({ ...options, peepholes: true });
  }
}
const cells = { Peepholes, RNN, LSTM, GRU, MinGRU, MinLSTM, SLSTM, MLSTM, LRU };
type CellName = keyof typeof cells;
const statesOf: Partial<Record<CellName, number>> = {
  LSTM: H,
  Peepholes: H,
  SLSTM: 3 * H,
  MLSTM: H * H + H + 1,
};

/** Ends within a segment of 7, at its border, in its first step and at the end of all. */
const lengths = [23, 9, 14, 1];
const x = numbers(T, B, I);

interface Kind {
  lanes: number;
  options: { numLayers?: number; bidirectional?: boolean; dropout?: number; dtype?: DType };
  batch: (cell: CellName) => ForwardOptions;
}
const states = (cell: CellName, lanes: number): ForwardOptions => ({
  h0: numbers(lanes, B, H),
  ...(statesOf[cell] && { c0: numbers(lanes, B, statesOf[cell]) }),
});
const kinds: Record<string, Kind> = {
  plain: { lanes: 1, options: {}, batch: () => ({}) },
  "with lengths and states": { lanes: 1, options: {}, batch: (cell) => ({ lengths, ...states(cell, 1) }) },
  "in two directions": { lanes: 2, options: { bidirectional: true }, batch: (cell) => states(cell, 2) },
  "of two layers in two directions, with lengths, states and masks": {
    lanes: 4,
    options: { numLayers: 2, bidirectional: true, dropout: 0.5 },
    batch: (cell) => ({ lengths, ...states(cell, 4), dropoutMasks: [numbers(T, B, 2 * H)] }),
  },
  "in float32": {
    lanes: 2,
    options: { bidirectional: true, dtype: "float32" },
    batch: (cell) => ({ lengths, ...states(cell, 2) }),
  },
};

function computed(module: RecurrentModule, options: ForwardOptions, seed: number) {
  const own = randomStream(seed);
  const like = ({ shape, data }: Tensor): Tensor => ({
    shape,
    data: Float64Array.from(data, () => own.uniform() - 0.5),
  });
  const input: Tensor = { shape: x.shape, data: x.data.slice() };
  // What is beyond the end of a sequence must not be read.
  Array.from(options.lengths ?? []).forEach((length, b) => {
    for (let t = length; t < T; t++) input.data.fill(NaN, (t * B + b) * I, (t * B + b + 1) * I);
  });
  const tape = module.forward(input, options);
  const { output, hN, cN } = tape;
  for (const { grad } of module.parameters) grad.fill(0);
  const gradients = module.backward(tape, {
    output: like(output),
    hN: like(hN),
    ...(cN && { cN: like(cN) }),
  });
  const { dx, dh0, dc0 } = gradients;
  return {
    tape,
    gradients,
    states: { output, hN, ...(cN && { cN }) },
    ofStates: { dx, dh0, ...(dc0 && { dc0 }) },
    ofWeights: module.parameters.map(({ name, grad }) => ({ name, grad: grad.slice() })),
  };
}

const everyKind = Object.keys(cells).flatMap((cell) =>
  Object.keys(kinds).map((kind): [CellName, string] => [cell as CellName, kind]),
);

test.each(everyKind)("%s %s: segments give what the whole gives", (cell, name) => {
  const { options, batch } = kinds[name];
  const given = batch(cell);
  const make = (recomputeSteps?: number) =>
    new cells[cell]({ inputSize: I, hiddenSize: H, seed: 3, ...options, recomputeSteps });
  const whole = computed(make(), given, 5);
  for (const steps of [1, 7, 22, 23]) {
    const segments = computed(make(steps), given, 5);
    const isExact = options.dtype !== "float32";
    const tolerance = isExact ? 1e-12 : 1e-5;
    if (isExact) expect(segments.states).toEqual(whole.states);
    for (const key of ["output", "hN", "cN"] as const) {
      const [came, expected] = [segments.states[key], whole.states[key]];
      expect(came?.shape).toEqual(expected?.shape);
      if (expected) expect(relativeError(came!.data, expected.data), key).toBeLessThanOrEqual(1e-5);
    }
    for (const key of ["dx", "dh0", "dc0"] as const) {
      const [came, expected] = [segments.ofStates[key], whole.ofStates[key]];
      expect(came?.shape).toEqual(expected?.shape);
      if (expected) expect(relativeError(came!.data, expected.data), key).toBeLessThanOrEqual(tolerance);
    }
    segments.ofWeights.forEach(({ name: weight, grad }, k) => {
      expect(relativeError(grad, whole.ofWeights[k].grad), weight).toBeLessThanOrEqual(tolerance);
    });
    const lanes = steps < T ? 0 : kinds[name].lanes;
    expect([segments.tape.layers.length, segments.gradients.layers.length]).toEqual([lanes, lanes]);
  }
});

describe("a network", () => {
  const make = (recomputeSteps?: number, more: object = {}) =>
    new SequenceNetwork({
      rnn: new LSTM({
        ...{ inputSize: I, hiddenSize: H, numLayers: 2, dropout: 0.3, bidirectional: true, recomputeSteps },
        seed: 2,
      }),
      head: new Linear({ inputSize: 2 * H, outputSize: 2 }),
      outputs: "every",
      loss: "meanSquaredError",
      ...more,
    });
  const batch: NetworkBatch = { x, y: numbers(T, B, 2), lengths };

  test("trains on segments as on the whole, with dropout, and its gradient flow is the same", () => {
    const [whole, segments] = [make(), make(6)];
    for (let k = 0; k < 2; k++) {
      expect(segments.lossAndGradients(batch)).toBe(whole.lossAndGradients(batch));
      expect(relativeError(segments.gradients, whole.gradients)).toBeLessThanOrEqual(1e-12);
      const [came, expected] = [gradientFlow(segments), gradientFlow(whole)];
      const place = ({ t, layer, direction, quantity }: (typeof came)[number]) => ({
        ...{ t, layer, direction, quantity },
      });
      expect(came.map(place)).toEqual(expected.map(place));
      const norms = [came, expected].map((rows) => rows.map(({ norm }) => norm));
      expect(relativeError(norms[0], norms[1])).toBeLessThanOrEqual(1e-12);
    }
    const rows = [gradientFlow(make(6), batch), gradientFlow(make(), batch)];
    expect(rows[0].map(({ norm }) => norm)).toEqual(rows[1].map(({ norm }) => norm));
  });

  test("refuses what looks inside steps that are not kept", () => {
    const message =
      "recomputeSteps is 6, but must be undefined, or 23, to look at the gates: of 23 steps they are not kept";
    expect(() => gateSaturation(make(6), batch)).toThrow(new Error(message));
    expect(() => make(6, { observe: true }).lossAndGradients(batch)).toThrow(new Error(message));
    expect(gateSaturation(make(T), batch)).toEqual(gateSaturation(make(), batch));
    expect(() => make(0)).toThrow("LSTM: recomputeSteps is 0, but must be");
    expect(() => make("6" as never)).toThrow(TypeError);
  });

  test("carries its state on from any step", () => {
    const oneWay = (recomputeSteps?: number) =>
      new SequenceNetwork({
        rnn: new LSTM({ inputSize: I, hiddenSize: H, seed: 2, recomputeSteps }),
        head: new Linear({ inputSize: H, outputSize: 2 }),
        loss: "meanSquaredError",
      });
    const [whole, segments] = [oneWay(), oneWay(6)];
    for (const network of [whole, segments]) network.lossAndGradients({ x, y: numbers(B, 2) });
    for (const steps of [1, 6, 7, 20, T]) {
      expect(segments.statesAfter(steps)).toEqual(whole.statesAfter(steps));
    }
  });
});

test.each(["float64", "float32"] as const)(
  "what is beyond the end of a sequence is not read in %s",
  (dtype) => {
    const size = { cell: "lstm", T, B, I, H } as const;
    const floats = (given: Tensor) => (dtype === "float64" ? given.data : Float32Array.from(given.data));
    const weights = {
      Wx: floats(numbers(4 * H, I)),
      Wh: floats(numbers(4 * H, H)),
      b: floats(numbers(4 * H)),
    };
    const gradientsOf = (beyond: number) => {
      const make = (some: RecurrenceSize) => engineFor(dtype).recurrence(some);
      const recurrence = new RecomputedRecurrence(dtype, size, 6, make);
      const read = floats({ shape: x.shape, data: x.data.slice() });
      lengths.forEach((length, b) => {
        for (let t = length; t < T; t++) read.fill(beyond, (t * B + b) * I, (t * B + b + 1) * I);
      });
      const options = { lengths: Int32Array.from(lengths) };
      const empty = ({ length }: Floats) => allocate(dtype, length);
      const gradients = { Wx: empty(weights.Wx), Wh: empty(weights.Wh), b: empty(weights.b) };
      const dx = empty(read);
      recurrence.forward(read, weights, options);
      recurrence.dh.fill(1);
      recurrence.backward(read, weights, gradients, { ...options, dx });
      return { ...gradients, dx, h: recurrence.h, dh: recurrence.dh };
    };
    expect(gradientsOf(NaN)).toEqual(gradientsOf(0));
  },
);

test("a parallel scan within segments gives what that of the whole gives", () => {
  const make = (recomputeSteps?: number) =>
    new MinLSTM({
      inputSize: I,
      hiddenSize: H,
      seed: 3,
      parallel: true,
      bidirectional: true,
      recomputeSteps,
    });
  const [whole, segments] = [computed(make(), { lengths }, 5), computed(make(6), { lengths }, 5)];
  expect(relativeError(segments.states.output.data, whole.states.output.data)).toBeLessThanOrEqual(1e-12);
  expect(relativeError(segments.ofStates.dx.data, whole.ofStates.dx.data)).toBeLessThanOrEqual(1e-12);
});
