// The products with W_h that cells have in common.

import type { Floats } from "../numbers/tensor.js";
import type { Memory } from "./cells.js";
import { multiply } from "./gemm.js";

/** z += h W_hᵀ for the gates `first` … `first + count` − 1; h is [B, P] from element h0. */
export function addRecurrent(
  { B, H, P, gates }: Memory,
  G: number,
  row: number,
  first: number,
  count: number,
  h: Floats,
  h0: number,
  Wh: Floats,
) {
  const GH = G * H;
  multiply(B, count * H, P, h, h0, P, 1, Wh, first * H * P, 1, P, gates, row * GH + first * H, GH, true);
}

/**
 * into [B, P] (+)= dz W_h over the gates `first` … `first + count` − 1 of dz, which has rows of `width`. What
 * goes to ∂L/∂h_{t−1} is masked as h_{t−1} was.
 */
export function backThrough(
  memory: Memory,
  dz: Floats,
  dz0: number,
  width: number,
  first: number,
  count: number,
  Wh: Floats,
  into: Floats,
  accumulate: boolean,
) {
  const { B, H, P, hMask, masked, dhNext } = memory;
  if (hMask === undefined || into !== dhNext) {
    multiply(B, P, count * H, dz, dz0, width, 1, Wh, first * H * P, P, 1, into, 0, P, accumulate);
    return;
  }
  multiply(B, P, count * H, dz, dz0, width, 1, Wh, first * H * P, P, 1, masked, 0, P, false);
  for (let k = 0; k < B * P; k++) into[k] = (accumulate ? into[k] : 0) + masked[k] * hMask[k];
}

/** dW_h of the gates `first` … `first + count` − 1 += dzᵀ h over all rows. */
export function addWeightGradient(
  H: number,
  rows: number,
  dz: Floats,
  dz0: number,
  width: number,
  count: number,
  h: Floats,
  dWh: Floats,
  first: number,
) {
  multiply(count * H, H, rows, dz, dz0, 1, width, h, 0, H, 1, dWh, first * H * H, H, true);
}
