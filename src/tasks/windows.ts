// Windows of a table as samples that are made when they are read: kept as arrays, each would take `steps`
// times the memory of its row.

import type { Matrix, Vector } from "../numbers/linear_algebra.js";
import { inspectCustom } from "../numbers/summary.js";
import type { Sample } from "../slides/model.js";

/**
 * What makes the sample whose target is in a row: x of the rows up to `horizon` before it, and y. A loop over
 * the steps of one sample makes its x once.
 */
export function windowsOf(
  inputs: readonly Float64Array[],
  targets: readonly Float64Array[],
  { steps, horizon }: { steps: number; horizon: number },
): (row: number) => Sample {
  let last: { row: number; x: Matrix } | undefined;
  const rowOf = (columns: readonly Float64Array[], row: number): Vector =>
    columns.map((values) => values[row]);

  class Window {
    declare x: Matrix;
    declare y: Vector;
    readonly #row: number;

    // Of the sample itself, so that a spread or a clone has them too.
    static readonly #parts: PropertyDescriptorMap & ThisType<Window> = {
      x: {
        enumerable: true,
        get() {
          return this.#steps();
        },
      },
      y: {
        enumerable: true,
        get() {
          return rowOf(targets, this.#row);
        },
      },
    };

    constructor(row: number) {
      this.#row = row;
      Object.defineProperties(this, Window.#parts);
    }

    /** What a notebook or a console shows, in place of two getters. */
    [inspectCustom](): Sample {
      return { ...this };
    }

    #steps(): Matrix {
      const row = this.#row;
      if (last?.row !== row) {
        const first = row - horizon - steps + 1;
        last = { row, x: Array.from({ length: steps }, (_, t) => rowOf(inputs, first + t)) };
      }
      return last.x;
    }
  }

  return (row) => new Window(row);
}
