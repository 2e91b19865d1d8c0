// What was started from outside and can be stopped: a cell, a user expression, a comm's handler. Their code
// is compiled (language/interruptible.ts) so that its awaits come here: a stop makes those that are pending
// throw, the innermost function's first, as if what they wait for had been rejected. So `finally`, `catch`
// and `await using` do their work.

import { AsyncLocalStorage } from "node:async_hooks";
// A cell may put its own in place of the global ones.
import { clearInterval, clearTimeout, setImmediate, setTimeout } from "node:timers";

// How long code which is stopped has to end what it must, as in `finally`; then it is not continued.
const GRACE_MS = 1000;

/** What an `await` throws that is stopped. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted");
  }
}

/** A call of a function that awaits. */
interface Frame {
  run: Run;
  /** Later calls have higher numbers. */
  number: number;
  isWaiting: boolean;
  /** It began to wait while its run was being stopped. */
  isLate: boolean;
  goOn: (value?: unknown) => void;
}

export class Run {
  #state: "running" | "stopping" | "stopped" | "ended" = "running";
  #hasEnded = false;
  readonly #waiting = new Set<Frame>();
  /** How many of them are late. */
  #late = 0;
  #stopping: Promise<void> | undefined;
  #controller: AbortController | undefined;
  #interruption: Interrupted | undefined;
  /** Called when there is something new for `stop`. */
  #notify: () => void = () => undefined;
  /** What the code threw while it was being stopped. */
  thrown: unknown;

  get isStopping(): boolean {
    return this.#state === "stopping";
  }

  /** Nothing that it does from now on is shown. */
  get isStopped(): boolean {
    return this.#state === "stopped";
  }

  /** Aborted when the run is stopped. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isStopping || this.isStopped) this.#controller.abort(this.interruption());
    return this.#controller.signal;
  }

  interruption(): Interrupted {
    return this.#interruption ?? new Interrupted();
  }

  end(): void {
    this.#hasEnded = true;
    if (this.#state === "running") this.#state = "ended";
    this.#notify();
  }

  /** A promise of the same as `value`, which `stop` can settle, too. */
  wait(value: object, frame: Frame): unknown {
    if (this.#state === "ended") return value;
    if (this.isStopped) return new Promise(() => undefined);
    frame.isWaiting = true;
    frame.isLate = this.isStopping;
    if (frame.isLate) this.#late++;
    this.#waiting.add(frame);
    return new Promise((resolve, reject) => {
      frame.goOn = resolve;
      // V8 follows an error's asynchronous calls through `resolve` itself, and not through another function.
      Promise.resolve(value).then(resolve, (error: unknown) => {
        if (frame.goOn === resolve) this.leave(frame);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever it is
        reject(error);
      });
    });
  }

  /** @returns whether the code may continue */
  leave(frame: Frame): boolean {
    frame.isWaiting = false;
    this.#waiting.delete(frame);
    if (this.#state === "running" || this.#state === "ended") return true;
    if (frame.isLate) this.#late--;
    this.#notify();
    return frame.isLate && this.isStopping;
  }

  /**
   * Has its code throw wherever it awaits. Resolves when it has come to its end, or to the end of its time.
   * @param interruption of code that was broken off where it did not await, and may never come to its end
   */
  stop(interruption?: Interrupted): Promise<void> {
    this.#interruption ??= interruption;
    this.#notify();
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.#state = "stopping";
    this.#controller?.abort(this.interruption());
    let hasTime = true;
    const timer = setTimeout(() => {
      hasTime = false;
      this.#notify();
    }, GRACE_MS);
    // The innermost function is at the end.
    const frames = [...this.#waiting].sort((a, b) => a.number - b.number);
    const interruptLast = () => {
      for (let frame = frames.pop(); frame; frame = frames.pop()) {
        if (!frame.isWaiting || frame.isLate) continue;
        frame.goOn();
        return true;
      }
      return false;
    };
    for (await turn(); hasTime; await turn()) {
      // Outer functions may wait for what inner ones do at their end.
      if (this.#late === 0) {
        if (interruptLast()) continue;
        if (this.#hasEnded || this.#interruption) break;
      }
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
    clearTimeout(timer);
    while (interruptLast());
    await turn();
    this.#state = "stopped";
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Context {
  /** Whose output is what is shown. */
  cell: number;
  run: Run;
}

const contexts = new AsyncLocalStorage<Context>();

export const context = (): Context | undefined => contexts.getStore();

export function runIn<T>(context: Context, body: () => T): T {
  return contexts.run(context, body);
}

let lastFrame = 0;
const none = new Run();
none.end();

export function enter(): Frame {
  const run = context()?.run ?? none;
  return { run, number: ++lastFrame, isWaiting: false, isLate: false, goOn: () => undefined };
}

/** `await x` is compiled to `got(await wait(x, frame), frame)`. */
export function wait(value: unknown, frame: Frame): unknown {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject ? frame.run.wait(value, frame) : value;
}

/** Throws where `await` is to throw: the stack says at which line that was. */
export function got<T>(value: T, frame: Frame): T {
  if (frame.isWaiting && !frame.run.leave(frame)) throw frame.run.interruption();
  return value;
}

/** The same in the kernel's own code. */
export async function interruptibly<T>(promise: Promise<T>): Promise<T> {
  const frame = enter();
  return got(await wait(promise, frame), frame) as T;
}

type AnyIterable = Partial<AsyncIterable<unknown> & Iterable<unknown>>;

/** What `for await` goes through: a stop ends the loop, and the iterable closes what it has open. */
export function each(iterable: AnyIterable, frame: Frame): unknown {
  const isIterable = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
  if (!isIterable) return iterable;
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = iterable[Symbol.asyncIterator]?.() ?? awaited(iterable[Symbol.iterator]!());
      const close = async () => {
        await iterator.return?.();
      };
      return {
        next: async () => {
          const result = await wait(iterator.next(), frame);
          try {
            return got(result, frame);
          } catch (interruption) {
            // It may be busy; the loop does not wait for it.
            close().catch(() => undefined);
            throw interruption;
          }
        },
        return: iterator.return && ((value: unknown) => iterator.return!(value)),
      };
    },
  };
}

/** As `for await` goes through an iterable that is not asynchronous. */
function awaited(iterator: Iterator<unknown>): AsyncIterator<unknown> {
  const settled = async ({ done, value }: IteratorResult<unknown, unknown>) => ({ done, value: await value });
  return {
    next: async () => settled(iterator.next()),
    return: iterator.return && (async (value) => settled(iterator.return!(value))),
  };
}

/** What a timer calls, which a stop of the run that has set it ends. */
export function task(body: unknown): unknown {
  const run = context()?.run;
  if (!run || typeof body !== "function") return body;
  const isLate = run.isStopping;
  return function (this: NodeJS.Timeout, ...args: unknown[]): void {
    if (run.isStopped || (run.isStopping && !isLate)) clearInterval(this);
    else Reflect.apply(body, this, args);
  };
}

/** Aborted when the code that is running now is stopped; where nothing stops code, never. */
export function stopSignal(): AbortSignal {
  return (context()?.run ?? none).signal;
}

/** By convention libraries ask here, which know of no kernel. */
export function offerStopSignal(): void {
  Object.defineProperty(globalThis, Symbol.for("stopSignal"), { value: stopSignal, configurable: true });
}

/** What code is given that language/interruptible.ts has compiled. */
export const interruptible = { enter, wait, got, each, task };
