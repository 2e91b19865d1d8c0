// The recurrent cells by name, and how many blocks their weights have.

/** The cells that WebAssembly computes too. */
export const simdKinds = ["rnn_tanh", "rnn_relu", "rnn_identity", "lstm", "gru", "gru_reset_before"] as const;
export type SimdKind = (typeof simdKinds)[number];

/** The cells whose gates read x_t alone, so that h_t is linear in h_{t−1}; `_scan`: by a parallel scan. */
export const inputGatedKinds = ["min_gru", "min_gru_scan", "min_lstm", "min_lstm_scan"] as const;
export type InputGatedKind = (typeof inputGatedKinds)[number];

/**
 * The cells: `gru` resets after the product with W_h, as PyTorch does; `gru_reset_before` before it (Cho et
 * al. 2014).
 */
export const cellKinds = [
  ...simdKinds,
  ...inputGatedKinds,
  "slstm",
  "mlstm",
  "lstm_peephole",
  "lru",
  "lstm_layer_norm",
] as const;
export type CellKind = (typeof cellKinds)[number];

/**
 * G, the blocks of H rows in the weights: i, f, g, o of an LSTM and an SLSTM; r, z, n of a GRU; z, g of a
 * MinGRU; i, f, g of a MinLSTM; q, k, v, o of an MLSTM; an LRU has one of real and imaginary parts.
 */
export const gateCount: Record<CellKind, number> = {
  rnn_tanh: 1,
  rnn_relu: 1,
  rnn_identity: 1,
  lstm: 4,
  gru: 3,
  gru_reset_before: 3,
  min_gru: 2,
  min_gru_scan: 2,
  min_lstm: 3,
  min_lstm_scan: 3,
  slstm: 4,
  mlstm: 4,
  lstm_peephole: 4,
  lru: 1,
  lstm_layer_norm: 4,
};

/** The rows of the weights: G blocks of H, and in an MLSTM one row each for i and f. */
export function gateRows(cell: CellKind, H: number): number {
  return gateCount[cell] * H + (cell === "mlstm" ? 2 : 0);
}

/** A parameter that a cell has besides W_x, W_h and b. */
export interface OwnWeight {
  /** of {@link RecurrenceWeights} in engine.ts */
  name: "bn" | "peepholes" | "lambda" | "gainX" | "gainH" | "gainC" | "biasC" | "Whr";
  /** the key of its parameter, before the layer */
  key: string;
  /** how many blocks of H elements it has */
  blocks: number;
  /** of a matrix */
  rows?: number;
  /** of what stands behind the biases: with which numbers of them it is a parameter */
  withBiases?: readonly number[];
  /** of all elements; drawn as the other weights are where not given */
  initial?: number;
  /** whether the engine takes zeros where it is not given */
  isOptional?: true;
}

/** Of a GRU with PyTorch's two biases, b_hn is in the second one. */
const ownWeights: Partial<Record<CellKind, readonly OwnWeight[]>> = {
  gru: [{ name: "bn", key: "bias_hn", blocks: 1, withBiases: [1], isOptional: true }],
  lstm_peephole: [{ name: "peepholes", key: "weight_ch", blocks: 3, isOptional: true }],
  lru: [{ name: "lambda", key: "lambda", blocks: 1.5, rows: 3 }],
  lstm_layer_norm: [
    { name: "gainX", key: "gain_ih", blocks: 4, initial: 1 },
    { name: "gainH", key: "gain_hh", blocks: 4, initial: 1 },
    { name: "gainC", key: "gain_ch", blocks: 1, initial: 1 },
    { name: "biasC", key: "bias_ch", blocks: 1, initial: 0, withBiases: [1, 2], isOptional: true },
  ],
};

/**
 * What a cell has besides W_x, W_h and b, in its order.
 *
 * @param P the elements of h where they are projected
 */
export function ownWeightsOf(cell: CellKind, P?: number): readonly OwnWeight[] {
  if (P === undefined) return ownWeights[cell] ?? [];
  return [{ name: "Whr", key: "weight_hr", blocks: P, rows: P, withBiases: [0, 1, 2] }];
}

/**
 * S, the numbers of the cell state besides h: C of an LSTM; c, n and m of an SLSTM; C, n and m of an MLSTM.
 */
export function cellStateSize(cell: CellKind, H: number): number {
  if (isLstm(cell)) return H;
  if (cell === "slstm") return 3 * H;
  return cell === "mlstm" ? H * H + H + 1 : 0;
}

/** Whether W_h multiplies h_{t−1}. */
export function hasWh(cell: CellKind): boolean {
  return !isInputGated(cell) && cell !== "mlstm" && cell !== "lru";
}

/** The class of unrolled/nn that has the cell. */
export const classOf: Record<CellKind, string> = {
  rnn_tanh: "RNN",
  rnn_relu: "RNN",
  rnn_identity: "RNN",
  lstm: "LSTM",
  gru: "GRU",
  gru_reset_before: "GRU",
  min_gru: "MinGRU",
  min_gru_scan: "MinGRU",
  min_lstm: "MinLSTM",
  min_lstm_scan: "MinLSTM",
  slstm: "SLSTM",
  mlstm: "MLSTM",
  lstm_peephole: "LSTM",
  lru: "LRU",
  lstm_layer_norm: "LSTM",
};

/** An article and what a cell is called where its class alone does not tell it. */
export function nameOf(cell: CellKind): string {
  if (cell === "lstm_peephole") return "an LSTM with peepholes";
  if (cell === "lstm_layer_norm") return "an LSTM with layer normalisation";
  const name = classOf[cell];
  return `${/^[A-Z][a-z]|^G/.test(name) ? "a" : "an"} ${name}`;
}

/** Whether it is an LSTM with C_t = f ⊙ C_{t−1} + i ⊙ g, of whatever gates. */
export function isLstm(cell: CellKind): boolean {
  return classOf[cell] === "LSTM";
}

/** Whether the gates read x_t alone, and h_t is linear in h_{t−1}. */
export function isInputGated(cell: CellKind): cell is InputGatedKind {
  return (inputGatedKinds as readonly CellKind[]).includes(cell);
}

/** The blocks by name, in their order, and after them the single rows; an RNN and an LRU have none. */
export const gateNames = {
  rnn_tanh: [],
  rnn_relu: [],
  rnn_identity: [],
  lstm: ["i", "f", "g", "o"],
  gru: ["r", "z", "n"],
  gru_reset_before: ["r", "z", "n"],
  min_gru: ["z", "g"],
  min_gru_scan: ["z", "g"],
  min_lstm: ["i", "f", "g"],
  min_lstm_scan: ["i", "f", "g"],
  slstm: ["i", "f", "g", "o"],
  mlstm: ["q", "k", "v", "o", "i", "f"],
  lstm_peephole: ["i", "f", "g", "o"],
  lru: [],
  lstm_layer_norm: ["i", "f", "g", "o"],
} as const satisfies Record<CellKind, readonly string[]>;

/** Whether WebAssembly computes the cell too. */
export function isSimd(cell: CellKind): cell is SimdKind {
  return (simdKinds as readonly CellKind[]).includes(cell);
}

/** How many multiplications the products with W_x and W_h take, or with C, forward over a batch. */
export function multiplications({
  cell,
  T,
  B,
  I,
  H,
  P = H,
}: Record<"T" | "B" | "I" | "H", number> & { cell: CellKind; P?: number }) {
  return T * B * gateRows(cell, H) * (I + P);
}
