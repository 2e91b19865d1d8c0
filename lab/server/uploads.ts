// Large files come in pieces, numbered from 1, the last one numbered -1. They are gathered in a hidden file beside the
// target, which is replaced when all are there.
// Source: Jupyter Server `largefilemanager.py`.
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HttpError } from "./http.js";

const LAST = -1;

export class Uploads {
  /** The number of the piece that comes next, by target. */
  readonly #next = new Map<string, number>();

  /**
   * Returns the file that holds the pieces so far.
   * @throws {HttpError} 400 for a piece out of order, after which the upload has to begin anew
   */
  async add(target: string, chunk: number, bytes: Buffer): Promise<string> {
    const gathered = join(dirname(target), `.${basename(target)}.upload`);
    const expected = chunk === 1 ? 1 : this.#next.get(target);
    if (expected === undefined || (chunk !== expected && chunk !== LAST)) {
      await this.#abandon(target, gathered);
      throw new HttpError(400, `chunk is ${chunk}, expected ${expected ?? 1}`);
    }
    // Another piece that comes meanwhile, from another tab, is out of order.
    this.#next.delete(target);
    try {
      const file = await open(gathered, chunk === 1 ? "w" : "a");
      try {
        await file.writeFile(bytes);
        if (chunk === LAST) await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.#abandon(target, gathered);
      throw error;
    }
    if (chunk !== LAST) {
      this.#next.set(target, expected + 1);
      return gathered;
    }
    await rename(gathered, target);
    return target;
  }

  async #abandon(target: string, gathered: string): Promise<void> {
    this.#next.delete(target);
    await rm(gathered, { force: true });
  }
}
