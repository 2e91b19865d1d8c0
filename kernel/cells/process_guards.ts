// What would end the process from inside a cell, and with it the session, is reported instead: errors in timers and
// forgotten promises under the cell that caused them, `process.exit` and its like as errors of the cell.
import type { CellError } from "../threads.js";
import { cell, post } from "./frontend.js";

/** @param toCellError how an error is shown */
export function guardProcess(toCellError: (thrown: unknown) => CellError): void {
  const report = (thrown: unknown) => {
    const { traceback, ...error } = toCellError(thrown);
    const [first, ...rest] = traceback;
    post({ type: "error", cell: cell(), error: { ...error, traceback: [`Uncaught ${first}`, ...rest] } });
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
  // Ctrl-C in the terminal that started Jupyter reaches the kernel too; it is interrupted by message instead.
  process.on("SIGINT", () => undefined);

  const refuse = (call: string): never => {
    throw new Error(`${call} does not end the kernel; restart or shut it down from Jupyter.`);
  };
  process.exit = (code) => refuse(`process.exit(${code ?? ""})`);
  process.abort = () => refuse("process.abort()");
  const kill = process.kill.bind(process);
  process.kill = (pid, signal = "SIGTERM") => {
    // Signal 0 only asks whether a process is there; one that the cell itself listens for does no harm.
    const harmless =
      signal === 0 ||
      (typeof signal === "string" && signal !== "SIGINT" && process.listenerCount(signal) > 0);
    const call = `process.kill(${pid === process.pid ? "process.pid" : pid}, ${JSON.stringify(signal)})`;
    // 0 is the whole process group, this process included.
    if ((pid === process.pid || pid === 0) && !harmless) refuse(call);
    return kill(pid, signal);
  };
}
