import fc from "fast-check";
import { expect, test } from "vitest";
import { clipGradNorm, gradientNorm } from "../../../src/index.js";

const gradients = {
  layer: {
    Wx: [
      [1, -2],
      [2, 4],
    ],
    b: [0, 2],
  },
  head: { W: [[-4, 2]] },
};

test("the global norm is one number over all tensors", () => {
  expect(gradientNorm(gradients)).toBeCloseTo(7, 14); // 1 + 4 + 4 + 16 + 4 + 16 + 4 = 49
});

test("a gradient above the threshold gets its norm and keeps its direction", () => {
  const { gradients: clipped, norm } = clipGradNorm(gradients, { maxNorm: 0.7 });
  expect(norm).toBeCloseTo(7, 14);
  expect(gradientNorm(clipped)).toBeCloseTo(0.7, 15);
  expect(clipped.layer.Wx[1][1]).toBeCloseTo(0.4, 15);
  expect(clipped.layer.b[1]).toBeCloseTo(0.2, 15);
  expect(clipped.head.W[0][0]).toBeCloseTo(-0.4, 15);
});

test("what is given stays as it is, and a gradient below the threshold is not scaled", () => {
  const before = structuredClone(gradients);
  expect(clipGradNorm(gradients, { maxNorm: 7.01 }).gradients).toEqual(before);
  clipGradNorm(gradients, { maxNorm: 1 });
  expect(gradients).toEqual(before);
});

test("any gradients become no longer than the threshold or than before, by one factor for all", () => {
  const values = fc.array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(values, values, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (a, b, maxNorm) => {
      const { gradients: clipped, norm } = clipGradNorm({ a, nested: { b } }, { maxNorm });
      expect(gradientNorm(clipped)).toBeLessThanOrEqual(Math.min(norm, maxNorm) * (1 + 1e-12));
      const factor = Math.min(1, maxNorm / norm);
      [...clipped.a, ...clipped.nested.b].forEach((value, n) => {
        const expected = factor * [...a, ...b][n];
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-300);
      });
    }),
  );
});

test("gradients that vanish below 1e-162 and explode above 1e162 have their norm, and zeros stay zeros", () => {
  expect(gradientNorm({ a: [3e-200], b: [[4e-200]] })).toBeCloseTo(5e-200, 210);
  expect(clipGradNorm({ a: [3e200], b: [4e200] }, { maxNorm: 5 }).gradients.a[0]).toBeCloseTo(3, 14);
  expect(clipGradNorm({ a: [0, 0] }, { maxNorm: 1 })).toEqual({ gradients: { a: [0, 0] }, norm: 0 });
});

test("clipGradNorm names the argument that does not fit", () => {
  expect(() => clipGradNorm(gradients, { maxNorm: 0 })).toThrow(
    "clipGradNorm: maxNorm is 0, but must be a positive number",
  );
  expect(() => clipGradNorm(gradients, { maxNorm: Infinity })).toThrow("maxNorm is Infinity");
  expect(() => clipGradNorm(gradients, {} as never)).toThrow("maxNorm is undefined");
  expect(() => clipGradNorm(gradients, { maxNorm: 1, normType: 2 } as never)).toThrow(
    'clipGradNorm: option "normType" is unknown, but must be one of maxNorm',
  );
  expect(() => clipGradNorm([1, 2], { maxNorm: 1 })).toThrow(
    "clipGradNorm: the gradients are an array, but must be an object",
  );
  expect(() => gradientNorm(3 as never)).toThrow("gradientNorm: the gradients are a number");
  expect(() => gradientNorm([1, 2])).toThrow("gradientNorm: the gradients are an array, but must be");
  expect(() => clipGradNorm({ layer: { Wh: [[1, NaN]] } }, { maxNorm: 1 })).toThrow(
    "clipGradNorm: layer.Wh contains NaN, but must be finite",
  );
});
