// "unrolled/workbook": what the notebooks use besides the library.

export { workbook } from "./book.js";
export type { Book } from "./book.js";
export type { ActivationCurvesOptions } from "./charts/activation_curves.js";
export type { Chart } from "../../src/index.js";
export type { WeightDecay } from "./charts/decay_by_weight.js";
export type { ForgetBiasDecay } from "./charts/forget_bias.js";
export type { GainDecay } from "./charts/gain_sweep.js";
export type { OneStepRatios } from "./charts/one_step_by_weight.js";
export type { ForecastErrors, ForecastMonth } from "./charts/forecast.js";
export type { GateGradients } from "./charts/gate_gradients.js";
export type { GuessPlace } from "./charts/guess_mark.js";
export type { LargestDifference } from "./charts/slide_differences.js";
export type { LossCurves } from "./charts/loss_curves.js";
export type { ParameterCount, ParameterCountsOptions } from "./charts/parameter_counts.js";
export type { FlowsToCompare } from "./charts/rnn_against_lstm.js";
export type { SharesLeft } from "./charts/one_step_back.js";
export type { UpdatedParameter } from "./charts/weight_update.js";
export type {
  Bilingual,
  ChoiceExercise,
  Exercise,
  JudgedExercise,
  Judgement,
  Lazy,
  Mistake,
  NumericExercise,
} from "./exercises/exercise.js";
export type { DrawingName } from "./drawings/drawings.js";
export type { DrawnValues } from "./drawings/two_steps.js";
export { addingRuns } from "./adding_runs.js";
export type { AddingRow } from "./adding_runs.js";
export { monthlyCo2 } from "./co2.js";
export type { Co2Month } from "./co2.js";
export type { DeckVector, GoldenVector } from "./golden_vectors.js";
export type {
  LstmBack,
  LstmBackward,
  LstmForward,
  LstmGates,
  LstmImplementation,
  LstmParameters,
  LstmPieces,
  LstmSample,
  LstmStep,
  LstmStepBack,
} from "./lstm_implementation.js";
export type { OwnPieces } from "./own_pieces.js";
export type { LstmTest } from "./mutants/hunt.js";
export type { Value } from "./lecture/quantity.js";
export type { Locale } from "./locale.js";
export type { Displayable } from "./table.js";
export type { ShownDerivative } from "./derivation.js";
export type { DerivativeOptions } from "./symbolic.js";
