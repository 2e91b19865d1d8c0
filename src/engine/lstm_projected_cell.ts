// The LSTM with projections of Sak, Senior and Beaufays (2014), "Long Short-Term Memory Based Recurrent
// Neural Network Architectures for Large Scale Acoustic Modeling", as torch.nn.LSTM has them: h_t has P
// elements, fewer than the H of the gates and of C_t.
//
//     C_t = f ⊙ C_{t−1} + i ⊙ g     m_t = o ⊙ tanh C_t     h_t = W_hr m_t     z = W_x x_t + W_h h_{t−1} + b

import { activate } from "./activations.js";
import type { Cell } from "./cells.js";
import { multiply } from "./gemm.js";
import { addRecurrent, backThrough } from "./products.js";

/** Keeps m_t in memory.extra. */
export const lstmProjected: Cell = {
  forward(memory, row, { Wh, Whr }) {
    const { B, H, P, gates, h, hRead, c, cPrev, extra } = memory;
    addRecurrent(memory, 4, row, 0, 4, hRead, row * P, Wh);
    activate(gates, row * 4 * H, B, H, ["sigmoid", "sigmoid", "tanh", "sigmoid"]);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, z = b * 4 * H, k = b * H; j < H; j++, z++, k++) {
        c[k] = gates[z + H] * cPrev[k] + gates[z] * gates[z + 2 * H];
        extra[k] = gates[z + 3 * H] * Math.tanh(c[k]);
      }
    }
    multiply(B, P, H, extra, row * H, H, 1, Whr!, 0, 1, H, h, row * P, P, false);
  },
  backward(memory, row, { Wh, Whr }, dh) {
    const { B, H, P, gates, c, cPrev, dc, dcNext, dhNext, scratch: dm } = memory;
    multiply(B, H, P, dh, row * P, P, 1, Whr!, 0, H, 1, dm, 0, H, false);
    for (let b = 0; b < B; b++) {
      for (let j = 0, z = (row + b) * 4 * H, k = (row + b) * H, n = b * H; j < H; j++, z++, k++, n++) {
        const [i, f, g, o] = [gates[z], gates[z + H], gates[z + 2 * H], gates[z + 3 * H]];
        const tanhC = Math.tanh(c[k]);
        const total = (dc[k] = dcNext[n] + dm[n] * o * (1 - tanhC * tanhC));
        gates[z] = total * g * i * (1 - i);
        gates[z + H] = total * cPrev[k] * f * (1 - f);
        gates[z + 2 * H] = total * i * (1 - g * g);
        gates[z + 3 * H] = dm[n] * tanhC * o * (1 - o);
        dcNext[n] = total * f;
      }
    }
    backThrough(memory, gates, row * 4 * H, 4 * H, 0, 4, Wh, dhNext, false);
  },
  weightGradients({ H, P, gates, hRead, extra }, rows, { Wh, Whr }, dh) {
    multiply(4 * H, P, rows, gates, 0, 1, 4 * H, hRead, 0, P, 1, Wh, 0, P, true);
    multiply(P, H, rows, dh, 0, 1, P, extra, 0, H, 1, Whr!, 0, H, true);
  },
};
