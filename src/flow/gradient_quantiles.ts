// How the size of the gradient differs within a batch. A mean is the same where all samples fade alike and
// where one of them explodes.

import type { Chart } from "../charts/chart.js";
import { gradientQuantilesChart } from "../charts/gradient_quantiles.js";
import type { StateChartOptions } from "../charts/states.js";
import type { NetworkBatch, SequenceNetwork } from "../nn/network.js";
import { normOf } from "../numbers/norms.js";
import { quantile } from "../numbers/quantile.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import type { QuantileRow } from "./flow_row.js";
import { stateGradients } from "./state_gradients.js";
import { withChart } from "./with_chart.js";

/** The rows by quantity and time step, and their chart. */
export type GradientQuantiles = QuantileRow[] & {
  /** bands over t with a logarithmic axis, as Vega-Lite */
  chart(options?: StateChartOptions): Chart;
};

/**
 * The smallest, 10 %, 50 %, 90 % and largest of the norms ‖∂L/∂h_t‖ and, for an LSTM, ‖∂L/∂C_t‖, over the
 * samples that have a step t, for t = 0 … T; and their mean, which is the norm in `gradientFlow`. Between two
 * samples a quantile is interpolated, as NumPy does.
 *
 * Costs what `gradientFlow` costs: one forward and backward pass, or for a network without a batch the norms
 * alone.
 *
 * @param model a model of the slides, or a network of unrolled/nn, for which there are rows for every layer
 * and direction
 * @param batch as in `gradientFlow`; a network needs none right after its own `lossAndGradients`
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 * @throws {Error} when batch is not given and the network has no batch of its own any more
 */
export function gradientQuantiles<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): GradientQuantiles;
export function gradientQuantiles(model: SequenceNetwork, batch?: NetworkBatch): GradientQuantiles;
export function gradientQuantiles(
  model: SequenceModel | SequenceNetwork,
  batch?: Sample | Sample[] | NetworkBatch,
): GradientQuantiles {
  const states = stateGradients("gradientQuantiles", model, batch);
  const rows = states.flatMap(({ layer, direction, quantity, steps, weight, H, at }) =>
    steps.map((t): QuantileRow => {
      const { gradients, starts } = at(t);
      const norms = Float64Array.from(starts, (from) => normOf(gradients, from, H) / weight).sort();
      return {
        t,
        layer,
        direction,
        quantity,
        mean: norms.reduce((sum, norm) => sum + norm, 0) / norms.length,
        min: norms[0],
        q10: quantile(norms, 0.1),
        median: quantile(norms, 0.5),
        q90: quantile(norms, 0.9),
        max: norms[norms.length - 1],
      };
    }),
  );
  return withChart(rows, (options?: StateChartOptions) => gradientQuantilesChart(rows, options));
}
