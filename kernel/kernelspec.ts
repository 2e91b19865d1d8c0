// How Jupyter starts this kernel.
import { join } from "node:path";
import { packageRoot } from "./package_root.js";

/** The command line that serves the session described by `connectionFile`. */
export function kernelCommand(connectionFile: string): string[] {
  return [
    process.execPath,
    // Interrupting a cell unwinds callbacks that async_hooks believes to be still running.
    "--no-force-async-hooks-checks",
    "--disable-warning=ExperimentalWarning",
    join(packageRoot, "dist", "cli", "unrolled.js"),
    "kernel",
    connectionFile,
  ];
}
