// What child processes print that are given the kernel's own stdout or stderr, as by `stdio: "inherit"`: it
// belongs to the cell, and would go to wherever Jupyter was started.

import type { ChildProcess } from "node:child_process";
import childProcess from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { randomUUID } from "node:crypto";
import { WAITS, WAITS_INTERRUPTED } from "../threads.js";
import { pids } from "./children.js";
import { post } from "./frontend.js";
import { Interrupted } from "./runs.js";

type Stream = "stdout" | "stderr";
type Call = (...args: unknown[]) => unknown;

/** Whether the thread sleeps until a child has ended. */
export const waits = new Int32Array(new SharedArrayBuffer(4));

export function captureChildren(): void {
  const functions = childProcess as unknown as Record<string, Call>;
  const wrap = (name: string, around: (original: Call, args: unknown[]) => unknown) => {
    const original = functions[name];
    functions[name] = (...args) => around(original, args);
  };
  for (const name of ["spawnSync", "execSync", "execFileSync"]) wrap(name, runToEnd);
  wrap("spawn", (spawn, args) => start(spawn, args));
  wrap("fork", (fork, args) => start(fork, args, ["inherit", "inherit", "inherit", "ipc"]));
  syncBuiltinESMExports();
}

/** Nothing can be read while the thread waits, and a pipe holds only so much: a file takes it. */
function runToEnd(run: Call, args: unknown[]): unknown {
  const files = new Map<Stream, number>();
  const toFile = (stream: Stream) => {
    const file = files.get(stream) ?? openUnnamed();
    files.set(stream, file);
    return file;
  };
  post({ type: "waits", others: [...pids] });
  Atomics.store(waits, 0, WAITS);
  const wasInterrupted = () => Atomics.exchange(waits, 0, 0) === WAITS_INTERRUPTED;
  let result: unknown;
  let isInterrupted: boolean;
  try {
    result = run(...redirected(args, toFile));
    isInterrupted = wasInterrupted();
  } catch (error) {
    isInterrupted = wasInterrupted();
    if (!isInterrupted) throw error;
  } finally {
    for (const [stream, file] of files) {
      process[stream].write(contentOf(file));
      closeSync(file);
    }
  }
  if (isInterrupted) throw new Interrupted();
  return result;
}

function start(run: Call, args: unknown[], preset?: unknown[]): unknown {
  const piped: [at: number, stream: Stream][] = [];
  const toPipe = (stream: Stream, at: number) => {
    piped.push([at, stream]);
    return "pipe";
  };
  const child = run(...redirected(args, toPipe, preset)) as ChildProcess;
  for (const [at, stream] of piped) {
    const output = child.stdio[at] as Readable | null;
    output?.setEncoding("utf8").on("data", (text: string) => process[stream].write(text));
    child.stdio[at] = null;
  }
  const [, stdout, stderr] = child.stdio;
  return Object.assign(child, { stdout, stderr });
}

/** The arguments of a call, whose options send elsewhere what would go to the kernel's own streams. */
function redirected(
  args: unknown[],
  target: (stream: Stream, at: number) => unknown,
  preset?: unknown[],
): unknown[] {
  const place = args.findIndex(
    (arg, at) => at > 0 && typeof arg === "object" && arg !== null && !Array.isArray(arg),
  );
  const options = (place < 0 ? {} : args[place]) as { stdio?: unknown; silent?: boolean };
  const asked = options.stdio ?? (options.silent ? undefined : preset);
  const given = asked === "inherit" ? (preset ?? ["inherit", "inherit", "inherit"]) : asked;
  if (!Array.isArray(given)) return args;
  const stdio = given.map((entry: unknown, at) => {
    const stream = ownStream(entry, at);
    return stream ? target(stream, at) : entry;
  });
  const before = place < 0 ? args : args.slice(0, place);
  return [...before, { ...options, stdio }, ...(place < 0 ? [] : args.slice(place + 1))];
}

function ownStream(entry: unknown, at: number): Stream | undefined {
  const meant = entry === "inherit" ? at : entry;
  if (meant === 1 || meant === process.stdout) return "stdout";
  if (meant === 2 || meant === process.stderr) return "stderr";
  return undefined;
}

function openUnnamed(): number {
  const path = join(tmpdir(), `unrolled-${randomUUID()}`);
  const file = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return file;
}

function contentOf(file: number): Buffer {
  const content = Buffer.alloc(fstatSync(file).size);
  readSync(file, content, 0, content.length, 0);
  return content;
}
