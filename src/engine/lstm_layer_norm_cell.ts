// The LSTM with layer normalisation of Ba, Kiros and Hinton (2016), "Layer Normalization", equations 20–22:
//
//     z = α_x ⊙ N(W_x x_t) + α_h ⊙ N(W_h h_{t−1}) + b    C_t = σ(z_f) ⊙ C_{t−1} + σ(z_i) ⊙ tanh z_g
//     h_t = σ(z_o) ⊙ tanh(α_c ⊙ N(C_t) + β_c)            N(a) = (a − mean a) / √(var a + 10⁻⁵)
//
// over all 4H elements of a product, as in the paper; b is the sum of its β_1, β_2 and b. Of â = N(a),
// ∂a = s (∂â − mean ∂â − â mean(∂â ⊙ â)), s being what a − mean a was multiplied by.

import type { DType, Floats } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import type { Cell } from "./cells.js";
import { multiply } from "./gemm.js";
import { addWeightGradient, backThrough } from "./products.js";

const epsilon = 1e-5;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** What is kept of the products W_x x_t and W_h h_{t−1}. */
export interface Products {
  /** N(·), [T·B, 4H] each; after backward ∂L/∂ of the product */
  x: Floats;
  h: Floats;
  /** the s of both, [T·B, 2] */
  scales: Float64Array;
  /** of one row: N(C_t) and its gradient, and the gradient of a normalised product */
  state: Float64Array;
  dState: Float64Array;
  dProduct: Float64Array;
  /** the gradients of the gains and of β_c, as far as backward has come */
  sums: Record<"gainX" | "gainH" | "gainC" | "biasC", Float64Array>;
}

export function productsOf(dtype: DType, rows: number, H: number): Products {
  const [ofGates, ofUnits] = [() => new Float64Array(4 * H), () => new Float64Array(H)];
  return {
    x: allocate(dtype, rows * 4 * H),
    h: allocate(dtype, rows * 4 * H),
    scales: new Float64Array(2 * rows),
    state: ofUnits(),
    dState: ofUnits(),
    dProduct: ofGates(),
    sums: { gainX: ofGates(), gainH: ofGates(), gainC: ofUnits(), biasC: ofUnits() },
  };
}

export const lstmLayerNorm: Cell = {
  // Not only after they were read: an interrupt may have come between.
  prepare({ products }) {
    for (const sum of Object.values(products!.sums)) sum.fill(0);
  },
  forward(memory, row, { Wh, b: bias, gainX, gainH, gainC, biasC }) {
    const { B, H, gates, h, hRead, c, cPrev, extra } = memory;
    const { x, h: recurrent, scales, state } = memory.products!;
    const G = 4 * H;
    multiply(B, G, H, hRead, row * H, H, 1, Wh, 0, 1, H, recurrent, row * G, G, false);
    for (let b = row; b < row + B; b++) {
      x.set(gates.subarray(b * G, (b + 1) * G), b * G);
      scales[2 * b] = normalise(x, b * G, G);
      scales[2 * b + 1] = normalise(recurrent, b * G, G);
      for (let j = 0, z = b * G; j < G; j++, z++) {
        gates[z] = gainX![j] * x[z] + gainH![j] * recurrent[z] + bias[j];
      }
      for (let j = 0, z = b * G, k = b * H; j < H; j++, z++, k++) {
        const i = (gates[z] = sigmoid(gates[z]));
        const f = (gates[z + H] = sigmoid(gates[z + H]));
        const g = (gates[z + 2 * H] = Math.tanh(gates[z + 2 * H]));
        gates[z + 3 * H] = sigmoid(gates[z + 3 * H]);
        c[k] = f * cPrev[k] + i * g;
      }
      state.set(c.subarray(b * H, (b + 1) * H));
      normalise(state, 0, H);
      for (let j = 0, z = b * G + 3 * H, k = b * H; j < H; j++, z++, k++) {
        extra[k] = Math.tanh(gainC![j] * state[j] + (biasC?.[j] ?? 0));
        h[k] = gates[z] * extra[k];
      }
    }
  },
  backward(memory, row, { Wh, gainX, gainH, gainC }, dh) {
    const { B, H, gates, c, cPrev, extra, dc, dcNext, dhNext } = memory;
    const { x, h: recurrent, scales, state, dState, dProduct, sums } = memory.products!;
    const G = 4 * H;
    for (let b = 0; b < B; b++) {
      const first = (row + b) * H;
      state.set(c.subarray(first, first + H));
      const scale = normalise(state, 0, H);
      for (let j = 0, k = first, z = 4 * first + 3 * H; j < H; j++, k++, z++) {
        const dNormed = dh[k] * gates[z] * (1 - extra[k] * extra[k]);
        sums.gainC[j] += dNormed * state[j];
        sums.biasC[j] += dNormed;
        dState[j] = dNormed * gainC![j];
      }
      backThroughNorm(dState, state, 0, scale);
      for (let j = 0, z = 4 * first, k = first, n = b * H; j < H; j++, z++, k++, n++) {
        const [i, f, g, o] = [gates[z], gates[z + H], gates[z + 2 * H], gates[z + 3 * H]];
        const total = (dc[k] = dcNext[n] + state[j]);
        gates[z] = total * g * i * (1 - i);
        gates[z + H] = total * cPrev[k] * f * (1 - f);
        gates[z + 2 * H] = total * i * (1 - g * g);
        gates[z + 3 * H] = dh[k] * extra[k] * o * (1 - o);
        dcNext[n] = total * f;
      }
      for (const [normed, gain, sum, scaled] of [
        [x, gainX!, sums.gainX, scales[2 * (row + b)]],
        [recurrent, gainH!, sums.gainH, scales[2 * (row + b) + 1]],
      ] as const) {
        for (let j = 0, z = 4 * first; j < G; j++, z++) {
          sum[j] += gates[z] * normed[z];
          dProduct[j] = gates[z] * gain[j];
        }
        backThroughNorm(dProduct, normed, 4 * first, scaled);
      }
    }
    backThrough(memory, recurrent, row * G, G, 0, 4, Wh, dhNext, false);
  },
  weightGradients({ H, hRead, products }, rows, { Wh, ...gradients }) {
    const { h: recurrent, sums } = products!;
    addWeightGradient(H, rows, recurrent, 0, 4 * H, 4, hRead, Wh, 0);
    for (const name of ["gainX", "gainH", "gainC", "biasC"] as const) {
      gradients[name]?.forEach((_, j, into) => (into[j] += sums[name][j]));
    }
  },
};

/** Makes the elements from `first` on N(·); returns s. */
function normalise(a: Floats, first: number, count: number): number {
  let mean = 0;
  for (let k = first; k < first + count; k++) mean += a[k];
  mean /= count;
  let variance = 0;
  for (let k = first; k < first + count; k++) variance += (a[k] - mean) ** 2;
  const scale = 1 / Math.sqrt(variance / count + epsilon);
  for (let k = first; k < first + count; k++) a[k] = (a[k] - mean) * scale;
  return scale;
}

/** Turns the elements of `normed` from `first` on, which are N(a), into ∂a, of ∂N(a). */
function backThroughNorm(gradient: Float64Array, normed: Floats, first: number, scale: number): void {
  const count = gradient.length;
  let [mean, along] = [0, 0];
  for (let j = 0, k = first; j < count; j++, k++) {
    mean += gradient[j];
    along += gradient[j] * normed[k];
  }
  mean /= count;
  along /= count;
  for (let j = 0, k = first; j < count; j++, k++) {
    normed[k] = scale * (gradient[j] - mean - normed[k] * along);
  }
}
