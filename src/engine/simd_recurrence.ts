// One layer in one direction over a whole batch, in float32 by WebAssembly SIMD: the same steps as
// recurrence.ts, in a memory of its own. What the caller holds elsewhere (x, weights, gradients) is copied in
// and out; h, c, gates and dh are not.

import type { Floats } from "../numbers/tensor.js";
import type { SimdKind } from "./cell_kinds.js";
import { gateCount } from "./cell_kinds.js";
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
import type { SimdCell, SimdMemory } from "./simd_cells.js";
import { packBackward, packForward, previousAt, simdCells } from "./simd_cells.js";
import type { SimdInstance } from "./simd_module.js";
import { instantiate, panelColumns } from "./simd_module.js";

const noOptions = {};

type SimdSize = RecurrenceSize & { cell: SimdKind };

/** Rows of a product's factor that are packed at a time. */
const packedRows = 256;

/** Floats of each array. h, c and dh have a step more at either end, where the initial state stands. */
function arrays({ cell, T, B, I, H }: RecurrenceSize) {
  const G = gateCount[cell];
  const [state, steps] = [B * H, T * B * H];
  const isLstm = cell === "lstm";
  const padded = (columns: number) => Math.ceil(columns / panelColumns) * panelColumns;
  const weights = { Wx: G * H * I, Wh: G * H * H, b: G * H, bn: H };
  return {
    ...weights,
    dWx: weights.Wx,
    dWh: weights.Wh,
    db: weights.b,
    dbn: weights.bn,
    packedWx: Math.max(I * padded(G * H), G * H * padded(I)),
    packedWh: G * H * padded(H),
    packed: packedRows * padded(G * H) + G * H * (H + I),
    scratch: cell === "gru_reset_before" ? state : 0,
    dcNext: isLstm ? state : 0,
    /** and after backward dx */
    x: T * B * I,
    h: 2 * state + steps,
    c: isLstm ? 2 * state + steps : 0,
    extra: G > 1 ? steps : 0,
    gates: G * steps,
    dh: 2 * state + steps,
    dc: isLstm ? steps : 0,
    // Norms of rows and their sums, in float64
    ofGates: G === 3 ? 6 * T * B : 0,
    ofStates: 2 * (T + 1) * B,
    ofHPrev: 2 * T * B,
    ofX: 2 * T * B,
    ofDz: 2 * T * B,
    ofDWh: G === 3 ? 2 * T * B : 0,
    sums: 10 * (T + 1),
  };
}

type Name = keyof ReturnType<typeof arrays>;

export class SimdRecurrence implements Recurrence {
  readonly size: Readonly<RecurrenceSize>;
  readonly h: Floats;
  readonly c?: Floats;
  readonly gates: Floats;
  readonly dh: Floats;
  readonly dc?: Floats;
  readonly #cell: SimdCell;
  readonly #memory: SimdMemory;
  readonly #at: SimdInstance<Name>["at"];
  readonly #view: SimdInstance<Name>["view"];
  /** ∂L/∂h of an initial state, before the first or after the last step */
  readonly #dhBefore: Float32Array;
  readonly #dhAfter: Float32Array;
  /** whether the weights are in memory as forward reads them, where backward packs its own */
  #isPacked = false;
  /** whether x is in memory, where backward writes ∂L/∂x */
  #hasInput = false;
  readonly #sums: FlowSums & Required<Pick<FlowSums, "Wh">>;

  /** @throws {RangeError} when there is no memory for it */
  constructor(size: SimdSize) {
    checkRecurrenceSize(size);
    this.size = { ...size };
    const { cell, T, B, I, H } = size;
    const { kernels, at, view } = instantiate(arrays(size));
    this.#at = at;
    this.#view = view;
    this.#cell = simdCells[cell];
    this.#memory = { ...at, kernels, rows: T * B, B, H, I, G: gateCount[cell], reverse: false };
    const inner = (array: Float32Array) => array.subarray(B * H, (T + 1) * B * H);
    this.gates = view.gates;
    this.h = inner(view.h);
    this.dh = inner(view.dh);
    this.#dhBefore = view.dh.subarray(0, B * H);
    this.#dhAfter = view.dh.subarray((T + 1) * B * H);
    const ofQuantity = (k: number) => new Float64Array(view.sums.buffer, at.sums + 8 * k * (T + 1), T + 1);
    const [h, Wx, Wh, b] = [0, 1, 2, 3].map(ofQuantity);
    this.#sums = { h, Wx, Wh, b };
    if (cell === "lstm") {
      this.c = inner(view.c);
      this.dc = view.dc;
      this.#sums.c = ofQuantity(4);
    }
  }

  forward(x: Floats, weights: RecurrenceWeights, options: ForwardOptions = noOptions): void {
    checkArguments("forward", this.size, x, weights, options);
    const memory = this.#memory;
    const cell = this.#cell;
    const at = this.#at;
    const view = this.#view;
    const { T, I } = this.size;
    const { kernels, G, H, rows } = memory;
    const { lengths, reverse = false, h0, c0, sameWeights = false } = options;
    memory.reverse = reverse;
    this.#placeInput(x, lengths);
    if (!sameWeights || !this.#isPacked) {
      view.Wx.set(weights.Wx);
      view.Wh.set(weights.Wh);
      view.b.set(weights.b);
      if (this.size.cell === "gru") copyOrClear(view.bn, weights.bn);
      kernels.packB(I, G * H, at.Wx, 1, I, at.packedWx);
      packForward(memory, cell.parts);
      this.#isPacked = true;
    }
    kernels.multiply(rows, G * H, I, at.x, I, 1, at.packedWx, at.b, 0, at.gates, G * H);
    this.#placeInitial(view.h, h0, lengths);
    if (this.c !== undefined) this.#placeInitial(view.c, c0, lengths);
    for (let step = 0; step < T; step++) {
      const t = reverse ? T - 1 - step : step;
      cell.forward(memory, t);
      if (lengths !== undefined) this.#clearStep(t, lengths, h0, c0);
    }
    if (lengths !== undefined && reverse) this.#clearInitial(lengths);
  }

  backward(
    x: Floats,
    weights: RecurrenceWeights,
    gradients: RecurrenceWeights,
    options: BackwardOptions = noOptions,
  ): void {
    checkArguments("backward", this.size, x, weights, options);
    checkGradients(this.size, gradients);
    const memory = this.#memory;
    const cell = this.#cell;
    const at = this.#at;
    const view = this.#view;
    const { T, B, I } = this.size;
    const { kernels, G, H, rows } = memory;
    const { lengths, reverse = false, h0, c0, dhT, dcT, dx, dh0, dc0 } = options;
    this.#dhBefore.fill(0);
    this.#dhAfter.fill(0);
    if (lengths !== undefined) clearBeyond(view.dh, H, T, B, lengths, B);
    if (dhT !== undefined) {
      for (let b = 0; b < B; b++) {
        const last = reverse ? 0 : (lengths === undefined ? T : lengths[b]) - 1;
        for (let j = 0; j < H; j++) this.dh[(last * B + b) * H + j] += dhT[b * H + j];
      }
    }
    const ragged = lengths !== undefined;
    if (memory.G === 4) copyOrClear(view.dcNext, ragged && !reverse ? undefined : dcT);
    if (ragged && reverse) {
      this.#placeInitial(view.h, h0, lengths);
      if (this.c !== undefined) this.#placeInitial(view.c, c0, lengths);
    }

    this.#isPacked = false;
    packBackward(memory, cell.parts);
    for (let step = T - 1; step >= 0; step--) {
      const t = reverse ? T - 1 - step : step;
      if (ragged && !reverse && dcT !== undefined) {
        for (let b = 0; b < B; b++) if (t === lengths[b] - 1) copyRow(dcT, b, view.dcNext, b, H);
      }
      cell.backward(memory, t);
      if (!ragged || !reverse) continue;
      // Read backwards, a sequence's initial state stands beyond its end, where nothing may remain.
      for (let b = 0; b < B; b++) {
        if (t !== lengths[b] - 1) continue;
        const beyond = (t + 2) * B + b;
        if (dh0 !== undefined) copyRow(view.dh, beyond, dh0, b, H);
        view.dh.fill(0, beyond * H, (beyond + 1) * H);
        if (this.c === undefined) continue;
        if (dc0 !== undefined) copyRow(view.dcNext, b, dc0, b, H);
        view.dcNext.fill(0, b * H, (b + 1) * H);
      }
    }
    if (!ragged || !reverse) {
      dh0?.set(reverse ? this.#dhAfter : this.#dhBefore);
      if (this.c !== undefined) dc0?.set(view.dcNext);
    }

    view.dWx.set(gradients.Wx);
    view.dWh.set(gradients.Wh);
    view.db.set(gradients.b);
    if (this.size.cell === "gru") copyOrClear(view.dbn, gradients.bn);
    kernels.addColumnSums(rows, G * H, at.gates, at.db);
    cell.weightGradients(memory);
    gradients.Wx.set(view.dWx);
    gradients.Wh.set(view.dWh);
    gradients.b.set(view.db);
    if (this.size.cell === "gru") gradients.bn?.set(view.dbn);
    if (ragged && reverse) this.#clearInitial(lengths);

    if (dx === undefined) return;
    this.#hasInput = false;
    kernels.packB(G * H, I, at.Wx, I, 1, at.packedWx);
    view.x.fill(0);
    kernels.multiply(rows, I, G * H, at.gates, G * H, 1, at.packedWx, at.x, I, at.x, I);
    dx.set(view.x);
  }

  /** As flow_sums.ts. */
  flow(x: Floats, { h0, lengths }: Pick<SequenceOptions, "h0" | "lengths"> = noOptions): FlowSums {
    checkInput("flow", this.size, x);
    const { T, B, I, H, cell } = this.size;
    const memory = this.#memory;
    const at = this.#at;
    const view = this.#view;
    const sums = this.#sums;
    const { kernels, G, rows } = memory;
    if (!this.#hasInput) this.#placeInput(x, lengths);
    const raggedReverse = lengths !== undefined && memory.reverse;
    if (raggedReverse) this.#placeInitial(view.h, h0, lengths);
    kernels.norms(rows, H, previousAt(memory, at.h, 0), at.ofHPrev);
    if (raggedReverse) this.#clearInitial(lengths);
    kernels.norms(rows, I, at.x, at.ofX);
    if (G === 3) {
      kernels.norms(3 * rows, H, at.gates, at.ofGates);
      kernels.norms(rows, H, at.extra, at.ofDWh);
      kernels.gruNorms(rows, cell === "gru_reset_before", at.ofGates, at.ofHPrev, at.ofDWh, at.ofDz);
      kernels.stepSums(T, B, at.ofDWh, 0, sums.Wh.byteOffset + 8);
    } else {
      kernels.norms(rows, G * H, at.gates, at.ofDz);
      kernels.stepSums(T, B, at.ofDz, at.ofHPrev, sums.Wh.byteOffset + 8);
    }
    kernels.stepSums(T, B, at.ofDz, at.ofX, sums.Wx.byteOffset + 8);
    kernels.stepSums(T, B, at.ofDz, 0, sums.b.byteOffset + 8);
    kernels.norms(rows + B, H, at.dh, at.ofStates);
    kernels.stepSums(T + 1, B, at.ofStates, 0, sums.h.byteOffset);
    if (sums.c === undefined) return sums;
    kernels.norms(B, H, at.dcNext, at.ofStates);
    kernels.norms(rows, H, at.dc, at.ofStates + 8 * B);
    kernels.stepSums(T + 1, B, at.ofStates, 0, sums.c.byteOffset);
    return sums;
  }

  #placeInput(x: Floats, lengths: Int32Array | undefined): void {
    const { T, B, I } = this.size;
    this.#view.x.set(x);
    if (lengths !== undefined) clearBeyond(this.#view.x, I, T, B, lengths, 0);
    this.#hasInput = true;
  }

  /** The initial state of each sequence stands where the step before the first one read would stand. */
  #placeInitial(states: Float32Array, initial: Floats | undefined, lengths?: Int32Array): void {
    const { T, B, H } = this.size;
    for (let b = 0; b < B; b++) {
      const row = (this.#memory.reverse ? (lengths === undefined ? T : lengths[b]) + 1 : 0) * B + b;
      if (initial !== undefined) copyRow(initial, b, states, row, H);
      else states.fill(0, row * H, (row + 1) * H);
    }
  }

  /**
   * After step t nothing is left of the sequences that do not reach it, except an initial state that is read
   * next.
   */
  #clearStep(t: number, lengths: Int32Array, h0?: Floats, c0?: Floats): void {
    const view = this.#view;
    const memory = this.#memory;
    const { B, G, H } = memory;
    for (let b = 0; b < B; b++) {
      if (t < lengths[b]) continue;
      const row = t * B + b;
      const state = row + B;
      view.gates.fill(0, row * G * H, (row + 1) * G * H);
      view.extra.fill(0, row * H, (row + 1) * H);
      view.h.fill(0, state * H, (state + 1) * H);
      view.c.fill(0, state * H, (state + 1) * H);
      if (!memory.reverse || t > lengths[b]) continue;
      if (h0 !== undefined) copyRow(h0, b, view.h, state, H);
      if (c0 !== undefined && this.c !== undefined) copyRow(c0, b, view.c, state, H);
    }
  }

  /** Takes the initial states of a reversed layer out of h and c. */
  #clearInitial(lengths: Int32Array): void {
    const { T, B, H } = this.size;
    for (let b = 0; b < B; b++) {
      if (lengths[b] === T) continue;
      const row = (lengths[b] + 1) * B + b;
      this.#view.h.fill(0, row * H, (row + 1) * H);
      this.#view.c.fill(0, row * H, (row + 1) * H);
    }
  }
}

function copyOrClear(into: Float32Array, from: Floats | undefined): void {
  if (from === undefined) into.fill(0);
  else into.set(from);
}

function copyRow(from: Floats, fromRow: number, into: Floats, intoRow: number, width: number): void {
  for (let j = 0; j < width; j++) into[intoRow * width + j] = from[fromRow * width + j];
}

/**
 * Zeros in all steps beyond each sequence's end, in rows after the first `before`: 0 · NaN must not reach a
 * gradient.
 */
function clearBeyond(
  array: Float32Array,
  width: number,
  T: number,
  B: number,
  lengths: Int32Array,
  before: number,
): void {
  for (let b = 0; b < B; b++) {
    for (let t = lengths[b]; t < T; t++) {
      const row = before + t * B + b;
      array.fill(0, row * width, (row + 1) * width);
    }
  }
}
