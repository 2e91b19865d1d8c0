// The cells with parts of them fixed: a gate or a state that has a value of its own instead of the computed
// one, or a path on which no gradient goes back. Where nothing is fixed, the numbers are those of cells.ts to
// the last bit.

import type { Floats } from "../numbers/tensor.js";
import type { SimdKind } from "./cell_kinds.js";
import { gateCount, gateNames } from "./cell_kinds.js";
import type { Cell, Memory } from "./cells.js";
import { cells } from "./cells.js";
import { addRecurrent, backThrough } from "./products.js";

/** What is fixed, by the name of the gate or state. */
export interface Fixed {
  /** the value of unit j of sample b at step t, from 0; undefined where it is computed */
  value: (name: string, t: number, b: number, j: number) => number | undefined;
  /** whether no gradient goes back from step t along the path */
  isCut: (path: "keep" | "recurrent", t: number) => boolean;
}

/** A constant passes no gradient on to what it would have been computed from. */
export function patchedCell(kind: SimdKind, fixed: Fixed): Cell {
  if (kind === "lstm") return patchedLstm(fixed);
  if (kind === "gru" || kind === "gru_reset_before") return patchedGru(kind, fixed);
  return patchedRnn(kind, fixed);
}

/** Of one step: whether a gate or state is fixed, and its value. */
function atStep({ value }: Fixed, { B }: Memory, row: number) {
  const t = row / B;
  return {
    of: (name: string, b: number, j: number, computed: number) => value(name, t, b, j) ?? computed,
    /** what goes on to the computation of `name` */
    through: (name: string, b: number, j: number, gradient: number) =>
      value(name, t, b, j) === undefined ? gradient : 0,
  };
}

function patchedRnn(kind: SimdKind, fixed: Fixed): Cell {
  const cell = cells[kind];
  return {
    ...cell,
    forward(memory, row, weights) {
      cell.forward(memory, row, weights);
      const { of } = atStep(fixed, memory, row);
      eachUnit(memory, (b, j) => {
        const k = row * memory.H + b * memory.H + j;
        memory.h[k] = of("h", b, j, memory.h[k]);
      });
    },
    backward(memory, row, weights, dh) {
      const { B, H, dhNext } = memory;
      const { through } = atStep(fixed, memory, row);
      const total = dh.slice(row * H, (row + B) * H);
      eachUnit(memory, (b, j) => (dh[(row + b) * H + j] = through("h", b, j, total[b * H + j])));
      cell.backward(memory, row, weights, dh);
      dh.set(total, row * H);
      if (fixed.isCut("recurrent", row / B)) dhNext.fill(0);
    },
  };
}

function patchedLstm(fixed: Fixed): Cell {
  return {
    ...cells.lstm,
    forward(memory, row, weights) {
      cells.lstm.forward(memory, row, weights);
      const { H, h, c, cPrev, extra } = memory;
      const { of } = atStep(fixed, memory, row);
      fixGates("lstm", fixed, memory, row);
      eachUnit(memory, (b, j) => {
        const k = (row + b) * H + j;
        const [i, f, g, o] = gatesOf(memory, 4, row + b, j);
        c[k] = of("c", b, j, f * cPrev[k] + i * g);
        extra[k] = Math.tanh(c[k]);
        h[k] = of("h", b, j, o * extra[k]);
      });
    },
    backward(memory, row, { Wh }, dh) {
      const { B, H, gates, cPrev, extra, dc, dcNext, dhNext } = memory;
      const { through } = atStep(fixed, memory, row);
      const isKept = !fixed.isCut("keep", row / B);
      eachUnit(memory, (b, j) => {
        const [k, n, z] = [(row + b) * H + j, b * H + j, (row + b) * 4 * H + j];
        const [i, f, g, o] = gatesOf(memory, 4, row + b, j);
        const tanhC = extra[k];
        const ofH = through("h", b, j, dh[k]);
        const total = (dc[k] = dcNext[n] + ofH * o * (1 - tanhC * tanhC));
        const ofC = through("c", b, j, total);
        gates[z] = through("i", b, j, ofC * g * i * (1 - i));
        gates[z + H] = through("f", b, j, ofC * cPrev[k] * f * (1 - f));
        gates[z + 2 * H] = through("g", b, j, ofC * i * (1 - g * g));
        gates[z + 3 * H] = through("o", b, j, ofH * tanhC * o * (1 - o));
        dcNext[n] = isKept ? ofC * f : 0;
      });
      backThrough(memory, gates, row * 4 * H, 4 * H, 0, 4, Wh, dhNext, false);
      if (fixed.isCut("recurrent", row / B)) dhNext.fill(0);
    },
  };
}

function patchedGru(kind: "gru" | "gru_reset_before", fixed: Fixed): Cell {
  const cell = cells[kind];
  const after = kind === "gru";
  return {
    ...cell,
    forward(memory, row, weights) {
      const { B, H, gates, h, hPrev, hRead, extra } = memory;
      // n is computed from r: again, from what it was before.
      const ofX = new Float64Array(B * H);
      eachUnit(memory, (b, j) => (ofX[b * H + j] = gates[((row + b) * 3 + 2) * H + j]));
      cell.forward(memory, row, weights);
      const { of } = atStep(fixed, memory, row);
      fixGates(kind, fixed, memory, row, 2);
      if (!after) {
        eachUnit(memory, (b, j) => {
          const k = (row + b) * H + j;
          extra[k] = gatesOf(memory, 3, row + b, j)[0] * hRead[k];
          gates[((row + b) * 3 + 2) * H + j] = ofX[b * H + j];
        });
        addRecurrent(memory, 3, row, 2, 1, extra, row * H, weights.Wh);
      }
      eachUnit(memory, (b, j) => {
        const [k, a] = [(row + b) * H + j, (row + b) * 3 * H + j];
        const [r, z] = [gates[a], gates[a + H]];
        const pre = after ? ofX[b * H + j] + r * extra[k] : gates[a + 2 * H];
        const n = (gates[a + 2 * H] = of("n", b, j, Math.tanh(pre)));
        h[k] = of("h", b, j, (1 - z) * n + z * hPrev[k]);
      });
    },
    backward(memory, row, { Wh }, dh) {
      const { B, H, gates, hPrev, hRead, hMask, extra, dhNext, scratch } = memory;
      const { through } = atStep(fixed, memory, row);
      const isKept = !fixed.isCut("keep", row / B);
      const isRecurrent = !fixed.isCut("recurrent", row / B);
      eachUnit(memory, (b, j) => {
        const [k, a] = [(row + b) * H + j, (row + b) * 3 * H + j];
        const [r, z, n] = gatesOf(memory, 3, row + b, j);
        const ofH = through("h", b, j, dh[k]);
        const dn = through("n", b, j, ofH * (1 - z) * (1 - n * n));
        if (after) {
          gates[a] = through("r", b, j, dn * extra[k] * r * (1 - r));
          extra[k] = dn * r;
        }
        gates[a + H] = through("z", b, j, ofH * (hPrev[k] - n) * z * (1 - z));
        gates[a + 2 * H] = dn;
        dhNext[b * H + j] = isKept ? ofH * z : 0;
      });
      if (after) {
        if (!isRecurrent) return;
        backThrough(memory, gates, row * 3 * H, 3 * H, 0, 2, Wh, dhNext, true);
        backThrough(memory, extra, row * H, H, 2, 1, Wh, dhNext, true);
        return;
      }
      backThrough(memory, gates, row * 3 * H + 2 * H, 3 * H, 2, 1, Wh, scratch, false);
      eachUnit(memory, (b, j) => {
        const [k, a] = [(row + b) * H + j, (row + b) * 3 * H + j];
        const r = gates[a];
        const product = scratch[b * H + j];
        gates[a] = through("r", b, j, product * hRead[k] * r * (1 - r));
        if (isRecurrent) dhNext[b * H + j] += product * r * (hMask?.[b * H + j] ?? 1);
      });
      if (isRecurrent) backThrough(memory, gates, row * 3 * H, 3 * H, 0, 2, Wh, dhNext, true);
    },
  };
}

function eachUnit({ B, H }: Memory, run: (b: number, j: number) => void): void {
  for (let b = 0; b < B; b++) for (let j = 0; j < H; j++) run(b, j);
}

/** The activations of unit j in row `row`. */
function gatesOf({ H, gates }: Memory, G: number, row: number, j: number): number[] {
  return Array.from({ length: G }, (_, index) => gates[(row * G + index) * H + j]);
}

/** Puts the values of the first `count` gates in their places. */
function fixGates(kind: SimdKind, fixed: Fixed, memory: Memory, row: number, count = gateCount[kind]): void {
  const { H, gates }: { H: number; gates: Floats } = memory;
  const { of } = atStep(fixed, memory, row);
  gateNames[kind].slice(0, count).forEach((name, index) => {
    eachUnit(memory, (b, j) => {
      const at = ((row + b) * gateCount[kind] + index) * H + j;
      gates[at] = of(name, b, j, gates[at]);
    });
  });
}
