// The wire thread's door: binds the sockets first; what else a kernel is made of is started when it can be
// heard.

import type { MessagePort } from "node:worker_threads";
import { parentPort, workerData } from "node:worker_threads";
import type { Connection } from "../protocol/connection.js";
import type { OutboxMemory } from "../outbox.js";
import { Inbox } from "../outbox.js";
import { Kernel } from "./kernel.js";
import type { KernelInfo } from "./kernel_info.js";
import { LanguageProcess } from "./language_process.js";
import { pollParent } from "./parentpoller.js";

const { connection, main, memory } = workerData as {
  connection: Connection;
  main: MessagePort;
  memory: OutboxMemory;
};

function exit(): void {
  process.kill(process.pid, "SIGKILL");
}

const language = new LanguageProcess();
// The first message, on its way before the thread has begun.
parentPort!.once("message", (info: KernelInfo) => {
  const kernel = new Kernel({ connection, main, language, info, exit });
  new Inbox(main, memory, (message) => {
    kernel.receiveFromMain(message);
  });
  void kernel.start().then(() => {
    parentPort!.postMessage("listening");
    language.start();
    pollParent(exit);
  });
});
