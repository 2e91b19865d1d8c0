// Memory in which WebAssembly computes in float64.

import type { SimdInstance } from "./simd_module.js";
import { hasSimd, instantiate } from "./simd_module.js";

export interface Doubles<Name extends string> extends Omit<SimdInstance<Name>, "view"> {
  view: Record<Name, Float64Array>;
}

/**
 * Arrays of the given lengths, zeros; undefined where WebAssembly does not run, or has no memory for them.
 */
export function doublesOf<Name extends string>(lengths: Record<Name, number>): Doubles<Name> | undefined {
  if (!hasSimd()) return undefined;
  const names = Object.keys(lengths) as Name[];
  const record = <Value>(of: (name: Name) => Value) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
  try {
    const { kernels, at, view } = instantiate(record((name) => 2 * lengths[name]));
    return {
      kernels,
      at,
      view: record((name) => new Float64Array(view[name].buffer, at[name], lengths[name])),
    };
  } catch (error) {
    // Chromium allows about a hundred WebAssembly memories at a time.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
