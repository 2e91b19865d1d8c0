// Which units carry the gradient: the gradient at h_t and C_t, unit by unit.

import type { Chart } from "../charts/chart.js";
import type { StateChartOptions } from "../charts/states.js";
import { unitGradientsChart } from "../charts/unit_gradients.js";
import type { NetworkBatch, SequenceNetwork } from "../nn/network.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import type { UnitRow } from "./flow_row.js";
import { stateGradients } from "./state_gradients.js";
import { withChart } from "./with_chart.js";

/** The rows by quantity, time step and unit, and their chart. */
export type UnitGradients = UnitRow[] & {
  /** a heatmap, units over t, with a logarithmic colour scale, as Vega-Lite */
  chart(options?: StateChartOptions): Chart;
};

/**
 * |∂L/∂h_{t,j}| and, for an LSTM, |∂L/∂C_{t,j}| of each unit j for t = 0 … T: the mean over the samples that
 * have a step t, of the loss not divided by the batch size, as in `gradientFlow`. Of one sample the squares
 * of all units add up to the square of the norm there. A row of cells that stays bright is a unit that keeps
 * its gradient, such as one whose forget gate is open. In an SLSTM the units of C are those of c, n and m, in
 * an MLSTM the elements of C, n and m.
 *
 * Costs what `gradientFlow` costs: one forward and backward pass, or for a network without a batch the means
 * alone.
 *
 * @param model a model of the slides, or a network of unrolled/nn, for which there are rows for every layer
 * and direction
 * @param batch as in `gradientFlow`; a network needs none right after its own `lossAndGradients`
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 * @throws {Error} when batch is not given and the network has no batch of its own any more
 */
export function unitGradients<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): UnitGradients;
export function unitGradients(model: SequenceNetwork, batch?: NetworkBatch): UnitGradients;
export function unitGradients(
  model: SequenceModel | SequenceNetwork,
  batch?: Sample | Sample[] | NetworkBatch,
): UnitGradients {
  const states = stateGradients("unitGradients", model, batch);
  const rows: UnitRow[] = [];
  for (const { layer, direction, quantity, steps, weight, H, at } of states) {
    const sums = new Float64Array(H);
    for (const t of steps) {
      const { gradients, starts } = at(t);
      const divisor = starts.length * weight;
      sums.fill(0);
      for (const from of starts) {
        for (let unit = 0; unit < H; unit++) sums[unit] += Math.abs(gradients[from + unit]);
      }
      for (let unit = 0; unit < H; unit++) {
        rows.push({ t, layer, direction, quantity, unit, norm: sums[unit] / divisor });
      }
    }
  }
  return withChart(rows, (options?: StateChartOptions) => unitGradientsChart(rows, options));
}
