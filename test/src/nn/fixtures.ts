// What the tests of `unrolled/nn` share: PyTorch's fixtures, tolerances, and errors relative to the largest
// entry.

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type { GRUOptions, RecurrentModule, RecurrentOptions, RNNOptions } from "../../../src/nn/index.js";
import { GRU, LRU, LSTM, MinGRU, MinLSTM, MLSTM, RNN, SLSTM } from "../../../src/nn/index.js";
import type { Tensor } from "../../../src/numbers/tensor.js";
import { relativeError } from "../engine/numbers.js";

export type NestedValues = number | null | NestedValues[];

/** Relative to the largest entry of a tensor. */
export const tolerances = {
  float64: { forward: 1e-14, gradient: 1e-13 },
  float32: { forward: 2e-6, gradient: 5e-6 },
} as const;

/** Layer normalisation divides rounding by the deviation of what it normalises, which may be small. */
export function tolerancesOf(cell: CellKind, dtype: keyof typeof tolerances) {
  const { forward, gradient } = tolerances[dtype];
  const factor = cell === "lstm_layer_norm" ? 10 : 1;
  return { forward: factor * forward, gradient: factor * gradient };
}

/** Of a cell that scans they are those of the same cell step by step. */
export function torchVectors<Case>(name: string): Case[] {
  const file = `${name.replace(/_scan$/, "")}.json`;
  return JSON.parse(readFileSync(new URL(`../../vectors/torch/${file}`, import.meta.url), "utf8")) as Case[];
}

export const flat = (nested: NestedValues): number[] => [nested].flat(9) as number[];

export function shapeOf(nested: NestedValues): number[] {
  return Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : [];
}

/** A tensor is, in shape and in numbers, what PyTorch says. */
export function expectClose(name: string, came: Tensor, expected: NestedValues, tolerance: number): void {
  expect(came.shape, name).toEqual(shapeOf(expected));
  expect(relativeError(came.data, flat(expected)), name).toBeLessThanOrEqual(tolerance);
}

export function moduleOf(
  cell: CellKind,
  options: RecurrentOptions & GRUOptions & RNNOptions,
): RecurrentModule {
  if (cell === "lstm") return new LSTM(options);
  if (cell === "lstm_peephole") return new LSTM({ ...options, peepholes: true });
  if (cell === "lstm_layer_norm") return new LSTM({ ...options, layerNorm: true });
  if (cell === "slstm") return new SLSTM(options);
  if (cell === "gru") return new GRU(options);
  if (cell === "gru_reset_before") return new GRU({ ...options, resetAfter: false });
  const biases = options.biases === 0 ? 0 : 1; // where two are refused
  if (cell === "lru") return new LRU({ ...options, biases: 0 });
  if (cell === "mlstm") return new MLSTM({ ...options, biases });
  if (cell.startsWith("min")) {
    const Module = cell.startsWith("min_gru") ? MinGRU : MinLSTM;
    return new Module({ ...options, biases, parallel: cell.endsWith("_scan") });
  }
  return new RNN({ ...options, nonlinearity: cell.slice(4) as RNNOptions["nonlinearity"] });
}

/** A state of the numbers that the cell can be in: an SLSTM's n is positive. */
export function cellState({ shape, data }: Tensor, cell: CellKind): Tensor {
  const S = shape[shape.length - 1];
  const isN = (k: number) => cell === "slstm" && Math.floor((3 * (k % S)) / S) === 1;
  return { shape, data: data.map((value, k) => (isN(k) ? value + 1.5 : value)) };
}
