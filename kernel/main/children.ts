// The child processes of cells that are to end with the kernel: all but those that were started `detached`.

import { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();
/** Their ids, and those of the detached. */
export const pids = new Set<number>();

interface Starts {
  spawn(options: { detached?: boolean }): number;
}

/** From here on; `exec`, `spawn`, `fork` and the like all come to this method. */
export function followChildren(): void {
  const prototype = ChildProcess.prototype as ChildProcess & Starts;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on each child
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess & Starts, options) {
    const failed = spawn.call(this, options);
    const { pid } = this;
    if (pid !== undefined) {
      pids.add(pid);
      this.once("exit", () => pids.delete(pid));
    }
    if (!options.detached) {
      running.add(this);
      this.once("exit", () => running.delete(this));
    }
    return failed;
  };
}

export function endChildren(): void {
  for (const child of running) child.kill();
}
