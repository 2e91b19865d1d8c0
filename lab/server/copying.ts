// Copies of files and directories, complete or not there at all.

import {
  chmod,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { temporaryName } from "../../files/left_overs.js";
import { HttpError } from "./http.js";
import { withFile } from "./reading.js";
import { isHidden } from "./root.js";

/** With its permissions. @throws {Error} when the target exists */
export function copyFile(source: string, target: string): Promise<void> {
  return withFile(source, async (from) => {
    const to = await open(target, "wx");
    try {
      await to.chmod((await from.stat()).mode);
      await writeFile(to, from.createReadStream());
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    } finally {
      await to.close();
    }
  });
}

/** Links stay what they are: what they lead to outside is not copied. */
export async function copyDirectory(source: string, target: string): Promise<void> {
  const temporary = join(dirname(target), temporaryName());
  try {
    await copyEntry(source, temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function copyEntry(source: string, target: string): Promise<void> {
  const found = await lstat(source);
  if (found.isSymbolicLink()) {
    await symlink(await readlink(source), target);
  } else if (found.isDirectory()) {
    await mkdir(target);
    for (const name of (await readdir(source)).filter((name) => !isHidden(name)))
      await copyEntry(join(source, name), join(target, name));
    // Last: one that may only be read is filled first.
    await chmod(target, found.mode);
  } else if (found.isFile()) {
    await copyFile(source, target);
  } else {
    throw new HttpError(400, `${basename(source)} is neither a file nor a directory`);
  }
}
