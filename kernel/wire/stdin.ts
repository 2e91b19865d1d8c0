// Questions to the user. The cell that asks sleeps on the main thread until this thread brings the answer.
// Source: Jupyter messaging specification 5.5, "Messages on the stdin channel".

import type { Content, Header, Message } from "../protocol/messages.js";
import type { Answers, Question } from "../threads.js";
import type { Parent } from "./parents.js";

export class Stdin {
  readonly #send: (type: string, content: Content, parent: Parent) => Header;
  readonly #answer: (question: number, value: Answers["input"]) => void;
  #waiting: { question: number; requestId: string } | undefined;

  /** @param send sends an input_request to the client of `parent` and returns its header. */
  constructor(
    send: (type: string, content: Content, parent: Parent) => Header,
    answer: (question: number, value: Answers["input"]) => void,
  ) {
    this.#send = send;
    this.#answer = answer;
  }

  ask(
    { question, prompt, password }: { question: number } & Extract<Question, { type: "input" }>,
    parent: Parent | undefined,
  ): void {
    if (!parent?.mayAsk) {
      this.#answer(question, undefined);
      return;
    }
    const { msg_id: requestId } = this.#send("input_request", { prompt, password }, parent);
    this.#waiting = { question, requestId };
  }

  /** Takes what came on the stdin channel; an answer that is no longer awaited is dropped. */
  receive({ header, parent, content }: Message): void {
    if (header.msg_type !== "input_reply" || !this.#waiting) return;
    // Not every client says which request it answers.
    if (parent.msg_id !== undefined && parent.msg_id !== this.#waiting.requestId) return;
    const { question } = this.#waiting;
    this.#waiting = undefined;
    this.#answer(question, typeof content.value === "string" ? content.value : "");
  }

  /** The cell that asked was stopped. */
  forget(): void {
    this.#waiting = undefined;
  }
}
