// `new Worker(new URL("./worker.ts", import.meta.url))` and `fork("./child.ts")`: files in TypeScript, as
// those that a cell imports.

import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import type { WorkerOptions } from "node:worker_threads";
import workerThreads from "node:worker_threads";

const TYPESCRIPT = /\.[cm]?tsx?$/;
const HOOKS = ["--import", new URL("typescript_hooks.js", import.meta.url).href];

const isTypeScript = (file: unknown) =>
  TYPESCRIPT.test(file instanceof URL ? file.pathname : typeof file === "string" ? file : "");

export function runTypeScriptInChildren(): void {
  workerThreads.Worker = new Proxy(workerThreads.Worker, {
    construct: (worker, [file, options, ...rest]: [unknown, WorkerOptions | undefined], newTarget) => {
      const isText = options?.eval === true;
      const hooked =
        isTypeScript(file) && !isText
          ? { ...options, execArgv: [...(options?.execArgv ?? []), ...HOOKS] }
          : options;
      return Reflect.construct(worker, [file, hooked, ...rest], newTarget) as object;
    },
  });
  const fork = childProcess.fork as (...args: unknown[]) => unknown;
  const forkHooked = (file: unknown, ...rest: unknown[]) => {
    if (!isTypeScript(file)) return fork(file, ...rest);
    const args = Array.isArray(rest[0]) ? (rest[0] as unknown[]) : [];
    const options = (Array.isArray(rest[0]) ? rest[1] : (rest[0] ?? rest[1])) as
      childProcess.ForkOptions | undefined;
    const execArgv = [...(options?.execArgv ?? process.execArgv), ...HOOKS];
    return fork(file, args, { ...options, execArgv });
  };
  Object.assign(childProcess, { fork: forkHooked });
  syncBuiltinESMExports();
}
