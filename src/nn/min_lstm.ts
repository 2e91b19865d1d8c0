// The LSTM whose gates read x_t alone, so that its states can be computed in parallel. The formulas of a step
// are in engine/min_cells.ts.

import type { MinOptions } from "./min_options.js";
import { minOptions } from "./min_options.js";
import { RecurrentModule } from "./recurrent.js";

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
export class MinLSTM extends RecurrentModule {
  readonly parallel: boolean;

  constructor(options: MinOptions) {
    const [others, parallel] = minOptions("MinLSTM", options);
    super("MinLSTM", parallel ? "min_lstm_scan" : "min_lstm", others);
    this.parallel = parallel;
  }

  override get options(): Required<MinOptions> {
    return { ...super.options, biases: this.biases as 0 | 1, parallel: this.parallel };
  }

  protected override facts(): (string | false)[] {
    return [...super.facts(), this.parallel && "parallel"];
  }
}
