// The products, exponentials and tensors of the engine.

import fc from "fast-check";
import { expect, test } from "vitest";
import { sumOfSquares } from "../../../src/flow/norms.js";
import { tensor, toNested } from "../../../src/nn/tensor.js";
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

test("squares are summed in float64, in the order of JavaScript's, however many rows there are", () => {
  const simd = engines[2];
  for (const [rows, columns] of [
    [3, 1],
    [5, 7],
    [700, 400],
  ]) {
    const a = filled(
      simd,
      numbers(rows * columns, rows).map((value) => value * 1e-30),
    );
    const into = new Float64Array(rows);
    expect(simd.squares(columns, a, into)).toBe(true);
    for (let row = 0; row < rows; row++) {
      expect(into[row]).toBe(sumOfSquares(a, row * columns, columns));
      expect(into[row]).toBeGreaterThan(0);
    }
  }
});

test("exponentials of rows are those of float64, also where a row is no multiple of four", () => {
  for (const columns of [1, 16, 17, 30, 67]) {
    const rows = 5;
    const z = numbers(rows * columns, columns).map((value, k) => value * (k < columns ? 200 : 3));
    for (const engine of engines) {
      const into = engine.allocate(rows * columns);
      const given = filled(engine, z);
      if (!engine.exponentials(columns, given, into)) continue;
      for (let row = 0; row < rows; row++) {
        const ofRow = given.slice(row * columns, (row + 1) * columns);
        const top = Math.max(...ofRow);
        ofRow.forEach((value, k) => {
          const expected = Math.exp(value - top);
          expect(Math.abs(into[row * columns + k] - expected)).toBeLessThanOrEqual(3e-7 * expected + 1e-37);
        });
      }
    }
  }
  const simd = engines[2];
  expect(simd.exponentials(16, simd.allocate(16), simd.allocate(16))).toBe(true);
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
    "tensor: an array of 1 at depth 1, but the first there is an array of 2",
  );
  expect(() => tensor([[1, 2], 3])).toThrow("tensor: a number at depth 1");
  expect(() => tensor([[1, "2" as unknown as number]])).toThrow("an element is a string");
  expect(() => tensor([[1, [2]]])).toThrow("an element is an array");
});
