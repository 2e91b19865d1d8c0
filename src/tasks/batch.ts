// Batches as networks in flat memory take them, and how they are made of samples.

import type { Matrix, Vector } from "../linear_algebra.js";
import type { Tensor } from "../nn/tensor.js";
import { kind } from "../validation.js";

/** A batch of sequences with their targets, time-major. */
export interface SequenceBatch {
  /** [T, B, I], or [T, B] where each step is an index, such as a character's */
  x: Tensor;
  /** a class or K numbers for each sequence, [B] or [B, K]; or for each step, [T, B] or [T, B, K] */
  y: Tensor;
  /** says so to a network whose own layout is another */
  batchFirst?: false;
  /** steps of each sequence, where they differ */
  lengths?: number[];
}

/** One sequence and what is to be learnt of it. */
export interface SequenceSample {
  /** [T, I] */
  x: Matrix;
  /** of the last step a class, or K numbers; or of each of the T steps K numbers, [T, K] */
  y: number | Vector | (Vector | null)[];
}

/** Zeros in float64: data are the same whatever precision a network computes in. */
export function zeroTensor(...shape: number[]): Tensor & { data: Float64Array } {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/**
 * Puts samples { x: [T, I], y } side by side: `collate: stack` in {@link fit}. y is the class or the K numbers of the last
 * step, or [T, K], K numbers at each (the class, where K is 1). Where samples differ in length, the shorter ones are
 * followed by zeros and the lengths say so.
 *
 * @throws Error when there is no sample, or one does not fit the first; it says which
 */
export function stack(samples: readonly SequenceSample[]): SequenceBatch {
  if (samples.length === 0) throw new Error("stack: samples is empty, but needs at least one sample");
  const lengths = samples.map(({ x }) => x.length);
  const T = lengths.reduce((most, length) => Math.max(most, length), 0);
  const x = stepsOf(
    "x",
    "features",
    samples.map((sample) => sample.x),
    T,
  );
  return {
    x,
    y: targetsOf(samples, T),
    batchFirst: false,
    ...(lengths.some((length) => length !== T) && { lengths }),
  };
}

function targetsOf(samples: readonly SequenceSample[], T: number): Tensor {
  const [first] = samples;
  if (Array.isArray(first.y) && Array.isArray(first.y[0])) {
    samples.forEach(({ x, y }, b) => {
      if (!Array.isArray(y) || y.length !== x.length) {
        const came = Array.isArray(y) ? `has ${y.length} steps` : `is ${kind(y)}`;
        throw new Error(`stack: y ${came}${ofSample(b)}, but x has ${x.length}`);
      }
    });
    return stepsOf(
      "y",
      "elements",
      samples.map(({ y }) => y as Matrix),
      T,
    );
  }
  const K = Array.isArray(first.y) ? first.y.length : undefined;
  const y = zeroTensor(samples.length, ...(K === undefined ? [] : [K]));
  samples.forEach((sample, b) => {
    const values = Array.isArray(sample.y) ? sample.y : [sample.y];
    if (Array.isArray(sample.y) !== (K !== undefined) || (K !== undefined && values.length !== K)) {
      const came = Array.isArray(sample.y) ? `has ${values.length} elements` : `is ${kind(sample.y)}`;
      throw new Error(
        `stack: y ${came}${ofSample(b)}, but the first ${K === undefined ? "is a number" : `has ${K}`}`,
      );
    }
    values.forEach((value, k) => {
      if (typeof value !== "number") {
        throw new Error(`stack: y contains ${kind(value)}${ofSample(b)}, but must contain numbers`);
      }
      y.data[b * values.length + k] = value;
    });
  });
  return y;
}

/** Sequences of vectors as [T, B, I]. */
function stepsOf(name: string, what: string, sequences: readonly Matrix[], T: number): Tensor {
  const [B, I] = [sequences.length, sequences[0][0]?.length ?? 0];
  const tensor = zeroTensor(T, B, I);
  sequences.forEach((sequence, b) => {
    if (sequence.length === 0) {
      throw new Error(`stack: ${name} has no time steps${ofSample(b)}, but needs at least one`);
    }
    sequence.forEach((vector: Vector | null, t) => {
      if (!Array.isArray(vector) || vector.length !== I) {
        const came = Array.isArray(vector) ? `has ${vector.length} ${what}` : `is ${kind(vector)}`;
        throw new Error(`stack: ${name} ${came} at t = ${t + 1}${ofSample(b)}, but the first has ${I}`);
      }
      tensor.data.set(vector, (t * B + b) * I);
    });
  });
  return tensor;
}

const ofSample = (b: number) => ` (sample ${b} of the batch)`;

/** One-hot vectors: of indices [T, B] a tensor [T, B, size]. */
export function oneHot({ shape, data }: Tensor, size: number): Tensor {
  const hot = zeroTensor(...shape, size);
  data.forEach((index, k) => {
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new Error(`oneHot: an element is ${index}, but must be an integer from 0 to ${size - 1}`);
    }
    hot.data[k * size + index] = 1;
  });
  return hot;
}
