// One step of each cell with the kernels of wasm/: the products with W_h, packed beforehand, and the work on
// each unit.

import type { SimdKind } from "./cell_kinds.js";
import type { SimdKernels } from "./simd_module.js";

/**
 * Addresses of a recurrence's arrays. h, c and dh have one more step at either end, for the initial state.
 */
export interface SimdMemory {
  kernels: SimdKernels;
  /** T·B */
  rows: number;
  B: number;
  H: number;
  I: number;
  G: number;
  reverse: boolean;
  x: number;
  gates: number;
  h: number;
  c: number;
  dh: number;
  dc: number;
  /** tanh C_t, W_hn h_{t−1} + b_hn or r ⊙ h_{t−1}, as in cells.ts */
  extra: number;
  dcNext: number;
  scratch: number;
  Wh: number;
  bn: number;
  packedWh: number;
  dWh: number;
  dWx: number;
  dbn: number;
  /** room for 256 packed rows and whatever else weightGradients needs */
  packed: number;
}

/** Its parts are called for t in reading order and backwards. */
export interface SimdCell {
  /** How many gates each packed part of W_h has. */
  parts: readonly number[];
  forward(memory: SimdMemory, t: number): void;
  backward(memory: SimdMemory, t: number): void;
  weightGradients(memory: SimdMemory): void;
}

const gatesAt = ({ gates, B, G, H }: SimdMemory, t: number) => gates + 4 * t * B * G * H;
const stepAt = ({ B, H }: SimdMemory, array: number, t: number) => array + 4 * t * B * H;
/** In arrays with the initial state. */
const stateAt = (memory: SimdMemory, array: number, t: number) => stepAt(memory, array, t + 1);
export const previousAt = (memory: SimdMemory, array: number, t: number) =>
  stateAt(memory, array, memory.reverse ? t + 1 : t - 1);
const packedAt = ({ kernels, H, packedWh }: SimdMemory, gate: number) =>
  packedWh + 4 * kernels.packedSize(gate * H, H);

/** Packs W_h for z += h W_hᵀ. */
export function packForward(memory: SimdMemory, parts: readonly number[]): void {
  const { kernels, H, Wh } = memory;
  let gate = 0;
  for (const count of parts) {
    kernels.packB(H, count * H, Wh + 4 * gate * H * H, 1, H, packedAt(memory, gate));
    gate += count;
  }
}

/** Packs W_h for ∂L/∂h_{t−1} = ∂L/∂z W_h. */
export function packBackward(memory: SimdMemory, parts: readonly number[]): void {
  const { kernels, H, Wh } = memory;
  let gate = 0;
  for (const count of parts) {
    kernels.packB(count * H, H, Wh + 4 * gate * H * H, H, 1, packedAt(memory, gate));
    gate += count;
  }
}

/** z += h W_hᵀ for `count` gates from `gate` on. */
function addRecurrent(memory: SimdMemory, t: number, gate: number, count: number, h: number): void {
  const { kernels, B, G, H } = memory;
  const z = gatesAt(memory, t) + 4 * gate * H;
  kernels.multiply(B, count * H, H, h, H, 1, packedAt(memory, gate), z, G * H, z, G * H);
}

/** into += ∂L/∂z W_h for `count` gates from `gate` on; rows of dz are `width` apart. */
function addThrough(
  memory: SimdMemory,
  dz: number,
  width: number,
  gate: number,
  count: number,
  into: number,
): void {
  const { kernels, B, H } = memory;
  kernels.multiply(B, H, count * H, dz, width, 1, packedAt(memory, gate), into, H, into, H);
}

/** ∂L/∂W_h += ∂L/∂zᵀ h and ∂L/∂W_x += ∂L/∂zᵀ x over all rows, for `count` gates from `gate` on. */
function addWeightGradients(
  { kernels, rows, H, I, G, gates, x, dWh, dWx, packed }: SimdMemory,
  gate: number,
  count: number,
  h: number,
): void {
  const dz = gates + 4 * gate * H;
  const ofWh = dWh + 4 * gate * H * H;
  const ofWx = dWx + 4 * gate * H * I;
  kernels.addTransposedProducts(count * H, rows, dz, G * H, H, h, ofWh, I, x, ofWx, packed);
}

function rnn(activation: number): SimdCell {
  return {
    parts: [1],
    forward(memory, t) {
      const { kernels, B, H, h } = memory;
      addRecurrent(memory, t, 0, 1, previousAt(memory, h, t));
      kernels.rnnForward(activation, B * H, gatesAt(memory, t), stateAt(memory, h, t));
    },
    backward(memory, t) {
      const { kernels, B, H, dh } = memory;
      kernels.rnnBackward(activation, B * H, gatesAt(memory, t), stateAt(memory, dh, t));
      addThrough(memory, gatesAt(memory, t), H, 0, 1, previousAt(memory, dh, t));
    },
    weightGradients(memory) {
      addWeightGradients(memory, 0, 1, previousAt(memory, memory.h, 0));
    },
  };
}

const lstm: SimdCell = {
  parts: [4],
  forward(memory, t) {
    const { kernels, B, H, h, c, extra } = memory;
    addRecurrent(memory, t, 0, 4, previousAt(memory, h, t));
    kernels.lstmForward(
      B,
      H,
      gatesAt(memory, t),
      previousAt(memory, c, t),
      stateAt(memory, c, t),
      stepAt(memory, extra, t),
      stateAt(memory, h, t),
    );
  },
  backward(memory, t) {
    const { kernels, B, H, c, dh, dc, dcNext, extra } = memory;
    kernels.lstmBackward(
      B,
      H,
      gatesAt(memory, t),
      previousAt(memory, c, t),
      stepAt(memory, extra, t),
      stateAt(memory, dh, t),
      stepAt(memory, dc, t),
      dcNext,
    );
    addThrough(memory, gatesAt(memory, t), 4 * H, 0, 4, previousAt(memory, dh, t));
  },
  weightGradients(memory) {
    addWeightGradients(memory, 0, 4, previousAt(memory, memory.h, 0));
  },
};

const gru: SimdCell = {
  parts: [2, 1],
  forward(memory, t) {
    const { kernels, B, H, h, extra, bn } = memory;
    const z = gatesAt(memory, t);
    const hPrev = previousAt(memory, h, t);
    const hidden = stepAt(memory, extra, t);
    addRecurrent(memory, t, 0, 2, hPrev);
    kernels.multiply(B, H, H, hPrev, H, 1, packedAt(memory, 2), bn, 0, hidden, H);
    kernels.gruForward(B, H, z, hidden, hPrev, stateAt(memory, h, t));
  },
  backward(memory, t) {
    const { kernels, B, H, h, dh, extra } = memory;
    const dz = gatesAt(memory, t);
    const hidden = stepAt(memory, extra, t);
    const dhPrev = previousAt(memory, dh, t);
    kernels.gruBackward(B, H, dz, hidden, previousAt(memory, h, t), stateAt(memory, dh, t), dhPrev);
    addThrough(memory, dz, 3 * H, 0, 2, dhPrev);
    addThrough(memory, hidden, H, 2, 1, dhPrev);
  },
  weightGradients(memory) {
    const { kernels, rows, H, I, gates, h, x, extra, dWh, dWx, dbn, packed } = memory;
    const hPrev = previousAt(memory, h, 0);
    addWeightGradients(memory, 0, 2, hPrev);
    // For n, W_h is inside r ⊙ (·) and W_x is not.
    const ofWh = dWh + 8 * H * H;
    const ofWx = dWx + 8 * H * I;
    kernels.addTransposedProducts(H, rows, extra, H, H, hPrev, ofWh, 0, 0, 0, packed);
    kernels.addTransposedProducts(H, rows, gates + 8 * H, 3 * H, 0, 0, 0, I, x, ofWx, packed);
    kernels.addColumnSums(rows, H, extra, dbn);
  },
};

const gruResetBefore: SimdCell = {
  parts: [2, 1],
  forward(memory, t) {
    const { kernels, B, H, h, extra } = memory;
    const z = gatesAt(memory, t);
    const hPrev = previousAt(memory, h, t);
    const reset = stepAt(memory, extra, t);
    addRecurrent(memory, t, 0, 2, hPrev);
    kernels.resetForward(B, H, z, reset, hPrev);
    addRecurrent(memory, t, 2, 1, reset);
    kernels.candidateForward(B, H, z, hPrev, stateAt(memory, h, t));
  },
  backward(memory, t) {
    const { kernels, B, H, h, dh, scratch } = memory;
    const dz = gatesAt(memory, t);
    const hPrev = previousAt(memory, h, t);
    const dhPrev = previousAt(memory, dh, t);
    kernels.candidateBackward(B, H, dz, hPrev, stateAt(memory, dh, t), dhPrev);
    // ∂L/∂(r ⊙ h_{t−1}); nothing is added to it, so its bias is zero.
    kernels.multiply(B, H, H, dz + 8 * H, 3 * H, 1, packedAt(memory, 2), memory.bn, 0, scratch, H);
    kernels.resetBackward(B, H, dz, scratch, hPrev, dhPrev);
    addThrough(memory, dz, 3 * H, 0, 2, dhPrev);
  },
  weightGradients(memory) {
    addWeightGradients(memory, 0, 2, previousAt(memory, memory.h, 0));
    addWeightGradients(memory, 2, 1, memory.extra);
  },
};

/** The numbers of the activations are those of wasm/cells.ts. */
export const simdCells: Record<SimdKind, SimdCell> = {
  rnn_tanh: rnn(0),
  rnn_relu: rnn(1),
  rnn_identity: rnn(2),
  lstm,
  gru,
  gru_reset_before: gruResetBefore,
};
