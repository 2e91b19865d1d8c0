// What HDF5 does to a chunk before it is stored, undone: deflate, the order of bytes by their place in an
// element, a checksum. Each may be there once, so that no chunk is gone over again and again.

import { Unzlib } from "fflate";
import { viewOf } from "./elements.js";
import type { Fail, Hdf5Cursor } from "./hdf5_bytes.js";
import type { MemoryLimit } from "./memory_limit.js";

interface Filter {
  id: number;
  values: number[];
}

const [deflate, shuffle, fletcher] = [1, 2, 3];
const others: Record<number, string> = { 4: "szip", 5: "nbit", 6: "scaleoffset", 32000: "lzf" };
/** Deflate makes at most 1032 times as many bytes: what one piece inflates to before it is counted. */
const bytesPerPiece = 2 ** 12;
const checksumBytes = 4;

/** The filters in the order in which a chunk went through them. */
export function readFilters(cursor: Hdf5Cursor, fail: Fail): Filter[] {
  const version = cursor.uint(1);
  const count = cursor.uint(1);
  if (version === 1) cursor.skip(6);
  else if (version !== 2) fail(`has filters of version ${version}, but must have 1 or 2`);
  const filters: Filter[] = [];
  for (let k = 0; k < count; k++) {
    const id = cursor.uint(2);
    const nameLength = version === 1 || id >= 256 ? cursor.uint(2) : 0;
    cursor.skip(2);
    const values = cursor.uint(2);
    cursor.part(nameLength, version === 1 ? 8 : 1);
    filters.push({ id, values: Array.from({ length: values }, () => cursor.uint(4)) });
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    if (![deflate, shuffle, fletcher].includes(id)) {
      const name = others[id] ?? `filter ${id}`;
      fail(`is compressed by ${name}, but must be by deflate, called gzip in h5py, or not at all`);
    }
    if (filters.findIndex((filter) => filter.id === id) < k) fail(`has filter ${id} twice`);
  }
  return filters;
}

/**
 * A chunk of `length` bytes as it was before the filters.
 *
 * @param skipped a bit for each filter that this chunk did not go through
 */
export function unfiltered(
  filters: readonly Filter[],
  skipped: number,
  stored: Uint8Array,
  length: number,
  limit: MemoryLimit,
  fail: Fail,
): Uint8Array {
  const applied = filters.filter((_, k) => (skipped & (1 << k)) === 0);
  const sizes = [length];
  for (const { id } of applied) sizes.push(sizes.at(-1)! + (id === fletcher ? checksumBytes : 0));
  let bytes = stored;
  for (const [k, { id, values }] of [...applied.entries()].reverse()) {
    if (id === deflate) bytes = inflated(bytes, sizes[k], limit, fail);
    else if (id === shuffle) bytes = unshuffled(bytes, values[0] ?? 0);
    else bytes = withoutChecksum(bytes, fail);
  }
  if (bytes.length !== length) fail(`has a chunk of ${bytes.length} bytes, but must have ${length}`);
  return bytes;
}

/** Piece by piece, so that what turns out to be longer than it must be comes to an end. */
function inflated(bytes: Uint8Array, length: number, limit: MemoryLimit, fail: Fail): Uint8Array {
  limit.take(length, "a chunk");
  const all = new Uint8Array(length);
  let at = 0;
  const stream = new Unzlib((piece) => {
    if (at + piece.length > length) fail(`has a chunk of more than ${length} bytes`);
    all.set(piece, at);
    at += piece.length;
  });
  try {
    for (let from = 0; from < bytes.length; from += bytesPerPiece) {
      const end = from + bytesPerPiece;
      stream.push(bytes.subarray(from, end), end >= bytes.length);
    }
  } catch (error) {
    return fail(`has a chunk that cannot be inflated: ${(error as Error).message}`, error);
  }
  if (at !== length) fail(`has a chunk of ${at} bytes, but must have ${length}`);
  if (adler32(all) !== viewOf(bytes).getUint32(bytes.length - 4)) fail("has a chunk with a wrong checksum");
  return all;
}

/** From all first bytes of the elements, all second ones, … back to the elements; what is left is behind. */
function unshuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = size === 0 ? 0 : Math.floor(bytes.length / size);
  const elements = Uint8Array.from(bytes);
  for (let place = 0; place < size; place++) {
    for (let k = 0; k < count; k++) elements[k * size + place] = bytes[place * count + k];
  }
  return elements;
}

function withoutChecksum(bytes: Uint8Array, fail: Fail): Uint8Array {
  const end = bytes.length - checksumBytes;
  if (end < 0) return fail(`has a chunk of ${bytes.length} bytes, but its checksum needs ${checksumBytes}`);
  const contents = bytes.subarray(0, end);
  if (fletcher32(contents) !== viewOf(bytes).getUint32(end, true)) fail("has a chunk with a wrong checksum");
  return contents;
}

/** Of 16-bit words, the first byte above the second; an odd byte is above nothing. As in H5checksum.c. */
function fletcher32(bytes: Uint8Array): number {
  let [first, second] = [0, 0];
  for (let k = 0; k < bytes.length; k += 2) {
    first = (first + bytes[k] * 256 + (bytes[k + 1] ?? 0)) % 65535;
    second = (second + first) % 65535;
  }
  return second * 2 ** 16 + first;
}

/** RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let [first, second] = [1, 0];
  for (const byte of bytes) {
    first = (first + byte) % 65521;
    second = (second + first) % 65521;
  }
  return second * 2 ** 16 + first;
}
