// The sigmoid and tanh of a step's gates: by WebAssembly where there are many doubles, in JavaScript
// otherwise. In V8 both give the same bits.

import type { Floats } from "../numbers/tensor.js";
import type { Doubles } from "./doubles.js";
import { doublesOf } from "./doubles.js";

export type Activation = "sigmoid" | "tanh";

/** From this many numbers on, WebAssembly is faster in spite of its copies. */
const fewest = 128;
/** How many are copied at a time. */
const most = 8192;

/** null where there is none */
let memory: Doubles<"z"> | null | undefined;

/**
 * Activates blocks of H elements in place: row by row, from element `from` of z on, what `blocks` says of
 * each block; undefined leaves it.
 */
export function activate(
  z: Floats,
  from: number,
  rows: number,
  H: number,
  blocks: readonly (Activation | undefined)[],
): void {
  const row = blocks.length * H;
  if (rows * row >= fewest && row <= most && z instanceof Float64Array) {
    memory = memory === undefined ? (doublesOf({ z: most }) ?? null) : memory;
    if (memory) {
      activateDoubles(memory, z, from, rows, H, blocks);
      return;
    }
  }
  for (let first = from; first < from + rows * row; first += row) {
    for (let block = 0, k = first; block < blocks.length; block++) {
      const end = k + H;
      if (blocks[block] === "sigmoid") for (; k < end; k++) z[k] = 1 / (1 + Math.exp(-z[k]));
      else if (blocks[block] === "tanh") for (; k < end; k++) z[k] = Math.tanh(z[k]);
      else k = end;
    }
  }
}

function activateDoubles(
  { kernels, at, view }: Doubles<"z">,
  z: Float64Array,
  from: number,
  rows: number,
  H: number,
  blocks: readonly (Activation | undefined)[],
): void {
  const row = blocks.length * H;
  const atOnce = Math.floor(most / row);
  for (let done = 0; done < rows; done += atOnce) {
    const count = Math.min(atOnce, rows - done);
    const part = z.subarray(from + done * row, from + (done + count) * row);
    view.z.set(part);
    blocks.forEach((activation, block) => {
      const address = at.z + 8 * block * H;
      if (activation === "sigmoid") kernels.doubleSigmoids(count, H, row, address);
      else if (activation === "tanh") kernels.doubleTanhs(count, H, row, address);
    });
    part.set(view.z.subarray(0, count * row));
  }
}
