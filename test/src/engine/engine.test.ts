// The products, sums, softmax and tensors of the engine.

import fc from "fast-check";
import { expect, test } from "vitest";
import { tensor, toNested } from "../../../src/numbers/tensor.js";
import { engines, filled, numbers, relativeError } from "./numbers.js";

test("gemm is the product for every size, transposed or not, added or not", () => {
  const size = fc.integer({ min: 1, max: 37 });
  fc.assert(
    fc.property(
      fc.record({
        M: size,
        N: size,
        K: fc.oneof(size, fc.constant(300)),
        ta: fc.boolean(),
        tb: fc.boolean(),
      }),
      fc.boolean(),
      ({ M, N, K, ta, tb }, accumulate) => {
        const [a, b, c] = [numbers(M * K, 1), numbers(K * N, 2), numbers(M * N, 3)];
        const expected = c.map((start, index) => {
          const [m, n] = [Math.floor(index / N), index % N];
          let sum = accumulate ? start : 0;
          for (let k = 0; k < K; k++) sum += a[ta ? k * M + m : m * K + k] * b[tb ? n * K + k : k * N + n];
          return sum;
        });
        for (const engine of engines) {
          const tolerance = engine.dtype === "float64" ? 1e-14 : 1e-6;
          const [A, B, C] = [a, b, c].map((values) => filled(engine, values));
          engine.gemm(ta, tb, M, N, K, A, B, C, accumulate);
          expect(relativeError(C, expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.sqrt(K)));
        }
      },
    ),
  );
});

test("softmax of rows and the logarithm's sum are those of float64, also for rows of no multiple of four", () => {
  const weight = 0.25;
  for (const columns of [1, 16, 17, 30, 67]) {
    const rows = 5;
    const z = numbers(rows * columns, columns).map((value, k) => value * (k < columns ? 200 : 3));
    // Two that are the largest in the last row.
    if (columns > 1) z[rows * columns - 1] = z[(rows - 1) * columns] = 9;
    for (const engine of engines) {
      const into = engine.allocate(rows * columns);
      const sums = new Float64Array(2 * rows);
      const given = filled(engine, z);
      if (!engine.softmax(columns, weight, given, into, sums)) continue;
      for (let row = 0; row < rows; row++) {
        const ofRow = Array.from(given.slice(row * columns, (row + 1) * columns));
        const top = Math.max(...ofRow);
        const powers = ofRow.map((value) => Math.exp(value - top));
        const others = powers.reduce((sum, power) => sum + power, -1);
        expect(sums[2 * row]).toBe(top);
        expect(Math.abs(sums[2 * row + 1] - others)).toBeLessThanOrEqual(3e-7 * others + 1e-15);
        powers.forEach((power, k) => {
          const expected = (weight * power) / (1 + others);
          expect(Math.abs(into[row * columns + k] - expected)).toBeLessThanOrEqual(7e-7 * expected + 1e-37);
        });
      }
    }
  }
  const simd = engines[2];
  expect(simd.softmax(16, 1, simd.allocate(16), simd.allocate(16), new Float64Array(2))).toBe(true);
});

test("the sum of what softmax adds to its largest term keeps digits that a sum with that term would lose", () => {
  const simd = engines[2];
  const z = filled(simd, [...numbers(15, 1).map((value) => value - 60), 0]);
  const sums = new Float64Array(2);
  simd.softmax(16, 1, z, simd.allocate(16), sums);
  const expected = Array.from(z.subarray(0, 15)).reduce((sum, value) => sum + Math.exp(value), 0);
  expect(expected).toBeLessThan(1e-24);
  expect(Math.abs(sums[1] - expected)).toBeLessThanOrEqual(3e-7 * expected);
});

test("column sums are added, and a number that is not finite is found, wherever array and number are", () => {
  for (const engine of engines) {
    for (const [rows, columns] of [
      [3, 1],
      [300, 21],
      [700, 64],
    ]) {
      const a = numbers(rows * columns, rows);
      const start = numbers(columns, 7);
      const sums = filled(engine, start);
      engine.addColumnSums(columns, filled(engine, a), sums);
      const expected = start.map((value, j) =>
        a.reduce((sum, x, k) => (k % columns === j ? sum + x : sum), value),
      );
      expect(relativeError(sums, expected)).toBeLessThanOrEqual(engine.dtype === "float64" ? 1e-13 : 2e-6);
    }
    const { h } = engine.recurrence({ cell: "rnn_tanh", T: 5, B: 1, I: 1, H: 27 });
    for (const array of [engine.allocate(h.length), h]) {
      array.fill(3);
      expect(engine.allFinite(array)).toBe(true);
      for (let k = 0; k < array.length; k++) {
        for (const wrong of [NaN, Infinity, -Infinity]) {
          array[k] = wrong;
          expect(engine.allFinite(array)).toBe(false);
        }
        array[k] = 3;
      }
      expect(engine.allFinite(array.subarray(1, 134))).toBe(true);
      array[0] = NaN;
      expect(engine.allFinite(array.subarray(1))).toBe(true);
    }
  }
});

test("tensors go to nested arrays and back; ragged ones are refused", () => {
  const nested = [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ];
  const t = tensor(nested, "float32");
  expect(t.shape).toEqual([1, 2, 3]);
  expect(t.data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  expect(toNested(t)).toEqual(nested);
  expect(tensor(2.5).shape).toEqual([]);
  expect(toNested(tensor(2.5))).toBe(2.5);
  expect(() => tensor([[1, 2], [3]])).toThrow(
    "tensor: what is at depth 1 is an array of 1, but must be an array of 2",
  );
  expect(() => tensor([[1, 2], 3])).toThrow("tensor: what is at depth 1 is a number");
  expect(() => tensor([[1, "2" as unknown as number]])).toThrow("an element is a string");
  expect(() => tensor([[1, [2]]])).toThrow("an element is an array");
});
