// What the main thread says to the wire thread: prints through a ring in memory that both share, everything
// else through a message port. A message costs as much as twenty prints, and one thread can look into the
// ring while the other is inside a loop that never returns to it.

import type { MessagePort, Transferable } from "node:worker_threads";
import type { MainToWire } from "./threads.js";

type Print = Extract<MainToWire, { type: "stream" }>;
type Told = Exclude<MainToWire, Print>;

/**
 * Through the port: a message and how far the ring was written when it was sent, or what is new about the
 * ring.
 */
type Posted = { message: Told; written: number } | "printed" | "full";

/** What both threads have in hand. */
export interface OutboxMemory {
  ring: SharedArrayBuffer;
  counters: SharedArrayBuffer;
}

// A power of two, so that positions, which count modulo 2³², find their place by a mask.
const CAPACITY_BYTES = 2 ** 20;
// A record: the cell, the stream and the length of the text in bytes, as 32-bit numbers, and the text in
// UTF-8.
const HEADER_BYTES = 12;
// UTF-16 units of a longer text in each record; in UTF-8 they take up to three bytes each.
const PIECE_UNITS = 2 ** 14;
const NAMES = ["stdout", "stderr"] as const;
/** In the place of the stream: nothing follows up to the end of the ring. */
const SKIP = -1;

// The counters: how far the ring was written and read, whether the wire thread knows that there is something
// in it, and how many of the messages it has taken.
const [WRITTEN, READ, KNOWN, TAKEN] = [0, 1, 2, 3];

// How long prints are gathered: ten thousand lines become a few messages, and one is still seen
// at once.
const GATHERED_MS = 20;
// How many messages may wait: a loop that shows charts without end would fill the memory.
const MOST_MESSAGES = 100_000;

export function createOutboxMemory(): OutboxMemory {
  return { ring: new SharedArrayBuffer(CAPACITY_BYTES), counters: new SharedArrayBuffer(4 * 4) };
}

const padded = (bytes: number) => (bytes + 3) & ~3;

/** The main thread's end. */
export class Outbox {
  readonly #port: { postMessage(message: Posted, transfer?: Transferable[]): void };
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  readonly #counters: Int32Array;
  #sent = 0;

  constructor(port: Pick<MessagePort, "postMessage">, { ring, counters }: OutboxMemory) {
    this.#port = port;
    this.#bytes = Buffer.from(ring);
    this.#words = new Int32Array(ring);
    this.#counters = new Int32Array(counters);
  }

  /** Waits where the wire thread has to catch up. */
  send(message: MainToWire, transfer?: Transferable[]): void {
    if (message.type === "stream") {
      this.#print(message);
      return;
    }
    this.#port.postMessage({ message, written: this.#counters[WRITTEN] }, transfer);
    this.#sent = (this.#sent + 1) | 0;
    this.#waitWhile(TAKEN, (taken) => ((this.#sent - taken) | 0) > MOST_MESSAGES);
  }

  #print({ cell, name, text }: Print): void {
    for (let from = 0; from < text.length;) {
      let to = Math.min(from + PIECE_UNITS, text.length);
      // Both halves of a pair, or UTF-8 has no place for them.
      if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--;
      this.#write(cell, NAMES.indexOf(name), from === 0 && to === text.length ? text : text.slice(from, to));
      from = to;
    }
    if (Atomics.exchange(this.#counters, KNOWN, 1) === 0) this.#port.postMessage("printed");
  }

  #write(cell: number, stream: number, text: string): void {
    let written = this.#counters[WRITTEN];
    let at = written & (CAPACITY_BYTES - 1);
    const most = HEADER_BYTES + padded(3 * text.length);
    const rest = CAPACITY_BYTES - at;
    const skipped = most > rest ? rest : 0;
    this.#makeRoom(written + skipped + most);
    if (skipped > 0) {
      if (rest >= HEADER_BYTES) this.#words[at / 4 + 1] = SKIP;
      written += skipped;
      at = 0;
    }
    const length = this.#bytes.write(text, at + HEADER_BYTES);
    this.#words.set([cell, stream, length], at / 4);
    // Only now, so that what an interrupt breaks off half-way was never written.
    Atomics.store(this.#counters, WRITTEN, written + HEADER_BYTES + padded(length));
  }

  #makeRoom(end: number): void {
    const isFull = (read: number) => ((end - read) | 0) > CAPACITY_BYTES;
    if (!isFull(Atomics.load(this.#counters, READ))) return;
    this.#port.postMessage("full");
    this.#waitWhile(READ, isFull);
  }

  #waitWhile(counter: number, condition: (value: number) => boolean): void {
    for (;;) {
      const value = Atomics.load(this.#counters, counter);
      if (!condition(value)) return;
      Atomics.wait(this.#counters, counter, value);
    }
  }
}

const isHighSurrogate = (unit: number) => (unit & 0xfc00) === 0xd800;

/** The wire thread's end: hands on what the main thread says, in its order, prints of one cell joined. */
export class Inbox {
  readonly #receive: (message: MainToWire) => void;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  readonly #counters: Int32Array;
  #isDue = false;

  constructor(
    port: { on(event: "message", listener: (posted: Posted) => void): unknown },
    { ring, counters }: OutboxMemory,
    receive: (message: MainToWire) => void,
  ) {
    this.#receive = receive;
    this.#bytes = Buffer.from(ring);
    this.#words = new Int32Array(ring);
    this.#counters = new Int32Array(counters);
    port.on("message", (posted) => {
      this.#take(posted);
    });
  }

  #take(posted: Posted): void {
    // After a message too: an interrupt may have kept the main thread from telling of what it printed.
    if (!this.#isDue) {
      this.#isDue = true;
      setTimeout(() => {
        this.#readAll();
      }, GATHERED_MS);
    }
    if (posted === "printed") return;
    if (posted === "full") {
      this.#read(Atomics.load(this.#counters, WRITTEN));
      return;
    }
    this.#read(posted.written);
    this.#receive(posted.message);
    Atomics.add(this.#counters, TAKEN, 1);
    Atomics.notify(this.#counters, TAKEN);
  }

  #readAll(): void {
    this.#isDue = false;
    // First, so that what is printed from here on is told of.
    Atomics.store(this.#counters, KNOWN, 0);
    this.#read(Atomics.load(this.#counters, WRITTEN));
  }

  /** Up to `end`, which may have been passed already. */
  #read(end: number): void {
    let last: Print | undefined;
    let texts: string[] = [];
    const handOn = () => {
      if (last) this.#receive({ ...last, text: texts.join("") });
    };
    let read = this.#counters[READ];
    while (((end - read) | 0) > 0) {
      const at = read & (CAPACITY_BYTES - 1);
      const rest = CAPACITY_BYTES - at;
      if (rest < HEADER_BYTES || this.#words[at / 4 + 1] === SKIP) {
        read += rest;
        continue;
      }
      const [cell, stream, length] = this.#words.subarray(at / 4, at / 4 + 3);
      const name = NAMES[stream];
      const text = this.#bytes.toString("utf8", at + HEADER_BYTES, at + HEADER_BYTES + length);
      if (last?.cell !== cell || last.name !== name) {
        handOn();
        last = { type: "stream", cell, name, text };
        texts = [];
      }
      texts.push(text);
      read += HEADER_BYTES + padded(length);
    }
    handOn();
    Atomics.store(this.#counters, READ, read);
    Atomics.notify(this.#counters, READ);
  }
}
