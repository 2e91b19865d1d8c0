// The program of a thread, which scripts/thread_source.js puts into thread_source.ts: it does one task after
// the other.

import { adopt } from "../simd_module.js";
import { browserScope } from "./browser.js";
import { builtin } from "./builtin.js";
import type { Answer, Message, Task, ThreadData } from "./messages.js";
import { Part } from "./part.js";

const parts = new Map<number, Part>();
let answer: Answer;

const port = builtin("worker_threads")?.parentPort;
if (port) port.on("message", receive);
else {
  browserScope.onmessage = ({ data }) => {
    receive(data);
  };
}

function receive(given: unknown): void {
  const message = given as ThreadData | Message;
  if (message.do === "start") {
    ({ answer } = message);
    if (message.compiled !== undefined) adopt(message.compiled);
    if (!port) browserScope.postMessage?.("started");
    return;
  }
  const { state, failure } = answer;
  state[1] = 0;
  try {
    work(message, message.part);
  } catch (error) {
    const text = new TextEncoder().encode(String(error)).subarray(0, failure.length);
    failure.set(text);
    state[1] = text.length;
  }
  Atomics.store(state, 0, message.ticket);
  Atomics.notify(state, 0);
}

function work(task: Task, number: number): void {
  if (task.do === "open") {
    parts.set(number, new Part(task.batch, task.memory));
    return;
  }
  if (task.do === "close") {
    parts.delete(number);
    return;
  }
  const part = parts.get(number)!;
  if (task.do === "read") part.read(task.name, task.into);
  else part[task.do](task.call);
}
