// Starts a kernel as a process of its own, and gives a client its sockets to it.
// Source: Jupyter client documentation, "Connection files"; jupyter_client `provisioning`.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import type { Connection } from "./connection.js";
import { endpoint, writeConnectionFile } from "./connection.js";
import { forEachMessage } from "./each_message.js";
import { inTurn } from "./in_turn.js";

/** Channels on which a client sends and is answered. */
const CLIENT_CHANNELS = ["shell", "control", "stdin"] as const;
export type ClientChannel = (typeof CLIENT_CHANNELS)[number];

// No limit: ZeroMQ's own of 1000 waiting messages would silently lose some.
const RECEIVING = { receiveHighWaterMark: 0, linger: 0 };
const EXCHANGING = { ...RECEIVING, sendHighWaterMark: 0 };

const NUDGE_EVERY_MS = 200;
const READY_WITHIN_MS = 60_000;

export interface LaunchOptions {
  /** The command line, given the path of the connection file. */
  command: (connectionFile: string) => string[];
  /** The folder in which the cells run. */
  cwd: string;
  /** Environment variables besides those of this process. */
  env?: Record<string, string>;
  /** Makes the connection, given a folder that only the user may enter. */
  connection: (folder: string) => Promise<Connection>;
}

export interface LaunchedKernel {
  child: ChildProcess;
  connection: Connection;
  /** Resolves with the signal or the exit code when the process has ended. */
  ended: Promise<string>;
  /** Removes what the process was told its connection by. @throws {Error} when that fails */
  cleanUp: () => void;
}

/** @throws {Error} when the program cannot be started */
export async function launchKernel(options: LaunchOptions): Promise<LaunchedKernel> {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-kernel-"));
  const cleanUp = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const connection = await options.connection(folder);
    const file = join(folder, "connection.json");
    writeConnectionFile(file, connection);
    const child = await spawned(options.command(file), options);
    // Failing to send a signal needs no handling: the missing exit reveals it.
    child.on("error", () => undefined);
    const ended = new Promise<string>((resolve) => {
      child.once("exit", (code, signal) => {
        resolve(signal ?? `exit code ${code}`);
      });
    });
    return { child, connection, ended, cleanUp };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function spawned(
  [program, ...args]: string[],
  { cwd, env }: Pick<LaunchOptions, "cwd" | "env">,
): Promise<ChildProcess> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env, JPY_PARENT_PID: String(process.pid) },
    stdio: ["ignore", "inherit", "inherit"],
    // A group of its own: Ctrl-C in the terminal is for the program that started it.
    detached: true,
    windowsHide: true,
  });
  try {
    await once(child, "spawn");
    return child;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    // As pip's kernelspecs say, for which Jupyter puts its own; some systems have it under the other name
    // only.
    if (program === "python" && isMissing) return spawned(["python3", ...args], { cwd, env });
    throw error;
  }
}

/** A client's own sockets: what the kernel answers goes to the client that asked. */
export interface ClientSockets {
  /** Sends in the order of the calls. */
  send(channel: ClientChannel, frames: Buffer[]): Promise<void>;
  close(): void;
}

export function connectClient(
  connection: Connection,
  receive: (channel: ClientChannel, frames: Buffer[]) => void,
): ClientSockets {
  // The kernel asks the client that sent the cell for input: the same identity on all of them.
  const routingId = randomUUID();
  const channels = new Map(
    CLIENT_CHANNELS.map((channel) => {
      const socket = new Dealer({ ...EXCHANGING, routingId });
      socket.connect(endpoint(connection, channel));
      void forEachMessage(socket, (frames) => {
        receive(channel, frames);
      });
      return [channel, { socket, inTurn: inTurn() }];
    }),
  );
  return {
    send: (channel, frames) => {
      const { socket, inTurn } = channels.get(channel)!;
      return inTurn(() => socket.send(frames));
    },
    close: () => {
      for (const { socket } of channels.values()) socket.close();
    },
  };
}

/** Hears everything that the kernel publishes from now on. */
export function subscribe(connection: Connection, receive: (frames: Buffer[]) => void): { close(): void } {
  const socket = new Subscriber(RECEIVING);
  socket.connect(endpoint(connection, "iopub"));
  socket.subscribe();
  void forEachMessage(socket, receive);
  return socket;
}

/**
 * Asks again and again until one of the answers is there: a kernel takes a while to start, and what it
 * published before a subscription arrived is lost.
 * @throws {Error} when none comes for a minute; otherwise what an answer rejects with
 */
export async function nudge<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  const timers: NodeJS.Timeout[] = [];
  try {
    return await new Promise<Reply>((resolve, reject) => {
      const again = () => {
        ask().then(resolve, reject);
      };
      const giveUp = () => {
        reject(new Error(`the kernel did not answer within ${READY_WITHIN_MS / 1000} s`));
      };
      again();
      timers.push(setInterval(again, NUDGE_EVERY_MS).unref(), setTimeout(giveUp, READY_WITHIN_MS).unref());
    });
  } finally {
    timers.forEach(clearTimeout);
  }
}
