// What the fast library computes with: whole batches in flat arrays, one layer in one direction at a time,
// nothing allocated at a step. Layers, heads and optimisers are written against this interface only.

import type { DType, Floats } from "../numbers/tensor.js";
import type { CellKind, OwnWeight } from "./cell_kinds.js";

export {
  cellKinds,
  cellStateSize,
  gateCount,
  gateRows,
  hasWh,
  ownWeightsOf,
  simdKinds,
} from "./cell_kinds.js";
export type { CellKind } from "./cell_kinds.js";

export interface RecurrenceSize {
  cell: CellKind;
  /** steps */
  T: number;
  /** sequences of the batch */
  B: number;
  /** inputSize */
  I: number;
  /** hiddenSize */
  H: number;
  /** of `lstm`: the elements of h where they are projected, fewer than H; else h has H */
  P?: number;
  /** whether there may be masks of h_{t−1}: recurrent dropout */
  hasMask?: boolean;
}

/**
 * Besides W_x, W_h and b what the cell has of its own: a bias and peepholes are zeros where not given, gains
 * and W_hr must be.
 */
export interface RecurrenceWeights extends Partial<Record<OwnWeight["name"], Floats>> {
  /** [R, I], R being G·H, and G·H + 2 of an MLSTM */
  Wx: Floats;
  /** [R, H], of projected h [R, P]; empty where there is none */
  Wh: Floats;
  /** [R] */
  b: Floats;
  /** [H] of `gru`: the bias inside r ⊙ (W_hn h + b_hn) */
  bn?: Floats;
  /** [3H] of `lstm_peephole`: what i and f multiply C_{t−1} by, and o multiplies C_t by */
  peepholes?: Floats;
  /** [3, H/2] of `lru`, where it must be given: ν, θ and log γ */
  lambda?: Floats;
  /** of `lstm_layer_norm`: what N(W_x x) and N(W_h h) are multiplied by, [4H], and N(C), [H] */
  gainX?: Floats;
  gainH?: Floats;
  gainC?: Floats;
  /** [H], what is added to N(C) then */
  biasC?: Floats;
  /** [P, H], where h is projected: what o ⊙ tanh C is multiplied by */
  Whr?: Floats;
}

/**
 * Where the sequences start, end, and in which direction they are read. Where h is projected, [B, H] is
 * [B, P].
 */
export interface SequenceOptions {
  /** [B, H], the state before the first step that is read; zeros where not given */
  h0?: Floats;
  /**
   * [B, H], what h_{t−1} is multiplied by in the products with W_h, the same at all steps; only where the
   * size says `hasMask`
   */
  hMask?: Floats;
  /** [B, S], S being H of an LSTM, 3H of an SLSTM and H² + H + 1 of an MLSTM */
  c0?: Floats;
  /**
   * steps of each sequence, [B]; all T where not given. Nothing is read beyond, and h, c, gates and gradients
   * are 0
   */
  lengths?: Int32Array;
  /** from each sequence's last step to its first, as the second direction of a bidirectional layer does */
  reverse?: boolean;
}

export interface ForwardOptions extends SequenceOptions {
  /** the weights are those of the forward before, which the engine may have kept in an order of its own */
  sameWeights?: boolean;
}

/**
 * What arrives at the last state from elsewhere, and which gradients are to be written: dx [T, B, I], the
 * others of the shape of their states.
 */
export interface BackwardOptions extends SequenceOptions {
  /** ∂L/∂h of the state after the last step that is read, in addition to dh */
  dhT?: Floats;
  dcT?: Floats;
  dx?: Floats;
  dh0?: Floats;
  dc0?: Floats;
}

/**
 * One layer in one direction over a batch of one size, with all its memory. Arrays are time-major: [T, B, …].
 * Where h is projected, h and dh are [T, B, P].
 */
export interface Recurrence {
  readonly size: Readonly<RecurrenceSize>;
  /** h_t, [T, B, H] */
  readonly h: Floats;
  /** C_t of an LSTM, [T, B, H]; c_t, n_t and m_t of an SLSTM, C_t, n_t and m_t of an MLSTM, [T, B, S] */
  readonly c?: Floats;
  /**
   * after forward the activations of the gates, [T, B, R]; after backward the total ∂L/∂z of their
   * pre-activations (of `gru`: of the side of x; inside r ⊙ (·) that of n is times r); of `lru`, which has no
   * gates, W_x x_t and its gradient
   */
  readonly gates: Floats;
  /** the local ∂L/∂h_t, [T, B, H], to be filled before backward, which leaves the total there */
  readonly dh: Floats;
  /** after backward the total gradient of what c holds */
  readonly dc?: Floats;
  /** ∂h_t/∂h_{t−1} where it is diagonal: the share of each unit that is kept, [T, B, H] */
  readonly keep?: Floats;
  /** Computes h, c and gates of x [T, B, I]. */
  forward(x: Floats, weights: RecurrenceWeights, options?: ForwardOptions): void;
  /**
   * Backpropagation through time, once after each forward and with its x, weights and options. Adds the
   * gradients of the weights to `gradients`.
   */
  backward(
    x: Floats,
    weights: RecurrenceWeights,
    gradients: RecurrenceWeights,
    options?: BackwardOptions,
  ): void;
  /**
   * The norms of what the last backward left, of the same x, h0 and lengths; the next call may overwrite
   * them.
   */
  flow(x: Floats, options?: Pick<SequenceOptions, "h0" | "lengths">): FlowSums;
}

/**
 * Sums over the samples that have a step t, t = 0 … T. Element 0 is the initial state of a sequence that is
 * read forwards; in other directions, and for weights, it means nothing.
 */
export interface FlowSums {
  /** Σ ‖∂L/∂h_t‖ */
  h: Float64Array;
  /** Σ ‖∂L/∂C_t‖, of an SLSTM and an MLSTM that of all they store, ‖∂L/∂(c_t, n_t, m_t)‖ */
  c?: Float64Array;
  /** Σ ‖·‖ of step t's part of ∂L/∂W_x, all gates together, the Frobenius norm; and so on */
  Wx: Float64Array;
  Wh?: Float64Array;
  /** of the bias on the side of x */
  b: Float64Array;
}

export interface Engine {
  readonly dtype: DType;
  readonly name: string;
  /** Zeros that the engine computes with where they are, without a copy. */
  allocate(length: number): Floats;
  recurrence(size: RecurrenceSize): Recurrence;
  /**
   * C = op(A) op(B), or C += it: op(A) is [M, K] and op(B) [K, N], each stored in that shape, or transposed.
   */
  gemm(
    transposeA: boolean,
    transposeB: boolean,
    M: number,
    N: number,
    K: number,
    A: Floats,
    B: Floats,
    C: Floats,
    accumulate: boolean,
  ): void;
  /** sums[j] += Σ a over the rows, each of `columns` elements. */
  addColumnSums(columns: number, a: Floats, sums: Floats): void;
  /** Whether there is neither NaN nor an infinity. */
  allFinite(a: Floats): boolean;
  /**
   * weight · softmax(z) for each row of `columns` elements. `sums` gets for each row max z, and
   * Σ e^(z − max z) over the others.
   *
   * @returns whether it was done; where it is not, a loop of the caller's is as fast
   */
  softmax(columns: number, weight: number, z: Floats, into: Floats, sums: Float64Array): boolean;
}
