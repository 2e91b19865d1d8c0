// How much memory a file may take: a small file from a stranger can expand to much.

import { checkOptions, misfit } from "../numbers/validation.js";
import { refuse } from "./file_error.js";

export interface ReadOptions {
  /**
   * the most memory that what is read may take, in bytes; default 256 MiB, or 16 times the file where that is
   * more
   */
  maxBytes?: number;
}

const leastBytes = 2 ** 28;
const timesFile = 16;

/** What is left of the memory that reading one file may take. */
export class MemoryLimit {
  readonly #where: string;

  #takenBytes = 0;
  readonly #mostBytes: number;

  /**
   * @throws {TypeError} for an unknown option, or one that is not a number
   * @throws {RangeError} when maxBytes is not positive
   */
  constructor(where: string, file: { length: number }, options: ReadOptions = {}) {
    this.#where = where;

    checkOptions(where, options, ["maxBytes"]);
    const { maxBytes = Math.max(leastBytes, timesFile * file.length) } = options;
    if (typeof maxBytes !== "number" || !(maxBytes > 0)) {
      throw misfit(where, "maxBytes", maxBytes, "a positive number");
    }
    this.#mostBytes = maxBytes;
  }

  /** Counts memory before it is taken. @throws {WeightFileError} when it is too much */
  take(bytes: number, what: string): void {
    this.#takenBytes += bytes;
    if (this.#takenBytes <= this.#mostBytes) return;
    refuse(
      this.#where,
      `with ${what} the file takes ${this.#takenBytes} bytes of memory, but maxBytes is ${this.#mostBytes}`,
    );
  }
}
