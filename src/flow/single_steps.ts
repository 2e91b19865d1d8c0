// All steps of a layer in one direction side by side, as a batch of sequences of one step: once the
// states that they read are given, none waits for another.

import type { Matrix } from "ml-matrix";
import { cellStateSize } from "../engine/cell_kinds.js";
import type { Recurrence, RecurrenceWeights } from "../engine/engine.js";
import { engineFor } from "../engine/engine_for.js";
import type { Lane } from "../nn/stack.js";
import type { DType, Floats } from "../numbers/tensor.js";
import { jacobianAt } from "./step_jacobian.js";
import { stepsOf } from "./trajectory.js";

export class SingleSteps {
  /** rows n of the steps of each sample, in the order in which they are read */
  readonly sequences: readonly number[][];
  /** of N sequences of one step */
  readonly recurrence: Recurrence;
  /** x_t, [N, I] */
  readonly x: Floats;
  /** the state that each step reads: h, [N, H], and C of an LSTM, [N, H], otherwise nothing */
  readonly h: Floats;
  readonly c: Floats;
  /** where step n is in arrays [T·B, …] */
  readonly #rows: readonly number[];
  readonly #lane: Lane;

  constructor(dtype: DType, lane: Lane, lengths?: Int32Array) {
    const { T, B, I, H, cell } = lane.recurrence.size;
    this.#lane = lane;
    const rows: number[] = [];
    this.sequences = Array.from({ length: B }, (_, sample) =>
      stepsOf({ T, lengths }, lane, sample).map(({ t }) => rows.push(t * B + sample) - 1),
    );
    this.#rows = rows;
    const engine = engineFor(dtype);
    const N = rows.length;
    this.recurrence = engine.recurrence({ cell, T: 1, B: N, I, H });
    this.x = engine.allocate(N * I);
    this.h = engine.allocate(N * H);
    this.c = engine.allocate(N * cellStateSize(cell, H));
    this.gather(lane.input, this.x);
  }

  /** From an array [T·B, F] into one [N, F]. */
  gather(from: Floats, into: Floats): void {
    const F = into.length / this.#rows.length;
    this.#rows.forEach((row, n) => into.set(from.subarray(row * F, (row + 1) * F), n * F));
  }

  /** From an array [N, F] into one [T·B, F]; zeros beyond a sequence's end. */
  scatter(from: Floats, into: Floats): void {
    const F = from.length / this.#rows.length;
    into.fill(0);
    this.#rows.forEach((row, n) => into.set(from.subarray(n * F, (n + 1) * F), row * F));
  }

  /** Makes every step read the state after the one before it: h and c are [N, …]. */
  read(h: Floats, c: Floats): void {
    const { h0, c0 } = this.#lane;
    const move = (initial: Floats, after: Floats, into: Floats) => {
      const F = into.length / this.#rows.length;
      this.sequences.forEach((rows, sample) => {
        rows.forEach((n, place) => {
          const [from, row] = place === 0 ? [initial, sample] : [after, rows[place - 1]];
          into.set(from.subarray(row * F, (row + 1) * F), n * F);
        });
      });
    };
    move(h0, h, this.h);
    move(c0, c, this.c);
  }

  /** Computes all steps from the states that they read. */
  forward(weights: RecurrenceWeights): void {
    this.recurrence.forward(this.x, weights, { h0: this.h, c0: this.c });
  }

  /** ∂s_n/∂(the state that step n reads), after forward. */
  jacobian(weights: RecurrenceWeights, n: number): Matrix {
    const { H } = this.recurrence.size;
    const ofStep = (states: Floats) => states.subarray(n * H, (n + 1) * H);
    return jacobianAt(this.recurrence, weights, n, ofStep(this.h), ofStep(this.c));
  }
}
