// Batches as networks in flat memory take them, and how they are made of samples.

import type { Sample } from "../model.js";
import type { Tensor } from "../nn/tensor.js";
import { kind } from "../validation.js";

/** A batch of sequences with their targets, time-major. */
export interface SequenceBatch {
  /** [T, B, I], or [T, B] where each step is an index, such as a character's */
  x: Tensor;
  /** a class or K numbers for each sequence, [B] or [B, K]; or for each step, [T, B] or [T, B, K] */
  y: Tensor;
  /** steps of each sequence, where they differ */
  lengths?: number[];
}

/** Zeros in float64: data are the same whatever precision a network computes in. */
export function zeroTensor(...shape: number[]): Tensor & { data: Float64Array } {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/**
 * Puts samples { x: [T, I], y: [K] } side by side: `collate: stack` in {@link fit}. Where they differ in length, the shorter
 * ones are followed by zeros and the lengths say so.
 *
 * @throws Error when there is no sample, or one does not fit the first; it says which
 */
export function stack(samples: readonly Sample[]): SequenceBatch {
  if (samples.length === 0) throw new Error("stack: samples is empty, but needs at least one sample");
  const B = samples.length;
  const I = samples[0].x[0]?.length;
  const K = samples[0].y.length;
  const lengths = samples.map(({ x }) => x.length);
  const T = Math.max(...lengths);
  const x = zeroTensor(T, B, I);
  const y = zeroTensor(B, K);
  samples.forEach((sample, b) => {
    const where = ` (sample ${b} of the batch)`;
    if (sample.x.length === 0) throw new Error(`stack: x has no time steps${where}, but needs at least one`);
    sample.x.forEach((features, t) => {
      if (features.length !== I) {
        throw new Error(
          `stack: x has ${features.length} features at t = ${t + 1}${where}, but the first has ${I}`,
        );
      }
      x.data.set(features, (t * B + b) * I);
    });
    if (sample.y.length !== K) {
      throw new Error(`stack: y has ${sample.y.length} elements${where}, but the first has ${K}`);
    }
    sample.y.forEach((value, k) => {
      if (typeof value !== "number") {
        throw new Error(`stack: y contains ${kind(value)}${where}, but must be the target of the last step`);
      }
      y.data[b * K + k] = value;
    });
  });
  return { x, y, ...(lengths.some((length) => length !== T) && { lengths }) };
}

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
