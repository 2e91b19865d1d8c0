// Where the main thread's memory is used up the process ends, with all variables, and nothing can be said any
// more: the warning comes before.

import type { Session } from "node:inspector";

const LOOKED_EVERY_MS = 1000;
// Parts of the limit.
const FULL = 0.85;
const FREED = 0.7;

/** Looks once a second, also while the main thread is inside a loop. */
export function watchHeap(main: Session, limit: number, warn: (text: string) => void): void {
  let isFull = false;
  const look = () => {
    // Asking the other thread interrupts it; what the whole process has is known without.
    if (!isFull && process.memoryUsage.rss() < FULL * limit) return;
    main.post("Runtime.getHeapUsage", (error, usage) => {
      if (error) return;
      const { usedSize } = usage as { usedSize: number };
      const part = usedSize / limit;
      if (!isFull && part > FULL) {
        warn(
          `The kernel's memory is nearly full: ${gigabytes(usedSize)} of ${gigabytes(limit)}. If it needs more, it ends, and all variables are lost.\n`,
        );
      }
      isFull = isFull ? part > FREED : part > FULL;
    });
  };
  setInterval(look, LOOKED_EVERY_MS).unref();
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GB`;
