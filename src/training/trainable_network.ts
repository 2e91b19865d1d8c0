// What training needs of a network, and the slides' models seen that way.

import type { Trainable } from "../slides/parameters.js";
import { tensors } from "../slides/parameters.js";
import type { Tensor } from "../numbers/linear_algebra.js";
import { isMatrix, shape } from "../numbers/linear_algebra.js";
import { mapTensors } from "../slides/parameters.js";
import type { Floats, Parameter } from "../numbers/tensor.js";
import { kind, shown } from "../numbers/validation.js";

/** What a network carries on, as JSON keeps it. */
export type NetworkState = Record<string, number | number[]>;

/** A network in flat memory. */
export interface TrainableNetwork<Batch> {
  readonly parameters: readonly Parameter[];
  /**
   * Overwrites the gradients next to the parameters and returns the mean loss of the batch.
   */
  lossAndGradients(batch: Batch): number;
  loss(batch: Batch): number;
  /**
   * The loss of several batches as if they were one; where there is no such method, their mean, weighted by
   * their samples, is taken for it.
   */
  lossOfAll?(batches: Iterable<Batch>): number;
  /** Plain numbers that the network carries on from batch to batch, such as how often dropout has drawn. */
  readonly state?: NetworkState;
}

/** One of the slides' models: parameters in a tree, gradients as a return value. */
export interface TrainableModel<Batch> extends Trainable {
  lossAndGradients(batch: Batch): { loss: number; gradients: object };
  loss(batch: Batch): number;
}

/** @throws {TypeError} for what cannot be trained */
export function checkTrainable(where: string, network: unknown): void {
  if (typeof (network as Partial<TrainableNetwork<unknown>> | undefined)?.lossAndGradients === "function")
    return;
  throw new TypeError(
    `${where}: network is ${kind(network)}, but must have lossAndGradients, as a SequenceNetwork or a model of the slides`,
  );
}

/**
 * A slides' model as a network in flat memory. The model follows: it takes the weights whenever a loss is
 * asked for.
 */
export function flatNetwork<Batch>(model: TrainableModel<Batch>): TrainableNetwork<Batch> {
  const parameters = tensors(model.parameters).map(([name, tensor]): Parameter => {
    const data = Float64Array.from(isMatrix(tensor) ? tensor.flat() : tensor);
    return { name, shape: shape(tensor), data, grad: new Float64Array(data.length) };
  });
  return {
    parameters,
    lossAndGradients(batch) {
      writeBack(parameters, model);
      const { loss, gradients } = model.lossAndGradients(batch);
      const byName = new Map(tensors(gradients));
      for (const { name, grad } of parameters) {
        copyNumbers(`lossAndGradients: the gradient of ${name}`, byName.get(name), grad);
      }
      return loss;
    },
    loss(batch) {
      writeBack(parameters, model);
      return model.loss(batch);
    },
  };
}

/**
 * Number by number: a typed array's set would make 0 of null.
 *
 * @throws {TypeError} for what is not a number
 * @throws {RangeError} for another number of them
 */
export function copyNumbers(what: string, from: Tensor | undefined, into: Floats): void {
  const values: readonly unknown[] = from === undefined ? [] : isMatrix(from) ? from.flat() : from;
  if (values.length !== into.length) {
    throw new RangeError(`${what} has ${values.length} numbers, but must have ${into.length}`);
  }
  values.forEach((value, k) => {
    if (typeof value !== "number")
      throw new TypeError(`${what} contains ${shown(value)}, but must contain numbers`);
    into[k] = value;
  });
}

/** Puts weights in flat memory into the tree of a model. */
export function writeBack<Batch>(parameters: readonly Parameter[], model: TrainableModel<Batch>): void {
  let index = 0;
  const nested = (tensor: Tensor): Tensor => {
    const values = [...parameters[index++].data];
    if (!isMatrix(tensor)) return values;
    const columns = tensor[0].length;
    return tensor.map((_, row) => values.slice(row * columns, (row + 1) * columns));
  };
  model.setParameters(mapTensors(nested, model.parameters));
}
