// Optimisers of the slides' models: gradient descent (slides 58–59), and Adam, which gives each weight a step
// size of its own. The formulas are in training/update_rules.ts.

import type { Tensor } from "../numbers/linear_algebra.js";
import { isMatrix } from "../numbers/linear_algebra.js";
import type { Trainable } from "../slides/parameters.js";
import { checkTensors, copy, mapTensors, tensors } from "../slides/parameters.js";
import type { AdamOptions, SGDOptions, UpdateRule } from "./update_rules.js";
import { adamUpdate, sgdUpdate } from "./update_rules.js";
import { kind } from "../numbers/validation.js";

abstract class SlidesOptimizer<Model extends Trainable> {
  readonly model: Model;
  readonly lr: number;
  readonly #rule: UpdateRule;
  readonly #slots: number[][][];
  #updates = 0;

  protected constructor(model: Model, rule: UpdateRule) {
    if (typeof model?.parameters !== "object" || typeof model.setParameters !== "function") {
      throw new TypeError(
        `${rule.name}: model is ${kind(model)}, but must be a layer or model of the slides; networks of unrolled/nn are trained by fit`,
      );
    }
    this.model = model;
    this.lr = rule.lr;
    this.#rule = rule;
    this.#slots = rows(model.parameters).map((row) =>
      Array.from({ length: rule.slots }, () => row.map(() => 0)),
    );
  }

  /**
   * One update of all parameters of the model, by gradients of the same structure.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  step(gradients: Model["parameters"]): void {
    checkTensors(`${this.#rule.name}.step`, "gradient", gradients, this.model.parameters);
    this.#updates++;
    const updated = mapTensors(copy, this.model.parameters);
    // Paired by the model's own order of keys: the gradients may have another order.
    const paired = mapTensors((_, gradient) => gradient, this.model.parameters, gradients);
    const gradientRows = rows(paired);
    rows(updated).forEach((w, index) => {
      this.#rule.update(w, gradientRows[index], this.#slots[index], this.#updates, this.lr);
    });
    this.model.setParameters(updated);
  }
}

/** The rows of all matrices of a tree, and its vectors. */
function rows(tree: object): number[][] {
  return tensors(tree).flatMap(([, tensor]: [string, Tensor]) => (isMatrix(tensor) ? tensor : [tensor]));
}

/**
 * Gradient descent: W ← W − η ∂L/∂W, slide 58; with momentum and weight decay as in {@link sgdRule}.
 *
 * @throws {TypeError} when model is not one of the slides', for an unknown option, or a value of the wrong
 *   type
 * @throws {RangeError} when lr, the slides' η, is not positive, or another option is out of its range
 */
export class SGD<Model extends Trainable> extends SlidesOptimizer<Model> {
  constructor(model: Model, options: SGDOptions) {
    super(model, sgdUpdate("SGD", options));
  }
}

/**
 * Adam (Kingma and Ba 2015), as {@link adamRule}: each weight moves by its running mean gradient, divided by
 * the root of the running mean of its square.
 *
 * @throws {TypeError} when model is not one of the slides', for an unknown option, or a value of the wrong
 *   type
 * @throws {RangeError} for an option out of its range
 */
export class Adam<Model extends Trainable> extends SlidesOptimizer<Model> {
  constructor(model: Model, options: AdamOptions = {}) {
    super(model, adamUpdate("Adam", options));
  }
}
