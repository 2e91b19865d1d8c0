// The norms of gradient flow: of a batch they are the sums of those of its sequences, each alone, in float64
// and forwards.

import { expect, test } from "vitest";
import type { Engine, RecurrenceWeights } from "../../../src/engine/engine.js";
import { cellKinds, cellStateSize, hasWh } from "../../../src/engine/engine.js";
import { normOf } from "../../../src/numbers/norms.js";
import type { Floats } from "../../../src/numbers/tensor.js";
import { engines, filled, numbers, relativeError, unitsFor, weightLengths } from "./numbers.js";

const [T, B, I] = [11, 9, 7];
const ragged = [11, 4, 1, 7, 11, 2, 9, 10, 3];
const [exact, , simd] = engines;
/** States that the cell can be in: an SLSTM's n is positive. */
const statesOf = (cell: string, length: number, seed: number) =>
  numbers(length, seed).map((value) => (cell === "slstm" ? value + 1.5 : value));

const cases = cellKinds.flatMap((cell) =>
  [false, true].flatMap((reverse) =>
    [ragged, undefined].flatMap((lengths) => [false, true].map((dx) => ({ cell, reverse, lengths, dx }))),
  ),
);

test.each(cases)(
  "both engines give the norms of $cell (reverse: $reverse, lengths: $lengths, with ∂L/∂x: $dx)",
  (of) => {
    const { cell, reverse, dx } = of;
    const H = unitsFor(cell, 13);
    const S = cellStateSize(cell, H);
    const [x, h0, c0] = [numbers(T * B * I, 1), numbers(B * H, 2), statesOf(cell, B * S, 3)];
    const [local, dhT, dcT] = [numbers(T * B * H, 4), numbers(B * H, 5), numbers(B * S, 6)];
    const lengths = of.lengths ?? new Array<number>(B).fill(T);
    const lengthsOf = Object.entries(weightLengths({ cell, I, H }));
    const ofWeights = (make: (length: number, seed: number, scale: number) => Floats) =>
      Object.fromEntries(
        lengthsOf.map(([name, length], index) => [name, make(length, 7 + index, name === "Wh" ? 0.4 : 1)]),
      ) as unknown as RecurrenceWeights;
    const weightsFor = (engine: Engine) => ofWeights((...drawn) => filled(engine, numbers(...drawn)));
    const gradientsFor = (engine: Engine) => ofWeights((length) => engine.allocate(length));

    const names = (["h", "c", "Wx", "Wh", "b"] as const).filter(
      (name) => (name !== "c" || cellStateSize(cell, H) > 0) && (name !== "Wh" || hasWh(cell)),
    );
    const expected = Object.fromEntries(names.map((name) => [name, new Float64Array(T + 1)]));
    lengths.forEach((length, b) => {
      const row = (a: number[], columns: number, k: number) => a.slice(k * columns, (k + 1) * columns);
      const times = Array.from({ length }, (_, step) => (reverse ? length - 1 - step : step));
      const recurrence = exact.recurrence({ cell, T: length, B: 1, I, H });
      const alone = filled(
        exact,
        times.flatMap((t) => row(x, I, t * B + b)),
      );
      const state = (a: number[]) => filled(exact, row(a, a.length / B, b));
      const options = { h0: state(h0), c0: state(c0), dhT: state(dhT), dcT: state(dcT) };
      recurrence.forward(alone, weightsFor(exact), options);
      recurrence.dh.set(times.flatMap((t) => row(local, H, t * B + b)));
      recurrence.backward(alone, weightsFor(exact), gradientsFor(exact), options);
      const flow = recurrence.flow(alone, options);
      for (const name of names) {
        times.forEach((t, step) => (expected[name][t + 1] += flow[name]![step + 1]));
        if (!reverse) expected[name][0] += flow[name]![0];
      }
    });

    for (const engine of engines) {
      const recurrence = engine.recurrence({ cell, T, B, I, H });
      const input = filled(engine, x);
      const options = {
        h0: filled(engine, h0),
        c0: filled(engine, c0),
        dhT: filled(engine, dhT),
        dcT: filled(engine, dcT),
        ...(of.lengths && { lengths: Int32Array.from(lengths) }),
        ...(dx && { dx: engine.allocate(T * B * I) }),
        reverse,
      };
      lengths.forEach((length, b) => {
        for (let t = length; t < T; t++) input.fill(NaN, (t * B + b) * I, (t * B + b + 1) * I);
      });
      // Of the second batch, too, for memory is used again.
      for (let batch = 0; batch < 2; batch++) {
        recurrence.forward(input, weightsFor(engine), options);
        recurrence.dh.set(local);
        recurrence.backward(input, weightsFor(engine), gradientsFor(engine), options);
        const before = [recurrence.h, recurrence.dh, recurrence.gates].map((a) => a.slice());
        const tolerance = engine.dtype === "float64" ? 1e-13 : 5e-6;
        for (let call = 0; call < 2; call++) {
          const flow = recurrence.flow(input, options);
          expect(Object.keys(flow).sort()).toEqual([...names].sort());
          for (const name of names) {
            const from = reverse || !(name === "h" || name === "c") ? 1 : 0;
            const error = relativeError(flow[name]!.subarray(from), expected[name].subarray(from));
            expect(error, `${engine.name}: ${name}`).toBeLessThanOrEqual(tolerance);
          }
        }
        expect([recurrence.h, recurrence.dh, recurrence.gates]).toEqual(before);
      }
    }
  },
);

test.each(cellKinds)("the norms of one step of one sequence are those of the gradients in %s", (cell) => {
  for (const engine of engines) {
    for (const [I, least] of [
      [3, 5],
      [1, 1],
    ]) {
      const H = unitsFor(cell, least);
      const shapes = weightLengths({ cell, I, H });
      const of = (make: (length: number, seed: number) => number[]) =>
        Object.fromEntries(
          Object.entries(shapes).map(([name, length], seed) => [name, filled(engine, make(length, seed))]),
        ) as unknown as RecurrenceWeights;
      const gradients = of((length) => new Array<number>(length).fill(0));
      const recurrence = engine.recurrence({ cell, T: 1, B: 1, I, H });
      const S = cellStateSize(cell, H);
      const [x, h0] = [I, H].map((length, k) => filled(engine, numbers(length, 20 + k)));
      const c0 = filled(engine, statesOf(cell, S, 22));
      const [dh0, dc0] = [engine.allocate(H), engine.allocate(S)];
      const [weights, options] = [of(numbers), { h0, c0, dh0, dc0 }];
      recurrence.forward(x, weights, options);
      recurrence.dh.set(numbers(H, 30));
      recurrence.backward(x, weights, gradients, options);
      const norm = (a: Floats) => normOf(a, 0, a.length);
      const flow = recurrence.flow(x, options);
      const tolerance = engine.dtype === "float64" ? 1e-14 : 1e-6;
      const close = (values: Float64Array, expected: number[]) =>
        expect(relativeError(values, expected)).toBeLessThanOrEqual(tolerance);
      close(flow.h, [norm(dh0), norm(recurrence.dh)]);
      if (S > 0) close(flow.c!, [norm(dc0), norm(recurrence.dc!)]);
      expect(flow.Wh !== undefined).toBe(hasWh(cell));
      for (const name of ["Wx", "Wh", "b"] as const)
        if (flow[name]) close(flow[name].subarray(1), [norm(gradients[name])]);
      expect(() => recurrence.flow(engine.allocate(I + 1), options)).toThrow("Recurrence.flow: x has");
    }
  }
});

test("norms are exact for rows of any length and number, however small or large", () => {
  for (const [rows, columns] of [
    [3, 1],
    [5, 7],
    [9, 32],
    [700, 400],
    [2100, 3],
  ]) {
    const recurrence = simd.recurrence({ cell: "rnn_tanh", T: rows, B: 1, I: 1, H: columns });
    const { dh } = recurrence;
    for (const size of [1e-42, 1e-35, 1e-32, 1e-20, 1, 1e8, 1e30]) {
      dh.set(numbers(rows * columns, rows).map((value) => value * size));
      dh.fill(0, 0, columns);
      // One that is smaller than those beside it.
      dh[columns] *= 1e-10;
      const { h } = recurrence.flow(simd.allocate(rows));
      expect(h[1]).toBe(0);
      for (let row = 1; row < rows; row++) {
        const norm = normOf(dh, row * columns, columns);
        expect(Math.abs(h[row + 1] - norm)).toBeLessThanOrEqual(1e-6 * norm);
      }
    }
  }
  const recurrence = simd.recurrence({ cell: "rnn_tanh", T: 4, B: 1, I: 1, H: 4 });
  recurrence.dh.set([1, NaN, 1, 1, Infinity, 1, 1, 1, 3, 4, 0, 0, 1, 1, 1, 1]);
  expect([...recurrence.flow(simd.allocate(4)).h]).toEqual([0, NaN, Infinity, 5, 2]);
});
