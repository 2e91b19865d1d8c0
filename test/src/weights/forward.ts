// Recurrent layers by their state dict with one bias, on the engine in float64: what a file's weights compute.

import type { CellKind, RecurrenceWeights } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine.js";
import type { NestedNumbers, Tensor } from "../../../src/nn/tensor.js";
import { tensor } from "../../../src/nn/tensor.js";
import { filled } from "../engine/numbers.js";

const engine = engineFor("float64");

/** h_t of the last layer, the directions side by side, for x [T, B, I]. */
export function recurrent(cell: CellKind, stateDict: Record<string, Tensor>, x: NestedNumbers): Tensor {
  let [inputs, layer] = [tensor(x), 0];
  for (; `weight_hh_l${layer}` in stateDict; layer++) {
    const [T, B, I] = inputs.shape;
    const H = stateDict[`weight_hh_l${layer}`].shape[1];
    const places = [`l${layer}`, `l${layer}_reverse`].filter((place) => `weight_hh_${place}` in stateDict);
    const F = places.length * H;
    const data = new Float64Array(T * B * F);
    places.forEach((place, d) => {
      const get = (key: string) => filled(engine, [...stateDict[`${key}_${place}`].data]);
      const weights: RecurrenceWeights = {
        Wx: get("weight_ih"),
        Wh: get("weight_hh"),
        b: get("bias"),
        ...(cell === "gru" && { bn: get("bias_hn") }),
      };
      const recurrence = engine.recurrence({ cell, T, B, I, H });
      recurrence.forward(filled(engine, [...inputs.data]), weights, { reverse: d === 1 });
      for (let row = 0; row < T * B; row++)
        data.set(recurrence.h.subarray(row * H, (row + 1) * H), row * F + d * H);
    });
    inputs = { shape: [T, B, F], data };
  }
  return inputs;
}

/** W h + b of each row. */
export function dense({ weight, bias }: Record<string, Tensor>, h: Tensor): Tensor {
  const [O, I] = weight.shape;
  const rows = h.data.length / I;
  const data = new Float64Array(rows * O);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < O; o++) {
      let sum = bias.data[o];
      for (let i = 0; i < I; i++) sum += weight.data[o * I + i] * h.data[row * I + i];
      data[row * O + o] = sum;
    }
  }
  return { shape: [...h.shape.slice(0, -1), O], data };
}
