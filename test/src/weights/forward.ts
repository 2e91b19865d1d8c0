// What a file's weights compute in the modules of unrolled/nn, in float64.

import type { CellKind } from "../../../src/engine/engine.js";
import { gateCount } from "../../../src/engine/engine.js";
import type { Nested, RecurrentModule, Tensor } from "../../../src/nn/index.js";
import { GRU, Linear, LSTM, RNN } from "../../../src/nn/index.js";

/** The module of a state dict without a prefix. */
export function moduleOf(cell: CellKind, stateDict: Record<string, Tensor>): RecurrentModule {
  const [rows, inputSize] = stateDict.weight_ih_l0.shape;
  const options = {
    inputSize,
    hiddenSize: rows / gateCount[cell],
    numLayers: Object.keys(stateDict).filter((key) => /^weight_hh_l\d+$/.test(key)).length,
    bidirectional: "weight_hh_l0_reverse" in stateDict,
    biases: "bias_ih_l0" in stateDict ? (2 as const) : "bias_l0" in stateDict ? (1 as const) : (0 as const),
  };
  const nonlinearity = cell.replace("rnn_", "") as "tanh" | "relu" | "identity";
  const module =
    cell === "lstm"
      ? new LSTM(options)
      : cell === "gru" || cell === "gru_reset_before"
        ? new GRU({ ...options, resetAfter: cell === "gru" })
        : new RNN({ ...options, nonlinearity });
  module.loadStateDict(stateDict);
  return module;
}

/** h_t of the last layer, the directions side by side, for x [T, B, I]. */
export function recurrent(cell: CellKind, stateDict: Record<string, Tensor>, x: Nested): Tensor {
  return moduleOf(cell, stateDict).forward(x).output;
}

/** W h + b of each row. */
export function dense(stateDict: Record<string, Tensor>, h: Tensor): Tensor {
  const [outputSize, inputSize] = stateDict.weight.shape;
  const module = new Linear({ inputSize, outputSize, bias: "bias" in stateDict });
  module.loadStateDict(stateDict);
  return module.forward(h).output;
}
