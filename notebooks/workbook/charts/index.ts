// Every chart that a notebook can draw: `book.decayByWeight(…)` is the function of that name, in the book's
// language. Each stands in a file of its own with its words, takes the locale first, and is listed here with
// what a cell is told of it.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { activationCurves } from "./activation_curves.js";
import { addingCurves } from "./adding_curves.js";
import { decayByWeight } from "./decay_by_weight.js";
import { forecast, forecastErrors, trainingLoss } from "./forecast.js";
import { forgetBias } from "./forget_bias.js";
import { gainSweep } from "./gain_sweep.js";
import { gateGradients } from "./gate_gradients.js";
import { gatePlayground } from "./gate_playground.js";
import { hiddenStates } from "./hidden_states.js";
import { lossCurves } from "./loss_curves.js";
import { mutantHunts } from "./mutant_hunt.js";
import { oneStepBack } from "./one_step_back.js";
import { oneStepByWeight } from "./one_step_by_weight.js";
import { outerProduct } from "./outer_product.js";
import { parameterCounts } from "./parameter_counts.js";
import { rnnAgainstLstm } from "./rnn_against_lstm.js";
import { softmaxJacobian } from "./softmax_jacobian.js";
import { stretch } from "./stretch.js";
import { tangent } from "./tangent.js";
import { weightUpdate } from "./weight_update.js";

const all = {
  /**
   * P1: h_t over t for two runs, such as the same inputs in two orders; the tooltip has z_t.
   * @param runs the steps of each run, by a name that reads the same in every language: `{ "x₁ → x₂": steps,
   * … }`
   * @throws {RangeError} when there are not two runs, or one has no steps
   */
  hiddenStates,

  /**
   * P1b: σ, tanh and their slopes over z, saturation shaded. A guess of σ's largest slope is drawn next to
   * the truth.
   */
  activationCurves,

  /**
   * Parameters of an RNN and of an MLP on the whole sequence, over its length T.
   * @throws {RangeError} when there are no counts
   */
  parameterCounts,

  /**
   * P2: what is left of the gradient k steps back, with a slider for the entries w of W_h.
   * @param decays one a weight, the weights evenly spaced
   * @param shown the w of the slider's first position and of the picture
   * @throws {RangeError} when `shown` is not one of the weights, or they are not evenly spaced
   */
  decayByWeight,

  /** P3: what is left k steps back in random networks, one curve a gain. */
  gainSweep,

  /**
   * P3b: what one step back does to the gradient, by the entries w of W_h, with tanh and without.
   * @param guess the learner's guess of tanh's largest ratio, null without one
   * @throws {RangeError} when there are no rows
   */
  oneStepByWeight,

  /**
   * P4: the gates and states of one LSTM unit over 8 steps, with sliders for the forget bias and the first
   * two inputs.
   * @throws {RangeError} when the cell has more than one unit or input feature
   */
  gatePlayground,

  /** P6: ∂z of each gate by step, with the sum over the gates. */
  gateGradients,

  /** P7: the share of the gradient's norm that is left one step back. */
  oneStepBack,

  /** P7b: how far ‖∂C‖ reaches, one curve a forget bias, next to an RNN's ‖∂h‖. */
  forgetBias,

  /**
   * ‖∂L/∂h_t‖ and ‖∂L/∂C_t‖ over t on a log axis, RNN against LSTM.
   * @param flows what the library's `gradientFlow` gave for either model
   * @throws {RangeError} when a curve has no rows
   */
  rnnAgainstLstm,

  /**
   * What 2 × 2 matrices do to the unit circle, with σ_max and the spectral radius; by the matrices' names.
   * @throws {TypeError} for a matrix of another shape
   * @throws {RangeError} when there is none
   */
  stretch,

  /** P8: parameters before and after an update, and the change. */
  weightUpdate,

  /** P8b: the loss over SGD steps, tied against untied gates. */
  lossCurves,

  /**
   * P9: softmax and cross-entropy over the first logit, with a tangent that a slider moves.
   * @param logits two or more; the first between −5 and 5
   * @throws {RangeError} when there are fewer, one is not finite, or the first is out of range
   */
  tangent,

  /** P9b: ∂ŷ_i/∂z_j of softmax, the value in every cell. */
  softmaxJacobian,

  /**
   * The grid of slide 69: ∂L/∂z_i times h_j in each cell, under the slide's letter.
   * @throws {RangeError} when a vector is empty or not finite, or there are more cells than letters
   */
  outerProduct,

  /** Which of the 26 broken LSTMs each of several tests rejects, as a grid; the tests by their names. */
  mutantHunts,

  /**
   * The loss before each update, on a log axis.
   * @throws {RangeError} when there are no losses
   */
  trainingLoss,

  /**
   * Measured and forecast CO₂ of the held-out months.
   * @throws {RangeError} when there are no months
   */
  forecast,

  /** Root mean squared errors of the forecasts, ppm. */
  forecastErrors,

  /**
   * The adding problem: test losses over training, one panel for each T.
   * @throws {RangeError} when there are no rows
   */
  addingCurves,
};

/** The charts, as a book has them: without the locale, which is the book's. */
export type Charts = { readonly [Name in keyof typeof all]: InLocale<(typeof all)[Name]> };

type InLocale<Draw> = Draw extends (locale: Locale, ...given: infer Given) => infer Shown
  ? (...given: Given) => Shown
  : never;

/** The charts in a language. */
export const charts = (locale: Locale): Charts =>
  Object.fromEntries(
    Object.entries<(locale: Locale, ...given: never[]) => Chart>(all).map(([name, draw]) => [
      name,
      draw.bind(null, locale),
    ]),
  ) as Charts;
