// The LSTM over a whole sequence (slides 34–57). Its gates are untied as in every framework, or tied as on
// the slides, where one W_x, W_h and b serve all four gates and the gradients of the gates add up.

import type { LSTMCellParameters, LSTMStep, LSTMStepGradients } from "../cells/lstm.js";
import { gates, lstmBackward, lstmForward, perGate } from "../cells/lstm.js";
import type { CellParameters } from "../cells/rnn.js";
import type { Initializer } from "../../numbers/initializers.js";
import { uniformInitializer } from "../../numbers/initializers.js";
import type { Matrix, Vector } from "../../numbers/linear_algebra.js";
import { add, zeros } from "../../numbers/linear_algebra.js";
import { checkFiniteTensors, checkTensors, copy, mapTensors } from "../parameters.js";
import {
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
import type { LSTMParameters, LSTMStateDict } from "./state_dict.js";
import { packGates, unpackGates, withBiasKey } from "./state_dict.js";

export interface LSTMOptions<Tied extends boolean = false> {
  /** I, the elements of each x_t */
  inputSize: number;
  /** H, the elements of each h_t and C_t */
  hiddenSize: number;
  /** one W_x, W_h and b for all four gates, as on the slides; default false */
  tiedGates?: Tied;
  /** of the initial weights, default 0 */
  seed?: number;
}

/** What {@link LSTM.forward} computed. */
export interface LSTMTape extends Tape {
  c0: Vector;
  c: Matrix;
  steps: LSTMStep[];
}

/** What {@link LSTM.backward} computed. */
export interface LSTMGradients<Tied extends boolean = false> extends LayerGradients<LSTMParameters<Tied>> {
  dc: Matrix;
  dc0: Vector;
  /** the cell's gradients at each step */
  steps: LSTMStepGradients[];
}

/**
 * C_t = f ⊙ C_{t−1} + i ⊙ C̃ and h_t = o ⊙ tanh C_t for t = 1 … T, slides 29–41. Initial weights: U(−1/√H,
 * 1/√H), as in PyTorch.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a size that is not a positive integer, or another value out of its range
 */
export class LSTM<Tied extends boolean = false> implements RecurrentLayer {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly tiedGates: boolean;
  /** W_x [H, I], W_h [H, H] and b [H]: of each gate, or of all four when they are tied */
  readonly parameters: LSTMParameters<Tied>;

  constructor(options: LSTMOptions<Tied>) {
    checkOptions("LSTM", options, ["inputSize", "hiddenSize", "tiedGates", "seed"]);
    const { inputSize, hiddenSize, tiedGates = false, seed = 0 } = options;
    checkSize("LSTM", "inputSize", inputSize);
    checkSize("LSTM", "hiddenSize", hiddenSize);
    checkSeed("LSTM", seed);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.tiedGates = tiedGates;
    const init = uniformInitializer(seed, "layer", hiddenSize);
    const initial = () => initialCell(init, inputSize, hiddenSize);
    this.parameters = (tiedGates ? initial() : perGate(initial)) as LSTMParameters<Tied>;
  }

  /**
   * Replaces the parameters by a copy of those given.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  setParameters(parameters: LSTMParameters<Tied>): void {
    checkTensors("LSTM.setParameters", "parameter", parameters, this.parameters);
    Object.assign(this.parameters, mapTensors(copy, parameters));
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    const facts = [`${this.inputSize} → ${this.hiddenSize}`, this.tiedGates && "tied gates"];
    return layerSummary("LSTM", facts, this.parameters);
  }

  /**
   * A copy of the parameters under PyTorch's keys, the gates stacked in PyTorch's order i, f, g, o; tied:
   * `weight_x` [H, I], `weight_h` [H, H], `bias` [H].
   */
  stateDict(): LSTMStateDict<Tied> {
    return packGates(mapTensors(copy, this.parameters));
  }

  /**
   * Takes the parameters from the keys of {@link stateDict}.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  loadStateDict(given: LSTMStateDict<Tied>): void {
    const stateDict = withBiasKey(given);
    checkTensors("LSTM.loadStateDict", "key", stateDict, this.stateDict());
    this.setParameters(unpackGates(stateDict));
  }

  /**
   * Runs the cell over x_1 … x_T.
   *
   * @param x [T, I], T ≥ 1
   * @param initial h_0 and C_0, each [H]; zeros when not given
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape, an empty sequence, or the first number that is not finite
   */
  forward(x: Matrix, initial: InitialState = {}): LSTMTape {
    checkSequence("LSTM.forward", x, this.inputSize);
    checkOptions("LSTM.forward", initial, ["h0", "c0"]);
    const { h0 = zeros(this.hiddenSize), c0 = zeros(this.hiddenSize) } = initial;
    checkVector("LSTM.forward", "h0", h0, this.hiddenSize, "hiddenSize is");
    checkVector("LSTM.forward", "c0", c0, this.hiddenSize, "hiddenSize is");

    const cell = cellParameters(this.parameters);
    const steps: LSTMStep[] = [];
    let [h, c] = [h0, c0];
    for (const xt of x) {
      const step = lstmForward(cell, xt, h, c);
      steps.push(step);
      checkFiniteTensors("LSTM.forward", step, ` at t = ${steps.length}`);
      ({ h, c } = step);
    }
    return { x, h0, c0, steps, h: steps.map((step) => step.h), c: steps.map((step) => step.c) };
  }

  /**
   * Backpropagation through time, slides 44–57: from t = T to 1, ∂h_t is the local gradient plus what comes
   * back from t+1, and so is ∂C_t.
   *
   * @param tape what {@link forward} returned
   * @param dhLocal the gradient of the loss at step t alone with respect to h_t, T vectors [H]; null where
   *   the loss does not read h_t
   * @param options dcLocal, the same for C_t; none when not given
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape, or the first number that is not finite
   */
  backward(
    tape: LSTMTape,
    dhLocal: (Vector | null)[],
    options: { dcLocal?: (Vector | null)[] } = {},
  ): LSTMGradients<Tied> {
    const T = tape.steps.length;
    checkOptions("LSTM.backward", options, ["dcLocal"]);
    const { dcLocal = tape.steps.map(() => null) } = options;
    checkLocalGradients("LSTM.backward", "dhLocal", dhLocal, T, this.hiddenSize);
    checkLocalGradients("LSTM.backward", "dcLocal", dcLocal, T, this.hiddenSize);

    const cell = cellParameters(this.parameters);
    const dh: Matrix = [];
    const steps: LSTMStepGradients[] = [];
    let dhNext = zeros(this.hiddenSize);
    let dcNext = zeros(this.hiddenSize); // slide 46: nothing comes back from beyond t = T
    for (let t = T; t >= 1; t--) {
      const dht = arriving(dhLocal[t - 1], dhNext);
      const step = lstmBackward(cell, tape.steps[t - 1], dht, arriving(dcLocal[t - 1], dcNext));
      checkFiniteTensors("LSTM.backward", { dh: dht, ...step }, ` at t = ${t}`);
      dh.unshift(dht);
      steps.unshift(step);
      dhNext = step.dhPrev;
      dcNext = step.dcPrev;
    }
    const stepParameters = steps.map((step) => this.#stepPart(step));
    return {
      dh,
      dc: steps.map((step) => step.dc),
      dx: steps.map((step) => step.dx),
      dh0: dhNext,
      dc0: dcNext,
      steps,
      stepParameters,
      parameters: sumOverSteps(stepParameters),
    };
  }

  /**
   * One step's part of the gradients. Tied gates share their weights, so their gradients add up: slide 51.
   */
  #stepPart({ dWx, dWh, db }: LSTMStepGradients): LSTMParameters<Tied> {
    const parts = perGate((gate) => ({ Wx: dWx[gate], Wh: dWh[gate], b: db[gate] }));
    return (this.tiedGates ? sumOverGates(parts) : parts) as LSTMParameters<Tied>;
  }
}

function initialCell(init: Initializer, inputSize: number, hiddenSize: number): CellParameters {
  return {
    Wx: init.matrix(hiddenSize, inputSize),
    Wh: init.matrix(hiddenSize, hiddenSize),
    b: init.vector(hiddenSize),
  };
}

/** The parameters of each gate: of tied gates the same four times. */
export function cellParameters(parameters: CellParameters | LSTMCellParameters): LSTMCellParameters {
  return "f" in parameters ? parameters : perGate(() => parameters);
}

function sumOverGates(parts: LSTMCellParameters): CellParameters {
  return gates.map((gate) => parts[gate]).reduce((sum, part) => mapTensors((a, b) => add(a, b), sum, part));
}
