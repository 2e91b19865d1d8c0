// The parts of the gradients at the states of a network of unrolled/nn, from what its forward and backward
// passes leave in memory. All in float64, whatever the network computes in.

import { isLstm } from "../engine/cell_kinds.js";
import type { RecurrenceSize } from "../engine/engine.js";
import type { NetworkBatch, SequenceNetwork } from "../nn/network.js";
import { checkNotPatched } from "../nn/recurrent.js";
import type { Pass } from "../nn/stack.js";
import type { Vector } from "../numbers/linear_algebra.js";
import type { Floats } from "../numbers/tensor.js";
import type { LaneParts, StateParts } from "./gradient_paths.js";
import type { LaneTrajectory } from "./trajectory.js";
import { stepsOf, trajectoryOf } from "./trajectory.js";

/** ∂L/∂C_t of LSTMs, or ∂L/∂h_t of RNNs and GRUs, of every layer and direction. */
export function networkParts(where: string, network: SequenceNetwork, batch: NetworkBatch): LaneParts[] {
  checkNotPatched(where, network.rnn);
  if (network.rnn.cell === "lru") {
    throw new TypeError(`${where}: the layers are LRUs, but must be others: there is one path, through λ`);
  }
  const { lanes, pass } = trajectoryOf(where, network, batch);
  // Backward turns the activations of the gates into gradients.
  const activations = lanes.map(({ lane }) => lane.recurrence.gates.slice());
  const { weight } = network.flowPass(where, batch);
  const quantity = isLstm(network.rnn.cell) ? "c" : "h";
  return lanes.map((lane, index) => ({
    layer: lane.lane.layer,
    direction: lane.lane.direction,
    quantity,
    samples: Array.from({ length: pass.B }, (_, b) => laneParts(pass, lane, activations[index], b, weight)),
  }));
}

/** What arrives at a state from the next step. */
interface Arriving {
  /** at h, through W_h */
  recurrent: { sum: Vector; size: Vector };
  /** where there is a gate that keeps */
  keep?: Vector;
  /** at C */
  throughPeepholes?: Vector;
}

function laneParts(
  pass: Pass,
  { lane, weights }: LaneTrajectory,
  activations: Floats,
  sample: number,
  weight: number,
): StateParts[] {
  const { h, c, gates, dh, dc, keep: kept, size } = lane.recurrence;
  const { cell, H } = size;
  const row = (rows: Floats, t: number, blocks = 1, block = 0): Vector => {
    const from = ((t * pass.B + sample) * blocks + block) * H;
    return Array.from(rows.subarray(from, from + H));
  };
  const blocks = gates.length / h.length;
  const activation = (t: number, block: number) => row(activations, t, blocks, block);
  const none = new Array<number>(H).fill(0);
  const hasC = isLstm(cell);
  const peephole = (block: number): Vector =>
    weights.peepholes ? Array.from(weights.peepholes.subarray(block * H, (block + 1) * H)) : none;
  /** at the state before step t */
  const before = (t: number): Arriving => {
    if (kept) return { recurrent: { sum: none, size: none }, keep: times(row(dh, t), row(kept, t)) };
    const dz = Array.from({ length: blocks }, (_, block) => row(gates, t, blocks, block));
    const reset = cell.startsWith("gru") ? activation(t, 0) : none;
    const recurrent = throughWeights(size, weights.Wh, dz, reset);
    if (hasC) {
      const throughPeepholes = plus(times(dz[0], peephole(0)), times(dz[1], peephole(1)));
      return { recurrent, keep: times(row(dc!, t), activation(t, 1)), throughPeepholes };
    }
    if (cell.startsWith("gru")) return { recurrent, keep: times(row(dh, t), activation(t, 1)) };
    return { recurrent, keep: undefined };
  };
  const scaled = (part: Vector) => part.map((value) => value / weight);
  const state = (t: number, total: Vector, keep: Vector | undefined, recurrent: Vector, output: Vector) => ({
    t,
    total: scaled(total),
    ...(keep && { keep: scaled(keep) }),
    recurrent: scaled(recurrent),
    output: scaled(output),
  });

  const order = stepsOf(pass, lane, sample);
  const nothing: Arriving = {
    recurrent: { sum: none, size: none },
    keep: blocks > 1 ? none : undefined,
  };
  const states = order.map(({ t }, index): StateParts => {
    const next = order.at(index + 1);
    const { recurrent, keep, throughPeepholes = none } = next === undefined ? nothing : before(next.t);
    const ofH = row(dh, t);
    const output = remainder(ofH, recurrent, hasC ? none : (keep ?? none), roundingOf(h));
    if (!hasC) return state(t + 1, ofH, keep, recurrent.sum, output);
    const o = activation(t, 3);
    const slope = row(c!, t).map((value, j) => {
      const tanhC = Math.tanh(value);
      return o[j] * (1 - tanhC ** 2) + tanhC * o[j] * (1 - o[j]) * peephole(2)[j];
    });
    const throughGates = plus(times(recurrent.sum, slope), throughPeepholes);
    return state(t + 1, row(dc!, t), keep, throughGates, times(output, slope));
  });
  if (lane.direction === "reverse") return states;
  const { recurrent, keep, throughPeepholes = none } = before(0);
  if (hasC) return [state(0, plus(keep!, throughPeepholes), keep, throughPeepholes, none), ...states];
  const total = recurrent.sum.map((value, j) => value + (keep?.[j] ?? 0));
  return [state(0, total, keep, recurrent.sum, none), ...states];
}

/** Σ_gates W_hᵀ ∂z, and the sum of its terms' sizes, which bounds its rounding error. */
function throughWeights({ cell, H }: RecurrenceSize, Wh: Floats, dz: Vector[], reset: Vector) {
  const sum = new Array<number>(H).fill(0);
  const size = new Array<number>(H).fill(0);
  dz.forEach((ofGate, block) => {
    const candidate = block === 2 && cell.startsWith("gru");
    for (let j = 0; j < H; j++) {
      for (let k = 0; k < H; k++) {
        // r acts on what W_hn gives, or on what it reads.
        const factor = candidate ? reset[cell === "gru" ? j : k] : 1;
        const term = ofGate[j] * factor * Wh[(block * H + j) * H + k];
        sum[k] += term;
        size[k] += Math.abs(term);
      }
    }
  });
  return { sum, size };
}

/** total − recurrent − keep; 0 where only rounding is left. */
function remainder(
  total: Vector,
  recurrent: { sum: Vector; size: Vector },
  keep: Vector,
  rounding: number,
): Vector {
  return total.map((value, j) => {
    const left = value - recurrent.sum[j] - keep[j];
    const size = Math.abs(value) + recurrent.size[j] + Math.abs(keep[j]);
    return Math.abs(left) <= 8 * rounding * size ? 0 : left;
  });
}

function roundingOf(floats: Floats): number {
  return floats instanceof Float32Array ? 2 ** -23 : 2 ** -52;
}

function plus(a: Vector, b: Vector): Vector {
  return a.map((value, j) => value + b[j]);
}

function times(a: Vector, b: Vector): Vector {
  return a.map((value, j) => value * b[j]);
}
