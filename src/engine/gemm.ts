// The product of two matrices. Large products are packed, block by block, into panels of four rows and four
// columns, in doubles whatever the precision; small ones are read where they are.

import type { Floats } from "../numbers/tensor.js";
import type { Panels } from "./panels.js";
import { blockColumns, blockDepth, blockRows, javaScriptPanels, simdPanels, tile } from "./panels.js";

/** From this many multiplications on, packing pays. */
const packingMultiplications = 4096;

let panels: Panels | undefined;

/**
 * C = A B, or C += A B, for A [M, K], B [K, N] and C [M, N]. Element (i, j) of A is `a[a0 + i * aRow + j *
 * aColumn]`, likewise for B; rows of C are contiguous. Sums of up to 256 terms are kept in float64 whatever
 * the precision.
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
    if (N < M) direct(N, M, K, b, b0, bColumn, bRow, a, a0, aColumn, aRow, c, c0, 1, cRow, accumulate);
    else direct(M, N, K, a, a0, aRow, aColumn, b, b0, bRow, bColumn, c, c0, cRow, 1, accumulate);
    return;
  }
  panels ??= simdPanels() ?? javaScriptPanels();
  for (let n = 0; n < N; n += blockColumns) {
    const columns = Math.min(blockColumns, N - n);
    for (let k = 0; k < K; k += blockDepth) {
      const depth = Math.min(blockDepth, K - k);
      pack(panels.b, b, b0 + k * bRow + n * bColumn, columns, bColumn, depth, bRow);
      for (let m = 0; m < M; m += blockRows) {
        const rows = Math.min(blockRows, M - m);
        pack(panels.a, a, a0 + m * aRow + k * aColumn, rows, aRow, depth, aColumn);
        const width = roundUp(columns);
        panels.multiply(roundUp(rows), width, depth);
        put(panels.c, width, rows, columns, c, c0 + m * cRow + n, cRow, accumulate || k > 0);
      }
    }
  }
}

const roundUp = (lines: number) => Math.ceil(lines / tile) * tile;

/** C = S, or C += S, S having rows of `width` elements. */
function put(
  s: Float64Array,
  width: number,
  rows: number,
  columns: number,
  c: Floats,
  c0: number,
  cRow: number,
  accumulate: boolean,
): void {
  for (let i = 0; i < rows; i++) {
    const at = c0 + i * cRow;
    const from = i * width;
    if (accumulate) for (let j = 0; j < columns; j++) c[at + j] += s[from + j];
    else for (let j = 0; j < columns; j++) c[at + j] = s[from + j];
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

/** Four columns at a time, so that no sum waits for its own last term: N should be the larger one. */
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
  cColumn: number,
  accumulate: boolean,
): void {
  for (let m = 0; m < M; m++) {
    const p0 = a0 + m * aRow;
    let at = c0 + m * cRow;
    let n = 0;
    for (; n + 4 <= N; n += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = 0, p = p0, q = b0 + n * bColumn; k < K; k++, p += aColumn, q += bRow) {
        const factor = a[p];
        s0 += factor * b[q];
        s1 += factor * b[q + bColumn];
        s2 += factor * b[q + 2 * bColumn];
        s3 += factor * b[q + 3 * bColumn];
      }
      c[at] = accumulate ? c[at] + s0 : s0;
      at += cColumn;
      c[at] = accumulate ? c[at] + s1 : s1;
      at += cColumn;
      c[at] = accumulate ? c[at] + s2 : s2;
      at += cColumn;
      c[at] = accumulate ? c[at] + s3 : s3;
      at += cColumn;
    }
    for (; n < N; n++, at += cColumn) {
      let sum = 0;
      for (let k = 0, p = p0, q = b0 + n * bColumn; k < K; k++, p += aColumn, q += bRow) sum += a[p] * b[q];
      c[at] = accumulate ? c[at] + sum : sum;
    }
  }
}
