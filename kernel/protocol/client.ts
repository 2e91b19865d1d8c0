// A Jupyter client for our own use: starts the kernel as a process of its own, speaks the real protocol over
// ZeroMQ, and gathers a cell's outputs as a notebook stores them.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import type { Connection } from "./connection.js";
import { endpoint, reserveConnection, writeConnectionFile } from "./connection.js";
import { forEachMessage } from "./each_message.js";
import type { Content, Message } from "./messages.js";
import { MessageCodec } from "./messages.js";
import { inOrder } from "./in_order.js";
import { kernelCommand } from "./kernelspec.js";
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

/** Milliseconds. */
const DRAIN = 200;

export class KernelClient {
  /** Content of the kernel's kernel_info_reply. */
  info: { language_info: object; [k: string]: unknown } = { language_info: {} };
  /** Where the kernel listens, for other clients that want to join. */
  readonly connection: Connection;
  readonly #process: ChildProcess;
  readonly #codec: MessageCodec;
  readonly #sockets: { shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber };
  readonly #senders = new Map<Dealer, (frames: Buffer[]) => Promise<void>>();
  readonly #pending = new Map<string, Pending>();
  /** By the id of the request. */
  readonly #collectors = new Map<string, OutputCollector>();
  readonly #displays: Displays = new Map();
  readonly #exited: Promise<unknown>;

  constructor(child: ChildProcess, connection: Connection) {
    this.#process = child;
    this.connection = connection;
    this.#codec = new MessageCodec(connection.key, { username: "unrolled" });
    const routingId = randomUUID();
    this.#sockets = {
      shell: new Dealer({ routingId, linger: 0 }),
      control: new Dealer({ routingId, linger: 0 }),
      // The kernel asks the client that sent the cell: the same routing id on both sockets.
      stdin: new Dealer({ routingId, linger: 0 }),
      iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
    };
    for (const channel of ["shell", "control", "stdin", "iopub"] as const) {
      this.#sockets[channel].connect(endpoint(connection, channel));
    }
    this.#sockets.iopub.subscribe();
    for (const socket of Object.values(this.#sockets)) {
      if (socket instanceof Dealer) this.#senders.set(socket, inOrder(socket));
      void this.#receive(socket);
    }
    this.#exited = once(child, "exit").then(async ([code, signal]) => {
      // What it said last may still be on its way: the answer to a shutdown_request.
      if (this.#pending.size > 0) await sleep(DRAIN);
      const error = new Error(`the kernel process ended (${signal ?? `exit code ${code}`})`);
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
      this.#send(this.#sockets[channel], message);
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
      this.#send(this.#sockets.control, this.#codec.create("shutdown_request", { restart: false }));
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3000);
      await this.#exited;
      clearTimeout(timer);
    }
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  /**
   * Waits until both directions work: the first messages of iopub are lost until its subscription has
   * arrived.
   */
  async connect(): Promise<void> {
    const FIRST_REPLY = 20;
    for (let attempt = 0; attempt < FIRST_REPLY; attempt++) {
      const timeout = new Promise<undefined>((resolve) => setTimeout(resolve, 1000, undefined));
      const request = this.request("shell", "kernel_info_request", {});
      // An attempt that is given up may still fail later.
      request.catch(() => undefined);
      const reply = await Promise.race([request, timeout]);
      if (reply) {
        this.info = reply.content as { language_info: object };
        return;
      }
    }
    throw new Error("the kernel did not answer kernel_info_request within 20 s");
  }

  #receive(socket: AsyncIterable<Buffer[]>): Promise<void> {
    return forEachMessage(socket, (frames) => {
      const message = this.#codec.decode(frames);
      const pending = this.#pending.get(message.parent.msg_id ?? "");
      if (socket === this.#sockets.iopub) this.#takePublished(message, pending);
      else if (socket !== this.#sockets.stdin) pending?.reply(message);
      else if (pending?.onInput) void this.#answerInput(message, pending.onInput);
    });
  }

  #takePublished(message: Message, pending: Pending | undefined): void {
    if (pending) {
      pending.publish(message);
      return;
    }
    const { msg_type: type } = message.header;
    // A result belongs to an answer; what has been answered has none to come.
    if (type === "execute_result") return;
    this.#collectors.get(message.parent.msg_id ?? "")?.add(type, message.content);
  }

  async #answerInput({ header, content }: Message, onInput: OnInput): Promise<void> {
    const value = await onInput(String(content.prompt), content.password === true);
    this.#send(this.#sockets.stdin, this.#codec.create("input_reply", { value }, { parent: header }));
  }

  #send(socket: Dealer, message: Message): void {
    void this.#senders.get(socket)!(this.#codec.encode(message));
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

/** Starts a kernel as a process of its own. */
export async function startKernel({
  cwd,
  env: more = {},
  command: commandLine = kernelCommand,
}: StartOptions): Promise<KernelClient> {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  try {
    const connection = await reserveConnection();
    const file = join(folder, "connection.json");
    writeConnectionFile(file, connection);
    const [command, ...args] = commandLine(file);
    // What programs run is not the user's history.
    const own = { UNROLLED_HISTORY: "off", JPY_PARENT_PID: String(process.pid) };
    const env = { ...process.env, ...own, ...more };
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"], detached: true });
    const client = new KernelClient(child, connection);
    try {
      await client.connect();
    } catch (error) {
      await client.shutdown();
      throw error;
    }
    return client;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
