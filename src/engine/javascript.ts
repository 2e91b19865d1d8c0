// The engine in plain JavaScript, for both precisions. Sums are kept in float64; float32 is the precision of
// what is stored.

import type { DType } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import { allFinite } from "./all_finite.js";
import { addColumnSums } from "./cells.js";
import type { Engine } from "./engine.js";
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
    addColumnSums: (columns, a, sums) => addColumnSums(a, a.length / columns, columns, sums),
    allFinite,
    softmax: () => false,
  };
}
