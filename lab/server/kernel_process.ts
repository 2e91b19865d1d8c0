// One process of a kernel, from its start to its end, and the ZeroMQ sockets to it. A restart makes a new
// one, with new ports and a new key, so that nothing meant for the old process reaches the next.
// Source: Jupyter messaging specification 5.5; jupyter_client `provisioning`, `kernelspec`.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, Dealer, Subscriber } from "zeromq";
import type { Connection } from "../../kernel/protocol/connection.js";
import { forEachMessage } from "../../kernel/protocol/each_message.js";
import {
  connectionIn,
  endpoint,
  reserveConnection,
  writeConnectionFile,
} from "../../kernel/protocol/connection.js";
import { inOrder } from "../../kernel/protocol/in_order.js";
import type { Content, SealedMessage } from "../../kernel/protocol/messages.js";
import { BadMessage, MessageCodec, toParts } from "../../kernel/protocol/messages.js";
import type { KernelSpec } from "./kernelspecs.js";
import { DEFAULT_KERNEL } from "./kernelspecs.js";
import { report } from "./report.js";

/** Channels on which a client sends and is answered. */
export type ClientChannel = "shell" | "control" | "stdin";

export interface ProcessOptions {
  spec: KernelSpec;
  cwd: string;
  env?: Record<string, string>;
  /** How many heartbeats in a row go unanswered before the kernel counts as dead. */
  missedBeats: number;
  /** Takes everything that the kernel publishes. */
  onPublish: (message: SealedMessage) => void;
}

/** A client's own sockets: what the kernel answers goes to the client that asked. */
export interface ClientSockets {
  send(channel: ClientChannel, message: Omit<SealedMessage, "identities">): void;
  close(): void;
}

const NUDGE_EVERY = 200;
const READY_WITHIN = 60_000;
const SHUTDOWN_WITHIN = 5000;
const TERMINATE_WITHIN = 1000;
const BEAT_EVERY = 1000;
/** After the process has ended, its last messages may still be on their way through this one. */
const DRAIN = 50;

// No limit: what is too much for a page is left out further on, and the page is told.
const RECEIVING = { receiveHighWaterMark: 0, linger: 0 };
const EXCHANGING = { ...RECEIVING, sendHighWaterMark: 0 };

// A page at a kernel needs three sockets; beyond ZeroMQ's own limit of 1023, pages and kernels would wait
// silently.
context.maxSockets = context.maxSocketsLimit;

export class KernelProcess {
  readonly #child: ChildProcess;
  readonly #spec: KernelSpec;
  readonly #connection: Connection;
  readonly #codec: MessageCodec;
  readonly #onPublish: (message: SealedMessage) => void;
  readonly #sockets = new Set<Dealer | Subscriber>();
  readonly #iopub: Subscriber;
  readonly #own: ClientSockets;
  readonly #missedBeats: number;
  #silentBeats = 0;
  #ended = false;
  #whyKilled: string | undefined;
  #replied = () => undefined as void;
  #published = () => undefined as void;
  /** Resolves when the kernel answers and what it publishes arrives; rejects if it ended before. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the process has ended, wanted or not, after its last message. */
  readonly exited: Promise<string>;

  private constructor(child: ChildProcess, folder: string, connection: Connection, options: ProcessOptions) {
    this.#child = child;
    this.#connection = connection;
    this.#spec = options.spec;
    this.#missedBeats = options.missedBeats;
    this.#onPublish = options.onPublish;
    this.#codec = new MessageCodec(connection.key, { username: "server" });
    // Failing to send a signal needs no handling: the missing exit reveals it.
    child.on("error", () => undefined);
    const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once("exit", (code, signal) => {
        resolve([code, signal]);
      });
    });
    this.exited = exit.then(async ([code, signal]) => {
      // What its cells have started ends with it.
      this.#signal("SIGKILL");
      this.#ended = true;
      await sleep(DRAIN);
      for (const socket of this.#sockets) socket.close();
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch (error) {
        // A disk that can only be read, a file that is held: the kernel has ended anyway.
        report((error as Error).message);
      }
      return this.#whyKilled ?? signal ?? `exit code ${code}`;
    });
    this.#iopub = this.#open(new Subscriber(RECEIVING), "iopub");
    this.#iopub.subscribe();
    void this.#receive(this.#iopub, (message) => {
      this.#published();
      this.#onPublish(message);
    });
    this.#own = this.connect(() => {
      this.#replied();
    });
    this.ready = this.#nudge();
    // Code that awaits it gets the error; there may be none.
    this.ready.then(() => this.#watchHeart()).catch(() => undefined);
  }

  /** @throws if the program cannot be started */
  static async start(options: ProcessOptions): Promise<KernelProcess> {
    const { spec, cwd } = options;
    const folder = mkdtempSync(join(tmpdir(), "unrolled-kernel-"));
    try {
      // Jupyter starts every kernel with ports; others may know nothing else.
      const connection = await (spec.name === DEFAULT_KERNEL ? connectionIn(folder) : reserveConnection());
      const file = join(folder, "connection.json");
      writeConnectionFile(file, connection);
      const [command, ...args] = spec.argv.map((arg) =>
        arg.replaceAll("{connection_file}", file).replaceAll("{resource_dir}", spec.directory),
      );
      const spawned = async (program: string) => {
        const child = spawn(program, args, {
          cwd,
          env: { ...process.env, ...expand(spec.env), ...options.env, JPY_PARENT_PID: String(process.pid) },
          stdio: ["ignore", "inherit", "inherit"],
          // A group of its own: Ctrl-C in the terminal is for the server.
          detached: true,
          windowsHide: true,
        });
        await once(child, "spawn");
        return child;
      };
      const child = await spawned(command).catch((error: NodeJS.ErrnoException) => {
        // As pip's kernelspecs say, for which Jupyter puts its own; some systems have it under the other name
        // only.
        if (command === "python" && error.code === "ENOENT") return spawned("python3");
        throw error;
      });
      return new KernelProcess(child, folder, connection, options);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Sockets of a client, closed when the process ends. */
  connect(onReply: (channel: ClientChannel, message: SealedMessage) => void): ClientSockets {
    // The kernel asks the client that sent the cell for input: the same identity on all of them.
    const routingId = randomUUID();
    const channels = (["shell", "control", "stdin"] as const).map((channel) => {
      const dealer = this.#open(new Dealer({ ...EXCHANGING, routingId }), channel);
      void this.#receive(dealer, (message) => {
        onReply(channel, message);
      });
      return { channel, dealer, send: inOrder(dealer) };
    });
    return {
      send: (channel, message) => {
        const { send } = channels.find((candidate) => candidate.channel === channel)!;
        // The process may have ended since.
        send(this.#codec.seal({ identities: [], ...message })).catch(() => undefined);
      },
      close: () => {
        for (const { dealer } of channels) {
          dealer.close();
          this.#sockets.delete(dealer);
        }
      },
    };
  }

  /** Stops the cell that runs. */
  interrupt(): void {
    if (this.#spec.interruptMode === "message") this.#request("interrupt_request", {});
    else this.#signal("SIGINT");
  }

  /** Ends the process: asked first, then told, then made to. */
  async shutdown(restart: boolean): Promise<void> {
    this.#request("shutdown_request", { restart });
    if (await this.#exitsWithin(SHUTDOWN_WITHIN)) return;
    this.#signal("SIGTERM");
    if (await this.#exitsWithin(TERMINATE_WITHIN)) return;
    this.kill();
    await this.exited;
  }

  /** At once, with all that it started. */
  kill(reason?: string): void {
    this.#whyKilled ??= reason;
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#ended) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-this.pid, signal);
    } catch {
      // It ended a moment ago.
    }
  }

  async #exitsWithin(milliseconds: number): Promise<boolean> {
    return (await Promise.race([this.exited.then(() => true), sleep(milliseconds)])) === true;
  }

  #request(type: string, content: Content): void {
    const message = this.#codec.create(type, content);
    const channel = type === "kernel_info_request" ? "shell" : "control";
    this.#own.send(channel, { parts: toParts(message), buffers: [] });
  }

  /**
   * Asks until an answer and something published have come: what was published before the subscription is
   * lost.
   */
  async #nudge(): Promise<void> {
    const arrived = Promise.all([
      new Promise<void>((resolve) => (this.#replied = resolve)),
      new Promise<void>((resolve) => (this.#published = resolve)),
    ]).then(() => "arrived");
    const gone = this.exited.then(() => "gone");
    const deadline = performance.now() + READY_WITHIN;
    for (;;) {
      this.#request("kernel_info_request", {});
      const outcome = await Promise.race([arrived, gone, sleep(NUDGE_EVERY)]);
      if (outcome === "arrived") return;
      if (outcome === "gone") throw new Error("the kernel ended before it was ready");
      if (performance.now() > deadline) this.kill(`no answer within ${READY_WITHIN / 1000} s`);
    }
  }

  /**
   * A kernel that neither echoes nor sends anything is stuck for good: its sockets have a thread of their
   * own. That thread is late with its echo while it passes much output on, and on a busy computer long so.
   */
  async #watchHeart(): Promise<void> {
    const heart = this.#open(new Dealer({ ...RECEIVING, sendHighWaterMark: 1, sendTimeout: 0 }), "hb");
    void (async () => {
      for (;;) {
        await heart.receive();
        this.#silentBeats = 0;
      }
    })().catch(() => undefined);
    while (!this.#ended) {
      // Counted in beats, not in seconds: after the computer slept, we were the ones not listening.
      if (this.#silentBeats++ >= this.#missedBeats) {
        this.kill(`no heartbeat for ${this.#missedBeats} beats`);
        return;
      }
      // The empty frame is what a REQ socket would send.
      await heart.send(["", "ping"]).catch(() => undefined);
      await sleep(BEAT_EVERY);
    }
  }

  #open<S extends Dealer | Subscriber>(socket: S, channel: ClientChannel | "iopub" | "hb"): S {
    socket.connect(endpoint(this.#connection, channel));
    this.#sockets.add(socket);
    return socket;
  }

  /** Until the socket is closed. */
  #receive(socket: Dealer | Subscriber, handle: (message: SealedMessage) => void): Promise<void> {
    return forEachMessage(socket, (frames) => {
      this.#silentBeats = 0;
      try {
        handle(this.#codec.open(frames));
      } catch (error) {
        // A kernel that signs wrongly is not heard; an error of ours must not make us deaf.
        if (!(error instanceof BadMessage)) report("a message of a kernel", error);
      }
    });
  }
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** `${NAME}` in a kernelspec's environment stands for the server's own. */
function expand(env: Record<string, string>): Record<string, string> {
  const value = (text: string) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? "");
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)]));
}
