// One page's connection to a kernel. It outlives the WebSocket: what the kernel sends while the page is away
// (the computer slept, the network changed) waits here, and goes to the same page when it is back.
// Source: Jupyter Server `channels.py`.

import { WebSocket } from "ws";
import type { Content, SealedMessage } from "../../kernel/protocol/messages.js";
import { MessageCodec, parseObject, toParts } from "../../kernel/protocol/messages.js";
import type { ClientChannel } from "../../kernel/protocol/launcher.js";
import type { KernelClient, KernelProcess } from "./kernel_process.js";
import { RateLimit } from "./rate_limit.js";
import type { ChannelMessage, Serialisation } from "./websocket_messages.js";

const CHANNELS = new Set<string>(["shell", "control", "stdin"]);
const isClientChannel = (channel: string): channel is ClientChannel => CHANNELS.has(channel);

/** What is kept for a page that is away. */
const MOST_WAITING_BYTES = 64 * 2 ** 20;
const LEFT_OUT = "Output was left out while the page was not connected: there was more than 64 MB of it.\n";

// Of the WebSocket protocol: the frame's data is not what was agreed on.
const INVALID_DATA = 1007;

export class KernelConnection {
  readonly #process: () => Promise<KernelProcess>;
  readonly #codec = new MessageCodec("", { username: "server" });
  readonly #limit = new RateLimit();
  #sockets: { process: KernelProcess; own: KernelClient } | undefined;
  #page: { socket: WebSocket; serialisation: Serialisation } | undefined;
  #waiting: ChannelMessage[] = [];
  #waitingBytes = 0;
  #isFull = false;

  readonly #onSend: (parts: Buffer[]) => void;

  /**
   * @param process the kernel's process of the moment, or the one that is being started
   * @param onSend is told of what goes to its shell
   */
  constructor(process: () => Promise<KernelProcess>, onSend: (parts: Buffer[]) => void) {
    this.#process = process;
    this.#onSend = onSend;
  }

  get isAttached(): boolean {
    return this.#page !== undefined;
  }

  /**
   * Takes the page's WebSocket, and sends what has waited for it. An earlier socket of the same page is
   * closed.
   */
  attach(socket: WebSocket, serialisation: Serialisation): void {
    this.#page?.socket.close();
    this.#page = { socket, serialisation };
    socket.on("message", (data: Buffer, isBinary) => {
      this.#fromPage(socket, serialisation, data, isBinary);
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#isFull = false;
    for (const message of waiting) this.#toPage(message);
  }

  /** From now on messages wait. @returns false if another socket has taken this one's place */
  detach(socket: WebSocket): boolean {
    if (this.#page?.socket !== socket) return false;
    this.#page = undefined;
    return true;
  }

  /** What the kernel publishes; too much of it is left out. */
  publish({ parts, buffers }: SealedMessage, type: string): void {
    const { drop, notice } = this.#limit.admit(type, sizeOf(parts));
    if (notice !== undefined) this.#say("stream", { name: "stderr", text: notice }, parts[1]);
    if (!drop) this.#toPage({ channel: "iopub", parts, buffers });
  }

  /** A cell has ended. */
  resetLimit(): void {
    this.#limit.reset();
  }

  /** Says of the kernel what it cannot say itself: that it is restarting, or dead. */
  status(state: "restarting" | "dead"): void {
    this.#say("status", { execution_state: state });
  }

  close(code: number, reason: string): void {
    this.#sockets?.own.close();
    this.#page?.socket.close(code, reason);
    this.#page = undefined;
  }

  #say(type: string, content: Content, parent?: Buffer): void {
    this.#toPage(this.#create(type, content, parent));
  }

  #create(type: string, content: Content, parent: Buffer = Buffer.from("{}")): ChannelMessage {
    const [header, , metadata, body] = toParts(this.#codec.create(type, content));
    return { channel: "iopub", parts: [header, parent, metadata, body], buffers: [] };
  }

  #toPage(message: ChannelMessage): void {
    // A socket that is closing takes messages and loses them.
    if (this.#page?.socket.readyState === WebSocket.OPEN)
      this.#page.socket.send(this.#page.serialisation.write(message));
    else this.#keep(message);
  }

  #keep(message: ChannelMessage): void {
    const bytes = sizeOf([...message.parts, ...message.buffers]);
    if (this.#waitingBytes + bytes <= MOST_WAITING_BYTES || isEssential(message)) {
      this.#waiting.push(message);
      this.#waitingBytes += bytes;
    } else if (!this.#isFull) {
      this.#isFull = true;
      this.#waiting.push(this.#create("stream", { name: "stderr", text: LEFT_OUT }, message.parts[1]));
    }
  }

  #fromPage(socket: WebSocket, serialisation: Serialisation, data: Buffer, isBinary: boolean): void {
    let message: ChannelMessage;
    try {
      message = serialisation.read(data, isBinary);
      const { msg_id, msg_type } = parseObject(message.parts[0]);
      if (typeof msg_id !== "string" || typeof msg_type !== "string")
        throw new Error("no msg_id or msg_type");
    } catch (error) {
      socket.close(INVALID_DATA, `not a Jupyter message: ${(error as Error).message}`.slice(0, 120));
      return;
    }
    if (isClientChannel(message.channel)) void this.#toKernel(message.channel, message);
  }

  async #toKernel(channel: ClientChannel, message: ChannelMessage): Promise<void> {
    try {
      const process = await this.#process();
      // What is asked before the subscription works would be answered half.
      await process.ready;
      const sockets = this.#socketsTo(process);
      if (channel === "shell") this.#onSend(message.parts);
      sockets.send(channel, message);
    } catch {
      // The kernel ended, and the page is told so by its status.
    }
  }

  #socketsTo(process: KernelProcess): KernelClient {
    if (this.#sockets?.process !== process) {
      this.#sockets?.own.close();
      const own = process.connect((from, { parts, buffers }) => {
        this.#toPage({ channel: from, parts, buffers });
      });
      this.#sockets = { process, own };
    }
    return this.#sockets.own;
  }
}

/** Replies and states, without which the page would wait for ever. */
const isEssential = ({ channel, parts }: ChannelMessage) =>
  channel !== "iopub" || ["status", "execute_input"].includes(String(parseObject(parts[0]).msg_type));

const sizeOf = (parts: Buffer[]) => parts.reduce((sum, part) => sum + part.length, 0);
