// A Jupyter client for our own use: starts the kernel as a process of its own, speaks the real protocol over
// ZeroMQ, and gathers a cell's outputs as a notebook stores them.

import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "./connection.js";
import { reserveConnection } from "./connection.js";
import { kernelCommand } from "./kernelspec.js";
import type { ClientChannel, ClientSockets, LaunchedKernel } from "./launcher.js";
import { connectClient, launchKernel, nudge, subscribe } from "./launcher.js";
import type { Content, Message } from "./messages.js";
import { MessageCodec } from "./messages.js";
import type { Displays, Output } from "./outputs.js";
import { OutputCollector } from "./outputs.js";

export type { Output } from "./outputs.js";

export interface Execution {
  status: "ok" | "error" | "aborted";
  executionCount: number | null;
  /** What comes later, from a timer or for a display of this cell, is put in here as well. */
  outputs: Output[];
  error?: { ename: string; evalue: string; traceback: string[] };
}

/** Answers a cell's `prompt()`. */
export type OnInput = (prompt: string, password: boolean) => string | Promise<string>;

export interface RequestOptions {
  /** Gets what iopub says on the way. */
  onPublish?: (message: Message) => void;
  /** Binary buffers, for comms. */
  buffers?: Buffer[];
  onInput?: OnInput;
}

interface Pending {
  reply(message: Message): void;
  publish(message: Message): void;
  onInput?: OnInput;
  fail(error: Error): void;
}

const DRAIN_MS = 200;
const SHUTDOWN_WITHIN_MS = 3000;

export class KernelClient {
  /** Content of the kernel's kernel_info_reply. */
  info: { language_info: object; [k: string]: unknown } = { language_info: {} };
  /** Where the kernel listens, for other clients that want to join. */
  readonly connection: Connection;
  readonly #process: ChildProcess;
  readonly #codec: MessageCodec;
  readonly #sockets: ClientSockets;
  readonly #iopub: { close(): void };
  readonly #pending = new Map<string, Pending>();
  /** By the id of the request. */
  readonly #collectors = new Map<string, OutputCollector>();
  readonly #displays: Displays = new Map();
  readonly #exited: Promise<void>;

  constructor({ child, connection, ended }: LaunchedKernel) {
    this.#process = child;
    this.connection = connection;
    this.#codec = new MessageCodec(connection.key, { username: "unrolled" });
    this.#sockets = connectClient(connection, (channel, frames) => {
      this.#receive(channel, this.#codec.decode(frames));
    });
    this.#iopub = subscribe(connection, (frames) => {
      this.#takePublished(this.#codec.decode(frames));
    });
    this.#exited = ended.then(async (reason) => {
      // What it said last may still be on its way: the answer to a shutdown_request.
      if (this.#pending.size > 0) await sleep(DRAIN_MS);
      const error = new Error(`the kernel process ended (${reason})`);
      for (const pending of this.#pending.values()) pending.fail(error);
      this.#pending.clear();
    });
  }

  /** Sends a request and resolves with its reply, when the kernel is done with it. */
  async request(
    channel: "shell" | "control",
    type: string,
    content: Content,
    options: RequestOptions = {},
  ): Promise<Message> {
    return (await this.#exchange(channel, type, content, true, options))!;
  }

  /** Sends a message that has no reply, such as a comm's, and resolves when the kernel is done with it. */
  async post(type: string, content: Content, options: RequestOptions = {}): Promise<void> {
    await this.#exchange("shell", type, content, false, options);
  }

  #exchange(
    channel: "shell" | "control",
    type: string,
    content: Content,
    isAnswered: boolean,
    { onPublish, onInput, buffers }: RequestOptions,
  ): Promise<Message | undefined> {
    const message = this.#codec.create(type, content, { buffers });
    return new Promise((resolve, reject) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        reject(new Error("the kernel process has ended"));
        return;
      }
      // A request is over when it was answered and the kernel is idle again: only then have all outputs come.
      let reply: Message | undefined;
      let idle = false;
      const finish = () => {
        if ((isAnswered && !reply) || !idle) return;
        this.#pending.delete(message.header.msg_id);
        resolve(reply);
      };
      this.#pending.set(message.header.msg_id, {
        reply: (answer) => {
          reply = answer;
          finish();
        },
        publish: (published) => {
          if (published.header.msg_type === "status" && published.content.execution_state === "idle") {
            idle = true;
            finish();
          } else onPublish?.(published);
        },
        onInput,
        fail: reject,
      });
      this.#send(channel, message);
    });
  }

  async execute(
    code: string,
    {
      stopOnError = true,
      onOutput,
      onInput,
    }: { stopOnError?: boolean; onOutput?: (output: Output) => void; onInput?: OnInput } = {},
  ): Promise<Execution> {
    const collector = new OutputCollector(this.#displays, onOutput);
    const content = {
      code,
      silent: false,
      store_history: true,
      allow_stdin: onInput !== undefined,
      stop_on_error: stopOnError,
    };
    const reply = await this.request("shell", "execute_request", content, {
      onInput,
      onPublish: (message) => {
        collector.add(message.header.msg_type, message.content);
      },
    });
    this.#collectors.set(reply.parent.msg_id, collector);
    const { status, execution_count, ename, evalue, traceback } = reply.content as Record<string, never>;
    return {
      status,
      executionCount: execution_count ?? null,
      outputs: collector.outputs,
      ...(status === "error" ? { error: { ename, evalue, traceback } } : {}),
    };
  }

  async interrupt(): Promise<void> {
    await this.request("control", "interrupt_request", {});
  }

  /** Ends the kernel; one that does not hear is killed. */
  async shutdown(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#send("control", this.#codec.create("shutdown_request", { restart: false }));
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), SHUTDOWN_WITHIN_MS);
      await this.#exited;
      clearTimeout(timer);
    }
    this.#sockets.close();
    this.#iopub.close();
  }

  /** Waits until both directions work. */
  async connect(): Promise<void> {
    const { content } = await nudge(() => this.request("shell", "kernel_info_request", {}));
    this.info = content as { language_info: object };
  }

  #receive(channel: ClientChannel, message: Message): void {
    const pending = this.#pending.get(message.parent.msg_id ?? "");
    if (channel !== "stdin") pending?.reply(message);
    else if (pending?.onInput) void this.#answerInput(message, pending.onInput);
  }

  #takePublished(message: Message): void {
    const { msg_id: id = "" } = message.parent;
    const pending = this.#pending.get(id);
    if (pending) {
      pending.publish(message);
      return;
    }
    const { msg_type: type } = message.header;
    // A result belongs to an answer; what has been answered has none to come.
    if (type === "execute_result") return;
    this.#collectors.get(id)?.add(type, message.content);
  }

  async #answerInput({ header, content }: Message, onInput: OnInput): Promise<void> {
    const value = await onInput(String(content.prompt), content.password === true);
    this.#send("stdin", this.#codec.create("input_reply", { value }, { parent: header }));
  }

  #send(channel: ClientChannel, message: Message): void {
    void this.#sockets.send(channel, this.#codec.encode(message));
  }
}

export interface StartOptions {
  /** The folder in which the cells run. */
  cwd: string;
  /**
   * Environment variables besides those of this process; `UNROLLED_HISTORY`, a folder, keeps what is
   * executed.
   */
  env?: Record<string, string>;
  /** The command line of another kernel, given the path of its connection file. */
  command?: (connectionFile: string) => string[];
}

/**
 * Starts a kernel as a process of its own.
 * @throws {Error} when the program cannot be started, or the kernel ends or stays silent for a minute
 */
export async function startKernel({
  cwd,
  env,
  command = kernelCommand,
}: StartOptions): Promise<KernelClient> {
  const launched = await launchKernel({
    command,
    cwd,
    // What programs run is not the user's history.
    env: { UNROLLED_HISTORY: "off", ...env },
    connection: reserveConnection,
  });
  const client = new KernelClient(launched);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown();
    throw error;
  } finally {
    launched.cleanUp();
  }
}
