// Jupyter messages as they travel over ZeroMQ: frames in, a verified message out, and back. A message is read
// only after its signature was found right, so nothing a stranger sends is ever parsed.
// Source: Jupyter messaging specification 5.5, "The Wire Protocol".

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { isObject } from "../objects.js";

export const PROTOCOL_VERSION = "5.5";

const DELIMITER = Buffer.from("<IDS|MSG>");

// How many messages a codec remembers having read; a replay of an older one would go unnoticed.
const REMEMBERED_SIGNATURES = 65_536;

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

export type Content = Record<string, unknown>;

export interface Message<C = Content> {
  identities: Buffer[];
  header: Header;
  /** Header of the request this message answers; empty for a request. */
  parent: Header | Record<string, never>;
  metadata: Content;
  content: C;
  buffers: Buffer[];
}

/** A message as it travels: its four parts in JSON, not parsed yet. */
export interface SealedMessage {
  identities: Buffer[];
  /** Header, parent header, metadata and content. */
  parts: Buffer[];
  buffers: Buffer[];
}

/** A message that must be dropped; its `message` says which rule it broke. */
export class BadMessage extends Error {
  override name = "BadMessage";
}

export class MessageCodec {
  readonly #read = new Set<string>();
  readonly #key: string;
  readonly #session: string;
  readonly #username: string;

  /**
   * @param key the connection file's key for HMAC-SHA256; an empty key switches signing off, as the protocol
   * says.
   */
  constructor(key: string, { session = randomUUID(), username = "kernel" } = {}) {
    this.#key = key;
    this.#session = session;
    this.#username = username;
  }

  create(
    msgType: string,
    content: Content,
    { identities = [], parent = {}, metadata = {}, buffers = [] }: Partial<Message> = {},
  ): Message {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: this.#username,
      date: new Date().toISOString(),
      msg_type: msgType,
      version: PROTOCOL_VERSION,
    };
    return { identities, header, parent, metadata, content, buffers };
  }

  encode(message: Message): Buffer[] {
    return this.seal({ ...message, parts: toParts(message) });
  }

  /** Signs parts that are JSON already. */
  seal({ identities, parts, buffers }: SealedMessage): Buffer[] {
    return [...identities, DELIMITER, this.#sign(parts), ...parts, ...buffers];
  }

  /**
   * Reads a message, each one once: a signed request that was recorded cannot be run a second time.
   * @throws {BadMessage} naming the rule that the frames break
   */
  decode(frames: Buffer[]): Message {
    const { identities, parts, buffers } = this.open(frames);
    const [header, parent, metadata, content] = parts.map(parseObject) as unknown as [
      Header,
      Header,
      Content,
      Content,
    ];
    if (typeof header.msg_id !== "string" || typeof header.msg_type !== "string") {
      throw new BadMessage("header without msg_id and msg_type");
    }
    return { identities, header, parent, metadata, content, buffers };
  }

  /**
   * Verifies a message, as `decode` does, and leaves its parts as they came, for callers that only pass it
   * on.
   * @throws {BadMessage} naming the rule that the frames break
   */
  open(frames: Buffer[]): SealedMessage {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0) throw new BadMessage("no <IDS|MSG> delimiter among the frames");
    const signature = frames[at + 1];
    const parts = frames.slice(at + 2, at + 6);
    if (signature === undefined || parts.length < 4) {
      throw new BadMessage(
        `the number of frames after the delimiter is ${frames.length - at - 1}, but must be 5 or more`,
      );
    }
    const expected = this.#sign(parts);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new BadMessage("wrong signature");
    }
    this.#refuseReplay(signature);
    return { identities: frames.slice(0, at), parts, buffers: frames.slice(at + 6) };
  }

  #refuseReplay(signature: Buffer): void {
    // Without a key all signatures are empty.
    if (this.#key === "") return;
    const text = signature.toString("latin1");
    if (this.#read.has(text)) throw new BadMessage("replayed: a message with this signature came before");
    this.#read.add(text);
    // A Set keeps the order of insertion: the first is the oldest.
    if (this.#read.size > REMEMBERED_SIGNATURES) this.#read.delete(this.#read.values().next().value!);
  }

  #sign(parts: Buffer[]): Buffer {
    if (this.#key === "") return Buffer.alloc(0);
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return Buffer.from(hmac.digest("hex"));
  }
}

/** Header, parent header, metadata and content in JSON. */
export function toParts({ header, parent, metadata, content }: Message): Buffer[] {
  return [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
}

/** @throws {BadMessage} when it is not the JSON of an object */
export function parseObject(frame: Buffer): Content {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new BadMessage("a part that is not JSON");
  }
  if (!isObject(value)) throw new BadMessage("a part that is not a JSON object");
  return value;
}
