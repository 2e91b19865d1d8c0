// One step of each cell for a whole batch, forward and backward, in memory that the recurrence holds. The
// formulas are those of cells/ and of PyTorch's documentation; `row` is t·B, the first row of step t in
// arrays [T·B, …].

import type { Floats } from "../numbers/tensor.js";
import { activate } from "./activations.js";
import type { CellKind } from "./cell_kinds.js";
import type { RecurrenceWeights, SequenceOptions } from "./engine.js";
import { multiply } from "./gemm.js";
import type { Products } from "./lstm_layer_norm_cell.js";
import { lstmLayerNorm } from "./lstm_layer_norm_cell.js";
import { lstmPeephole } from "./lstm_peephole_cell.js";
import { lru } from "./lru_cell.js";
import { minGru, minGruScan, minLstm, minLstmScan } from "./min_cells.js";
import { mlstm } from "./mlstm_cell.js";
import { addRecurrent, addWeightGradient, backThrough } from "./products.js";
import { slstm } from "./slstm_cell.js";

/**
 * The memory of a recurrence. Rows of [T·B, …], except dhNext and dcNext, which have B rows: what arrives
 * from the later step.
 */
export interface Memory {
  B: number;
  H: number;
  /** the elements of h: H where they are not projected */
  P: number;
  gates: Floats;
  h: Floats;
  /** h_{t−1}, the state that step t reads */
  hPrev: Floats;
  /** h_{t−1} as the products with W_h read it: hPrev, or hPrev ⊙ hMask */
  hRead: Floats;
  /** [B, P] */
  hMask?: Floats;
  /** [B, P], scratch of masks */
  masked: Floats;
  /** C of an LSTM; c, n and m of an SLSTM, each of H elements; C, n and m of an MLSTM, of H², H and one */
  c: Floats;
  cPrev: Floats;
  dc: Floats;
  /**
   * what else a cell keeps: what o of an LSTM multiplies, tanh C_t, or of projections o ⊙ tanh C_t, W_hn
   * h_{t−1} + b_hn of a GRU (backward: its gradient), r ⊙ h_{t−1} of a GRU that resets before, ∂h_t/∂h_{t−1}
   * where it is diagonal, 1 − f of an SLSTM, and of an MLSTM in the first element of a row, W_x x_t of an LRU
   */
  extra: Floats;
  /** where the products W_x x_t and W_h h_{t−1} are not part of z as they are */
  products?: Products;
  /** of a scan: the logarithms of what is kept of the state and of what is added */
  logKept: Float64Array;
  logAdded: Float64Array;
  dhNext: Floats;
  dcNext: Floats;
  /** [B, H], scratch; of an MLSTM [B, 2H]; of an LRU what its parameters stand for */
  scratch: Floats;
}

/** The step of a cell. Before forward, rows of `gates` hold W_x x_t + b, or W_x x_t where it has products. */
export interface Cell {
  /** Where it exists, is called once before the steps forward. */
  prepare?(memory: Memory, weights: RecurrenceWeights): void;
  forward(memory: Memory, row: number, weights: RecurrenceWeights): void;
  /** Where it exists, computes all T steps instead of forward. What it writes beyond an end is not read. */
  scan?(memory: Memory, T: number, options: SequenceOptions): void;
  /** Reads the total ∂L/∂h_t in dh; turns the gates into ∂L/∂z and writes dhNext and dcNext. */
  backward(memory: Memory, row: number, weights: RecurrenceWeights, dh: Floats): void;
  /** Adds ∂L/∂W_h of all `rows` rows, and that of what is the cell's own. */
  weightGradients(memory: Memory, rows: number, gradients: RecurrenceWeights, dh: Floats): void;
}

/** h_t = φ(z). Slides 7 and 17–18. */
function rnn(activation: (memory: Memory, row: number) => void, derivative: (h: number) => number): Cell {
  return {
    forward(memory, row, { Wh }) {
      const { B, H, gates, h, hRead } = memory;
      addRecurrent(memory, 1, row, 0, 1, hRead, row * H, Wh);
      activation(memory, row);
      for (let k = row * H; k < (row + B) * H; k++) h[k] = gates[k];
    },
    backward(memory, row, { Wh }, dh) {
      const { B, H, gates, dhNext } = memory;
      for (let k = row * H; k < (row + B) * H; k++) gates[k] = dh[k] * derivative(gates[k]);
      backThrough(memory, gates, row * H, H, 0, 1, Wh, dhNext, false);
    },
    weightGradients({ H, gates, hRead }, rows, { Wh }) {
      addWeightGradient(H, rows, gates, 0, H, 1, hRead, Wh, 0);
    },
  };
}

/** C_t = f ⊙ C_{t−1} + i ⊙ g and h_t = o ⊙ tanh C_t. Slides 29–41 and 44–57. */
const lstm: Cell = {
  forward(memory, row, { Wh }) {
    const { B, H, gates, h, hRead, c, cPrev, extra } = memory;
    addRecurrent(memory, 4, row, 0, 4, hRead, row * H, Wh);
    activate(gates, row * 4 * H, B, H, ["sigmoid", "sigmoid", "tanh", "sigmoid"]);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, z = b * 4 * H, k = b * H; j < H; j++, z++, k++) {
        c[k] = gates[z + H] * cPrev[k] + gates[z] * gates[z + 2 * H];
        extra[k] = c[k];
      }
    }
    activate(extra, row * H, B, H, ["tanh"]);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, o = b * 4 * H + 3 * H, k = b * H; j < H; j++, o++, k++) h[k] = gates[o] * extra[k];
    }
  },
  backward(memory, row, { Wh }, dh) {
    const { B, H, gates, cPrev, extra, dc, dcNext, dhNext } = memory;
    for (let b = 0; b < B; b++) {
      for (let j = 0, z = (row + b) * 4 * H, k = (row + b) * H, n = b * H; j < H; j++, z++, k++, n++) {
        const i = gates[z];
        const f = gates[z + H];
        const g = gates[z + 2 * H];
        const o = gates[z + 3 * H];
        const tanhC = extra[k];
        const total = (dc[k] = dcNext[n] + dh[k] * o * (1 - tanhC * tanhC));
        gates[z] = total * g * i * (1 - i);
        gates[z + H] = total * cPrev[k] * f * (1 - f);
        gates[z + 2 * H] = total * i * (1 - g * g);
        gates[z + 3 * H] = dh[k] * tanhC * o * (1 - o);
        dcNext[n] = total * f;
      }
    }
    backThrough(memory, gates, row * 4 * H, 4 * H, 0, 4, Wh, dhNext, false);
  },
  weightGradients({ H, gates, hRead }, rows, { Wh }) {
    addWeightGradient(H, rows, gates, 0, 4 * H, 4, hRead, Wh, 0);
  },
};

/** Of a GRU: n = tanh(·) and h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}. */
function candidate({ B, H, gates, h, hPrev }: Memory, row: number): void {
  activate(gates, row * 3 * H, B, H, [undefined, undefined, "tanh"]);
  for (let b = row; b < row + B; b++) {
    for (let j = 0, a = b * 3 * H, k = b * H; j < H; j++, a++, k++) {
      const z = gates[a + H];
      h[k] = (1 - z) * gates[a + 2 * H] + z * hPrev[k];
    }
  }
}

/**
 * n = tanh(W_xn x + b_n + r ⊙ (W_hn h_{t−1} + b_hn)) and h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}, as torch.nn.GRU.
 */
const gru: Cell = {
  forward(memory, row, { Wh, bn }) {
    const { B, H, gates, hRead, extra } = memory;
    addRecurrent(memory, 3, row, 0, 2, hRead, row * H, Wh);
    for (let b = row; b < row + B; b++) {
      for (let j = 0; j < H; j++) extra[b * H + j] = bn === undefined ? 0 : bn[j];
    }
    multiply(B, H, H, hRead, row * H, H, 1, Wh, 2 * H * H, 1, H, extra, row * H, H, true);
    activate(gates, row * 3 * H, B, H, ["sigmoid", "sigmoid", undefined]);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, a = b * 3 * H, k = b * H; j < H; j++, a++, k++) gates[a + 2 * H] += gates[a] * extra[k];
    }
    candidate(memory, row);
  },
  backward(memory, row, { Wh }, dh) {
    const { B, H, gates, hPrev, extra, dhNext } = memory;
    for (let b = 0; b < B; b++) {
      for (let j = 0, a = (row + b) * 3 * H, k = (row + b) * H; j < H; j++, a++, k++) {
        const r = gates[a];
        const z = gates[a + H];
        const n = gates[a + 2 * H];
        const dn = dh[k] * (1 - z) * (1 - n * n);
        gates[a] = dn * extra[k] * r * (1 - r);
        gates[a + H] = dh[k] * (hPrev[k] - n) * z * (1 - z);
        gates[a + 2 * H] = dn;
        extra[k] = dn * r;
        dhNext[b * H + j] = dh[k] * z;
      }
    }
    backThrough(memory, gates, row * 3 * H, 3 * H, 0, 2, Wh, dhNext, true);
    backThrough(memory, extra, row * H, H, 2, 1, Wh, dhNext, true);
  },
  weightGradients({ H, gates, hRead, extra }, rows, { Wh, bn }) {
    addWeightGradient(H, rows, gates, 0, 3 * H, 2, hRead, Wh, 0);
    addWeightGradient(H, rows, extra, 0, H, 1, hRead, Wh, 2);
    if (bn !== undefined) addColumnSums(extra, rows, H, bn);
  },
};

/** n = tanh(W_xn x + W_hn (r ⊙ h_{t−1}) + b_n) and h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}. Cho et al. 2014. */
const gruResetBefore: Cell = {
  forward(memory, row, { Wh }) {
    const { B, H, gates, hRead, extra } = memory;
    addRecurrent(memory, 3, row, 0, 2, hRead, row * H, Wh);
    activate(gates, row * 3 * H, B, H, ["sigmoid", "sigmoid", undefined]);
    for (let b = row; b < row + B; b++) {
      for (let j = 0, a = b * 3 * H, k = b * H; j < H; j++, a++, k++) extra[k] = gates[a] * hRead[k];
    }
    addRecurrent(memory, 3, row, 2, 1, extra, row * H, Wh);
    candidate(memory, row);
  },
  backward(memory, row, { Wh }, dh) {
    const { B, H, gates, hPrev, hRead, hMask, dhNext, scratch } = memory;
    for (let b = 0; b < B; b++) {
      for (let j = 0, a = (row + b) * 3 * H, k = (row + b) * H; j < H; j++, a++, k++) {
        const z = gates[a + H];
        const n = gates[a + 2 * H];
        gates[a + H] = dh[k] * (hPrev[k] - n) * z * (1 - z);
        gates[a + 2 * H] = dh[k] * (1 - z) * (1 - n * n);
        dhNext[b * H + j] = dh[k] * z;
      }
    }
    backThrough(memory, gates, row * 3 * H + 2 * H, 3 * H, 2, 1, Wh, scratch, false); // ∂L/∂(r ⊙ h_{t−1})
    for (let b = 0; b < B; b++) {
      for (let j = 0, a = (row + b) * 3 * H, k = (row + b) * H; j < H; j++, a++, k++) {
        const r = gates[a];
        const product = scratch[b * H + j];
        gates[a] = product * hRead[k] * r * (1 - r);
        dhNext[b * H + j] += product * r * (hMask?.[b * H + j] ?? 1);
      }
    }
    backThrough(memory, gates, row * 3 * H, 3 * H, 0, 2, Wh, dhNext, true);
  },
  weightGradients({ H, gates, hRead, extra }, rows, { Wh }) {
    addWeightGradient(H, rows, gates, 0, 3 * H, 2, hRead, Wh, 0);
    addWeightGradient(H, rows, gates, 2 * H, 3 * H, 1, extra, Wh, 2);
  },
};

/** sums[j] += Σ_row a[row, j], each sum in float64. */
export function addColumnSums(a: Floats, rows: number, columns: number, sums: Floats): void {
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let k = j; k < rows * columns; k += columns) sum += a[k];
    sums[j] += sum;
  }
}

export const cells: Record<CellKind, Cell> = {
  rnn_tanh: rnn(
    ({ B, H, gates }, row) => {
      activate(gates, row * H, B, H, ["tanh"]);
    },
    (h) => 1 - h * h,
  ),
  rnn_relu: rnn(
    ({ B, H, gates }, row) => {
      for (let k = row * H; k < (row + B) * H; k++) gates[k] = Math.max(0, gates[k]);
    },
    (h) => (h > 0 ? 1 : 0),
  ),
  rnn_identity: rnn(
    () => undefined,
    () => 1,
  ),
  lstm,
  gru,
  gru_reset_before: gruResetBefore,
  min_gru: minGru,
  min_gru_scan: minGruScan,
  min_lstm: minLstm,
  min_lstm_scan: minLstmScan,
  slstm,
  mlstm,
  lstm_peephole: lstmPeephole,
  lru,
  lstm_layer_norm: lstmLayerNorm,
};
