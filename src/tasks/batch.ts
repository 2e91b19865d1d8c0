// Batches as networks in flat memory take them, and how they are made of samples.

import type { Nested } from "../nn/nested.js";
import type { Tensor } from "../numbers/tensor.js";
import { checkSize, kind, shown } from "../numbers/validation.js";

/** A batch of sequences with their targets, time-major. */
export interface SequenceBatch<Y extends Nested = Tensor> {
  /** [T, B, I], or [T, B] where each step is an index, such as a character's */
  x: Tensor;
  /** a class or K numbers for each sequence, [B] or [B, K]; or for each step, [T, B] or [T, B, K] */
  y: Y;
  /**
   * whether y is of each sequence's last step or of every step; so that a network that reads the other can
   * tell
   */
  outputs?: "last" | "every";
  /** so that a network of another layout can tell */
  batchFirst?: false;
  /** steps of each sequence, where they differ */
  lengths?: number[];
}

/** One sequence and what is to be learnt from it. */
export interface SequenceSample {
  /** [T, I] */
  x: readonly ArrayLike<number>[];
  /**
   * of the last step a class, or K numbers; or of each of the T steps K numbers, [T, K]; null where there is
   * none
   */
  y: number | ArrayLike<number> | readonly (ArrayLike<number> | null)[] | null;
}

/** Zeros in float64: data are the same whatever precision a network computes in. */
export function zeroTensor(...shape: number[]): Tensor & { data: Float64Array } {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/**
 * Puts samples { x: [T, I], y } side by side: `collate: stack` in {@link fit}. y is the class or the K
 * numbers of the last step, or [T, K], K numbers at each (the class, where K is 1: [[0], [1], …]); null is a
 * target that is missing. Where samples differ in length, the shorter ones are followed by zeros and the
 * lengths say so.
 *
 * @returns y as a tensor, or in nested arrays where a target is missing
 * @throws {TypeError} for what is not an array or a number: it says in which sample
 * @throws {RangeError} when there is no sample or no target, or one does not fit the first: it says which
 */
export function stack(samples: readonly SequenceSample[]): SequenceBatch<Nested> {
  if (samples.length === 0) throw new RangeError("stack: samples is empty, but needs at least one sample");
  samples.forEach(({ x }, b) => {
    if (!isVector(x)) throw new TypeError(`stack: x is ${kind(x)}${ofSample(b)}, but must be [T, I]`);
    if (x.length === 0) {
      throw new RangeError(`stack: x has no time steps${ofSample(b)}, but needs at least one`);
    }
  });
  const lengths = samples.map(({ x }) => x.length);
  const T = lengths.reduce((most, length) => Math.max(most, length), 0);
  return {
    x: stepsOf(samples, T),
    ...targetsOf(samples, T),
    batchFirst: false,
    ...(lengths.some((length) => length !== T) && { lengths }),
  };
}

/**
 * Batches of samples as {@link stack} makes them, each when it is asked for and anew every time: for
 * `network.lossOfAll` and for reports on more samples than one batch should hold.
 *
 * @param batchSize samples of a batch
 * @throws {TypeError} for what is not an array
 * @throws {RangeError} when there is no sample, or batchSize is not an integer from 1; while they are asked
 *   for, what {@link stack} throws
 */
export function stackBatches(
  samples: readonly SequenceSample[],
  batchSize = 32,
): Iterable<SequenceBatch<Nested>> {
  const where = "stackBatches";
  if (!Array.isArray(samples)) {
    throw new TypeError(`${where}: samples is ${kind(samples)}, but must be an array`);
  }
  if (samples.length === 0) throw new RangeError(`${where}: samples is empty, but needs at least one sample`);
  checkSize(where, "batchSize", batchSize);
  return {
    *[Symbol.iterator]() {
      for (let from = 0; from < samples.length; from += batchSize) {
        yield stack(samples.slice(from, from + batchSize));
      }
    },
  };
}

function stepsOf(samples: readonly SequenceSample[], T: number): Tensor {
  const first: unknown = samples[0].x[0];
  if (typeof first === "number") {
    throw new TypeError(
      `stack: x is a number at t = 1${ofSample(0)}, but must be a vector, as in x: [[${first}], …]`,
    );
  }
  const I = isVector(first) ? first.length : 0;
  const tensor = zeroTensor(T, samples.length, I);
  samples.forEach(({ x }, b) => {
    for (let t = 0; t < x.length; t++) {
      const at = () => ` at t = ${t + 1}${ofSample(b)}`;
      copyNumbers(
        "x",
        at,
        checkedVector("x", "features", x[t], at, I),
        tensor.data,
        (t * samples.length + b) * I,
      );
    }
  });
  return tensor;
}

function targetsOf(
  samples: readonly SequenceSample[],
  T: number,
): Pick<SequenceBatch<Nested>, "y" | "outputs"> {
  // Missing targets do not show how the others are given.
  const given = samples.find(({ y }) => y !== null && !(isVector(y) && y.length > 0 && isMissing(y)));
  if (given === undefined) throw new RangeError("stack: y has no target, but needs at least one");
  const { y: first } = given;
  const vector = isVector(first) ? Array.from<unknown>(first).find((element) => element !== null) : first;
  return isVector(vector) ? targetsOfSteps(samples, T, vector.length) : targetsOfLast(samples, first);
}

function targetsOfSteps(samples: readonly SequenceSample[], T: number, K: number) {
  const B = samples.length;
  const y = zeroTensor(T, B, K);
  const missing = new Set<number>();
  samples.forEach(({ x, y: steps }, b) => {
    if (steps === null) {
      for (let t = 0; t < x.length; t++) missing.add(t * B + b);
      return;
    }
    if (!isVector(steps) || steps.length !== x.length) {
      const came = isVector(steps) ? `has ${steps.length} steps` : `is ${kind(steps)}`;
      throw new (isVector(steps) ? RangeError : TypeError)(
        `stack: y ${came}${ofSample(b)}, but x has ${x.length}`,
      );
    }
    for (let t = 0; t < steps.length; t++) {
      const at = () => ` at t = ${t + 1}${ofSample(b)}`;
      if (steps[t] === null) missing.add(t * B + b);
      else copyNumbers("y", at, checkedVector("y", "elements", steps[t], at, K), y.data, (t * B + b) * K);
    }
  });
  const row = (k: number) => (missing.has(k) ? null : Array.from(y.data.subarray(k * K, (k + 1) * K)));
  const nested = () => Array.from({ length: T }, (_, t) => samples.map((_, b) => row(t * B + b)));
  return { y: missing.size === 0 ? y : (nested() as Nested), outputs: "every" as const };
}

function targetsOfLast(samples: readonly SequenceSample[], first: SequenceSample["y"]) {
  const K = isVector(first) ? first.length : undefined;
  const y = zeroTensor(samples.length, ...(K === undefined ? [] : [K]));
  samples.forEach(({ y: target }, b) => {
    if (target === null) return;
    const values = isVector(target) ? target : [target];
    if (isVector(target) !== (K !== undefined) || (K !== undefined && values.length !== K)) {
      const came = isVector(target) ? `has ${values.length} elements` : `is ${kind(target)}`;
      const expected = K === undefined ? "is a number" : `has ${K}`;
      throw new (isVector(target) === (K !== undefined) ? RangeError : TypeError)(
        `stack: y ${came}${ofSample(b)}, but the first ${expected}`,
      );
    }
    copyNumbers("y", () => ofSample(b), values, y.data, b * values.length);
  });
  if (samples.every(({ y: target }) => target !== null)) return { y, outputs: "last" as const };
  return { y: samples.map(({ y: target }) => target) as Nested, outputs: "last" as const };
}

const isVector = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isMissing = (steps: ArrayLike<unknown>) =>
  Array.isArray(steps) && steps.every((element) => element === null);

function checkedVector(
  name: string,
  what: string,
  value: unknown,
  at: () => string,
  size: number,
): ArrayLike<unknown> {
  if (isVector(value) && value.length === size) return value;
  const came = isVector(value) ? `has ${value.length} ${what}` : `is ${kind(value)}`;
  throw new (isVector(value) ? RangeError : TypeError)(
    `stack: ${name} ${came}${at()}, but the first has ${size}`,
  );
}

/** Element by element: a typed array's set would make numbers of null, texts and truth values. */
function copyNumbers(
  name: string,
  at: () => string,
  from: ArrayLike<unknown>,
  into: Float64Array,
  first: number,
): void {
  for (let k = 0; k < from.length; k++) {
    const value = from[k];
    if (typeof value !== "number") {
      throw new TypeError(`stack: ${name} contains ${shown(value)}${at()}, but must contain numbers`);
    }
    into[first + k] = value;
  }
}

const ofSample = (b: number) => ` (sample ${b} of the batch)`;

/**
 * One-hot vectors: of indices [T, B] a tensor [T, B, size].
 *
 * @throws {RangeError} when an element is not an integer from 0 to size − 1
 */
export function oneHot({ shape, data }: Tensor, size: number): Tensor {
  const hot = zeroTensor(...shape, size);
  data.forEach((index, k) => {
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`oneHot: an element is ${index}, but must be an integer from 0 to ${size - 1}`);
    }
    hot.data[k * size + index] = 1;
  });
  return hot;
}
