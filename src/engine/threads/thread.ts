// The program of a thread, which scripts/thread_source.js puts into thread_source.ts: it does one task after
// the other.

import { adopt } from "../simd_module.js";
import { builtin } from "./builtin.js";
import type { Message, ThreadData } from "./messages.js";
import { Part } from "./part.js";

const { parentPort, workerData } = builtin("worker_threads")!;
const { answer, compiled } = workerData as ThreadData;
const { state, failure } = answer;
const parts = new Map<number, Part>();
if (compiled !== undefined) adopt(compiled);

parentPort!.on("message", (message) => {
  const { ticket } = message as Message;
  state[1] = 0;
  try {
    work(message as Message);
  } catch (error) {
    const text = new TextEncoder().encode(String(error)).subarray(0, failure.length);
    failure.set(text);
    state[1] = text.length;
  }
  Atomics.store(state, 0, ticket);
  Atomics.notify(state, 0);
});

function work(message: Message): void {
  const number = message.part;
  if (message.do === "open") {
    parts.set(number, new Part(message.batch, message.memory));
    return;
  }
  if (message.do === "close") {
    parts.delete(number);
    return;
  }
  const part = parts.get(number)!;
  if (message.do === "read") part.read(message.name, message.into);
  else part[message.do](message.call);
}
