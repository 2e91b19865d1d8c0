// Where the activations of the gates lie, step by step.

import type { Chart } from "../charts/chart.js";
import { gateHistogramsChart } from "../charts/gate_histograms.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import type { HistogramRow } from "./flow_row.js";
import { gateActivations } from "./gate_activations.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by gate, time step and bin, and their chart. */
export type GateHistograms = HistogramRow[] & {
  /** a histogram in colours at each t, a panel for each gate, as Vega-Lite */
  chart(options?: FlowChartOptions): Chart;
};

const bins = 20;

/**
 * Histograms of the activations at t = 1 … T, over all units and the samples that have a step t: f, i, g and
 * o of an LSTM; r, z and n of a GRU; z and g of a MinGRU; f, i and g of a MinLSTM; h of an RNN. 20 bins of
 * one width from 0 to 1 for a sigmoid, from −1 to 1 for tanh, from 0 to the largest for ReLU and for the
 * candidate of a MinGRU or MinLSTM, from −m to m with m = max |h| for the identity.
 *
 * `saturated` is the share of what lies in the bin and is saturated: the slope of the activation there is
 * below a tenth of its largest value. That is a sigmoid below 0.026 or above 0.974, tanh beyond ±0.949, ReLU
 * at 0, the candidate of a MinGRU or MinLSTM below 0.113. Hardly any gradient passes a saturated gate on its
 * way to the weights. Which units they are, `gateSaturation` says.
 *
 * Costs one forward pass; without dropout.
 *
 * @param model a model of the slides, or a network of unrolled/nn
 * @param batch what the model's `lossAndGradients` takes; targets are not read
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 */
export function gateHistograms(model: FlowModel, batch: FlowBatch): GateHistograms {
  const rows: HistogramRow[] = [];
  for (const gates of gateActivations("gateHistograms", model, batch)) {
    const { layer, direction, gate, range, steps, at, saturatedAt } = gates;
    const [low, high] = range;
    const edge = (bin: number) => low + (bin / bins) * (high - low);
    for (const t of steps) {
      const counts = Array.from({ length: bins }, () => ({ all: 0, saturated: 0 }));
      let all = 0;
      for (const activations of at(t)) {
        for (const activation of activations) {
          const bin = counts[Math.min(bins - 1, Math.floor((bins * (activation - low)) / (high - low)))];
          bin.all++;
          if (saturatedAt(activation) !== undefined) bin.saturated++;
          all++;
        }
      }
      counts.forEach((count, bin) => {
        rows.push({
          t,
          layer,
          direction,
          gate,
          from: edge(bin),
          to: edge(bin + 1),
          share: count.all / all,
          saturated: count.saturated / all,
        });
      });
    }
  }
  return withChart(rows, (options?: FlowChartOptions) => gateHistogramsChart(rows, options));
}
