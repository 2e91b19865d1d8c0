// A progress bar: `for (const epoch of progress(100)) …`, `for await (const row of progress(fit(…))) …`.
// Works in long synchronous loops as well, since outputs leave the thread at once.

import type { DisplayHandle } from "./display.js";
import { display } from "./display.js";
import { inspect } from "node:util";
import { isConnected } from "../main/frontend.js";
import { displayMethod } from "../rendering/display_method.js";
import { escapeHtml } from "../rendering/escape_html.js";

export interface ProgressOptions {
  /** Stands in front of the bar. */
  label?: string;
  /** How many there are, where what is iterated over does not say. */
  total?: number;
}

// A loop of a million quick steps must not send a million pictures of its bar.
const UPDATED_EVERY_MS = 100;
const BAR_CHARACTERS = 30;

class Bar {
  readonly label: string;
  readonly total: number | undefined;
  #value = 0;
  #note = "";
  #started = performance.now();
  #shownAt = -Infinity;
  #handle: DisplayHandle | undefined;

  constructor({ label = "", total }: ProgressOptions) {
    this.label = label;
    this.total = total;
  }

  get value(): number {
    return this.#value;
  }

  /**
   * Moves the bar by hand, where no loop does.
   * @param note is shown behind the bar: a loss, say
   */
  advance(by = 1, note = this.#note): void {
    this.#value += by;
    this.#note = note;
    this.show(this.#value === this.total);
  }

  /** Shows `note` behind the bar. */
  note(note: string): void {
    this.#note = note;
    this.show(false);
  }

  /** As a cell's result or `display(bar)`: the bar as it is now. */
  [displayMethod](): Record<string, string> {
    return { "text/plain": this.#text(), "text/html": this.#html() };
  }

  protected show(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#shownAt < UPDATED_EVERY_MS) return;
    // Printed again and again, a bar would fill the terminal of a script.
    if (!isConnected()) return;
    this.#shownAt = now;
    if (this.#handle) this.#handle.update(this);
    else this.#handle = display(this);
  }

  #counts(): string {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const total = this.total === undefined ? "" : ` / ${this.total}`;
    return `${this.#value}${total} · ${seconds} s${this.#note && ` · ${this.#note}`}`;
  }

  #text(): string {
    const done = this.total ? Math.min(1, this.#value / this.total) : 0;
    const full = Math.round(done * BAR_CHARACTERS);
    const bar = "█".repeat(full) + "░".repeat(BAR_CHARACTERS - full);
    return `${this.label && `${this.label} `}${bar} ${this.#counts()}`;
  }

  #html(): string {
    // Without a value the browser shows that work is under way, but not how far it is.
    const value = this.total === undefined ? "" : ` value="${this.#value}" max="${this.total}"`;
    const label = this.label && `${escapeHtml(this.label)} `;
    return `<label>${label}<progress${value}></progress> ${escapeHtml(this.#counts())}</label>`;
  }
}

export class Progress<T> extends Bar implements Iterable<T> {
  #items: Iterable<T>;

  constructor(items: Iterable<T>, options: ProgressOptions) {
    super(options);
    this.#items = items;
  }

  *[Symbol.iterator](): Iterator<T> {
    this.show(true);
    try {
      for (const item of this.#items) {
        yield item;
        this.advance();
      }
    } finally {
      this.show(true);
    }
  }
}

export class AsyncProgress<T> extends Bar implements AsyncIterable<T> {
  #items: AsyncIterable<T>;

  constructor(items: AsyncIterable<T>, options: ProgressOptions) {
    super(options);
    this.#items = items;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    this.show(true);
    try {
      for await (const item of this.#items) {
        yield item;
        this.advance();
      }
    } finally {
      this.show(true);
    }
  }
}

/**
 * A progress bar over what is iterated over, or over 0 … n − 1: `for (const epoch of progress(100, { label:
 * "training" }))`. How many there are is taken from a `length`, `size` or `total` of the items; unrolled's
 * `fit` has the last.
 * @throws {TypeError} when `items` is neither a count nor iterable
 * @throws {RangeError} when the count is negative or not whole
 */
export function progress(count: number, options?: ProgressOptions): Progress<number>;
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Progress<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncProgress<T>;
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Progress<T | number> | AsyncProgress<T> {
  if (typeof items === "number") {
    if (!Number.isInteger(items) || items < 0) {
      throw new RangeError(`progress: the count is ${items}, but must be a whole number from 0 on`);
    }
    return new Progress<number>(count(items), { total: items, ...options });
  }
  const given = items as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined;
  const { length, size, total } = (given ?? {}) as { length?: number; size?: number; total?: number };
  const all = { total: length ?? size ?? total, ...options };
  if (typeof given?.[Symbol.iterator] === "function") return new Progress(items as Iterable<T>, all);
  if (typeof given?.[Symbol.asyncIterator] === "function") {
    return new AsyncProgress(items as AsyncIterable<T>, all);
  }
  throw new TypeError(`progress: items is ${inspect(items, { depth: 0 })}, but must be a count or iterable`);
}

function* count(to: number): Generator<number> {
  for (let i = 0; i < to; i++) yield i;
}
