// A whole network: an optional embedding, a recurrent module, a dense head that reads its last state or every
// step, and a loss. For a batch of a size that it has seen before, training allocates nothing.

import type { Engine } from "../engine/engine.js";
import { inspectCustom } from "../numbers/summary.js";
import {
  checkChoice,
  checkFlag,
  checkNotNegative,
  checkOptions,
  checkPositive,
  isFiniteNumber,
  kind,
  misfit,
} from "../numbers/validation.js";
import { checkIndex, Embedding } from "./embedding.js";
import { Linear } from "./linear.js";
import type { LossName, LossRows } from "./losses.js";
import { lossFunctions, losses, targetWeight } from "./losses.js";
import { Module } from "./module.js";
import type { Axis, Nested } from "./nested.js";
import { isTensor, readNested } from "./nested.js";
import type { Arena, StateDict } from "./parameters.js";
import { joinParameters, stateDictOf } from "./parameters.js";
import type { ForwardOptions } from "./recurrent.js";
import { checkNotPatched, maskNames, RecurrentModule } from "./recurrent.js";
import type { Extent } from "./sequences.js";
import { extentOf, inLayout, ofSample, paddingOf, sequenceAxes } from "./sequences.js";
import type { LaneBackward, Pass } from "./stack.js";
import { copyColumns } from "./stack.js";
import type { NetworkState, StreamOptions } from "./stream.js";
import { SequenceStream } from "./stream.js";
import type { Targets } from "./targets.js";
import { readTargets } from "./targets.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";

const batchKeys = ["x", "y", "outputs", "batchFirst", "lengths", "mask", "h0", "c0", ...maskNames];
const places = ["last", "every"] as const;
const reductions = ["mean", "sum"] as const;
/** Options that only one loss has, and which one. */
const settings = {
  classWeights: "crossEntropy",
  labelSmoothing: "crossEntropy",
  ignoreIndex: "crossEntropy",
  posWeight: "binaryCrossEntropy",
  delta: "huber",
} as const;
type Setting = keyof typeof settings;

export interface SequenceNetworkOptions {
  /** turns the indices of x into vectors; without it x holds vectors */
  embedding?: Embedding;
  rnn: RecurrentModule;
  head: Linear;
  /**
   * the head reads the last state of each sequence (many-to-one, the default), or every step (many-to-many).
   * In two directions the last state is that after the last step read in each: at t = T forward, at t = 1 in
   * reverse
   */
  outputs?: (typeof places)[number];
  /**
   * softmax and cross-entropy, the default; σ and binary cross-entropy; mean squared error, or mean absolute
   * error or Huber's loss, for which outliers count less
   */
  loss?: LossName;
  /** "mean", the default: over all targets that are given, and over their numbers, as in PyTorch; or "sum" */
  reduction?: (typeof reductions)[number];
  /**
   * of crossEntropy: what a target of each class counts, outputSize numbers of at least 0; "mean" divides by
   * their sum over the targets, as PyTorch's `weight`
   */
  classWeights?: ArrayLike<number>;
  /**
   * of crossEntropy: ε from 0, the default, to below 1; the target is 1 − ε of its class and ε spread over
   * all classes, as PyTorch's `label_smoothing`
   */
  labelSmoothing?: number;
  /**
   * of crossEntropy: what y has where there is no target, as PyTorch's `ignore_index`, for arrays that cannot
   * hold null; −100 there, nothing by default here
   */
  ignoreIndex?: number;
  /**
   * of binaryCrossEntropy: how many times a target of 1 counts, outputSize numbers of at least 0, such as the
   * number of zeros for each one; PyTorch's `pos_weight`
   */
  posWeight?: ArrayLike<number>;
  /** of huber: δ, from which error on the loss is linear; default 1, as PyTorch's `delta` */
  delta?: number;
  /**
   * whether a step of training keeps what `gateHistograms`, `gateSaturation` and `inputGradients` of it need:
   * the activations of the gates, which backward overwrites, and ∂L/∂x; default false
   */
  observe?: boolean;
}

/** x and what may come with it, in the layout of the recurrent module unless batchFirst says otherwise. */
export interface NetworkInput extends Pick<
  ForwardOptions,
  "lengths" | "mask" | "h0" | "c0" | "dropoutMasks" | "recurrentDropoutMasks"
> {
  /** vectors, [T, B, I] or [B, T, I]; indices, [T, B] or [B, T]; or one sequence without an axis B */
  x: Nested;
  /** whether this batch is [B, T, …]; as the recurrent module says where not given */
  batchFirst?: boolean;
}

/** A batch to train on. */
export interface NetworkBatch extends NetworkInput {
  /**
   * A target for each sequence, [B, …], or for every step in the layout of x: the index of a class
   * (cross-entropy), or outputSize numbers. null where there is none; steps beyond a sequence's end are not
   * read.
   */
  y: Targets;
  /** whether y is of each sequence's last step or of every step; as the network reads it where not given */
  outputs?: (typeof places)[number];
}

/** What one step gives. */
export interface NetworkStep {
  /** the head's output: logits, or a forecast, [outputSize] or [B, outputSize] */
  prediction: Tensor;
  /** the state after the step, [numLayers, B, H]: of the next step */
  state: { h0: Tensor; c0?: Tensor };
}

/** The memory for batches of one size, besides the recurrent module's. */
interface Memory extends LossRows {
  rows: Floats;
  dRows: Floats;
  indices?: Int32Array;
  /** the indices as they came */
  read?: Float64Array;
  /** of an observed network, those of each lane as forward left them */
  gates?: Floats[];
}

/** The last batch: where it is, and what the gradients were multiplied by. */
export interface NetworkPass {
  pass: Pass;
  /** which batch it holds; if pass.run has changed since, that batch is lost */
  run: number;
  /** of the loss of one target */
  weight: number;
  /** the activations of each lane's gates, of an observed network */
  gates?: readonly Floats[];
}

interface BatchLoss extends Pick<NetworkPass, "pass" | "weight"> {
  loss: number;
  memory: Memory;
}

/**
 * Embedding → RNN, LSTM, GRU, … → Linear, with a loss. Parameters have PyTorch's keys behind the part's name,
 * as in "rnn.weight_ih_l0", in one arena.
 *
 * @throws {TypeError} for an unknown option, or a part of another class
 * @throws {RangeError} for a value that an option cannot have, or parts that do not fit together
 * @throws {Error} when a part is in a network already
 */
export class SequenceNetwork extends Module {
  readonly embedding?: Embedding;
  readonly rnn: RecurrentModule;
  readonly head: Linear;
  readonly outputs: (typeof places)[number];
  readonly lossName: LossName;
  readonly reduction: (typeof reductions)[number];
  readonly classWeights?: readonly number[];
  readonly labelSmoothing: number;
  readonly ignoreIndex?: number;
  readonly posWeight?: readonly number[];
  readonly delta?: number;
  readonly observe: boolean;
  /** all parameters one after the other, and all gradients in the same order */
  readonly values: Floats;
  readonly gradients: Floats;
  #held?: NetworkPass;
  /** the last batch whose loss was asked for */
  #seen?: { pass: Pass; run: number };
  readonly #memories = new WeakMap<Pass, Memory>();

  constructor(options: SequenceNetworkOptions) {
    checkParts(options);
    const { embedding, rnn, head, outputs = "last", loss = "crossEntropy", reduction = "mean" } = options;
    let arena: Arena | undefined;
    super("SequenceNetwork", rnn.dtype, (engine: Engine) => {
      const parts = { ...(embedding && { embedding: embedding.parameters }), rnn: rnn.parameters };
      return (arena = joinParameters("SequenceNetwork", engine, { ...parts, head: head.parameters }));
    });
    this.values = arena!.data;
    this.gradients = arena!.grad;
    this.embedding = embedding;
    this.rnn = rnn;
    this.head = head;
    this.outputs = outputs;
    this.lossName = loss;
    this.reduction = reduction;
    const { classWeights, labelSmoothing = 0, ignoreIndex } = options;
    this.classWeights = classWeights && Array.from(classWeights);
    this.labelSmoothing = labelSmoothing;
    this.ignoreIndex = ignoreIndex;
    const { posWeight, delta = 1 } = options;
    this.posWeight = posWeight && Array.from(posWeight);
    this.delta = loss === "huber" ? delta : undefined;
    this.observe = options.observe ?? false;
  }

  /**
   * The loss and all that belongs to it, as the options have it.
   *
   * @internal
   */
  get lossOptions() {
    const { lossName: loss, reduction } = this;
    const { classWeights, labelSmoothing, ignoreIndex, posWeight, delta } = this;
    return {
      loss,
      reduction,
      ...(loss === "crossEntropy" && { classWeights, labelSmoothing, ignoreIndex }),
      ...(loss === "binaryCrossEntropy" && { posWeight }),
      ...(loss === "huber" && { delta }),
    };
  }

  protected override facts(): (string | false)[] {
    return [
      `${this.lossName} of ${this.outputs === "last" ? "the last step" : "every step"}`,
      this.reduction,
      this.classWeights !== undefined && `class weights ${this.classWeights.join(", ")}`,
      this.labelSmoothing > 0 && `label smoothing ${this.labelSmoothing}`,
      this.posWeight !== undefined && `weight of 1 ${this.posWeight.join(", ")}`,
      this.delta !== undefined && `delta ${this.delta}`,
    ];
  }

  protected override parts(): string[] {
    return Object.entries({ embedding: this.embedding, rnn: this.rnn, head: this.head }).flatMap(
      ([key, part]) => (part === undefined ? [] : [`${key}: ${part[inspectCustom]()}`]),
    );
  }

  /**
   * The batch of the last {@link lossAndGradients}, until another of its size goes through rnn: gradient flow
   * reads it.
   *
   * @internal
   */
  get lastPass(): NetworkPass | undefined {
    return this.#held?.run === this.#held?.pass.run ? this.#held : undefined;
  }

  /** What the network carries on from batch to batch: how many dropout masks were drawn. */
  get state(): Record<string, number> {
    return this.rnn.state;
  }

  /**
   * The head's output: logits, or forecasts, [B, outputSize], or of every step in the layout of x. No
   * dropout. A y in the input is not read, so that a batch may be given.
   *
   * @throws {TypeError} for an unknown key, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite: it says where in the sequence and
   *   the batch
   */
  predict(input: NetworkInput & { y?: unknown; outputs?: unknown }): Tensor {
    const where = "SequenceNetwork.predict";
    checkOptions(where, input, batchKeys);
    const { extent, memory } = this.#forward(where, input, false);
    const { T, B, layout } = extent;
    const K = this.head.outputSize;
    const predictions = memory.predictions.slice();
    if (this.outputs === "last") return { shape: layout === "unbatched" ? [K] : [B, K], data: predictions };
    extent.lengths?.forEach((length, b) => {
      for (let t = length; t < T; t++) predictions.fill(0, (t * B + b) * K, (t * B + b + 1) * K);
    });
    return inLayout(extent, predictions, K);
  }

  /**
   * The loss of a batch, without dropout.
   *
   * @throws {TypeError} for what is not a batch { x, y }, an unknown key, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape, a target that does not fit, or a number that is not finite: it
   *   says where in the sequence and the batch
   */
  loss(batch: NetworkBatch): number {
    this.#seen = undefined;
    const { loss, pass } = this.#lossOf("SequenceNetwork.loss", batch, false);
    this.#seen = { pass, run: pass.run };
    return loss;
  }

  /**
   * The loss of several batches as if they were one, without dropout: with "mean", over all their targets,
   * whichever batch they are in. It takes the memory of one batch after the other.
   *
   * @throws {TypeError} for what is not batches { x, y }, an unknown key, or what is not an array of numbers
   * @throws {RangeError} when there is no batch, or for what {@link loss} throws
   */
  lossOfAll(batches: Iterable<NetworkBatch>): number {
    return this.rowsOfAll("SequenceNetwork.lossOfAll", batches, () => undefined);
  }

  /**
   * The loss of a batch, with dropout if there is any. Its gradients replace those next to the parameters.
   *
   * @throws {TypeError} for what is not a batch { x, y }, an unknown key, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape, a target that does not fit, or a number that is not finite: it
   *   says where in the sequence and the batch
   */
  lossAndGradients(batch: NetworkBatch): number {
    const where = "SequenceNetwork.lossAndGradients";
    this.#held = undefined;
    this.#seen = undefined;
    const { loss, pass, memory, weight } = this.#lossOf(where, batch, true);
    const gates = this.observe ? this.#keepGates(pass, memory) : undefined;
    this.#backward(where, pass, memory);
    this.#held = { pass, run: pass.run, weight, gates };
    this.#seen = this.#held;
    return loss;
  }

  /**
   * The states after the given number of steps of the batch that {@link loss} or {@link lossAndGradients} saw
   * last, [numLayers, B, H]: h0 and c0 of a batch that continues from there; for a sequence that ended
   * before, its last state.
   *
   * @throws {Error} when there is no such batch any more, or the network reads in both directions
   * @throws {RangeError} when the batch has fewer steps
   */
  statesAfter(steps: number): { h0: Tensor; c0?: Tensor } {
    const where = "SequenceNetwork.statesAfter";
    this.#checkOneDirection(where, "to carry its state on");
    const seen = this.#seen;
    if (seen === undefined || seen.run !== seen.pass.run) {
      throw new Error(
        `${where}: the batch is gone, but must be the last of its size that the network has seen`,
      );
    }
    const { T } = seen.pass;
    if (!Number.isInteger(steps) || steps < 1 || steps > T) {
      throw misfit(where, "steps", steps, `an integer from 1 to T = ${T}`);
    }
    return this.#statesOf(seen.pass, steps);
  }

  /**
   * Opens a stream: the network as it is now, reading one step at a time from the state given or from zeros.
   *
   * @throws {Error} when the network reads in both directions
   * @throws {TypeError} for an option of a wrong kind
   * @throws {RangeError} for a value out of its range
   */
  stream(options: StreamOptions = {}): SequenceStream {
    const where = "SequenceNetwork.stream";
    this.#checkOneDirection(where, "to answer before the end");
    checkNotPatched(where, this.rnn);
    return new SequenceStream(this, this.engine, options);
  }

  /**
   * One step from a state: the head's output, and the state to continue from. Keeps nothing, so that a search
   * can try several continuations of one state; for many steps one after the other a {@link stream} is
   * faster.
   *
   * @param x inputSize numbers, or of a batch [B, inputSize]; with an embedding an index, or [B] of them
   * @throws {Error} when the network reads in both directions
   * @throws {TypeError} for x or a state of a wrong kind
   * @throws {RangeError} for a wrong shape, or where what comes out is not finite
   */
  step(x: number | Nested, state: NetworkState = {}): NetworkStep {
    const where = "SequenceNetwork.step";
    this.#checkOneDirection(where, "to go on from a state");
    checkNotPatched(where, this.rnn);
    checkOptions(where, state, ["h0", "c0"]);
    const steps = typeof x !== "number" && isTensor(x) ? { ...x, shape: [1, ...x.shape] } : ([x] as Nested);
    const { extent, pass, memory } = this.#forward(where, { ...state, x: steps, batchFirst: false }, false);
    const K = this.head.outputSize;
    const shape = extent.layout === "unbatched" ? [K] : [extent.B, K];
    return { prediction: { shape, data: memory.predictions.slice() }, state: this.#statesOf(pass, 1) };
  }

  #checkOneDirection(where: string, purpose: string): void {
    if (!this.rnn.bidirectional) return;
    throw new Error(`${where}: the network reads in both directions, but must read in one ${purpose}`);
  }

  #statesOf({ lanes, T, B, lengths }: Pass, steps: number): { h0: Tensor; c0?: Tensor } {
    const { stack } = this.rnn;
    const S = stack.cellStateSize;
    const states = (width: number, of: (lane: Pass["lanes"][number]) => Floats): Tensor => {
      const data = allocate(this.dtype, lanes.length * B * width);
      lanes.forEach((lane, layer) => {
        for (let b = 0; b < B; b++) {
          const from = ((Math.min(steps, lengths?.[b] ?? T) - 1) * B + b) * width;
          data.set(of(lane).subarray(from, from + width), (layer * B + b) * width);
        }
      });
      return { shape: [lanes.length, B, width], data };
    };
    return {
      h0: states(stack.hSize, ({ recurrence }) => recurrence.h),
      ...(S > 0 && { c0: states(S, ({ recurrence }) => recurrence.c!) }),
    };
  }

  /**
   * Backward for gradient flow: the gradients of the sum of the samples' losses at all states, without
   * dropout. What was next to the parameters stays there.
   *
   * @param only of outputs "every", the step whose targets count, from 1
   * @returns undefined when no sequence has a target at that step
   * @internal
   */
  flowPass(where: string, batch: NetworkBatch): NetworkPass;
  flowPass(where: string, batch: NetworkBatch, only: number): NetworkPass | undefined;
  flowPass(where: string, batch: NetworkBatch, only?: number): NetworkPass | undefined {
    const saved = this.gradients.slice();
    try {
      const found = this.#lossOf(where, batch, false, only);
      if (found === undefined) return undefined;
      const { pass, memory, weight } = found;
      this.#backward(where, pass, memory);
      return { pass, run: pass.run, weight };
    } finally {
      this.gradients.set(saved);
    }
  }

  /**
   * The loss of a batch and its gradients, without dropout, by another way back through the recurrent layers.
   * What was next to the parameters stays there.
   *
   * @internal
   */
  gradientsThrough(
    where: string,
    batch: NetworkBatch,
    through: LaneBackward,
  ): { loss: number; gradients: StateDict; pass: Pass } {
    const saved = this.gradients.slice();
    try {
      const { loss, pass, memory } = this.#lossOf(where, batch, false);
      this.#backward(where, pass, memory, through);
      const gradients = this.parameters.map(({ name, shape, grad }) => ({ name, shape, data: grad }));
      return { loss, gradients: stateDictOf(gradients), pass };
    } finally {
      this.gradients.set(saved);
    }
  }

  /**
   * Shows the head's output for every target of each batch, without dropout. The arrays are used again by the
   * next batch of a size.
   *
   * @returns the loss of all batches
   * @internal
   */
  rowsOfAll(
    where: string,
    batches: NetworkBatch | Iterable<NetworkBatch>,
    visit: (rows: LossRows) => void,
  ): number {
    this.#seen = undefined;
    let [all, count] = [0, 0];
    for (const batch of isIterable(batches) ? batches : [batches]) {
      const { loss, memory, weight } = this.#lossOf(where, batch, false);
      count += 1 / weight;
      // A running mean, so that one batch has the loss that it has by itself.
      if (this.reduction === "mean") all += (loss - all) / (weight * count);
      else all += loss;
      visit(memory);
    }
    if (count === 0) throw new RangeError(`${where}: there is no batch, but must be at least one`);
    return all;
  }

  /**
   * Forward in flat memory, without dropout.
   *
   * @internal
   */
  run(where: string, input: NetworkInput): Pass {
    if (typeof input !== "object" || (input as unknown) === null) {
      throw new TypeError(`${where}: the batch is ${kind(input)}, but must be an object with x`);
    }
    return this.#forward(where, input, false).pass;
  }

  #forward(where: string, input: NetworkInput, training: boolean) {
    const { rnn, head, embedding } = this;
    const { x, batchFirst = rnn.batchFirst, lengths, mask, h0, c0, dropoutMasks } = input;
    const { recurrentDropoutMasks } = input;
    checkFlag(where, "batchFirst", batchFirst);
    const ends = { lengths, mask, batchFirst, features: embedding === undefined };
    const extent = extentOf(where, x, ends);
    const pass = rnn.open(where, extent, { h0, c0, training, dropoutMasks, recurrentDropoutMasks });
    const memory = this.#memoryOf(pass);
    if (embedding) {
      readNested(where, "x", x, sequenceAxes(extent), memory.read!, paddingOf(extent));
      this.#readIndices(where, extent, memory);
      embedding.forwardRows(memory.indices!, pass.x);
    } else {
      const features = { of: "features", size: rnn.inputSize, because: "inputSize is" };
      readNested(where, "x", x, sequenceAxes(extent, features), pass.x, paddingOf(extent));
    }
    rnn.stack.forward(pass);
    if (this.outputs === "last") lastStates(pass, memory.rows);
    head.forwardRows(memory.rows, memory.counted.length, memory.predictions);
    if (!this.engine.allFinite(memory.predictions)) {
      const k = memory.predictions.findIndex((value) => !Number.isFinite(value));
      const row = Math.floor(k / head.outputSize);
      const at =
        (this.outputs === "every" ? ` at t = ${Math.floor(row / pass.B) + 1}` : "") +
        ofSample(pass.B)(row % pass.B);
      throw new RangeError(
        `${where}: the head's output contains ${memory.predictions[k]}${at}, but must be finite`,
      );
    }
    return { extent, pass, memory };
  }

  /** `only`: the one step whose targets count; undefined is returned when it has none. */
  #lossOf(where: string, batch: NetworkBatch, training: boolean): BatchLoss;
  #lossOf(where: string, batch: NetworkBatch, training: boolean, only?: number): BatchLoss | undefined;
  #lossOf(where: string, batch: NetworkBatch, training: boolean, only?: number): BatchLoss | undefined {
    if (Array.isArray(batch)) {
      throw new TypeError(
        `${where}: the batch is an array, but must be { x, y }, as \`collate: stack\` makes of samples`,
      );
    }
    if (typeof batch !== "object" || (batch as unknown) === null) {
      throw new TypeError(`${where}: the batch is ${kind(batch)}, but must be { x, y }`);
    }
    checkOptions(where, batch, batchKeys);
    const { outputs, lossName } = this;
    if (lossName === "crossEntropy" && this.head.outputSize === 1) {
      throw new RangeError(
        `${where}: head.outputSize is 1, but crossEntropy needs at least 2 classes; for yes or no there is binaryCrossEntropy`,
      );
    }
    if (batch.outputs !== undefined && batch.outputs !== outputs) {
      const needed =
        outputs === "every" ? "each step, as in y: [[0], [1], [2]] of a sample" : "each sequence";
      throw new RangeError(
        `${where}: y is of ${batch.outputs === "last" ? "the last step" : "every step"}, but the network's outputs are "${outputs}": it must have a target for ${needed}`,
      );
    }
    const { extent, pass, memory } = this.#forward(where, batch, training);
    const given = readTargets(where, extent, batch.y, {
      outputs,
      loss: lossName,
      rows: memory,
      ignoreIndex: this.ignoreIndex,
    });
    const count = only === undefined ? given : keepStep(memory.counted, only, pass.B);
    if (count === 0) return undefined;
    const perTarget = lossName === "crossEntropy" ? 1 : memory.K;
    const total = targetWeight(memory);
    if (total === 0) {
      throw new RangeError(`${where}: classWeights are 0 for every target of y, but one must count`);
    }
    const weight = this.reduction === "mean" ? 1 / (total * perTarget) : 1;
    const loss = lossFunctions[lossName](memory, weight);
    if (!Number.isFinite(loss)) throw new RangeError(`${where}: the loss is ${loss}, but must be finite`);
    return { loss, pass, memory, weight: weight * perTarget };
  }

  #backward(where: string, pass: Pass, memory: Memory, through?: LaneBackward): void {
    const { embedding, rnn, head } = this;
    this.gradients.fill(0);
    pass.dhN.fill(0);
    pass.dcN.fill(0);
    head.backwardRows(memory.rows, memory.counted.length, memory.gradient, memory.dRows);
    if (this.outputs === "last") {
      pass.dOutput.fill(0);
      const [P, width] = [rnn.stack.hSize, rnn.outputSize];
      topLanes(pass, width / P).forEach(({ dhN }, d) => {
        copyColumns(memory.dRows, width, d * P, dhN, P, 0, P, pass.B);
      });
    }
    if (embedding || this.observe) pass.dx ??= this.engine.allocate(pass.x.length);
    rnn.stack.backward(pass, through);
    if (embedding) embedding.backwardRows(memory.indices!, pass.dx!);
    if (this.engine.allFinite(this.gradients)) return;
    for (const { name, grad } of this.parameters) {
      const value = grad.find((element) => !Number.isFinite(element));
      if (value !== undefined) {
        throw new RangeError(`${where}: the gradient of ${name} contains ${value}, but must be finite`);
      }
    }
  }

  /** Copies of what backward overwrites; an RNN's one gate is h, which stays. */
  #keepGates({ lanes }: Pass, memory: Memory): Floats[] {
    if (this.rnn.cell.startsWith("rnn")) return [];
    memory.gates ??= lanes.map(({ recurrence }) => this.engine.allocate(recurrence.gates.length));
    memory.gates.forEach((copy, index) => {
      copy.set(lanes[index].recurrence.gates);
    });
    return memory.gates;
  }

  #memoryOf(pass: Pass): Memory {
    const found = this.#memories.get(pass);
    if (found) return found;
    const { engine, head, rnn, embedding } = this;
    const every = this.outputs === "every";
    const N = every ? pass.T * pass.B : pass.B;
    const K = head.outputSize;
    const memory: Memory = {
      engine,
      rows: every ? pass.output : engine.allocate(N * rnn.outputSize),
      dRows: every ? pass.dOutput : engine.allocate(N * rnn.outputSize),
      predictions: engine.allocate(N * K),
      gradient: engine.allocate(N * K),
      K,
      targets: new Float64Array(N * (this.lossName === "crossEntropy" ? 1 : K)),
      counted: new Uint8Array(N),
      sums: new Float64Array(2 * N),
      classWeights: this.classWeights,
      labelSmoothing: this.labelSmoothing,
      posWeight: this.posWeight,
      delta: this.delta,
      ...(embedding && {
        indices: new Int32Array(pass.T * pass.B),
        read: new Float64Array(pass.T * pass.B),
      }),
    };
    this.#memories.set(pass, memory);
    return memory;
  }

  /** Indices, −1 beyond the ends of the sequences. */
  #readIndices(where: string, { T, B, lengths }: Extent, { read, indices }: Memory): void {
    for (let row = 0; row < T * B; row++) {
      const [t, b] = [Math.floor(row / B), row % B];
      if (lengths && t >= lengths[b]) indices![row] = -1;
      else {
        const at = () => ` at t = ${t + 1}${ofSample(B)(b)}`;
        checkIndex(where, "x contains", read![row], this.embedding!.numEmbeddings, at);
        indices![row] = read![row];
      }
    }
  }
}

function isIterable<T>(value: T | Iterable<T>): value is Iterable<T> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Leaves only the targets of step t. Returns how many there are. */
function keepStep(counted: Uint8Array, t: number, B: number): number {
  counted.fill(0, 0, (t - 1) * B);
  counted.fill(0, t * B);
  return counted.reduce((sum, one) => sum + one, 0);
}

/** The last layer's lanes. */
function topLanes(pass: Pass, D: number) {
  return pass.lanes.slice(-D);
}

/** The state after the last step that each direction reads, side by side: rows [B, D·H]. */
function lastStates(pass: Pass, rows: Floats): void {
  const { T, B, lengths } = pass;
  const D = rows.length === pass.lanes[0].dhN.length ? 1 : 2;
  const H = rows.length / (B * D);
  topLanes(pass, D).forEach(({ recurrence, direction }, d) => {
    for (let b = 0; b < B; b++) {
      const t = direction === "reverse" ? 0 : (lengths === undefined ? T : lengths[b]) - 1;
      const from = (t * B + b) * H;
      for (let j = 0; j < H; j++) rows[(b * D + d) * H + j] = recurrence.h[from + j];
    }
  });
}

function checkParts(options: SequenceNetworkOptions): void {
  const name = "SequenceNetwork";
  checkOptions(name, options, [
    ...["embedding", "rnn", "head", "outputs", "loss", "reduction", "observe"],
    ...Object.keys(settings),
  ]);
  const { embedding, rnn, head, outputs = "last", loss = "crossEntropy", reduction = "mean" } = options;
  if (!(rnn instanceof RecurrentModule)) {
    throw new TypeError(
      `${name}: rnn is ${kind(rnn)}, but must be a recurrent module of unrolled/nn, such as an LSTM`,
    );
  }
  if (!(head instanceof Linear)) throw new TypeError(`${name}: head is ${kind(head)}, but must be a Linear`);
  if (embedding !== undefined && !(embedding instanceof Embedding)) {
    throw new TypeError(`${name}: embedding is ${kind(embedding)}, but must be an Embedding`);
  }
  if (embedding && embedding.embeddingDim !== rnn.inputSize) {
    throw new RangeError(
      `${name}: embedding.embeddingDim is ${embedding.embeddingDim}, but rnn.inputSize is ${rnn.inputSize}`,
    );
  }
  if (head.inputSize !== rnn.outputSize) {
    const twice = rnn.bidirectional ? `, 2 · ${rnn.stack.size.projSize ? "projSize" : "hiddenSize"}` : "";
    throw new RangeError(
      `${name}: head.inputSize is ${head.inputSize}, but the outputs of rnn have ${rnn.outputSize} elements${twice}`,
    );
  }
  for (const [part, { dtype }] of Object.entries({ ...(embedding && { embedding }), head })) {
    if (dtype !== rnn.dtype) {
      throw new RangeError(`${name}: ${part}.dtype is "${dtype}", but rnn.dtype is "${rnn.dtype}"`);
    }
  }
  checkFlag(name, "observe", options.observe ?? false);
  checkChoice(name, "outputs", outputs, places);
  checkChoice(name, "loss", loss, losses);
  checkChoice(name, "reduction", reduction, reductions);
  checkSettings(name, options, loss);
}

function checkSettings(name: string, options: SequenceNetworkOptions, loss: LossName): void {
  for (const key of Object.keys(settings) as Setting[]) {
    if (options[key] !== undefined && loss !== settings[key]) {
      throw new TypeError(`${name}: ${key} is given, but is of ${settings[key]}, and loss is ${loss}`);
    }
  }
  const { labelSmoothing = 0, ignoreIndex = 0, delta = 1, head } = options;
  if (!(isFiniteNumber(labelSmoothing) && labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw misfit(name, "labelSmoothing", labelSmoothing, "a number from 0 to below 1");
  }
  if (!Number.isInteger(ignoreIndex)) throw misfit(name, "ignoreIndex", ignoreIndex, "an integer");
  checkPositive(name, "delta", delta);
  const classes: Axis = { of: "numbers", size: head.outputSize, because: "head.outputSize is" };
  for (const key of ["classWeights", "posWeight"] as const) {
    const given = options[key];
    if (given === undefined) continue;
    for (const weight of readNested(name, key, given, [classes], new Float64Array(head.outputSize))) {
      checkNotNegative(name, `an element of ${key}`, weight);
    }
  }
}
