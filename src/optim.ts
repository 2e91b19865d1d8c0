// The update of the weights (slides 58–59).

import { scale, sub } from "./linear_algebra.js";
import type { Trainable } from "./parameters.js";
import { checkTensors, mapTensors } from "./parameters.js";
import { checkOptions } from "./validation.js";

/**
 * Gradient descent: W ← W − η ∂L/∂W, slide 58.
 *
 * @throws Error when lr, the slides' η, is no positive number
 */
export class SGD<Model extends Trainable> {
  readonly model: Model;
  readonly lr: number;

  constructor(model: Model, options: { lr: number }) {
    checkOptions("SGD", options, ["lr"]);
    if (!(options.lr > 0 && Number.isFinite(options.lr))) {
      throw new Error(`SGD: lr is ${options.lr}, but must be a positive number`);
    }
    this.model = model;
    this.lr = options.lr;
  }

  /** One update of all parameters of the model, by gradients of the same structure. */
  step(gradients: Model["parameters"]): void {
    checkTensors("SGD.step", "gradient", gradients, this.model.parameters);
    this.model.setParameters(
      mapTensors((W, dW) => sub(W, scale(this.lr, dW)), this.model.parameters, gradients),
    );
  }
}
