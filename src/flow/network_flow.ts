// The norms of gradient flow from a backward pass of unrolled/nn. All gradients are in memory by then: ∂L/∂h_t and ∂L/∂C_t
// as they are, and of the weights ∂L/∂z_t, for one step's part of ∂L/∂W is an outer product, and ‖a bᵀ‖ = ‖a‖ ‖b‖.

import { gateCount } from "../engine/cell_kinds.js";
import type { Engine } from "../engine/engine.js";
import type { NetworkPass } from "../nn/network.js";
import type { StackSize, Lane } from "../nn/stack.js";
import type { Floats } from "../nn/tensor.js";
import type { FlowQuantity, FlowRow } from "./gradient_flow.js";
import { normOf, normOfNorms } from "../engine/norms.js";

/** Rows by layer, direction, quantity and time step. */
export function networkFlow(engine: Engine, { pass, weight }: NetworkPass, size: StackSize): FlowRow[] {
  const { T, B, lengths } = pass;
  const atStep = new Float64Array(T + 1).fill(B);
  lengths?.forEach((length) => {
    for (let t = length + 1; t <= T; t++) atStep[t]--;
  });
  // A plain loop: of a small network this is most of the work.
  const rows: FlowRow[] = [];
  for (const lane of pass.lanes) {
    const { layer, direction } = lane;
    const sums = laneNorms(engine, lane, T, B, lengths, size);
    for (const [quantity, norms] of Object.entries(sums) as [FlowQuantity, Float64Array][]) {
      const ofStates = quantity === "h" || quantity === "c";
      for (let t = ofStates && direction === "forward" ? 0 : 1; t <= T && atStep[t] > 0; t++) {
        rows.push({ t, layer, direction, quantity, norm: norms[t] / (atStep[t] * weight) });
      }
    }
  }
  return rows;
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
  const { dh, dh0, dc0, h0, recurrence, input } = lane;
  const { gates: dz, dc, h, reset } = recurrence;
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
  const ofRows = (a: Floats, columns: number) => {
    const into = new Float64Array(a.length / columns);
    engine.norms(columns, a, into);
    return into;
  };
  const [ofH, ofDh, ofX] = [ofRows(h, H), ofRows(dh, H), ofRows(input, I)];
  // Of a GRU gate by gate: r, z, n
  const ofDz = ofRows(dz, reset === undefined ? GH : H);
  const ofDc = dc && ofRows(dc, H);
  const ofReset = reset && ofRows(reset, H);
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
      let ofZ = ofDz[row];
      if (ofReset === undefined) norms.Wh[t + 1] += ofZ * before[b];
      else {
        const ofGates = normOfNorms(ofDz[3 * row], ofDz[3 * row + 1]);
        const ofN = ofDz[3 * row + 2];
        ofZ = normOfNorms(ofGates, ofN);
        // r acts on the product W_hn h_{t−1} (`gru`), so on ∂z_n; or on h_{t−1}.
        const ofHidden = cell === "gru" ? ofReset[row] * before[b] : ofN * ofReset[row];
        norms.Wh[t + 1] += normOfNorms(ofGates * before[b], ofHidden);
      }
      norms.Wx[t + 1] += ofZ * ofX[row];
      if (norms.b) norms.b[t + 1] += ofZ;
      before[b] = ofH[row];
    }
  }
  return norms;
}
