// Backpropagation through time as a scan, in which no step waits for the one after it.

import { Matrix } from "ml-matrix";
import type { BackwardOptions, RecurrenceWeights } from "../engine/engine.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { StateDict } from "../nn/parameters.js";
import type { RecurrentGradients } from "../nn/recurrent.js";
import { checkNotPatched } from "../nn/recurrent.js";
import type { Lane } from "../nn/stack.js";
import type { AffineStep } from "../numbers/affine_scan.js";
import { affineScan } from "../numbers/affine_scan.js";
import type { DType, Floats } from "../numbers/tensor.js";
import { kind } from "../numbers/validation.js";
import { SingleSteps } from "./single_steps.js";
import { checkSteps, checkUnmasked } from "./trajectory.js";

/** The gradients at all states, as the backward of a module returns them, and more. */
export interface ParallelBackward extends Omit<RecurrentGradients, "dx"> {
  loss: number;
  /** ∂L/∂ of every parameter, under its key */
  gradients: StateDict;
  /** how many rounds the scan of a layer took; step by step there are T − 1 */
  rounds: number;
}

/**
 * The gradients of `network.lossAndGradients(batch)`, without dropout, computed as many processors would.
 * Of a state s = h, or (h, C) in an LSTM, the gradient is
 *
 *     δ_t = ∂L/∂s_t + J_{t+1}ᵀ δ_{t+1}   with J_{t+1} = ∂s_{t+1}/∂s_t,
 *
 * ∂L/∂s_t being what does not come by s_{t+1}. Two such steps one after the other are a step of the same
 * form, so that all δ_t follow from a scan of at most 2 ⌈log₂ T⌉ − 1 rounds instead of T steps; from the
 * δ_t every step has its part of ∂L/∂W for itself. It is Wang, Bai and Pekhimenko (2020), "BPPSA: Scaling
 * Back-propagation by Parallel Scan Algorithm". On one processor it takes much longer: the scan
 * multiplies Jacobians, which the steps do not.
 *
 * @param batch what `network.lossAndGradients` takes; the gradients next to the parameters stay as they
 *   are
 * @throws {TypeError} when network is not a SequenceNetwork, or its layers are SLSTMs or MLSTMs, whose
 *   Jacobians are not computed
 * @throws {RangeError} for a batch that does not fit the network, or where a product of Jacobians
 *   overflows
 * @throws {Error} for a network of {@link patched}, whose weights do not say how its states change
 */
export function parallelBackward(network: SequenceNetwork, batch: NetworkBatch): ParallelBackward {
  const where = "parallelBackward";
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: network is ${kind(network)}, but must be a SequenceNetwork`);
  }
  const { rnn, dtype } = network;
  checkNotPatched(where, rnn);
  checkSteps(where, rnn.stack.size);
  let rounds = 0;
  const { loss, gradients, pass } = network.gradientsThrough(where, batch, (lane, ...others) => {
    rounds = Math.max(rounds, backwardByScan(dtype, lane, ...others));
  });
  return { loss, gradients, ...rnn.gradientsOf(pass, "timeMajor"), rounds };
}

/** Does what the backward of the lane's recurrence does; returns the rounds of the longest sequence. */
function backwardByScan(
  dtype: DType,
  lane: Lane,
  weights: RecurrenceWeights,
  gradients: RecurrenceWeights,
  { lengths, dhT, dcT, dx, dh0, dc0, hMask }: BackwardOptions,
): number {
  checkUnmasked("parallelBackward", hMask);
  const { h, c, dh, dc, gates } = lane.recurrence;
  const { H } = lane.recurrence.size;
  const single = new SingleSteps(dtype, lane, lengths);
  const { recurrence, x } = single;
  const [hAfter, cAfter] = [single.h.slice(), single.c.slice()];
  single.gather(h, hAfter);
  if (c) single.gather(c, cAfter);
  single.read(hAfter, cAfter);
  single.forward(weights);

  single.gather(dh, recurrence.dh);
  const dC = single.c.slice().fill(0);
  const S = c ? H : 0;
  const rounds = single.sequences.map((rows, sample) => {
    const steps = rows.toReversed().map((n, place): AffineStep => {
      const local = [...recurrence.dh.subarray(n * H, (n + 1) * H), ...new Array<number>(S).fill(0)];
      if (place > 0) return { A: single.jacobian(weights, n + 1).transpose(), v: Matrix.columnVector(local) };
      dhT?.subarray(sample * H, (sample + 1) * H).forEach((d, j) => (local[j] += d));
      dcT?.subarray(sample * S, (sample + 1) * S).forEach((d, j) => (local[H + j] += d));
      return { v: Matrix.columnVector(local) };
    });
    const taken = affineScan(steps);
    rows.toReversed().forEach((n, place) => {
      const delta = steps[place].v.to1DArray();
      recurrence.dh.set(delta.slice(0, H), n * H);
      dC.set(delta.slice(H), n * S);
    });
    return taken;
  });

  const into = { dx: x.slice(), dh0: single.h.slice(), dc0: single.c.slice() };
  recurrence.backward(x, weights, gradients, { h0: single.h, c0: single.c, dcT: dC, ...into });
  single.scatter(recurrence.dh, dh);
  single.scatter(recurrence.gates, gates);
  if (dc) single.scatter(recurrence.dc!, dc);
  if (dx) single.scatter(into.dx, dx);
  const toInitial = (all: Floats, initial: Floats | undefined, F: number) => {
    single.sequences.forEach(([n], sample) => initial?.set(all.subarray(n * F, (n + 1) * F), sample * F));
  };
  toInitial(into.dh0, dh0, H);
  toInitial(into.dc0, dc0, S);
  return Math.max(...rounds);
}
