// How the tensors of a weight file describe themselves: their names, shapes and precisions instead of all
// numbers.

import { counted, named, summary, withSummary } from "../numbers/summary.js";
import type { Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

export function tensorsSummary(name: string, tensors: Record<string, Tensor>): string {
  // The caller may have put something else into the object.
  const entries = Object.entries(tensors).filter(([, tensor]) =>
    Array.isArray((tensor as Tensor | null)?.shape),
  );
  const numbers = entries.reduce((sum, [, { shape }]) => sum + product(shape), 0);
  return summary(
    `${name}: ${counted(entries.length, "tensor")}, ${counted(numbers, "number")}`,
    entries.map(([key, { shape, data }]) => `${named(key, shape)} ${dtypeOf(data)}`),
  );
}

/** The tensors under their names, as a file of this kind holds them. */
export function fileOf(name: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return withSummary(tensors, () => tensorsSummary(name, tensors));
}

const dtypeOf = (data: Tensor["data"]) => (data instanceof Float32Array ? "float32" : "float64");
