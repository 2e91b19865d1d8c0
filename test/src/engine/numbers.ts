// What the tests of the engine share: reproducible numbers, and errors relative to the largest entry of a
// tensor.

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { CellKind, Engine, RecurrenceSize } from "../../../src/engine/engine.js";
import { gateRows, hasWh, ownWeightsOf } from "../../../src/engine/engine.js";
import { javaScriptEngine } from "../../../src/engine/javascript.js";
import { simdEngine } from "../../../src/engine/simd.js";
import type { Floats, Tensor } from "../../../src/numbers/tensor.js";
import { product } from "../../../src/numbers/tensor.js";

/** Every engine, whatever `engineFor` would choose for a size. */
export const engines: Engine[] = [
  javaScriptEngine("float64"),
  javaScriptEngine("float32"),
  simdEngine()!, // every Node that the package supports has it
];

/** Numbers in [−scale, scale], the same for the same seed. */
export function numbers(length: number, seed: number, scale = 1): number[] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length }, () => scale * ((random.next() >>> 0) / 2 ** 31 - 1));
}

/** A tensor of such numbers. */
export function numberTensor(shape: number[], seed: number, scale = 1): Tensor {
  return { shape, data: Float64Array.from(numbers(product(shape), seed, scale)) };
}

/** H, or where the cell has complex units, the next even number. */
export const unitsFor = (cell: CellKind, H: number) => (cell === "lru" ? H + (H % 2) : H);

/** How many numbers each weight has. */
export function weightLengths({
  cell,
  I,
  H,
}: Pick<RecurrenceSize, "cell" | "I" | "H">): Record<string, number> {
  const rows = gateRows(cell, H);
  return {
    Wx: rows * I,
    Wh: hasWh(cell) ? rows * H : 0,
    b: rows,
    ...Object.fromEntries(ownWeightsOf(cell).map(({ name, blocks }) => [name, blocks * H])),
  };
}

/** The numbers in memory of the engine. */
export function filled(engine: Engine, values: ArrayLike<number>): Floats {
  const floats = engine.allocate(values.length);
  floats.set(values);
  return floats;
}

/** max |a − b| / max |b|; Infinity where lengths differ or a is no number. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let [error, largest] = [0, 0];
  for (let k = 0; k < b.length; k++) {
    if (Number.isNaN(a[k])) return Infinity;
    error = Math.max(error, Math.abs(a[k] - b[k]));
    largest = Math.max(largest, Math.abs(b[k]));
  }
  return largest === 0 ? error : error / largest;
}
