// The network of the slides with another loss, to forecast numbers instead of classes: the mean squared
// error.

import type { Dense } from "./dense.js";
import type { RecurrentLayer } from "./layers/layer.js";
import type { Vector } from "../numbers/linear_algebra.js";
import type { SquaredError } from "./losses.js";
import { meanSquaredError } from "./losses.js";
import type { ModelTape } from "./model.js";
import { SequenceModel } from "./model.js";

/** What head and loss of a {@link SequenceRegressor} computed at one step. */
export interface RegressionOutput extends SquaredError {
  /** ŷ = W h_t + b, vector [K] */
  prediction: Vector;
}

/** What {@link SequenceRegressor.forward} computed. */
export type RegressorTape<Layer extends RecurrentLayer> = ModelTape<Layer, RegressionOutput>;

/**
 * A recurrent layer and a dense head whose output is the prediction itself, trained with the mean squared
 * error. A target is a vector of K numbers. With several targets in a sequence, a sample's loss is the sum
 * over the steps.
 *
 * @throws {TypeError} when layer or head is not one of the slides'
 * @throws {RangeError} when the head does not fit the layer
 */
export class SequenceRegressor<Layer extends RecurrentLayer = RecurrentLayer> extends SequenceModel<
  Layer,
  RegressionOutput
> {
  constructor(parts: { layer: Layer; head: Dense }) {
    super("SequenceRegressor", parts);
  }

  protected override output(prediction: Vector, target: Vector): RegressionOutput {
    return { prediction, ...meanSquaredError(prediction, target) };
  }

  protected override gradient({ dprediction }: RegressionOutput): Vector {
    return dprediction;
  }
}
