// The path on which a gated cell keeps what it knows: C_t = f ⊙ C_{t−1} + … in an LSTM, h_t = z ⊙ h_{t−1} + …
// in a GRU; the only one where gates read x_t alone. Along it, k steps back, a gradient is multiplied by the
// product of the gates.

import type { Chart } from "../charts/chart.js";
import { gateProductChart } from "../charts/jacobians.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import { classOf, gateNames, isLstm } from "../engine/cell_kinds.js";
import { mean } from "../numbers/linear_algebra.js";
import type { GateProductRow } from "./flow_row.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { stepsOf, trajectoryOf } from "./trajectory.js";
import { withChart } from "./with_chart.js";

export type GateProduct = GateProductRow[] & { chart(options?: FlowChartOptions): Chart };

/**
 * ∏ f over the last k steps of an LSTM, ∏ z in a GRU, ∏ (1 − z) in a MinGRU, ∏ f / (f + i) in a MinLSTM, for
 * every layer and direction: what is left of ∂L/∂C_T k steps back through the forget gates alone, ignoring
 * that the gates themselves depend on C, which those of the last two do not. A product near 1 is the constant
 * error carousel (Hochreiter and Schmidhuber 1997; slides 51–53).
 *
 * @param model a model of the slides, or a network of unrolled/nn
 * @param batch what the model's `lossAndGradients` takes
 * @throws {TypeError} when the layers are RNNs or LRUs, which have no gates
 */
export function gateProduct(model: FlowModel, batch: FlowBatch): GateProduct {
  const { pass, size, lanes } = trajectoryOf("gateProduct", model, batch);
  const { cell, hiddenSize: H } = size;
  if (gateNames[cell].length === 0) {
    throw new TypeError(
      `gateProduct: the layers are ${classOf[cell]}s, but must have a gate that keeps, as LSTMs and GRUs do`,
    );
  }
  // f is the second of i, f, g, o, and z the second of r, z, n.
  const blocks = isLstm(cell) ? 4 : 3;
  const rows = lanes.flatMap(({ lane }): GateProductRow[] => {
    const atLag: number[][][] = [];
    for (let b = 0; b < pass.B; b++) {
      const product = new Array<number>(H).fill(1);
      (atLag[0] ??= []).push([...product]);
      stepsOf(pass, lane, b)
        .toReversed()
        .forEach(({ t }, index) => {
          const row = t * pass.B + b;
          const { keep, gates } = lane.recurrence;
          const [shares, first] = keep ? [keep, row * H] : [gates, (row * blocks + 1) * H];
          for (let j = 0; j < H; j++) product[j] *= shares[first + j];
          (atLag[index + 1] ??= []).push([...product]);
        });
    }
    const statistics = {
      min: (products: number[]) => Math.min(...products),
      mean,
      max: (products: number[]) => Math.max(...products),
    };
    return Object.entries(statistics).flatMap(([statistic, of]) =>
      atLag.map((samples, k) => ({
        k,
        layer: lane.layer,
        direction: lane.direction,
        statistic: statistic as GateProductRow["statistic"],
        product: mean(samples.map(of)),
      })),
    );
  });
  return withChart(rows, (options?: FlowChartOptions) => gateProductChart(rows, options));
}
