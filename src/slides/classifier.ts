// The network of the slides with their loss: softmax and cross-entropy (slides 42–44).

import type { Dense } from "./dense.js";
import type { RecurrentLayer } from "./layers/layer.js";
import type { Vector } from "../numbers/linear_algebra.js";
import type { SoftmaxCrossEntropy } from "./losses.js";
import { softmaxCrossEntropy } from "./losses.js";
import type { ModelTape } from "./model.js";
import { SequenceModel } from "./model.js";

/** What head and loss of a {@link SequenceClassifier} computed at one step. */
export interface StepOutput extends SoftmaxCrossEntropy {
  /** W h_t + b, vector [K] */
  logits: Vector;
}

/** What {@link SequenceClassifier.forward} computed; the loss is in nats. */
export type ClassifierTape<Layer extends RecurrentLayer> = ModelTape<Layer, StepOutput>;

/**
 * A recurrent layer and a dense head, trained with softmax cross-entropy. A target is a distribution over the
 * K classes, such as a one-hot vector.
 *
 * @throws {TypeError} when layer or head is not one of the slides'
 * @throws {RangeError} when the head does not fit the layer
 */
export class SequenceClassifier<Layer extends RecurrentLayer = RecurrentLayer> extends SequenceModel<
  Layer,
  StepOutput
> {
  constructor(parts: { layer: Layer; head: Dense }) {
    super("SequenceClassifier", parts);
  }

  protected override output(logits: Vector, target: Vector): StepOutput {
    return { logits, ...softmaxCrossEntropy(logits, target) };
  }

  protected override gradient({ dlogits }: StepOutput): Vector {
    return dlogits;
  }
}
