// What the gates do along a batch: their activations, and where they are saturated.

import { gateNames, isInputGated } from "../engine/cell_kinds.js";
import type { CellKind } from "../engine/cell_kinds.js";
import type { Floats } from "../numbers/tensor.js";
import type { GateName, LanePlace } from "./flow_row.js";
import type { Lane, Pass, StackSize } from "../nn/stack.js";
import { observedPass } from "./network_flow.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { checkGates, trajectoryOf } from "./trajectory.js";

/** The activations of one gate in one layer and direction. */
export interface GateActivations extends LanePlace {
  gate: GateName;
  H: number;
  /** the smallest and the largest activation there can be; as far as it got where there is no end */
  range: [low: number, high: number];
  /** where the slope is below a tenth of its largest value: below the first activation, above the second */
  saturated: { below: number; above: number };
  /** those of all gates, where they are */
  activations: Floats;
  /** T, the steps of the longest sample */
  last: number;
  /** where the [H] of each sample that has a step t, from 1, begin */
  startsAt: (t: number) => number[];
}

/** In the order of the slides. */
const order: readonly GateName[] = ["f", "i", "g", "o", "r", "z", "n", "h"];
/** The p at which the slope p (1 − p) of a sigmoid is a tenth of its largest, ¼. */
const flatSigmoid = (1 - Math.sqrt(0.9)) / 2;
/** The same of a slope whose largest is 1. */
const flatCandidate = (1 - Math.sqrt(0.6)) / 2;

/**
 * Of every layer, direction and gate; of an RNN or LRU, which have none, of h. Without a batch those of the
 * network's last step of training.
 */
export function gateActivations(
  where: string,
  model: FlowModel,
  batch: FlowBatch | undefined,
): GateActivations[] {
  const { pass, size, activationsOf } =
    batch === undefined ? lastStep(where, model) : along(where, model, batch);
  const { cell, hiddenSize: H } = size;
  const names: readonly string[] = gateNames[cell].length > 0 ? gateNames[cell] : ["h"];
  return pass.lanes.flatMap((lane, index) => {
    const { layer, direction } = lane;
    const activations = activationsOf(lane, index);
    const reached = Array.from({ length: pass.B }, (_, sample) => pass.lengths?.[sample] ?? pass.T);
    return order
      .filter((gate) => names.includes(gate))
      .map((gate) => {
        const block = names.indexOf(gate);
        return {
          layer,
          direction,
          gate,
          H,
          ...activationOf(cell, gate, () => largestOf(activations, H, names.length, block)),
          activations,
          last: Math.max(...reached),
          startsAt: (t: number) => {
            const starts: number[] = [];
            for (let sample = 0; sample < pass.B; sample++) {
              if (t > reached[sample]) continue;
              starts.push((((t - 1) * pass.B + sample) * names.length + block) * H);
            }
            return starts;
          },
        };
      });
  });
}

interface Activations {
  pass: Pass;
  size: StackSize;
  activationsOf: (lane: Lane, index: number) => Floats;
}

const isPlain = (cell: CellKind) => gateNames[cell].length === 0;

function along(where: string, model: FlowModel, batch: FlowBatch): Activations {
  const { pass, size } = trajectoryOf(where, model, batch, "gates");
  return {
    pass,
    size,
    activationsOf: ({ recurrence }) => (isPlain(size.cell) ? recurrence.h : recurrence.gates),
  };
}

function lastStep(where: string, model: FlowModel): Activations {
  const { pass, gates, size } = observedPass(where, model);
  checkGates(where, size.cell);
  return {
    pass,
    size,
    activationsOf: ({ recurrence }, index) => (isPlain(size.cell) ? recurrence.h : gates[index]),
  };
}

type Activation = Pick<GateActivations, "range" | "saturated">;

/** @param largest |activation|, asked for where there is no end */
function activationOf(cell: CellKind, gate: GateName, largest: () => number): Activation {
  const none = { below: -Infinity, above: Infinity };
  if (cell === "rnn_relu") {
    // The slope is 0 where it gives 0.
    return { range: [0, largest()], saturated: { ...none, below: Number.MIN_VALUE } };
  }
  if (cell === "rnn_identity" || cell === "lru") {
    const end = largest();
    return { range: [-end, end], saturated: none };
  }
  // A MinGRU's candidate has the slope of σ below ½, and 1 above.
  if (isInputGated(cell) && gate === "g") {
    return { range: [0, largest()], saturated: { ...none, below: flatCandidate } };
  }
  // tanh z = 2 σ(2z) − 1
  const low = "gnh".includes(gate) ? -1 : 0;
  const flat = low + (1 - low) * flatSigmoid;
  return { range: [low, 1], saturated: { below: flat, above: low + 1 - flat } };
}

/** Of the blocks of H in a row, block `index`; 1 where all are 0. */
function largestOf(activations: Floats, H: number, blocks: number, index: number): number {
  let most = 0;
  for (let from = index * H; from < activations.length; from += blocks * H) {
    for (let k = from; k < from + H; k++) most = Math.max(most, Math.abs(activations[k]));
  }
  return most === 0 ? 1 : most;
}
