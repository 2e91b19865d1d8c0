// The threads of this process besides the one that runs the program. In Node they start when they are first
// needed and end with the process. In browsers a thread gets its first messages only while nobody waits, so
// threads are started beforehand, by startThreads.

import { checkSize } from "../../numbers/validation.js";
import { compiledModule } from "../simd_module.js";
import type { BrowserWorker } from "./browser.js";
import { browserScope } from "./browser.js";
import { builtin } from "./builtin.js";
import type { Answer, Task, ThreadData } from "./messages.js";
import { threadSource } from "./thread_source.js";

const failureBytes = 1024;
const running: Thread[] = [];

/** How many threads the machine runs at a time; in browsers, how many were started. */
export function machineThreads(): number {
  return builtin("os")?.availableParallelism() ?? running.length + 1;
}

/** So many threads, or fewer where no more can be started. */
export function threads(count: number): Thread[] {
  const workers = builtin("worker_threads");
  while (workers && running.length < count) {
    try {
      // Without the program's own flags: those of a loader or an inspector are not for these few lines.
      const worker = new workers.Worker(threadSource, { eval: true, name: "unrolled", execArgv: [] });
      worker.unref();
      running.push(new Thread(worker));
    } catch {
      break; // the system has no more threads
    }
  }
  return running.slice(0, count);
}

/**
 * Makes threads ready in a browser, for the recurrent modules made afterwards: their option `threads` means
 * there what it does in Node. To be called in a worker of a page that is cross-origin isolated. In Node it
 * does nothing, as threads start by themselves.
 *
 * @param count of all threads, that of the caller included; default: as many as the machine runs at a time
 * @returns how many there are
 * @throws {RangeError} when count is not a positive integer
 * @throws {Error} in the thread of a page, which may not wait for others, and where memory cannot be shared
 *   or the page's policy allows no worker made from a text
 */
export async function startThreads(count?: number): Promise<number> {
  const { Worker, crossOriginIsolated, document, navigator } = browserScope;
  if (count !== undefined) checkSize("startThreads", "count", count);
  if (builtin("worker_threads")) return machineThreads();
  if (document !== undefined) {
    throw new Error(
      "startThreads: a page's own thread may not wait for others; call it in a worker of the page, and train there",
    );
  }
  if (crossOriginIsolated !== true) {
    throw new Error(
      'startThreads: threads share memory, but the page is not cross-origin isolated: it must come with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"',
    );
  }
  const wanted = (count ?? navigator?.hardwareConcurrency ?? 1) - 1;
  const url = URL.createObjectURL(new Blob([threadSource], { type: "text/javascript" }));
  try {
    while (running.length < wanted) {
      const worker = new Worker!(url, { name: "unrolled" });
      const thread = new Thread(worker);
      await answered(worker);
      running.push(thread);
    }
  } finally {
    URL.revokeObjectURL(url);
  }
  return machineThreads();
}

/** Waits for the answer to its first message. */
function answered(worker: BrowserWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => {
      resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      const why = event.message ? `: ${event.message}` : "; its policy may forbid blob: as a worker's source";
      reject(new Error(`startThreads: the page starts no worker${why}`));
    };
  });
}

export class Thread {
  readonly #worker: Pick<BrowserWorker, "postMessage">;
  readonly #answer: Answer = {
    state: new Int32Array(new SharedArrayBuffer(8)),
    failure: new Uint8Array(new SharedArrayBuffer(failureBytes)),
  };
  #ticket = 0;

  constructor(worker: Pick<BrowserWorker, "postMessage">) {
    this.#worker = worker;
    const start: ThreadData = { do: "start", answer: this.#answer, compiled: compiledModule() };
    worker.postMessage(start);
  }

  /**
   * Gives it a task, to be done after those before.
   *
   * @returns what waits until it is done; it throws an Error when the thread could not do it
   */
  send(part: number, task: Task): () => void {
    const ticket = ++this.#ticket;
    this.#worker.postMessage({ ...task, part, ticket });
    return () => {
      const { state, failure } = this.#answer;
      for (let done: number; (done = Atomics.load(state, 0)) !== ticket;) Atomics.wait(state, 0, done);
      if (state[1] === 0) return;
      throw new Error(new TextDecoder().decode(failure.slice(0, state[1])));
    };
  }
}
