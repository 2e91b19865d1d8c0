// The product of two packed blocks, which is where the time of a product goes: by WebAssembly where it runs,
// in JavaScript otherwise, with the same bits.

import { doublesOf } from "./doubles.js";

/** Rows of a panel of A, columns of one of B. */
export const tile = 4;
/** The largest block: 64 rows of A stay in the second-level cache, a panel of each factor in the first. */
export const blockRows = 64;
export const blockColumns = 256;
export const blockDepth = 256;

const lengths = {
  a: blockRows * blockDepth,
  b: blockDepth * blockColumns,
  c: blockRows * blockColumns,
};

/** A block of each factor, to be filled, and of their product. */
export interface Panels {
  /** panels of four rows of A, one after the other; in each the four elements at one k lie side by side */
  readonly a: Float64Array;
  /** panels of four columns of B, likewise */
  readonly b: Float64Array;
  /** [M, N] */
  readonly c: Float64Array;
  /** C = A B for M and N that are multiples of four. Each sum begins at 0 and takes one k after the other. */
  multiply(M: number, N: number, K: number): void;
}

/** undefined where WebAssembly does not run, or has no memory for them. */
export function simdPanels(): Panels | undefined {
  const doubles = doublesOf(lengths);
  return (
    doubles && {
      ...doubles.view,
      multiply(M, N, K) {
        const { kernels, at } = doubles;
        kernels.multiplyPanels(M, N, K, at.a, at.b, at.c);
      },
    }
  );
}

export function javaScriptPanels(): Panels {
  const [a, b, c] = [lengths.a, lengths.b, lengths.c].map((length) => new Float64Array(length));
  return {
    a,
    b,
    c,
    multiply(M, N, K) {
      for (let n = 0; n < N; n += tile) {
        for (let m = 0; m < M; m += tile) multiplyTile(a, m * K, b, n * K, K, c, m * N + n, N);
      }
    },
  };
}

/** 16 sums, which stay in registers. */
function multiplyTile(
  a: Float64Array,
  p: number,
  b: Float64Array,
  q: number,
  K: number,
  c: Float64Array,
  at: number,
  row: number,
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const end = p + tile * K; p < end; p += tile, q += tile) {
    const b0 = b[q];
    const b1 = b[q + 1];
    const b2 = b[q + 2];
    const b3 = b[q + 3];
    const a0 = a[p];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[p + 1];
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[p + 2];
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = a[p + 3];
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  put(c, at, s00, s01, s02, s03);
  put(c, at + row, s10, s11, s12, s13);
  put(c, at + 2 * row, s20, s21, s22, s23);
  put(c, at + 3 * row, s30, s31, s32, s33);
}

function put(c: Float64Array, at: number, s0: number, s1: number, s2: number, s3: number): void {
  c[at] = s0;
  c[at + 1] = s1;
  c[at + 2] = s2;
  c[at + 3] = s3;
}
