// Questions to the wire thread. The cell's thread sleeps until the answer is there, and the wire thread wakes
// it; an interrupt ends the wait like any other code.

import type { MessagePort } from "node:worker_threads";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { Answer, Answers, Question } from "../threads.js";
import { waits } from "./child_output.js";
import { post } from "./frontend.js";

let answers: MessagePort;
// Rung for each answer, so that the sleeping thread wakes.
let bell: Int32Array;
let lastQuestion = 0;

/** Must be called once, before anything is asked. */
export function openQuestions(): void {
  const { port1, port2 } = new MessageChannel();
  answers = port1;
  bell = new Int32Array(new SharedArrayBuffer(4));
  post({ type: "answers", port: port2, bell, waits }, [port2]);
}

export function ask<T extends Question["type"]>(content: Extract<Question, { type: T }>): Answers[T] {
  const question = ++lastQuestion;
  post({ ...(content as Question), question });
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const answer = receiveMessageOnPort(answers)?.message as Answer | undefined;
    if (!answer) Atomics.wait(bell, 0, rung);
    // An answer that came too late for an interrupted question may lie in front.
    else if (answer.question === question) return answer.value as Answers[T];
  }
}
