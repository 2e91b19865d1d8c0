// What the gates do along a batch: their activations, and where they are saturated.

import { gateNames, isInputGated } from "../engine/cell_kinds.js";
import type { CellKind } from "../engine/cell_kinds.js";
import type { Floats } from "../numbers/tensor.js";
import type { GateName, LanePlace } from "./flow_row.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { stepsOf, trajectoryOf } from "./trajectory.js";

/** The activations of one gate in one layer and direction. */
export interface GateActivations extends LanePlace {
  gate: GateName;
  H: number;
  /** the smallest and the largest activation there can be; as far as it got where there is no end */
  range: [low: number, high: number];
  /** what the samples that have a step t, from 1, have there, each [H] */
  at: (t: number) => Floats[];
  /** the steps, 1 … T */
  steps: number[];
  /** whether the slope at an activation is below a tenth of its largest value, and at which end */
  saturatedAt: (activation: number) => "low" | "high" | undefined;
}

/** In the order of the slides. */
const order: readonly GateName[] = ["f", "i", "g", "o", "r", "z", "n", "h"];
const saturatedBelow = 0.1;

/** Of every layer, direction and gate; of an RNN, which has none, of h. */
export function gateActivations(where: string, model: FlowModel, batch: FlowBatch): GateActivations[] {
  const { pass, size, lanes } = trajectoryOf(where, model, batch);
  const { cell, hiddenSize: H } = size;
  const names: readonly string[] = gateNames[cell].length > 0 ? gateNames[cell] : ["h"];
  return lanes.flatMap(({ lane }) => {
    const { layer, direction, recurrence } = lane;
    const activations = cell.startsWith("rnn") ? recurrence.h : recurrence.gates;
    const reached = Array.from({ length: pass.B }, (_, sample) => stepsOf(pass, lane, sample).length);
    const last = Math.max(...reached);
    return order
      .filter((gate) => names.includes(gate))
      .map((gate) => ({
        layer,
        direction,
        gate,
        H,
        ...activationOf(cell, gate, largestOf(activations, H, names.length, names.indexOf(gate))),
        steps: Array.from({ length: last }, (_, index) => index + 1),
        at: (t: number) =>
          reached.flatMap((length, sample) => {
            if (t > length) return [];
            const from = (((t - 1) * pass.B + sample) * names.length + names.indexOf(gate)) * H;
            return [activations.subarray(from, from + H)];
          }),
      }));
  });
}

type Activation = Pick<GateActivations, "range" | "saturatedAt">;

/** @param largest |activation| */
function activationOf(cell: CellKind, gate: GateName, largest: number): Activation {
  // ReLU has the slope 0 where it gives 0, the identity 1 everywhere, a MinGRU's candidate that of σ below ½.
  if (cell === "rnn_relu") return upTo(largest, (activation) => activation <= 0);
  if (cell === "rnn_identity") return { range: [-largest, largest], saturatedAt: () => undefined };
  if (isInputGated(cell) && gate === "g")
    return upTo(largest, (g) => g < 0.5 && g * (1 - g) < saturatedBelow);
  const low = "gnh".includes(gate) ? -1 : 0;
  return {
    range: [low, 1],
    saturatedAt: (activation) => {
      // tanh z = 2 σ(2z) − 1: on the way from the lowest to the highest value, both have the slope p (1 − p).
      const p = (activation - low) / (1 - low);
      if (4 * p * (1 - p) >= saturatedBelow) return undefined;
      return p < 0.5 ? "low" : "high";
    },
  };
}

function upTo(largest: number, isLow: (activation: number) => boolean): Activation {
  return { range: [0, largest], saturatedAt: (activation) => (isLow(activation) ? "low" : undefined) };
}

/** Of the blocks of H in a row, block `index`; 1 where all are 0. */
function largestOf(activations: Floats, H: number, blocks: number, index: number): number {
  let most = 0;
  for (let from = index * H; from < activations.length; from += blocks * H) {
    for (let k = from; k < from + H; k++) most = Math.max(most, Math.abs(activations[k]));
  }
  return most === 0 ? 1 : most;
}
