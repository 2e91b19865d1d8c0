// The norms of gradient flow from a backward pass of unrolled/nn.

import type { NetworkBatch, NetworkPass } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { StackSize } from "../nn/stack.js";
import type { FlowRow } from "./flow_row.js";
import { flowQuantities } from "./flow_row.js";
import type { Floats } from "../numbers/tensor.js";

/** The pass of a batch, or without one that of the network's last step of training. */
export function passOf(
  where: string,
  network: SequenceNetwork,
  batch: NetworkBatch | undefined,
): NetworkPass {
  const pass = batch === undefined ? network.lastPass : network.flowPass(where, batch);
  if (pass !== undefined) return pass;
  throw new Error(
    `${where}: batch is undefined, but must be given unless the network has just computed lossAndGradients ` +
      "and has seen no batch of that size since, such as data to validate by",
  );
}

/**
 * What an observed network kept of its last step of training.
 *
 * @throws {TypeError} for a model of the slides, which keeps nothing
 * @throws {Error} when the network is not observed, or has no step any more
 */
export function observedPass(
  where: string,
  model: unknown,
): NetworkPass & { gates: readonly Floats[]; dx: Floats; size: StackSize } {
  if (!(model instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: batch is undefined, but must be given for a model of the slides`);
  }
  if (!model.observe) {
    throw new Error(
      `${where}: batch is undefined, but must be given unless the network is made with observe: true`,
    );
  }
  const held = passOf(where, model, undefined);
  return { ...held, gates: held.gates!, dx: held.pass.dx!, size: model.rnn.stack.size };
}

/** Rows by layer, direction, quantity and time step; without biases there are no rows of b. */
export function networkFlow({ pass, weight }: NetworkPass, biases: boolean): FlowRow[] {
  const { T, B, lengths } = pass;
  const samplesAt = new Float64Array(T + 1).fill(B);
  lengths?.forEach((length) => {
    for (let t = length + 1; t <= T; t++) samplesAt[t]--;
  });
  // Plain loops: for a small network this is a large part of a training step.
  const rows: FlowRow[] = [];
  for (const { layer, direction, recurrence, input, h0 } of pass.lanes) {
    const forward = direction === "forward";
    const flow = recurrence.flow(input, { h0, lengths });
    for (const quantity of flowQuantities) {
      const sums = flow[quantity];
      if (sums === undefined || (quantity === "b" && !biases)) continue;
      const ofStates = quantity === "h" || quantity === "c";
      for (let t = ofStates && forward ? 0 : 1; t <= T && samplesAt[t] > 0; t++) {
        rows.push({ t, layer, direction, quantity, norm: sums[t] / (samplesAt[t] * weight) });
      }
    }
  }
  return rows;
}
