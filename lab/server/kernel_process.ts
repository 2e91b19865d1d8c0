// One process of a kernel, from its start to its end, and the ZeroMQ sockets to it. A restart makes a new
// one, with new ports and a new key, so that nothing meant for the old process reaches the next.
// Source: Jupyter messaging specification 5.5; jupyter_client `provisioning`, `kernelspec`.

import { setTimeout as sleep } from "node:timers/promises";
import { context, Dealer } from "zeromq";
import { connectionIn, endpoint, reserveConnection } from "../../kernel/protocol/connection.js";
import type { ClientChannel, LaunchedKernel } from "../../kernel/protocol/launcher.js";
import { connectClient, launchKernel, nudge, subscribe } from "../../kernel/protocol/launcher.js";
import type { Content, SealedMessage } from "../../kernel/protocol/messages.js";
import { BadMessage, MessageCodec, toParts } from "../../kernel/protocol/messages.js";
import type { KernelSpec } from "./kernelspecs.js";
import { DEFAULT_KERNEL } from "./kernelspecs.js";
import { report } from "./report.js";

export interface ProcessOptions {
  spec: KernelSpec;
  cwd: string;
  env?: Record<string, string>;
  /** How many heartbeats in a row go unanswered before the kernel counts as dead. */
  missedBeats: number;
  /** Takes everything that the kernel publishes. */
  onPublish: (message: SealedMessage) => void;
}

/** What the kernel answers goes to the client that asked. */
export interface KernelClient {
  send(channel: ClientChannel, message: Omit<SealedMessage, "identities">): void;
  close(): void;
}

const SHUTDOWN_WITHIN_MS = 5000;
const TERMINATE_WITHIN_MS = 1000;
const BEAT_EVERY_MS = 1000;
/** After the process has ended, its last messages may still be on their way through this one. */
const DRAIN_MS = 50;

// A page at a kernel needs three sockets; beyond ZeroMQ's own limit of 1023, pages and kernels would wait
// silently.
context.maxSockets = context.maxSocketsLimit;

export class KernelProcess {
  readonly #launched: LaunchedKernel;
  readonly #spec: KernelSpec;
  readonly #codec: MessageCodec;
  readonly #sockets = new Set<{ close(): void }>();
  readonly #own: KernelClient;
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

  private constructor(launched: LaunchedKernel, options: ProcessOptions) {
    const { connection, ended, cleanUp } = launched;
    this.#launched = launched;
    this.#spec = options.spec;
    this.#missedBeats = options.missedBeats;
    this.#codec = new MessageCodec(connection.key, { username: "server" });
    this.exited = ended.then(async (reason) => {
      // What its cells have started ends with it.
      this.#signal("SIGKILL");
      this.#ended = true;
      await pause(DRAIN_MS);
      for (const socket of this.#sockets) socket.close();
      try {
        cleanUp();
      } catch (error) {
        // A disk that can only be read, a file that is held: the kernel has ended anyway.
        report((error as Error).message);
      }
      return this.#whyKilled ?? reason;
    });
    const iopub = subscribe(connection, (frames) => {
      this.#take(frames, (message) => {
        this.#published();
        options.onPublish(message);
      });
    });
    this.#sockets.add(iopub);
    this.#own = this.connect(() => {
      this.#replied();
    });
    this.ready = this.#nudge();
    // Code that awaits it gets the error; there may be none.
    this.ready.then(() => this.#watchHeart()).catch(() => undefined);
  }

  /** @throws {Error} when the program cannot be started */
  static async start(options: ProcessOptions): Promise<KernelProcess> {
    const { spec, cwd, env } = options;
    const launched = await launchKernel({
      command: (file) =>
        spec.argv.map((arg) =>
          arg.replaceAll("{connection_file}", file).replaceAll("{resource_dir}", spec.directory),
        ),
      cwd,
      env: { ...expand(spec.env), ...env },
      // Jupyter starts every kernel with ports; others may know nothing else.
      connection: spec.name === DEFAULT_KERNEL ? connectionIn : reserveConnection,
    });
    return new KernelProcess(launched, options);
  }

  get pid(): number {
    return this.#launched.child.pid!;
  }

  /** A client, whose sockets are closed when the process ends. */
  connect(onReply: (channel: ClientChannel, message: SealedMessage) => void): KernelClient {
    const sockets = connectClient(this.#launched.connection, (channel, frames) => {
      this.#take(frames, (message) => {
        onReply(channel, message);
      });
    });
    this.#sockets.add(sockets);
    return {
      send: (channel, message) => {
        // The process may have ended since.
        sockets.send(channel, this.#codec.seal({ identities: [], ...message })).catch(() => undefined);
      },
      close: () => {
        sockets.close();
        this.#sockets.delete(sockets);
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
    if (await this.#exitsWithin(SHUTDOWN_WITHIN_MS)) return;
    this.#signal("SIGTERM");
    if (await this.#exitsWithin(TERMINATE_WITHIN_MS)) return;
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
      if (process.platform === "win32") this.#launched.child.kill(signal);
      else process.kill(-this.pid, signal);
    } catch {
      // It ended a moment ago.
    }
  }

  async #exitsWithin(milliseconds: number): Promise<boolean> {
    return (await Promise.race([this.exited.then(() => true), pause(milliseconds)])) === true;
  }

  #request(type: string, content: Content): void {
    const message = this.#codec.create(type, content);
    const channel = type === "kernel_info_request" ? "shell" : "control";
    this.#own.send(channel, { parts: toParts(message), buffers: [] });
  }

  /** Until an answer and something published have come. */
  async #nudge(): Promise<void> {
    const arrived = Promise.all([
      new Promise<void>((resolve) => (this.#replied = resolve)),
      new Promise<void>((resolve) => (this.#published = resolve)),
    ]);
    const gone = this.exited.then(() => {
      throw new Error("the kernel ended before it was ready");
    });
    const outcome = Promise.race([arrived, gone]);
    try {
      await nudge(() => {
        this.#request("kernel_info_request", {});
        return outcome;
      });
    } catch (error) {
      this.kill((error as Error).message);
      throw error;
    }
  }

  /**
   * A kernel that neither echoes nor sends anything is stuck for good: its sockets have a thread of their
   * own. That thread is late with its echo while it passes much output on, and on a busy computer long so.
   */
  async #watchHeart(): Promise<void> {
    const heart = new Dealer({ linger: 0, sendHighWaterMark: 1, sendTimeout: 0 });
    heart.connect(endpoint(this.#launched.connection, "hb"));
    this.#sockets.add(heart);
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
      await pause(BEAT_EVERY_MS);
    }
  }

  #take(frames: Buffer[], handle: (message: SealedMessage) => void): void {
    this.#silentBeats = 0;
    try {
      handle(this.#codec.open(frames));
    } catch (error) {
      // A kernel that signs wrongly is not heard; an error of ours must not make us deaf.
      if (!(error instanceof BadMessage)) report("a message of a kernel", error);
    }
  }
}

/** Does not keep this process alive. */
const pause = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false });

/** `${NAME}` in a kernelspec's environment stands for the server's own. */
function expand(env: Record<string, string>): Record<string, string> {
  const value = (text: string) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? "");
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)]));
}
