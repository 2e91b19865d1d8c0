// The main thread: runs the user's cells and nothing else. Started by `startKernel`; speaks to the wire thread only.
import { join } from "node:path";
import { Script, constants } from "node:vm";
import { mimeBundle } from "../rendering/mime_bundle.js";
import type { Transferable } from "node:worker_threads";
import type { CompiledCell, MainToWire, MimeBundle, WireToMain } from "../threads.js";
import { receiveComm } from "./comms.js";
import { Traces } from "./errors.js";
import { cell, connect, post, runInCell, runInHandler, settled } from "./frontend.js";
import { Modules } from "./modules.js";
import { guardProcess } from "./process_guards.js";
import { installPrompt } from "./prompt.js";
import { Scope, type Assigners } from "./scope.js";

const scope = new Scope();
const traces = new Traces();
const modules = new Modules(process.cwd());

/** Serves the wire thread behind `port`, which counts what it has `taken`, for as long as the process lives. */
export function serveCells(
  port: {
    on(event: "message", listener: (message: WireToMain) => void): unknown;
    postMessage(message: MainToWire, transfer?: Transferable[]): void;
  },
  taken: Int32Array,
): void {
  const exit = process.exit.bind(process);
  connect((message, transfer) => {
    port.postMessage(message, transfer);
  }, taken);
  captureOutput();
  installPrompt();
  guardProcess((thrown) => traces.toCellError(thrown));
  port.on("message", (message) => {
    switch (message.type) {
      case "run":
        void runInCell(message.cell, () => run(message.cell, message.name, message.compiled));
        break;
      case "evaluate":
        void finish(message.id, () => execute("expression.ts", message.compiled));
        break;
      case "comm":
        void runInHandler(message.id, () => finish(message.id, () => receiveComm(message)));
        break;
      case "ping":
        post({ type: "pong", id: message.id });
        break;
      case "exit":
        exit(0);
    }
  });
}

async function run(id: number, name: string, compiled: CompiledCell): Promise<void> {
  try {
    const bundle = await execute(name, compiled);
    await settled(id);
    if (bundle) post({ type: "result", cell: id, bundle });
    post({ type: "done", cell: id });
  } catch (thrown) {
    post({ type: "done", cell: id, error: traces.toCellError(thrown) });
  }
}

/** Runs what is no cell: one of a request's `user_expressions`, a comm's handler. */
async function finish(id: number, body: () => Promise<MimeBundle | null | void>): Promise<void> {
  try {
    const bundle = await body();
    post({ type: "finished", id, bundle: bundle ?? undefined });
  } catch (thrown) {
    post({ type: "finished", id, error: traces.toCellError(thrown) });
  }
}

/** Runs compiled code and returns what its last expression shows. */
async function execute(name: string, compiled: CompiledCell): Promise<MimeBundle | null> {
  traces.add(name, compiled.source, compiled.map);
  modules.define(compiled.localModules);
  const keyword = compiled.isAsync ? "async " : "";
  const assigners = compiled.assignable.map((variable) => `${variable}: (value) => { ${variable} = value; }`);
  const head = `(${keyword}function (exports, require, module, assigners) { Object.assign(assigners, {${assigners.join()}});`;
  const script = new Script(`${head}\n${compiled.code}\n})`, {
    filename: name,
    lineOffset: -1,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const exports = scope.open(compiled.declared);
  const assign: Assigners = {};
  const body = script.runInThisContext() as (...args: unknown[]) => unknown;
  let value: unknown;
  try {
    const finished = body(exports, modules.require, { exports, filename: join(process.cwd(), name) }, assign);
    // Awaiting only async cells lets the next cell follow a synchronous one without a turn of the event loop.
    if (compiled.isAsync) await finished;
    value = compiled.resultName === undefined ? undefined : exports[compiled.resultName];
  } finally {
    scope.close(exports, assign, compiled.resultName);
  }
  return mimeBundle(value);
}

function captureOutput(): void {
  const errorHandlers = console as unknown as Record<string, unknown>;
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
      const text =
        typeof chunk === "string"
          ? chunk
          : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("utf8");
      post({ type: "stream", cell: cell(), name, text });
      const done = typeof encoding === "function" ? encoding : callback;
      // The console's own callback waits for errors only; kept for later, it would pile up in an endless loop.
      if (typeof done === "function" && done !== errorHandlers[`_${name}ErrorHandler`]) {
        process.nextTick(done);
      }
      return true;
    };
  }
}
