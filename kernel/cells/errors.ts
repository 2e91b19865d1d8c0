// Errors of the user's code as Jupyter shows them: the cell's own lines, no frames of the kernel or of Node.
import { inspect } from "node:util";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { packageRoot } from "../package_root.js";
import type { CellError } from "../threads.js";

const CELL_POSITION = /(cell\[[^\]]+\]\.ts):(\d+):(\d+)/g;
const FRAME = /^\s+at /;
const HIDDEN = [`${packageRoot}/dist/kernel/`, `${packageRoot}/kernel/`, "node:"];

export class Traces {
  readonly #maps = new Map<string, string>();

  /** Remembers how the lines of the compiled cell `name` map to what the user wrote. */
  add(name: string, map: string): void {
    this.#maps.set(name, map);
  }

  /** Anything can be thrown; what is not an Error is shown as it inspects. */
  toCellError(thrown: unknown): CellError {
    if (!isError(thrown)) {
      const evalue = safely(() => inspect(thrown));
      return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
    }
    // The class name says more than `name`, which subclasses seldom set.
    const ename = safely(() => (thrown.name !== "Error" ? thrown.name : thrown.constructor.name) || "Error");
    const evalue = safely(() => String(thrown.message));
    const text = safely(() => inspect(thrown));
    return { ename, evalue, traceback: this.#clean(text).split("\n") };
  }

  #clean(text: string): string {
    return text
      .split("\n")
      .filter((line) => !FRAME.test(line) || !HIDDEN.some((path) => line.includes(path)))
      .join("\n")
      .replace(CELL_POSITION, (position, name: string, line: string, column: string) => {
        const map = this.#maps.get(name);
        if (map === undefined) return position;
        const original = originalPositionFor(new TraceMap(map), {
          line: Number(line),
          column: Number(column) - 1,
        });
        return original.line === null ? name : `${name}:${original.line}:${original.column + 1}`;
      });
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
