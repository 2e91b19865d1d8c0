// Which input mattered: the gradient of the loss at x_t, as a whole and for each feature.

import type { Chart } from "../charts/chart.js";
import type { InputGradientsChartOptions } from "../charts/input_gradients.js";
import { inputGradientsChart } from "../charts/input_gradients.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import { mean, norm } from "../numbers/linear_algebra.js";
import { allocate } from "../numbers/tensor.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { InputRow } from "./flow_row.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by time step and feature, and their chart. */
export type InputGradients = InputRow[] & {
  /** a heatmap, features over t, with a logarithmic colour scale, as Vega-Lite */
  chart(options?: InputGradientsChartOptions): Chart;
};

/** ∂L/∂x of one sample, a row for each of its steps. */
type StepGradients = ArrayLike<number>[];

/**
 * ‖∂L/∂x_t‖ for t = 1 … T, and |∂L/∂x_{t,k}| for each feature k: how much the loss would change with what was
 * read at t (saliency; Simonyan et al., 2013). A gradient at x says what a small change would do, not what
 * the input has contributed: where gates are saturated it is small, however much the input mattered.
 *
 * Taken per sample and averaged over the samples that have a step t; L is the sample's loss summed over its
 * steps, as in `gradientFlow`. Costs one backward pass; without dropout.
 *
 * @param model a model of the slides, or a network of unrolled/nn; with an embedding x_t is the vector of the
 * index, and there are norms only
 * @param batch what the model's `lossAndGradients` takes
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 */
export function inputGradients<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): InputGradients;
export function inputGradients(model: SequenceNetwork, batch: NetworkBatch): InputGradients;
export function inputGradients(
  model: SequenceModel | SequenceNetwork,
  batch: Sample | Sample[] | NetworkBatch,
): InputGradients {
  const where = "inputGradients";
  checkFlowModel(where, model);
  const samples =
    model instanceof SequenceNetwork
      ? ofNetwork(where, model, batch as NetworkBatch)
      : eachSample(
          samplesOf(where, batch as Sample | Sample[]),
          (sample): StepGradients => model.backward(model.forward(sample)).layer.dx,
        );
  const byFeature = !(model instanceof SequenceNetwork && model.embedding);
  const rows = meanRows(samples, byFeature);
  return withChart(rows, (options?: InputGradientsChartOptions) => inputGradientsChart(rows, options));
}

function ofNetwork(where: string, network: SequenceNetwork, batch: NetworkBatch): StepGradients[] {
  const pass = network.run(where, batch);
  const isOwn = pass.dx === undefined;
  pass.dx ??= allocate(network.dtype, pass.x.length);
  try {
    const { weight } = network.flowPass(where, batch);
    const { T, B, lengths, dx } = pass;
    const I = dx.length / (T * B);
    return Array.from({ length: B }, (_, b) =>
      Array.from({ length: lengths?.[b] ?? T }, (_, t) => {
        const from = (t * B + b) * I;
        return Float64Array.from(dx.subarray(from, from + I), (value) => value / weight);
      }),
    );
  } finally {
    // Where it exists, every training step computes it.
    if (isOwn) pass.dx = undefined;
  }
}

function meanRows(samples: StepGradients[], byFeature: boolean): InputRow[] {
  const steps = samples.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: steps }, (_, index): InputRow[] => {
    const t = index + 1;
    const present = samples.flatMap((sample) => (index < sample.length ? [sample[index]] : []));
    const all: InputRow = { t, norm: mean(present.map((dx) => norm(Array.from(dx)))) };
    if (!byFeature) return [all];
    const features = Array.from({ length: present[0].length }, (_, feature) => ({
      t,
      feature,
      norm: mean(present.map((dx) => Math.abs(dx[feature]))),
    }));
    return [all, ...features];
  }).flat();
}
