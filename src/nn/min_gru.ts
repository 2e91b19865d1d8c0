// The GRU whose gates read x_t alone, so that its states can be computed in parallel. The formulas of a step
// are in engine/min_cells.ts.

import type { MinOptions } from "./min_module.js";
import { MinModule } from "./min_module.js";

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
export class MinGRU extends MinModule {
  constructor(options: MinOptions) {
    super("MinGRU", "min_gru", options);
  }
}
