// Errors of the user's code as Jupyter shows them: the cell's own lines and the code around them, causes and
// aggregated errors, no frames of the kernel or of Node.

import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { codeFrame } from "../rendering/code_frame.js";
import { packageRoot } from "../package_root.js";
import type { CellError } from "../threads.js";

const POSITION = /:(\d+):(\d+)(\)?)$/;
const CELL = /cell\[[^\]]+\]\.ts/;
const FRAME = /^\s+at /;
// Where `eval` was called, in compiled code; the next frame says it.
const CALL_OF_EVAL = /\(eval at .+\), (?=<anonymous>:\d+:\d+\)$)/;
// ES modules are named by their URLs, in which a space, say, is written otherwise.
const OWN = [packageRoot, pathToFileURL(packageRoot).href].map(withSlashes);
const HIDDEN = [...OWN.flatMap((root) => [`${root}/dist/kernel/`, `${root}/kernel/`]), "node:"];

// An error can carry thousands of others, each with causes of its own, and be its own cause.
const SHOWN_AGGREGATED_ERRORS = 10;
const SHOWN_ERRORS = 50;
const STANDARD_KEYS = new Set(["stack", "message", "name", "cause", "errors"]);

interface Source {
  text: string;
  /** From the compiled code to what the user wrote; read when it is first needed. */
  map: TraceMap | string;
  /** Lines that the compiler saw in front of it. */
  linesInFront: number;
}

export class Traces {
  readonly #sources = new Map<string, Source>();

  /** Remembers the source of a cell or a local module, and how the lines of its compiled code map to it. */
  add(name: string, text: string, map: string, linesInFront = 0): void {
    this.#sources.set(name, { text, map, linesInFront });
  }

  /** V8 asks when a `stack` is first read: the cell's own prints show the same lines as uncaught errors. */
  install(): void {
    Error.prepareStackTrace = (error, calls) => this.stack(error, calls);
  }

  /** @param calls innermost first */
  stack(error: Error, calls: { toString(): string }[]): string {
    return [safely(() => Error.prototype.toString.call(error)), ...this.#frames(calls)].join("\n");
  }

  /** Anything can be thrown; what is not an Error is shown as it inspects. */
  toCellError(thrown: unknown): CellError {
    if (!isError(thrown)) {
      const evalue = safely(() => inspect(thrown));
      return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
    }
    const traceback = this.#describe(thrown, new Set()).join("\n").split("\n");
    return { ename: nameOf(thrown), evalue: safely(() => String(thrown.message)), traceback };
  }

  /** @param described the errors that are described already */
  #describe(error: unknown, described: Set<unknown>): string[] {
    if (!isError(error)) return [safely(() => inspect(error))];
    if (described.has(error)) return [`${nameOf(error)} (the same error again)`];
    if (described.size >= SHOWN_ERRORS) return ["…"];
    described.add(error);
    const message = safely(() => String(error.message));
    const frames = safely(() => String(error.stack))
      .split("\n")
      .filter((line) => FRAME.test(line));
    const lines: string[] = [message === "" ? nameOf(error) : `${nameOf(error)}: ${message}`];
    const position = frames.map(positionIn).find((found) => found && this.#sources.has(found.name));
    if (position)
      lines.push("", codeFrame(this.#sources.get(position.name)!.text, position.row, position.column), "");
    lines.push(...frames, ...ownProperties(error));
    const parts = parent(error);
    if (parts.cause !== undefined) {
      const [first, ...rest] = this.#describe(parts.cause, described);
      lines.push(`Caused by: ${first}`, ...rest);
    }
    parts.errors.slice(0, SHOWN_AGGREGATED_ERRORS).forEach((each, at) => {
      const [first, ...rest] = this.#describe(each, described);
      lines.push(`[${at + 1} of ${parts.errors.length}] ${first}`, ...rest);
    });
    if (parts.errors.length > SHOWN_AGGREGATED_ERRORS)
      lines.push(`… ${parts.errors.length - SHOWN_AGGREGATED_ERRORS} more errors`);
    return lines;
  }

  /**
   * The calls that led to an error, those of the cells at the user's own lines and under the user's own
   * names.
   */
  #frames(calls: { toString(): string }[]): string[] {
    return calls
      .map((call) => `    at ${call.toString()}`)
      .filter((line) => !HIDDEN.some((path) => withSlashes(line).includes(path)))
      .map((line) => line.replace(CALL_OF_EVAL, "("))
      .map((line) => (CELL.test(line) ? line.replace(/at (async )?Object\./, "at $1") : line))
      .map((line) => {
        const found = positionIn(line);
        const source = found && this.#sources.get(found.name);
        if (!source?.map) return line;
        if (typeof source.map === "string") source.map = new TraceMap(source.map);
        const { before, row, column, bracket } = found!;
        const original = originalPositionFor(source.map, { line: row, column: column - 1 });
        if (original.line === null) return before + bracket;
        return `${before}:${original.line - source.linesInFront}:${original.column + 1}${bracket}`;
      });
  }
}

/** What `at f (name:1:2)` and `at name:1:2` say, where the name is a cell's or a local module's. */
function positionIn(frame: string) {
  const [position, row, column, bracket] = POSITION.exec(frame) ?? [];
  if (position === undefined) return undefined;
  const before = frame.slice(0, -position.length);
  const name = before.slice(before.lastIndexOf(bracket ? "(" : " ") + 1);
  return { before, name, row: Number(row), column: Number(column), bracket };
}

/** The class name says more than `name`, which subclasses seldom set. */
function nameOf(error: Error): string {
  return safely(() => (error.name !== "Error" ? error.name : error.constructor.name) || "Error");
}

function parent(error: Error): { cause: unknown; errors: unknown[] } {
  try {
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    return { cause, errors: Array.isArray(errors) ? errors : [] };
  } catch {
    return { cause: undefined, errors: [] };
  }
}

/** What the error says besides its message, such as the `code` of Node's errors. */
function ownProperties(error: Error): string[] {
  try {
    const own = Object.entries(error).filter(([key]) => !STANDARD_KEYS.has(key));
    return own.length > 0 ? [`  ${inspect(Object.fromEntries(own), { depth: 1 })}`] : [];
  } catch {
    return [];
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Getters and inspectors of the user's own may throw as well. */
function safely(read: () => string): string {
  try {
    return read();
  } catch {
    return "(an error that cannot be shown)";
  }
}

function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
