// The norms of gradient flow as tidy rows.

import type { Direction } from "../nn/stack.js";

/** What a gradient is taken with respect to: a state at t, or step t's use of a parameter. */
export const flowQuantities = ["h", "c", "Wx", "Wh", "b"] as const;
export type FlowQuantity = (typeof flowQuantities)[number];

/** One norm at one step. */
export interface FlowRow {
  /** 1 … T; 0 is the initial state */
  t: number;
  /** 0 for the layer that reads x */
  layer: number;
  /** which way the layer reads; of "reverse" the initial state has no row */
  direction: Direction;
  quantity: FlowQuantity;
  /** the mean over the samples that have a step t */
  norm: number;
}
