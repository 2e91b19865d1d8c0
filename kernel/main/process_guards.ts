// What would end the process from inside a cell, and with it the session, is reported instead: errors in
// timers and forgotten promises under the cell that caused them, `process.exit` and its like as errors of the
// cell.

import type { CellError } from "../threads.js";
import { cell, post } from "./frontend.js";
import { Interrupted } from "./runs.js";

/** @param toCellError how an error is shown */
export function guardProcess(toCellError: (thrown: unknown) => CellError): void {
  const report = (thrown: unknown) => {
    // From code that no one awaited when its cell was stopped.
    if (thrown instanceof Interrupted) return;
    const { traceback, ...error } = toCellError(thrown);
    const [first, ...rest] = traceback;
    post({ type: "error", cell: cell(), error: { ...error, traceback: [`Uncaught ${first}`, ...rest] } });
  };
  // Node ends the process where `emit` says that there was no listener. Listeners of our own could be
  // removed.
  const emit = process.emit.bind(process) as (event: string | symbol, ...args: unknown[]) => boolean;
  process.emit = ((event: string | symbol, ...args: unknown[]) => {
    const isHeard = emit(event, ...args);
    if (event !== "uncaughtException" && event !== "unhandledRejection") return isHeard;
    report(args[0]);
    return true;
  }) as typeof process.emit;
  // Ctrl-C in the terminal that started Jupyter reaches the kernel too; it is interrupted by message instead.
  const ignoreSigint = () => {
    if (process.listenerCount("SIGINT") === 0) process.on("SIGINT", () => undefined);
  };
  const removeAllListeners = process.removeAllListeners.bind(process);
  process.removeAllListeners = (...events) => {
    // Node's own are among these, without which it does not hear of signals.
    const all = process.eventNames().filter((event) => event !== "newListener" && event !== "removeListener");
    for (const event of events.length > 0 ? events : all) removeAllListeners(event);
    ignoreSigint();
    return process;
  };
  ignoreSigint();

  const refuse = (call: string): never => {
    throw new Error(`${call} does not end the kernel; restart it or shut it down from Jupyter.`);
  };
  process.exit = (code) => refuse(`process.exit(${code ?? ""})`);
  process.abort = () => refuse("process.abort()");
  Object.assign(process, { reallyExit: (code?: number) => refuse(`process.reallyExit(${code ?? ""})`) });
  const kill = process.kill.bind(process);
  process.kill = (pid, signal = "SIGTERM") => {
    // Signal 0 only asks whether a process is there; one that the cell itself listens for does no harm.
    const harmless =
      signal === 0 ||
      (typeof signal === "string" && signal !== "SIGINT" && process.listenerCount(signal) > 0);
    // As Node reads it: "" is 0.
    const target = Number(pid);
    const named = Math.abs(target) === process.pid ? `${target < 0 ? "-" : ""}process.pid` : target;
    // 0 is the whole process group, as is -process.pid, and -1 is every process that there is.
    const isOwn = [0, -1, process.pid, -process.pid].includes(target);
    if (isOwn && !harmless) refuse(`process.kill(${named}, ${JSON.stringify(signal)})`);
    return kill(pid, signal);
  };
}
