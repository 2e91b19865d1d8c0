// The wire thread's door: binds the sockets first, then connects them with the two other threads.
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import type { Connection } from "../connection.js";
import type { MainToWire } from "../threads.js";
import { Kernel, type KernelInfo } from "./kernel.js";
import { pollParent } from "./parentpoller.js";

const { connection, language, info } = workerData as {
  connection: Connection;
  language: MessagePort;
  info: KernelInfo;
};
const main = parentPort!;

function exit(): void {
  process.kill(process.pid, "SIGKILL");
}

const kernel = new Kernel({ connection, main, language, info, exit });
main.on("message", (message: MainToWire) => {
  kernel.receiveFromMain(message);
});
await kernel.start();
pollParent(exit);
