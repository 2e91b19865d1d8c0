// Where the activations of the gates lie, step by step.

import type { Chart } from "../charts/chart.js";
import { gateHistogramsChart } from "../charts/gate_histograms.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import type { HistogramRow } from "./flow_row.js";
import type { SequenceNetwork } from "../nn/network.js";
import type { GateActivations } from "./gate_activations.js";
import { gateActivations } from "./gate_activations.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by gate, time step and bin, and their chart. */
export type GateHistograms = HistogramRow[] & {
  /** a histogram in colours at each t, a panel for each gate, as Vega-Lite */
  chart(options?: FlowChartOptions): Chart;
};

const bins = 20;
/** One for each bin, and one for the end of the range, which belongs to the last bin. */
const places = bins + 1;

/**
 * Histograms of the activations at t = 1 … T, over all units and the samples that have a step t: f, i, g and
 * o of an LSTM; r, z and n of a GRU; z and g of a MinGRU; f, i and g of a MinLSTM; h of an RNN or LRU. 20
 * bins of one width from 0 to 1 for a sigmoid, from −1 to 1 for tanh, from 0 to the largest for ReLU and for
 * the candidate of a MinGRU or MinLSTM, from −m to m with m = max |h| for the identity and an LRU.
 *
 * `saturated` is the share of what lies in the bin and is saturated: the slope of the activation there is
 * below a tenth of its largest value. That is a sigmoid below 0.026 or above 0.974, tanh beyond ±0.949, ReLU
 * at 0, the candidate of a MinGRU or MinLSTM below 0.113. Hardly any gradient passes a saturated gate on its
 * way to the weights. Which units they are, `gateSaturation` says.
 *
 * Costs one forward pass, without dropout; without a batch the counting alone.
 *
 * @param model a model of the slides, or a network of unrolled/nn
 * @param batch what the model's `lossAndGradients` takes; targets are not read. A network with
 *   `observe: true` needs none right after its own `lossAndGradients`: that step is counted, with its dropout
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 * @throws {Error} when batch is not given, and the network is not observed or has no step any more
 */
export function gateHistograms(model: SequenceNetwork): GateHistograms;
export function gateHistograms(model: FlowModel, batch: FlowBatch): GateHistograms;
export function gateHistograms(model: FlowModel, batch?: FlowBatch): GateHistograms {
  const rows: HistogramRow[] = [];
  const counts = { all: new Uint32Array(4 * places), saturated: new Uint32Array(places) };
  for (const gates of gateActivations("gateHistograms", model, batch)) {
    const { layer, direction, gate, H, range, last, startsAt } = gates;
    const [low, high] = range;
    const edge = (bin: number) => low + (bin / bins) * (high - low);
    for (let t = 1; t <= last; t++) {
      const starts = startsAt(t);
      count(gates, starts, counts);
      const total = starts.length * H;
      for (let bin = 0; bin < bins; bin++) {
        const [from, to] = [edge(bin), edge(bin + 1)];
        const share = counts.all[bin] / total;
        const saturated = counts.saturated[bin] / total;
        rows.push({ t, layer, direction, gate, from, to, share, saturated });
      }
    }
  }
  return withChart(rows, (options?: FlowChartOptions) => gateHistogramsChart(rows, options));
}

/** For each bin how many activations lie there, and how many of these are saturated. */
interface Counts {
  /** with room for four histograms: an activation need not wait for the one before it to be counted */
  all: Uint32Array;
  saturated: Uint32Array;
}

function count(
  { activations: a, H, range: [low, high], saturated: { below, above } }: GateActivations,
  starts: number[],
  { all, saturated }: Counts,
): void {
  all.fill(0);
  saturated.fill(0);
  const scale = bins / (high - low);
  for (const from of starts) {
    const end = from + H;
    let k = from;
    for (; k + 3 < end; k += 4) {
      const v0 = a[k];
      const v1 = a[k + 1];
      const v2 = a[k + 2];
      const v3 = a[k + 3];
      const p0 = ((v0 - low) * scale) | 0;
      const p1 = ((v1 - low) * scale) | 0;
      const p2 = ((v2 - low) * scale) | 0;
      const p3 = ((v3 - low) * scale) | 0;
      all[p0]++;
      all[p1 + places]++;
      all[p2 + 2 * places]++;
      all[p3 + 3 * places]++;
      if (v0 < below || v0 > above) saturated[p0]++;
      if (v1 < below || v1 > above) saturated[p1]++;
      if (v2 < below || v2 > above) saturated[p2]++;
      if (v3 < below || v3 > above) saturated[p3]++;
    }
    for (; k < end; k++) {
      const place = ((a[k] - low) * scale) | 0;
      all[place]++;
      if (a[k] < below || a[k] > above) saturated[place]++;
    }
  }
  for (let place = 0; place < places; place++) {
    all[place] += all[place + places] + all[place + 2 * places] + all[place + 3 * places];
  }
  for (const counts of [all, saturated]) counts[bins - 1] += counts[bins];
}
