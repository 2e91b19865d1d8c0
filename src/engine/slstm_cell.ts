// The sLSTM of Beck et al. (2024), "xLSTM: Extended Long Short-Term Memory", section 2.2, of one head:
//
//     c_t = f ⊙ c_{t−1} + i ⊙ g    n_t = f ⊙ n_{t−1} + i    h_t = o ⊙ c_t / n_t
//     g = tanh k_g    o = σ(k_o)    i = exp k_i    f = σ(k_f)    k = W_x x_t + W_h h_{t−1} + b
//
// c and n are kept divided by e^{m_t}, m_t = max(log f + m_{t−1}, k_i), so that no exponential overflows: i
// is exp(k_i − m_t), f is exp(log f + m_{t−1} − m_t), and one of them is 1. h does not depend on m. Where
// n_{t−1} is 0, nothing has been stored, so that m_t is k_i and f is 0; from then on n ≥ 1.

import type { Cell } from "./cells.js";
import { addRecurrent, addWeightGradient, backThrough } from "./products.js";

const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));
const logSigmoid = (k: number) => Math.min(k, 0) - Math.log1p(Math.exp(-Math.abs(k)));

export const slstm: Cell = {
  forward(memory, row, { Wh }) {
    const { B, H, gates, h, hPrev, c: states, cPrev, extra } = memory;
    addRecurrent(memory, 4, row, 0, 4, hPrev, row * H, Wh);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, z = b * 4 * H, k = b * H, c = b * 3 * H; j < H; j++, z++, k++, c++) {
        const [n, m] = [c + H, c + 2 * H];
        const input = gates[z];
        const isEmpty = cPrev[n] === 0;
        const kept = logSigmoid(gates[z + H]) + cPrev[m];
        states[m] = isEmpty ? input : Math.max(kept, input);
        extra[k] = sigmoid(-gates[z + H]);
        // By m as it is stored, which float32 rounds.
        const i = (gates[z] = Math.exp(input - states[m]));
        const f = (gates[z + H] = isEmpty ? 0 : Math.exp(kept - states[m]));
        const g = (gates[z + 2 * H] = Math.tanh(gates[z + 2 * H]));
        const o = (gates[z + 3 * H] = sigmoid(gates[z + 3 * H]));
        states[c] = f * cPrev[c] + i * g;
        states[n] = f * cPrev[n] + i;
        h[k] = (o * states[c]) / states[n];
      }
    }
  },
  // ∂c += ∂h o / n and ∂n −= ∂h o c / n². Of the exponents, k_i − m gets (∂c g + ∂n) i, and log f + m_{t−1}
  // − m gets (∂c c_{t−1} + ∂n n_{t−1}) f; what remains of ∂m goes to the larger of k_i and log f + m_{t−1}.
  // As h does not depend on m, that is 0 up to rounding, unless a loss reads the states themselves.
  backward(memory, row, { Wh }, dh) {
    const { B, H, gates, c: states, cPrev, extra, dc: dStates, dcNext, dhNext } = memory;
    for (let b = 0; b < B; b++) {
      const first = (row + b) * H;
      for (
        let j = 0, z = 4 * first, k = first, c = 3 * first, l = b * 3 * H;
        j < H;
        j++, z++, k++, c++, l++
      ) {
        const [i, f, g, o] = [gates[z], gates[z + H], gates[z + 2 * H], gates[z + 3 * H]];
        const n = states[c + H] || 1; // 0 beyond a sequence's end
        const ratio = states[c] / n;
        const dc = (dStates[c] = dcNext[l] + (dh[k] * o) / n);
        const dn = (dStates[c + H] = dcNext[l + H] - (dh[k] * o * ratio) / n);
        const dm = (dStates[c + 2 * H] = dcNext[l + 2 * H]);
        const ofInput = (dc * g + dn) * i;
        const ofKept = (dc * cPrev[c] + dn * cPrev[c + H]) * f;
        const rest = dm - ofInput - ofKept;
        const dKept = ofKept + (i >= f ? 0 : rest);
        gates[z] = ofInput + (i >= f ? rest : 0);
        gates[z + H] = dKept * extra[k];
        gates[z + 2 * H] = dc * i * (1 - g * g);
        gates[z + 3 * H] = dh[k] * ratio * o * (1 - o);
        dcNext[l] = dc * f;
        dcNext[l + H] = dn * f;
        dcNext[l + 2 * H] = dKept;
      }
    }
    backThrough(memory, gates, row * 4 * H, 4 * H, 0, 4, Wh, dhNext, false);
  },
  weightGradients({ H, gates, hPrev }, rows, { Wh }) {
    addWeightGradient(H, rows, gates, 0, 4 * H, 4, hPrev, Wh, 0);
  },
};
