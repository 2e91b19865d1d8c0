// The files in a ZIP, whose directory may be wrong on purpose. fflate inflates, but neither compares
// checksums nor says where they are, so the directory is read here. Format:
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { inflateSync } from "fflate";
import { crc32 } from "../numbers/crc32.js";
import { viewOf } from "./elements.js";
import { refuse, WeightFileError } from "./file_error.js";
import { fileKind, isZip } from "./file_kind.js";
import type { MemoryLimit } from "./memory_limit.js";

/** Deflate makes at most 258 bytes of 2 bits. */
const mostExpansion = 1032;

interface Entry {
  method: number;
  crc: number;
  /** in the ZIP, in bytes */
  size: number;
  originalSize: number;
  /** where its own header is */
  at: number;
}

/** A ZIP of which only what is asked for is inflated. */
export interface ZipFile {
  names: string[];
  /** The size of a file, in bytes; undefined where there is no such file. */
  size(name: string): number | undefined;
  /** The contents of a file that is there. @throws {WeightFileError} when its checksum is another */
  read(name: string): Uint8Array;
}

/**
 * The files of a ZIP.
 *
 * @throws {WeightFileError} when the bytes are not a ZIP, or its directory says more than it can hold
 */
export function openZip(where: string, bytes: Uint8Array, limit: MemoryLimit): ZipFile {
  const entries = guarded(where, () => readDirectory(where, bytes));
  return {
    names: [...entries.keys()],
    size: (name) => entries.get(name)?.originalSize,
    read: (name) =>
      guarded(where, () => {
        const entry = entries.get(name)!;
        const contents = contentsOf(where, name, entry, bytes, limit);
        const crc = crc32(contents);
        if (contents.length === entry.originalSize && crc === entry.crc) return contents;
        const hex = (sum: number) => sum.toString(16).padStart(8, "0");
        return refuse(
          where,
          `"${name}" is damaged: its CRC-32 is ${hex(crc)}, but the ZIP says ${hex(entry.crc)}`,
        );
      }),
  };
}

/** Reading beyond the end is a RangeError of a DataView. */
function guarded<Result>(where: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    return refuse(where, `the ZIP cannot be read: ${(error as Error).message}`, error);
  }
}

function readDirectory(where: string, bytes: Uint8Array): Map<string, Entry> {
  const view = viewOf(bytes);
  const { count, start } = findDirectory(where, bytes, view);
  const entries = new Map<string, Entry>();
  let [at, total] = [start, 0];
  for (let k = 0; k < count; k++) {
    if (view.getUint32(at) !== 0x504b0102)
      refuse(where, `the ZIP's directory ends after ${k} of ${count} files`);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const extra = at + 46 + nameLength;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, extra));
    const entry: Entry = {
      method,
      crc: view.getUint32(at + 16, true),
      size: view.getUint32(at + 20, true),
      originalSize: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    readLongSizes(view, extra, extra + extraLength, entry);
    const { size, originalSize } = entry;
    if (entries.has(name)) refuse(where, `the ZIP contains "${name}" twice`);
    total += size;
    if (total > bytes.length) {
      refuse(where, `the files up to "${name}" have ${total} bytes, but the ZIP ${bytes.length}`);
    }
    if (flags & 1) refuse(where, `"${name}" is encrypted`);
    if (method !== 0 && method !== 8) {
      refuse(where, `"${name}" is compressed by method ${method}, but must be by 8, deflate, or not at all`);
    }
    const most = method === 0 ? size : mostExpansion * size;
    if (originalSize > most) {
      refuse(where, `"${name}" is said to have ${originalSize} bytes, but ${size} bytes are at most ${most}`);
    }
    entries.set(name, entry);
    at = extra + extraLength + view.getUint16(at + 32, true);
  }
  return entries;
}

/** How many files there are, and where they are listed: at the end of the ZIP, before a comment. */
function findDirectory(where: string, bytes: Uint8Array, view: DataView): { count: number; start: number } {
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end) !== 0x504b0506) end = end > bytes.length - 65558 ? end - 1 : -1;
  if (end < 0) {
    if (isZip(bytes)) refuse(where, "the ZIP has no directory at its end: it is not whole");
    const kind = fileKind(bytes);
    refuse(where, `the file is not a ZIP${kind === undefined ? "" : `: ${kind}`}`);
  }
  const [count, start] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (count !== 0xffff && start !== 0xffffffff) return { count, start };
  // ZIP64: a locator before the end says where the long numbers are.
  const long = Number(view.getBigUint64(end - 12, true));
  return {
    count: Number(view.getBigUint64(long + 32, true)),
    start: Number(view.getBigUint64(long + 48, true)),
  };
}

/** ZIP64: numbers that 32 bits do not hold are in an extra field, in this order. */
function readLongSizes(view: DataView, from: number, end: number, entry: Entry): void {
  for (let at = from; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    for (const key of ["originalSize", "size", "at"] as const) {
      if (entry[key] !== 0xffffffff) continue;
      entry[key] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
}

function contentsOf(
  where: string,
  name: string,
  { method, size, originalSize, at }: Entry,
  bytes: Uint8Array,
  limit: MemoryLimit,
): Uint8Array {
  const view = viewOf(bytes);
  if (view.getUint32(at) !== 0x504b0304) refuse(where, `"${name}" is not where the ZIP says`);
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + size > bytes.length) refuse(where, `"${name}" reaches beyond the end of the ZIP`);
  const compressed = bytes.subarray(start, start + size);
  if (method === 0) return compressed;
  limit.take(originalSize, `"${name}"`);
  return inflateSync(compressed, { out: new Uint8Array(originalSize) });
}
