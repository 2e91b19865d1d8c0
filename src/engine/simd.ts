// The engine in float32 by WebAssembly SIMD.

import type { Floats } from "../nn/tensor.js";
import { allocate } from "../nn/tensor.js";
import type { Engine } from "./engine.js";
import type { SimdInstance } from "./simd_module.js";
import { hasSimd, instantiate, panel } from "./simd_module.js";
import { SimdRecurrence } from "./simd_recurrence.js";

/** The engine, or undefined where its WebAssembly does not run. */
export function simdEngine(): Engine | undefined {
  if (!hasSimd()) return undefined;
  const products = new Products();
  return {
    dtype: "float32",
    name: "WebAssembly SIMD, float32",
    allocate: (length) => allocate("float32", length),
    recurrence: (size) => new SimdRecurrence(size),
    gemm: products.gemm.bind(products),
    exponentials: products.exponentials.bind(products),
    squares: products.squares.bind(products),
  };
}

/** Rows of fewer are not worth a copy. */
const shortestRow = 16;

/** Numbers whose squares are summed at a time. */
const copied = 2 ** 17;

/** What is done to arrays that are elsewhere: they are copied to a memory that is as large as the largest so far. */
class Products {
  private lengths = { a: 0, b: 0, packed: 0, c: 0 };
  private instance?: SimdInstance<"a" | "b" | "packed" | "c">;

  gemm(...[transposeA, transposeB, M, N, K, A, B, C, accumulate]: Parameters<Engine["gemm"]>): void {
    const needed = { a: M * K, b: K * N, packed: K * Math.ceil(N / panel) * panel, c: M * N };
    const { kernels, at, view } = this.reserve(needed);
    view.a.set(A);
    view.b.set(B);
    if (accumulate) view.c.set(C);
    else view.c.fill(0, 0, M * N);
    kernels.packB(K, N, at.b, transposeB ? 1 : N, transposeB ? K : 1, at.packed);
    kernels.multiply(M, N, K, at.a, transposeA ? 1 : K, transposeA ? M : 1, at.packed, at.c, N, at.c, N);
    C.set(view.c.subarray(0, M * N));
  }

  exponentials(columns: number, z: Floats, into: Floats): boolean {
    if (columns < shortestRow) return false;
    const { kernels, at, view } = this.reserve({ a: z.length, b: 0, packed: 0, c: 0 });
    view.a.set(z);
    kernels.exponentials(z.length / columns, columns, at.a, at.a);
    into.set(view.a.subarray(0, z.length));
    return true;
  }

  squares(columns: number, a: Floats, into: Float64Array): boolean {
    // In parts, for a copy of the gates of a long batch would stay in memory.
    const rows = Math.ceil(copied / columns);
    const { kernels, at, view } = this.reserve({ a: rows * columns, b: 0, packed: 0, c: 2 * rows });
    const sums = new Float64Array(view.c.buffer, at.c, rows);
    for (let first = 0; first < into.length; first += rows) {
      const count = Math.min(rows, into.length - first);
      view.a.set(a.subarray(first * columns, (first + count) * columns));
      kernels.squares(count, columns, at.a, at.c);
      into.set(sums.subarray(0, count), first);
    }
    return true;
  }

  private reserve(needed: typeof this.lengths) {
    const { lengths, instance } = this;
    const names = Object.keys(needed) as (keyof typeof needed)[];
    if (instance && names.every((name) => needed[name] <= lengths[name])) return instance;
    const grown = { ...needed };
    for (const name of names) grown[name] = Math.max(lengths[name], needed[name]);
    this.instance = instantiate(grown);
    this.lengths = grown;
    return this.instance;
  }
}
