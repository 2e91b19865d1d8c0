// Unrolled, the library: recurrent networks in the formulas of the slides, and the flow of their gradients.

export {
  add,
  hadamard,
  matVec,
  norm,
  outer,
  scale,
  shape,
  sub,
  transpose,
  transposedMatVec,
  zeros,
} from "./numbers/linear_algebra.js";
export type { Matrix, Tensor, Vector } from "./numbers/linear_algebra.js";
export { relu, reluPrime, sigmoid, sigmoidPrime, tanh, tanhPrime } from "./slides/activations.js";
export type { Elementwise } from "./slides/activations.js";
export { crossEntropy, meanSquaredError, softmax, softmaxCrossEntropy } from "./slides/losses.js";
export type { SoftmaxCrossEntropy, SquaredError } from "./slides/losses.js";
export { rnnBackward, rnnForward } from "./slides/cells/rnn.js";
export type { CellParameters, Nonlinearity, RNNStep, RNNStepGradients } from "./slides/cells/rnn.js";
export { lstmBackward, lstmForward } from "./slides/cells/lstm.js";
export type { LSTMCellParameters, LSTMStep, LSTMStepGradients, PerGate } from "./slides/cells/lstm.js";
export type { InitialState, LayerGradients, RecurrentLayer, Tape } from "./slides/layers/layer.js";
export { RNN } from "./slides/layers/rnn.js";
export type { RNNGradients, RNNOptions, RNNStateDict, RNNTape } from "./slides/layers/rnn.js";
export { LSTM } from "./slides/layers/lstm.js";
export type { LSTMGradients, LSTMOptions, LSTMTape } from "./slides/layers/lstm.js";
export type {
  LSTMParameters,
  LSTMStateDict,
  PackedStateDict,
  TiedStateDict,
} from "./slides/layers/state_dict.js";
export { Dense } from "./slides/dense.js";
export type { DenseGradients, DenseOptions, DenseParameters } from "./slides/dense.js";
export { SequenceModel } from "./slides/model.js";
export type {
  ModelGradients,
  ModelParameters,
  ModelTape,
  Reduction,
  Sample,
  StepLoss,
} from "./slides/model.js";
export { SequenceClassifier } from "./slides/classifier.js";
export type { ClassifierTape, StepOutput } from "./slides/classifier.js";
export { SequenceRegressor } from "./slides/regressor.js";
export type { RegressionOutput, RegressorTape } from "./slides/regressor.js";
export type { Trainable } from "./slides/parameters.js";
export { clipGradNorm, clipGradients, gradientNorm } from "./training/clipping.js";
export type { ClippedGradients, Clipping } from "./training/clipping.js";
export {
  glorotInitializer,
  identityInitializer,
  normalInitializer,
  orthogonalInitializer,
} from "./numbers/initializers.js";
export type { Initializer, MatrixInitializer } from "./numbers/initializers.js";
export { initialize } from "./training/initialize.js";
export type { InitializeOptions } from "./training/initialize.js";
export { Adam, SGD } from "./training/slides_optimizers.js";
export { adamRule, adamWRule, rmsPropRule, sgdRule } from "./training/update_rules.js";
export type { AdamOptions, RMSPropOptions, SGDOptions, UpdateRule } from "./training/update_rules.js";
export { groupedRule } from "./training/grouped_rule.js";
export type { TensorGroup } from "./training/grouped_rule.js";
export { learningRateRange } from "./training/learning_rate_range.js";
export type {
  LearningRateRange,
  LearningRateRangeOptions,
  LearningRateRow,
} from "./training/learning_rate_range.js";
export type { LearningRatesChartOptions } from "./charts/learning_rates.js";
export { Optimizer } from "./training/optimizer.js";
export { cosineDecay, reduceOnPlateau, stepDecay, warmUp } from "./training/schedules.js";
export type { Schedule, ScheduleState } from "./training/schedules.js";
export { classificationReport } from "./training/classification_report.js";
export type { ClassificationReport, ClassRow } from "./training/classification_report.js";
export { regressionReport } from "./training/regression_report.js";
export type { ErrorSizes, RegressionReport } from "./training/regression_report.js";
export { fit } from "./training/fit.js";
export type { FitOptions, Training, TrainingData, TrainingRow } from "./training/fit.js";
export type { UpdateRatios } from "./training/update_ratios.js";
export { watch } from "./training/watch.js";
export type { Watch, WatchOptions, WatchRow } from "./training/watch.js";
export { toTensorBoard } from "./training/tensorboard.js";
export type { TensorBoardRow } from "./training/tensorboard.js";
export type { Checkpoint, OptimizerState } from "./training/checkpoint.js";
export { flatNetwork } from "./training/trainable_network.js";
export type { NetworkState, TrainableModel, TrainableNetwork } from "./training/trainable_network.js";
export { carryState, truncate } from "./training/truncated.js";
export type { StatefulNetwork, BatchWindow } from "./training/truncated.js";
export { randomStream } from "./numbers/random.js";
export type { Random } from "./numbers/random.js";
export { oneHot, stack, stackBatches } from "./tasks/batch.js";
export type { SequenceBatch, SequenceSample } from "./tasks/batch.js";
export { addingProblem, copyTask, modularSum, parity, temporalOrder } from "./tasks/synthetic.js";
export type { Task } from "./tasks/synthetic.js";
export { characters } from "./tasks/characters.js";
export type { CharacterData, CharacterOptions } from "./tasks/characters.js";
export { generate } from "./tasks/generate.js";
export type { GenerateOptions } from "./tasks/generate.js";
export { forecast } from "./tasks/forecast.js";
export type { Forecast, ForecastOptions } from "./tasks/forecast.js";
export { fromCsv, toCsv } from "./tasks/csv.js";
export type { CsvOptions, Table, TableRow } from "./tasks/csv.js";
export { seattleWeather } from "./tasks/seattle_weather.js";
export type { SeattleDay } from "./tasks/seattle_weather.js";
export { trainingChart } from "./charts/training.js";
export type { TrainingChartOptions } from "./charts/training.js";
export type { DType, Floats, Parameter } from "./numbers/tensor.js";
export { gradcheck, numericalGradient } from "./slides/gradcheck.js";
export type { GradcheckRow } from "./slides/gradcheck.js";
export { gradientFlow } from "./flow/gradient_flow.js";
export type { GradientFlow } from "./flow/gradient_flow.js";
export { gradientMap } from "./flow/gradient_map.js";
export { gradientQuantiles } from "./flow/gradient_quantiles.js";
export type { GradientQuantiles } from "./flow/gradient_quantiles.js";
export { unitGradients } from "./flow/unit_gradients.js";
export type { UnitGradients } from "./flow/unit_gradients.js";
export { patched } from "./flow/patched.js";
export type { Patch, PatchedPlace, Patches } from "./flow/patched.js";
export { gateHistograms } from "./flow/gate_histograms.js";
export type { GateHistograms } from "./flow/gate_histograms.js";
export { gateSaturation } from "./flow/gate_saturation.js";
export type { GateSaturation } from "./flow/gate_saturation.js";
export { inputGradients } from "./flow/input_gradients.js";
export type { InputGradients } from "./flow/input_gradients.js";
export type { InputGradientsChartOptions } from "./charts/input_gradients.js";
export type { StateChartOptions } from "./charts/states.js";
export type { GradientMap } from "./flow/gradient_map.js";
export { gradientPaths } from "./flow/gradient_paths.js";
export type { GradientPaths } from "./flow/gradient_paths.js";
export type {
  FlowQuantity,
  FlowRow,
  GateName,
  GateProductRow,
  HistogramRow,
  JacobianRow,
  LanePlace,
  LyapunovRow,
  InputRow,
  MapRow,
  NewtonRow,
  PascanuRow,
  PathRow,
  QuantileRow,
  SaturationRow,
  UnitRow,
} from "./flow/flow_row.js";
export { lyapunovSpectrum, pascanuBound, stepJacobians } from "./flow/jacobians.js";
export type { LyapunovSpectrum, PascanuBound, StepJacobians } from "./flow/jacobians.js";
export { newtonStates } from "./flow/newton_states.js";
export type { NewtonLane, NewtonOptions, NewtonStates } from "./flow/newton_states.js";
export { parallelBackward } from "./flow/parallel_backward.js";
export type { ParallelBackward } from "./flow/parallel_backward.js";
export { gateProduct } from "./flow/gate_product.js";
export type { GateProduct } from "./flow/gate_product.js";
export type { FlowBatch, FlowModel } from "./flow/trajectory.js";
export { decayByLag } from "./flow/decay.js";
export type { LagRatio } from "./flow/decay.js";
export { largestSingularValue, spectralRadius } from "./flow/spectral.js";
export type { Chart } from "./charts/chart.js";
export type { Language } from "./charts/strings.js";
export { gradientFlowChart } from "./charts/gradient_flow.js";
export type { GradientFlowChartOptions } from "./charts/gradient_flow.js";
export type { GradientMapChartOptions } from "./charts/gradient_map.js";
export type { FlowChartOptions } from "./charts/jacobians.js";
export { decayChart } from "./charts/decay.js";
export type { DecayChartOptions, DecayRow } from "./charts/decay.js";
export { logCurvesChart } from "./charts/log_curves_chart.js";
export type { LogCurve, LogCurvesChartOptions } from "./charts/log_curves_chart.js";
export { decayCurvesChart } from "./charts/decay_curves.js";
export type { DecayCurve, DecayCurvesChartOptions } from "./charts/decay_curves.js";
export { workedLstm, workedRnn } from "./worked/worked.js";
export type { WorkedData, WorkedLstmNetwork, WorkedOptions, WorkedRnnNetwork } from "./worked/worked.js";
export type { WorkedSolution, WorkedStep } from "./worked/solution.js";
