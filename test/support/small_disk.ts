// A disk so small that a test can fill it.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface SmallDisk {
  /** Writes until only so many bytes, a multiple of 4096, are left; without an argument until none is. */
  fill(left?: number): void;
  /** Makes room again. */
  free(): void;
  remove(): void;
}

const FILLER = ".filler";

/** Mounts one as a new folder; undefined where that is not allowed, as to anyone but root. */
export function mountSmallDisk(folder: string): SmallDisk | undefined {
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]).status !== 0) return undefined;
  const filler = join(folder, FILLER);
  return {
    fill(left = 0) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: "a" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
      truncateSync(filler, statSync(filler).size - left);
    },
    free() {
      rmSync(filler);
    },
    remove() {
      // Lazily: a kernel may still work in it.
      spawnSync("umount", ["-l", folder]);
    },
  };
}
