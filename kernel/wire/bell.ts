// Wakes the main thread with what it has asked for.

import type { MessagePort } from "node:worker_threads";
import type { Answer } from "../threads.js";

export class Bell {
  #main: { port: MessagePort; bell: Int32Array } | undefined;

  connect(port: MessagePort, bell: Int32Array): void {
    this.#main = { port, bell };
  }

  answer(answer: Answer): void {
    const { port, bell } = this.#main!;
    port.postMessage(answer);
    Atomics.add(bell, 0, 1);
    Atomics.notify(bell, 0);
  }
}
