// Checks of what a recurrence is given, the same for every engine.

import type { Floats } from "../numbers/tensor.js";
import { checkChoice, checkSize, misfit } from "../numbers/validation.js";
import { cellKinds, cellStateSize, gateRows, hasWh, isLstm, isSimd, ownWeightsOf } from "./cell_kinds.js";
import type { BackwardOptions, RecurrenceSize, RecurrenceWeights } from "./engine.js";

export function checkRecurrenceSize(size: RecurrenceSize): void {
  checkChoice("recurrence", "cell", size.cell, cellKinds);
  for (const name of ["T", "B", "I", "H"] as const) checkSize("recurrence", name, size[name]);
  if (size.hasMask && !isSimd(size.cell) && !isLstm(size.cell)) {
    throw new TypeError(`recurrence: hasMask is true, but must be false: ${size.cell} has no masks`);
  }
  if (size.P !== undefined) {
    checkSize("recurrence", "P", size.P);
    if (size.cell !== "lstm") {
      throw new TypeError(`recurrence: P is given, but must not be: ${size.cell} has no projections`);
    }
    if (size.P >= size.H) throw misfit("recurrence", "P", size.P, `below H = ${size.H}`);
  }
  if (size.cell === "lru" && size.H % 2 > 0) throw misfit("recurrence", "H", size.H, "even");
}

/** Every array has the length that the size asks for, and every sequence from 1 to T steps. */
export function checkArguments(
  method: "forward" | "backward",
  size: RecurrenceSize,
  x: Floats,
  weights: RecurrenceWeights,
  options: BackwardOptions,
): void {
  const { T, B, I, H, P = H } = size;
  checkInput(method, size, x);
  checkWeights(method, "", size, weights);
  for (const name of ["h0", "dhT", "dh0", "hMask"] as const) {
    const state = options[name];
    if (state !== undefined) checkLength(method, name, state, B * P, P === H ? "B·H" : "B·P");
  }
  if (options.hMask !== undefined && !size.hasMask) {
    throw new TypeError(`Recurrence.${method}: hMask is given, but the size has no masks`);
  }
  const S = cellStateSize(size.cell, H);
  for (const name of ["c0", "dcT", "dc0"] as const) {
    const state = options[name];
    if (state !== undefined && S > 0) checkLength(method, name, state, B * S, "B·S");
  }
  if (options.dx !== undefined) checkLength(method, "dx", options.dx, T * B * I, "T·B·I");
  const { lengths } = options;
  if (lengths === undefined) return;
  checkLength(method, "lengths", lengths, B, "B");
  for (let b = 0; b < B; b++) {
    if (lengths[b] >= 1 && lengths[b] <= T) continue;
    throw new RangeError(
      `Recurrence.${method}: lengths is ${lengths[b]} for sequence ${b}, but must be from 1 to T = ${T}`,
    );
  }
}

export function checkInput(method: string, { T, B, I }: RecurrenceSize, x: Floats): void {
  checkLength(method, "x", x, T * B * I, "T·B·I");
}

/** What backward is given in addition. */
export function checkGradients(size: RecurrenceSize, gradients: RecurrenceWeights): void {
  checkWeights("backward", "gradients.", size, gradients);
}

function checkWeights(
  method: string,
  prefix: string,
  { cell, I, H, P }: RecurrenceSize,
  weights: RecurrenceWeights,
): void {
  const { Wx, Wh, b } = weights;
  const rows = gateRows(cell, H);
  const R = cell === "mlstm" ? "(G·H + 2)" : "G·H";
  checkLength(method, `${prefix}Wx`, Wx, rows * I, `${R}·I`);
  if (hasWh(cell)) checkLength(method, `${prefix}Wh`, Wh, rows * (P ?? H), `${R}·${P ? "P" : "H"}`);
  else checkLength(method, `${prefix}Wh`, Wh, 0, "the size of W_h");
  checkLength(method, `${prefix}b`, b, rows, R);
  for (const { name, blocks, isOptional } of ownWeightsOf(cell, P)) {
    const own = weights[name];
    const is = blocks === 1 ? "H" : `${blocks}·H`;
    if (own === undefined && !isOptional) {
      throw new TypeError(`Recurrence.${method}: ${prefix}${name} is undefined, but must be ${is} elements`);
    }
    if (own !== undefined) checkLength(method, `${prefix}${name}`, own, blocks * H, is);
  }
}

function checkLength(
  method: string,
  name: string,
  array: Floats | Int32Array,
  expected: number,
  is: string,
): void {
  if (array.length !== expected) {
    throw new RangeError(
      `Recurrence.${method}: ${name} has ${array.length} elements, but ${is} is ${expected} for this size`,
    );
  }
}
