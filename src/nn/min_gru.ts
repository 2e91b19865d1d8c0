// The GRU whose gates read x_t alone, so that its states can be computed in parallel. The formulas of a step
// are in engine/min_cells.ts.

import type { MinOptions } from "./min_options.js";
import { minOptions } from "./min_options.js";
import { RecurrentModule } from "./recurrent.js";

/**
 * h_t = (1 − z) ⊙ h_{t−1} + z ⊙ g with z = σ(W_z x_t + b_z) and the candidate g = k + ½ for k ≥ 0, σ(k)
 * below, of k = W_g x_t + b_g: the minGRU of Feng et al. (2024), "Were RNNs All We Needed?", section 3.1, in
 * the form that can be computed in logarithms. ∂h_t/∂h_{t−1} is 1 − z, whatever the weights: no gradient
 * explodes.
 *
 * Weights: W_z above W_g in weight_ih_l0 [2H, I], and bias_l0 [2H]; initially U(−1/√H, 1/√H). In float32 it
 * is computed by JavaScript.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class MinGRU extends RecurrentModule {
  readonly parallel: boolean;

  constructor(options: MinOptions) {
    const [others, parallel] = minOptions("MinGRU", options);
    super("MinGRU", parallel ? "min_gru_scan" : "min_gru", others);
    this.parallel = parallel;
  }

  override get options(): Required<MinOptions> {
    return { ...super.options, biases: this.biases as 0 | 1, parallel: this.parallel };
  }

  protected override facts(): (string | false)[] {
    return [...super.facts(), this.parallel && "parallel"];
  }
}
