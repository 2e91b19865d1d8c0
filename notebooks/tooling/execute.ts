// Executing the code cells of a notebook, one after the other, in a kernel of their own.
import type { Execution, KernelClient } from "../../kernel/client.js";
import type { CellResult, Notebook, NotebookCell, Output } from "./notebook.js";

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
  /** The first cell that threw: what its traceback says, or the message when the kernel itself was lost. */
  failure?: { index: number; text: string };
  interrupted: boolean;
}

/**
 * Runs the code cells of a notebook. A cell that throws ends the run unless `allowErrors`; its outputs are among the
 * results. A kernel that dies ends it always, with what the cell had put out until then.
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
    let execution: Execution;
    const interrupt = () => void kernel.interrupt().catch(() => undefined);
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      execution = await kernel.execute(cell.source, {
        stopOnError: !allowErrors,
        onOutput: (output) => soFar.push(output),
      });
    } catch (error) {
      const evalue = (error as Error).message;
      const lost: Output = { output_type: "error", ename: "KernelLost", evalue, traceback: [evalue] };
      run.results.set(index, { outputs: [...soFar, lost], execution_count: null });
      run.failure = { index, text: evalue };
      break;
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }

    run.results.set(index, { outputs: execution.outputs, execution_count: execution.executionCount });
    if (signal?.aborted) break;
    if (execution.status !== "ok") {
      run.failure ??= { index, text: failureText(execution) };
      if (!allowErrors) break;
    }
  }
  run.interrupted = signal?.aborted ?? false;
  return run;
}

function failureText({ status, error }: Execution): string {
  if (!error) return `the kernel answered "${status}"`;
  return error.traceback.length > 0 ? error.traceback.join("\n") : `${error.ename}: ${error.evalue}`;
}
