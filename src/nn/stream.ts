// One step at a time: a network's output while its sequence is still arriving, as from a sensor or a
// keyboard.

import { nameOf } from "../engine/cell_kinds.js";
import type { Engine } from "../engine/engine.js";
import { checkOptions, checkSize, shown } from "../numbers/validation.js";
import type { Floats, Parameter, Tensor } from "../numbers/tensor.js";
import { checkIndex } from "./embedding.js";
import type { Axis, Nested } from "./nested.js";
import { extents, readNested } from "./nested.js";
import type { SequenceNetwork } from "./network.js";
import { stateAxis } from "./recurrent.js";
import { ofSample } from "./sequences.js";
import type { Pass } from "./stack.js";
import { RecurrentStack } from "./stack.js";

/** The state that a sequence continues from: h0 and c0 of a batch. */
export interface NetworkState {
  /** [numLayers, B, H], or [B, H] of a single layer; zeros where not given */
  h0?: Nested;
  /**
   * of an LSTM, as h0; of an SLSTM c, n and m side by side, 3H in the place of H; of an MLSTM C, n and m,
   * H² + H + 1
   */
  c0?: Nested;
}

export interface StreamOptions extends NetworkState {
  /** B, sequences that arrive side by side; default 1 */
  batchSize?: number;
}

/**
 * A network that reads one step at a time and keeps its state in between. It has a copy of the weights as
 * they were when it was opened: later training of the network does not change it.
 *
 * Its output after t steps is that of `predict` at step t of the whole sequence, to the last bit where the
 * same engine computes both: in float64 with sizes up to 256, in float32 where the batch is large enough for
 * WebAssembly. Where a layer is `parallel`, the last bits differ. Nothing is allocated at a step.
 */
export class SequenceStream {
  readonly batchSize: number;
  readonly #engine: Engine;
  readonly #network: SequenceNetwork;
  readonly #stack: RecurrentStack;
  readonly #pass: Pass;
  readonly #table?: Floats;
  readonly #weight: Floats;
  readonly #bias?: Floats;
  readonly #predictions: Floats;
  readonly #indices: Float64Array;
  #isBound = false;

  /** @internal Opened by {@link SequenceNetwork.stream}. */
  constructor(network: SequenceNetwork, engine: Engine, options: StreamOptions) {
    const where = "SequenceNetwork.stream";
    checkOptions(where, options, ["batchSize", "h0", "c0"]);
    const { batchSize = 1, ...state } = options;
    checkSize(where, "batchSize", batchSize);
    const { rnn, head, embedding } = network;
    const copy = (data: Floats): Floats => {
      const own = engine.allocate(data.length);
      own.set(data);
      return own;
    };
    this.batchSize = batchSize;
    this.#engine = engine;
    this.#network = network;
    const own = rnn.parameters.map((parameter): Parameter => ({ ...parameter, data: copy(parameter.data) }));
    this.#stack = new RecurrentStack("SequenceStream", engine, rnn.stack.size, own);
    this.#pass = this.#stack.pass(1, batchSize);
    this.#table = embedding && copy(embedding.parameters[0].data);
    const [weight, bias] = head.parameters;
    this.#weight = copy(weight.data);
    this.#bias = bias && copy(bias.data);
    this.#predictions = engine.allocate(batchSize * head.outputSize);
    this.#indices = new Float64Array(batchSize);
    this.#place(where, state);
  }

  /** How many steps were read since the stream was opened or reset. */
  get steps(): number {
    return this.#pass.before;
  }

  /**
   * The state after the last step, copies: `network.predict({ x, ...stream.state })` continues from there.
   */
  get state(): { h0: Tensor; c0?: Tensor } {
    const { h0, c0 } = this.#pass;
    const { numLayers } = this.#network.rnn;
    const { hSize, cellStateSize: S } = this.#stack;
    return {
      h0: { shape: [numLayers, this.batchSize, hSize], data: h0.slice() },
      ...(S > 0 && { c0: { shape: [numLayers, this.batchSize, S], data: c0.slice() } }),
    };
  }

  /**
   * Reads x_t and returns the head's output for h_t: logits, or a forecast.
   *
   * @param x inputSize numbers, or of a batch [B, inputSize]; with an embedding an index, or [B] of them
   * @returns [B · outputSize], the same array at every step: copy what is to be kept
   * @throws {TypeError} for x of a wrong kind
   * @throws {RangeError} for a wrong shape, or where a state is no longer finite; the state stays as it was
   */
  step(x: number | Nested): Floats {
    const { head } = this.#network;
    const pass = this.#pass;
    this.#read("SequenceStream.step", x);
    this.#stack.forward(pass, this.#isBound);
    this.#isBound = true;
    const { recurrence } = pass.lanes[pass.lanes.length - 1];
    const predictions = this.#predictions;
    const [B, K, H] = [this.batchSize, head.outputSize, head.inputSize];
    if (this.#bias) for (let b = 0; b < B; b++) predictions.set(this.#bias, b * K);
    this.#engine.gemm(
      false,
      true,
      B,
      K,
      H,
      recurrence.h,
      this.#weight,
      predictions,
      this.#bias !== undefined,
    );
    if (!this.#engine.allFinite(predictions)) {
      const k = predictions.findIndex((value) => !Number.isFinite(value));
      throw new RangeError(
        `SequenceStream.step: the head's output contains ${predictions[k]} at t = ${pass.before + 1}${ofSample(B)(Math.floor(k / K))}, but must be finite`,
      );
    }
    for (const lane of pass.lanes) {
      lane.h0.set(lane.recurrence.h);
      if (lane.recurrence.c) lane.c0.set(lane.recurrence.c);
    }
    pass.before++;
    return predictions;
  }

  /**
   * Starts again, from zeros or from the given state.
   *
   * @throws {TypeError} for an unknown key, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  reset(state: NetworkState = {}): void {
    const where = "SequenceStream.reset";
    checkOptions(where, state, ["h0", "c0"]);
    this.#place(where, state);
  }

  #place(where: string, { h0, c0 }: NetworkState): void {
    const { rnn } = this.#network;
    const pass = this.#pass;
    if (c0 !== undefined && this.#stack.cellStateSize === 0) {
      throw new TypeError(`${where}: c0 is given, but ${nameOf(rnn.cell)} has no cell state`);
    }
    const read = (state: "h" | "c", given: Nested | undefined) => {
      const into = this.#engine.allocate(pass[`${state}0`].length);
      if (given === undefined) return into;
      return readNested(where, `${state}0`, given, this.#stateAxes(given, state), into);
    };
    const [h, c] = [read("h", h0), read("c", c0)];
    pass.h0.set(h);
    pass.c0.set(c);
    pass.before = 0;
  }

  #stateAxes(given: Nested, state: "h" | "c"): Axis[] {
    const { numLayers } = this.#network.rnn;
    const B = this.batchSize;
    const axes: Axis[] = [
      { of: "layers", size: numLayers, because: "numLayers is", at: (k) => ` in layer ${k}` },
      { of: "sequences", size: B, because: "batchSize is", at: ofSample(B) },
      stateAxis(this.#stack, state),
    ];
    return numLayers === 1 && extents(given).length === 2 ? axes.slice(1) : axes;
  }

  #read(where: string, x: number | Nested): void {
    const { embedding, rnn } = this.#network;
    const { x: into } = this.#pass;
    const B = this.batchSize;
    const sequences: Axis = { of: "sequences", size: B, because: "batchSize is", at: ofSample(B) };
    if (embedding === undefined) {
      if (typeof x !== "number" && B === 1 && copyNumbers(x, into)) return;
      const features: Axis = { of: "features", size: rnn.inputSize, because: "inputSize is" };
      const flat = B === 1 && (typeof x === "number" || extents(x).length === 1);
      readNested(where, "x", x as Nested, flat ? [features] : [sequences, features], into);
      return;
    }
    const indices = this.#indices;
    if (typeof x === "number" && B === 1) indices[0] = x;
    else if (typeof x === "number") {
      throw new TypeError(`${where}: x is ${shown(x)}, but must be ${B} indices`);
    } else readNested(where, "x", x, [sequences], indices);
    const { numEmbeddings, embeddingDim: F } = embedding;
    for (let b = 0; b < B; b++) checkIndex(where, "x is", indices[b], numEmbeddings, () => ofSample(B)(b));
    for (let b = 0; b < B; b++) {
      const from = indices[b] * F;
      for (let j = 0; j < F; j++) into[b * F + j] = this.#table![from + j];
    }
  }
}

/** Copies a row of numbers that fits, the common case, without looking at it as anything else. */
function copyNumbers(from: Nested, into: Floats): boolean {
  if (!Array.isArray(from) && !(from instanceof Float32Array) && !(from instanceof Float64Array))
    return false;
  if (from.length !== into.length) return false;
  for (let k = 0; k < into.length; k++) {
    const value: unknown = from[k];
    if (typeof value !== "number") return false;
    into[k] = value;
    if (!Number.isFinite(into[k])) return false;
  }
  return true;
}
