// The main thread: runs the user's cells and nothing else. Started by `startKernel`; speaks to the wire
// thread only.

import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
// A cell may put its own in place of the global one.
import { setImmediate, setTimeout } from "node:timers";
import { Script } from "node:vm";
import { mimeBundle, textBundle } from "../rendering/mime_bundle.js";
import { restoreDocument } from "../rendering/vega_libraries.js";
import type { MessagePort } from "node:worker_threads";
import { CELL } from "../cell_name.js";
import type { OutboxMemory } from "../outbox.js";
import { Outbox } from "../outbox.js";
import type { CompiledCell, MimeBundle, Runnable, WireToMain } from "../threads.js";
import { captureChildren, waits } from "./child_output.js";
import { endChildren, followChildren } from "./children.js";
import { receiveComm } from "./comms.js";
import { Traces } from "./errors.js";
import { captureFiles } from "./file_output.js";
import {
  cell,
  connect,
  hideMarksOfPromises,
  latestCell,
  note,
  post,
  runAlone,
  runInCell,
  runOf,
  settled,
} from "./frontend.js";
import { Modules } from "./modules.js";
import { guardProcess } from "./process_guards.js";
import { installPrompt } from "./prompt.js";
import { installStdin } from "./stdin.js";
import { openQuestions } from "./questions.js";
import { context, Interrupted, interruptibly, offerStopSignal, runIn } from "./runs.js";
import type { Cell } from "./scope.js";
import { Scope } from "./scope.js";
import { runTypeScriptInChildren } from "./typescript_children.js";

const scope = new Scope();
const traces = new Traces();
const modules = new Modules(process.cwd(), ({ path, source, map }) => {
  traces.add(path, source, map);
});
// The converter puts one line in front of each cell, which source maps see and the user does not.
const LINES_IN_FRONT = 1;

/** Serves the wire thread behind `port` for as long as the process lives. */
export function serveCells(port: MessagePort, memory: OutboxMemory): void {
  const exit = process.exit.bind(process);
  const { reallyExit } = process as typeof process & { reallyExit: unknown };
  connect(new Outbox(port, memory));
  traces.install();
  hideMarksOfPromises();
  captureOutput();
  captureFiles();
  runTypeScriptInChildren();
  captureChildren();
  followChildren();
  openQuestions();
  installPrompt();
  installStdin();
  offerStopSignal();
  installCommonJs();
  guardProcess((thrown) => traces.toCellError(thrown));
  port.on("message", (message: WireToMain) => {
    switch (message.type) {
      case "run":
        void runInCell(message.cell, () => run(message.cell, message));
        break;
      case "evaluate":
        void runAlone(
          message.id,
          () => finish(message.id, async () => mimeBundle((await execute(message)).result)),
          latestCell(),
        );
        break;
      case "comm":
        void runAlone(message.id, () => finish(message.id, () => receiveComm(message)));
        break;
      case "stop":
        for (const id of message.runs) void stop(id, message.calls);
        break;
      case "ping":
        post({ type: "pong", id: message.id });
        break;
      case "exit":
        endChildren();
        Object.assign(process, { reallyExit });
        exit(0);
    }
  });
}

async function run(id: number, code: Runnable): Promise<void> {
  try {
    const { result } = await execute(code);
    const notes: string[] = [];
    const bundle = await interruptibly(shown(id, result, notes));
    await settled();
    throwIfStopped();
    if (bundle) post({ type: "result", cell: id, bundle });
    note(id, notes);
    await rejectionsReported();
    post({ type: "done", cell: id });
  } catch (thrown) {
    const { run } = context()!;
    if (run.isStopping) {
      // It is over when all of it has come to its end.
      run.thrown = thrown;
      return;
    }
    const error = traces.toCellError(thrown);
    await rejectionsReported();
    post({ type: "done", cell: id, error });
  }
}

/** A value that cannot be shown as it wants to be can still be looked at. */
async function shown(id: number, value: unknown, notes: string[]): Promise<MimeBundle | null> {
  try {
    return await mimeBundle(value, notes);
  } catch (error) {
    throwIfStopped();
    post({ type: "result", cell: id, bundle: textBundle(value) });
    throw error;
  }
}

/** @param calls those that were broken off, if it did not await */
async function stop(id: number, calls?: string[]): Promise<void> {
  const interruption = new Interrupted();
  if (calls) {
    interruption.stack = traces.stack(interruption, calls);
    modules.forgetUnfinished();
    restoreDocument();
    Atomics.store(waits, 0, 0);
  }
  const run = runOf(id);
  // Code that is told of it at once, by a signal, belongs to the cell.
  if (run) await runIn({ cell: id, run }, () => run.stop(calls && interruption));
  post({ type: "stopped", id, error: traces.toCellError(run?.thrown ?? interruption) });
}

/** What was stopped has no result, whatever it has made of that. */
function throwIfStopped(): void {
  const { run } = context()!;
  if (run.isStopping || run.isStopped) throw run.interruption();
}

/** Node reports unhandled promises when it is through with its microtasks. */
const rejectionsReported = () => new Promise((resolve) => setImmediate(resolve));

/** Runs what is not a cell: one of a request's `user_expressions`, a comm's handler. */
async function finish(id: number, body: () => Promise<MimeBundle | null | void>): Promise<void> {
  try {
    const bundle = await body();
    post({ type: "finished", id, bundle: bundle ?? undefined });
  } catch (thrown) {
    post({ type: "finished", id, error: traces.toCellError(thrown) });
  }
}

/**
 * Runs compiled code. The result, which may be a promise, stays in what is returned, where nothing awaits it.
 */
async function execute({ name, source, compiled }: Runnable): Promise<Pick<Cell, "result">> {
  const { imports, localPaths, localModules } = compiled;
  traces.add(name, source, compiled.map, LINES_IN_FRONT);
  modules.define(localModules);
  const script = new Script(cellFunction(compiled), { filename: name, lineOffset: -1 });
  // Awaiting only where there is something to wait for lets the next cell follow without a turn of the event
  // loop.
  const loaded = imports.length > 0 ? await interruptibly(modules.load(imports, localPaths)) : undefined;
  if (loaded) throwIfStopped();
  const cell = scope.open(modules.open(name, localPaths, loaded));
  const main = script.runInThisContext() as (cell: Cell | object) => unknown;
  const body = compiled.evaluates ? (main(scope.properties) as typeof main) : main;
  const finished = body(cell);
  if (compiled.isAsync) await finished;
  return isTimer(cell.result) ? { result: undefined } : cell;
}

/** Around strict code there can be `with`, in which `eval` finds the names; in it there cannot. */
function cellFunction({ code, isAsync, evaluates }: CompiledCell): string {
  const body = `${isAsync ? "async " : ""}function (${CELL}) { "use strict";\n${code}\n}`;
  return evaluates ? `(function (${CELL}) { with (${CELL}) return ${body} })` : `(${body})`;
}

/** What `setTimeout` returns as a cell's last value is seldom meant, and full of what only Node knows. */
const isTimer = (value: unknown) => TIMERS.some((Timer) => value instanceof Timer);
const TIMERS = [setTimeout(() => undefined, 0), setImmediate(() => undefined)].map(
  ({ constructor }) => constructor as new () => unknown,
);

/** What CommonJS code expects to find, as in Node's own prompt; a cell may declare the names itself. */
function installCommonJs(): void {
  const module = { exports: {} };
  const folder = process.cwd();
  const globals = { require: modules.require, module, exports: module.exports, __dirname: folder };
  for (const [name, value] of Object.entries({ ...globals, __filename: join(folder, "cell.ts") })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** A string that is written with an encoding stands for bytes. */
function decoded(chunk: string, encoding: unknown): string {
  return typeof encoding === "string" ? Buffer.from(chunk, encoding as BufferEncoding).toString() : chunk;
}

function captureOutput(): void {
  // Node's console tells the inspector first, which interrupts are sent by: half of what a line costs.
  const plain = new console.Console({ stdout: process.stdout, stderr: process.stderr });
  const methods = plain as unknown as Record<string, unknown>;
  for (const name of Object.keys(console)) {
    if (typeof methods[name] === "function") Object.assign(console, { [name]: methods[name] });
  }
  console.clear = () => {
    post({ type: "clear", cell: cell(), wait: false });
  };
  for (const name of ["stdout", "stderr"] as const) {
    // A character's bytes may come in two writes.
    const decoder = new StringDecoder();
    process[name].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
      const text = typeof chunk === "string" ? decoded(chunk, encoding) : decoder.write(chunk);
      if (text !== "") post({ type: "stream", cell: cell(), name, text });
      const done = typeof encoding === "function" ? encoding : callback;
      // The console's own callback waits for errors only; kept for later, it would pile up in an endless
      // loop.
      if (typeof done === "function" && done !== methods[`_${name}ErrorHandler`]) {
        process.nextTick(done);
      }
      return true;
    };
    const end = (...args: unknown[]) => {
      const [chunk, encoding] = args;
      const done = args.find((arg) => typeof arg === "function");
      if (chunk != null && chunk !== done) process[name].write(chunk as string, encoding as BufferEncoding);
      if (done) process.nextTick(done);
      return process[name];
    };
    // There are more cells to come.
    Object.assign(process[name], { end });
  }
}
