// Executing the code cells of a notebook, one after the other, in a kernel of their own.

import { stripVTControlCharacters } from "node:util";
import type { Execution, KernelClient } from "./client.js";
import type { CellResult, Notebook, NotebookCell, Output } from "./nbformat.js";

export interface RunOptions {
  /** Go on after a cell that throws. */
  allowErrors?: boolean;
  /** Aborting it interrupts the cell that runs; the cells after it do not run. */
  signal?: AbortSignal;
  /** Called before each cell; `position` counts code cells from 1. */
  onCell?: (position: number, total: number, cell: NotebookCell) => void;
}

export interface RunResult {
  /** By index in `notebook.cells`; cells that did not run are absent. */
  results: Map<number, CellResult>;
  /**
   * The first cell with an error: what its traceback says, or the message when the kernel itself was lost;
   * for stderr.
   */
  failure?: { index: number; text: string };
  interrupted: boolean;
}

/** How long an interrupted cell has to end: a native call may not be interruptible. */
const GRACE_MS = 3000;

/**
 * Runs the code cells of a notebook. A cell that throws ends the run unless `allowErrors` or the cell's tag
 * `raises-exception` says otherwise; its outputs are among the results. What an earlier cell puts out while a
 * later one runs is put into the earlier one; an error of this kind ends nothing, and makes the run a
 * failure. A kernel that dies always ends the run, with what the cell had put out until then.
 */
export async function runCells(
  kernel: Pick<KernelClient, "execute" | "interrupt">,
  notebook: Notebook,
  { allowErrors = false, signal, onCell }: RunOptions = {},
): Promise<RunResult> {
  const run: RunResult = { results: new Map(), interrupted: false };
  const codeCells = [...notebook.cells.entries()].filter(([, cell]) => cell.cell_type === "code");

  for (const [position, [index, cell]] of codeCells.entries()) {
    if (signal?.aborted) break;
    // As in Jupyter's front-ends, an empty cell is not sent and has no number.
    if (cell.source.trim() === "") {
      run.results.set(index, { outputs: [], execution_count: null });
      continue;
    }
    onCell?.(position + 1, codeCells.length, cell);

    const soFar: Output[] = [];
    const mayRaise = isTagged(cell, "raises-exception");
    let execution: Execution | undefined;
    let timer: NodeJS.Timeout | undefined;
    let onAbort!: () => void;
    const abandoned = new Promise<undefined>((resolve) => {
      onAbort = () => {
        void kernel.interrupt().catch(() => undefined);
        timer = setTimeout(resolve, GRACE_MS, undefined);
      };
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const executed = kernel.execute(cell.source, {
        stopOnError: !allowErrors && !mayRaise,
        onOutput: (output) => soFar.push(output),
      });
      // Once it is abandoned nothing waits for it.
      executed.catch(() => undefined);
      execution = await Promise.race([executed, abandoned]);
    } catch (error) {
      const evalue = (error as Error).message;
      const lost: Output = { output_type: "error", ename: "KernelLost", evalue, traceback: [evalue] };
      run.results.set(index, { outputs: [...soFar, lost], execution_count: null });
      run.failure = { index, text: evalue };
      break;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    }

    if (!execution) {
      run.results.set(index, { outputs: soFar, execution_count: null });
      break;
    }
    run.results.set(index, { outputs: execution.outputs, execution_count: execution.executionCount });
    if (signal?.aborted) break;
    if (execution.status !== "ok" && !mayRaise) {
      run.failure ??= { index, text: failureText(execution) };
      if (!allowErrors) break;
    }
  }
  run.interrupted = signal?.aborted ?? false;
  if (!run.interrupted) run.failure ??= lateFailure(notebook, run.results);
  return run;
}

function isTagged({ metadata }: NotebookCell, tag: string): boolean {
  return Array.isArray(metadata.tags) && metadata.tags.includes(tag);
}

/** An error that no reply tells of: of a timer, or of a promise that is not awaited. */
function lateFailure(notebook: Notebook, results: RunResult["results"]): RunResult["failure"] {
  for (const [index, { outputs }] of results) {
    const error = outputs.find((output) => output.output_type === "error");
    if (error && !isTagged(notebook.cells[index], "raises-exception")) {
      return { index, text: failureText({ status: "error", error }) };
    }
  }
  return undefined;
}

function failureText({ status, error }: Pick<Execution, "status" | "error">): string {
  if (!error) return `the kernel answered "${status}"`;
  const text = error.traceback.length > 0 ? error.traceback.join("\n") : `${error.ename}: ${error.evalue}`;
  return process.stderr.isTTY && process.stderr.hasColors() ? text : stripVTControlCharacters(text);
}
