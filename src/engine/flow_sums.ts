// The norms of gradient flow, from what backpropagation through time left in memory: ∂L/∂h_t and ∂L/∂C_t as
// they are. For the weights ∂L/∂z_t is enough: one step's part of ∂L/∂W is an outer product, and ‖a bᵀ‖ = ‖a‖
// ‖b‖.

import type { Floats } from "../numbers/tensor.js";
import { cellStateSize, gateRows, hasWh } from "./cell_kinds.js";
import type { Memory } from "./cells.js";
import type { FlowSums, RecurrenceSize } from "./engine.js";
import { normOfNorms, rowNorms } from "../numbers/norms.js";

export function flowSums(
  { cell, T, B, I, H, P = H }: RecurrenceSize,
  { gates, products: normed, extra, hRead, dc, dhNext, dcNext }: Memory,
  dh: Floats,
  x: Floats,
): FlowSums {
  const ofHPrev = rowNorms(P, hRead);
  let dz: Float64Array;
  let dWh: Float64Array | undefined;
  if (cell.startsWith("gru")) {
    const ofGates = rowNorms(H, gates);
    const ofExtra = rowNorms(H, extra);
    dz = new Float64Array(T * B);
    dWh = new Float64Array(T * B);
    for (let k = 0; k < T * B; k++) {
      const ofRZ = normOfNorms(ofGates[3 * k], ofGates[3 * k + 1]);
      const ofN = ofGates[3 * k + 2];
      dz[k] = normOfNorms(ofRZ, ofN);
      // r acts on the product W_hn h_{t−1} (`gru`), so on ∂z_n; or on h_{t−1}.
      dWh[k] = normOfNorms(ofRZ * ofHPrev[k], (cell === "gru" ? ofHPrev[k] : ofN) * ofExtra[k]);
    }
  } else {
    dz = rowNorms(gateRows(cell, H), gates);
    if (hasWh(cell)) dWh = products(normed ? rowNorms(4 * H, normed.h) : dz, ofHPrev);
  }
  const ofX = normed ? rowNorms(4 * H, normed.x) : dz;
  const S = cellStateSize(cell, H);
  const ofStates = (columns: number, initial: Floats, later: Floats) =>
    stepSums(T, B, rowNorms(columns, later), rowNorms(columns, initial));
  return {
    h: ofStates(P, dhNext, dh),
    ...(S > 0 && { c: ofStates(S, dcNext, dc) }),
    Wx: stepSums(T, B, products(ofX, rowNorms(I, x))),
    ...(dWh && { Wh: stepSums(T, B, dWh) }),
    b: stepSums(T, B, dz),
  };
}

function products(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value * b[k]);
}

/** Σ over the samples for t = 1 … T, after what is `initial`. */
function stepSums(T: number, B: number, norms: Float64Array, initial?: Float64Array): Float64Array {
  const sums = new Float64Array(T + 1);
  if (initial) for (let b = 0; b < B; b++) sums[0] += initial[b];
  for (let t = 1, k = 0; t <= T; t++) {
    let sum = 0;
    for (const end = k + B; k < end; k++) sum += norms[k];
    sums[t] = sum;
  }
  return sums;
}
