// What a kernel may send to a page in a stretch of time: a loop that prints without end must not freeze the
// browser. Source: Jupyter Server `channels.py` (its limits, and what counts).

const WINDOW_MS = 3000;
const MESSAGES_PER_SECOND = 1000;
const STREAM_BYTES_PER_SECOND = 1_000_000;
/** Once too much, sending continues below this share of the limit. */
const RESUME_BELOW = 0.8;

const UNCOUNTED = new Set(["status", "comm_open", "execute_input"]);

export interface Verdict {
  drop: boolean;
  /** What to tell the user, once, when dropping begins. */
  notice?: string;
}

export class RateLimit {
  #sent: { at: number; bytes: number }[] = [];
  #first = 0;
  #bytes = 0;
  #exceeded = false;

  /** @param now in milliseconds */
  admit(type: string, bytes: number, now = performance.now()): Verdict {
    if (UNCOUNTED.has(type)) return { drop: false };
    const counted = type === "stream" ? bytes : 0;
    this.#forget(now);
    const messages = this.#sent.length - this.#first + 1;
    const load = Math.max(
      messages / (WINDOW_MS / 1000) / MESSAGES_PER_SECOND,
      (this.#bytes + counted) / (WINDOW_MS / 1000) / STREAM_BYTES_PER_SECOND,
    );
    const wasExceeded = this.#exceeded;
    if (load > 1) this.#exceeded = true;
    else if (load < RESUME_BELOW) this.#exceeded = false;
    if (!this.#exceeded) {
      this.#sent.push({ at: now, bytes: counted });
      this.#bytes += counted;
      return { drop: false };
    }
    const isBytes = messages / (WINDOW_MS / 1000) <= MESSAGES_PER_SECOND;
    return wasExceeded ? { drop: true } : { drop: true, notice: noticeOf(isBytes) };
  }

  /** A cell has ended: the next one begins afresh, so that running all of them does not exceed the limit. */
  reset(): void {
    this.#sent = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#exceeded = false;
  }

  #forget(now: number): void {
    while (this.#first < this.#sent.length && this.#sent[this.#first].at <= now - WINDOW_MS) {
      this.#bytes -= this.#sent[this.#first++].bytes;
    }
    if (this.#first > 1000) {
      this.#sent.splice(0, this.#first);
      this.#first = 0;
    }
  }
}

const noticeOf = (isBytes: boolean) =>
  isBytes
    ? "IOPub data rate exceeded: more than 1 MB of text a second. " +
      "Output is left out until the cell prints less, so that the page stays usable.\n"
    : "IOPub message rate exceeded: more than 1000 messages a second. " +
      "Output is left out until the cell sends less, so that the page stays usable.\n";
