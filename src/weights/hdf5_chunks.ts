// The chunks of a dataset of HDF5, put together. Where they are is said by a tree (layout 3, h5py's default)
// or by an address, or an array of addresses (layout 4, libver="latest"). Each chunk must be there, once.

import { product } from "../numbers/tensor.js";
import type { Fail, Hdf5Bytes, Hdf5Cursor } from "./hdf5_bytes.js";
import { readFilters, unfiltered } from "./hdf5_filters.js";

interface Chunk {
  /** its place in the grid of chunks, in row-major order */
  index: number;
  at: number;
  size: number;
  /** a bit for each filter that it did not go through */
  skipped: number;
}

/** Chunks of `extents`, of which as many as the grid has cover the shape. */
interface Grid {
  shape: readonly number[];
  extents: number[];
  grid: number[];
  /** of an element */
  size: number;
  chunkBytes: number;
}

/**
 * The bytes of a dataset.
 *
 * @param layout behind the kind of the layout
 * @param filters the message about them, if there is one
 */
export function readChunks(
  file: Hdf5Bytes,
  { version, layout, filters }: { version: number; layout: Hdf5Cursor; filters?: Hdf5Cursor },
  { shape, size }: { shape: readonly number[]; size: number },
  fail: Fail,
): Uint8Array {
  const applied = filters ? readFilters(filters, fail) : [];
  const length = product(shape) * size;
  if (length === 0) return new Uint8Array();
  file.limit.take(length, "its chunks");
  const all = new Uint8Array(length);
  const [grid, chunks] =
    version === 3
      ? inTree(file, layout, shape, size, fail)
      : indexed(file, layout, shape, size, applied.length > 0, fail);
  const seen = new Set<number>();
  for (const { index, at, size: stored, skipped } of chunks) {
    if (seen.has(index)) fail("has a chunk twice");
    seen.add(index);
    const bytes = file.from(at, stored).bytes(stored);
    place(unfiltered(applied, skipped, bytes, grid.chunkBytes, file.limit, fail), index, grid, all);
  }
  const count = product(grid.grid);
  if (seen.size !== count) fail(`has ${seen.size} of ${count} chunks: the others were not written`);
  return all;
}

function gridOf(shape: readonly number[], stated: readonly number[], size: number, fail: Fail): Grid {
  const extents = stated.slice(0, -1);
  if (extents.length !== shape.length || stated.at(-1) !== size || extents.includes(0)) {
    fail(`has chunks of [${extents.join(", ")}], which do not fit its shape [${shape.join(", ")}]`);
  }
  const grid = shape.map((extent, axis) => Math.ceil(extent / extents[axis]));
  return { shape, extents, grid, size, chunkBytes: product(extents) * size };
}

/** Layout 3: a tree whose keys are the size of a chunk and where it begins. */
function inTree(
  file: Hdf5Bytes,
  layout: Hdf5Cursor,
  shape: readonly number[],
  size: number,
  fail: Fail,
): [Grid, Iterable<Chunk>] {
  const rank = layout.uint(1);
  const tree = layout.address();
  const stated = Array.from({ length: rank }, () => layout.uint(4));
  const grid = gridOf(shape, stated, size, fail);
  return [grid, tree === undefined ? [] : treeChunks(file, tree, grid, fail)];
}

function* treeChunks(file: Hdf5Bytes, tree: number, { extents, grid }: Grid, fail: Fail): Generator<Chunk> {
  const waiting = [tree];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = file.from(next);
    if (node.text(4) !== "TREE" || node.uint(1) !== 1) fail("has a damaged tree of chunks");
    const level = node.uint(1);
    const children = node.uint(2);
    node.skip(16);
    for (let k = 0; k < children; k++) {
      const [size, skipped] = [node.uint(4), node.uint(4)];
      const starts = extents.map(() => node.uint(8));
      node.skip(8);
      const at = node.uint(8);
      if (level > 0) {
        waiting.push(at);
        continue;
      }
      const place = starts.map((start, axis) => start / extents[axis]);
      if (!place.every((one, axis) => Number.isInteger(one) && one < grid[axis])) {
        fail(`has a chunk at [${starts.join(", ")}], where none can be`);
      }
      yield { index: place.reduce((index, one, axis) => index * grid[axis] + one, 0), at, size, skipped };
    }
  }
}

/** Layout 4: by a number, what finds the chunks. */
function indexed(
  file: Hdf5Bytes,
  layout: Hdf5Cursor,
  shape: readonly number[],
  size: number,
  areFiltered: boolean,
  fail: Fail,
): [Grid, Iterable<Chunk>] {
  const flags = layout.uint(1);
  const rank = layout.uint(1);
  const width = layout.uint(1);
  const stated = Array.from({ length: rank }, () => layout.uint(width));
  const grid = gridOf(shape, stated, size, fail);
  const { chunkBytes } = grid;
  if (flags & 1) fail("has chunks at its edge that are stored in another way, which is not read");
  const kind = layout.uint(1);
  const whole = { index: 0, size: chunkBytes, skipped: 0 };
  if (kind === 1) {
    const stored = flags & 2 ? { size: layout.uint(8), skipped: layout.uint(4) } : {};
    const at = layout.address();
    return [grid, at === undefined ? [] : [{ ...whole, ...stored, at }]];
  }
  if (kind !== 2 && kind !== 3)
    return fail("can grow, and its newest layout is not read: save it by default");
  if (kind === 3) layout.skip(1);
  const at = layout.address();
  if (at === undefined) return [grid, []];
  return [grid, kind === 2 ? inARow(at, grid) : inArray(file, at, grid, areFiltered, fail)];
}

function* inARow(at: number, { grid, chunkBytes }: Grid): Generator<Chunk> {
  const count = product(grid);
  for (let index = 0; index < count; index++) {
    yield { index, at: at + index * chunkBytes, size: chunkBytes, skipped: 0 };
  }
}

/** An array of addresses, in pages where they are many. */
function* inArray(
  file: Hdf5Bytes,
  address: number,
  { grid, chunkBytes }: Grid,
  areFiltered: boolean,
  fail: Fail,
): Generator<Chunk> {
  const count = product(grid);
  const header = file.from(address);
  if (header.text(4) !== "FAHD") fail("has a damaged array of chunks");
  header.skip(2);
  const [width, pageBits, entries] = [header.uint(1), header.uint(1), header.uint(8)];
  const block = header.address();
  if (entries !== count || width < 8) fail("has a damaged array of chunks");
  if (block === undefined) return;
  const start = file.from(block);
  if (start.text(4) !== "FADB") fail("has a damaged array of chunks");
  start.skip(10);
  const perPage = 2 ** pageBits;
  const isPaged = count > perPage;
  const written = isPaged ? start.bytes(Math.ceil(count / perPage / 8)) : undefined;
  // A checksum stands behind the bits, and behind each page.
  if (isPaged) start.skip(4);
  for (let index = 0; index < count; index++) {
    const page = Math.floor(index / perPage);
    if (isPaged && index > 0 && index % perPage === 0) start.skip(4);
    const entry = start.part(width);
    if (written && !(written[page >> 3] & (0x80 >> (page & 7)))) continue;
    const at = entry.address();
    if (at === undefined) continue;
    const stored = areFiltered ? { size: entry.uint(width - 12), skipped: entry.uint(4) } : {};
    yield { index, at, size: chunkBytes, skipped: 0, ...stored };
  }
}

/** Copies what of a chunk is within the shape, row by row. */
function place(
  chunk: Uint8Array,
  index: number,
  { shape, extents, grid, size }: Grid,
  all: Uint8Array,
): void {
  const starts = extents.map(() => 0);
  for (let axis = grid.length - 1, rest = index; axis >= 0; axis--) {
    starts[axis] = (rest % grid[axis]) * extents[axis];
    rest = Math.floor(rest / grid[axis]);
  }
  const copy = (axis: number, from: number, to: number): void => {
    const within = Math.min(extents[axis], shape[axis] - starts[axis]);
    if (axis === shape.length - 1) {
      const [source, target] = [from * extents[axis], to * shape[axis] + starts[axis]];
      all.set(chunk.subarray(source * size, (source + within) * size), target * size);
      return;
    }
    for (let k = 0; k < within; k++)
      copy(axis + 1, from * extents[axis] + k, to * shape[axis] + starts[axis] + k);
  };
  copy(0, 0, 0);
}
