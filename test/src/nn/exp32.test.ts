// The exponential of float32 against Math.exp.

import fc from "fast-check";
import { expect, test } from "vitest";
import { exp32 } from "../../../src/nn/exp32.js";

test("exp32 is the exponential to a tenth of float32's precision", () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp32(x) / Math.exp(x) - 1)).toBeLessThan(1e-8);
    }),
    { numRuns: 2000 },
  );
  expect([0, Infinity, -Infinity].map(exp32)).toEqual([1, Infinity, 0]);
  expect(exp32(NaN)).toBeNaN();
});
