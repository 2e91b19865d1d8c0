// A part of a batch, the sequences that one thread computes: what belongs to them is copied from the memory
// that all threads share, and what comes out is copied there. No two parts write to the same place.

import type { DType, Floats } from "../../numbers/tensor.js";
import type { BackwardOptions, FlowSums, Recurrence, RecurrenceSize, RecurrenceWeights } from "../engine.js";
import { engineFor } from "../engine_for.js";

/** A whole batch, as in engine.ts, in memory that all threads share. */
export interface SharedBatch {
  dtype: DType;
  size: RecurrenceSize;
  x: Floats;
  h: Floats;
  c?: Floats;
  dh: Floats;
  dx: Floats;
  weights: RecurrenceWeights;
  /** [B, …] each */
  ends: Record<End, Floats>;
  lengths: Int32Array;
}

export const endNames = ["h0", "c0", "dhT", "dcT", "dh0", "dc0", "hMask"] as const;
export type End = (typeof endNames)[number];

/** Which sequences a part has, and the memory that no other part writes to. */
export interface PartMemory {
  /** the first sequence, and the one after the last */
  from: number;
  to: number;
  gradients: RecurrenceWeights;
  /** for each of {@link sumNames} T + 1 numbers */
  sums: Float64Array;
}

export const sumNames = ["h", "c", "Wx", "Wh", "b"] as const satisfies (keyof FlowSums)[];

/** Which of the shared arrays a call is about, and how it reads them. */
export interface Call {
  ends: End[];
  hasLengths: boolean;
  reverse: boolean;
  sameWeights: boolean;
  hasDx: boolean;
}

/** What is fetched only when somebody asks for it. */
export type Inner = "gates" | "dc" | "keep";

export class Part {
  readonly #batch: SharedBatch;
  readonly #memory: PartMemory;
  readonly #recurrence: Recurrence;
  /** views of this part's sequences */
  readonly #ends: Record<End, Floats>;
  readonly #lengths: Int32Array;
  readonly #x: Floats;
  #dx?: Floats;

  /** @throws {RangeError} when there is no memory for it */
  constructor(batch: SharedBatch, memory: PartMemory) {
    this.#batch = batch;
    this.#memory = memory;
    const { from, to } = memory;
    const { T, B, I } = batch.size;
    const engine = engineFor(batch.dtype);
    this.#recurrence = engine.recurrence({ ...batch.size, B: to - from });
    this.#x = engine.allocate(T * (to - from) * I);
    this.#lengths = batch.lengths.subarray(from, to);
    const views = endNames.map((name) => {
      const width = batch.ends[name].length / B;
      return [name, batch.ends[name].subarray(from * width, to * width)];
    });
    this.#ends = Object.fromEntries(views) as Record<End, Floats>;
  }

  forward(call: Call): void {
    const { x, h, c, weights } = this.#batch;
    const recurrence = this.#recurrence;
    this.#take(x, this.#x);
    recurrence.forward(this.#x, weights, this.#options(call));
    this.#put(recurrence.h, h);
    if (recurrence.c && c) this.#put(recurrence.c, c);
  }

  backward(call: Call): void {
    const { dh, dx, weights } = this.#batch;
    const { gradients } = this.#memory;
    const recurrence = this.#recurrence;
    this.#take(dh, recurrence.dh);
    for (const gradient of Object.values(gradients) as Floats[]) gradient.fill(0);
    if (call.hasDx) this.#dx ??= this.#x.slice();
    const options = { ...this.#options(call), ...(call.hasDx && { dx: this.#dx }) };
    recurrence.backward(this.#x, weights, gradients, options);
    this.#put(recurrence.dh, dh);
    if (call.hasDx) this.#put(this.#dx!, dx);
  }

  /** The sums over this part's sequences, also in its memory. */
  flow(call: Call): FlowSums {
    const sums = this.#recurrence.flow(this.#x, this.#options(call));
    sumNames.forEach((name, index) => {
      this.#memory.sums.set(sums[name] ?? [], index * (this.#batch.size.T + 1));
    });
    return sums;
  }

  read(name: Inner, into: Floats): void {
    this.#put(this.#recurrence[name]!, into);
  }

  #options({ ends, hasLengths, reverse, sameWeights }: Call): BackwardOptions & { sameWeights: boolean } {
    return {
      ...Object.fromEntries(ends.map((name) => [name, this.#ends[name]])),
      ...(hasLengths && { lengths: this.#lengths }),
      reverse,
      sameWeights,
    };
  }

  /** [T, B, …] to this part's [T, b, …] */
  #take(whole: Floats, part: Floats): void {
    const { T, B } = this.#batch.size;
    const width = whole.length / (T * B);
    const [first, row] = [this.#memory.from * width, part.length / T];
    for (let t = 0; t < T; t++) {
      const at = t * B * width + first;
      part.set(whole.subarray(at, at + row), t * row);
    }
  }

  /** and back */
  #put(part: Floats, whole: Floats): void {
    const { T, B } = this.#batch.size;
    const width = whole.length / (T * B);
    const [first, row] = [this.#memory.from * width, part.length / T];
    for (let t = 0; t < T; t++) {
      whole.set(part.subarray(t * row, (t + 1) * row), t * B * width + first);
    }
  }
}
