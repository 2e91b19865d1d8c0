// Large files come in pieces, numbered from 1, the last one numbered -1. They are gathered in a hidden file
// next to the target, which is replaced when all are there; an abandoned upload is deleted. The hidden file
// has a name that cannot be foreseen: otherwise an upload would follow a link that was put there in advance.
// Source: Jupyter Server `largefilemanager.py`.

import { constants } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeLeftOvers, temporaryName } from "../../files/left_overs.js";
import { takeOver } from "../../files/replace_file.js";
import { HttpError } from "./http.js";
import { report } from "./report.js";

const LAST = -1;
/** An upload without a new piece for this long is abandoned: a piece has one megabyte. */
export const STALE_AFTER_MS = 600_000;
// Never create: if the file has vanished since, a later chunk must not start a new one. Windows has no
// O_NOFOLLOW.
const APPEND = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** One that waits for its next piece. */
interface Upload {
  /** The file that holds the pieces so far. */
  gathered: string;
  /** The number of the next piece. */
  next: number;
  /** Ends the wait. */
  timer: NodeJS.Timeout;
}

export class Uploads {
  /** By target. */
  readonly #waiting = new Map<string, Upload>();
  #isClosed = false;

  /**
   * Returns the file that holds the pieces so far.
   * @throws {HttpError} 400 for a piece out of order, after which the upload has to begin again
   */
  async add(target: string, chunk: number, bytes: Buffer): Promise<string> {
    // Another piece that comes while this one is written, from another tab, is out of order.
    const upload = this.#take(target);
    const isNext = upload !== undefined && (chunk === upload.next || chunk === LAST);
    if (upload && !isNext) await discard(upload);
    if (!isNext && chunk !== 1)
      throw new HttpError(400, `chunk is ${chunk}, but must be ${upload?.next ?? 1}`);
    await removeLeftOvers(dirname(target));
    const { gathered, next } = isNext
      ? upload
      : { gathered: join(dirname(target), temporaryName()), next: 1 };
    try {
      const file = await open(gathered, isNext ? APPEND : "wx");
      try {
        await file.writeFile(bytes);
        if (chunk === LAST) {
          takeOver(file.fd, await stat(target).catch(() => undefined));
          await file.sync();
        }
      } finally {
        await file.close();
      }
      if (chunk === LAST) await rename(gathered, target);
    } catch (error) {
      await rm(gathered, { force: true });
      throw error;
    }
    if (chunk === LAST) return target;
    await this.#wait(target, gathered, next + 1);
    return gathered;
  }

  /** Removes what is not complete. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#waiting.keys()].map((target) => this.#abandon(target)));
  }

  async #wait(target: string, gathered: string, next: number): Promise<void> {
    // One that another tab has begun since.
    const earlier = this.#take(target);
    const timer = setTimeout(() => {
      this.#abandon(target).catch((error: unknown) => {
        report("the rest of an upload cannot be removed", error);
      });
    }, STALE_AFTER_MS);
    timer.unref();
    this.#waiting.set(target, { gathered, next, timer });
    if (earlier) await discard(earlier);
    if (this.#isClosed) await this.#abandon(target);
  }

  #take(target: string): Upload | undefined {
    const upload = this.#waiting.get(target);
    clearTimeout(upload?.timer);
    this.#waiting.delete(target);
    return upload;
  }

  async #abandon(target: string): Promise<void> {
    const upload = this.#take(target);
    if (upload) await discard(upload);
  }
}

const discard = ({ gathered }: Upload) => rm(gathered, { force: true });
