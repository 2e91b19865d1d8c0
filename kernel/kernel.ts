// The program that Jupyter starts, with the path of a connection file: starts the wire thread, which starts
// the language process, and runs the user's cells on the main thread.

import { once } from "node:events";
import { createRequire } from "node:module";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { readConnectionFile } from "./protocol/connection.js";
import { createOutboxMemory } from "./outbox.js";
import { ownPackage } from "./own_package.js";

async function serveKernel(args: string[]): Promise<void> {
  if (args.length !== 1)
    throw new Error(`the number of arguments is ${args.length}, but must be 1, a connection file`);
  // V8 takes Node's own compiled code from its cache only where no flag is set, and another thread needs most
  // of it. This thread's limit was set when it began, and stays.
  setFlagsFromString("--max-old-space-size=0");
  const connection = readConnectionFile(args[0]);
  const { port1, port2 } = new MessageChannel();
  const memory = createOutboxMemory();
  const wire = new Worker(new URL("./wire.cjs", import.meta.url), {
    workerData: { connection, main: port1, memory },
    transferList: [port1],
    // Otherwise what the thread reports would be taken for a cell's print.
    stdout: true,
    stderr: true,
    // Messages live shortly. By default the thread's memory grows several times over before it is looked
    // through.
    resourceLimits: { maxYoungGenerationSizeMb: 6 },
  });
  wire.postMessage(versions());
  // From here on prints belong to cells; without its thread the kernel cannot continue, and says why.
  const write = process.stderr.write.bind(process.stderr);
  const kill = process.kill.bind(process);
  for (const stream of [wire.stdout, wire.stderr]) stream.on("data", write);
  wire.on("error", (error) => {
    write(`unrolled kernel: ${error.stack ?? error.message}\n`);
    // An orderly exit would wait for sockets that are never closed.
    kill(process.pid, "SIGKILL");
  });
  const listening = once(wire, "message");
  // OpenSSL loads what it needs once per process. Do that during the wait; signatures need it.
  const { createHmac } = await import("node:crypto");
  createHmac("sha256", "").digest();
  // Loaded when the other thread is already answering; what it sends waits in the port.
  await listening;
  const { serveCells } = await import("./main/main.js");
  serveCells(port2, memory);
}

function versions() {
  const typescript = createRequire(import.meta.url)("typescript/package.json") as { version: string };
  return {
    version: ownPackage.version,
    nodeVersion: process.versions.node,
    typescriptVersion: typescript.version,
    heapLimit: getHeapStatistics().heap_size_limit,
  };
}

serveKernel(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`unrolled kernel: ${(error as Error).message}`);
  process.exitCode = 1;
});
