// The command `run NOTEBOOK.ipynb`: executes a notebook from top to bottom and puts the results into it.
// Whatever happens, the input file is either as it was or complete with results; everything but the results
// keeps its bytes.

import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { constants as osConstants } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { replaceFile } from "../../files/replace_file.js";
import { commandName } from "../own_package.js";
import { startKernel } from "../protocol/client.js";
import type { RunResult } from "../protocol/run_cells.js";
import { runCells } from "../protocol/run_cells.js";
import type { Notebook } from "../protocol/nbformat.js";
import { parseNotebook, putResults, readText } from "../protocol/nbformat.js";

const command = `${commandName} run`;
const usage = `usage: ${command} NOTEBOOK.ipynb [-o OUT.ipynb] [--allow-errors]`;
/**
 * What ends a run: Ctrl-C; a time limit, a container or a service that is stopped; a terminal that is closed.
 */
const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Stop = (typeof STOPS)[number];

const ourLanguages = ["typescript", "javascript", "ts", "js"];

/**
 * Runs the command with the arguments after `run`. Returns the exit code: 0, 1 after a cell that
 * failed (the results up to it are saved) or when nothing could be run, 2 for wrong arguments, 128 and the
 * signal's number after Ctrl-C, SIGTERM or SIGHUP (saved likewise).
 */
export async function runNotebook(args: string[]): Promise<number> {
  let input: string;
  let output: string;
  let allowErrors: boolean;
  try {
    const { values, positionals } = parseArgs({
      args,
      options: {
        output: { type: "string", short: "o" },
        "allow-errors": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (positionals.length !== 1)
      throw new Error(`the number of notebooks is ${positionals.length}, but must be 1`);
    input = positionals[0];
    output = values.output ?? input;
    allowErrors = values["allow-errors"];
  } catch (error) {
    console.error(`${command}: ${(error as Error).message}\n${usage}`);
    return 2;
  }

  try {
    const text = await readText(input);
    const notebook = parseNotebook(text, input);
    refuseOtherLanguages(notebook, input);
    await refuseUnwritable(output);

    const run = await execute(notebook, dirname(resolve(input)), allowErrors);
    if ((await samePath(input, output)) && (await readText(input)) !== text)
      throw new Error(`${input}: was changed by someone else during the run; the results are not written`);
    await replaceFile(output, putResults(text, run.results));

    if (run.failure) console.error(run.failure.text);
    if (run.stoppedBy) {
      console.error(`stopped by ${run.stoppedBy}; what ran is saved in ${output}`);
      return 128 + osConstants.signals[run.stoppedBy];
    }
    return run.failure && !allowErrors ? 1 : 0;
  } catch (error) {
    console.error(`${command}: ${(error as Error).message}`);
    return 1;
  }
}

async function execute(
  notebook: Notebook,
  cwd: string,
  allowErrors: boolean,
): Promise<RunResult & { stoppedBy?: Stop }> {
  const interrupted = new AbortController();
  let stoppedBy: Stop | undefined;
  const onStop = (signal: NodeJS.Signals) => {
    stoppedBy ??= signal as Stop;
    interrupted.abort();
  };
  // Once: a second Ctrl-C ends this process at once, and the kernel ends with it; the input is untouched.
  for (const signal of STOPS) process.once(signal, onStop);
  try {
    const kernel = await startKernel({ cwd });
    try {
      const run = await runCells(kernel, notebook, {
        allowErrors,
        signal: interrupted.signal,
        onCell: (position, total, cell) => {
          console.error(`[${position}/${total}] ${firstLine(cell.source)}`);
        },
      });
      return { ...run, stoppedBy };
    } finally {
      await kernel.shutdown();
    }
  } finally {
    for (const signal of STOPS) process.off(signal, onStop);
  }
}

function firstLine(source: string): string {
  const line = source.trim().split("\n", 1)[0];
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function refuseOtherLanguages({ metadata }: Notebook, file: string): void {
  const { language } = (metadata.kernelspec ?? {}) as { language?: unknown };
  const { name } = (metadata.language_info ?? {}) as { name?: unknown };
  const stated = language ?? name;
  if (typeof stated === "string" && !ourLanguages.includes(stated.toLowerCase()))
    throw new Error(`${file}: language is ${stated}, but must be TypeScript or JavaScript`);
}

/** Before the run, so that no result is computed that cannot be saved. */
async function refuseUnwritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  try {
    // A file is replaced by renaming, which its folder must allow.
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`${file}: cannot be written: ${(error as Error).message}`, { cause: error });
  }
  if (
    await stat(file).then(
      (found) => found.isDirectory(),
      () => false,
    )
  )
    throw new Error(`${file} is a folder, but must be a file`);
}

async function samePath(a: string, b: string): Promise<boolean> {
  const real = (file: string) => realpath(file).catch(() => resolve(file));
  return (await real(a)) === (await real(b));
}
