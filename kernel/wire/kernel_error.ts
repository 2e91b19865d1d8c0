// Errors that are not of the user's code.

import type { CellError } from "../threads.js";
import { Abandoned } from "./language_process.js";

export const INTERRUPTED: CellError = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted; what earlier cells defined is kept"],
};

/** An error of the language process itself. */
export function kernelError(error: unknown): CellError {
  if (error instanceof Abandoned) return INTERRUPTED;
  const { message } = error as Error;
  return { ename: "KernelError", evalue: message, traceback: message.split("\n") };
}
