// The norms of gradient flow from a backward pass of unrolled/nn. All gradients are in memory by then: ∂L/∂h_t and ∂L/∂C_t
// as they are, and of the weights ∂L/∂z_t, for one step's part of ∂L/∂W is an outer product, and ‖a bᵀ‖ = ‖a‖ ‖b‖.

import type { CellKind, Engine } from "../engine/engine.js";
import { normOfNorms } from "../engine/norms.js";
import type { NetworkPass } from "../nn/network.js";
import type { Lane, Pass, StackSize } from "../nn/stack.js";
import type { Floats } from "../nn/tensor.js";
import type { FlowQuantity, FlowRow } from "./gradient_flow.js";

/** Rows by layer, direction, quantity and time step. */
export function networkFlow(
  engine: Engine,
  { pass, weight }: NetworkPass,
  { cell, biases }: StackSize,
): FlowRow[] {
  const { T, B, lengths } = pass;
  const atStep = new Float64Array(T + 1).fill(B);
  lengths?.forEach((length) => {
    for (let t = length + 1; t <= T; t++) atStep[t]--;
  });
  const rows: FlowRow[] = [];
  for (const lane of pass.lanes) {
    const { layer, direction } = lane;
    // Plain loops: of a small network this is much beside a step of training.
    const add = (quantity: FlowQuantity, norms: Float64Array, factors?: Float64Array) => {
      const first = T + 1 - norms.length / B;
      for (let t = first, k = 0; t <= T && atStep[t] > 0; t++) {
        const end = k + B;
        let sum = 0;
        if (factors === undefined) for (; k < end; k++) sum += norms[k];
        else for (; k < end; k++) sum += norms[k] * factors[k];
        rows.push({ t, layer, direction, quantity, norm: sum / (atStep[t] * weight) });
      }
    };
    const { dh, dc, dz, x, before, dWh } = laneNorms(engine, cell, lane, pass);
    add("h", dh);
    if (dc) add("c", dc);
    add("Wx", dz, x);
    if (dWh) add("Wh", dWh);
    else add("Wh", dz, before);
    if (biases > 0) add("b", dz);
  }
  return rows;
}

/** Norms of each sample at each step, [T, B], zeros where a sample has no such step. */
interface LaneNorms {
  /** of ∂L/∂h; where time runs forward, after those of ∂L/∂h_0 */
  dh: Float64Array;
  /** the same of an LSTM's ∂L/∂C */
  dc?: Float64Array;
  dz: Float64Array;
  x: Float64Array;
  /** of h, and where it stands in time the initial state */
  states: Float64Array;
  initial: Float64Array;
  /** of the states that the steps read, a view of `states` */
  before: Float64Array;
  /** of a GRU's ∂L/∂z, gate by gate, [T, B, 3] */
  gates?: Float64Array;
  /** of what its reset gate multiplied, then of each step's part of ∂L/∂W_h */
  dWh?: Float64Array;
}

/** They stay as long as the pass, for it takes longer to allocate than to compute them. */
const memories = new WeakMap<Lane, LaneNorms>();

function allocate({ direction, recurrence: { dc, reset } }: Lane, { T, B }: Pass): LaneNorms {
  const count = T * B;
  const norms = (length: number) => new Float64Array(length);
  const forward = direction === "forward";
  const ofStates = forward ? B + count : count;
  const states = norms(B + count);
  return {
    dh: norms(ofStates),
    dc: dc && norms(ofStates),
    dz: norms(count),
    x: norms(count),
    states,
    initial: norms(B),
    before: forward ? states.subarray(0, count) : states.subarray(B),
    gates: reset && norms(3 * count),
    dWh: reset && norms(count),
  };
}

function laneNorms(engine: Engine, cell: CellKind, lane: Lane, pass: Pass): LaneNorms {
  const { T, B, lengths } = pass;
  const { recurrence, direction } = lane;
  let norms = memories.get(lane);
  if (norms === undefined) memories.set(lane, (norms = allocate(lane, pass)));
  const { dh, dc, dz, x, states, initial, before, gates, dWh } = norms;
  const forward = direction === "forward";
  const normsOf = (a: Floats, into: Float64Array) => engine.norms(a.length / into.length, a, into);
  const normsOfGradients = (ofInitial: Floats, ofSteps: Floats, into: Float64Array) => {
    if (forward) normsOf(ofInitial, into.subarray(0, B));
    normsOf(ofSteps, forward ? into.subarray(B) : into);
  };

  normsOfGradients(lane.dh0, lane.dh, dh);
  if (dc && recurrence.dc) normsOfGradients(lane.dc0, recurrence.dc, dc);
  normsOf(lane.input, x);
  normsOf(recurrence.h, forward ? states.subarray(B) : states.subarray(0, T * B));
  normsOf(lane.h0, initial);
  // A sequence that is read from its end has its initial state there.
  for (let b = 0; b < B; b++) states[forward ? b : (lengths?.[b] ?? T) * B + b] = initial[b];
  if (gates === undefined || dWh === undefined || recurrence.reset === undefined) {
    normsOf(recurrence.gates, dz);
    return norms;
  }
  normsOf(recurrence.gates, gates);
  normsOf(recurrence.reset, dWh);
  for (let k = 0; k < dz.length; k++) {
    const ofRZ = normOfNorms(gates[3 * k], gates[3 * k + 1]);
    const ofN = gates[3 * k + 2];
    dz[k] = normOfNorms(ofRZ, ofN);
    // r acts on the product W_hn h_{t−1} (`gru`), so on ∂z_n; or on h_{t−1}.
    dWh[k] = normOfNorms(ofRZ * before[k], cell === "gru" ? dWh[k] * before[k] : ofN * dWh[k]);
  }
  return norms;
}
