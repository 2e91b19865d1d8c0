// Ends what the main thread is doing, whatever that is: a loop, a wait for a child process, a promise for
// ever pending.

import { setTimeout as sleep } from "node:timers/promises";
import type { Clients } from "./clients.js";
import type { MainInspector } from "./inspector.js";
import { INTERRUPTED } from "./kernel_error.js";
import type { LanguageProcess } from "./language_process.js";
import type { MainThread } from "./main_thread.js";
import type { Stdin } from "./stdin.js";
import type { WaitedChild } from "./waited_child.js";

// Code still running this long after an interrupt must be inside a native call that cannot be interrupted.
const BLOCKED_AFTER_MS = 700;
const BLOCKED =
  "Interrupt: the cell will stop when its current call returns; native calls and the loading of packages cannot be interrupted.\n";
// In which the main thread answers unless it is busy.
const ANSWERS_WITHIN_MS = 50;

export class Interrupt {
  readonly #clients: Clients;
  readonly #main: MainThread;
  readonly #inspector: MainInspector;
  readonly #waitedChild: WaitedChild;
  readonly #language: LanguageProcess;
  readonly #stdin: Stdin;
  readonly #pongs = new Map<number, () => void>();
  #stopping: Promise<void> | undefined;

  constructor(parts: {
    clients: Clients;
    main: MainThread;
    inspector: MainInspector;
    waitedChild: WaitedChild;
    language: LanguageProcess;
    stdin: Stdin;
  }) {
    this.#clients = parts.clients;
    this.#main = parts.main;
    this.#inspector = parts.inspector;
    this.#waitedChild = parts.waitedChild;
    this.#language = parts.language;
    this.#stdin = parts.stdin;
  }

  /**
   * Resolves when the main thread is free again, or is known to be inside a call that cannot be broken off.
   */
  async interrupt(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    const blocked = new Promise<void>((resolve) => setTimeout(resolve, BLOCKED_AFTER_MS));
    await Promise.race([this.#stopping, blocked]);
  }

  /** Stops whatever the main thread is doing, and the running cell, also one that awaits for ever. */
  async #stop(): Promise<void> {
    // Before that it loads what the kernel is made of.
    await this.#main.isReady;
    const { running } = this.#main;
    const stopped = new Map(this.#main.tasks);
    if (running?.isSent) stopped.set(running.id, running);
    else {
      running?.finish({ error: INTERRUPTED });
      this.#language.abandonCells();
    }
    this.#stdin.forget();
    const began = performance.now();
    let isSaid = false;
    const nothingHelps = () => {
      if (isSaid || !running || performance.now() - began < BLOCKED_AFTER_MS) return;
      isSaid = true;
      this.#clients.publishFor(running.id, "stream", { name: "stderr", text: BLOCKED });
    };
    let calls: string[] | undefined;
    let isOver = stopped.size === 0;
    const over = Promise.all([...stopped.values()].map(({ finished }) => finished)).then(() => {
      isOver = true;
    });
    do {
      calls = (await this.#free(nothingHelps)) ?? calls;
      // What the cell asked for: before, it would have heard that.
      if (isOver) break;
      if (running?.isSent) this.#language.abandonCells();
      this.#main.port.postMessage({ type: "stop", runs: [...stopped.keys()], calls });
      // What is stopped may still end what it must, and may be inside a loop then.
      await Promise.race([over, sleep(ANSWERS_WITHIN_MS)]);
    } while (!isOver);
  }

  /**
   * Ends what keeps the main thread from answering.
   * @param nothingHelps called at each attempt that has found nothing to end
   * @returns the calls that it was in
   */
  async #free(nothingHelps: () => void): Promise<string[] | undefined> {
    let wasWaiting = false;
    for (let attempt = 1; !(await this.#ping()); attempt++) {
      if (await this.#waitedChild.end(this.#language.pid)) {
        wasWaiting = true;
        continue;
      }
      await Promise.race([this.#inspector.breakOff(), sleep(ANSWERS_WITHIN_MS)]);
      if (attempt === 1) continue;
      // A call whose child has ended returns, however long a busy machine takes over that.
      if (!wasWaiting) nothingHelps();
      // Packages are being loaded, perhaps, which being looked at makes slower.
      await sleep(3 * ANSWERS_WITHIN_MS);
    }
    return this.#inspector.calls();
  }

  /** Whether the main thread answers within a moment. */
  async #ping(): Promise<boolean> {
    const id = this.#main.nextId();
    const pong = new Promise<true>((resolve) => {
      this.#pongs.set(id, () => {
        resolve(true);
      });
    });
    this.#main.port.postMessage({ type: "ping", id });
    const answers = await Promise.race([pong, sleep(ANSWERS_WITHIN_MS, false)]);
    this.#pongs.delete(id);
    return answers;
  }

  /** The main thread has answered. */
  pong(id: number): void {
    this.#pongs.get(id)?.();
    this.#pongs.delete(id);
  }
}
