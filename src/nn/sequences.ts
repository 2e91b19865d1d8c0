// A batch of sequences as callers give it, and as it is computed: time-major, [T, B, F].

import { checkEither, kind } from "../numbers/validation.js";
import type { Axis, Nested } from "./nested.js";
import { extents, readNested, shapeText } from "./nested.js";
import type { Floats, Tensor } from "../numbers/tensor.js";

/** How the axes of a batch lie. */
export type Layout = "timeMajor" | "batchFirst" | "unbatched";

/** The size of a batch, and where each of its sequences ends. */
export interface Extent {
  T: number;
  B: number;
  layout: Layout;
  /** steps of each sequence, [B]; all T where not given */
  lengths?: Int32Array;
}

/** What tells where sequences end: at most one of the two. */
export interface Ends {
  /**
   * steps of each sequence, B integers from 1 to T; what x has beyond them is not read and may be anything,
   * such as NaN
   */
  lengths?: ArrayLike<number>;
  /** 1 or true for a step that counts, in the layout of x without its features; padding only at the end */
  mask?: Nested;
}

/**
 * The extent of a batch x.
 *
 * @param features whether x has an axis of features; indices of an embedding have none
 */
export function extentOf(
  where: string,
  x: Nested,
  options: Ends & { batchFirst: boolean; features: boolean },
): Extent {
  const { batchFirst, features } = options;
  const shape = extents(x);
  const unbatched = features ? 2 : 1;
  if (shape.length !== unbatched && shape.length !== unbatched + 1) {
    const F = features ? ", inputSize" : "";
    const came = shape.length === 0 ? kind(x) : shapeText(shape);
    const batch = batchFirst ? "[B, T" : "[T, B";
    const Kind = shape.length === 0 ? TypeError : RangeError;
    throw new Kind(`${where}: x is ${came}, but must be ${batch}${F}], or [T${F}] without a batch`);
  }
  const layout = shape.length === unbatched ? "unbatched" : batchFirst ? "batchFirst" : "timeMajor";
  const [T, B] =
    layout === "unbatched" ? [shape[0], 1] : layout === "batchFirst" ? [shape[1], shape[0]] : shape;
  if (T === 0) throw new RangeError(`${where}: x has no time steps, but needs at least one`);
  if (B === 0) throw new RangeError(`${where}: x has no sequences, but needs at least one`);
  const extent: Extent = { T, B, layout };
  extent.lengths = readEnds(where, extent, options);
  return extent;
}

function readEnds(where: string, extent: Extent, { lengths, mask }: Ends): Int32Array | undefined {
  checkEither(where, { lengths, mask }, false);
  if (mask !== undefined) return lengthsOfMask(where, extent, mask);
  if (lengths === undefined) return undefined;
  const { T, B } = extent;
  const batch = [{ of: "elements", size: B, because: "the sequences of x are", at: ofSample(B) }];
  const read = readNested(where, "lengths", lengths, batch, new Float64Array(B));
  read.forEach((length, b) => {
    if (!Number.isInteger(length) || length < 1 || length > T) {
      throw new RangeError(
        `${where}: lengths contains ${length}${ofSample(B)(b)}, but must be from 1 to T = ${T}`,
      );
    }
  });
  return Int32Array.from(read);
}

function lengthsOfMask(where: string, extent: Extent, mask: Nested): Int32Array {
  const { T, B } = extent;
  const counts = readNested(where, "mask", mask, sequenceAxes(extent), new Float64Array(T * B), {
    booleans: true,
  });
  return Int32Array.from({ length: B }, (_, b) => {
    let length = 0;
    for (let t = 0; t < T; t++) {
      if (!counts[t * B + b]) continue;
      if (length < t) {
        const gap = `padding before t = ${t + 1}${ofSample(B)(b)}`;
        throw new RangeError(`${where}: mask has ${gap}, but padding must follow the sequence`);
      }
      length = t + 1;
    }
    if (length === 0)
      throw new RangeError(`${where}: mask has no step${ofSample(B)(b)}, but needs at least one`);
    return length;
  });
}

/** " (sample 2 of the batch)", unless there is only one. */
export function ofSample(B: number): (b: number) => string {
  return (b) => (B === 1 ? "" : ` (sample ${b} of the batch)`);
}

/**
 * The axes of something that has one entry for every step of x: in the caller's layout, with the strides of
 * [T, B, features].
 */
export function sequenceAxes(
  extent: Extent,
  features?: { of: string; size: number; because: string },
): Axis[] {
  const { T, B, layout } = extent;
  const F = features?.size ?? 1;
  const steps: Axis = {
    of: "steps",
    size: T,
    because: "the steps of x are",
    stride: B * F,
    at: (t) => ` at t = ${t + 1}`,
  };
  const batch: Axis = {
    of: "sequences",
    size: B,
    because: "the sequences of x are",
    stride: F,
    at: ofSample(B),
  };
  const outer = { unbatched: [steps], timeMajor: [steps, batch], batchFirst: [batch, steps] }[layout];
  return features ? [...outer, features] : outer;
}

/**
 * Whether what has these indices on {@link sequenceAxes} is padding; nothing is where all sequences have T
 * steps.
 */
export function paddingOf({ layout, lengths }: Extent): { unread?: (path: readonly number[]) => boolean } {
  if (lengths === undefined) return {};
  const [stepAxis, batchAxis] = layout === "batchFirst" ? [1, 0] : [0, 1];
  return { unread: (path) => path[stepAxis] >= lengths[layout === "unbatched" ? 0 : path[batchAxis]] };
}

/**
 * A tensor [T, B, F] in the caller's layout: a copy where the order differs, the same memory where it does
 * not.
 */
export function inLayout({ T, B, layout }: Extent, data: Floats, F: number): Tensor {
  if (layout === "timeMajor") return { shape: [T, B, F], data };
  if (layout === "unbatched") return { shape: [T, F], data };
  const swapped = data.slice();
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      const from = (t * B + b) * F;
      swapped.set(data.subarray(from, from + F), (b * T + t) * F);
    }
  }
  return { shape: [B, T, F], data: swapped };
}
