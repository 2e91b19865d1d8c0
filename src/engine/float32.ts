// The engine in float32: WebAssembly SIMD where it runs and where there is enough work to pay for copying to its memory,
// JavaScript otherwise.

import { gateCount } from "./cell_kinds.js";
import type { Engine, RecurrenceSize } from "./engine.js";
import { javaScriptEngine } from "./javascript.js";
import { simdEngine } from "./simd.js";

/** Multiplications from which WebAssembly is faster. */
const worthSimd = 16384;

export function float32Engine(): Engine {
  const javaScript = javaScriptEngine("float32");
  const simd = simdEngine();
  if (simd === undefined) return javaScript;
  return {
    ...simd,
    recurrence(size) {
      if (multiplications(size) < worthSimd) return javaScript.recurrence(size);
      try {
        return simd.recurrence(size);
      } catch (error) {
        // Browsers allow few WebAssembly memories at a time.
        if (error instanceof RangeError) return javaScript.recurrence(size);
        throw error;
      }
    },
    gemm(...product) {
      const [, , M, N, K] = product;
      (M * N * K < worthSimd ? javaScript : simd).gemm(...product);
    },
  };
}

function multiplications({ cell, T, B, I, H }: RecurrenceSize): number {
  return T * B * gateCount[cell] * H * (I + H);
}
