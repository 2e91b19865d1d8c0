// The update of the weights: gradient descent (slides 58–59), and Adam, which gives each weight a step size of its own.

import type { Tensor } from "./linear_algebra.js";
import { isMatrix, scale, sub } from "./linear_algebra.js";
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
    checkPositive("SGD", "lr", options.lr);
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

export interface AdamOptions {
  /** η, default 1e-3 */
  lr?: number;
  /** β₁ and β₂, how much the running means of the gradient and of its square keep; default [0.9, 0.999] */
  betas?: [number, number];
  /** ε, default 1e-8 */
  eps?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with PyTorch's defaults. At update n, for every weight with gradient g:
 *
 * m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g², from zero; W ← W − η m̂ / (√v̂ + ε), where
 * m̂ = m / (1 − β₁ⁿ) and v̂ = v / (1 − β₂ⁿ) make up for the start from zero.
 *
 * @throws Error when lr or eps is no positive number, or a beta is not in [0, 1)
 */
export class Adam<Model extends Trainable> {
  readonly model: Model;
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  private updates = 0;
  private m: Model["parameters"];
  private v: Model["parameters"];

  constructor(model: Model, options: AdamOptions = {}) {
    checkOptions("Adam", options, ["lr", "betas", "eps"]);
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8 } = options;
    checkPositive("Adam", "lr", lr);
    checkPositive("Adam", "eps", eps);
    if (!Array.isArray(betas) || betas.length !== 2 || !betas.every((beta) => beta >= 0 && beta < 1)) {
      throw new Error(`Adam: betas is ${JSON.stringify(betas)}, but must be two numbers in [0, 1)`);
    }
    this.model = model;
    this.lr = lr;
    this.betas = [...betas];
    this.eps = eps;
    this.m = mapTensors((W) => scale(0, W), model.parameters);
    this.v = this.m;
  }

  /** One update of all parameters of the model, by gradients of the same structure. */
  step(gradients: Model["parameters"]): void {
    checkTensors("Adam.step", "gradient", gradients, this.model.parameters);
    const [beta1, beta2] = this.betas;
    const n = ++this.updates;
    this.m = running(beta1, this.m, gradients, (g) => g);
    this.v = running(beta2, this.v, gradients, (g) => g ** 2);
    const move = (w: number, m: number, v: number) =>
      w - (this.lr * (m / (1 - beta1 ** n))) / (Math.sqrt(v / (1 - beta2 ** n)) + this.eps);
    this.model.setParameters(
      mapTensors((W, m, v) => elementwise(move, W, m, v), this.model.parameters, this.m, this.v),
    );
  }
}

/** β·mean + (1 − β)·f(g), element by element. */
function running<P extends object>(beta: number, mean: P, gradients: P, f: (g: number) => number): P {
  const next = (old: number, g: number) => beta * old + (1 - beta) * f(g);
  return mapTensors((old, g) => elementwise(next, old, g), mean, gradients);
}

/** f of the elements that stand at the same place in tensors of one shape. */
function elementwise(f: (...at: number[]) => number, ...tensors: Tensor[]): Tensor {
  const [first] = tensors;
  return isMatrix(first)
    ? first.map((row, i) => row.map((_, j) => f(...tensors.map((tensor) => (tensor as number[][])[i][j]))))
    : first.map((_, i) => f(...tensors.map((tensor) => (tensor as number[])[i])));
}

function checkPositive(where: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new Error(`${where}: ${name} is ${value}, but must be a positive number`);
  }
}
