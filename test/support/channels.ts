// A client of a kernel's channels, over `ws` and in either of the two forms, written from Jupyter Server's
// documentation and sharing no code with the server.

import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";

export interface ChannelMessage {
  channel: string;
  header: { msg_id: string; msg_type: string; [key: string]: unknown };
  parent_header: { msg_id?: string; [key: string]: unknown };
  metadata: Record<string, unknown>;
  content: any;
  buffers: Buffer[];
}

const V1 = "v1.kernel.websocket.jupyter.org";

export interface OpenOptions {
  token: string;
  session?: string;
  protocol?: "v1" | "legacy";
}

export class Channels {
  readonly received: ChannelMessage[] = [];
  readonly session: string;
  readonly socket: WebSocket;
  readonly #isV1: boolean;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket, session: string, isV1: boolean) {
    this.socket = socket;
    this.session = session;
    this.#isV1 = isV1;
    socket.on("message", (data: Buffer, isBinary) => {
      this.received.push(isV1 ? readV1(data) : readLegacy(data, isBinary));
      for (const look of this.#waiting) look();
    });
  }

  static async open(
    port: number,
    kernel: string,
    { token, session = randomUUID(), protocol = "v1" }: OpenOptions,
  ) {
    const url = `ws://127.0.0.1:${port}/api/kernels/${kernel}/channels?session_id=${session}`;
    const headers = { Authorization: `token ${token}` };
    const socket = new WebSocket(url, protocol === "v1" ? [V1] : [], { headers });
    // Before it is open: the first messages may come with the same packet.
    const channels = new Channels(socket, session, protocol === "v1");
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return channels;
  }

  /** Sends a message and returns its id. */
  send(channel: string, msg_type: string, content: object, buffers: Buffer[] = []): string {
    const msg_id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id, msg_type, session: this.session, username: "test", version: "5.4", date };
    const message = { channel, header, parent_header: {}, metadata: {}, content, buffers };
    this.socket.send(this.#isV1 ? writeV1(message) : writeLegacy(message));
    return msg_id;
  }

  execute(code: string, allow_stdin = false): string {
    const content = { code, silent: false, store_history: true, stop_on_error: true, allow_stdin };
    return this.send("shell", "execute_request", content);
  }

  /** Waits for a message, also among those that came already. */
  async find(isWanted: (message: ChannelMessage) => boolean, timeout = 300_000): Promise<ChannelMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const types = this.received.slice(-20).map(({ header, content }) => [header.msg_type, content]);
        reject(
          new Error(
            `no such message among ${this.received.length}; the last: ${JSON.stringify(types).slice(-1000)}`,
          ),
        );
      }, timeout);
      const look = () => {
        const found = this.received.find(isWanted);
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until a request is answered and the kernel is idle again; returns the answer. */
  async done(id: string): Promise<ChannelMessage> {
    const isOf = ({ parent_header }: ChannelMessage) => parent_header.msg_id === id;
    await this.find((message) => isOf(message) && message.content.execution_state === "idle");
    return this.find((message) => isOf(message) && message.header.msg_type.endsWith("_reply"));
  }

  /** Executes a cell and returns its result's text. */
  async evaluate(code: string): Promise<string | undefined> {
    const id = this.execute(code);
    const { content } = await this.done(id);
    if (content.status !== "ok") throw new Error(`${content.status}: ${content.evalue}`);
    return this.of(id, "execute_result").map((message) => message.content.data["text/plain"])[0];
  }

  /** What a cell printed so far. */
  printed(id: string): string {
    return this.of(id, "stream")
      .map(({ content }) => content.text)
      .join("");
  }

  of(id: string, type: string): ChannelMessage[] {
    return this.received.filter(
      ({ header, parent_header }) => parent_header.msg_id === id && header.msg_type === type,
    );
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.close();
    await closed;
  }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function writeV1({ channel, header, parent_header, metadata, content, buffers }: ChannelMessage): Buffer {
  const blocks = [Buffer.from(channel), ...[header, parent_header, metadata, content].map(json), ...buffers];
  const offsets = [8 * (blocks.length + 2)];
  for (const block of blocks) offsets.push(offsets.at(-1)! + block.length);
  const words = [offsets.length, ...offsets].map((value) => {
    const word = Buffer.alloc(8);
    word.writeUInt32LE(value);
    return word;
  });
  return Buffer.concat([...words, ...blocks]);
}

function readV1(data: Buffer): ChannelMessage {
  const word = (index: number) => data.readUInt32LE(8 * index);
  const blocks = Array.from({ length: word(0) - 1 }, (_, at) => data.subarray(word(at + 1), word(at + 2)));
  const [header, parent_header, metadata, content] = blocks
    .slice(1, 5)
    .map((block) => JSON.parse(String(block)));
  return { channel: String(blocks[0]), header, parent_header, metadata, content, buffers: blocks.slice(5) };
}

function writeLegacy({ buffers, ...message }: ChannelMessage): string | Buffer {
  if (buffers.length === 0) return JSON.stringify({ ...message, buffers: [] });
  const blocks = [json(message), ...buffers];
  const offsets = [4 * (blocks.length + 1)];
  for (const block of blocks.slice(0, -1)) offsets.push(offsets.at(-1)! + block.length);
  const words = [blocks.length, ...offsets].map((value) => {
    const word = Buffer.alloc(4);
    word.writeUInt32BE(value);
    return word;
  });
  return Buffer.concat([...words, ...blocks]);
}

function readLegacy(data: Buffer, isBinary: boolean): ChannelMessage {
  if (!isBinary) return JSON.parse(String(data));
  const count = data.readUInt32BE(0);
  const starts = Array.from({ length: count }, (_, at) => data.readUInt32BE(4 * (at + 1)));
  const blocks = starts.map((start, at) => data.subarray(start, starts[at + 1]));
  return { ...JSON.parse(String(blocks[0])), buffers: blocks.slice(1) };
}
