// Euclidean norms of rows. The squares of gradients underflow long before the gradients do.

import type { Floats } from "./tensor.js";

/** ‖a‖ of each row of `columns` elements. */
export function rowNorms(columns: number, a: Floats): Float64Array {
  const norms = new Float64Array(a.length / columns);
  for (let row = 0; row < norms.length; row++) norms[row] = normOf(a, row * columns, columns);
  return norms;
}

/** ‖a‖ of `count` elements, the first at `from`. */
export function normOf(a: Floats, from: number, count: number): number {
  const squares = sumOfSquares(a, from, count);
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : scaledNorm(a, from, count);
}

/** √(a² + b²). Math.hypot takes as long as the squares of fifty elements. */
export function normOfNorms(a: number, b: number): number {
  const squares = a * a + b * b;
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : Math.hypot(a, b);
}

/**
 * The same by way of a / max |a|, where squares underflow, from 1e-162 on, where vanishing gradients still
 * live, or overflow, from 1e154 on. Infinity or NaN where an element is.
 */
export function scaledNorm(a: ArrayLike<number>, from: number, count: number): number {
  let largest = 0;
  for (let k = from; k < from + count; k++) largest = Math.max(largest, Math.abs(a[k]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let k = from; k < from + count; k++) sum += (a[k] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** In four sums, so that an addition need not wait for the one before it. */
function sumOfSquares(a: Floats, from: number, count: number): number {
  const end = from + count;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = from;
  for (; k + 3 < end; k += 4) {
    s0 += a[k] * a[k];
    s1 += a[k + 1] * a[k + 1];
    s2 += a[k + 2] * a[k + 2];
    s3 += a[k + 3] * a[k + 3];
  }
  for (; k < end; k++) s0 += a[k] * a[k];
  return s0 + s1 + s2 + s3;
}
