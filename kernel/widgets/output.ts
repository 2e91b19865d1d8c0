// An area that code fills: what is shown or printed while `capture` runs appears in it, wherever it stands.

import { setTimeout } from "node:timers/promises";
import { captureOutputs, cell, keepOpen } from "../main/frontend.js";
import { mimeBundle } from "../rendering/mime_bundle.js";
import type { MainToWire, MimeBundle } from "../threads.js";
import { widgetClass } from "./widget.js";

/** An output as notebooks hold it (nbformat). */
type NotebookOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle["data"]; metadata: object };

/** Each message carries all that the area holds, so a loop that prints sends few of them. */
const SENT_EVERY_MS = 50;

export class Output extends widgetClass("Output") {
  #shown: NotebookOutput[] = [];
  #clearsNext = false;
  #sent = -Infinity;
  #isScheduled = false;

  /** Shows a value in the area, below what is there. */
  async show(value: unknown): Promise<void> {
    const bundle = await mimeBundle(value);
    if (bundle)
      this.#add({ output_type: "display_data", data: bundle.data, metadata: bundle.metadata ?? {} });
  }

  /** Empties it. @param wait only when the next output comes, which avoids flicker */
  clear(wait = false): void {
    this.#clearsNext = wait;
    if (!wait) this.#replace([]);
  }

  /** Runs `body` and captures what it prints and displays. Returns what `body` returns. */
  capture<Result>(body: () => Result): Result {
    return captureOutputs((message) => this.#take(message), body);
  }

  #take(message: MainToWire): boolean {
    switch (message.type) {
      case "stream":
        this.#add({ output_type: "stream", name: message.name, text: message.text });
        return true;
      case "display":
        if (message.update) return false;
        this.#add({
          output_type: "display_data",
          data: message.bundle.data,
          metadata: message.bundle.metadata ?? {},
        });
        return true;
      case "clear":
        this.clear(message.wait);
        return true;
      default:
        return false;
    }
  }

  #add(output: NotebookOutput): void {
    const before = this.#clearsNext ? [] : this.#shown;
    this.#clearsNext = false;
    const last = before.at(-1);
    const continues =
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name;
    if (continues) before[before.length - 1] = { ...last, text: last.text + output.text };
    else before.push(output);
    this.#replace(before);
  }

  #replace(outputs: NotebookOutput[]): void {
    this.#shown = outputs;
    const wait = this.#sent + SENT_EVERY_MS - performance.now();
    if (wait <= 0) {
      this.#send();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      keepOpen(
        cell(),
        setTimeout(wait).then(() => {
          this.#isScheduled = false;
          this.#send();
        }),
      );
    }
  }

  #send(): void {
    this.set({ outputs: [...this.#shown] });
    this.#sent = performance.now();
  }
}
