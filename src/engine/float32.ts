// The engine in float32: WebAssembly SIMD where it runs and where there is enough work to pay for copying to
// its memory, JavaScript otherwise.

import { multiplications } from "./cell_kinds.js";
import type { Engine } from "./engine.js";
import { javaScriptEngine } from "./javascript.js";
import { simdEngine } from "./simd.js";

/** From this many multiplications on, WebAssembly is faster in spite of its copies. */
const simdMultiplications = 16384;
/**
 * The same for a layer over a batch: its own memory takes a tenth of a millisecond to make, which a few
 * batches pay for.
 */
const memoryMultiplications = 4096;
/** From this many numbers on, it pays to look up which memory they are in. */
const lookupNumbers = 256;

export function float32Engine(): Engine {
  const javaScript = javaScriptEngine("float32");
  const simd = simdEngine();
  if (simd === undefined) return javaScript;
  const choose = <Result>(
    work: number,
    compute: (engine: Engine) => Result,
    worth = simdMultiplications,
  ): Result => {
    if (work < worth) return compute(javaScript);
    try {
      return compute(simd);
    } catch (error) {
      // Chromium allows about a hundred WebAssembly memories at a time.
      if (error instanceof RangeError) return compute(javaScript);
      throw error;
    }
  };
  return {
    ...simd,
    recurrence: (size) =>
      choose(multiplications(size), (engine) => engine.recurrence(size), memoryMultiplications),
    gemm: (...product) => {
      const [, , M, N, K] = product;
      choose(M * N * K, (engine) => engine.gemm(...product));
    },
    allFinite: (a) => (a.length < lookupNumbers ? javaScript : simd).allFinite(a),
    addColumnSums: (columns, a, sums) => {
      choose(a.length, (engine) => engine.addColumnSums(columns, a, sums));
    },
    softmax: (columns, weight, z, into, sums) =>
      choose(z.length, (engine) => engine.softmax(columns, weight, z, into, sums)),
  };
}
