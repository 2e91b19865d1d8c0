// Products of matrices. Both factors are packed into panels, A of four rows and B of eight columns, so that a tile of the
// product reads both in order and keeps its 32 sums in registers. Strides are in floats.

import { multiplyAdd } from "./lanes";

/** Rows and columns of a tile. */
const tileRows: i32 = 4;
const tileColumns: i32 = 8;
/** Rows of A packed at once, and how much of K: they stay in the second-level cache, a panel of B in the first. */
const blockRows: i32 = 64;
const blockDepth: i32 = 256;

const packedA = memory.data(64 * 256 * 4, 64);
const edge = memory.data(4 * 8 * 4, 16);

/** Floats that `packB` writes. */
export function packedSize(K: i32, N: i32): i32 {
  return K * roundUp(N, tileColumns);
}

/** op(B) [K, N], element (k, n) at `b + k * bRow + n * bColumn`, in blocks of K, in panels of eight columns. */
export function packB(K: i32, N: i32, b: usize, bRow: i32, bColumn: i32, into: usize): void {
  for (let k = 0; k < K; k += blockDepth) {
    const depth = min(blockDepth, K - k);
    pack(tileColumns, N, bColumn, depth, bRow, b + at(k * bRow), into);
    into += at(depth * roundUp(N, tileColumns));
  }
}

/**
 * C = initial + op(A) op(B). Element (i, k) of op(A) [M, K] is at `a + i * aRow + k * aColumn`, B is packed. `initial` has
 * rows `initialRow` apart: C itself to add to it, or 0 apart for a bias, a row that is the same for all.
 */
export function multiply(
  M: i32,
  N: i32,
  K: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  initial: usize,
  initialRow: i32,
  c: usize,
  cRow: i32,
): void {
  for (let k = 0; k < K; k += blockDepth) {
    const depth = min(blockDepth, K - k);
    for (let m = 0; m < M; m += blockRows) {
      const rows = min(blockRows, M - m);
      pack(tileRows, rows, aRow, depth, aColumn, a + at(m * aRow + k * aColumn), packedA);
      const into = c + at(m * cRow);
      if (k == 0) block(rows, N, depth, b, initial + at(m * initialRow), at(initialRow), into, at(cRow));
      else block(rows, N, depth, b, into, at(cRow), into, at(cRow));
    }
    b += at(depth * roundUp(N, tileColumns));
  }
}

/**
 * C += Aᵀ B over K rows, where A is [K, M] and B [K, N] with rows aRow and bRow apart: gradients of weights. `scratch` has
 * room for 256 packed rows of B.
 */
export function addTransposedProduct(
  M: i32,
  N: i32,
  K: i32,
  a: usize,
  aRow: i32,
  b: usize,
  bRow: i32,
  c: usize,
  scratch: usize,
): void {
  for (let k = 0; k < K; k += blockDepth) {
    const depth = min(blockDepth, K - k);
    pack(tileColumns, N, 1, depth, bRow, b + at(k * bRow), scratch);
    multiply(M, N, depth, a + at(k * aRow), 1, aRow, scratch, c, N, c, N);
  }
}

/** sums[j] += Σ_row a[row, j], block by block, so that rounding does not grow with the rows. */
export function addColumnSums(rows: i32, columns: i32, a: usize, sums: usize): void {
  const row = at(columns);
  for (let k = 0; k < rows; k += blockDepth) {
    const end = a + <usize>min(blockDepth, rows - k) * row;
    let j: usize = 0;
    for (; j + 16 <= row; j += 16) {
      let sum = f32x4.splat(0);
      for (let p = a + j; p < end; p += row) sum = f32x4.add(sum, v128.load(p));
      v128.store(sums + j, f32x4.add(v128.load(sums + j), sum));
    }
    for (; j < row; j += 4) {
      let sum: f32 = 0;
      for (let p = a + j; p < end; p += row) sum += load<f32>(p);
      store<f32>(sums + j, load<f32>(sums + j) + sum);
    }
    a = end;
  }
}

@inline
function at(floats: i32): usize {
  return <usize>floats << 2;
}

@inline
function roundUp(size: i32, multiple: i32): i32 {
  return (size + multiple - 1) & -multiple;
}

/** Panels of `width` lines; in each the elements at one k lie side by side, with zeros beyond the last line. */
@inline
function pack(width: i32, lines: i32, line: i32, depth: i32, along: i32, from: usize, into: usize): void {
  let i = 0;
  for (; i + width <= lines; i += width) {
    const source = from + at(i * line);
    if (line == 1) into = packRows(width, depth, source, at(along), into);
    else if (along == 1) into = packTransposed(width, depth, source, at(line), into);
    else into = packPart(width, width, depth, source, at(line), at(along), into);
  }
  if (i < lines) packPart(lines - i, width, depth, from + at(i * line), at(line), at(along), into);
}

@inline
function packRows(width: i32, depth: i32, from: usize, along: usize, into: usize): usize {
  for (let k = 0; k < depth; k++) {
    v128.store(into, v128.load(from));
    if (width == 8) v128.store(into, v128.load(from, 16), 16);
    from += along;
    into += at(width);
  }
  return into;
}

@inline
function packTransposed(width: i32, depth: i32, from: usize, line: usize, into: usize): usize {
  const end = into + at(depth * width);
  for (let group = 0; group < width; group += 4) {
    let p0 = from + <usize>group * line;
    let target = into + at(group);
    let k = 0;
    for (; k + 4 <= depth; k += 4) {
      const p1 = p0 + line;
      const p2 = p1 + line;
      const p3 = p2 + line;
      const r0 = v128.load(p0);
      const r1 = v128.load(p1);
      const r2 = v128.load(p2);
      const r3 = v128.load(p3);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(target + at(width), v128.shuffle<f64>(low01, low23, 1, 3));
      v128.store(target + at(2 * width), v128.shuffle<f64>(high01, high23, 0, 2));
      v128.store(target + at(3 * width), v128.shuffle<f64>(high01, high23, 1, 3));
      target += at(4 * width);
      p0 += 16;
    }
    for (; k < depth; k++) {
      for (let i: usize = 0; i < 4; i++) store<f32>(target + (i << 2), load<f32>(p0 + i * line));
      target += at(width);
      p0 += 4;
    }
  }
  return end;
}

function packPart(
  lines: i32,
  width: i32,
  depth: i32,
  from: usize,
  line: usize,
  along: usize,
  into: usize,
): usize {
  for (let k = 0; k < depth; k++) {
    for (let i = 0; i < width; i++) {
      store<f32>(into, i < lines ? load<f32>(from + <usize>i * line) : 0);
      into += 4;
    }
    from += along;
  }
  return into;
}

/** Rows of A in `packedA` times a block of packed B. */
function block(
  M: i32,
  N: i32,
  K: i32,
  b: usize,
  initial: usize,
  initialRow: usize,
  c: usize,
  cRow: usize,
): void {
  for (let n = 0; n < N; n += tileColumns) {
    let a = packedA;
    for (let m = 0; m < M; m += tileRows) {
      const from = initial + <usize>m * initialRow + at(n);
      const into = c + <usize>m * cRow + at(n);
      if (m + tileRows <= M && n + tileColumns <= N) tile(K, a, b, from, initialRow, into, cRow);
      else edgeTile(min(tileRows, M - m), min(tileColumns, N - n), K, a, b, from, initialRow, into, cRow);
      a += at(K * tileRows);
    }
    b += at(K * tileColumns);
  }
}

function edgeTile(
  rows: i32,
  columns: i32,
  K: i32,
  a: usize,
  b: usize,
  initial: usize,
  initialRow: usize,
  c: usize,
  cRow: usize,
): void {
  const row = at(tileColumns);
  copy(rows, columns, initial, initialRow, edge, row);
  tile(K, a, b, edge, row, edge, row);
  copy(rows, columns, edge, row, c, cRow);
}

function copy(rows: i32, columns: i32, from: usize, fromRow: usize, into: usize, intoRow: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < at(columns); j += 4) store<f32>(into + j, load<f32>(from + j));
    from += fromRow;
    into += intoRow;
  }
}

function tile(K: i32, a: usize, b: usize, initial: usize, initialRow: usize, c: usize, cRow: usize): void {
  let s00 = v128.load(initial);
  let s01 = v128.load(initial, 16);
  initial += initialRow;
  let s10 = v128.load(initial);
  let s11 = v128.load(initial, 16);
  initial += initialRow;
  let s20 = v128.load(initial);
  let s21 = v128.load(initial, 16);
  initial += initialRow;
  let s30 = v128.load(initial);
  let s31 = v128.load(initial, 16);
  for (const end = a + at(K * tileRows); a < end; a += at(tileRows), b += at(tileColumns)) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load32_splat(a, 4);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load32_splat(a, 8);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load32_splat(a, 12);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += cRow;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += cRow;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += cRow;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}
