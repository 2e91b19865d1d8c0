// `unrolled/nn`: recurrent networks for work, as in torch.nn: whole batches in typed arrays, in float64 or float32.

export { GRU, LSTM, RNN } from "./layers.js";
export type { GRUOptions, RNNOptions } from "./layers.js";
export { RecurrentModule } from "./recurrent.js";
export type {
  ForwardOptions,
  LaneGradients,
  LaneTape,
  OutputGradients,
  RecurrentGradients,
  RecurrentOptions,
  RecurrentTape,
} from "./recurrent.js";
export type { Direction } from "./stack.js";
export { Module } from "./module.js";
export type { StateDict } from "./parameters.js";
export type { Nested, NestedArray } from "./nested.js";
export { tensor, toNested } from "./tensor.js";
export type { DType, Floats, NestedNumbers, Parameter, Tensor } from "./tensor.js";
