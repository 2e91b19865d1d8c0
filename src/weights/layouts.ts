// How one library's matrices become another's.

import { product } from "../numbers/tensor.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";

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

/**
 * The row-major tensor of elements that lie `strides` apart in the memory `data`, the first one at `start`.
 */
export function gather(
  data: Floats,
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
): Tensor {
  const result = allocate(data instanceof Float64Array ? "float64" : "float32", product(shape));
  const index = shape.map(() => 0);
  let from = start;
  for (let k = 0; k < result.length; k++) {
    result[k] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return { shape: [...shape], data: result };
}
