// The engine in plain JavaScript, for both precisions. Sums are kept in float64; float32 is the precision of what is stored.

import type { DType, Floats } from "../nn/tensor.js";
import { allocate } from "../nn/tensor.js";
import type { AdamStep, Engine } from "./engine.js";
import { multiply } from "./gemm.js";
import { BatchRecurrence } from "./recurrence.js";

export function javaScriptEngine(dtype: DType): Engine {
  return {
    dtype,
    name: `JavaScript, ${dtype}`,
    allocate: (length) => allocate(dtype, length),
    recurrence: (size) => new BatchRecurrence(dtype, size),
    gemm(transposeA, transposeB, M, N, K, A, B, C, accumulate) {
      const [aRow, aColumn] = transposeA ? [1, M] : [K, 1];
      const [bRow, bColumn] = transposeB ? [1, K] : [N, 1];
      multiply(M, N, K, A, 0, aRow, aColumn, B, 0, bRow, bColumn, C, 0, N, accumulate);
    },
    adam,
  };
}

function adam(w: Floats, g: Floats, m: Floats, v: Floats, { lr, betas, eps, update }: AdamStep): void {
  const [beta1, beta2] = betas;
  const [correction1, correction2] = [1 - beta1 ** update, 1 - beta2 ** update];
  for (let k = 0; k < w.length; k++) {
    m[k] = beta1 * m[k] + (1 - beta1) * g[k];
    v[k] = beta2 * v[k] + (1 - beta2) * g[k] * g[k];
    w[k] -= (lr * (m[k] / correction1)) / (Math.sqrt(v[k] / correction2) + eps);
  }
}
