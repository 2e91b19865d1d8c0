// Dropout (Srivastava et al. 2014), inverted as in PyTorch: while training, an element is zero with
// probability p, and the others are divided by 1 − p, so that nothing changes when dropout is off.

import { mersenne } from "pure-rand/generator/mersenne";
import { streamSeed, streams } from "../numbers/random.js";
import type { Floats } from "../numbers/tensor.js";

/**
 * Fills a mask of 0 and 1 / (1 − p). The same seed and draw give the same mask, on every machine and in
 * either dtype.
 */
export function drawDropoutMask(mask: Floats, p: number, seed: number, draw: number): void {
  // 32 bits are enough here and take half the time of the 53 of a uniform number.
  const random = mersenne(streamSeed(seed, streams.dropout, draw));
  const [dropped, kept] = [p * 2 ** 32, 1 / (1 - p)];
  for (let k = 0; k < mask.length; k++) mask[k] = random.next() >>> 0 < dropped ? 0 : kept;
}

/** a ⊙ mask, written to `into`, which may be a itself. */
export function applyMask(a: Floats, mask: Floats, into: Floats): void {
  for (let k = 0; k < mask.length; k++) into[k] = a[k] * mask[k];
}
