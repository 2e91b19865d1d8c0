// The wire thread's door: binds the sockets first, then connects them with the two other threads.
import { workerData, type MessagePort } from "node:worker_threads";
import type { Connection } from "../connection.js";
import { Inbox, type OutboxMemory } from "../outbox.js";
import { Kernel, type KernelInfo } from "./kernel.js";
import { LanguageProcess } from "./language.js";
import { pollParent } from "./parentpoller.js";

const { connection, main, info, memory } = workerData as {
  connection: Connection;
  main: MessagePort;
  info: KernelInfo;
  memory: OutboxMemory;
};

function exit(): void {
  process.kill(process.pid, "SIGKILL");
}

const language = new LanguageProcess((reason) => {
  console.error(`unrolled kernel: ${reason}`);
  exit();
});
const kernel = new Kernel({ connection, main, language, info, exit });
new Inbox(main, memory, (message) => {
  kernel.receiveFromMain(message);
});
await kernel.start();
pollParent(exit);
