// Prints of a cell, gathered for a moment: ten thousand lines become a few messages, and one line is still seen
// at once. Flushed before any other output of any cell, so that order is kept.

const MILLISECONDS = 20;
const CHARACTERS = 512 * 1024;
const LONGEST_TEXT = 16 * 1024 * 1024;

export interface StreamText {
  cell: number;
  name: "stdout" | "stderr";
  text: string;
}

export class StreamBuffer {
  readonly #publish: (text: StreamText) => void;
  #waiting: StreamText | undefined;
  #chunks: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (text: StreamText) => void) {
    this.#publish = publish;
  }

  add(next: StreamText): void {
    // A string of half a gigabyte is possible, and as JSON no longer.
    for (let from = LONGEST_TEXT; from < next.text.length; from += LONGEST_TEXT) {
      this.#add({ ...next, text: next.text.slice(from - LONGEST_TEXT, from) });
    }
    const rest = Math.floor(Math.max(0, next.text.length - 1) / LONGEST_TEXT) * LONGEST_TEXT;
    this.#add(rest === 0 ? next : { ...next, text: next.text.slice(rest) });
  }

  #add(next: StreamText): void {
    const { cell, name } = this.#waiting ?? next;
    if (cell !== next.cell || name !== next.name) this.flush();
    this.#waiting ??= next;
    this.#chunks.push(next.text);
    this.#length += next.text.length;
    if (this.#length >= CHARACTERS) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, MILLISECONDS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#waiting) return;
    const text = { ...this.#waiting, text: this.#chunks.join("") };
    this.#waiting = undefined;
    this.#chunks = [];
    this.#length = 0;
    this.#publish(text);
  }
}
