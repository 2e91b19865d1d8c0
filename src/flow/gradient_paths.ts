// Itemised gradients: by which path a gradient arrives at the state of each step.

import type { Chart } from "../charts/chart.js";
import { gradientPathsChart } from "../charts/gradient_paths.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { Vector } from "../numbers/linear_algebra.js";
import { lengthOf } from "../numbers/linear_algebra.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import { eachSample, samplesOf } from "../slides/model.js";
import type { LanePlace, PathRow } from "./flow_row.js";
import { networkParts } from "./network_paths.js";
import { slidesParts } from "./slides_paths.js";
import { checkFlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/**
 * The gradient at one state, and the part of it that arrives along each path: vectors [H] that add up to it.
 */
export interface StateParts {
  t: number;
  total: Vector;
  /** an RNN has no path that keeps */
  keep?: Vector;
  recurrent: Vector;
  output: Vector;
}

/** The states of one layer in one direction, sample by sample. */
export interface LaneParts extends LanePlace {
  quantity: PathRow["quantity"];
  samples: StateParts[][];
}

/** The rows by path and time step, and their chart. */
export type GradientPaths = PathRow[] & {
  /** the shares as stacked bars over t, as Vega-Lite */
  chart(options?: FlowChartOptions): Chart;
};

/**
 * ∂L/∂C_t of an LSTM, split by the path on which it arrives, for t = 0 … T:
 *
 *     ∂C_t = ∂C_{t+1} ⊙ f_{t+1}                      "keep": through the forget gate alone
 *          + r ⊙ o_t ⊙ (1 − tanh² C_t)            "recurrent": C_t → h_t → the gates of t + 1
 *          + (∂h_t − r) ⊙ o_t ⊙ (1 − tanh² C_t)   "output": C_t → h_t → what reads h_t at t
 *
 * with r = Σ_gates W_hᵀ ∂z_{t+1}, what comes back to h_t from the next step. The three vectors add up to the
 * total, slides 47, 52 and 53. What reads h_t at t is the loss, or the layer above. With peepholes, what they
 * bring from i and f of t + 1 is "recurrent" too, and ∂h_t/∂C_t has what o_t sees of C_t. In a GRU ∂h_t is
 * split, and "keep" is ∂h_{t+1} ⊙ z_{t+1}; in an RNN too, where nothing is kept; in a MinGRU and a MinLSTM
 * too, where "keep" is all that comes back from the next step, and "recurrent" is 0.
 *
 * Parts can point against each other, so their norms do not add up. Their shares do: a share is the part's
 * component along the total, divided by ‖total‖, negative where it points against the total. Over a batch,
 * norms are means over the samples, and shares are means weighted by ‖total‖.
 *
 * @param model a model of the slides, or a network of unrolled/nn, for which there are rows for every layer
 * and direction
 * @param batch what the model's `lossAndGradients` takes; without dropout
 * @throws {TypeError} when model or batch is neither of these, or of the layers only
 *   the gradients are followed, or they are LRUs, which have no such paths
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 */
export function gradientPaths<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): GradientPaths;
export function gradientPaths(model: SequenceNetwork, batch: NetworkBatch): GradientPaths;
export function gradientPaths(
  model: SequenceModel | SequenceNetwork,
  batch: Sample | Sample[] | NetworkBatch,
): GradientPaths {
  const where = "gradientPaths";
  checkFlowModel(where, model);
  const lanes =
    model instanceof SequenceNetwork
      ? networkParts(where, model, batch as NetworkBatch)
      : [modelLane(eachSample(samplesOf(where, batch as Sample | Sample[]), (s) => slidesParts(model, s)))];
  const rows = lanes.flatMap(laneRows);
  return withChart(rows, (options?: FlowChartOptions) => gradientPathsChart(rows, options));
}

function modelLane(samples: StateParts[][]): LaneParts {
  const quantity = "keep" in samples[0][0] ? "c" : "h";
  return { layer: 0, direction: "forward", quantity, samples };
}

function laneRows({ layer, direction, quantity, samples }: LaneParts): PathRow[] {
  const paths = (["keep", "recurrent", "output", "total"] as const).filter((path) => path in samples[0][0]);
  const steps = [...new Set(samples.flatMap((states) => states.map(({ t }) => t)))].sort((a, b) => a - b);
  return paths.flatMap((path) =>
    steps.map((t): PathRow => {
      const states = samples.flatMap((sample) => sample.filter((state) => state.t === t));
      let [norms, along, totals] = [0, 0, 0];
      for (const { total, [path]: part = [] } of states) {
        const size = lengthOf(total);
        norms += lengthOf(part);
        totals += size;
        if (size > 0) along += part.reduce((sum, value, j) => sum + value * (total[j] / size), 0);
      }
      const share = totals > 0 ? along / totals : 0;
      return { t, layer, direction, quantity, path, norm: norms / states.length, share };
    }),
  );
}
