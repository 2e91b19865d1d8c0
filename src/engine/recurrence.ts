// One layer in one direction over a whole batch. One product W_x x over all T·B rows fills the gates, which
// stay where they are: first pre-activations, then activations, then their gradients. After the loop over
// time, ∂L/∂W_x and ∂L/∂W_h are one product each. All memory is allocated once.

import type { DType, Floats } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import type { CellKind } from "./cell_kinds.js";
import { cellStateSize, gateCount, gateRows, isInputGated } from "./cell_kinds.js";
import type { Cell, Memory } from "./cells.js";
import { addColumnSums, cells } from "./cells.js";
import { checkArguments, checkGradients, checkInput, checkRecurrenceSize } from "./checks.js";
import type {
  BackwardOptions,
  FlowSums,
  ForwardOptions,
  Recurrence,
  RecurrenceSize,
  RecurrenceWeights,
  SequenceOptions,
} from "./engine.js";
import { flowSums } from "./flow_sums.js";
import { multiply } from "./gemm.js";
import { productsOf } from "./lstm_layer_norm_cell.js";
import { lstmProjected } from "./lstm_projected_cell.js";

const noOptions = {};
/** how many numbers a unit has in Memory.scratch */
const scratches: Partial<Record<CellKind, number>> = { gru_reset_before: 1, mlstm: 2, lru: 3 };

export class BatchRecurrence implements Recurrence {
  readonly size: Readonly<RecurrenceSize>;
  readonly h: Floats;
  readonly c?: Floats;
  readonly gates: Floats;
  readonly dh: Floats;
  readonly dc?: Floats;
  readonly keep?: Floats;
  /** the rows of the weights */
  readonly #R: number;
  /** the width of the cell state */
  readonly #S: number;
  readonly #cell: Cell;
  readonly #memory: Memory;
  /** x with zeros beyond the ends of the sequences, made when a batch has lengths */
  #padded?: Floats;

  /** @param step what computes a step, the cell of that kind or one like it */
  constructor(
    dtype: DType,
    size: RecurrenceSize,
    step: Cell = size.P === undefined ? cells[size.cell] : lstmProjected,
  ) {
    checkRecurrenceSize(size);
    this.size = { ...size };
    const { cell, T, B, H, P = H } = size;
    this.#R = gateRows(cell, H);
    this.#cell = step;
    const perStep = (width: number) => allocate(dtype, T * B * width);
    const state = () => allocate(dtype, B * P);
    const none = allocate(dtype, 0);
    const S = cellStateSize(cell, H);
    const logarithms = () => new Float64Array(this.#cell.scan ? T * B * H : 0);
    const hPrev = perStep(P);
    this.#memory = {
      B,
      H,
      P,
      gates: perStep(this.#R),
      h: perStep(P),
      hPrev,
      hRead: size.hasMask ? perStep(P) : hPrev,
      masked: size.hasMask ? state() : none,
      c: perStep(S),
      cPrev: perStep(S),
      dc: perStep(S),
      extra: gateCount[cell] > 1 || cell === "lru" ? perStep(H) : none,
      dhNext: state(),
      dcNext: allocate(dtype, B * S),
      scratch: allocate(dtype, B * H * (scratches[cell] ?? (P < H ? 1 : 0))),
      ...(cell === "lstm_layer_norm" && { products: productsOf(dtype, T * B, H) }),
      logKept: logarithms(),
      logAdded: logarithms(),
    };
    this.h = this.#memory.h;
    this.gates = this.#memory.gates;
    this.dh = perStep(P);
    this.#S = S;
    if (S > 0) {
      this.c = this.#memory.c;
      this.dc = this.#memory.dc;
    }
    if (isInputGated(cell)) this.keep = this.#memory.extra;
  }

  forward(x: Floats, weights: RecurrenceWeights, options: ForwardOptions = noOptions): void {
    checkArguments("forward", this.size, x, weights, options);
    const { T, B, I, H, P = H } = this.size;
    const { lengths, reverse = false, h0, c0, hMask } = options;
    const memory = this.#memory;
    const R = this.#R;
    const S = this.#S;
    const cell = this.#cell;
    const { gates, h, hPrev, hRead, c, cPrev, products } = memory;
    const { hasMask = false } = this.size;
    memory.hMask = hMask;
    for (let row = 0; row < T * B && !products; row++) gates.set(weights.b, row * R);
    const input = lengths === undefined ? x : this.#withoutPadding(x, lengths);
    multiply(T * B, R, I, input, 0, I, 1, weights.Wx, 0, 1, I, gates, 0, R, products === undefined);
    cell.prepare?.(memory, weights);
    cell.scan?.(memory, T, options);
    for (let step = 0; step < T; step++) {
      const t = reverse ? T - 1 - step : step;
      previous(h, hPrev, h0, t, B, P, T, lengths, reverse);
      if (hasMask) maskRows(hPrev, hMask, hRead, t * B * P, B * P);
      if (S > 0) previous(c, cPrev, c0, t, B, S, T, lengths, reverse);
      if (cell.scan === undefined) cell.forward(memory, t * B, weights);
      if (lengths === undefined) continue;
      for (let b = 0; b < B; b++) {
        if (t < lengths[b]) continue;
        const row = t * B + b;
        gates.fill(0, row * R, (row + 1) * R);
        memory.extra.fill(0, row * H, (row + 1) * H);
        h.fill(0, row * P, (row + 1) * P);
        c.fill(0, row * S, (row + 1) * S);
      }
    }
  }

  backward(
    x: Floats,
    weights: RecurrenceWeights,
    gradients: RecurrenceWeights,
    options: BackwardOptions = noOptions,
  ): void {
    checkArguments("backward", this.size, x, weights, options);
    const { T, B, I, H, P = H } = this.size;
    const { lengths, reverse = false, dhT, dcT, dx, dh0, dc0 } = options;
    const { dh } = this;
    const memory = this.#memory;
    const R = this.#R;
    const S = this.#S;
    const cell = this.#cell;
    const { gates, dhNext, dcNext } = memory;
    checkGradients(this.size, gradients);
    dhNext.fill(0);
    dcNext.fill(0);
    for (let step = T - 1; step >= 0; step--) {
      const t = reverse ? T - 1 - step : step;
      for (let b = 0; b < B; b++) {
        const length = lengths === undefined ? T : lengths[b];
        const at = (t * B + b) * P;
        if (t >= length) {
          dh.fill(0, at, at + P);
          dcNext.fill(0, b * S, (b + 1) * S);
          continue;
        }
        for (let j = 0; j < P; j++) dh[at + j] += dhNext[b * P + j];
        if (t !== (reverse ? 0 : length - 1)) continue;
        if (dhT !== undefined) for (let j = 0; j < P; j++) dh[at + j] += dhT[b * P + j];
        if (dcT !== undefined) for (let k = b * S; k < (b + 1) * S; k++) dcNext[k] = dcT[k];
      }
      cell.backward(memory, t * B, weights, dh);
      for (let b = 0; b < B; b++) {
        if (t !== (reverse ? (lengths === undefined ? T : lengths[b]) - 1 : 0)) continue;
        if (dh0 !== undefined) for (let k = b * P; k < (b + 1) * P; k++) dh0[k] = dhNext[k];
        if (dc0 !== undefined) for (let k = b * S; k < (b + 1) * S; k++) dc0[k] = dcNext[k];
      }
    }
    const rows = T * B;
    const input = lengths === undefined ? x : this.#withoutPadding(x, lengths);
    const ofX = memory.products?.x ?? gates;
    multiply(R, I, rows, ofX, 0, 1, R, input, 0, I, 1, gradients.Wx, 0, I, true);
    cell.weightGradients(memory, rows, gradients, dh);
    addColumnSums(gates, rows, R, gradients.b);
    if (dx !== undefined) multiply(rows, I, R, ofX, 0, R, 1, weights.Wx, 0, I, 1, dx, 0, I, false);
  }

  flow(x: Floats, { lengths }: Pick<SequenceOptions, "lengths"> = noOptions): FlowSums {
    checkInput("flow", this.size, x);
    return flowSums(
      this.size,
      this.#memory,
      this.dh,
      lengths === undefined ? x : this.#withoutPadding(x, lengths),
    );
  }

  /** x may hold anything beyond a sequence's end, even NaN, and 0 · NaN must not reach a gradient. */
  #withoutPadding(x: Floats, lengths: Int32Array): Floats {
    const { T, B, I } = this.size;
    const padded = (this.#padded ??= x.slice());
    padded.set(x);
    for (let b = 0; b < B; b++) {
      for (let t = lengths[b]; t < T; t++) padded.fill(0, (t * B + b) * I, (t * B + b + 1) * I);
    }
    return padded;
  }
}

/** a ⊙ mask, or a, in the `count` elements from `first` on */
function maskRows(a: Floats, mask: Floats | undefined, into: Floats, first: number, count: number): void {
  for (let k = 0; k < count; k++) into[first + k] = a[first + k] * (mask?.[k] ?? 1);
}

/**
 * Copies the state that step t reads: the state after the step before it in reading order, or the initial
 * one.
 */
function previous(
  states: Floats,
  into: Floats,
  initial: Floats | undefined,
  t: number,
  B: number,
  H: number,
  T: number,
  lengths: Int32Array | undefined,
  reverse: boolean,
): void {
  for (let b = 0; b < B; b++) {
    const target = (t * B + b) * H;
    const length = lengths === undefined ? T : lengths[b];
    if (t >= length || t === (reverse ? length - 1 : 0)) {
      for (let j = 0; j < H; j++) into[target + j] = initial === undefined ? 0 : initial[b * H + j];
    } else {
      const source = ((reverse ? t + 1 : t - 1) * B + b) * H;
      for (let j = 0; j < H; j++) into[target + j] = states[source + j];
    }
  }
}
