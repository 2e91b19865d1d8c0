// The targets of a batch as callers give them, and which rows of the head's output have one.

import { checkIndex } from "./embedding.js";
import type { LossName, LossRows } from "./losses.js";
import type { Axis, Nested } from "./nested.js";
import { extents, readNested } from "./nested.js";
import type { Extent } from "./sequences.js";
import { ofSample, sequenceAxes } from "./sequences.js";

/**
 * A target for each sequence or each step, null where there is none; a number where there is one target only.
 * Where arrays cannot hold null, the network's `ignoreIndex` says that there is none.
 */
export type Targets = Nested | number;

interface TargetOptions {
  outputs: "last" | "every";
  loss: LossName;
  rows: LossRows;
  /** a class that means none */
  ignoreIndex?: number;
}

/**
 * Reads y into `targets` and `counted`.
 *
 * @returns how many rows have a target
 * @throws {TypeError} for what is not a number, or null among numbers
 * @throws {RangeError} for a wrong shape, a class that does not exist, or no target at all
 */
export function readTargets(
  where: string,
  extent: Extent,
  y: Targets,
  { outputs, loss, rows, ignoreIndex }: TargetOptions,
): number {
  const { T, B, lengths } = extent;
  const { K, targets, counted } = rows;
  const width = loss === "crossEntropy" ? 1 : K;
  const one = outputs === "last" && extent.layout === "unbatched";
  const given = typeof y === "number" ? [y] : y;
  const numbers: Axis = { of: "numbers", size: width, because: "outputSize is" };
  const batch: Axis = { of: "targets", size: B, because: "the sequences of x are", at: ofSample(B) };
  const rank = outputs === "every" ? sequenceAxes(extent).length : 1;
  // A single number needs no array of its own.
  const came = extents(given);
  const flat = width === 1 && !(came.length === rank + 1 && came[rank] === 1);
  const ofLast = one ? [numbers] : flat ? [batch] : [batch, numbers];
  const axes = outputs === "last" ? ofLast : flat ? sequenceAxes(extent) : sequenceAxes(extent, numbers);
  readNested(where, "y", given, axes, targets, { ofNull: NaN });

  const at = (row: number) =>
    (outputs === "every" ? ` at t = ${Math.floor(row / B) + 1}` : "") + ofSample(B)(row % B);
  let count = 0;
  for (let row = 0; row < counted.length; row++) {
    counted[row] = 0;
    if (outputs === "every" && lengths && Math.floor(row / B) >= lengths[row % B]) continue;
    const first = row * width;
    let missing = 0;
    for (let k = first; k < first + width; k++) {
      if (Number.isNaN(targets[k]) || targets[k] === ignoreIndex) missing++;
      else if (loss === "crossEntropy") checkIndex(where, "y contains", targets[k], K, () => at(row));
      else if (loss === "binaryCrossEntropy" && (targets[k] < 0 || targets[k] > 1)) {
        throw new RangeError(`${where}: y contains ${targets[k]}${at(row)}, but must be from 0 to 1`);
      }
    }
    if (missing === width) continue;
    if (missing > 0)
      throw new TypeError(`${where}: y contains null among numbers${at(row)}, but must be null as a whole`);
    counted[row] = 1;
    count++;
  }
  if (count === 0)
    throw new RangeError(`${where}: y has no target${T > 1 ? " at any step" : ""}, but needs at least one`);
  return count;
}
