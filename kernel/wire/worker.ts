// The wire thread's door: binds the sockets first, then connects them with the two other threads.
import { workerData, type MessagePort } from "node:worker_threads";
import type { Connection } from "../connection.js";
import { weight, type MainToWire } from "../threads.js";
import { Kernel, type KernelInfo } from "./kernel.js";
import { LanguageProcess } from "./language.js";
import { pollParent } from "./parentpoller.js";

const { connection, main, info, taken } = workerData as {
  connection: Connection;
  main: MessagePort;
  info: KernelInfo;
  /** How much was taken of what the main thread sent; that thread waits for it. */
  taken: Int32Array;
};

function exit(): void {
  process.kill(process.pid, "SIGKILL");
}

const language = new LanguageProcess((reason) => {
  console.error(`unrolled kernel: ${reason}`);
  exit();
});
const kernel = new Kernel({ connection, main, language, info, exit });
main.on("message", (message: MainToWire) => {
  kernel.receiveFromMain(message);
  Atomics.add(taken, 0, weight(message));
  Atomics.notify(taken, 0);
});
await kernel.start();
pollParent(exit);
