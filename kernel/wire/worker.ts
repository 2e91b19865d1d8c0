// The wire thread's door: binds the sockets first; what else a kernel is made of is started when it can be heard.
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
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
// Not awaited at the top: scripts/bundle_kernel.js makes CommonJS of this. An error ends the thread all the same.
void kernel.start().then(() => {
  parentPort!.postMessage("listening");
  language.start();
  pollParent(exit);
});
