// Clipping of gradients, by their global norm or by value: a remedy for gradients that explode. It is not on
// the slides.

import { lengthOf, norm, scale } from "../numbers/linear_algebra.js";
import type { Parameter } from "../numbers/tensor.js";
import { checkFiniteTensors, mapTensors, tensors } from "../slides/parameters.js";
import { checkEither, checkOptions, checkPositive, isRecord, kind } from "../numbers/validation.js";

/**
 * The global norm of gradients: √Σ‖∂W‖², one number over all tensors together.
 *
 * @param gradients those next to the parameters of a network, or nested records of vectors and matrices, as a
 *   model of the slides returns them
 * @throws {TypeError} for anything else
 * @throws {RangeError} for the first tensor of a record that is not finite
 */
export function gradientNorm(gradients: readonly Parameter[] | object): number {
  if (isParameters(gradients)) return lengthOf(gradients.map(({ grad }) => lengthOf(grad)));
  checkGradients("gradientNorm", gradients);
  return lengthOf(tensors(gradients).map(([, tensor]) => norm(tensor)));
}

/** What {@link clipGradNorm} returns. */
export interface ClippedGradients<Gradients extends object> {
  /** of the same structure as those given, which are left as they were */
  gradients: Gradients;
  /** the global norm before clipping */
  norm: number;
}

/**
 * Gradients of a global norm of at most `maxNorm`: g ← g · min(1, maxNorm / ‖g‖). All tensors shrink by one
 * factor, so the step becomes shorter and keeps its direction (Pascanu, Mikolov and Bengio 2013; PyTorch's
 * clip_grad_norm_, but without the 1e-6 it adds to the norm).
 *
 * @throws {TypeError} for an unknown option, or what are not gradients
 * @throws {RangeError} when maxNorm is not positive, or a gradient is not finite: a direction that is lost
 *   cannot be kept
 */
export function clipGradNorm<Gradients extends object>(
  gradients: Gradients,
  options: { maxNorm: number },
): ClippedGradients<Gradients> {
  checkOptions("clipGradNorm", options, ["maxNorm"]);
  const { maxNorm } = options;
  checkPositive("clipGradNorm", "maxNorm", maxNorm);
  checkGradients("clipGradNorm", gradients);
  const before = gradientNorm(gradients);
  const factor = shrinking(before, maxNorm);
  return { gradients: mapTensors((gradient) => scale(factor, gradient), gradients), norm: before };
}

/** How gradients are clipped: by one of the two. */
export interface Clipping {
  /** of the global norm, as in {@link clipGradNorm} */
  maxNorm?: number;
  /** of every single number: g ← max(−maxValue, min(maxValue, g)), PyTorch's clip_grad_value_ */
  maxValue?: number;
}

/**
 * Clips in place the gradients that stand next to parameters.
 *
 * @returns the global norm before
 * @throws {TypeError} when not exactly one limit is given
 * @throws {RangeError} when it is not positive
 */
export function clipGradients(parameters: readonly Parameter[], options: Clipping): number {
  checkClipping("clipGradients", options);
  const { maxNorm, maxValue } = options;
  const before = gradientNorm(parameters);
  const factor = maxNorm === undefined ? 1 : shrinking(before, maxNorm);
  for (const { grad } of parameters) {
    if (factor !== 1) for (let k = 0; k < grad.length; k++) grad[k] *= factor;
    if (maxValue === undefined) continue;
    for (let k = 0; k < grad.length; k++) grad[k] = Math.max(-maxValue, Math.min(maxValue, grad[k]));
  }
  return before;
}

/** Exactly one limit, and a positive one. */
export function checkClipping(where: string, options: Clipping): void {
  checkOptions(where, options, ["maxNorm", "maxValue"]);
  const { maxNorm, maxValue } = options;
  checkEither(where, { maxNorm, maxValue });
  if (maxNorm === undefined) checkPositive(where, "maxValue", maxValue);
  else checkPositive(where, "maxNorm", maxNorm);
}

function shrinking(norm: number, maxNorm: number): number {
  return norm > maxNorm ? maxNorm / norm : 1;
}

function isParameters(gradients: readonly Parameter[] | object): gradients is readonly Parameter[] {
  return (
    Array.isArray(gradients) &&
    gradients.every((parameter) => ArrayBuffer.isView((parameter as Parameter | null)?.grad))
  );
}

function checkGradients(where: string, gradients: object): void {
  if (!isRecord(gradients)) {
    throw new TypeError(`${where}: the gradients are ${kind(gradients)}, but must be an object`);
  }
  checkFiniteTensors(where, gradients);
}
