// ∂L/∂h_t and ∂L/∂C_t as vectors, sample by sample, of any model: what distributions and single units are
// read from.

import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { Lane, Pass } from "../nn/stack.js";
import type { Floats } from "../numbers/tensor.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { LanePlace } from "./flow_row.js";
import { passOf } from "./network_flow.js";
import { checkFlowModel } from "./trajectory.js";

/** The gradients at one kind of state in one layer and direction. */
export interface StateGradients extends LanePlace {
  quantity: "h" | "c";
  /** the steps that a sample has: 0 … T, in direction "reverse" 1 … T */
  steps: number[];
  /** what each gradient is to be divided by */
  weight: number;
  /** the width of a gradient: H, or S of a cell state */
  H: number;
  /** the gradients [H] of the samples that have a step t, where they are: the next batch overwrites them */
  at: (t: number) => { gradients: Floats; starts: number[] };
}

/** Of every layer and direction, h before c, as in gradientFlow. */
export function stateGradients(
  where: string,
  model: SequenceModel | SequenceNetwork,
  batch: Sample | Sample[] | NetworkBatch | undefined,
): StateGradients[] {
  checkFlowModel(where, model);
  if (!(model instanceof SequenceNetwork)) return ofModel(where, model, batch as Sample | Sample[]);
  const { pass, weight } = passOf(where, model, batch as NetworkBatch | undefined);
  return pass.lanes.flatMap((lane) => {
    const { dh, dc } = lane.recurrence;
    return [
      ofLane(pass, weight, lane, "h", lane.dh0, dh),
      ...(dc ? [ofLane(pass, weight, lane, "c", lane.dc0, dc)] : []),
    ];
  });
}

function ofLane(
  { T, B, lengths }: Pass,
  weight: number,
  { layer, direction }: Lane,
  quantity: "h" | "c",
  initial: Floats,
  later: Floats,
): StateGradients {
  const H = initial.length / B;
  const reached = Array.from({ length: B }, (_, sample) => lengths?.[sample] ?? T);
  const last = Math.max(...reached);
  const first = direction === "forward" ? 0 : 1;
  return {
    layer,
    direction,
    quantity,
    steps: Array.from({ length: last - first + 1 }, (_, index) => first + index),
    weight,
    H,
    at: (t) => {
      const first = Math.max(0, t - 1) * B;
      const starts: number[] = [];
      for (let sample = 0; sample < B; sample++) {
        if (t <= reached[sample]) starts.push((first + sample) * H);
      }
      return { gradients: t === 0 ? initial : later, starts };
    },
  };
}

function ofModel(where: string, model: SequenceModel, batch: Sample | Sample[]): StateGradients[] {
  const samples = eachSample(samplesOf(where, batch), (sample) => {
    const { dh, dc, dh0, dc0 } = model.backward(model.forward(sample)).layer;
    return { h: [dh0, ...dh], c: dc && dc0 && [dc0, ...dc] };
  });
  const longest = samples.reduce((most, { h }) => (h.length > most.length ? h : most), samples[0].h);
  return (["h", "c"] as const)
    .filter((quantity) => samples[0][quantity] !== undefined)
    .map((quantity) => ({
      layer: 0,
      direction: "forward",
      quantity,
      steps: longest.map((_, t) => t),
      weight: 1,
      H: samples[0].h[0].length,
      at: (t) => {
        const present = samples.flatMap((sample) => sample[quantity]!.slice(t, t + 1));
        const starts = present.map((gradient, index) => index * gradient.length);
        return { gradients: Float64Array.from(present.flat()), starts };
      },
    }));
}
