// How one library's matrices become another's.

import type { Tensor } from "../nn/tensor.js";

/** The blocks of rows in another order: block k is that which was at `order[k]`. */
export function reorder({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const block = data.length / order.length;
  const result = data.slice();
  order.forEach((from, to) => result.set(data.subarray(from * block, (from + 1) * block), to * block));
  return { shape: [...shape], data: result };
}

/** Wᵀ of a matrix W. */
export function transpose({ shape: [rows, columns], data }: Tensor): Tensor {
  const result = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  }
  return { shape: [columns, rows], data: result };
}
