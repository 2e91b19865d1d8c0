// Every file of a user's is written here: it is replaced in one step, by a complete one or not at all. A disk
// that is full, a quota, a process that is killed in the middle: the old content stays.

import type { Stats } from "node:fs";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { removeLeftOvers, temporaryName } from "./left_overs.js";

export interface ReplaceOptions {
  /** The permissions; those that it has, if nothing is said, or what the umask leaves to a new one. */
  mode?: number;
}

type Content = string | Uint8Array;

/**
 * Replaces what a file, or the file that a link leads to, holds. Of several calls for one file the last one
 * stays.
 */
export function replaceFile(file: string, content: Content, { mode }: ReplaceOptions = {}): Promise<void> {
  const path = resolve(file);
  return inOrder(path, () => replace(path, content, mode));
}

async function replace(path: string, content: Content, mode: number | undefined): Promise<void> {
  const target = await realpath(path).catch(ifMissing(path));
  await removeLeftOvers(dirname(target));
  const before = await stat(target).catch(ifMissing(undefined));
  const temporary = join(dirname(target), temporaryName());
  const handle = await open(temporary, "wx", mode);
  try {
    try {
      takeOver(handle.fd, before, mode);
      await handle.writeFile(content);
      // A full disk or a quota may show only here.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The same for those who cannot wait. */
export function replaceFileSync(file: string, content: Content): void {
  const target = orIfMissing(() => realpathSync(file), resolve(file));
  void removeLeftOvers(dirname(target));
  const before = orIfMissing(() => statSync(target), undefined);
  const temporary = join(dirname(target), temporaryName());
  const descriptor = openSync(temporary, "wx");
  try {
    try {
      takeOver(descriptor, before);
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Gives a new file the owner and the permissions of the one that it replaces. */
export function takeOver(descriptor: number, before: Stats | undefined, mode = before?.mode): void {
  if (before && process.getuid) {
    try {
      fchownSync(descriptor, before.uid, before.gid);
    } catch (error) {
      // Only root may give a file away; whose folder it is may still replace it.
      if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    }
  }
  if (mode !== undefined) fchmodSync(descriptor, mode);
}

/** The last write of each file that is not finished yet. */
const lastWrites = new Map<string, Promise<void>>();

async function inOrder(path: string, write: () => Promise<void>): Promise<void> {
  const written = (lastWrites.get(path) ?? Promise.resolve()).then(write, write);
  lastWrites.set(path, written);
  try {
    await written;
  } finally {
    if (lastWrites.get(path) === written) lastWrites.delete(path);
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT";

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (isMissing(error)) return value;
    throw error;
  };

function orIfMissing<T, U>(read: () => T, value: U): T | U {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return value;
    throw error;
  }
}
