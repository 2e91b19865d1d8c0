// The LSTM whose gates read x_t alone, so that its states can be computed in parallel. The formulas of a step
// are in engine/min_cells.ts.

import type { MinOptions } from "./min_module.js";
import { MinModule } from "./min_module.js";

/**
 * h_t = f′ ⊙ h_{t−1} + i′ ⊙ g with f′ = f / (f + i), i′ = i / (f + i), i, f = σ(W x_t + b) and the candidate
 * g = k + ½ for k ≥ 0, σ(k) below, of k = W_g x_t + b_g: the minLSTM of Feng et al. (2024), "Were RNNs All We
 * Needed?", section 3.2, in the form that can be computed in logarithms. ∂h_t/∂h_{t−1} is f′. It has no cell
 * state besides h.
 *
 * Weights: W_i above W_f above W_g in weight_ih_l0 [3H, I], and bias_l0 [3H]; initially U(−1/√H, 1/√H). In
 * float32 it is computed by JavaScript.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class MinLSTM extends MinModule {
  constructor(options: MinOptions) {
    super("MinLSTM", "min_lstm", options);
  }
}
