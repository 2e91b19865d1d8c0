// Initial weights: drawn from the uniform distribution that PyTorch uses, or from a normal one, with the Mersenne
// Twister seeded by the caller, so that the same seed gives the same weights everywhere.

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { Matrix, Vector } from "./linear_algebra.js";
import { checkOptions, checkSeed } from "./validation.js";

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
  return drawing(() => bound * (2 * uniformFloat64(random) - 1));
}

/**
 * Numbers from the normal distribution N(0, std²): for a square W of n units and std = g/√n, g is the gain, and ρ(W)
 * is close to g when n is large.
 *
 * @param options std, the standard deviation, 1 by default, and the seed, any integer, 0 by default
 * @throws Error when std is no positive number or seed no integer
 */
export function normalInitializer(options: { std?: number; seed?: number } = {}): Initializer {
  checkOptions("normalInitializer", options, ["std", "seed"]);
  const { std = 1, seed = 0 } = options;
  if (!(std > 0 && Number.isFinite(std))) {
    throw new Error(`normalInitializer: std is ${std}, but must be a positive number`);
  }
  checkSeed("normalInitializer", seed);
  const random = mersenne(seed);
  // Marsaglia's polar method. It needs no sine or cosine, whose last bit differs between versions of V8.
  return drawing(() => {
    for (;;) {
      const [u, v] = [2 * uniformFloat64(random) - 1, 2 * uniformFloat64(random) - 1];
      const s = u * u + v * v;
      if (s > 0 && s < 1) return std * u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  });
}

function drawing(draw: () => number): Initializer {
  const vector = (length: number) => Array.from({ length }, draw);
  return { vector, matrix: (rows, columns) => Array.from({ length: rows }, () => vector(columns)) };
}
