// How much of the gradient is left k steps back: the norms of a gradient flow relative to the norm at t = T.

import type { FlowQuantity, FlowRow } from "./flow_row.js";

/** One ratio ‖∂L/∂h_{T−k}‖ / ‖∂L/∂h_T‖, or the same of another quantity. */
export interface LagRatio {
  /** steps back from T, 0 … */
  k: number;
  ratio: number;
}

/**
 * The norms of one quantity, from t = T back to the first step, divided by the norm at T. A ratio below 1 is
 * a gradient that vanishes, above 1 one that explodes.
 *
 * @param rows what `gradientFlow` returned
 * @param quantity "h" by default; "c" for an LSTM's cell state
 * @throws {RangeError} when rows has nothing of the quantity, or two rows of one t, or when the norm at T is
 *   0
 */
export function decayByLag(rows: FlowRow[], quantity: FlowQuantity = "h"): LagRatio[] {
  const back = rows.filter((row) => row.quantity === quantity).sort((a, b) => b.t - a.t);
  if (back.length === 0)
    throw new RangeError(`decayByLag: rows has nothing of ${quantity}, but needs its norms`);
  const twice = back.find((row, index) => index > 0 && row.t === back[index - 1].t);
  if (twice) {
    throw new RangeError(
      `decayByLag: rows has ${quantity} at t = ${twice.t} twice, but must be of one layer`,
    );
  }
  const last = back[0];
  if (last.norm === 0) {
    throw new RangeError(
      `decayByLag: the norm of ${quantity} is 0 at t = ${last.t}, but the others are divided by it`,
    );
  }
  return back.map((row) => ({ k: last.t - row.t, ratio: row.norm / last.norm }));
}
