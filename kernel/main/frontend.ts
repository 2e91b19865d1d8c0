// The way out of the main thread: everything a cell shows goes to the wire thread at once, so that it is seen
// while the cell still runs, and is marked with the cell that caused it, also when a timer or a promise fires
// later.

import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import type { Transferable } from "node:worker_threads";
import type { Outbox } from "../outbox.js";
import type { MainToWire } from "../threads.js";
import { context, interruptibly, Run, runIn } from "./runs.js";

let lastCell = 0;
let outbox: Outbox | undefined;
let asyncWrap: AsyncWrap | undefined;

export function connect(to: Outbox): void {
  outbox = to;
  // Node warns of it wherever it is not told otherwise, as a kernel is.
  if (parseInt(process.versions.node) < FIRST_WITHOUT_STACK) {
    asyncWrap = (process as unknown as { binding(name: string): AsyncWrap }).binding("async_wrap");
  }
}

/**
 * An interrupt ends code in the middle of a callback, and Node, which then finds its stack of callbacks
 * uneven, would end the process. `--no-force-async-hooks-checks` forbids that until the first
 * AsyncLocalStorage, ours or a cell's, turns the checks on again; this turns them off. From Node 24 on,
 * AsyncLocalStorage does without that stack.
 */
function tolerateTermination(): void {
  if (!asyncWrap) return;
  const { async_hook_fields: fields, constants } = asyncWrap;
  fields[constants.kCheck] = 0;
  fields[constants.kTotals] = 0;
}

interface AsyncWrap {
  async_hook_fields: Uint32Array;
  constants: { kCheck: number; kTotals: number };
}

const FIRST_WITHOUT_STACK = 24;

/**
 * Below Node 24, AsyncLocalStorage marks each promise with properties, which are not to be seen where one is
 * shown.
 */
export function hideMarksOfPromises(): void {
  const marks = runIn({ cell: 0, run: new Run() }, () => Object.getOwnPropertySymbols(Promise.resolve()));
  Reflect.defineProperty(Promise.prototype, inspect.custom, {
    value(this: Promise<unknown>) {
      for (const mark of marks) {
        if (Object.hasOwn(this, mark)) Reflect.defineProperty(this, mark, { enumerable: false });
      }
      return this;
    },
    writable: true,
    configurable: true,
  });
}

/** True inside the kernel; the display functions also work, as plain prints, outside of one. */
export function isConnected(): boolean {
  return outbox !== undefined;
}

export function post(message: MainToWire, transfer?: Transferable[]): void {
  if (context()?.run.isStopped && SHOWN.has(message.type)) return;
  if (captor.getStore()?.(message)) return;
  outbox?.send(message, transfer);
}

// What the running cell has been told already: a chart that is drawn again and again says the same each time.
const noted = new Set<string>();

/** Says something about what was shown, under it and once in a cell. */
export function note(id: number, texts: string[]): void {
  for (const text of texts) {
    if (noted.has(text)) continue;
    noted.add(text);
    post({ type: "stream", cell: id, name: "stderr", text: `${text}\n` });
  }
}
const SHOWN = new Set<MainToWire["type"]>(["stream", "display", "clear", "page", "result", "error"]);

/** Takes a message in by returning true; it goes no further then. */
type Captor = (message: MainToWire) => boolean;
const captor = new AsyncLocalStorage<Captor | undefined>();

/** What `body`, and whatever it starts, sends is offered to `take` first. */
export function captureOutputs<T>(take: Captor, body: () => T): T {
  return captor.run(
    (message) => captor.run(undefined, () => take(message)),
    () => {
      tolerateTermination();
      return body();
    },
  );
}

export async function runInCell(cell: number, body: () => Promise<void>): Promise<void> {
  lastCell = cell;
  noted.clear();
  const opened = (open = { cell, works: new Set() });
  await runAlone(cell, body);
  if (open === opened) open = undefined;
}

/** Runs what a request asks for, and can be stopped. @param cell whose its outputs are */
export async function runAlone(id: number, body: () => Promise<void>, cell = id): Promise<void> {
  const run = new Run();
  runs.set(id, run);
  try {
    await inContext(cell, run, body);
  } finally {
    run.end();
    runs.delete(id);
  }
}

const runs = new Map<number, Run>();
/** Undefined for what has ended. */
export const runOf = (id: number): Run | undefined => runs.get(id);

/** Runs a handler, whose outputs are those of the cell that it belongs to. */
export function runInHandler<T>(cell: number, body: () => T): T {
  return inContext(cell, context()?.run ?? new Run(), body);
}

function inContext<T>(cell: number, run: Run, body: () => T): T {
  return runIn({ cell, run }, () => {
    tolerateTermination();
    return body();
  });
}

/** Shows an error under the cell, without ending what found it. */
export function reportLate(thrown: unknown): void {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a cell has thrown
  void Promise.reject(thrown);
}

/**
 * The cell that was run last. Below Node 24 the context of code that was broken off stays, and would name its
 * cell.
 */
export const latestCell = (): number => lastCell;

/** The cell whose code is running, or the last one where that is lost. */
export function cell(): number {
  return context()?.cell ?? lastCell;
}

/** The cell that is running, and what it is kept open for. */
let open: { cell: number; works: Set<Promise<unknown>> } | undefined;

/**
 * Keeps the cell open until `work` (a display that is still being prepared) is done; its error is the cell's.
 */
export function keepOpen(id: number, work: Promise<unknown>): void {
  if (open?.cell === id) {
    const { works } = open;
    works.add(work);
    // An error is left for the code that waits.
    const done = () => works.delete(work);
    work.then(done, () => undefined);
  } else {
    work.catch(reportLate);
  }
}

/** @throws {unknown} the first error of what keeps the running cell open */
export async function settled(): Promise<void> {
  // More may come while one is waited for.
  for (const work of open?.works ?? []) await interruptibly(work);
}
