// Checkpoints as Jupyter has them: one a file, in a hidden directory next to it. They go with their file.
// Source: Jupyter Server `filecheckpoints.py`.

import type { Stats } from "node:fs";
import { lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { replaceFile } from "../../files/replace_file.js";
import { brief } from "../../kernel/protocol/brief.js";
import { HttpError } from "./http.js";
import { readBytes } from "./reading.js";

export interface Checkpoint {
  id: string;
  last_modified: string;
}

const DIRECTORY = ".ipynb_checkpoints";
const ID = "checkpoint";

/** Where the checkpoint is or would be. @throws {HttpError} 404 when a link leads to elsewhere */
async function checkpointOf(file: string): Promise<string> {
  const ext = extname(file);
  const directory = join(dirname(file), DIRECTORY);
  const checkpoint = join(directory, `${basename(file, ext)}-checkpoint${ext}`);
  for (const path of [directory, checkpoint]) {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink()) throw new HttpError(404, "checkpoints are not kept behind links");
  }
  return checkpoint;
}

const describe = ({ mtime }: Stats): Checkpoint => ({ id: ID, last_modified: mtime.toISOString() });

export async function listCheckpoints(file: string): Promise<Checkpoint[]> {
  const found = await stat(await checkpointOf(file)).catch(() => undefined);
  return found ? [describe(found)] : [];
}

export async function createCheckpoint(file: string): Promise<Checkpoint> {
  const checkpoint = await checkpointOf(file);
  await mkdir(dirname(checkpoint), { recursive: true });
  await replaceFile(checkpoint, await readBytes(file));
  return describe(await stat(checkpoint));
}

export async function restoreCheckpoint(file: string, id: string): Promise<void> {
  refuseOtherIds(id);
  await replaceFile(file, await readBytes(await checkpointOf(file)));
}

export async function deleteCheckpoint(file: string, id: string): Promise<void> {
  refuseOtherIds(id);
  await rm(await checkpointOf(file));
}

function refuseOtherIds(id: string): void {
  if (id !== ID) throw new HttpError(404, `no checkpoint ${brief(id)}`);
}

/** After a file was renamed. */
export async function moveCheckpoint(from: string, to: string): Promise<void> {
  if ((await listCheckpoints(from)).length === 0) return;
  await mkdir(dirname(await checkpointOf(to)), { recursive: true });
  await rename(await checkpointOf(from), await checkpointOf(to));
}

/** After a file was deleted. */
export async function dropCheckpoint(file: string): Promise<void> {
  await rm(await checkpointOf(file), { force: true });
}
