// The threads of this process besides the one that runs the program. They start when they are first needed,
// wait for tasks, and end with the process.

import { compiledModule } from "../simd_module.js";
import type { NodeWorker, NodeWorkerClass } from "./builtin.js";
import { builtin } from "./builtin.js";
import type { Answer, Task, ThreadData } from "./messages.js";
import { threadSource } from "./thread_source.js";

const failureBytes = 1024;
const running: Thread[] = [];

/** How many threads the machine runs at a time; 1 where the library does not use more, as in browsers. */
export function machineThreads(): number {
  return builtin("os")?.availableParallelism() ?? 1;
}

/** So many threads, or fewer where no more can be started. */
export function threads(count: number): Thread[] {
  const workers = builtin("worker_threads");
  while (workers && running.length < count) {
    try {
      running.push(new Thread(workers.Worker));
    } catch {
      break; // the system has no more threads
    }
  }
  return running.slice(0, count);
}

export class Thread {
  readonly #worker: NodeWorker;
  readonly #answer: Answer = {
    state: new Int32Array(new SharedArrayBuffer(8)),
    failure: new Uint8Array(new SharedArrayBuffer(failureBytes)),
  };
  #ticket = 0;

  constructor(Worker: NodeWorkerClass) {
    const workerData: ThreadData = { answer: this.#answer, compiled: compiledModule() };
    // Without the program's own flags: those of a loader or an inspector are not for these few lines.
    this.#worker = new Worker(threadSource, { eval: true, name: "unrolled", workerData, execArgv: [] });
    this.#worker.unref();
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
