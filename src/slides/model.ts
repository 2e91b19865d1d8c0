// The network of the slides: a recurrent layer and a dense head behind it (slides 34–59), with any loss. The
// head is read at the last step (many-to-one, as on the slides) or at any steps for which a target is given.

import type { DenseParameters } from "./dense.js";
import { Dense } from "./dense.js";
import type { LayerGradients, RecurrentLayer } from "./layers/layer.js";
import type { Matrix, Vector } from "../numbers/linear_algebra.js";
import { add, scale, zeros } from "../numbers/linear_algebra.js";
import { checkTensors, mapTensors } from "./parameters.js";
import type { Trainable } from "./parameters.js";
import { inspectCustom } from "../numbers/summary.js";
import { modelSummary } from "./summary.js";
import { checkChoice, checkOptions, checkVector, isRecord, kind, retold } from "../numbers/validation.js";

/** One sequence with its targets. */
export interface Sample {
  /** x_1 … x_T, [T, I] */
  x: Matrix;
  /** the target at t = T, vector [K]; or T targets, null where the step has no loss */
  y: Vector | (Vector | null)[];
  /** h_0 [H]; zeros when not given */
  h0?: Vector;
  /** C_0 [H], of an LSTM; zeros when not given */
  c0?: Vector;
}

/** What the head and the loss computed at one step. */
export interface StepLoss {
  loss: number;
}

/** What {@link SequenceModel.forward} computed. */
export interface ModelTape<Layer extends RecurrentLayer, Output extends StepLoss = StepLoss> {
  layer: ReturnType<Layer["forward"]>;
  /** T of them; null where the step has no target */
  outputs: (Output | null)[];
  /** the sum of the steps' losses */
  loss: number;
}

/** What {@link SequenceModel.backward} computed. */
export interface ModelGradients<Layer extends RecurrentLayer> {
  layer: ReturnType<Layer["backward"]>;
  /** ∂L/∂W and ∂L/∂b of the head */
  head: DenseParameters;
}

/** The parameters of a model, or the gradients of the loss with respect to them. */
export interface ModelParameters<Layer extends RecurrentLayer> {
  layer: Layer["parameters"];
  head: DenseParameters;
}

/** How the losses of a batch become one number. */
export type Reduction = "mean" | "sum";

/**
 * A recurrent layer and a dense head, z = W h_t + b. A subclass defines the loss at one step: softmax and
 * cross-entropy in `SequenceClassifier`, the mean squared error in `SequenceRegressor`.
 */
export abstract class SequenceModel<
  Layer extends RecurrentLayer = RecurrentLayer,
  Output extends StepLoss = StepLoss,
> implements Trainable {
  readonly layer: Layer;
  readonly head: Dense;
  readonly parameters: ModelParameters<Layer>;
  readonly #name: string;

  /**
   * @param name the model's, for messages
   * @throws {TypeError} when layer or head is not one of the slides'
   * @throws {RangeError} when the head does not fit the layer
   */
  protected constructor(name: string, parts: { layer: Layer; head: Dense }) {
    checkOptions(name, parts, ["layer", "head"]);
    const { layer, head } = parts;
    const parameters: unknown = (layer as Partial<Layer> | undefined)?.parameters;
    if (!isRecord(parameters)) {
      throw new TypeError(
        `${name}: layer is ${kind(layer)}, but must be an RNN or LSTM of unrolled; those of unrolled/nn belong in a SequenceNetwork`,
      );
    }
    if (!((head as unknown) instanceof Dense)) {
      throw new TypeError(`${name}: head is ${kind(head)}, but must be a Dense of unrolled`);
    }
    if (head.inputSize !== layer.hiddenSize) {
      throw new RangeError(
        `${name}: head.inputSize is ${head.inputSize}, but layer.hiddenSize is ${layer.hiddenSize}`,
      );
    }
    this.#name = name;
    this.layer = layer;
    this.head = head;
    this.parameters = { layer: layer.parameters, head: head.parameters };
  }

  /** The loss at one step, and all that {@link gradient} needs of it. */
  protected abstract output(z: Vector, target: Vector): Output;

  /** ∂L/∂z at one step, vector [K]. */
  protected abstract gradient(output: Output): Vector;

  /**
   * Replaces the parameters of layer and head by a copy of those given.
   *
   * @throws {TypeError} when a tensor is missing or unknown, or not one of numbers: it names the tensor
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the tensor
   */
  setParameters(parameters: ModelParameters<Layer>): void {
    checkTensors(`${this.#name}.setParameters`, "parameter", parameters, this.parameters);
    this.layer.setParameters(parameters.layer);
    this.head.setParameters(parameters.head);
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    return modelSummary(this.#name, this.layer, this.head);
  }

  /**
   * One sequence forward, slides 36–43: the layer, then head and loss at each step with a target.
   *
   * @throws {TypeError} for what is not a sample { x, y }, an unknown key, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape, no target at all, or the first number that is not finite
   */
  forward(sample: Sample): ModelTape<Layer, Output> {
    const where = `${this.#name}.forward`;
    checkOptions(where, sample, ["x", "y", "h0", "c0"]);
    const { x, y, ...initial } = sample;
    const layer = this.layer.forward(x, initial);
    const outputs = targetsByStep(where, y, x.length).map((target, index) => {
      if (target === null) return null;
      checkVector(where, "y", target, this.head.outputSize, "outputSize is", ` at t = ${index + 1}`);
      return this.output(this.head.forward(layer.h[index]), target);
    });
    const loss = outputs.reduce((sum, output) => sum + (output?.loss ?? 0), 0);
    return { layer: layer as ReturnType<Layer["forward"]>, outputs, loss };
  }

  /**
   * The backward pass of one sequence, slides 44–57: the head at each step with a target, then the layer
   * through time.
   */
  backward(tape: ModelTape<Layer, Output>): ModelGradients<Layer> {
    const { W, b } = this.head.parameters;
    let head: DenseParameters = { W: zeros(W.length, W[0].length), b: zeros(b.length) };
    const dhLocal = tape.outputs.map((output, index) => {
      if (output === null) return null;
      const { dh, dW, db } = this.head.backward(tape.layer.h[index], this.gradient(output));
      head = { W: add(head.W, dW), b: add(head.b, db) };
      return dh;
    });
    return { layer: this.layer.backward(tape.layer, dhLocal) as ReturnType<Layer["backward"]>, head };
  }

  /**
   * The mean, or the sum, of the samples' losses. A sample's loss is the sum over its steps.
   *
   * @throws {TypeError} for what is not a sample { x, y }, an unknown key or option, or what is not an array
   *   of numbers
   * @throws {RangeError} for an empty batch, a wrong shape, no target at all, or the first number that is not
   *   finite: it says in which sample
   */
  loss(batch: Sample | Sample[], options: { reduction?: Reduction } = {}): number {
    const samples = samplesOf(`${this.#name}.loss`, batch);
    const losses = eachSample(samples, (sample) => this.forward(sample).loss);
    return weightOf(`${this.#name}.loss`, options, samples) * losses.reduce((sum, loss) => sum + loss, 0);
  }

  /**
   * The loss of a batch, as {@link loss} gives it, and its gradients with respect to all parameters. The
   * sequences may differ in length.
   *
   * @throws {TypeError} for what is not a sample { x, y }, an unknown key or option, or what is not an array
   *   of numbers
   * @throws {RangeError} for an empty batch, a wrong shape, no target at all, or the first number that is not
   *   finite: it says in which sample
   */
  lossAndGradients(
    batch: Sample | Sample[],
    options: { reduction?: Reduction } = {},
  ): { loss: number; gradients: ModelParameters<Layer> } {
    const samples = samplesOf(`${this.#name}.lossAndGradients`, batch);
    const weight = weightOf(`${this.#name}.lossAndGradients`, options, samples);
    const results = eachSample(samples, (sample) => {
      const tape = this.forward(sample);
      const { layer, head }: { layer: LayerGradients; head: DenseParameters } = this.backward(tape);
      return { loss: tape.loss, gradients: { layer: layer.parameters, head } };
    });
    const total = results
      .map((result) => result.gradients)
      .reduce((sum, gradients) => mapTensors((a, b) => add(a, b), sum, gradients));
    return {
      loss: weight * results.reduce((sum, result) => sum + result.loss, 0),
      gradients: mapTensors((a) => scale(weight, a), total),
    };
  }
}

/** A batch as an array: one sample is a batch of one. */
export function samplesOf(where: string, batch: Sample | Sample[]): Sample[] {
  const samples = Array.isArray(batch) ? batch : [batch];
  if (samples.length === 0)
    throw new RangeError(`${where}: the batch is empty, but needs at least one sample`);
  const wrong = samples.findIndex((sample) => typeof sample !== "object" || sample === null);
  if (wrong >= 0) {
    const name = Array.isArray(batch) ? `sample ${wrong} of the batch` : "batch";
    throw new TypeError(`${where}: ${name} is ${kind(samples[wrong])}, but must be a sample { x, y }`);
  }
  return samples;
}

/** f of each sample; an error in a batch of several says which sample it was. */
export function eachSample<T>(samples: Sample[], f: (sample: Sample) => T): T[] {
  return samples.map((sample, index) => {
    try {
      return f(sample);
    } catch (error) {
      if (samples.length === 1 || !(error instanceof Error)) throw error;
      throw retold(error, `${error.message} (sample ${index} of the batch)`);
    }
  });
}

function weightOf(where: string, options: { reduction?: Reduction }, samples: Sample[]): number {
  checkOptions(where, options, ["reduction"]);
  const { reduction = "mean" } = options;
  checkChoice(where, "reduction", reduction, ["mean", "sum"]);
  return reduction === "mean" ? 1 / samples.length : 1;
}

/** The target of each step; null where it has none. A single vector is the target of the last step. */
export function targetsByStep(where: string, y: Sample["y"], steps: number): (Vector | null)[] {
  if (!Array.isArray(y))
    throw new TypeError(`${where}: y is ${kind(y)}, but must be a vector or an array of targets`);
  const isVector = (target: Sample["y"]): target is Vector => typeof target[0] === "number";
  if (isVector(y)) return [...new Array<null>(steps - 1).fill(null), y];
  if (y.length !== steps) throw new RangeError(`${where}: y has ${y.length} steps, but x has ${steps}`);
  if (y.every((target) => target === null))
    throw new RangeError(`${where}: y has no target at any step, but needs at least one`);
  return y;
}
