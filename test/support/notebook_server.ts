// Debian's `jupyter notebook` with our kernel, on a folder of its own.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installKernelspec } from "../../kernel/protocol/kernelspec.js";

export interface RunningServer {
  /** Ends with a slash. */
  url: string;
  /** The folder that is served. */
  root: string;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export async function startNotebookServer(python: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-notebook-server-"));
  const root = join(folder, "root");
  mkdirSync(root);
  await installKernelspec({ prefix: folder });
  const port = await freePort();
  const args = ["--no-browser", "--allow-root", `--port=${port}`, `--notebook-dir=${root}`];
  const options = ["token=''", "password=''", "disable_check_xsrf=True"].map(
    (option) => `--NotebookApp.${option}`,
  );
  const child: ChildProcess = spawn(python, ["-m", "notebook", ...args, ...options], {
    stdio: "ignore",
    env: {
      ...process.env,
      HOME: folder,
      JUPYTER_PATH: join(folder, "share", "jupyter"),
      UNROLLED_HISTORY: "off",
      UNROLLED_PROGRESS: join(folder, "progress.json"),
    },
  });
  const url = `http://127.0.0.1:${port}/`;
  const exited = once(child, "exit");
  for (;;) {
    if (child.exitCode !== null) throw new Error(`jupyter notebook ended with ${child.exitCode}`);
    if (
      await fetch(`${url}api`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await sleep(100);
  }
  return {
    url,
    root,
    async close() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
