// Which units saturate.

import type { Chart } from "../charts/chart.js";
import { gateSaturationChart } from "../charts/gate_saturation.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import type { SaturationRow } from "./flow_row.js";
import type { SequenceNetwork } from "../nn/network.js";
import type { GateActivations } from "./gate_activations.js";
import { gateActivations } from "./gate_activations.js";
import type { FlowBatch, FlowModel } from "./trajectory.js";
import { withChart } from "./with_chart.js";

/** The rows by gate and unit, and their chart. */
export type GateSaturation = SaturationRow[] & {
  /** bars up and down for each unit, a panel for each gate, as Vega-Lite */
  chart(options?: FlowChartOptions): Chart;
};

/**
 * How often each unit is saturated, over all steps and samples: f, i, g and o of an LSTM; r, z and n of a
 * GRU; z and g of a MinGRU; f, i and g of a MinLSTM; h of an RNN or LRU. Saturated means that the slope of
 * the activation is below a tenth of its largest value: `low` is a sigmoid below 0.026, tanh below −0.949,
 * ReLU at 0, the candidate of a MinGRU or MinLSTM below 0.113; `high` a sigmoid above 0.974, tanh above
 * 0.949. The identity and an LRU never are. A ReLU unit with `low` 1 is dead.
 *
 * A forget gate that is always high is a unit that keeps all it knows; one that is always low forgets all
 * (Karpathy, Johnson and Li 2015, who count from 0.1 and 0.9).
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
export function gateSaturation(model: SequenceNetwork): GateSaturation;
export function gateSaturation(model: FlowModel, batch: FlowBatch): GateSaturation;
export function gateSaturation(model: FlowModel, batch?: FlowBatch): GateSaturation {
  const rows = gateActivations("gateSaturation", model, batch).flatMap((gates): SaturationRow[] => {
    const { layer, direction, gate } = gates;
    const { low, high, all } = count(gates);
    return Array.from(low, (ofUnit, unit) => ({
      layer,
      direction,
      gate,
      unit,
      low: ofUnit / all,
      high: high[unit] / all,
    }));
  });
  return withChart(rows, (options?: FlowChartOptions) => gateSaturationChart(rows, options));
}

function count({ activations, H, last, startsAt, saturated: { below, above } }: GateActivations) {
  const [low, high] = [new Uint32Array(H), new Uint32Array(H)];
  let all = 0;
  for (let t = 1; t <= last; t++) {
    for (const from of startsAt(t)) {
      all++;
      for (let unit = 0; unit < H; unit++) {
        const activation = activations[from + unit];
        if (activation >= below && activation <= above) continue;
        if (activation < below) low[unit]++;
        else high[unit]++;
      }
    }
  }
  return { low, high, all };
}
