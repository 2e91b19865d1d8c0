// A kernel whose Jupyter has gone serves no one, and would stay for ever: it checks its parent once a second.

import { isAlive } from "../../files/is_alive.js";

const LOOKED_EVERY_MS = 1000;

/** Calls `onGone` once the process that started the kernel has ended. */
export function pollParent(onGone: () => void): void {
  const pid = parentPid();
  if (pid === undefined) return;
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onGone();
  }, LOOKED_EVERY_MS);
}

/**
 * Jupyter gives its own process id; on Windows it is a handle, of no use to Node, and the real parent is
 * asked.
 */
function parentPid(): number | undefined {
  const given = Number(process.env.JPY_PARENT_PID);
  if (!(given > 0)) return undefined;
  return process.platform === "win32" ? process.ppid : given;
}
