// How much memory a file may take: of what strangers send, little can stand for much.

import { checkOptions, misfit } from "../numbers/validation.js";
import { refuse } from "./file_error.js";

export interface ReadOptions {
  /**
   * the most memory that what is read may take, in bytes; default 256 MiB, or 16 times the file where that is
   * more
   */
  maxBytes?: number;
}

const LEAST = 2 ** 28;
const TIMES_FILE = 16;

/** What is left of the memory that reading one file may take. */
export class MemoryLimit {
  readonly #where: string;

  #taken = 0;
  readonly #most: number;

  /**
   * @throws {TypeError} for an unknown option, or one that is not a number
   * @throws {RangeError} when maxBytes is not positive
   */
  constructor(where: string, file: Uint8Array, options: ReadOptions = {}) {
    this.#where = where;

    checkOptions(where, options, ["maxBytes"]);
    const { maxBytes = Math.max(LEAST, TIMES_FILE * file.length) } = options;
    if (typeof maxBytes !== "number" || !(maxBytes > 0)) {
      throw misfit(where, "maxBytes", maxBytes, "a positive number");
    }
    this.#most = maxBytes;
  }

  /** Counts memory before it is taken. @throws {WeightFileError} when it is too much */
  take(bytes: number, what: string): void {
    this.#taken += bytes;
    if (this.#taken <= this.#most) return;
    refuse(
      this.#where,
      `with ${what} the file takes ${this.#taken} bytes of memory, but maxBytes is ${this.#most}`,
    );
  }
}
