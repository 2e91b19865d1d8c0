// The plain recurrent network over a whole sequence (slides 3–26): one cell, the same weights at every step.

import type { CellParameters, Nonlinearity, RNNStep, RNNStepGradients } from "../cells/rnn.js";
import { nonlinearities, rnnBackward, rnnForward } from "../cells/rnn.js";
import { uniformInitializer } from "../../numbers/initializers.js";
import type { Matrix, Vector } from "../../numbers/linear_algebra.js";
import { zeros } from "../../numbers/linear_algebra.js";
import { checkFiniteTensors, checkTensors, copy, mapTensors } from "../parameters.js";
import {
  checkChoice,
  checkLocalGradients,
  checkOptions,
  checkSeed,
  checkSequence,
  checkSize,
  checkVector,
} from "../../numbers/validation.js";
import { inspectCustom } from "../../numbers/summary.js";
import { layerSummary } from "../summary.js";
import type { InitialState, LayerGradients, RecurrentLayer, Tape } from "./layer.js";
import { arriving, sumOverSteps } from "./layer.js";
import { withBiasKey } from "./state_dict.js";

export interface RNNOptions {
  /** I, the elements of each x_t */
  inputSize: number;
  /** H, the elements of each h_t */
  hiddenSize: number;
  /** default "tanh" */
  nonlinearity?: Nonlinearity;
  /** of the initial weights, default 0 */
  seed?: number;
}

/** What {@link RNN.forward} computed. */
export interface RNNTape extends Tape {
  steps: RNNStep[];
}

/** What {@link RNN.backward} computed. */
export interface RNNGradients extends LayerGradients<CellParameters> {
  /** the cell's gradients at each step */
  steps: RNNStepGradients[];
}

/** PyTorch's keys; one bias, where PyTorch has two that are added. */
export interface RNNStateDict {
  /** W_x [H, I] */
  weight_ih_l0: Matrix;
  /** W_h [H, H] */
  weight_hh_l0: Matrix;
  /** b [H] */
  bias_l0: Vector;
}

/**
 * h_t = tanh(W_x x_t + W_h h_{t−1} + b) for t = 1 … T, slides 7 and 12–26. Initial weights: U(−1/√H, 1/√H),
 * as in PyTorch.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a size that is not a positive integer, or another value out of its range
 */
export class RNN implements RecurrentLayer {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly nonlinearity: Nonlinearity;
  /** W_x [H, I], W_h [H, H], b [H] */
  readonly parameters: CellParameters;

  constructor(options: RNNOptions) {
    checkOptions("RNN", options, ["inputSize", "hiddenSize", "nonlinearity", "seed"]);
    const { inputSize, hiddenSize, nonlinearity = "tanh", seed = 0 } = options;
    checkSize("RNN", "inputSize", inputSize);
    checkSize("RNN", "hiddenSize", hiddenSize);
    checkSeed("RNN", seed);
    checkChoice("RNN", "nonlinearity", nonlinearity, nonlinearities);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.nonlinearity = nonlinearity;
    const init = uniformInitializer(seed, "layer", hiddenSize);
    this.parameters = {
      Wx: init.matrix(hiddenSize, inputSize),
      Wh: init.matrix(hiddenSize, hiddenSize),
      b: init.vector(hiddenSize),
    };
  }

  /**
   * Replaces the parameters by a copy of those given.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  setParameters(parameters: CellParameters): void {
    checkTensors("RNN.setParameters", "parameter", parameters, this.parameters);
    Object.assign(this.parameters, mapTensors(copy, parameters));
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    return layerSummary(
      "RNN",
      [`${this.inputSize} → ${this.hiddenSize}`, this.nonlinearity],
      this.parameters,
    );
  }

  /** A copy of the parameters under PyTorch's keys. */
  stateDict(): RNNStateDict {
    const { Wx, Wh, b } = mapTensors(copy, this.parameters);
    return { weight_ih_l0: Wx, weight_hh_l0: Wh, bias_l0: b };
  }

  /**
   * Takes the parameters from PyTorch's keys.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  loadStateDict(given: RNNStateDict): void {
    const stateDict = withBiasKey(given);
    checkTensors("RNN.loadStateDict", "key", stateDict, this.stateDict());
    this.setParameters({
      Wx: stateDict.weight_ih_l0,
      Wh: stateDict.weight_hh_l0,
      b: stateDict.bias_l0,
    });
  }

  /**
   * Runs the cell over x_1 … x_T.
   *
   * @param x [T, I], T ≥ 1
   * @param initial h_0 [H]; zeros when not given
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape, an empty sequence, or the first number that is not finite
   */
  forward(x: Matrix, initial: Omit<InitialState, "c0"> = {}): RNNTape {
    checkSequence("RNN.forward", x, this.inputSize);
    checkOptions("RNN.forward", initial, ["h0"]);
    const { h0 = zeros(this.hiddenSize) } = initial;
    checkVector("RNN.forward", "h0", h0, this.hiddenSize, "hiddenSize is");

    const steps: RNNStep[] = [];
    let h = h0;
    for (const xt of x) {
      const step = rnnForward(this.parameters, xt, h, this.nonlinearity);
      steps.push(step);
      checkFiniteTensors("RNN.forward", step, ` at t = ${steps.length}`);
      h = step.h;
    }
    return { x, h0, steps, h: steps.map((step) => step.h) };
  }

  /**
   * Backpropagation through time, slides 17–18: from t = T to 1, ∂h_t is the local gradient plus what comes
   * back from t+1.
   *
   * @param tape what {@link forward} returned
   * @param dhLocal the gradient of the loss at step t alone with respect to h_t, T vectors [H]; null where
   *   the loss does not read h_t
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape, or the first number that is not finite
   */
  backward(tape: RNNTape, dhLocal: (Vector | null)[]): RNNGradients {
    const T = tape.steps.length;
    checkLocalGradients("RNN.backward", "dhLocal", dhLocal, T, this.hiddenSize);

    const dh: Matrix = [];
    const steps: RNNStepGradients[] = [];
    let dhNext = zeros(this.hiddenSize);
    for (let t = T; t >= 1; t--) {
      const dht = arriving(dhLocal[t - 1], dhNext);
      const step = rnnBackward(this.parameters, tape.steps[t - 1], dht, this.nonlinearity);
      checkFiniteTensors("RNN.backward", { dh: dht, ...step }, ` at t = ${t}`);
      dh.unshift(dht);
      steps.unshift(step);
      dhNext = step.dhPrev;
    }
    const stepParameters = steps.map(({ dWx, dWh, db }) => ({ Wx: dWx, Wh: dWh, b: db }));
    return {
      dh,
      dx: steps.map((step) => step.dx),
      dh0: dhNext,
      steps,
      stepParameters,
      parameters: sumOverSteps(stepParameters),
    };
  }
}
