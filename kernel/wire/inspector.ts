// The main thread through its inspector, which sees and ends code that never returns to the thread's
// messages.

import type { Debugger } from "node:inspector";
import { Session } from "node:inspector";

// `inspector.Session` in Node 20's types does not yet know that a worker can reach the main thread's.
type MainThreadSession = Session & { connectToMainThread(): void };

// What Node breaks off while it loads ES modules or its own, it never loads again.
const LOADING = /^node:internal\/(modules\/esm|process\/esm|bootstrap)/;
// With what it maps the stacks of errors with, which under load takes longer than the thread has to answer.
const KERNEL = /^node:|\/dist\/kernel\/(main\/|unrolled\.cjs)|\/node_modules\/@jridgewell\//;

// How often it is looked for the user's code before other ways are tried.
const MOST_LOOKS = 50;

export class MainInspector {
  readonly session = new Session() as MainThreadSession;
  /** The names of the scripts, by their ids. */
  readonly #scripts = new Map<string, string>();
  #breaking: Promise<void> | undefined;
  #isWanted = false;
  #calls: string[] | undefined;

  connect(): void {
    this.session.connectToMainThread();
    this.session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
      this.#scripts.set(scriptId, url);
    });
  }

  disconnect(): void {
    this.session.disconnect();
  }

  /**
   * Ends the calls that the thread is in, as soon as it can be looked at. Ends nothing where none of them is
   * the user's, or Node is loading modules.
   */
  breakOff(): Promise<void> {
    this.#isWanted = true;
    this.#breaking ??= this.#breakOff().finally(() => {
      this.#breaking = undefined;
    });
    return this.#breaking;
  }

  /**
   * The thread answers again.
   * @returns the calls that were broken off, as a stack has them, innermost first
   */
  calls(): string[] | undefined {
    this.#isWanted = false;
    const calls = this.#calls;
    this.#calls = undefined;
    return calls;
  }

  async #breakOff(): Promise<void> {
    // Both at once: a call that returns must not be followed by more.
    void this.#post("Debugger.enable");
    for (let look = 1; look <= MOST_LOOKS; look++) {
      const calls = await this.#pause();
      const isLoading = calls.some(({ file }) => LOADING.test(file));
      const isUsers = calls.some(({ file }) => !KERNEL.test(file));
      const ends = isUsers && this.#isWanted && !isLoading;
      if (ends) this.#calls = calls.map(({ line }) => line);
      // To ask a thread to pause that still does is to ask in vain.
      const resumed = new Promise((resolve) => this.session.once("Debugger.resumed", resolve));
      await this.#post("Debugger.resume", { terminateOnResume: ends });
      await resumed;
      // Between two of the user's microtasks only Node and the kernel are at work.
      if (isUsers || isLoading || !this.#isWanted) break;
    }
    await this.#post("Debugger.disable");
    this.#scripts.clear();
  }

  /** @returns the calls that the thread is in */
  async #pause(): Promise<{ file: string; line: string }[]> {
    const paused = new Promise<Debugger.CallFrame[]>((resolve) => {
      this.session.once("Debugger.paused", ({ params }) => {
        resolve(params.callFrames);
      });
    });
    await this.#post("Debugger.pause");
    return (await paused).map(({ functionName, location }) => {
      // What `eval` has made has no name, and is the user's.
      const file = this.#scripts.get(location.scriptId) ?? "node:";
      const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
      return { file, line: functionName === "" ? place : `${functionName} (${place})` };
    });
  }

  #post(method: string, parameters?: object): Promise<unknown> {
    return new Promise((resolve) => {
      this.session.post(method, parameters, (_error, result) => {
        resolve(result);
      });
    });
  }
}
