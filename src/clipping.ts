// Clipping of gradients by their global norm: what one does about gradients that explode. Beyond the slides.

import { norm, scale } from "./linear_algebra.js";
import { checkFiniteTensors, mapTensors, tensors } from "./parameters.js";
import { checkOptions, kind } from "./validation.js";

/**
 * The global norm of a tree of gradients: √Σ‖∂W‖², one number over all tensors together.
 *
 * @param gradients nested records of vectors and matrices, such as a model's
 * @throws Error when it is no such record, or names the first tensor that is not finite
 */
export function globalNorm(gradients: object): number {
  checkGradients("globalNorm", gradients);
  return norm(tensors(gradients).map(([, tensor]) => norm(tensor)));
}

/** What {@link clipGradNorm} returns. */
export interface ClippedGradients<Gradients extends object> {
  /** of the same structure as those given, which are left as they were */
  gradients: Gradients;
  /** the global norm before clipping */
  norm: number;
}

/**
 * Gradients of a global norm of at most `maxNorm`: g ← g · min(1, maxNorm / ‖g‖). All tensors shrink by one factor, so
 * the step becomes shorter and keeps its direction (Pascanu, Mikolov and Bengio 2013; PyTorch's clip_grad_norm_, but
 * without the 1e-6 it adds to the norm).
 *
 * @throws Error when maxNorm is no positive number, or a gradient is not finite: a direction that is lost cannot be kept
 */
export function clipGradNorm<Gradients extends object>(
  gradients: Gradients,
  options: { maxNorm: number },
): ClippedGradients<Gradients> {
  checkOptions("clipGradNorm", options, ["maxNorm"]);
  const { maxNorm } = options;
  if (!(maxNorm > 0 && Number.isFinite(maxNorm))) {
    throw new Error(`clipGradNorm: maxNorm is ${maxNorm}, but must be a positive number`);
  }
  checkGradients("clipGradNorm", gradients);
  const before = globalNorm(gradients);
  const factor = before > maxNorm ? maxNorm / before : 1;
  return { gradients: mapTensors((gradient) => scale(factor, gradient), gradients), norm: before };
}

function checkGradients(where: string, gradients: object): void {
  if (typeof gradients !== "object" || gradients === null || Array.isArray(gradients)) {
    throw new Error(`${where}: the gradients are ${kind(gradients)}, but must be an object`);
  }
  checkFiniteTensors(where, gradients);
}
