// `unrolled/nn`: recurrent networks for work, as in torch.nn: whole batches in typed arrays, in float64 or
// float32.

export { GRU, LSTM, RNN } from "./layers.js";
export type { GRUOptions, LSTMOptions, RNNOptions } from "./layers.js";
export { MinGRU } from "./min_gru.js";
export { MinLSTM } from "./min_lstm.js";
export type { MinOptions } from "./min_module.js";
export { SLSTM } from "./slstm.js";
export { LRU } from "./lru.js";
export type { LRUOptions } from "./lru.js";
export { MLSTM } from "./mlstm.js";
export type { MLSTMOptions } from "./mlstm.js";
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
export { Linear } from "./linear.js";
export type { LinearOptions, LinearTape } from "./linear.js";
export { Embedding } from "./embedding.js";
export type { EmbeddingOptions, EmbeddingTape } from "./embedding.js";
export { SequenceNetwork } from "./network.js";
export type { NetworkBatch, NetworkInput, NetworkStep, SequenceNetworkOptions } from "./network.js";
export { SequenceStream } from "./stream.js";
export type { NetworkState, StreamOptions } from "./stream.js";
export type { LossName } from "./losses.js";
export type { Targets } from "./targets.js";
export { startThreads } from "../engine/threads/threads.js";
export { Module } from "./module.js";
export type { StateDict } from "./parameters.js";
export type { Nested, NestedArray } from "./nested.js";
export { tensor, toNested } from "../numbers/tensor.js";
export type { DType, Floats, NestedNumbers, Parameter, Tensor } from "../numbers/tensor.js";
