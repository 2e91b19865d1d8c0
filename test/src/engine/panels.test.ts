// Products in float64: blocks and edges of every kind, and the same bits with WebAssembly as without.

import { afterEach, expect, test, vi } from "vitest";
import { multiply } from "../../../src/engine/gemm.js";
import { javaScriptPanels, simdPanels } from "../../../src/engine/panels.js";
import { numbers, relativeError } from "./numbers.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock("../../../src/engine/simd_module.js");
  vi.resetModules();
});

test("packed panels have the same product by WebAssembly as in JavaScript, to the last bit", () => {
  const [M, N, K] = [12, 20, 37];
  const [simd, javaScript] = [simdPanels()!, javaScriptPanels()].map((panels) => {
    panels.a.set(numbers(M * K, 1));
    panels.b.set(numbers(N * K, 2));
    panels.multiply(M, N, K);
    return panels.c.slice(0, M * N);
  });
  expect(simd).toEqual(javaScript);
  expect(simd[0]).not.toBe(0);
});

/** Each a block and a rest: 64 rows, 256 columns, 256 deep. */
const sizes = [
  { M: 67, N: 261, K: 259 },
  { M: 64, N: 256, K: 256 },
  { M: 130, N: 5, K: 515 },
  { M: 5, N: 514, K: 33 },
];
const cRow = 520;

function products(product: typeof multiply, { M, N, K }: (typeof sizes)[number], accumulate: boolean) {
  const a = Float64Array.from(numbers(1 + M * K, 1));
  const b = Float64Array.from(numbers(2 + K * N, 2));
  const c = Float64Array.from(numbers(3 + M * cRow, 3));
  product(M, N, K, a, 1, 1, M, b, 2, 1, K, c, 3, cRow, accumulate);
  return { a, b, c };
}

/** The same by the definition. */
function oneByOne(
  { M, N, K }: (typeof sizes)[number],
  a: Float64Array,
  b: Float64Array,
  accumulate: boolean,
) {
  const c = Float64Array.from(numbers(3 + M * cRow, 3));
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[1 + k * M + m] * b[2 + n * K + k];
      c[3 + m * cRow + n] = accumulate ? c[3 + m * cRow + n] + sum : sum;
    }
  }
  return c;
}

test.each(sizes.flatMap((size) => [true, false].map((accumulate) => ({ ...size, accumulate }))))(
  "the product of [$M, $K] and [$K, $N] is that of the definition, added: $accumulate",
  ({ accumulate, ...size }) => {
    const { M, N } = size;
    const { a, b, c } = products(multiply, size, accumulate);
    const expected = oneByOne(size, a, b, accumulate);
    expect(relativeError(c, expected)).toBeLessThanOrEqual(1e-14);
    // What stands between the rows of the product stays.
    expect(Array.from(c.subarray(3 + N, 3 + cRow))).toEqual(numbers(3 + M * cRow, 3).slice(3 + N, 3 + cRow));
  },
);

test("a small product adds its terms one after the other, to the last bit, whatever its shape", () => {
  for (let M = 1; M <= 9; M++) {
    for (let N = 1; N <= 9; N++) {
      for (const accumulate of [true, false]) {
        const size = { M, N, K: 13 };
        const { a, b, c } = products(multiply, size, accumulate);
        expect(c).toEqual(oneByOne(size, a, b, accumulate));
      }
    }
  }
});

test("where there is no WebAssembly, products have the same bits", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const { multiply: without } = await import("../../../src/engine/gemm.js");
  for (const size of sizes) expect(products(without, size, true).c).toEqual(products(multiply, size, true).c);
});

test("where there is no memory for the WebAssembly, products have the same bits", async () => {
  const instantiate = vi.fn(() => {
    throw new RangeError("could not allocate memory");
  });
  vi.doMock("../../../src/engine/simd_module.js", () => ({ hasSimd: () => true, instantiate }));
  vi.resetModules();
  const { multiply: without } = await import("../../../src/engine/gemm.js");
  expect(products(without, sizes[0], true).c).toEqual(products(multiply, sizes[0], true).c);
  expect(instantiate).toHaveBeenCalledOnce();
});
