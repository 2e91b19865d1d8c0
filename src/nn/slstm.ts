// The sLSTM of xLSTM. The formulas of a step are in engine/slstm_cell.ts.

import { checkOptions } from "../numbers/validation.js";
import type { RecurrentOptions } from "./recurrent.js";
import { RecurrentModule, recurrentOptions } from "./recurrent.js";

/**
 * c_t = f ⊙ c_{t−1} + i ⊙ g, n_t = f ⊙ n_{t−1} + i and h_t = o ⊙ c_t / n_t with the exponential gate
 * i = exp(·), f, o = σ(·) and g = tanh(·) of W_x x_t + W_h h_{t−1} + b: the sLSTM of Beck et al. (2024),
 * "xLSTM", section 2.2, of one head, without the block around it; g is the paper's z. The cell state is c and
 * n divided by e^{m_t}, and the stabiliser m_t: c0, cN and the c of a tape hold the three side by side, 3H
 * numbers a sequence. Zeros are a state that holds nothing.
 *
 * Weights: W_i, W_f, W_g, W_o below each other, under the LSTM's keys; initially U(−1/√H, 1/√H). In float32
 * it is computed by JavaScript.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class SLSTM extends RecurrentModule {
  constructor(options: RecurrentOptions) {
    checkOptions("SLSTM", options, recurrentOptions);
    super("SLSTM", "slstm", options);
  }
}
