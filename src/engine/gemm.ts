// The product of two matrices in JavaScript. Large products are packed into panels of four rows and four
// columns, in doubles whatever the precision, and computed in tiles whose 16 sums stay in registers; small
// ones are read where they are.

import type { Floats } from "../numbers/tensor.js";

/** Rows and columns of a tile, and how much of K a panel holds: two panels fit into the first-level cache. */
const tile = 4;
const depth = 256;
/** From this many multiplications on, packing pays. */
const packingMultiplications = 4096;

let packedA = new Float64Array(0);
let packedB = new Float64Array(0);

/**
 * C = A B, or C += A B, for A [M, K], B [K, N] and C [M, N]. Element (i, j) of A is `a[a0 + i * aRow + j *
 * aColumn]`, likewise for B; rows of C are contiguous. Sums of up to `depth` terms are kept in float64
 * whatever the precision.
 */
export function multiply(
  M: number,
  N: number,
  K: number,
  a: Floats,
  a0: number,
  aRow: number,
  aColumn: number,
  b: Floats,
  b0: number,
  bRow: number,
  bColumn: number,
  c: Floats,
  c0: number,
  cRow: number,
  accumulate: boolean,
): void {
  if (M < tile || N < tile || M * N * K < packingMultiplications) {
    direct(M, N, K, a, a0, aRow, aColumn, b, b0, bRow, bColumn, c, c0, cRow, accumulate);
    return;
  }
  const rows = Math.ceil(M / tile) * tile;
  const columns = Math.ceil(N / tile) * tile;
  const block = Math.min(depth, K);
  if (packedA.length < rows * block) packedA = new Float64Array(rows * block);
  if (packedB.length < columns * block) packedB = new Float64Array(columns * block);
  for (let k = 0; k < K; k += depth) {
    const part = Math.min(depth, K - k);
    pack(packedA, a, a0 + k * aColumn, M, aRow, part, aColumn);
    pack(packedB, b, b0 + k * bRow, N, bColumn, part, bRow);
    for (let n = 0; n < N; n += tile) {
      for (let m = 0; m < M; m += tile) {
        const [p, q] = [m * part, n * part];
        multiplyTile(
          packedA,
          p,
          packedB,
          q,
          part,
          c,
          c0 + m * cRow + n,
          cRow,
          M - m,
          N - n,
          accumulate || k > 0,
        );
      }
    }
  }
}

/**
 * Panels of four lines, one after the other; in each the four elements at one k lie side by side, zeros
 * beyond the last line.
 */
function pack(
  into: Float64Array,
  from: Floats,
  first: number,
  lines: number,
  line: number,
  part: number,
  along: number,
): void {
  let target = 0;
  for (let i = 0; i < lines; i += tile) {
    const present = Math.min(tile, lines - i);
    let source = first + i * line;
    if (present === tile) {
      for (let k = 0; k < part; k++, source += along, target += tile) {
        into[target] = from[source];
        into[target + 1] = from[source + line];
        into[target + 2] = from[source + 2 * line];
        into[target + 3] = from[source + 3 * line];
      }
    } else {
      for (let k = 0; k < part; k++, source += along, target += tile) {
        for (let j = 0; j < tile; j++) into[target + j] = j < present ? from[source + j * line] : 0;
      }
    }
  }
}

const edge = new Float64Array(tile * tile);

function multiplyTile(
  a: Float64Array,
  p: number,
  b: Float64Array,
  q: number,
  K: number,
  c: Floats,
  c0: number,
  cRow: number,
  rows: number,
  columns: number,
  accumulate: boolean,
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
  const whole = rows >= tile && columns >= tile;
  const into = whole ? c : edge;
  const row = whole ? cRow : tile;
  const keep = whole && accumulate ? 1 : 0;
  let at = whole ? c0 : 0;
  put(into, at, keep, s00, s01, s02, s03);
  put(into, (at += row), keep, s10, s11, s12, s13);
  put(into, (at += row), keep, s20, s21, s22, s23);
  put(into, (at += row), keep, s30, s31, s32, s33);
  if (whole) return;
  for (let i = 0; i < Math.min(rows, tile); i++) {
    for (let j = 0; j < Math.min(columns, tile); j++) {
      const target = c0 + i * cRow + j;
      c[target] = (accumulate ? c[target] : 0) + edge[i * tile + j];
    }
  }
}

function put(c: Floats, at: number, keep: 0 | 1, s0: number, s1: number, s2: number, s3: number): void {
  if (keep === 1) {
    s0 += c[at];
    s1 += c[at + 1];
    s2 += c[at + 2];
    s3 += c[at + 3];
  }
  c[at] = s0;
  c[at + 1] = s1;
  c[at + 2] = s2;
  c[at + 3] = s3;
}

function direct(
  M: number,
  N: number,
  K: number,
  a: Floats,
  a0: number,
  aRow: number,
  aColumn: number,
  b: Floats,
  b0: number,
  bRow: number,
  bColumn: number,
  c: Floats,
  c0: number,
  cRow: number,
  accumulate: boolean,
): void {
  for (let m = 0; m < M; m++) {
    const p0 = a0 + m * aRow;
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0, p = p0, q = b0 + n * bColumn; k < K; k++, p += aColumn, q += bRow) sum += a[p] * b[q];
      const target = c0 + m * cRow + n;
      c[target] = accumulate ? c[target] + sum : sum;
    }
  }
}
