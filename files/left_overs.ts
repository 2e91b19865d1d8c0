// A file that is being written has a hidden name which says who writes it. Of a writer that was killed it
// stays behind, and is removed by the next program that looks into the folder.

import { createHash, randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { isAlive } from "./is_alive.js";

const NAME = /^\.unrolled-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.tmp$/;
/** Whose writer cannot be asked, because it is on another computer. */
const ABANDONED_AFTER_MS = 86_400_000;

const ownHost = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/**
 * A name that no other file has or can foresee; short, whatever the name of the file that it will replace.
 */
export const temporaryName = () =>
  `.unrolled-${ownHost}-${process.pid}-${randomBytes(8).toString("hex")}.tmp`;

const visited = new Map<string, Promise<void>>();

/** Removes them from a folder, the first time that this process comes there. */
export function removeLeftOvers(folder: string): Promise<void> {
  const path = resolve(folder);
  let visit = visited.get(path);
  if (!visit) visited.set(path, (visit = remove(path)));
  return visit;
}

/** No trouble with them is worth an error: what they stand next to is complete. */
async function remove(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      if (await isLeftOver(file, name))
        await rm(file, { recursive: true, force: true }).catch(() => undefined);
    }),
  );
}

async function isLeftOver(file: string, name: string): Promise<boolean> {
  const [, host, pid] = NAME.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === ownHost && !isAlive(Number(pid))) return true;
  // Another computer's, or a process that has got the same number.
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs > ABANDONED_AFTER_MS;
}
