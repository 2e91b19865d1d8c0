// Files are read where their path was found to lead. Between the two a name in it can become a link to
// elsewhere, and what is open then is not what was found.

import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import { HttpError } from "./http.js";

// Windows has neither; a pipe would be waited for.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file for as long as it is used.
 * @param real a path without links, such as `Root.resolve` returns
 * @throws {HttpError} 404 when there is a link in it by now, or no file
 */
export async function withFile<T>(real: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(real, READ);
  try {
    if (!(await isAt(file, real))) throw new HttpError(404, "no such file or directory");
    return await use(file);
  } finally {
    await file.close();
  }
}

export const readBytes = (real: string) => withFile(real, (file) => file.readFile());

async function isAt(file: FileHandle, real: string): Promise<boolean> {
  const opened = await file.stat();
  if (!opened.isFile()) return false;
  // Linux says where the open file lies, and no later change of names has a part in that.
  const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  // It reports a file that has been replaced since.
  if (place !== undefined) return place === real || place === `${real} (deleted)`;
  const found = await lstat(real);
  return (await realpath(real)) === real && found.dev === opened.dev && found.ino === opened.ino;
}
