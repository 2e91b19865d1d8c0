// Whether two executed notebooks say the same: texts exactly, numbers within a tolerance wherever they stand
// (printed text, HTML, the JSON of charts), pictures only by their presence, because rasterisers may differ
// by machine.

import type { Notebook, NotebookCell, Output } from "../../kernel/protocol/nbformat.js";

export interface Difference {
  /** The cell's id, or "notebook" for what belongs to no cell. */
  cell: string;
  what: string;
  expected: string;
  came: string;
}

// U+2212 is the minus sign of Vega and of formulas.
const numberPattern = /([-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

/** Equal to 1e-9 relative, or to 1e-12 near zero. */
export function closeNumbers(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= Math.max(1e-12, 1e-9 * Math.max(Math.abs(a), Math.abs(b)));
}

/** Same text between the numbers, and close numbers. */
export function closeTexts(a: string, b: string): boolean {
  return a === b || firstDifference(a, b) === undefined;
}

/** Where two texts first differ by more than the tolerance: an offset in each. */
function firstDifference(a: string, b: string): { a: number; b: number } | undefined {
  const [tokensA, tokensB] = [tokens(a), tokens(b)];
  const at = { a: 0, b: 0 };
  for (let i = 0; i < Math.max(tokensA.length, tokensB.length); i++) {
    const [tokenA = "", tokenB = ""] = [tokensA[i], tokensB[i]];
    // Odd tokens are the numbers.
    const close = i % 2 === 1 ? closeNumbers(valueOf(tokenA), valueOf(tokenB)) : tokenA === tokenB;
    if (!close) return at;
    at.a += tokenA.length;
    at.b += tokenB.length;
  }
  return undefined;
}

/** A text cut into what stands between the numbers (even) and the numbers (odd). */
const tokens = (text: string) => text.split(numberPattern);
const valueOf = (digits: string) => (digits === "" ? NaN : Number(digits.replace("\u2212", "-")));

/** closeTexts and closeNumbers throughout a JSON value. */
export function closeJson(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return closeNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return closeTexts(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [entriesA, mapB] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    entriesA.length === mapB.size &&
    entriesA.every(([key, value]) => mapB.has(key) && closeJson(value, mapB.get(key)))
  );
}

/** Whether two outputs of a cell are the same; of PNGs only that both have one. */
export function closeOutputs(a: Output, b: Output): boolean {
  return closeJson(withoutPictures(a), withoutPictures(b));
}

function withoutPictures(output: Output): unknown {
  if (!("data" in output)) return output;
  const data = Object.entries(output.data).map(([mime, value]) => [mime, mime === "image/png" ? "" : value]);
  return { ...output, data: Object.fromEntries(data) as unknown };
}

/** Everything in which `came` (just executed) differs from `expected` (committed), cell by cell. */
export function compareNotebooks(expected: Notebook, came: Notebook): Difference[] {
  const differences: Difference[] = [];
  const note = (cell: string, what: string, e: unknown, c: unknown) =>
    differences.push({ cell, what, ...excerpts(show(e), show(c)) });

  const { cells: expectedCells, ...expectedRest } = expected;
  const { cells: cameCells, ...cameRest } = came;
  for (const key of unionOfKeys(expectedRest.metadata, cameRest.metadata))
    if (!same(expectedRest.metadata[key], cameRest.metadata[key]))
      note("notebook", `metadata.${key}`, expectedRest.metadata[key], cameRest.metadata[key]);
  if (expected.nbformat_minor !== came.nbformat_minor)
    note("notebook", "nbformat_minor", expected.nbformat_minor, came.nbformat_minor);

  const ids = (cells: NotebookCell[]) => cells.map((cell) => cell.id ?? "");
  if (!same(ids(expectedCells), ids(cameCells))) {
    note("notebook", "cells", ids(expectedCells).join(" "), ids(cameCells).join(" "));
    return differences;
  }
  for (const [index, e] of expectedCells.entries()) compareCells(e, cameCells[index], note);
  return differences;
}

function compareCells(
  e: NotebookCell,
  c: NotebookCell,
  note: (cell: string, what: string, expected: unknown, came: unknown) => void,
): void {
  const id = c.id ?? "";
  for (const key of ["cell_type", "source", "metadata", "execution_count"] as const)
    if (!same(e[key], c[key])) note(id, key, e[key], c[key]);

  const [outputsE, outputsC] = [e.outputs ?? [], c.outputs ?? []];
  if (outputsE.length !== outputsC.length) {
    note(
      id,
      "outputs",
      outputsE.map((o) => o.output_type).join(" "),
      outputsC.map((o) => o.output_type).join(" "),
    );
    return;
  }
  for (const [i, outputE] of outputsE.entries()) {
    const outputC = outputsC[i];
    if (closeOutputs(outputE, outputC)) continue;
    const [partsE, partsC] = [partsOf(outputE), partsOf(outputC)];
    for (const key of unionOfKeys(partsE, partsC))
      if (!(key in partsE && key in partsC && (key === "image/png" || closeJson(partsE[key], partsC[key]))))
        note(id, `output ${i + 1}, ${key}`, partsE[key], partsC[key]);
  }
}

/** An output flat, its MIME bundle next to its other parts, so that a difference names the MIME type. */
function partsOf(output: Output): Record<string, unknown> {
  if (!("data" in output)) return { ...output };
  const { data, ...rest } = output;
  return { ...rest, ...data };
}

const unionOfKeys = (a: object, b: object) => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([k, v]) => [k, sorted(v)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function show(value: unknown): string {
  if (value === undefined) return "(nothing)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The stretch of two texts around their first difference. */
function excerpts(expected: string, came: string): { expected: string; came: string } {
  const at = firstDifference(expected, came) ?? { a: 0, b: 0 };
  return { expected: excerpt(expected, at.a), came: excerpt(came, at.b) };
}

function excerpt(text: string, at: number): string {
  const [from, to] = [Math.max(0, at - 40), at + 80];
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}
