// What the main thread is asked to run: one cell at a time, and besides it what is not a cell. Each has an
// id, by which the main thread says what became of it.

import type { CellError, MimeBundle, Runnable, WireToMain } from "../threads.js";

/** What became of code that the main thread was asked to run. */
export interface Finished {
  bundle?: MimeBundle;
  error?: CellError;
}

/** What is being executed. */
export class Task {
  readonly finished: Promise<Finished>;
  finish!: (outcome: Finished) => void;
  constructor(readonly id: number) {
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
  }
}

export class RunningCell extends Task {
  /** The main thread has it. */
  isSent = false;
}

export class MainThread {
  readonly port: { postMessage(message: WireToMain): void };
  /** What is executed besides the running cell. */
  readonly tasks = new Map<number, Task>();
  /** It has loaded what the kernel is made of. */
  readonly isReady: Promise<void>;
  ready!: () => void;
  running: RunningCell | undefined;
  #lastId = 0;

  constructor(port: { postMessage(message: WireToMain): void }) {
    this.port = port;
    this.isReady = new Promise((resolve) => {
      this.ready = resolve;
    });
  }

  nextId(): number {
    return ++this.#lastId;
  }

  find(id: number): Task | undefined {
    return this.running?.id === id ? this.running : this.tasks.get(id);
  }

  /** Has the main thread run a cell. */
  run(cell: RunningCell, code: Runnable): Promise<Finished> {
    cell.isSent = true;
    this.port.postMessage({ type: "run", cell: cell.id, ...code });
    return cell.finished;
  }

  /** Has the main thread run something that is not a cell. An interrupt ends it too. */
  async runBesides(request: (id: number) => WireToMain): Promise<Finished> {
    const id = this.nextId();
    const task = new Task(id);
    this.tasks.set(id, task);
    this.port.postMessage(request(id));
    try {
      return await task.finished;
    } finally {
      this.tasks.delete(id);
    }
  }
}
