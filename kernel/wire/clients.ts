// What clients are told: replies to the one that asked, and to all of them what is published.

import type { Content, Header, Message, MessageCodec } from "../protocol/messages.js";
import type { Parents } from "./parents.js";
import type { RequestChannel, Sockets } from "./sockets.js";

/** A request on the way to its reply. */
export interface Exchange {
  channel: RequestChannel;
  request: Message;
}

export class Clients {
  readonly #codec: MessageCodec;
  readonly #sockets: Sockets;
  readonly #parents: Parents;

  constructor(codec: MessageCodec, sockets: Sockets, parents: Parents) {
    this.#codec = codec;
    this.#sockets = sockets;
    this.#parents = parents;
  }

  /** Sends to the client of `request`. @returns the header of what was sent */
  reply(
    channel: RequestChannel,
    { identities, header }: Pick<Message, "identities" | "header">,
    type: string,
    content: Content,
  ): Header {
    const message = this.#codec.create(type, content, { identities, parent: header });
    this.#sockets.send(channel, message);
    return message.header;
  }

  /** Publishes what belongs to a cell, or to a call of a comm's handler. */
  publishFor(id: number, type: string, content: Content): void {
    const known = this.#parents.get(id);
    if (!known || known.silent) return;
    const parent = known.header;
    try {
      this.publish(type, content, { parent });
    } catch (error) {
      // JSON has no room for it: half a gigabyte is the longest string.
      const text = `An output (${type}) could not be sent: ${(error as Error).message}\n`;
      this.publish("stream", { name: "stderr", text }, { parent });
    }
  }

  publish(type: string, content: Content, options: Partial<Message> = {}): void {
    const topic = Buffer.from(`kernel.unrolled.${type}`);
    this.#sockets.publish(this.#codec.create(type, content, { ...options, identities: [topic] }));
  }
}
