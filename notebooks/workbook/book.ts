// The notebook's companion: it knows the notebook's language and the slides' numbers, and remembers which of
// them the notebook has computed, so that a closing chart can show them all.

import { cellStrings } from "./cell_strings.js";
import { activationCurves } from "./charts/activation_curves.js";
import type { ActivationCurvesOptions } from "./charts/activation_curves.js";
import type { Chart } from "./charts/chart.js";
import { decayByWeight } from "./charts/decay_by_weight.js";
import type { WeightDecay } from "./charts/decay_by_weight.js";
import { forgetBias } from "./charts/forget_bias.js";
import type { ForgetBiasDecay } from "./charts/forget_bias.js";
import { gainSweep } from "./charts/gain_sweep.js";
import type { GainDecay } from "./charts/gain_sweep.js";
import { agreement, agreementTable } from "./agreement.js";
import type { AddingRow } from "./adding_runs.js";
import { addingCurves } from "./charts/adding_curves.js";
import { forecastChart, forecastErrors, trainingLoss } from "./charts/forecast.js";
import type { ForecastErrors, ForecastMonth } from "./charts/forecast.js";
import { gateGradients } from "./charts/gate_gradients.js";
import type { GateGradients } from "./charts/gate_gradients.js";
import { gatePlayground } from "./charts/gate_playground.js";
import { hiddenStates } from "./charts/hidden_states.js";
import { markGuess } from "./charts/guess_mark.js";
import type { GuessPlace } from "./charts/guess_mark.js";
import { lossCurves } from "./charts/loss_curves.js";
import type { LossCurves } from "./charts/loss_curves.js";
import { outerProduct } from "./charts/outer_product.js";
import { huntGrid, huntTable } from "./charts/mutant_hunt.js";
import { oneStepBack } from "./charts/one_step_back.js";
import type { SharesLeft } from "./charts/one_step_back.js";
import { oneStepByWeight } from "./charts/one_step_by_weight.js";
import type { OneStepRatios } from "./charts/one_step_by_weight.js";
import { parameterCounts } from "./charts/parameter_counts.js";
import type { ParameterCount, ParameterCountsOptions } from "./charts/parameter_counts.js";
import { rnnAgainstLstm } from "./charts/rnn_against_lstm.js";
import type { FlowsToCompare } from "./charts/rnn_against_lstm.js";
import { slideDifferences } from "./charts/slide_differences.js";
import { softmaxJacobian } from "./charts/softmax_jacobian.js";
import { tangent } from "./charts/tangent.js";
import { weightUpdate } from "./charts/weight_update.js";
import type { UpdatedParameter } from "./charts/weight_update.js";
import { shownDerivative } from "./derivation.js";
import type { ShownDerivative } from "./derivation.js";
import { derivationStrings } from "./derivation_strings.js";
import { keepGuesses } from "./exercises/guesses.js";
import { selfChecks } from "./exercises/self_checks.js";
import { showMarkdown } from "./exercises/show.js";
import { drawingOf } from "./drawings/drawings.js";
import type { DrawingName } from "./drawings/drawings.js";
import { gradientTable } from "./gradient_comparison.js";
import type { LSTMCellParameters, RNNStep, Vector } from "../../src/index.js";
import { golden } from "./golden_vectors.js";
import { hunt } from "./mutants/hunt.js";
import type { LstmTest } from "./mutants/hunt.js";
import type { Value } from "./lecture/quantity.js";
import { selfTest } from "./self_test.js";
import { compareWithSlide, slideTable } from "./slide_comparison.js";
import type { ComparedComponent } from "./slide_comparison.js";
import { strings } from "./strings.js";
import type { Language } from "./strings.js";
import type { DerivativeOptions } from "./symbolic.js";
import { displayTable } from "./table.js";
import type { Displayable } from "./table.js";

/** What a notebook calls; charts and tables come in its language. */
export interface Book {
  /** The notebook's number, two digits. */
  readonly number: string;
  readonly language: Language;

  /**
   * A table of the given values next to those of a slide of the lecture: printed value, exact value,
   * difference, and a verdict on the printed value. Values that differ from the slide's exact ones by more
   * than 1e-9 relative are shown, and marked as coming from other inputs.
   * @param slide 13–26 (reconstructed) or 36–59
   * @param values by the slide's name of the quantity, such as `{ "z₁": z1 }`
   * @throws TypeError naming the slide's quantities if one is unknown, if a shape differs, or a value is not
   * finite
   */
  slide(slide: number, values: Record<string, Value>): Displayable;

  /**
   * A derived gradient next to its finite-difference estimate, with the relative error; they agree below
   * 1e-6.
   * @throws TypeError if the shapes differ
   */
  gradcheck(name: string, analytic: Value, numeric: Value): Displayable;

  /** A drawing, as SVG with its description. */
  drawing(name: DrawingName): Displayable;

  /**
   * P1: h_t over t for two runs, such as the same inputs in two orders; the tooltip has z_t.
   * @param runs the steps of each run, by a name that reads the same in every language: `{ "x₁ → x₂": steps,
   * … }`
   * @throws TypeError if there are not two runs, or one has no steps
   */
  hiddenStates(runs: Record<string, RNNStep[]>): Chart;

  /**
   * P1b: σ, tanh and their slopes over z, saturation shaded. A guess of σ's largest slope is drawn next to
   * the truth.
   */
  activationCurves(options?: ActivationCurvesOptions): Chart;

  /**
   * Parameters of an RNN and of an MLP on the whole sequence, over its length T.
   * @throws TypeError if there are no counts
   */
  parameterCounts(counts: ParameterCount[], options?: ParameterCountsOptions): Chart;

  /**
   * P4: the gates and states of one LSTM unit over 8 steps, with sliders for the forget bias and the first
   * two inputs.
   * @throws TypeError if the cell has more than one unit or input feature
   */
  gatePlayground(cell: LSTMCellParameters): Chart;

  /**
   * Judges an answer to an exercise of this notebook and shows the verdict: right, a classic mistake by its
   * name, or not yet, with the slide to go back to and one hint more each time. Null or undefined: not
   * answered yet. What is solved is remembered in the learner's progress file (`UNROLLED_PROGRESS` names
   * another one).
   * @throws RangeError naming this notebook's exercises if there is none of that id; never because of the
   * answer
   */
  check(id: string, answer: unknown): void;
  /** Whether kernel, library and charts work on this machine, with a remedy for each that does not. */
  selfTest(): Promise<Displayable>;
  /** The exercises of all notebooks, solved or not. */
  progress(): Displayable;
  /** Remembers a guess made before the answer is shown, and says so; null: none made. */
  guess(id: string, value: number | null): void;
  /** The guess made, for charts to draw next to the truth; null if none. */
  guessed(id: string): number | null;
  /** The chart with the guess marked in it, or as it is if there is none. */
  markGuess(chart: Chart, id: string, place: GuessPlace): Chart;
  /** Shows the guess next to the truth. */
  reveal(id: string, truth: number): void;
  /**
   * P5: |printed − exact| of everything this notebook passed to `slide`.
   * @throws Error if nothing has been passed yet
   */
  slideDifferences(): Chart;

  /**
   * P2: what is left of the gradient k steps back, with a slider for the entries w of W_h.
   * @param decays one a weight, the weights evenly spaced
   * @param shown the w of the slider's first position and of the picture
   * @throws RangeError if `shown` is none of the weights, or they are not evenly spaced
   */
  decayByWeight(decays: WeightDecay[], shown: number): Chart;

  /** P3: what is left k steps back in random networks, one curve a gain. */
  gainSweep(decays: GainDecay[]): Chart;

  /**
   * P3b: what one step back does to the gradient, by the entries w of W_h, with tanh and without.
   * @param guess the learner's guess of tanh's largest ratio, null without one
   */
  oneStepByWeight(rows: OneStepRatios[], guess: number | null): Chart;

  /** P7b: how far ‖∂C‖ reaches, one curve a forget bias, next to an RNN's ‖∂h‖. */
  forgetBias(decays: ForgetBiasDecay): Chart;

  /** P6: ∂z of each gate by step, with the sum over the gates. */
  gateGradients(steps: GateGradients[]): Chart;

  /** P7: the share of the gradient's norm that is left one step back. */
  oneStepBack(shares: SharesLeft): Chart;

  /**
   * ‖∂L/∂h_t‖ and ‖∂L/∂C_t‖ over t on a log axis, RNN against LSTM.
   * @param flows what the library's `gradientFlow` gave for either model
   * @throws TypeError if a curve has no rows
   */
  rnnAgainstLstm(flows: FlowsToCompare): Chart;

  /** P8: parameters before and after an update, and the change. */
  weightUpdate(parameters: UpdatedParameter[]): Chart;

  /** P8b: the loss over SGD steps, tied against untied gates. */
  lossCurves(losses: LossCurves): Chart;

  /**
   * ∂formula/∂variable by the rules of calculus, as LaTeX, line by line: the rule applied, simplified, and
   * the lines in `steps`, each of which is held against the derivative.
   * @param formula in mathjs's notation, as in `"exp(z_1) / (exp(z_1) + exp(z_2))"`
   * @throws TypeError if a formula cannot be read, or a variable has no value
   */
  derivative(formula: string, variable: string, options: DerivativeOptions): ShownDerivative;

  /**
   * P9: softmax and cross-entropy over the first logit, with a tangent that a slider moves.
   * @param logits two or more; the first between −5 and 5
   */
  tangent(logits: Vector): Chart;

  /** P9b: ∂ŷ_i/∂z_j of softmax, the value in every cell. */
  softmaxJacobian(logits: Vector): Chart;

  /** The grid of slide 69: ∂L/∂z_i times h_j in each cell, under the slide's letter. */
  outerProduct(errors: Vector, inputs: Vector): Chart;

  /** A golden vector: inputs of an LSTM, and what must come out. Throws a RangeError for another name. */
  golden: typeof golden;

  /**
   * Every number, vector and matrix of `expected` next to its counterpart in `computed`, with the relative
   * difference and whether it is below the tolerance, 1e-10 unless given.
   */
  agree(computed: object, expected: object, tolerance?: number): Displayable;

  /** Whether everything agrees, without showing it. */
  agrees(computed: object, expected: object, tolerance?: number): boolean;

  /**
   * How many of the 24 broken LSTMs a test rejects, and which.
   * @param test returns true or nothing for an LSTM it accepts, false for one it rejects; or it throws
   * @throws TypeError if it is not a function, or returns anything else
   */
  mutantHunt(test: LstmTest): Displayable & { readonly killed: number };

  /** The same for several tests by their names, as a grid. */
  mutantHunts(tests: Record<string, LstmTest>): Chart;

  /** The loss before each update, on a log axis. */
  trainingLoss(losses: number[]): Chart;

  /** Measured and forecast CO₂ of the held-out months. */
  forecast(months: ForecastMonth[]): Chart;

  /** Root mean squared errors of the forecasts, ppm. */
  forecastErrors(errors: ForecastErrors): Chart;

  /** The adding problem: test losses over training, one panel for each T. */
  addingCurves(rows: readonly AddingRow[]): Chart;
}

/**
 * The companion of one notebook.
 * @param number the notebook's number, two digits: "05"
 * @throws RangeError if the language is not "en" or "ko"
 */
export function workbook(number: string, language: Language): Book {
  if (!Object.hasOwn(strings, language)) {
    throw new RangeError(`workbook: language is "${language}", expected "en" or "ko"`);
  }
  const text = strings[language];
  const checks = selfChecks(number, language);
  const guesses = keepGuesses(language);
  const cellText = cellStrings[language];
  const seen = new Map<string, ComparedComponent[]>();
  return {
    number,
    language,
    slide(slide, values) {
      const rows = compareWithSlide(slide, values);
      for (const name of Object.keys(values)) {
        seen.set(
          `${slide} ${name}`,
          rows.filter((row) => row.quantity === name),
        );
      }
      return displayTable(slideTable(slide, rows, text));
    },
    gradcheck: (name, analytic, numeric) => displayTable(gradientTable(name, analytic, numeric, text)),
    check: (id, answer) => {
      checks.check(id, answer);
    },
    selfTest: async () => displayTable(await selfTest(language)),
    progress: () => checks.progress(),
    guess(id, value) {
      showMarkdown(guesses.make(id, value));
    },
    guessed: (id) => guesses.get(id),
    markGuess(chart, id, place) {
      const guess = guesses.get(id);
      return guess === null ? chart : markGuess(chart, guess, place, language);
    },
    reveal(id, truth) {
      showMarkdown(guesses.reveal(id, truth));
    },
    drawing: (name) => drawingOf(name, cellText),
    hiddenStates: (runs) => hiddenStates(runs, cellText),
    activationCurves: (options = {}) => activationCurves(options, cellText),
    parameterCounts: (counts, options = {}) => parameterCounts(counts, options, cellText),
    gatePlayground: (cell) => gatePlayground(cell, cellText),
    slideDifferences() {
      if (seen.size === 0) {
        throw new Error("book.slideDifferences: no slide has been computed yet; run the cells above first");
      }
      return slideDifferences([...seen.values()].flat(), text);
    },
    decayByWeight: (decays, shown) => decayByWeight(decays, shown, language),
    gainSweep: (decays) => gainSweep(decays, language),
    oneStepByWeight: (rows, guess) => oneStepByWeight(rows, guess, language),
    forgetBias: (decays) => forgetBias(decays, language),
    gateGradients: (steps) => gateGradients(steps, text),
    oneStepBack: (shares) => oneStepBack(shares, text),
    rnnAgainstLstm: (flows) => rnnAgainstLstm(flows, text, language),
    weightUpdate: (parameters) => weightUpdate(parameters, text),
    lossCurves: (losses) => lossCurves(losses, text),
    derivative: (formula, variable, options) =>
      shownDerivative(formula, variable, options, derivationStrings[language]),
    tangent: (logits) => tangent(logits, derivationStrings[language]),
    softmaxJacobian: (logits) => softmaxJacobian(logits, derivationStrings[language]),
    outerProduct: (errors, inputs) => outerProduct(errors, inputs, derivationStrings[language]),
    golden,
    agree: (computed, expected, tolerance = 1e-10) =>
      displayTable(agreementTable(agreement(computed, expected), tolerance, language)),
    agrees: (computed, expected, tolerance = 1e-10) =>
      agreement(computed, expected).every(({ error }) => error < tolerance),
    mutantHunt(test) {
      const found = hunt(test);
      return { ...displayTable(huntTable(found, language)), killed: found.killed.length };
    },
    mutantHunts: (tests) => huntGrid(tests, language),
    trainingLoss: (losses) => trainingLoss(losses, language),
    forecast: (months) => forecastChart(months, language),
    forecastErrors: (errors) => forecastErrors(errors, language),
    addingCurves: (rows) => addingCurves(rows, language),
  };
}
