// Products of matrices. Both factors are packed into panels, A of two rows and B of sixteen columns, so that
// a tile of the product reads both in order and keeps its 32 sums in registers. On V8 this shape takes the
// fewest instructions, because addresses of loads that splat are computed apart. Strides are in floats.

import { multiplyAdd } from "./lanes";

/** Rows and columns of a tile. */
const tileRows: i32 = 2;
const tileColumns: i32 = 16;
/**
 * Rows of A packed at once, and how much of K: they stay in the second-level cache, a panel of B in the
 * first.
 */
const blockRows: i32 = 64;
const blockDepth: i32 = 256;

const packedA = memory.data(64 * 256 * 4, 64);
const edge = memory.data(2 * 16 * 4, 16);

/** Floats that `packB` writes. */
export function packedSize(K: i32, N: i32): i32 {
  return K * roundUp(N);
}

/**
 * op(B) [K, N], element (k, n) at `b + k * bRow + n * bColumn`, in blocks of K, in panels of sixteen columns.
 */
export function packB(K: i32, N: i32, b: usize, bRow: i32, bColumn: i32, into: usize): void {
  for (let k = 0; k < K; k += blockDepth) {
    const depth = min(blockDepth, K - k);
    packColumns(depth, N, b + at(k * bRow), bRow, bColumn, into);
    into += at(packedSize(depth, N));
  }
}

/**
 * C = initial + op(A) op(B). Element (i, k) of op(A) [M, K] is at `a + i * aRow + k * aColumn`, B is packed.
 * `initial` has rows `initialRow` apart: C itself to add to it, or 0 apart for a bias, a row that is the same
 * for all.
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
      packRows(rows, depth, a + at(m * aRow + k * aColumn), aRow, aColumn, packedA);
      const into = c + at(m * cRow);
      if (k == 0) block(rows, N, depth, b, initial + at(m * initialRow), at(initialRow), into, at(cRow));
      else block(rows, N, depth, b, into, at(cRow), into, at(cRow));
    }
    b += at(packedSize(depth, N));
  }
}

/**
 * C₁ += Aᵀ B₁ and C₂ += Aᵀ B₂ over K rows: gradients of weights. A is [K, M] with rows aRow apart, B₁ [K, N₁]
 * and B₂ [K, N₂] are contiguous; N₂ may be 0. `scratch` has room for M (N₁ + N₂) and 256 packed rows of A.
 *
 * Computed as (Bᵀ A)ᵀ: A is the wider factor, and packing columns takes less than packing rows.
 */
export function addTransposedProducts(
  M: i32,
  K: i32,
  a: usize,
  aRow: i32,
  N1: i32,
  b1: usize,
  c1: usize,
  N2: i32,
  b2: usize,
  c2: usize,
  scratch: usize,
): void {
  const sums2 = scratch + at(M * N1);
  const packed = sums2 + at(M * N2);
  memory.fill(scratch, 0, packed - scratch);
  for (let k = 0; k < K; k += blockDepth) {
    const depth = min(blockDepth, K - k);
    packColumns(depth, M, a + at(k * aRow), aRow, 1, packed);
    multiply(N1, M, depth, b1 + at(k * N1), 1, N1, packed, scratch, M, scratch, M);
    multiply(N2, M, depth, b2 + at(k * N2), 1, N2, packed, sums2, M, sums2, M);
  }
  addTransposed(M, N1, scratch, c1);
  addTransposed(M, N2, sums2, c2);
}

/** C [M, N] += Sᵀ, a cache line of each row of S at a time. */
function addTransposed(M: i32, N: i32, s: usize, c: usize): void {
  for (let first = 0; first < M; first += 16) {
    const end = min(first + 16, M);
    for (let n = 0; n < N; n++) {
      const row = s + at(n * M);
      for (let m = first; m < end; m++) {
        const element = c + at(m * N + n);
        store<f32>(element, load<f32>(element) + load<f32>(row + at(m)));
      }
    }
  }
}

/** sums[j] += Σ_row a[row, j], block by block, so that rounding does not grow with the rows. */
export function addColumnSums(rows: i32, columns: i32, a: usize, sums: usize): void {
  const row = at(columns);
  for (let k = 0; k < rows; k += blockDepth) {
    const end = a + <usize>min(blockDepth, rows - k) * row;
    let j: usize = 0;
    for (; j + 64 <= row; j += 64) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      for (let p = a + j; p < end; p += row) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
      }
      v128.store(sums + j, f32x4.add(v128.load(sums + j), s0));
      v128.store(sums + j, f32x4.add(v128.load(sums + j, 16), s1), 16);
      v128.store(sums + j, f32x4.add(v128.load(sums + j, 32), s2), 32);
      v128.store(sums + j, f32x4.add(v128.load(sums + j, 48), s3), 48);
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
function roundUp(columns: i32): i32 {
  return (columns + tileColumns - 1) & -tileColumns;
}

/**
 * Panels of two rows of A; in each the elements at one k lie side by side, with zeros beyond the last row.
 */
function packRows(rows: i32, depth: i32, from: usize, row: i32, along: i32, into: usize): void {
  const panel = at(depth * tileRows);
  let i = 0;
  if (row == 1) {
    // Sixteen at a time, a cache line of each k.
    for (; i + 16 <= rows; i += 16, into += 8 * panel) {
      let p = from + at(i);
      for (let target = into; target < into + panel; target += 8, p += at(along)) {
        let into = target;
        for (let offset: usize = 0; offset < 64; offset += 16) {
          const values = v128.load(p + offset);
          v128.store64_lane(into, values, 0);
          v128.store64_lane(into + panel, values, 1);
          into += 2 * panel;
        }
      }
    }
  } else if (along == 1) {
    for (; i + tileRows <= rows; i += tileRows, into += panel) interleave(depth, from + at(i * row), at(row), into);
  }
  for (; i < rows; i += tileRows, into += panel) {
    packPart(min(tileRows, rows - i), tileRows, depth, from + at(i * row), at(row), at(along), into);
  }
}

function interleave(depth: i32, from: usize, row: usize, into: usize): void {
  for (; depth >= 4; depth -= 4, from += 16, into += 32) {
    const r0 = v128.load(from);
    const r1 = v128.load(from + row);
    v128.store(into, v128.shuffle<f32>(r0, r1, 0, 4, 1, 5));
    v128.store(into, v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), 16);
  }
  for (; depth > 0; depth--, from += 4, into += 8) {
    store<f32>(into, load<f32>(from));
    store<f32>(into, load<f32>(from + row), 4);
  }
}

/** Panels of sixteen columns of B, likewise. */
function packColumns(depth: i32, columns: i32, from: usize, row: i32, column: i32, into: usize): void {
  const panel = at(depth * tileColumns);
  for (let i = 0; i < columns; i += tileColumns, into += panel) {
    const source = from + at(i * column);
    if (i + tileColumns > columns) {
      packPart(columns - i, tileColumns, depth, source, at(column), at(row), into);
    } else if (column == 1) {
      let p = source;
      for (let target = into; target < into + panel; target += 64, p += at(row)) {
        v128.store(target, v128.load(p));
        v128.store(target, v128.load(p, 16), 16);
        v128.store(target, v128.load(p, 32), 32);
        v128.store(target, v128.load(p, 48), 48);
      }
    } else if (row == 1) {
      for (let group = 0; group < tileColumns; group += 4) {
        transpose(depth, source + at(group * column), at(column), into + at(group));
      }
    } else packPart(tileColumns, tileColumns, depth, source, at(column), at(row), into);
  }
}

/** Four columns, contiguous in memory, into a panel of sixteen. */
function transpose(depth: i32, p0: usize, column: usize, into: usize): void {
  const p1 = p0 + column;
  const p2 = p1 + column;
  const p3 = p2 + column;
  let k: usize = 0;
  for (; depth >= 4; depth -= 4, k += 16, into += 256) {
    const r0 = v128.load(p0 + k);
    const r1 = v128.load(p1 + k);
    const r2 = v128.load(p2 + k);
    const r3 = v128.load(p3 + k);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(into, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(into, v128.shuffle<f64>(low01, low23, 1, 3), 64);
    v128.store(into, v128.shuffle<f64>(high01, high23, 0, 2), 128);
    v128.store(into, v128.shuffle<f64>(high01, high23, 1, 3), 192);
  }
  for (; depth > 0; depth--, k += 4, into += 64) {
    store<f32>(into, load<f32>(p0 + k));
    store<f32>(into, load<f32>(p1 + k), 4);
    store<f32>(into, load<f32>(p2 + k), 8);
    store<f32>(into, load<f32>(p3 + k), 12);
  }
}

/** A panel of `width` lines, of which there are `lines`, element by element. */
function packPart(
  lines: i32,
  width: i32,
  depth: i32,
  from: usize,
  line: usize,
  along: usize,
  into: usize,
): void {
  for (; depth > 0; depth--, from += along) {
    for (let i = 0; i < width; i++, into += 4) {
      store<f32>(into, i < lines ? load<f32>(from + <usize>i * line) : 0);
    }
  }
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

/**
 * Inlined: a call takes as long as some turns of its loop. Node 20's compiler orders the products of a loop's
 * body by how the sums are stored behind it, and puts loads before all of them in every turn but the last one
 * that is unrolled. What is written here (five turns, columns from the last to the first, stores of both rows
 * by turns, even the form of the comparison) is the order of those tried that the processor computes fastest,
 * a twelfth faster than one turn; Node 22 and 24 are as fast or faster with it. `initial` is read last, for
 * what comes from far away would keep the sums waiting.
 */
@inline
function tile(K: i32, a: usize, b: usize, initial: usize, initialRow: usize, c: usize, cRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  let a0: v128;
  let a1: v128;
  let column: v128;
  const end = a + at(K * tileRows);
  while (a < end) {
    a1 = v128.load32_splat(a, 4);
    a0 = v128.load32_splat(a);
    column = v128.load(b, 48);
    s13 = multiplyAdd(a1, column, s13);
    s03 = multiplyAdd(a0, column, s03);
    column = v128.load(b, 32);
    s12 = multiplyAdd(a1, column, s12);
    s02 = multiplyAdd(a0, column, s02);
    column = v128.load(b, 16);
    s11 = multiplyAdd(a1, column, s11);
    s01 = multiplyAdd(a0, column, s01);
    column = v128.load(b);
    s10 = multiplyAdd(a1, column, s10);
    s00 = multiplyAdd(a0, column, s00);
    a += at(tileRows);
    b += at(tileColumns);
    if (a >= end) break;

    a1 = v128.load32_splat(a, 4);
    a0 = v128.load32_splat(a);
    column = v128.load(b, 48);
    s13 = multiplyAdd(a1, column, s13);
    s03 = multiplyAdd(a0, column, s03);
    column = v128.load(b, 32);
    s12 = multiplyAdd(a1, column, s12);
    s02 = multiplyAdd(a0, column, s02);
    column = v128.load(b, 16);
    s11 = multiplyAdd(a1, column, s11);
    s01 = multiplyAdd(a0, column, s01);
    column = v128.load(b);
    s10 = multiplyAdd(a1, column, s10);
    s00 = multiplyAdd(a0, column, s00);
    a += at(tileRows);
    b += at(tileColumns);
    if (a >= end) break;

    a1 = v128.load32_splat(a, 4);
    a0 = v128.load32_splat(a);
    column = v128.load(b, 48);
    s13 = multiplyAdd(a1, column, s13);
    s03 = multiplyAdd(a0, column, s03);
    column = v128.load(b, 32);
    s12 = multiplyAdd(a1, column, s12);
    s02 = multiplyAdd(a0, column, s02);
    column = v128.load(b, 16);
    s11 = multiplyAdd(a1, column, s11);
    s01 = multiplyAdd(a0, column, s01);
    column = v128.load(b);
    s10 = multiplyAdd(a1, column, s10);
    s00 = multiplyAdd(a0, column, s00);
    a += at(tileRows);
    b += at(tileColumns);
    if (a >= end) break;

    a1 = v128.load32_splat(a, 4);
    a0 = v128.load32_splat(a);
    column = v128.load(b, 48);
    s13 = multiplyAdd(a1, column, s13);
    s03 = multiplyAdd(a0, column, s03);
    column = v128.load(b, 32);
    s12 = multiplyAdd(a1, column, s12);
    s02 = multiplyAdd(a0, column, s02);
    column = v128.load(b, 16);
    s11 = multiplyAdd(a1, column, s11);
    s01 = multiplyAdd(a0, column, s01);
    column = v128.load(b);
    s10 = multiplyAdd(a1, column, s10);
    s00 = multiplyAdd(a0, column, s00);
    a += at(tileRows);
    b += at(tileColumns);
    if (a >= end) break;

    a1 = v128.load32_splat(a, 4);
    a0 = v128.load32_splat(a);
    column = v128.load(b, 48);
    s13 = multiplyAdd(a1, column, s13);
    s03 = multiplyAdd(a0, column, s03);
    column = v128.load(b, 32);
    s12 = multiplyAdd(a1, column, s12);
    s02 = multiplyAdd(a0, column, s02);
    column = v128.load(b, 16);
    s11 = multiplyAdd(a1, column, s11);
    s01 = multiplyAdd(a0, column, s01);
    column = v128.load(b);
    s10 = multiplyAdd(a1, column, s10);
    s00 = multiplyAdd(a0, column, s00);
    a += at(tileRows);
    b += at(tileColumns);
  }
  const initial1 = initial + initialRow;
  const c1 = c + cRow;
  v128.store(c, f32x4.add(v128.load(initial), s00));
  v128.store(c1, f32x4.add(v128.load(initial1), s10));
  v128.store(c, f32x4.add(v128.load(initial, 16), s01), 16);
  v128.store(c1, f32x4.add(v128.load(initial1, 16), s11), 16);
  v128.store(c, f32x4.add(v128.load(initial, 32), s02), 32);
  v128.store(c1, f32x4.add(v128.load(initial1, 32), s12), 32);
  v128.store(c, f32x4.add(v128.load(initial, 48), s03), 48);
  v128.store(c1, f32x4.add(v128.load(initial1, 48), s13), 48);
}
