// The loss of the slides: softmax, then cross-entropy with the natural logarithm (slides 42–44, 62–66). Next
// to it the loss of forecasts, the mean squared error.

import type { Vector } from "../numbers/linear_algebra.js";
import { scale, sub } from "../numbers/linear_algebra.js";
import { checkVector } from "../numbers/validation.js";

/**
 * ŷ_i = e^{z_i} / Σ_j e^{z_j}, slide 42. The largest logit is subtracted first, which changes nothing but
 * keeps the exponentials from overflowing.
 *
 * @param logits vector [K]
 * @returns vector [K] of probabilities that sum to 1
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when an element is not finite
 */
export function softmax(logits: Vector): Vector {
  checkVector("softmax", "logits", logits);
  const largest = Math.max(...logits);
  const e = logits.map((z) => Math.exp(z - largest));
  const sum = e.reduce((total, ei) => total + ei, 0);
  return e.map((ei) => ei / sum);
}

/**
 * L = −Σ y_i log ŷ_i in nats, slides 43 and 62. Terms with y_i = 0 count as 0, also where ŷ_i = 0.
 *
 * @param probabilities ŷ, vector [K]
 * @param target y, vector [K]: one-hot, or any distribution
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when the lengths differ or an element is not finite
 */
export function crossEntropy(probabilities: Vector, target: Vector): number {
  checkVector("crossEntropy", "probabilities", probabilities);
  checkVector("crossEntropy", "target", target, probabilities.length, "probabilities has as many");
  return probabilities.reduce((loss, p, i) => (target[i] === 0 ? loss : loss - target[i] * Math.log(p)), 0);
}

/** What {@link softmaxCrossEntropy} returns. */
export interface SoftmaxCrossEntropy {
  /** ŷ, vector [K] */
  probabilities: Vector;
  /** L in nats */
  loss: number;
  /** ∂L/∂logits, vector [K] */
  dlogits: Vector;
}

/**
 * Softmax and cross-entropy in one: L = Σ y_i (log Σ_j e^{z_j} − z_i) and ∂L/∂z = ŷ Σy − y, which is ŷ − y
 * for a target that sums to 1 (slides 44 and 65–66). The logarithm is taken of the sum, not of ŷ, so the loss
 * is right also where ŷ underflows.
 *
 * @param logits z, vector [K]
 * @param target y, vector [K]: one-hot, or any distribution
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when the lengths differ or an element is not finite
 */
export function softmaxCrossEntropy(logits: Vector, target: Vector): SoftmaxCrossEntropy {
  checkVector("softmaxCrossEntropy", "logits", logits);
  checkVector("softmaxCrossEntropy", "target", target, logits.length, "logits has");
  const probabilities = softmax(logits);
  const top = logits.indexOf(Math.max(...logits));
  const others = logits.reduce((sum, z, i) => (i === top ? sum : sum + Math.exp(z - logits[top])), 0);
  const loss = target.reduce((sum, y, i) => sum + y * (logits[top] - logits[i] + Math.log1p(others)), 0);
  const mass = target.reduce((sum, y) => sum + y, 0);
  const dlogits = probabilities.map((p, i) => p * mass - target[i]);
  return { probabilities, loss, dlogits };
}

/** What {@link meanSquaredError} returns. */
export interface SquaredError {
  /** L, in the square of the target's unit */
  loss: number;
  /** ∂L/∂ŷ, vector [K] */
  dprediction: Vector;
}

/**
 * L = Σ_i (ŷ_i − y_i)² / K and ∂L/∂ŷ = 2 (ŷ − y) / K, as PyTorch's MSELoss with `reduction: "mean"`.
 *
 * @param prediction ŷ, vector [K]
 * @param target y, vector [K]
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when the lengths differ or an element is not finite
 */
export function meanSquaredError(prediction: Vector, target: Vector): SquaredError {
  checkVector("meanSquaredError", "prediction", prediction);
  checkVector("meanSquaredError", "target", target, prediction.length, "prediction has");
  const error = sub(prediction, target);
  const loss = error.reduce((sum, e) => sum + e ** 2, 0) / error.length;
  return { loss, dprediction: scale(2 / error.length, error) };
}
