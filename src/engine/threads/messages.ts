// What is said to a thread, and how it answers: in memory that both see, so that who waits for it needs no
// events.

import type { Floats } from "../../numbers/tensor.js";
import type { Compiled } from "../simd_module.js";
import type { Call, Inner, PartMemory, SharedBatch } from "./part.js";

/** The first message, with what a thread starts. */
export interface ThreadData {
  do: "start";
  answer: Answer;
  /** without it, the thread computes in JavaScript, as the process that started it */
  compiled?: Compiled;
}

export interface Answer {
  /** the ticket of the last task that was done, and how many bytes of `failure` are its error, or 0 */
  state: Int32Array;
  failure: Uint8Array;
}

export type Task =
  | { do: "open"; batch: SharedBatch; memory: PartMemory }
  | { do: "forward" | "backward" | "flow"; call: Call }
  | { do: "read"; name: Inner; into: Floats }
  | { do: "close" };

/** A task for the part with this number; tickets count up. */
export type Message = Task & { part: number; ticket: number };
