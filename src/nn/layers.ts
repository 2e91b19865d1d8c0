// The three recurrent modules of torch.nn. Their code is in recurrent.ts, the formulas of a step are in
// engine/cells.ts.

import { checkChoice, checkEither, checkFlag, checkOptions } from "../numbers/validation.js";
import type { RecurrentDropoutOptions, RecurrentOptions, RecurrentOptionsOf } from "./recurrent.js";
import { RecurrentModule, recurrentOptions } from "./recurrent.js";

const nonlinearities = ["tanh", "relu", "identity"] as const;

export interface RNNOptions extends RecurrentDropoutOptions {
  /** φ, default "tanh" */
  nonlinearity?: (typeof nonlinearities)[number];
}

/**
 * h_t = φ(W_x x_t + W_h h_{t−1} + b), as torch.nn.RNN; slides 7 and 17–18. Initial weights: U(−1/√H, 1/√H).
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class RNN extends RecurrentModule {
  readonly nonlinearity: (typeof nonlinearities)[number];

  constructor(options: RNNOptions) {
    checkOptions("RNN", options, [...recurrentOptions, "recurrentDropout", "nonlinearity"]);
    const { nonlinearity = "tanh", ...others } = options;
    checkChoice("RNN", "nonlinearity", nonlinearity, nonlinearities);
    super("RNN", `rnn_${nonlinearity}`, others);
    this.nonlinearity = nonlinearity;
  }

  override get options(): RecurrentOptionsOf<RNNOptions> {
    return { ...super.options, nonlinearity: this.nonlinearity };
  }

  protected override facts(): (string | false)[] {
    return [...super.facts(), this.nonlinearity];
  }
}

export interface LSTMOptions extends RecurrentDropoutOptions {
  /**
   * whether the gates also see the cell state: i and f add p ⊙ C_{t−1}, and o adds p ⊙ C_t, with p_i, p_f,
   * p_o in weight_ch_l0 [3H] (Gers and Schmidhuber 2000); default false
   */
  peepholes?: boolean;
  /**
   * whether W_x x_t, W_h h_{t−1} and C_t are normalised to mean 0 and variance 1, C_t on its way into h_t (Ba
   * et al. 2016): `z = gain_ih ⊙ N(W_x x_t) + gain_hh ⊙ N(W_h h_{t−1}) + b` with b or the two biases as
   * shifts, and `h_t = o ⊙ tanh(gain_ch ⊙ N(C_t) + bias_ch)`; gains are 1 at first. Not together with
   * peepholes; default false
   */
  layerNorm?: boolean;
  /**
   * P, from 0 to below H: of P elements h_t = W_hr (o ⊙ tanh C_t) with weight_hr_l0 [P, H], so that W_h is
   * [4H, P]. States h and outputs have P, and layers above and the head read P; C has H. As `proj_size`
   * of torch.nn.LSTM (Sak et al. 2014); not together with peepholes or layerNorm. 0, the default, for none
   */
  projSize?: number;
}

/**
 * C_t = f ⊙ C_{t−1} + i ⊙ g and h_t = o ⊙ tanh C_t with i, f, o = σ(W_x x_t + W_h h_{t−1} + b) and g by tanh,
 * as torch.nn.LSTM; slides 29–41. Initial weights: U(−1/√H, 1/√H). With peepholes, layer normalisation or
 * projections it is computed by JavaScript in float32, too.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class LSTM extends RecurrentModule {
  readonly peepholes: boolean;
  readonly layerNorm: boolean;
  readonly projSize: number;

  constructor(options: LSTMOptions) {
    checkOptions("LSTM", options, [
      ...recurrentOptions,
      "recurrentDropout",
      "peepholes",
      "layerNorm",
      "projSize",
    ]);
    const { peepholes = false, layerNorm = false, ...others } = options;
    checkFlag("LSTM", "peepholes", peepholes);
    checkFlag("LSTM", "layerNorm", layerNorm);
    checkEither("LSTM", { peepholes: peepholes || undefined, layerNorm: layerNorm || undefined }, false);
    const projSize = options.projSize === 0 ? undefined : options.projSize;
    if (peepholes) checkEither("LSTM", { peepholes, projSize }, false);
    if (layerNorm) checkEither("LSTM", { layerNorm, projSize }, false);
    super("LSTM", peepholes ? "lstm_peephole" : layerNorm ? "lstm_layer_norm" : "lstm", others);
    this.peepholes = peepholes;
    this.layerNorm = layerNorm;
    this.projSize = projSize ?? 0;
  }

  override get options(): RecurrentOptionsOf<RecurrentOptions> &
    Pick<LSTMOptions, "peepholes" | "layerNorm" | "projSize"> {
    const { peepholes, layerNorm, projSize } = this;
    return {
      ...super.options,
      ...(peepholes && { peepholes }),
      ...(layerNorm && { layerNorm }),
      ...(projSize > 0 && { projSize }),
    };
  }

  protected override facts(): (string | false)[] {
    return [
      ...super.facts(),
      this.peepholes && "peepholes",
      this.layerNorm && "layerNorm",
      this.projSize > 0 && `projSize ${this.projSize}`,
    ];
  }
}

export interface GRUOptions extends RecurrentDropoutOptions {
  /**
   * whether r is applied after the product with W_h, as in PyTorch, or before it (Cho et al. 2014); default
   * true
   */
  resetAfter?: boolean;
}

/**
 * h_t = (1 − z) ⊙ n + z ⊙ h_{t−1} with r, z = σ(W_x x_t + W_h h_{t−1} + b), and
 * n = tanh(W_xn x_t + b_n + r ⊙ (W_hn h_{t−1} + b_hn)) as torch.nn.GRU, or n = tanh(W_xn x_t + W_hn (r ⊙
 * h_{t−1}) + b_n) where `resetAfter` is false. Initial weights: U(−1/√H, 1/√H).
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class GRU extends RecurrentModule {
  readonly resetAfter: boolean;

  constructor(options: GRUOptions) {
    checkOptions("GRU", options, [...recurrentOptions, "recurrentDropout", "resetAfter"]);
    const { resetAfter = true, ...others } = options;
    checkFlag("GRU", "resetAfter", resetAfter);
    super("GRU", resetAfter ? "gru" : "gru_reset_before", others);
    this.resetAfter = resetAfter;
  }

  override get options(): RecurrentOptionsOf<GRUOptions> {
    return { ...super.options, resetAfter: this.resetAfter };
  }

  protected override facts(): (string | false)[] {
    return [...super.facts(), !this.resetAfter && "resetAfter false"];
  }
}
