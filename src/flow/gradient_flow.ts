// Gradient flow: how large the gradient of the loss is at each time step. Where it fades towards t = 1, early
// inputs stop teaching (slide 19); where it grows, training jumps.

import type { Chart } from "../charts/chart.js";
import type { GradientFlowChartOptions } from "../charts/gradient_flow.js";
import { gradientFlowChart } from "../charts/gradient_flow.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { FlowRow } from "./flow_row.js";
import { networkFlow, passOf } from "./network_flow.js";
import { meanRows, normsByStep } from "./slides_flow.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by quantity and time step, and their chart. */
export type GradientFlow = FlowRow[] & {
  /** log-scale chart of the norms over t, as Vega-Lite */
  chart(options?: GradientFlowChartOptions): Chart;
};

/**
 * ‖∂L/∂h_t‖ and, for an LSTM, ‖∂L/∂C_t‖ for t = 0 … T: the total gradient, of the loss at t and everything
 * later; of an SLSTM or MLSTM ‖∂L/∂(c_t, n_t, m_t)‖, the state as it is stored. ‖∂L/∂W_x‖, ‖∂L/∂W_h‖ and
 * ‖∂L/∂b‖ for t = 1 … T: the Frobenius norm of step t's part, over all gates. Where a layer has two biases, b
 * is the one added to W_x x. Without W_h or b there are no rows of it.
 *
 * Each norm is taken per sample and averaged over the batch. L is the sample's loss summed over its steps,
 * not divided by the batch size, so the norms do not depend on the batch size.
 *
 * @param model a model of the slides, or a network of unrolled/nn, for which there are rows for every layer
 * and direction
 * @param batch what the model's `lossAndGradients` takes. A network needs no batch right after its own
 *   `lossAndGradients`: the norms are then taken of that step, at little cost and with its dropout. With a
 *   batch there is no dropout, and the gradients next to the parameters stay as they are
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 * @throws {Error} when batch is not given and the network has no batch of its own any more
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
  const where = "gradientFlow";
  checkFlowModel(where, model);
  const rows =
    model instanceof SequenceNetwork
      ? networkFlow(passOf(where, model, batch as NetworkBatch | undefined), model.rnn.biases > 0)
      : modelRows(model, batch as Sample | Sample[]);
  return withChart(rows, (options?: GradientFlowChartOptions) => gradientFlowChart(rows, options));
}

function modelRows(model: SequenceModel, batch: Sample | Sample[]): FlowRow[] {
  const samples = samplesOf("gradientFlow", batch);
  const norms = eachSample(samples, (sample) => normsByStep(model.backward(model.forward(sample)).layer));
  return meanRows(norms);
}
