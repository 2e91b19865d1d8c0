// Where the snapshot lies that the language process starts from, and how it is built. Without it a kernel
// works the same, but its first cell waits for TypeScript to load and to read some hundred files of
// declarations.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { setPriority, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../files/is_alive.js";
import { packageRoot } from "../package_root.js";
import { userFolders } from "../user_folders.js";

// By then the process id in a lock may have become another program's.
const ABANDONED_AFTER_MS = 60 * 60_000;
const LOOKED_AFTER_MS = 200;
// The priority, from 0 to Unix' lowest of 19; the kernel that could not wait runs its first cells in the
// meantime.
const IN_BACKGROUND = 10;
// A cell's program is mostly short-lived: with V8's default, collecting it takes a third of the time. V8
// refuses a snapshot that was built with other flags.
export const LANGUAGE_FLAGS = ["--max-semi-space-size=32"];

const compiled = join(packageRoot, "dist", "kernel", "language");
const builder = join(compiled, "snapshot.cjs");
const { resolve } = createRequire(import.meta.url);

const hash = (...parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);

const PREFIX = "language-";
const folderName = PREFIX + hash(packageRoot, process.execPath);
/** In the folder of what this Node has built for this installation: which these are. */
const RECORD = "installation.json";

/**
 * Where it may lie, the best place first: with the package it serves all its users, and goes when the package
 * goes.
 */
function folders(): string[] {
  const cache = userFolders().cache;
  return [join(packageRoot, ".cache"), cache, temporaryFolder()].map((folder) => join(folder, folderName));
}

const temporaryFolder = () => join(tmpdir(), `unrolled-${process.getuid?.() ?? "cache"}`);

/** The name of the snapshot for this installation, this Node, and the files that lie there now. */
function fileName(): string {
  const packages = ["typescript", "tslab", "@types/node"].map((name) => resolve(`${name}/package.json`));
  const own = [compiled, dirname(compiled), join(dirname(compiled), "rendering")].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => join(folder, name)),
  );
  const read = [...packages, join(packageRoot, "package.json"), builder, ...own];
  return `${hash(process.version, process.arch, ...LANGUAGE_FLAGS, ...read.map(changed))}.blob`;
}

function changed(path: string): string {
  const { mtimeMs, size } = statSync(path);
  return `${path} ${mtimeMs} ${size}`;
}

/** The snapshot, where there is one. */
export function findSnapshot(): string | undefined {
  const name = fileName();
  return folders()
    .filter(isOurs)
    .map((folder) => join(folder, name))
    .find(isReadable);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Anyone may make a folder among the temporary ones, and a snapshot is a program. */
function isOurs(folder: string): boolean {
  const shared = temporaryFolder();
  if (dirname(folder) !== shared || !process.getuid) return true;
  const found = lstatSync(shared, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid() && (found.mode & 0o022) === 0;
}

/** The first of the folders that can be written. @throws {Error} when none can */
function makeFolder(): string {
  let refusal: unknown;
  for (const folder of folders()) {
    try {
      const isShared = dirname(folder) === temporaryFolder();
      mkdirSync(folder, { recursive: true, mode: isShared ? 0o700 : undefined });
      if (!isOurs(folder)) throw new Error(`${folder}: belongs to someone else`);
      writeFileSync(join(folder, RECORD), JSON.stringify({ packageRoot, node: process.execPath }));
      return folder;
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

/**
 * Builds the snapshot unless it is there; waits where another process is building it. It never fails: it
 * warns.
 */
export async function buildSnapshot(): Promise<void> {
  if (findSnapshot() !== undefined) return;
  try {
    const path = join(makeFolder(), fileName());
    while (!takeLock(path)) {
      await sleep(LOOKED_AFTER_MS);
      if (existsSync(path)) return;
    }
    try {
      await build(path);
    } finally {
      rmSync(lockOf(path), { force: true });
    }
  } catch (error) {
    console.warn(`unrolled: kernels will need longer for their first cell. ${(error as Error).message}`);
  }
}

/** Has a process that outlives this one build it, unless that was tried before or is under way. */
export function buildSnapshotInBackground(): void {
  let path: string;
  try {
    path = join(makeFolder(), fileName());
  } catch {
    // `unrolled install` reports it.
    return;
  }
  if (existsSync(failureOf(path)) || isLocked(path)) return;
  const child = spawn(process.execPath, [join(compiled, "build_snapshot.js")], {
    cwd: dirname(path),
    stdio: "ignore",
    detached: true,
    windowsHide: true,
  });
  child.on("error", () => undefined);
  child.on("spawn", () => {
    try {
      setPriority(child.pid!, IN_BACKGROUND);
    } catch {
      // It is through already.
    }
  });
  child.unref();
}

const lockOf = (path: string) => `${path}.building`;
const failureOf = (path: string) => `${path}.failed`;

/** Whether this process is the one to build; if two believe it, both do, and nothing is wrong. */
function takeLock(path: string): boolean {
  if (isLocked(path)) return false;
  rmSync(lockOf(path), { force: true });
  try {
    writeFileSync(lockOf(path), String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isLocked(path: string): boolean {
  const lock = lockOf(path);
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // Without a number in it, it is just being written.
    return Date.now() - statSync(lock).mtimeMs < ABANDONED_AFTER_MS && (pid === 0 || isAlive(pid));
  } catch {
    return false;
  }
}

async function build(path: string): Promise<void> {
  const folder = dirname(path);
  const unfinished = `${path}.${process.pid}`;
  const args = [...LANGUAGE_FLAGS, "--snapshot-blob", unfinished, "--build-snapshot", builder];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: folder,
    // While Node builds a snapshot it does not have all of them.
    env: { ...process.env, UNROLLED_GLOBALS: Object.getOwnPropertyNames(globalThis).join() },
  });
  let report = "";
  child.stderr.on("data", (chunk: Buffer) => (report += chunk.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) {
    rmSync(unfinished, { force: true });
    const failure = `The snapshot of the language process could not be built (${signal ?? `exit code ${code}`}):\n${report}`;
    writeFileSync(failureOf(path), failure);
    throw new Error(failure);
  }
  renameSync(unfinished, path);
  const kept = [path, lockOf(path), join(folder, RECORD)];
  removeAll(
    readdirSync(folder).map((name) => join(folder, name)),
    (file) => !kept.includes(file),
  );
  const cache = dirname(folder);
  removeAll(
    readdirSync(cache)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => join(cache, name)),
    isGone,
  );
}

function removeAll(paths: string[], isOver: (path: string) => boolean): void {
  for (const path of paths) if (isOver(path)) rmSync(path, { recursive: true, force: true });
}

/** Whether the installation or the Node is no longer there that the folder was made for. */
function isGone(folder: string): boolean {
  try {
    const { packageRoot: root, node } = JSON.parse(readFileSync(join(folder, RECORD), "utf8")) as {
      packageRoot: string;
      node: string;
    };
    return !existsSync(join(root, "package.json")) || !existsSync(node);
  } catch {
    return true;
  }
}

/** The command line of the language process, which is told what group it ends when this process has gone. */
export function languageCommand(snapshot: string | undefined): string[] {
  const start =
    snapshot === undefined ? [join(compiled, "main.js")] : ["--snapshot-blob", snapshot, "language"];
  return [process.execPath, ...LANGUAGE_FLAGS, ...start, ...ownGroup()];
}

/**
 * The id of the group of processes that this one leads, if it does: asked later, the number may be another's.
 */
function ownGroup(): string[] {
  try {
    process.kill(-process.pid, 0);
    return [String(process.pid)];
  } catch {
    return [];
  }
}
