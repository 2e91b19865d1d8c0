// Gradient flow: how large the gradient of the loss is at each time step. Where it fades towards t = 1, early
// inputs stop teaching (slide 19); where it grows, training jumps.

import type { Chart } from "../charts/chart.js";
import type { GradientFlowChartOptions } from "../charts/gradient_flow.js";
import { gradientFlowChart } from "../charts/gradient_flow.js";
import type { LayerGradients, RecurrentLayer } from "../slides/layers/layer.js";
import { norm } from "../numbers/linear_algebra.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import { tensors } from "../slides/parameters.js";
import type { FlowQuantity, FlowRow } from "./flow_row.js";
import { flowQuantities } from "./flow_row.js";
import { networkFlow } from "./network_flow.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by quantity and time step, and their chart. */
export type GradientFlow = FlowRow[] & {
  /** log-scale chart of the norms over t, as Vega-Lite */
  chart(options?: GradientFlowChartOptions): Chart;
};

/**
 * ‖∂L/∂h_t‖ and, of an LSTM, ‖∂L/∂C_t‖ for t = 0 … T: the total gradient, of the loss at t and everything
 * later. ‖∂L/∂W_x‖, ‖∂L/∂W_h‖ and ‖∂L/∂b‖ for t = 1 … T: the Frobenius norm of step t's part, over all gates.
 * Where a layer has two biases, b is that on the side of x.
 *
 * Each norm is taken per sample and averaged over the batch. L is the sample's loss summed over its steps,
 * not divided by the batch size, so the norms do not depend on the batch size.
 *
 * @param model a model of the slides, or a network of unrolled/nn, for which there are rows for every layer
 * and direction
 * @param batch what the model's `lossAndGradients` takes. A network needs none right after its own
 * `lossAndGradients`, of
 *   which the norms are then taken at little cost, with dropout as it was; with a batch there is no dropout,
 *   and the gradients next to the parameters stay as they are
 */
export function gradientFlow<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): GradientFlow;
export function gradientFlow(model: SequenceNetwork, batch?: NetworkBatch): GradientFlow;
export function gradientFlow(
  model: SequenceModel | SequenceNetwork,
  batch?: Sample | Sample[] | NetworkBatch,
): GradientFlow {
  checkFlowModel("gradientFlow", model);
  const rows =
    model instanceof SequenceNetwork
      ? networkRows(model, batch as NetworkBatch | undefined)
      : modelRows(model, batch as Sample | Sample[]);
  return withChart(rows, (options?: GradientFlowChartOptions) => gradientFlowChart(rows, options));
}

function networkRows(network: SequenceNetwork, batch: NetworkBatch | undefined): FlowRow[] {
  const pass = batch === undefined ? network.lastPass : network.flowPass("gradientFlow", batch);
  if (pass === undefined) {
    throw new Error(
      "gradientFlow: batch is undefined, but must be given unless the network has just computed lossAndGradients " +
        "and has seen no batch of that size since, such as data to validate by",
    );
  }
  return networkFlow(pass, network.rnn.biases > 0);
}

function modelRows(model: SequenceModel, batch: Sample | Sample[]): FlowRow[] {
  const samples = samplesOf("gradientFlow", batch);
  const normsOfSamples = eachSample(samples, (sample) =>
    normsByStep(model.backward(model.forward(sample)).layer),
  );
  const lastStep = samples.reduce((most, { x }) => Math.max(most, x.length), 0);
  return flowQuantities.flatMap((quantity) =>
    Array.from({ length: lastStep + 1 }, (_, t): FlowRow[] => {
      const norms = normsOfSamples.flatMap((byStep) => byStep[t]?.[quantity] ?? []);
      if (norms.length === 0) return [];
      const mean = norms.reduce((sum, value) => sum + value, 0) / norms.length;
      return [{ t, layer: 0, direction: "forward", quantity, norm: mean }];
    }).flat(),
  );
}

/** The norms of one sample; index 0 is the initial state. */
function normsByStep(gradients: LayerGradients): Partial<Record<FlowQuantity, number>>[] {
  const { dh, dc, dh0, dc0, stepParameters } = gradients;
  const ofParameters = (part: object, name: string) =>
    norm(
      tensors(part)
        .filter(([path]) => path.split(".").at(-1) === name)
        .map(([, tensor]) => norm(tensor)),
    );
  return [
    { h: norm(dh0), c: dc0 && norm(dc0) },
    ...stepParameters.map((part, index) => ({
      h: norm(dh[index]),
      c: dc && norm(dc[index]),
      Wx: ofParameters(part, "Wx"),
      Wh: ofParameters(part, "Wh"),
      b: ofParameters(part, "b"),
    })),
  ];
}
