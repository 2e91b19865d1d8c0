// Initial weights: drawn from the uniform distribution that PyTorch uses, with the Mersenne Twister seeded by the
// caller, so that the same seed gives the same weights everywhere.

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { Matrix, Vector } from "./linear_algebra.js";

/** Draws initial weights, one after the other. */
export interface Initializer {
  vector(n: number): Vector;
  matrix(rows: number, columns: number): Matrix;
}

// A layer and a head made with the same seed must not start with the same numbers.
const streams = { layer: 0, head: 0x9e3779b9 };

/**
 * Weights from U(−1/√n, 1/√n), PyTorch's default: n is the hidden size of a recurrent layer, the input size of a
 * dense one.
 *
 * @param seed any integer; its lowest 32 bits count
 */
export function uniformInitializer(seed: number, part: keyof typeof streams, n: number): Initializer {
  const random = mersenne(seed ^ streams[part]);
  const bound = 1 / Math.sqrt(n);
  const vector = (length: number) => Array.from({ length }, () => bound * (2 * uniformFloat64(random) - 1));
  return { vector, matrix: (rows, columns) => Array.from({ length: rows }, () => vector(columns)) };
}
