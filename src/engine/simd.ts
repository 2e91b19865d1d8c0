// The engine in float32 by WebAssembly SIMD.

import type { Floats } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import { allFinite } from "./all_finite.js";
import { isSimd } from "./cell_kinds.js";
import type { Engine } from "./engine.js";
import { BatchRecurrence } from "./recurrence.js";
import type { SimdInstance } from "./simd_module.js";
import { hasSimd, kernelsOf, instantiate, panelColumns } from "./simd_module.js";
import { SimdRecurrence } from "./simd_recurrence.js";

/** The engine, or undefined where its WebAssembly does not run. */
export function simdEngine(): Engine | undefined {
  if (!hasSimd()) return undefined;
  const products = new Products();
  return {
    dtype: "float32",
    name: "WebAssembly SIMD, float32",
    allocate: (length) => allocate("float32", length),
    recurrence: ({ cell, ...size }) =>
      isSimd(cell) && !size.hasMask && size.P === undefined
        ? new SimdRecurrence({ cell, ...size })
        : new BatchRecurrence("float32", { cell, ...size }),
    gemm: products.gemm.bind(products),
    addColumnSums: products.addColumnSums.bind(products),
    allFinite: (a) => {
      const kernels = kernelsOf(a);
      return kernels ? kernels.allFinite(a.length, a.byteOffset) !== 0 : allFinite(a);
    },
    softmax: products.softmax.bind(products),
  };
}

/** Rows with fewer columns are not worth a copy. */
const fewestColumns = 16;

/** How many numbers each part of the memory holds. */
type Lengths = Record<"a" | "b" | "packed" | "zeros" | "c", number>;

/** Operations on callers' arrays: they are copied to a memory that is as large as the largest so far. */
class Products {
  #lengths: Lengths = { a: 0, b: 0, packed: 0, zeros: 0, c: 0 };
  #instance?: SimdInstance<keyof Lengths>;

  gemm(...[transposeA, transposeB, M, N, K, A, B, C, accumulate]: Parameters<Engine["gemm"]>): void {
    const packed = K * Math.ceil(N / panelColumns) * panelColumns;
    const { kernels, at, view } = this.#reserve({ a: M * K, b: K * N, packed, zeros: N, c: M * N });
    view.a.set(A);
    view.b.set(B);
    if (accumulate) view.c.set(C);
    const [initial, initialRow] = accumulate ? [at.c, N] : [at.zeros, 0];
    kernels.packB(K, N, at.b, transposeB ? 1 : N, transposeB ? K : 1, at.packed);
    const [aRow, aColumn] = transposeA ? [1, M] : [K, 1];
    kernels.multiply(M, N, K, at.a, aRow, aColumn, at.packed, initial, initialRow, at.c, N);
    C.set(view.c.subarray(0, M * N));
  }

  addColumnSums(columns: number, a: Floats, sums: Floats): void {
    const { kernels, at, view } = this.#reserve({ a: a.length, c: columns });
    view.a.set(a);
    view.c.set(sums);
    kernels.addColumnSums(a.length / columns, columns, at.a, at.c);
    sums.set(view.c.subarray(0, columns));
  }

  softmax(columns: number, weight: number, z: Floats, into: Floats, sums: Float64Array): boolean {
    if (columns < fewestColumns) return false;
    const rows = z.length / columns;
    const { kernels, at, view } = this.#reserve({ a: z.length, c: 4 * rows });
    view.a.set(z);
    kernels.softmax(rows, columns, weight, at.a, at.a, at.c);
    into.set(view.a.subarray(0, z.length));
    sums.set(new Float64Array(view.c.buffer, at.c, 2 * rows));
    return true;
  }

  #reserve(wanted: Partial<Lengths>) {
    const lengths = this.#lengths;
    const instance = this.#instance;
    const needed = { a: 0, b: 0, packed: 0, zeros: 0, c: 0, ...wanted };
    const names = Object.keys(needed) as (keyof typeof needed)[];
    if (instance && names.every((name) => needed[name] <= lengths[name])) return instance;
    const grown = { ...needed };
    for (const name of names) grown[name] = Math.max(lengths[name], needed[name]);
    this.#instance = instantiate(grown);
    this.#lengths = grown;
    return this.#instance;
  }
}
