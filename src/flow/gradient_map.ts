// Which step's loss reaches which state: the gradient of the loss at step s alone, at the state of every step
// t.

import type { Chart } from "../charts/chart.js";
import type { GradientMapChartOptions } from "../charts/gradient_map.js";
import { gradientMapChart } from "../charts/gradient_map.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { FlowRow, MapRow } from "./flow_row.js";
import { networkFlow } from "./network_flow.js";
import { meanRows, normsByStep } from "./slides_flow.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by s, quantity and t, and their chart. */
export type GradientMap = MapRow[] & {
  /** a heatmap, s over t, with a logarithmic colour scale, as Vega-Lite */
  chart(options?: GradientMapChartOptions): Chart;
};

/**
 * ‖∂L_s/∂h_t‖ and, for an LSTM, ‖∂L_s/∂C_t‖: L_s is the loss at step s alone, where L = Σ_s L_s. One backward
 * pass for every s that has a target. t goes from 0 to s; where the layers read in both directions, to T. The
 * gradients of all s add up to the gradient of L as vectors, ∂L/∂C_t = Σ_s ∂L_s/∂C_t, and their norms are as
 * in `gradientFlow`: per sample, of the loss not divided by the batch size, then the mean over the samples
 * that have a step t.
 *
 * @param model a model of the slides, or a network of unrolled/nn with outputs: "every"
 * @param batch what the model's `lossAndGradients` takes, with targets at two steps or more; without dropout
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} when the loss is read at one step only
 */
export function gradientMap<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): GradientMap;
export function gradientMap(model: SequenceNetwork, batch: NetworkBatch): GradientMap;
export function gradientMap(
  model: SequenceModel | SequenceNetwork,
  batch: Sample | Sample[] | NetworkBatch,
): GradientMap {
  const where = "gradientMap";
  checkFlowModel(where, model);
  const flows =
    model instanceof SequenceNetwork
      ? networkFlows(where, model, batch as NetworkBatch)
      : modelFlows(where, model, batch as Sample | Sample[]);
  if (flows.size < 2) {
    const [s] = flows.keys();
    const only = s === undefined ? "the last step" : `t = ${s}`;
    throw new RangeError(`${where}: the loss is read at ${only} alone, but must be at two steps or more`);
  }
  const rows = [...flows].flatMap(([s, flow]) => mapRows(s, flow));
  return withChart(rows, (options?: GradientMapChartOptions) => gradientMapChart(rows, options));
}

function mapRows(s: number, flow: FlowRow[]): MapRow[] {
  const bothWays = flow.some(({ direction }) => direction === "reverse");
  return flow.flatMap(({ quantity, t, ...rest }): MapRow[] =>
    (quantity === "h" || quantity === "c") && (bothWays || t <= s) ? [{ s, t, quantity, ...rest }] : [],
  );
}

/** The gradient flow of every L_s, by s. */
function modelFlows(where: string, model: SequenceModel, batch: Sample | Sample[]): Map<number, FlowRow[]> {
  const samples = samplesOf(where, batch);
  const norms = eachSample(samples, (sample) => {
    const tape = model.forward(sample);
    return tape.outputs.map((output, step) => {
      const outputs = tape.outputs.map((other, index) => (index === step ? other : null));
      return { read: output !== null, norms: normsByStep(model.backward({ ...tape, outputs }).layer) };
    });
  });
  const last = norms.reduce((most, { length }) => Math.max(most, length), 0);
  const flows = new Map<number, FlowRow[]>();
  for (let s = 1; s <= last; s++) {
    if (!norms.some((sample) => sample[s - 1]?.read)) continue;
    const ofStep = norms.map((sample) => sample[s - 1]?.norms ?? sample[0].norms.map(() => ({ h: 0 })));
    flows.set(s, meanRows(ofStep));
  }
  return flows;
}

function networkFlows(where: string, network: SequenceNetwork, batch: NetworkBatch): Map<number, FlowRow[]> {
  const flows = new Map<number, FlowRow[]>();
  if (network.outputs !== "every") return flows;
  const { T } = network.run(where, batch);
  for (let s = 1; s <= T; s++) {
    const pass = network.flowPass(where, batch, s);
    if (pass !== undefined) flows.set(s, networkFlow(pass, false));
  }
  return flows;
}
