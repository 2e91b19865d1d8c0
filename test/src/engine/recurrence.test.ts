// The engine against the slides' classes at sizes where every path of the product is taken, and against
// central differences.

import { expect, test } from "vitest";
import type { Engine, RecurrenceWeights } from "../../../src/engine/engine.js";
import { cellKinds, hasWh } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import { javaScriptEngine } from "../../../src/engine/javascript.js";
import { LSTM, RNN } from "../../../src/index.js";
import type { PackedStateDict } from "../../../src/slides/layers/state_dict.js";
import { packGates } from "../../../src/slides/layers/state_dict.js";
import type { DType, Floats } from "../../../src/numbers/tensor.js";
import { engines, filled, numbers, relativeError, unitsFor, weightLengths } from "./numbers.js";

const [T, B, I, H] = [11, 9, 7, 13];
const lengths = Int32Array.from([11, 4, 1, 7, 11, 2, 9, 10, 3]);
const tolerances: Record<DType, [forward: number, gradient: number]> = {
  float64: [1e-14, 1e-13],
  float32: [2e-6, 5e-6],
};

/** Rows [F] of sequence b at steps 1 … length of a time-major array. */
const rowsOf = (a: ArrayLike<number>, b: number, F: number) =>
  Array.from({ length: lengths[b] }, (_, t) => Array.from(a).slice((t * B + b) * F, (t * B + b + 1) * F));

const layers = [
  ["rnn_tanh", new RNN({ inputSize: I, hiddenSize: H, seed: 1 })],
  ["rnn_relu", new RNN({ inputSize: I, hiddenSize: H, nonlinearity: "relu", seed: 2 })],
  ["rnn_identity", new RNN({ inputSize: I, hiddenSize: H, nonlinearity: "identity", seed: 3 })],
  ["lstm", new LSTM({ inputSize: I, hiddenSize: H, seed: 4 })],
] as const;

test.each(layers.flatMap(([cell, layer]) => [false, true].map((reverse) => ({ cell, layer, reverse }))))(
  "$cell agrees with the slides' class (reverse: $reverse)",
  ({ cell, layer, reverse }) => {
    const { weight_ih_l0: Wx, weight_hh_l0: Wh, bias_l0: b } = layer.stateDict();
    const values = {
      x: numbers(T * B * I, 5),
      h0: numbers(B * H, 6),
      c0: numbers(B * H, 7),
      dh: numbers(T * B * H, 8),
    };
    for (const engine of engines) {
      const [forward, gradient] = tolerances[engine.dtype];
      const weights = {
        Wx: filled(engine, Wx.flat()),
        Wh: filled(engine, Wh.flat()),
        b: filled(engine, b),
      };
      const gradients = {
        Wx: engine.allocate(weights.Wx.length),
        Wh: engine.allocate(weights.Wh.length),
        b: engine.allocate(weights.b.length),
      };
      const [x, h0, c0] = [values.x, values.h0, values.c0].map((v) => filled(engine, v));
      const outputs = {
        dx: engine.allocate(T * B * I),
        dh0: engine.allocate(B * H),
        dc0: engine.allocate(B * H),
      };
      const options = { h0, c0, lengths, reverse, ...outputs };
      const recurrence = engine.recurrence({ cell, T, B, I, H });
      const { dh } = recurrence;
      recurrence.forward(x, weights, options);
      dh.set(values.dh);
      recurrence.backward(x, weights, gradients, options);

      const sum = { Wx: new Float64Array(weights.Wx.length), Wh: new Float64Array(weights.Wh.length) };
      for (let sequence = 0; sequence < B; sequence++) {
        const order = <Row>(rows: Row[]) => (reverse ? rows.toReversed() : rows);
        const state = (a: number[]) => a.slice(sequence * H, (sequence + 1) * H);
        const inputs = order(rowsOf(values.x, sequence, I));
        const local = order(rowsOf(values.dh, sequence, H));
        let reference;
        if (layer instanceof LSTM) {
          const tape = layer.forward(inputs, { h0: state(values.h0), c0: state(values.c0) });
          const back = layer.backward(tape, local);
          const own = packGates(back.parameters) as PackedStateDict;
          reference = { h: tape.h, c: tape.c, ...back, Wx: own.weight_ih_l0, Wh: own.weight_hh_l0 };
        } else {
          const tape = layer.forward(inputs, { h0: state(values.h0) });
          const back = layer.backward(tape, local);
          reference = { h: tape.h, ...back, Wx: back.parameters.Wx, Wh: back.parameters.Wh };
        }
        reference.Wx.flat().forEach((value, k) => (sum.Wx[k] += value));
        reference.Wh.flat().forEach((value, k) => (sum.Wh[k] += value));
        const rows = (a: ArrayLike<number>, F: number) => order(rowsOf(a, sequence, F)).flat();
        expect(relativeError(rows(recurrence.h, H), reference.h.flat()), "h").toBeLessThanOrEqual(forward);
        expect(relativeError(rows(dh, H), reference.dh.flat()), "dh").toBeLessThanOrEqual(gradient);
        expect(relativeError(rows(outputs.dx, I), reference.dx.flat()), "dx").toBeLessThanOrEqual(gradient);
        expect(relativeError(state([...outputs.dh0]), reference.dh0), "dh0").toBeLessThanOrEqual(gradient);
        if ("c" in reference && "dc" in reference) {
          expect(relativeError(rows(recurrence.c!, H), reference.c.flat()), "c").toBeLessThanOrEqual(forward);
          expect(relativeError(rows(recurrence.dc!, H), reference.dc.flat()), "dc").toBeLessThanOrEqual(
            gradient,
          );
          expect(relativeError(state([...outputs.dc0]), reference.dc0), "dc0").toBeLessThanOrEqual(gradient);
        }
      }
      expect(relativeError(gradients.Wx, sum.Wx), "dWx").toBeLessThanOrEqual(gradient);
      expect(relativeError(gradients.Wh, sum.Wh), "dWh").toBeLessThanOrEqual(gradient);
    }
  },
);

test.each(cellKinds)("gradients of %s agree with central differences, and float32 with float64", (cell) => {
  const size = { cell, T, B, I, H: unitsFor(cell, H) };
  const shapes = weightLengths(size);
  const drawn = Object.entries(shapes).map(
    ([name, length], index) => [name, numbers(length, 20 + index, 0.4)] as const,
  );
  const inputs = { x: numbers(T * B * I, 30), h0: numbers(B * size.H, 31), dh: numbers(T * B * size.H, 32) };
  const run = (engine: Engine) => {
    const of = (make: (values: number[]) => Floats) =>
      Object.fromEntries(
        drawn.map(([name, values]) => [name, make(values)]),
      ) as unknown as RecurrenceWeights & Record<string, Floats>;
    const weights = of((values) => filled(engine, values));
    const gradients = of((values) => engine.allocate(values.length));
    const [x, h0, local] = [inputs.x, inputs.h0, inputs.dh].map((values) => filled(engine, values));
    const recurrence = engine.recurrence(size);
    const [dx, dh0] = [engine.allocate(x.length), engine.allocate(h0.length)];
    const options = { h0, lengths, dx, dh0 };
    const loss = () => {
      recurrence.forward(x, weights, options);
      return Array.from(recurrence.h).reduce((sum, h, k) => sum + h * local[k], 0);
    };
    loss();
    recurrence.dh.set(local);
    recurrence.backward(x, weights, gradients, options);
    return { weights, gradients: { ...gradients, x: dx, h0: dh0 }, arrays: { ...weights, x, h0 }, loss };
  };
  const [exact, ...singles] = engines.map(run);
  for (const [name, gradient] of Object.entries(exact.gradients)) {
    const array = (exact.arrays as Record<string, Floats>)[name];
    const numerical = Array.from({ length: Math.min(40, array.length) }, (_, n) => {
      const k = (n * 37) % array.length;
      const [value, step] = [array[k], 1e-5];
      array[k] = value + step;
      const above = exact.loss();
      array[k] = value - step;
      const below = exact.loss();
      array[k] = value;
      return [gradient[k], (above - below) / (2 * step)];
    });
    const [analytic, differences] = [0, 1].map((side) => numerical.map((pair) => pair[side]));
    expect(relativeError(analytic, differences), name).toBeLessThan(1e-7);
    for (const single of singles) {
      const float32 = (single.gradients as Record<string, Floats>)[name];
      expect(relativeError(float32, gradient), `${name}, float32`).toBeLessThanOrEqual(5e-6);
    }
  }
});

test("a wrong size names the argument, what came and what was expected", () => {
  const engine = engineFor("float64");
  const recurrence = engine.recurrence({ cell: "lstm", T: 2, B: 3, I: 4, H: 5 });
  const weights = { Wx: engine.allocate(80), Wh: engine.allocate(100), b: engine.allocate(20) };
  const x = engine.allocate(24);
  expect(() => recurrence.forward(engine.allocate(23), weights)).toThrow(
    "Recurrence.forward: x has 23 elements, but T·B·I is 24 for this size",
  );
  expect(() => recurrence.forward(x, { ...weights, Wh: engine.allocate(80) })).toThrow(
    "Recurrence.forward: Wh has 80 elements, but G·H·H is 100",
  );
  expect(() => recurrence.forward(x, weights, { lengths: Int32Array.of(1, 3, 2) })).toThrow(
    "Recurrence.forward: lengths is 3 for sequence 1, but must be from 1 to T = 2",
  );
  expect(() => engine.recurrence({ cell: "lstm", T: 0, B: 1, I: 1, H: 1 })).toThrow("T is 0");
  expect(() => engine.recurrence({ cell: "gru2" as "gru", T: 1, B: 1, I: 1, H: 1 })).toThrow(
    'cell is "gru2"',
  );
  expect(() => engineFor("float16" as DType)).toThrow('dtype is "float16"');
});

test.each(cellKinds.filter(hasWh))(
  "%s: a backward that was interrupted leaves nothing for the next",
  (cell) => {
    const engine = javaScriptEngine("float64");
    const size = { cell, T: 5, B: 2, I: 3, H: 4 };
    const sizes = weightLengths(size);
    const weights = Object.fromEntries(
      Object.entries(sizes).map(([name, length], k) => [name, filled(engine, numbers(length, k + 1))]),
    ) as unknown as RecurrenceWeights;
    const x = filled(engine, numbers(5 * 2 * 3, 9));
    const recurrence = engine.recurrence(size);
    const step = (given: RecurrenceWeights) => {
      const gradients = Object.fromEntries(
        Object.entries(sizes).map(([name, length]) => [name, engine.allocate(length)]),
      ) as unknown as RecurrenceWeights;
      recurrence.forward(x, weights);
      recurrence.dh.fill(1);
      recurrence.backward(x, given, gradients);
      return gradients;
    };
    const expected = step(weights);
    let reads = 0;
    const stopping = {
      ...weights,
      get Wh() {
        if (++reads > 3) throw new Error("stopped");
        return weights.Wh;
      },
    };
    expect(() => step(stopping)).toThrow("stopped");
    expect(step(weights)).toEqual(expected);
  },
);
