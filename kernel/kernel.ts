// Starts the kernel in this process: the wire and language threads, and the user's cells on the main thread.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { serveCells } from "./cells/main.js";
import { readConnectionFile } from "./connection.js";
import { packageRoot } from "./package_root.js";

// Otherwise what the threads report would be taken for a cell's print.
const OWN_STREAMS = { stdout: true, stderr: true };

/** @param connectionFile path of the connection file that Jupyter wrote. */
export function serveKernel(connectionFile: string): void {
  const connection = readConnectionFile(connectionFile);
  const { port1, port2 } = new MessageChannel();
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const wire = new Worker(new URL("./wire/worker.js", import.meta.url), {
    workerData: { connection, language: port1, info: versions(), taken },
    transferList: [port1],
    ...OWN_STREAMS,
  });
  const language = new Worker(new URL("./language/worker.js", import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2],
    // A cell's program is mostly short-lived: with V8's default, collecting it takes a third of the time.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
    ...OWN_STREAMS,
  });
  // From here on prints belong to cells; a thread that cannot go on is the end of the kernel, and says why.
  const write = process.stderr.write.bind(process.stderr);
  const kill = process.kill.bind(process);
  for (const worker of [wire, language]) {
    for (const stream of [worker.stdout, worker.stderr]) stream.on("data", write);
    worker.on("error", (error) => {
      write(`unrolled kernel: ${error.stack ?? error.message}\n`);
      // An orderly exit would wait for sockets that nobody closes any more.
      kill(process.pid, "SIGKILL");
    });
  }
  serveCells(wire, taken);
}

function versions() {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  const typescript = createRequire(import.meta.url)("typescript/package.json") as { version: string };
  return { version, nodeVersion: process.versions.node, typescriptVersion: typescript.version };
}
