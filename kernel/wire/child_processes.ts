// The child processes of a process, as the operating system has them; on Windows none is found.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Those that the main thread has started; where threads cannot be told apart, all. Oldest first. */
export async function childrenOfMainThread(): Promise<number[]> {
  if (process.platform !== "linux") return childrenOf(process.pid);
  return childrenOfThread(process.pid, process.pid);
}

/** The processes, their children, theirs, and so on. */
export async function withDescendants(pids: Iterable<number>): Promise<number[]> {
  const all = new Set(pids);
  for (const pid of all) for (const child of await childrenOf(pid)) all.add(child);
  return [...all];
}

/** @param signal sent to those that still run */
export function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended, or is another user's.
    }
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") return numbers(await outputOf("pgrep", ["-P", String(pid)]));
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOfThread(pid, Number(thread)));
  } catch {
    return [];
  }
}

function childrenOfThread(pid: number, thread: number): number[] {
  try {
    return numbers(readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  } catch {
    return [];
  }
}

const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number);

const outputOf = (command: string, args: string[]) =>
  new Promise<string>((resolve) => {
    execFile(command, args, (_error, stdout) => {
      resolve(stdout);
    });
  });
