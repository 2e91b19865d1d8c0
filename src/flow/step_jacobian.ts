// The Jacobian of one step: how the state after it changes with the state before it. The state of an LSTM is
// h and C; in the other cells it is h.

import { Matrix } from "ml-matrix";
import { allFinite } from "../engine/all_finite.js";
import type { CellKind } from "../engine/cell_kinds.js";
import { isLstm } from "../engine/cell_kinds.js";
import type { Recurrence, RecurrenceWeights } from "../engine/engine.js";
import { lruCoefficients } from "../engine/lru_cell.js";
import { ofSample } from "../nn/sequences.js";
import type { Floats } from "../numbers/tensor.js";
import type { LaneTrajectory, Trajectory } from "./trajectory.js";

/**
 * ∂s_t/∂s_{t−1} of one sample, [n, n]: n is H, or 2H for an LSTM, with h before C. It is computed from the
 * gates of the forward pass and the trajectory's weights.
 *
 * @param t from 0
 * @param previous the step read before, undefined for the initial state
 * @throws {RangeError} when an element overflows
 */
export function stepJacobian(
  trajectory: Trajectory,
  lane: LaneTrajectory,
  sample: number,
  t: number,
  previous: number | undefined,
): Matrix {
  const { pass } = trajectory;
  const { recurrence, h0, c0 } = lane.lane;
  const before = (states: Floats | undefined, initial: Floats) => {
    const width = initial.length / pass.B;
    const [from, row] =
      previous === undefined ? [initial, sample] : [states ?? initial, previous * pass.B + sample];
    return from.subarray(row * width, (row + 1) * width);
  };
  const row = t * pass.B + sample;
  const hPrev = before(recurrence.h, h0);
  const J = jacobianAt(recurrence, lane.weights, row, hPrev, before(recurrence.c, c0));
  const elements = J.to1DArray();
  if (!allFinite(elements)) {
    const element = elements.find((value) => !Number.isFinite(value))!;
    const at = `t = ${t + 1}${ofSample(pass.B)(sample)}`;
    throw new RangeError(
      `${trajectory.where}: the Jacobian contains ${element} at ${at}, but must be finite`,
    );
  }
  return J;
}

/**
 * ∂s_t/∂s_{t−1} as in {@link stepJacobian}, of one row of what a recurrence computed; unchecked.
 *
 * @param hPrev h_{t−1}, [H]
 * @param cPrev C_{t−1} of an LSTM, [H]
 */
export function jacobianAt(
  recurrence: Recurrence,
  weights: RecurrenceWeights,
  row: number,
  hPrev: Floats,
  cPrev: Floats,
): Matrix {
  const { cell, H } = recurrence.size;
  const h = recurrence.h.subarray(row * H, (row + 1) * H);
  const gate = (index: number, of: number) =>
    recurrence.gates.subarray((row * of + index) * H, (row * of + index + 1) * H);
  // Row j of block `index` of W_h.
  const Wh = (index: number, j: number, k: number) => weights.Wh[(index * H + j) * H + k];
  const square = (element: (j: number, k: number) => number) =>
    new Matrix(Array.from({ length: H }, (_, j) => Array.from({ length: H }, (_, k) => element(j, k))));

  if (isLstm(cell)) {
    const p = weights.peepholes ?? new Float64Array(3 * H);
    const [i, f, g, o] = [0, 1, 2, 3].map((index) => gate(index, 4));
    const tanhC = Array.from(recurrence.c!.subarray(row * H, (row + 1) * H), Math.tanh);
    const J = Matrix.zeros(2 * H, 2 * H);
    for (let j = 0; j < H; j++) {
      const [ofI, ofF] = [g[j] * i[j] * (1 - i[j]), cPrev[j] * f[j] * (1 - f[j])];
      const ofO = tanhC[j] * o[j] * (1 - o[j]);
      const toH = o[j] * (1 - tanhC[j] ** 2) + ofO * p[2 * H + j]; // ∂h_t/∂C_t
      const toC = f[j] + ofI * p[j] + ofF * p[H + j]; // ∂C_t/∂C_{t−1}
      for (let k = 0; k < H; k++) {
        const ofC = ofF * Wh(1, j, k) + ofI * Wh(0, j, k) + i[j] * (1 - g[j] ** 2) * Wh(2, j, k);
        J.set(j, k, ofO * Wh(3, j, k) + toH * ofC);
        J.set(H + j, k, ofC);
      }
      J.set(j, H + j, toH * toC);
      J.set(H + j, H + j, toC);
    }
    return J;
  }
  if (cell === "gru" || cell === "gru_reset_before") {
    const [r, z, n] = [0, 1, 2].map((index) => gate(index, 3));
    const after = cell === "gru";
    // W_hn h_{t−1} + b_hn, on which r acts in `gru`.
    const product = Array.from(hPrev, (_, j) => {
      let sum = weights.bn?.[j] ?? 0;
      for (let k = 0; k < H; k++) sum += Wh(2, j, k) * hPrev[k];
      return sum;
    });
    // ∂(r ⊙ h_{t−1})_m/∂h_k without its diagonal, which is r.
    const ofReset = (m: number, k: number) => hPrev[m] * r[m] * (1 - r[m]) * Wh(0, m, k);
    const ofN = square((j, k) => {
      if (after) return r[j] * Wh(2, j, k) + product[j] * r[j] * (1 - r[j]) * Wh(0, j, k);
      let sum = Wh(2, j, k) * r[k];
      for (let m = 0; m < H; m++) sum += Wh(2, j, m) * ofReset(m, k);
      return sum;
    });
    return square(
      (j, k) =>
        (j === k ? z[j] : 0) +
        (hPrev[j] - n[j]) * z[j] * (1 - z[j]) * Wh(1, j, k) +
        (1 - z[j]) * (1 - n[j] ** 2) * ofN.get(j, k),
    );
  }
  if (cell === "lru") {
    const units = H / 2;
    const lambda = new Float64Array(5 * units);
    lruCoefficients(weights.lambda!, lambda);
    const [re, im] = [lambda.subarray(0, units), lambda.subarray(units)];
    return square((j, k) => {
      if (j % units !== k % units) return 0;
      if (j === k) return re[j % units];
      return j < k ? -im[j] : im[k];
    });
  }
  if (recurrence.keep) {
    const kept = recurrence.keep.subarray(row * H, (row + 1) * H);
    return Matrix.diag(Array.from(kept));
  }
  const derivative: Partial<Record<CellKind, (y: number) => number>> = {
    rnn_tanh: (y: number) => 1 - y * y,
    rnn_relu: (y: number) => (y > 0 ? 1 : 0),
    rnn_identity: () => 1,
  };
  const slope = derivative[cell]!;
  return square((j, k) => slope(h[j]) * Wh(0, j, k));
}
