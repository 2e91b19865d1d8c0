// Initial weights: drawn from the uniform distribution that PyTorch uses, from a normal one, Glorot's or the
// orthogonal matrices, with the Mersenne Twister seeded by the caller, so that the same seed gives the same
// weights everywhere.

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { Matrix, Vector } from "./linear_algebra.js";
import { norm, scale, transpose } from "./linear_algebra.js";
import { checkChoice, checkOptions, checkPositive, checkSeed } from "./validation.js";

/** Draws initial matrices, one after the other. */
export interface MatrixInitializer {
  matrix(rows: number, columns: number): Matrix;
}

/** Draws initial weights, one after the other. */
export interface Initializer extends MatrixInitializer {
  vector(n: number): Vector;
}

// A layer and a head made with the same seed must not start with the same numbers.
const streams = { layer: 0, head: 0x9e3779b9 };

/**
 * Weights from U(−1/√n, 1/√n), PyTorch's default: n is the hidden size of a recurrent layer, the input size
 * of a dense one.
 *
 * @param seed any integer; its lowest 32 bits count
 */
export function uniformInitializer(seed: number, part: keyof typeof streams, n: number): Initializer {
  const random = mersenne(seed ^ streams[part]);
  const bound = 1 / Math.sqrt(n);
  return drawing(() => bound * (2 * uniformFloat64(random) - 1));
}

/**
 * Numbers from the normal distribution N(0, std²): for a square W of n units and std = g/√n, g is the gain,
 * and ρ(W) is close to g when n is large.
 *
 * @param options std, the standard deviation, 1 by default, and the seed, any integer, 0 by default
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when std is not positive or seed is not an integer
 */
export function normalInitializer(options: { std?: number; seed?: number } = {}): Initializer {
  checkOptions("normalInitializer", options, ["std", "seed"]);
  const { std = 1, seed = 0 } = options;
  checkPositive("normalInitializer", "std", std);
  checkSeed("normalInitializer", seed);
  return drawing(normalNumbers(seed, std));
}

/**
 * Matrices that keep the variance of what passes through them in either direction (Glorot and Bengio 2010):
 * of r rows and c columns, U(−a, a) with a = gain √(6 / (r + c)), or N(0, s²) with s = gain √(2 / (r + c)).
 * PyTorch's xavier_uniform_ and xavier_normal_.
 *
 * @param options distribution, "uniform" by default; gain, 1 by default; the seed, any integer, 0 by default
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function glorotInitializer(
  options: { distribution?: "uniform" | "normal"; gain?: number; seed?: number } = {},
): MatrixInitializer {
  checkOptions("glorotInitializer", options, ["distribution", "gain", "seed"]);
  const { distribution = "uniform", gain = 1, seed = 0 } = options;
  checkChoice("glorotInitializer", "distribution", distribution, ["uniform", "normal"]);
  checkPositive("glorotInitializer", "gain", gain);
  checkSeed("glorotInitializer", seed);
  const random = mersenne(seed);
  const normal = normalNumbers(seed);
  return {
    matrix(rows, columns) {
      const draw =
        distribution === "normal"
          ? () => gain * Math.sqrt(2 / (rows + columns)) * normal()
          : () => gain * Math.sqrt(6 / (rows + columns)) * (2 * uniformFloat64(random) - 1);
      return drawing(draw).matrix(rows, columns);
    },
  };
}

/**
 * gain · Q, where Q has orthonormal columns, or orthonormal rows if it has fewer rows than columns: a square
 * one keeps every length, and all singular values are the gain (Saxe, McClelland and Ganguli 2014). All such
 * Q are equally likely. PyTorch's orthogonal_.
 *
 * @param options gain, 1 by default; the seed, any integer, 0 by default
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function orthogonalInitializer(options: { gain?: number; seed?: number } = {}): MatrixInitializer {
  checkOptions("orthogonalInitializer", options, ["gain", "seed"]);
  const { gain = 1, seed = 0 } = options;
  checkPositive("orthogonalInitializer", "gain", gain);
  checkSeed("orthogonalInitializer", seed);
  const normal = normalNumbers(seed);
  return {
    matrix(rows, columns) {
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      const directions: Matrix = [];
      while (directions.length < count) {
        const q = Array.from({ length }, normal);
        // Gram–Schmidt on normal vectors, which have no preferred direction; twice, so that rounding leaves
        // nothing.
        for (let pass = 0; pass < 2; pass++) {
          for (const other of directions) {
            let overlap = 0;
            for (let k = 0; k < length; k++) overlap += q[k] * other[k];
            for (let k = 0; k < length; k++) q[k] -= overlap * other[k];
          }
        }
        directions.push(scale(1 / norm(q), q));
      }
      return scale(gain, rows < columns ? directions : transpose(directions));
    },
  };
}

/**
 * gain · 1, zeros off the diagonal: h_t = h_{t−1} to begin with. With ReLU and small input weights, the IRNN
 * of Le, Jaitly and Hinton (2015).
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when gain, 1 by default, is not positive
 */
export function identityInitializer(options: { gain?: number } = {}): MatrixInitializer {
  checkOptions("identityInitializer", options, ["gain"]);
  const { gain = 1 } = options;
  checkPositive("identityInitializer", "gain", gain);
  return {
    matrix: (rows, columns) =>
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => (row === column ? gain : 0)),
      ),
  };
}

function normalNumbers(seed: number, std = 1): () => number {
  const random = mersenne(seed);
  // Marsaglia's polar method. It needs no sine or cosine, whose last bit differs between versions of V8.
  return () => {
    for (;;) {
      const [u, v] = [2 * uniformFloat64(random) - 1, 2 * uniformFloat64(random) - 1];
      const s = u * u + v * v;
      if (s > 0 && s < 1) return std * u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
}

function drawing(draw: () => number): Initializer {
  const vector = (length: number) => Array.from({ length }, draw);
  return { vector, matrix: (rows, columns) => Array.from({ length: rows }, () => vector(columns)) };
}
