// Large files come in pieces, numbered from 1, the last one numbered -1. They are gathered in a hidden file beside the
// target, which is replaced when all are there; of an upload that nobody goes on with nothing is left.
// Source: Jupyter Server `largefilemanager.py`.
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HttpError } from "./http.js";

const LAST = -1;
/** Nobody goes on with an upload without a new piece for so long, in milliseconds: a piece has one megabyte. */
export const STALE_AFTER = 600_000;
/** What has vanished meanwhile is not begun anew with a piece of the middle. */
const APPEND = constants.O_WRONLY | constants.O_APPEND;

export class Uploads {
  /** The number of the piece that comes next, by target, and what ends the wait for it. */
  readonly #next = new Map<string, { chunk: number; timer: NodeJS.Timeout }>();
  #isClosed = false;

  /**
   * Returns the file that holds the pieces so far.
   * @throws {HttpError} 400 for a piece out of order, after which the upload has to begin anew
   */
  async add(target: string, chunk: number, bytes: Buffer): Promise<string> {
    const gathered = gatheredOf(target);
    const expected = chunk === 1 ? 1 : this.#next.get(target)?.chunk;
    if (expected === undefined || (chunk !== expected && chunk !== LAST)) {
      await this.#abandon(target);
      throw new HttpError(400, `chunk is ${chunk}, expected ${expected ?? 1}`);
    }
    // Another piece that comes meanwhile, from another tab, is out of order.
    this.#forget(target);
    try {
      const file = await open(gathered, chunk === 1 ? "w" : APPEND);
      try {
        await file.writeFile(bytes);
        if (chunk === LAST) await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.#abandon(target);
      throw error;
    }
    if (chunk !== LAST) {
      await this.#expect(target, expected + 1);
      return gathered;
    }
    await rename(gathered, target);
    return target;
  }

  /** Removes what is not complete. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#next.keys()].map((target) => this.#abandon(target)));
  }

  async #expect(target: string, chunk: number): Promise<void> {
    if (this.#isClosed) return this.#abandon(target);
    const timer = setTimeout(() => {
      this.#abandon(target).catch((error: unknown) => {
        console.error("unrolled lab:", error);
      });
    }, STALE_AFTER);
    timer.unref();
    this.#next.set(target, { chunk, timer });
  }

  #forget(target: string): void {
    clearTimeout(this.#next.get(target)?.timer);
    this.#next.delete(target);
  }

  async #abandon(target: string): Promise<void> {
    this.#forget(target);
    await rm(gatheredOf(target), { force: true });
  }
}

const gatheredOf = (target: string) => join(dirname(target), `.${basename(target)}.upload`);
