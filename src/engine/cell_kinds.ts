// The recurrent cells by name, and how many blocks their weights have.

/**
 * The cells: `gru` resets after the product with W_h, as PyTorch does; `gru_reset_before` before it (Cho et
 * al. 2014).
 */
export const cellKinds = ["rnn_tanh", "rnn_relu", "rnn_identity", "lstm", "gru", "gru_reset_before"] as const;
export type CellKind = (typeof cellKinds)[number];

/** G, the blocks of H rows in the weights: i, f, g, o of an LSTM; r, z, n of a GRU. */
export const gateCount: Record<CellKind, number> = {
  rnn_tanh: 1,
  rnn_relu: 1,
  rnn_identity: 1,
  lstm: 4,
  gru: 3,
  gru_reset_before: 3,
};
