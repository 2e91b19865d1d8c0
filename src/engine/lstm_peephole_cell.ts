// The LSTM with peepholes of Gers and Schmidhuber (2000), "Recurrent Nets that Time and Count": i and f also
// see C_{t−1}, and o sees C_t, each unit its own.
//
//     i = σ(z_i + p_i ⊙ C_{t−1})    f = σ(z_f + p_f ⊙ C_{t−1})    g = tanh z_g    o = σ(z_o + p_o ⊙ C_t)
//     C_t = f ⊙ C_{t−1} + i ⊙ g     h_t = o ⊙ tanh C_t            z = W_x x_t + W_h h_{t−1} + b

import type { Cell } from "./cells.js";
import { addRecurrent, addWeightGradient, backThrough } from "./products.js";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

export const lstmPeephole: Cell = {
  forward(memory, row, { Wh, peepholes }) {
    const { B, H, gates, h, hRead, c, cPrev, extra } = memory;
    addRecurrent(memory, 4, row, 0, 4, hRead, row * H, Wh);
    const p = peepholes ?? new Float64Array(3 * H);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, z = b * 4 * H, k = b * H; j < H; j++, z++, k++) {
        const i = (gates[z] = sigmoid(gates[z] + p[j] * cPrev[k]));
        const f = (gates[z + H] = sigmoid(gates[z + H] + p[H + j] * cPrev[k]));
        const g = (gates[z + 2 * H] = Math.tanh(gates[z + 2 * H]));
        c[k] = f * cPrev[k] + i * g;
        const o = (gates[z + 3 * H] = sigmoid(gates[z + 3 * H] + p[2 * H + j] * c[k]));
        extra[k] = Math.tanh(c[k]);
        h[k] = o * extra[k];
      }
    }
  },
  // ∂C_t also has what o brings, ∂z_o p_o; and ∂C_{t−1} what i and f bring, ∂z_i p_i + ∂z_f p_f.
  backward(memory, row, { Wh, peepholes }, dh) {
    const { B, H, gates, cPrev, extra, dc, dcNext, dhNext } = memory;
    const p = peepholes ?? new Float64Array(3 * H);
    for (let b = 0; b < B; b++) {
      for (let j = 0, z = (row + b) * 4 * H, k = (row + b) * H, n = b * H; j < H; j++, z++, k++, n++) {
        const [i, f, g, o] = [gates[z], gates[z + H], gates[z + 2 * H], gates[z + 3 * H]];
        const tanhC = extra[k];
        const dzo = dh[k] * tanhC * o * (1 - o);
        const total = (dc[k] = dcNext[n] + dh[k] * o * (1 - tanhC * tanhC) + dzo * p[2 * H + j]);
        const dzi = total * g * i * (1 - i);
        const dzf = total * cPrev[k] * f * (1 - f);
        gates[z] = dzi;
        gates[z + H] = dzf;
        gates[z + 2 * H] = total * i * (1 - g * g);
        gates[z + 3 * H] = dzo;
        dcNext[n] = total * f + dzi * p[j] + dzf * p[H + j];
      }
    }
    backThrough(memory, gates, row * 4 * H, 4 * H, 0, 4, Wh, dhNext, false);
  },
  weightGradients({ H, gates, hRead, c, cPrev }, rows, { Wh, peepholes }) {
    addWeightGradient(H, rows, gates, 0, 4 * H, 4, hRead, Wh, 0);
    if (peepholes === undefined) return;
    for (let j = 0; j < H; j++) {
      let [ofI, ofF, ofO] = [0, 0, 0];
      for (let row = 0, z = j, k = j; row < rows; row++, z += 4 * H, k += H) {
        ofI += gates[z] * cPrev[k];
        ofF += gates[z + H] * cPrev[k];
        ofO += gates[z + 3 * H] * c[k];
      }
      peepholes[j] += ofI;
      peepholes[H + j] += ofF;
      peepholes[2 * H + j] += ofO;
    }
  },
};
