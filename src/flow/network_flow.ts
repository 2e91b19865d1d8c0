// The norms of gradient flow from a backward pass of unrolled/nn. All gradients are in memory by then: ∂L/∂h_t and ∂L/∂C_t
// as they are, and of the weights ∂L/∂z_t, for one step's part of ∂L/∂W is an outer product, and ‖a bᵀ‖ = ‖a‖ ‖b‖.

import { gateCount } from "../engine/cell_kinds.js";
import type { CellKind } from "../engine/cell_kinds.js";
import type { NetworkPass } from "../nn/network.js";
import type { StackSize, Lane } from "../nn/stack.js";
import type { Floats } from "../nn/tensor.js";
import type { FlowQuantity, FlowRow } from "./gradient_flow.js";

/** Rows by layer, direction, quantity and time step. */
export function networkFlow({ pass, weight }: NetworkPass, size: StackSize): FlowRow[] {
  return pass.lanes.flatMap((lane) => {
    const { T, B, lengths } = pass;
    const { layer, direction } = lane;
    const sums = laneNorms(lane, T, B, lengths, size);
    const atStep = Array.from({ length: T + 1 }, (_, t) =>
      t === 0 || lengths === undefined
        ? B
        : lengths.reduce((count, length) => count + Number(t <= length), 0),
    );
    return Object.entries(sums).flatMap(([quantity, norms]) =>
      Array.from(norms, (sum, t): FlowRow => {
        const norm = sum / (atStep[t] * weight);
        return { t, layer, direction, quantity: quantity as FlowQuantity, norm };
      }).filter(({ t }) => atStep[t] > 0 && (t > 0 || (direction === "forward" && "hc".includes(quantity)))),
    );
  });
}

/** For t = 0 … T the sums of the norms over the samples that have a step t. */
function laneNorms(
  lane: Lane,
  T: number,
  B: number,
  lengths: Int32Array | undefined,
  { cell, hiddenSize: H, biases }: StackSize,
): Partial<Record<FlowQuantity, Float64Array>> {
  const { dh, dh0, dc0, h0, recurrence, input, reset } = lane;
  const { gates: dz, dc, h } = recurrence;
  const GH = gateCount[cell] * H;
  const I = input.length / (T * B);
  const zeros = () => new Float64Array(T + 1);
  const norms = {
    h: zeros(),
    ...(dc && { c: zeros() }),
    Wx: zeros(),
    Wh: zeros(),
    ...(biases > 0 && { b: zeros() }),
  };
  const before = new Float64Array(B); // ‖h_{t−1}‖
  for (let b = 0; b < B; b++) {
    norms.h[0] += normOf(dh0, b * H, H);
    if (norms.c) norms.c[0] += normOf(dc0, b * H, H);
    before[b] = normOf(h0, b * H, H);
  }
  const reverse = lane.direction === "reverse";
  for (let step = 0; step < T; step++) {
    const t = reverse ? T - 1 - step : step;
    for (let b = 0; b < B; b++) {
      const length = lengths === undefined ? T : lengths[b];
      if (t >= length) continue;
      const row = t * B + b;
      norms.h[t + 1] += normOf(dh, row * H, H);
      if (norms.c && dc) norms.c[t + 1] += normOf(dc, row * H, H);
      const ofZ = normOf(dz, row * GH, GH);
      norms.Wx[t + 1] += ofZ * normOf(input, row * I, I);
      if (reset === undefined) norms.Wh[t + 1] += ofZ * before[b];
      else {
        const isFirst = t === (reverse ? length - 1 : 0);
        const [states, place] = isFirst ? [h0, b] : [h, (reverse ? t + 1 : t - 1) * B + b];
        norms.Wh[t + 1] += gruNorm(cell, H, dz, row, reset, states, place * H, before[b]);
      }
      if (norms.b) norms.b[t + 1] += ofZ;
      before[b] = normOf(h, row * H, H);
    }
  }
  return norms;
}

/** ‖∂L/∂W_h‖ of one step: r acts on the product W_hn h_{t−1} (`gru`), so on ∂z_n; or on h_{t−1}. */
function gruNorm(
  cell: CellKind,
  H: number,
  dz: Floats,
  row: number,
  reset: Floats,
  h: Floats,
  h0: number,
  before: number,
): number {
  const ofGates = normOf(dz, row * 3 * H, 2 * H) * before;
  const n = (row * 3 + 2) * H;
  const ofN =
    cell === "gru"
      ? normOf(dz, n, H, reset, row * H) * before
      : normOf(dz, n, H) * normOf(h, h0, H, reset, row * H);
  return Math.hypot(ofGates, ofN);
}

/** ‖a‖ of `count` elements from `from` on, or ‖a ⊙ r‖. */
function normOf(a: Floats, from: number, count: number, r?: Floats, r0 = 0): number {
  const squares = r === undefined ? sumOfSquares(a, from, count) : sumOfProducts(a, from, count, r, r0);
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : scaledNorm(a, from, count, r, r0);
}

/** The same where squares underflow, from 1e-162 on, where vanishing gradients still live, or overflow, from 1e154 on. */
function scaledNorm(a: Floats, from: number, count: number, r: Floats | undefined, r0: number): number {
  let largest = 0;
  for (let k = 0; k < count; k++) {
    largest = Math.max(largest, Math.abs(r === undefined ? a[from + k] : a[from + k] * r[r0 + k]));
  }
  if (largest === 0) return 0;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    sum += ((r === undefined ? a[from + k] : a[from + k] * r[r0 + k]) / largest) ** 2;
  }
  return largest * Math.sqrt(sum);
}

/** In four sums, so that an addition need not wait for the one before it. */
function sumOfSquares(a: Floats, from: number, count: number): number {
  const end = from + count;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = from;
  for (; k + 3 < end; k += 4) {
    s0 += a[k] * a[k];
    s1 += a[k + 1] * a[k + 1];
    s2 += a[k + 2] * a[k + 2];
    s3 += a[k + 3] * a[k + 3];
  }
  for (; k < end; k++) s0 += a[k] * a[k];
  return s0 + s1 + s2 + s3;
}

function sumOfProducts(a: Floats, from: number, count: number, r: Floats, r0: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (a[from + k] * r[r0 + k]) ** 2;
  return sum;
}
