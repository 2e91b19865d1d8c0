// The losses of a whole batch at once, with the gradient next to them. Rows without a target do not count.
// Sums are kept in float64 whatever the dtype.

import type { Engine } from "../engine/engine.js";
import { exp32 } from "./exp32.js";
import type { Floats } from "../numbers/tensor.js";

/** Those whose targets are numbers, not classes; PyTorch's MSELoss, L1Loss and HuberLoss. */
export const lossesOfNumbers = ["meanSquaredError", "meanAbsoluteError", "huber"] as const;

/** The names of the losses; PyTorch's classes of the first two are CrossEntropyLoss and BCEWithLogitsLoss. */
export const losses = ["crossEntropy", "binaryCrossEntropy", ...lossesOfNumbers] as const;
export type LossName = (typeof losses)[number];

/** Whether a loss compares numbers, so that there are no classes and no probabilities. */
export const isOfNumbers = (loss: LossName) => (lossesOfNumbers as readonly LossName[]).includes(loss);

/** What some losses have besides. */
export interface LossSettings {
  /** of crossEntropy: w_k of each class, [K]; all 1 where not given */
  classWeights?: ArrayLike<number>;
  /** of crossEntropy: ε, 0 where not given: the target is (1 − ε) onehot(y) + ε / K of every class */
  labelSmoothing?: number;
  /** of binaryCrossEntropy: p_k of each output, [K]; all 1 where not given */
  posWeight?: ArrayLike<number>;
  /** of huber: δ, 1 where not given */
  delta?: number;
}

/** What a loss reads and writes: N rows of K predictions. */
export interface LossRows extends LossSettings {
  engine: Engine;
  /** what the head returned, [N, K] */
  predictions: Floats;
  K: number;
  /** a class for each row, [N] (cross-entropy), or K numbers, [N, K]; read only where `counted` */
  targets: Float64Array;
  /** 1 for a row with a target, 0 for one without, [N] */
  counted: Uint8Array;
  /** ∂L/∂predictions, [N, K], is written here: 0 in rows without a target */
  gradient: Floats;
  /** room for two numbers of each row, [N, 2] */
  sums: Float64Array;
}

/** Sums f over the rows that have a target; the gradients of the others become 0. */
function overRows({ K, counted, gradient }: LossRows, f: (row: number, first: number) => number): number {
  let sum = 0;
  for (let row = 0; row < counted.length; row++) {
    if (counted[row]) sum += f(row, row * K);
    else gradient.fill(0, row * K, (row + 1) * K);
  }
  return sum;
}

/**
 * L = Σ_rows w Σ_k τ_k (log Σ_j e^{z_j} − z_k) in nats and ∂L/∂z = w (softmax(z) Σ_k τ_k − τ), slides 42–44,
 * where τ = onehot(y); with class weights and label smoothing τ = (1 − ε) w_y onehot(y) + ε w_k / K, as in
 * torch.nn.CrossEntropyLoss.
 *
 * @param weight w: 1, or 1 / {@link targetWeight}
 */
export function crossEntropy(rows: LossRows, weight: number): number {
  const { engine, predictions: z, K, targets, gradient, sums, classWeights, labelSmoothing = 0 } = rows;
  /**
   * Finishes a row whose gradient is w softmax(z): `top` is max z, `others` Σ e^(z − max z) without that one.
   */
  const finish = (row: number, first: number, top: number, others: number): number => {
    if (labelSmoothing > 0) return smooth(row, first, top, others);
    const y = first + targets[row];
    let ofRow = weight;
    if (classWeights !== undefined) {
      const w = classWeights[targets[row]];
      ofRow *= w;
      for (let k = first; k < first + K; k++) gradient[k] *= w;
    }
    // For an answer that is sure and right, w p_y − w would leave only rounding.
    if (z[y] === top) gradient[y] = (-ofRow * others) / (1 + others);
    else gradient[y] -= ofRow;
    return ofRow * (top - z[y] + Math.log1p(others));
  };
  const smooth = (row: number, first: number, top: number, others: number): number => {
    const ofClass = (k: number) => classWeights?.[k] ?? 1;
    let [total, ofLogits] = [0, 0];
    const target = (k: number) =>
      (labelSmoothing / K) * ofClass(k) + (k === targets[row] ? (1 - labelSmoothing) * ofClass(k) : 0);
    for (let k = 0; k < K; k++) {
      total += target(k);
      ofLogits += target(k) * z[first + k];
    }
    for (let k = 0; k < K; k++) gradient[first + k] = gradient[first + k] * total - weight * target(k);
    return weight * (total * (top + Math.log1p(others)) - ofLogits);
  };
  if (engine.softmax(K, weight, z, gradient, sums)) {
    return overRows(rows, (row, first) => finish(row, first, sums[2 * row], sums[2 * row + 1]));
  }
  const exp = z instanceof Float32Array ? exp32 : Math.exp;
  return overRows(rows, (row, first) => {
    let top = first;
    for (let k = first + 1; k < first + K; k++) if (z[k] > z[top]) top = k;
    let others = 0;
    for (let k = first; k < first + K; k++) {
      const e = k === top ? 1 : exp(z[k] - z[top]);
      gradient[k] = e;
      if (k !== top) others += e;
    }
    const scale = weight / (1 + others);
    for (let k = first; k < first + K; k++) gradient[k] *= scale;
    return finish(row, first, z[top], others);
  });
}

/**
 * L = −Σ w (p y log σ(z) + (1 − y) log σ(−z)) in nats and ∂L/∂z = w ((1 − y) σ(z) − p y σ(−z)), over all K
 * elements of a row; p is 1 or the output's `posWeight`, as torch.nn.BCEWithLogitsLoss has it.
 *
 * @param weight w: 1, or 1 / the number of elements with a target
 */
export function binaryCrossEntropy(rows: LossRows, weight: number): number {
  const { predictions, K, targets, gradient, posWeight } = rows;
  return overRows(rows, (_, first) => {
    let sum = 0;
    for (let k = first; k < first + K; k++) {
      const [z, y] = [predictions[k], targets[k]];
      const yes = (posWeight?.[k - first] ?? 1) * y;
      const no = 1 - y;
      // Both σ over one denominator: computing σ(z) − y would round away what a sure answer leaves.
      const e = Math.exp(-Math.abs(z));
      gradient[k] = (weight * (z >= 0 ? no - yes * e : no * e - yes)) / (1 + e);
      sum += no * Math.max(z, 0) + yes * Math.max(-z, 0) + (no + yes) * Math.log1p(e);
    }
    return weight * sum;
  });
}

/**
 * L = Σ w (ŷ − y)² and ∂L/∂ŷ = 2 w (ŷ − y), over all K elements of a row.
 *
 * @param weight w: 1, or 1 / the number of elements with a target
 */
export function meanSquaredError(rows: LossRows, weight: number): number {
  return overErrors(
    rows,
    weight,
    (e) => e * e,
    (e) => 2 * e,
  );
}

/**
 * L = Σ w |ŷ − y| and ∂L/∂ŷ = w sign(ŷ − y), 0 where both are equal, over all K elements of a row.
 *
 * @param weight w: 1, or 1 / the number of elements with a target
 */
export function meanAbsoluteError(rows: LossRows, weight: number): number {
  return overErrors(rows, weight, Math.abs, Math.sign);
}

/**
 * Huber 1964, as torch.nn.HuberLoss: of an error e = ŷ − y, e² / 2 up to |e| = δ and δ (|e| − δ / 2) beyond,
 * where the gradient stays at ±δ; L = Σ w of these and ∂L/∂ŷ = w max(−δ, min(δ, e)), over all K elements of a
 * row. torch.nn.SmoothL1Loss is this divided by δ, its `beta`.
 *
 * @param weight w: 1, or 1 / the number of elements with a target
 */
export function huber(rows: LossRows, weight: number): number {
  const { delta = 1 } = rows;
  const clipped = (e: number) => Math.max(-delta, Math.min(delta, e));
  // Both branches at once: δ |e| − δ² / 2 is clipped · e − clipped² / 2, and so is e² / 2.
  return overErrors(rows, weight, (e) => clipped(e) * (e - clipped(e) / 2), clipped);
}

/** A loss of the errors ŷ − y alone, each of all K elements of a row, and its slope. */
function overErrors(
  rows: LossRows,
  weight: number,
  loss: (error: number) => number,
  slope: (error: number) => number,
): number {
  const { predictions, K, targets, gradient } = rows;
  return overRows(rows, (_, first) => {
    let sum = 0;
    for (let k = first; k < first + K; k++) {
      const error = predictions[k] - targets[k];
      gradient[k] = weight * slope(error);
      sum += loss(error);
    }
    return weight * sum;
  });
}

/**
 * What "mean" divides the sum by: Σ w_y over the rows that have a target, so their number where no class has
 * a weight, as in PyTorch.
 */
export function targetWeight({ counted, targets, classWeights }: LossRows): number {
  let sum = 0;
  for (let row = 0; row < counted.length; row++) {
    if (counted[row]) sum += classWeights === undefined ? 1 : classWeights[targets[row]];
  }
  return sum;
}

/** The losses by name. */
export const lossFunctions: Record<LossName, (rows: LossRows, weight: number) => number> = {
  crossEntropy,
  binaryCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
};
