// The child process that `execSync` and its like wait for: nothing else ends such a call.

import { isAlive } from "../../files/is_alive.js";
import { WAITS, WAITS_INTERRUPTED } from "../threads.js";
import { childrenOfMainThread, signalAll, withDescendants } from "./child_processes.js";

// The time that it has to end what it must.
const GRACE_MS = 1000;

export class WaitedChild {
  #state: Int32Array | undefined;
  #others = new Set<number>();
  /** Those that were asked to end, and when. */
  #asked: { pids: number[]; at: number } | undefined;

  connect(state: Int32Array): void {
    this.#state = state;
  }

  /** A call begins. @param others children that it does not wait for */
  begin(others: number[]): void {
    this.#others = new Set(others);
    this.#asked = undefined;
  }

  /**
   * As Ctrl-C in a terminal: the child, and what it has started, are asked to end, and later are ended.
   * @param others more children that are not meant
   * @returns whether there is one
   */
  async end(...others: (number | undefined)[]): Promise<boolean> {
    if (!this.#state) return false;
    Atomics.compareExchange(this.#state, 0, WAITS, WAITS_INTERRUPTED);
    if (Atomics.load(this.#state, 0) !== WAITS_INTERRUPTED) return false;
    if (this.#asked) {
      // The number of one that has ended may become another's.
      this.#asked.pids = this.#asked.pids.filter(isAlive);
      if (performance.now() - this.#asked.at < GRACE_MS) return true;
      // A shell may have continued, and what it has started since outlives it.
      this.#asked.pids = await withDescendants(this.#asked.pids);
      signalAll(this.#asked.pids, "SIGKILL");
      return true;
    }
    const children = await childrenOfMainThread();
    const child = children.findLast((pid) => !this.#others.has(pid) && !others.includes(pid));
    if (child === undefined) return false;
    this.#asked = { pids: await withDescendants([child]), at: performance.now() };
    signalAll(this.#asked.pids, "SIGINT");
    return true;
  }
}
