// The mLSTM of xLSTM. The formulas of a step are in engine/mlstm_cell.ts.

import { checkOptions } from "../numbers/validation.js";
import type { RecurrentOptions, RecurrentOptionsOf } from "./recurrent.js";
import { RecurrentModule, recurrentOptions } from "./recurrent.js";

export interface MLSTMOptions extends RecurrentOptions {
  /** 1, the default, or none: there is no product with h to which a second one would belong */
  biases?: 0 | 1;
}

/**
 * C_t = f C_{t−1} + i v kᵀ, n_t = f n_{t−1} + i k and h_t = o ⊙ C_t q / max(|n_tᵀ q|, 1): the mLSTM of Beck
 * et al. (2024), "xLSTM", section 2.3, of one head, without the block around it. A step writes the value v
 * under the key k into a matrix and reads it by the query q: q and v are W x_t + b, k is that divided by √H,
 * o = σ(·) [H]; the numbers i = exp(·) and f = σ(·) are the gates. (The paper allows exp for f, too.) h_{t−1}
 * is not read: h0 changes nothing, and its gradient is 0.
 *
 * The cell state is C and n divided by e^{m_t}, and the stabiliser m_t: c0, cN and the c of a tape hold C row
 * by row, n and m, H² + H + 1 numbers a sequence. A batch keeps three times as many for every step. Zeros are
 * a state that holds nothing.
 *
 * Weights: W_q, W_k, W_v, W_o above the rows of i and f in weight_ih_l0 [4H + 2, I], and bias_l0 [4H + 2];
 * initially U(−1/√H, 1/√H). In float32 it is computed by JavaScript.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class MLSTM extends RecurrentModule {
  constructor(options: MLSTMOptions) {
    checkOptions("MLSTM", options, recurrentOptions);
    super("MLSTM", "mlstm", options);
  }

  override get options(): RecurrentOptionsOf<MLSTMOptions> {
    return { ...super.options, biases: this.biases as 0 | 1 };
  }
}
