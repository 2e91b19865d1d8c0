// The five ZeroMQ sockets of a kernel, each sending one message at a time in the order given.

import { Router, XPublisher } from "zeromq";
import type { Connection } from "../protocol/connection.js";
import { endpoint } from "../protocol/connection.js";
import { forEachMessage } from "../protocol/each_message.js";
import { inTurn } from "../protocol/in_turn.js";
import type { Message, MessageCodec } from "../protocol/messages.js";
import { BadMessage } from "../protocol/messages.js";

// ZeroMQ's own limit of 1000 waiting messages would silently lose lines of a cell that prints fast.
const UNLIMITED = 0;
const OPTIONS = { sendHighWaterMark: UNLIMITED, receiveHighWaterMark: UNLIMITED, linger: 1000 };

const REPORTED_ONE_BY_ONE = 20;
const REPORTED_IN_GROUPS_OF = 1000;

export type RequestChannel = "shell" | "control" | "stdin";
export type Receive = (channel: RequestChannel, message: Message) => void;

export class Sockets {
  readonly #codec: MessageCodec;
  readonly #routers = {
    shell: new Router(OPTIONS),
    control: new Router(OPTIONS),
    stdin: new Router(OPTIONS),
  };
  // An XPUB, unlike a PUB, learns of new subscribers and can welcome them.
  readonly #iopub = new XPublisher({ ...OPTIONS, verbosity: "allSubs" });
  // Echoes what it gets, as a REP socket would; that one breaks when a client sends twice before it was
  // answered.
  readonly #heartbeat = new Router({ linger: 0 });
  readonly #turns = new Map<object, ReturnType<typeof inTurn>>(
    [...Object.values(this.#routers), this.#iopub, this.#heartbeat].map((socket) => [socket, inTurn()]),
  );
  #closed = false;
  #dropped = 0;

  constructor(codec: MessageCodec) {
    this.#codec = codec;
  }

  /** @throws {Error} when a port is taken */
  async bind(connection: Connection): Promise<void> {
    await Promise.all([
      this.#routers.shell.bind(endpoint(connection, "shell")),
      this.#routers.control.bind(endpoint(connection, "control")),
      this.#routers.stdin.bind(endpoint(connection, "stdin")),
      this.#iopub.bind(endpoint(connection, "iopub")),
      this.#heartbeat.bind(endpoint(connection, "hb")),
    ]);
  }

  /** Serves until closed. `onSubscribe` gets the topic of each new subscription to iopub. */
  listen(receive: Receive, onSubscribe: (topic: string) => void): void {
    for (const channel of ["shell", "control", "stdin"] as const) {
      void this.#forEach(this.#routers[channel], (frames) => {
        this.#decode(channel, frames, receive);
      });
    }
    void this.#forEach(this.#heartbeat, (frames) => {
      this.#send(this.#heartbeat, frames);
    });
    void this.#forEach(this.#iopub, ([frame]) => {
      const SUBSCRIBE = 1;
      if (frame?.[0] === SUBSCRIBE) onSubscribe(frame.subarray(1).toString("utf8"));
    });
  }

  send(channel: RequestChannel, message: Message): void {
    this.#send(this.#routers[channel], this.#codec.encode(message));
  }

  publish(message: Message): void {
    this.#send(this.#iopub, this.#codec.encode(message));
  }

  /** Lets everything sent so far leave, then closes. */
  async close(): Promise<void> {
    await Promise.all([...this.#turns.values()].map((inTurn) => inTurn(() => undefined)));
    this.#closed = true;
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }

  #decode(channel: RequestChannel, frames: Buffer[], receive: Receive): void {
    let message: Message;
    try {
      message = this.#codec.decode(frames);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.#reportDropped(channel, error);
      return;
    }
    receive(channel, message);
  }

  /** A stranger who sends rubbish all day must not fill the log as well. */
  #reportDropped(channel: RequestChannel, { message }: BadMessage): void {
    const count = ++this.#dropped;
    if (count > REPORTED_ONE_BY_ONE && count % REPORTED_IN_GROUPS_OF !== 0) return;
    console.error(`unrolled kernel: dropped a message on ${channel}: ${message} (${count} dropped so far)`);
  }

  #forEach(socket: AsyncIterable<Buffer[]>, handle: (frames: Buffer[]) => void): Promise<void> {
    return forEachMessage(socket, (frames) => {
      if (this.#closed) return;
      try {
        handle(frames);
      } catch (error) {
        // Whatever a message made us do wrong, the next one must still be heard.
        console.error("unrolled kernel:", error);
      }
    });
  }

  #send(socket: { send(frames: Buffer[]): Promise<void> }, frames: Buffer[]): void {
    const inTurn = this.#turns.get(socket)!;
    inTurn(() => (this.#closed ? undefined : socket.send(frames))).catch((error: unknown) => {
      console.error("unrolled kernel: could not send:", error);
    });
  }
}
