// The path of a batch through the states of every layer and direction, for any model: Jacobians are taken
// along it.

import type { CellKind } from "../engine/cell_kinds.js";
import { nameOf } from "../engine/cell_kinds.js";
import type { RecurrenceWeights } from "../engine/engine.js";
import { cellParameters, LSTM } from "../slides/layers/lstm.js";
import { RNN } from "../slides/layers/rnn.js";
import { packGates } from "../slides/layers/state_dict.js";
import type { Floats } from "../numbers/tensor.js";
import type { Vector } from "../numbers/linear_algebra.js";
import { zeros } from "../numbers/linear_algebra.js";
import type { Sample } from "../slides/model.js";
import { samplesOf, SequenceModel } from "../slides/model.js";
import * as nn from "../nn/layers.js";
import type { NetworkInput } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { RecurrentModule } from "../nn/recurrent.js";
import { checkNotPatched } from "../nn/recurrent.js";
import type { Lane, Pass, StackSize } from "../nn/stack.js";
import { kind } from "../numbers/validation.js";

/** A model of the slides or a network of unrolled/nn. */
export type FlowModel = SequenceModel | SequenceNetwork;

/** What the model's `lossAndGradients` takes; targets are not read. */
export type FlowBatch = Sample | Sample[] | NetworkInput;

/** One layer in one direction with its weights. */
export interface LaneTrajectory {
  lane: Lane;
  weights: RecurrenceWeights;
}

export interface Trajectory {
  /** who asked, for messages */
  where: string;
  pass: Pass;
  size: StackSize;
  lanes: LaneTrajectory[];
}

export function checkFlowModel(where: string, model: unknown): void {
  if (model instanceof SequenceNetwork || model instanceof SequenceModel) return;
  throw new TypeError(
    `${where}: model is ${kind(model)}, but must be a SequenceNetwork, SequenceClassifier or SequenceRegressor`,
  );
}

/**
 * Runs the batch forward, without dropout.
 *
 * @param of whether steps as a whole are looked into, or their gates alone
 * @throws {TypeError} for another model, or layers whose steps are not looked into
 */
export function trajectoryOf(
  where: string,
  model: FlowModel,
  batch: FlowBatch,
  of: "steps" | "gates" = "steps",
): Trajectory {
  checkFlowModel(where, model);
  if (model instanceof SequenceNetwork) {
    if (of === "steps") checkSteps(where, model.rnn.stack.size);
    return along(where, model.rnn, model.run(where, batch as NetworkInput));
  }
  return ofSlides(where, model, samplesOf(where, batch as Sample | Sample[]));
}

/** The same where the weights alone must say how the states change. */
export function unpatchedTrajectoryOf(where: string, model: FlowModel, batch: FlowBatch): Trajectory {
  if (model instanceof SequenceNetwork) checkNotPatched(where, model.rnn);
  return trajectoryOf(where, model, batch);
}

/** Whether steps are looked into: a state that has an m can be written in many ways. */
export const looksInto = (cell: CellKind) => !["slstm", "mlstm", "lstm_layer_norm"].includes(cell);

/** @throws {TypeError} where they are not */
export function checkSteps(where: string, { cell, projSize }: StackSize): void {
  checkGates(where, cell);
  if (projSize) throw onlyFollowed(where, "an LSTM with projections", "gradients and gates");
}

/** @throws {TypeError} where not even the gates of steps are looked at */
export function checkGates(where: string, cell: CellKind): void {
  if (!looksInto(cell)) throw onlyFollowed(where, nameOf(cell), "gradients");
}

function onlyFollowed(where: string, name: string, what: string): TypeError {
  const names = name.replace(/^an? (\w+)/, "$1s");
  return new TypeError(
    `${where}: the layers are ${names}, but must be others: of ${name} only its ${what} are followed`,
  );
}

/** @throws {TypeError} where h_{t−1} was masked, which Jacobians do not know */
export function checkUnmasked(where: string, masks: Floats | undefined): void {
  if (masks === undefined) return;
  throw new TypeError(
    `${where}: recurrentDropoutMasks is given, but must not be: steps are looked into without`,
  );
}

function along(where: string, { stack }: RecurrentModule, pass: Pass): Trajectory {
  checkGates(where, stack.size.cell);
  checkUnmasked(where, pass.hMasks);
  return {
    where,
    pass,
    size: stack.size,
    lanes: pass.lanes.map((lane) => ({ lane, weights: stack.weightsOf(lane) })),
  };
}

/**
 * The slides' layer as a module of unrolled/nn, and its samples side by side. Jacobians and gates need states
 * and weights alone, which both families have alike. Gradients are not computed this way: gradientFlow and
 * gradientPaths read the model's own backward. It has the slides' numbers to the last bit, adds up the gates
 * that share their weights, and exists in layers that users write too.
 */
function ofSlides(where: string, { layer }: SequenceModel, samples: Sample[]): Trajectory {
  const { inputSize, hiddenSize } = layer;
  const sizes = { inputSize, hiddenSize, batchFirst: true };
  let module: RecurrentModule;
  let weights;
  if (layer instanceof RNN) {
    module = new nn.RNN({ ...sizes, nonlinearity: layer.nonlinearity });
    weights = layer.stateDict();
  } else if (layer instanceof LSTM) {
    module = new nn.LSTM(sizes);
    weights = packGates<false>(cellParameters(layer.parameters));
  } else
    throw new TypeError(`${where}: model.layer is ${kind(layer)}, but must be an RNN or LSTM of unrolled`);
  module.loadStateDict({ ...weights });
  const lengths = samples.map(({ x }) => x.length);
  const T = lengths.reduce((most, length) => Math.max(most, length), 0);
  const zero = zeros(inputSize);
  const x = samples.map((sample) => [...sample.x, ...new Array<Vector>(T - sample.x.length).fill(zero)]);
  const states = (of: (sample: Sample) => Vector | undefined) => [
    samples.map((sample) => of(sample) ?? zeros(hiddenSize)),
  ];
  const h0 = states((sample) => sample.h0);
  const c0 = layer instanceof LSTM ? states((sample) => sample.c0) : undefined;
  return along(where, module, module.run(where, x, { lengths, h0, c0 }).pass);
}

/**
 * The steps of one sample in the order in which the lane reads them: t counts from 0, `previous` is the step
 * before.
 */
export function stepsOf(
  { T, lengths }: Pick<Pass, "T" | "lengths">,
  lane: Pick<Lane, "direction">,
  sample: number,
): { t: number; previous: number | undefined }[] {
  const length = lengths === undefined ? T : lengths[sample];
  const reverse = lane.direction === "reverse";
  return Array.from({ length }, (_, step) => {
    const t = reverse ? length - 1 - step : step;
    return { t, previous: step === 0 ? undefined : reverse ? t + 1 : t - 1 };
  });
}
