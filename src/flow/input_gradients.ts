// Which input mattered: the gradient of the loss at x_t, as a whole and for each feature.

import type { Chart } from "../charts/chart.js";
import type { InputGradientsChartOptions } from "../charts/input_gradients.js";
import { inputGradientsChart } from "../charts/input_gradients.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { Pass } from "../nn/stack.js";
import { normOf } from "../numbers/norms.js";
import type { Floats } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { InputRow } from "./flow_row.js";
import { observedPass } from "./network_flow.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by time step and feature, and their chart. */
export type InputGradients = InputRow[] & {
  /** a heatmap, features over t, with a logarithmic colour scale, as Vega-Lite */
  chart(options?: InputGradientsChartOptions): Chart;
};

/** ∂L/∂x of a batch. */
interface InputVectors {
  I: number;
  /** the steps of the longest sample */
  last: number;
  vectors: Floats;
  /** where the [I] of each sample that has a step t, from 1, begin */
  startsAt: (t: number) => number[];
  /** what each number is to be divided by */
  weight: number;
}

/**
 * ‖∂L/∂x_t‖ for t = 1 … T, and |∂L/∂x_{t,k}| for each feature k: how much the loss would change with what was
 * read at t (saliency; Simonyan et al., 2013). A gradient at x says what a small change would do, not what
 * the input has contributed: where gates are saturated it is small, however much the input mattered.
 *
 * Taken per sample and averaged over the samples that have a step t; L is the sample's loss summed over its
 * steps, as in `gradientFlow`. Costs one forward and backward pass, without dropout; without a batch the
 * norms alone.
 *
 * @param model a model of the slides, or a network of unrolled/nn; with an embedding x_t is the vector of the
 * index, and there are norms only
 * @param batch what the model's `lossAndGradients` takes. A network with `observe: true` needs none right
 *   after its own `lossAndGradients`: the gradients are then those of that step, with its dropout
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 * @throws {Error} when batch is not given, and the network is not observed or has no step any more
 */
export function inputGradients<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): InputGradients;
export function inputGradients(model: SequenceNetwork, batch?: NetworkBatch): InputGradients;
export function inputGradients(
  model: SequenceModel | SequenceNetwork,
  batch?: Sample | Sample[] | NetworkBatch,
): InputGradients {
  const where = "inputGradients";
  checkFlowModel(where, model);
  const vectors =
    batch === undefined
      ? ofLastStep(where, model)
      : model instanceof SequenceNetwork
        ? ofNetwork(where, model, batch as NetworkBatch)
        : ofModel(model, samplesOf(where, batch as Sample | Sample[]));
  const byFeature = !(model instanceof SequenceNetwork && model.embedding);
  const rows = meanRows(vectors, byFeature);
  return withChart(rows, (options?: InputGradientsChartOptions) => inputGradientsChart(rows, options));
}

function ofLastStep(where: string, model: SequenceModel | SequenceNetwork): InputVectors {
  const { pass, dx, weight } = observedPass(where, model);
  return ofPass(pass, dx, weight);
}

function ofNetwork(where: string, network: SequenceNetwork, batch: NetworkBatch): InputVectors {
  const pass = network.run(where, batch);
  const dx = (pass.dx ??= allocate(network.dtype, pass.x.length));
  try {
    const { weight } = network.flowPass(where, batch);
    return ofPass(pass, dx, weight);
  } finally {
    // Where it exists, every training step computes it.
    if (!network.embedding && !network.observe) pass.dx = undefined;
  }
}

function ofPass({ T, B, lengths }: Pass, dx: Floats, weight: number): InputVectors {
  const I = dx.length / (T * B);
  const reached = Array.from({ length: B }, (_, sample) => lengths?.[sample] ?? T);
  return {
    I,
    last: Math.max(...reached),
    vectors: dx,
    startsAt: (t) => reached.flatMap((length, sample) => (t > length ? [] : [((t - 1) * B + sample) * I])),
    weight,
  };
}

function ofModel(model: SequenceModel, samples: Sample[]): InputVectors {
  const gradients = eachSample(samples, (sample) => model.backward(model.forward(sample)).layer.dx);
  const I = gradients[0][0].length;
  let next = 0;
  const firsts = gradients.map(({ length }) => (next += length * I) - length * I);
  return {
    I,
    last: Math.max(...gradients.map(({ length }) => length)),
    vectors: Float64Array.from(gradients.flat(2)),
    startsAt: (t) =>
      gradients.flatMap(({ length }, sample) => (t > length ? [] : [firsts[sample] + (t - 1) * I])),
    weight: 1,
  };
}

function meanRows({ I, last, vectors, startsAt, weight }: InputVectors, byFeature: boolean): InputRow[] {
  const rows: InputRow[] = [];
  const sums = new Float64Array(I);
  for (let t = 1; t <= last; t++) {
    const starts = startsAt(t);
    const divisor = starts.length * weight;
    let norms = 0;
    sums.fill(0);
    for (const from of starts) {
      norms += normOf(vectors, from, I);
      for (let k = 0; k < I; k++) sums[k] += Math.abs(vectors[from + k]);
    }
    rows.push({ t, norm: norms / divisor });
    if (!byFeature) continue;
    for (let feature = 0; feature < I; feature++) rows.push({ t, feature, norm: sums[feature] / divisor });
  }
  return rows;
}
