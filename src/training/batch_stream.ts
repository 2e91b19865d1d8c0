// Batches that arrive one after the other, such as those read from a file.

import { kind } from "../numbers/validation.js";

/** A function that opens batches, such as an async generator. */
export type OpenBatches<Batch> = () => Iterable<Batch> | AsyncIterable<Batch>;

/** Batches without an end: opened again whenever they have come to one. */
export class BatchStream<Batch> {
  readonly #open: OpenBatches<Batch>;
  #batches?: Iterator<Batch> | AsyncIterator<Batch>;
  #taken = 0;
  #isWaiting = false;

  constructor(open: OpenBatches<Batch>) {
    this.#open = open;
  }

  /** Batch n = 0, 1, …; those before that were not taken are passed over, as when training is resumed. */
  async batch(n: number): Promise<Batch> {
    while (this.#taken < n) await this.#next();
    return this.#next();
  }

  async #next(): Promise<Batch> {
    for (let opened = false; ; opened = true) {
      this.#batches ??= iteratorOf(this.#open());
      const next = await this.#waitFor(this.#batches);
      if (next.done !== true) {
        this.#taken++;
        return next.value;
      }
      this.#batches = undefined;
      if (opened) throw new RangeError("data.batches() gave no batch, but must give at least one");
    }
  }

  async #waitFor(batches: Iterator<Batch> | AsyncIterator<Batch>): Promise<IteratorResult<Batch, unknown>> {
    this.#isWaiting = true;
    try {
      return await batches.next();
    } finally {
      this.#isWaiting = false;
    }
  }

  /** Lets whatever the batches are read from be closed; where it waits for one, once that has come. */
  async close(): Promise<void> {
    const closed = this.#batches?.return?.();
    this.#batches = undefined;
    if (!this.#isWaiting) await closed;
    // Nobody is there any more to be told that it failed.
    else Promise.resolve(closed).catch(() => undefined);
  }
}

function iteratorOf<Batch>(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
): Iterator<Batch> | AsyncIterator<Batch> {
  const given = batches as Partial<Iterable<Batch> & AsyncIterable<Batch>> | null | undefined;
  const iterator = given?.[Symbol.asyncIterator]?.() ?? given?.[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  throw new TypeError(`data.batches() is ${kind(given)}, but must be iterable, as a generator's are`);
}
