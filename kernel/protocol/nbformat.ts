// Notebook files (nbformat 4): read strictly, written so that nothing but what was meant to change changes.
// Both `unrolled run` and the generator of the workbook go through here.

import { readFile } from "node:fs/promises";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { JsonObject } from "../objects.js";
import { isObject } from "../objects.js";
import { brief } from "./brief.js";
import type { Output } from "./client.js";

export type { Output };

export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  metadata: Record<string, unknown>;
  /** Joined: files may hold it as a list of lines. */
  source: string;
  /** Code cells only. */
  outputs?: Output[];
  /** Code cells only. */
  execution_count?: number | null;
}

export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** What a run puts into a code cell. */
export interface CellResult {
  outputs: Output[];
  execution_count: number | null;
}

/**
 * Reads a text file as strict UTF-8: a replaced byte would be written back as a different text.
 *
 * @throws {Error} naming `file` when it cannot be read, or is not UTF-8
 */
export async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${file}: ${code === "ENOENT" ? "no such file" : (error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${file}: not UTF-8 text`, { cause: error });
  }
}

/**
 * Reads the text of a notebook, nbformat 4.0 to 4.5, with multi-line strings joined.
 *
 * @throws {Error} naming `file` for anything else: not JSON, another version, a part that nbformat's schema
 *   does not allow
 */
export function parseNotebook(text: string, file: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: not a notebook: ${(error as Error).message}`, { cause: error });
  }
  return toNotebook(value, file);
}

/**
 * The same for a notebook that is JSON already.
 * @throws {Error} naming `file` when nbformat's schema does not allow it
 */
export function toNotebook(value: unknown, file: string): Notebook {
  const fail = (message: string): never => {
    throw new Error(`${file}: ${message}`);
  };
  if (!isObject(value)) return fail(`the notebook is ${brief(value)}, but must be an object`);
  const { nbformat, nbformat_minor: minor, metadata, cells } = value;
  if (nbformat !== 4 || typeof minor !== "number" || !Number.isInteger(minor) || minor < 0 || minor > 5)
    fail(`nbformat is ${brief(nbformat)}.${brief(minor)}, but must be from 4.0 to 4.5`);
  if (!isObject(metadata)) return fail(`metadata is ${brief(metadata)}, but must be an object`);
  if (!Array.isArray(cells)) return fail(`cells is ${brief(cells)}, but must be a list`);

  const ids = new Set<unknown>();
  for (const [index, cell] of (cells as unknown[]).entries()) {
    const failCell = (message: string) => fail(`cell ${index + 1}: ${message}`);
    if (!isObject(cell)) return failCell(`the cell is ${brief(cell)}, but must be an object`);
    const { cell_type: type, id, source } = cell;
    if (type !== "code" && type !== "markdown" && type !== "raw")
      failCell(`cell_type is ${brief(type)}, but must be "code", "markdown" or "raw"`);
    if (!isObject(cell.metadata)) failCell(`metadata is ${brief(cell.metadata)}, but must be an object`);
    if (!isMultilineString(source))
      failCell(`source is ${brief(source)}, but must be text or a list of lines`);
    if (minor === 5 && (typeof id !== "string" || !/^[a-zA-Z0-9_-]{1,64}$/.test(id)))
      failCell(`id is ${brief(id)}, but must be 1 to 64 letters, digits, "-" and "_" in nbformat 4.5`);
    if (id !== undefined && ids.has(id)) failCell(`id ${JSON.stringify(id)} is used twice`);
    ids.add(id);
    if (type !== "code") continue;
    const count = cell.execution_count;
    if (count !== null && !Number.isInteger(count))
      failCell(`execution_count is ${brief(count)}, but must be a whole number or null`);
    if (!Array.isArray(cell.outputs))
      return failCell(`outputs is ${brief(cell.outputs)}, but must be a list`);
    for (const output of cell.outputs as unknown[]) {
      const problem = outputProblem(output);
      if (problem !== undefined) failCell(`outputs: ${problem}`);
    }
  }
  return { ...value, cells: cells.map((cell: JsonObject) => joinCell(cell)) } as unknown as Notebook;
}

function outputProblem(output: unknown): string | undefined {
  if (!isObject(output)) return `an output is ${brief(output)}, but must be an object`;
  switch (output.output_type) {
    case "stream":
      return typeof output.name === "string" && isMultilineString(output.text)
        ? undefined
        : "a stream needs name and text";
    case "display_data":
    case "execute_result":
      return isObject(output.data) && isObject(output.metadata)
        ? undefined
        : `${output.output_type} needs data and metadata`;
    case "error":
      return typeof output.ename === "string" &&
        typeof output.evalue === "string" &&
        Array.isArray(output.traceback)
        ? undefined
        : "an error needs ename, evalue and traceback";
    default:
      return `output_type is ${brief(output.output_type)}, but must be one of nbformat's`;
  }
}

const isMultilineString = (value: unknown): value is string | string[] =>
  typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));
const join = (value: string | string[]) => (typeof value === "string" ? value : value.join(""));
const isJsonMime = (mime: string) => /^application\/(.*\+)?json$/.test(mime);

function joinCell(cell: JsonObject): JsonObject {
  const joined = { ...cell, source: join(cell.source as string | string[]) };
  return cell.cell_type === "code"
    ? { ...joined, outputs: (cell.outputs as JsonObject[]).map(joinOutput) }
    : joined;
}

function joinOutput(output: JsonObject): JsonObject {
  if (output.output_type === "stream") return { ...output, text: join(output.text as string | string[]) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data as JsonObject).map(([mime, value]) => [
    mime,
    !isJsonMime(mime) && isMultilineString(value) ? join(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) as JsonObject };
}

/**
 * The text of a notebook as nbformat itself writes it (sorted keys, one space, texts as lists of lines), so
 * that saving an untouched notebook in JupyterLab changes nothing.
 */
export function serialiseNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: splitLines(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(splitOutput) }),
  }));
  return JSON.stringify(sortKeys({ ...notebook, cells }), null, 1) + "\n";
}

/**
 * The notebook's text with the results of some cells (by index) put in; every other byte stays: sources,
 * unknown metadata, key order, number formats. New lines take the indentation of the file.
 * @throws {Error} when the text is not JSON, or a cell has no outputs
 */
export function putResults(text: string, results: ReadonlyMap<number, CellResult>): string {
  const root = parseTree(text);
  if (!root) throw new Error("putResults: the text is not JSON");
  const indent = /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? "";
  const edits = [...results].flatMap(([index, result]) =>
    (["outputs", "execution_count"] as const).map((key) => {
      const node = findNodeAtLocation(root, ["cells", index, key]);
      if (!node) throw new Error(`putResults: cell ${index + 1} has no ${key}`);
      const value = key === "outputs" ? result.outputs.map(splitOutput) : result.execution_count;
      // Three levels down: cells, cell, outputs.
      const json = JSON.stringify(sortKeys(value), null, indent).replaceAll("\n", `\n${indent.repeat(3)}`);
      return { start: node.offset, end: node.offset + node.length, json };
    }),
  );
  let edited = text;
  for (const { start, end, json } of edits.sort((a, b) => b.start - a.start))
    edited = edited.slice(0, start) + json + edited.slice(end);
  return edited;
}

/** `transient` belongs to the message, not to the file: the schema forbids it. */
function splitOutput(output: Output): JsonObject {
  const kept = { ...output };
  if ("transient" in kept) delete kept.transient;
  if (kept.output_type === "stream") return { ...kept, text: splitLines(kept.text) };
  if (kept.output_type === "error") return { ...kept };
  const data = Object.entries(kept.data).map(([mime, value]) => [
    mime,
    typeof value === "string" && (mime.startsWith("text/") || mime === "image/svg+xml")
      ? splitLines(value)
      : value,
  ]);
  return { ...kept, data: Object.fromEntries(data) as JsonObject };
}

const splitLines = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
