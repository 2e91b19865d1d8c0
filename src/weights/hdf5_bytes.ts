// The bytes of an HDF5 file, read at the addresses that the file says.

import { refuse } from "./file_error.js";
import type { MemoryLimit } from "./memory_limit.js";

/** How often each byte may be read, on average. */
const timesFile = 8;
const leastBytes = 2 ** 16;
/** 2⁶⁴ − 1, rounded. */
const noAddress = 2 ** 64;

/** Refuses the file for what a dataset, or the like, has. */
export type Fail = (problem: string, cause?: unknown) => never;

/** A file, and how much more may be read in it. */
export class Hdf5Bytes {
  readonly #bytes: Uint8Array;
  readonly #heaps = new Map<number, Map<number, { at: number; size: number }>>();
  #leftBytes: number;

  constructor(
    readonly where: string,
    bytes: Uint8Array,
    readonly limit: MemoryLimit,
  ) {
    this.#bytes = bytes;
    this.#leftBytes = timesFile * bytes.length + leastBytes;
  }

  fail(problem: string, cause?: unknown): never {
    return refuse(this.where, problem, cause);
  }

  /** What is at an address, until the end of the file or for `length` bytes. */
  from(at: number, length = this.#bytes.length - at): Hdf5Cursor {
    if (!(at >= 0 && length >= 0 && at + length <= this.#bytes.length)) {
      this.fail(`the HDF5 file has ${this.#bytes.length} bytes, but refers to ${length} at ${at}`);
    }
    return new Hdf5Cursor(this, at, at + length);
  }

  /** Counts bytes before they are read. */
  read(at: number, length: number): Uint8Array {
    this.#leftBytes -= length + 1;
    if (this.#leftBytes < 0) this.fail("the HDF5 file refers to the same places again and again");
    return this.#bytes.subarray(at, at + length);
  }

  /** Not counted: what is looked for in it is read after that. */
  peek(at: number, end: number): Uint8Array {
    return this.#bytes.subarray(at, end);
  }

  /** The text that 16 bytes refer to: a length, and an object of a heap. */
  heapText(cursor: Hdf5Cursor): string {
    const [length, address, index] = [cursor.uint(4), cursor.uint(8), cursor.uint(4)];
    const object = length === 0 ? { at: 0, size: 0 } : this.#heap(address).get(index);
    if (object === undefined || length > object.size) return this.fail("a text of an attribute is missing");
    return this.from(object.at, length).textToZero();
  }

  /** Where the objects of a heap are. */
  #heap(address: number): Map<number, { at: number; size: number }> {
    const known = this.#heaps.get(address);
    if (known) return known;
    const objects = new Map<number, { at: number; size: number }>();
    this.#heaps.set(address, objects);
    const header = this.from(address);
    if (header.text(4) !== "GCOL") this.fail("a text of an attribute is missing");
    header.skip(4);
    const heap = this.from(address + 16, header.uint(8) - 16);
    while (heap.left >= 16) {
      const index = heap.uint(2);
      heap.skip(6);
      const size = heap.uint(8);
      if (index === 0) break;
      objects.set(index, { at: heap.at, size });
      heap.part(size, 8);
    }
    return objects;
  }
}

/** A place in the file from which is read on, and an end. */
export class Hdf5Cursor {
  readonly #file: Hdf5Bytes;
  readonly #end: number;
  #at: number;

  constructor(file: Hdf5Bytes, at: number, end: number) {
    this.#file = file;
    this.#at = at;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  skip(length: number): number {
    if (!(length <= this.left)) this.#file.fail("the HDF5 file ends within an object");
    this.#at += length;
    return this.#at - length;
  }

  /** A little-endian integer; of 8 bytes, it is rounded beyond every length of a file. */
  uint(length: number): number {
    return this.bytes(length).reduceRight((sum, byte) => 256 * sum + byte, 0);
  }

  /** An address; undefined where it is that of nothing. */
  address(): number | undefined {
    const address = this.uint(8);
    return address === noAddress ? undefined : address;
  }

  bytes(length: number): Uint8Array {
    return this.#file.read(this.skip(length), length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  /** The text until the end, or the first byte that is 0. */
  textToZero(): string {
    const rest = this.#file.peek(this.#at, this.#end);
    const zero = rest.indexOf(0);
    return this.text(zero < 0 ? rest.length : zero);
  }

  /** The next `length` bytes by themselves; those behind them are skipped up to a multiple of `padding`. */
  part(length: number, padding = 1): Hdf5Cursor {
    const at = this.skip(Math.min(Math.ceil(length / padding) * padding, Math.max(length, this.left)));
    return new Hdf5Cursor(this.#file, at, at + length);
  }
}
