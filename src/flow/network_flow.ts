// The norms of gradient flow from a backward pass of unrolled/nn. All gradients are in memory by then: ∂L/∂h_t and ∂L/∂C_t
// as they are, and of the weights ∂L/∂z_t, for one step's part of ∂L/∂W is an outer product, and ‖a bᵀ‖ = ‖a‖ ‖b‖.

import { gateCount } from "../engine/cell_kinds.js";
import type { CellKind } from "../engine/cell_kinds.js";
import type { Engine } from "../engine/engine.js";
import type { NetworkPass } from "../nn/network.js";
import type { StackSize, Lane } from "../nn/stack.js";
import type { Floats } from "../nn/tensor.js";
import type { FlowQuantity, FlowRow } from "./gradient_flow.js";
import { normOf, rowNorms } from "./norms.js";

/** Rows by layer, direction, quantity and time step. */
export function networkFlow(engine: Engine, { pass, weight }: NetworkPass, size: StackSize): FlowRow[] {
  return pass.lanes.flatMap((lane) => {
    const { T, B, lengths } = pass;
    const { layer, direction } = lane;
    const sums = laneNorms(engine, lane, T, B, lengths, size);
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
  engine: Engine,
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
  const ofRows = (a: Floats, columns: number) => rowNorms(engine, a, columns);
  const [ofH, ofDh, ofDz, ofX] = [ofRows(h, H), ofRows(dh, H), ofRows(dz, GH), ofRows(input, I)];
  const ofDc = dc && ofRows(dc, H);
  const before = ofRows(h0, H); // ‖h_{t−1}‖
  for (let b = 0; b < B; b++) {
    norms.h[0] += normOf(dh0, b * H, H);
    if (norms.c) norms.c[0] += normOf(dc0, b * H, H);
  }
  const reverse = lane.direction === "reverse";
  for (let step = 0; step < T; step++) {
    const t = reverse ? T - 1 - step : step;
    for (let b = 0; b < B; b++) {
      const length = lengths === undefined ? T : lengths[b];
      if (t >= length) continue;
      const row = t * B + b;
      norms.h[t + 1] += ofDh[row];
      if (norms.c && ofDc) norms.c[t + 1] += ofDc[row];
      const ofZ = ofDz[row];
      norms.Wx[t + 1] += ofZ * ofX[row];
      if (reset === undefined) norms.Wh[t + 1] += ofZ * before[b];
      else {
        const isFirst = t === (reverse ? length - 1 : 0);
        const [states, place] = isFirst ? [h0, b] : [h, (reverse ? t + 1 : t - 1) * B + b];
        norms.Wh[t + 1] += gruNorm(cell, H, dz, row, reset, states, place * H, before[b]);
      }
      if (norms.b) norms.b[t + 1] += ofZ;
      before[b] = ofH[row];
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
