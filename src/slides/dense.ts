// The dense layer that turns a hidden state into logits (slides 42, 44–45 and 67–71), or into a forecast.

import { uniformInitializer } from "../numbers/initializers.js";
import type { Matrix, Vector } from "../numbers/linear_algebra.js";
import { add, matVec, outer, transposedMatVec } from "../numbers/linear_algebra.js";
import type { Trainable } from "./parameters.js";
import { checkTensors, copy, mapTensors } from "./parameters.js";
import { inspectCustom } from "../numbers/summary.js";
import { layerSummary } from "./summary.js";
import { checkOptions, checkSeed, checkSize, checkVector } from "../numbers/validation.js";

export interface DenseOptions {
  /** H, the elements of h */
  inputSize: number;
  /** K, the classes */
  outputSize: number;
  /** of the initial weights, default 0 */
  seed?: number;
}

/** W_hy [K, H] and b_y [K] of the slides. */
export interface DenseParameters {
  W: Matrix;
  b: Vector;
}

/** What {@link Dense.backward} returns. */
export interface DenseGradients {
  /** ∂L/∂h, vector [H] */
  dh: Vector;
  /** ∂L/∂W, matrix [K, H] */
  dW: Matrix;
  /** ∂L/∂b, vector [K] */
  db: Vector;
}

/**
 * z_y = W h + b, slide 42. Initial weights: U(−1/√H, 1/√H), as in PyTorch.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a size that is not a positive integer, or another value out of its range
 */
export class Dense implements Trainable {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters: DenseParameters;

  constructor(options: DenseOptions) {
    checkOptions("Dense", options, ["inputSize", "outputSize", "seed"]);
    const { inputSize, outputSize, seed = 0 } = options;
    checkSize("Dense", "inputSize", inputSize);
    checkSize("Dense", "outputSize", outputSize);
    checkSeed("Dense", seed);
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    const init = uniformInitializer(seed, "head", inputSize);
    this.parameters = { W: init.matrix(outputSize, inputSize), b: init.vector(outputSize) };
  }

  /**
   * Replaces the parameters by a copy of those given.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  setParameters(parameters: DenseParameters): void {
    checkTensors("Dense.setParameters", "parameter", parameters, this.parameters);
    Object.assign(this.parameters, mapTensors(copy, parameters));
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    return layerSummary("Dense", [`${this.inputSize} → ${this.outputSize}`], this.parameters);
  }

  /** A copy of the parameters under the keys of PyTorch's nn.Linear. */
  stateDict(): { weight: Matrix; bias: Vector } {
    const { W, b } = mapTensors(copy, this.parameters);
    return { weight: W, bias: b };
  }

  /**
   * Takes the parameters from the keys of PyTorch's nn.Linear.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  loadStateDict(stateDict: { weight: Matrix; bias: Vector }): void {
    checkTensors("Dense.loadStateDict", "key", stateDict, this.stateDict());
    this.setParameters({ W: stateDict.weight, b: stateDict.bias });
  }

  /**
   * The logits W h + b, vector [K].
   *
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  forward(h: Vector): Vector {
    checkVector("Dense.forward", "h", h, this.inputSize, "inputSize is");
    return add(matVec(this.parameters.W, h), this.parameters.b);
  }

  /**
   * ∂W = ∂logits hᵀ, ∂b = ∂logits (slides 44 and 67–69) and ∂h = Wᵀ ∂logits (slides 45 and 70–71).
   *
   * @param h what went into {@link forward}
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  backward(h: Vector, dlogits: Vector): DenseGradients {
    checkVector("Dense.backward", "h", h, this.inputSize, "inputSize is");
    checkVector("Dense.backward", "dlogits", dlogits, this.outputSize, "outputSize is");
    return { dh: transposedMatVec(this.parameters.W, dlogits), dW: outer(dlogits, h), db: dlogits };
  }
}
