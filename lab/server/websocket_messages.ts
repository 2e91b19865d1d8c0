// How a message lies in a WebSocket's frame: as `v1.kernel.websocket.jupyter.org` has it, which leaves the
// parts as the kernel made them, or as one JSON object, which older clients send.
// Source: Jupyter Server documentation, "WebSocket kernel wire protocols".

import { isObject } from "../../kernel/objects.js";
import { parseObject } from "../../kernel/protocol/messages.js";

export const V1 = "v1.kernel.websocket.jupyter.org";

export interface ChannelMessage {
  channel: string;
  /** Header, parent header, metadata and content, each JSON. */
  parts: Buffer[];
  buffers: Buffer[];
}

export interface Serialisation {
  write(message: ChannelMessage): string | Buffer;
  /** @throws {Error} when the frame is not a message of this form */
  read(frame: Buffer, isBinary: boolean): ChannelMessage;
}

const OFFSET_BYTES = 8;
const PARTS = 4;

export const v1: Serialisation = {
  write({ channel, parts, buffers }) {
    const blocks = [Buffer.from(channel), ...parts, ...buffers];
    // How many offsets, then where each block begins, then where the last one ends.
    const table = Buffer.alloc(OFFSET_BYTES * (blocks.length + 2));
    table.writeBigUInt64LE(BigInt(blocks.length + 1), 0);
    let at = table.length;
    for (const [index, block] of blocks.entries()) {
      table.writeBigUInt64LE(BigInt(at), OFFSET_BYTES * (index + 1));
      at += block.length;
    }
    table.writeBigUInt64LE(BigInt(at), OFFSET_BYTES * (blocks.length + 1));
    return Buffer.concat([table, ...blocks]);
  },

  read(frame, isBinary) {
    if (!isBinary) throw new Error("the frame is text, but must be binary");
    const offset = (index: number) => Number(frame.readBigUInt64LE(OFFSET_BYTES * index));
    const count = offset(0);
    if (count < PARTS + 2 || count > frame.length / OFFSET_BYTES - 1)
      throw new Error(`the number of offsets is ${count}, but must fit the frame`);
    const blocks = [];
    for (let index = 1; index < count; index++) {
      const [from, to] = [offset(index), offset(index + 1)];
      if (from > to || to > frame.length || from < OFFSET_BYTES * (count + 1))
        throw new Error("offsets that are not in order");
      blocks.push(frame.subarray(from, to));
    }
    const [channel, ...rest] = blocks;
    const parts = rest.slice(0, PARTS);
    parts.forEach(parseObject);
    return { channel: channel.toString("utf8"), parts, buffers: rest.slice(PARTS) };
  },
};

const LEGACY_OFFSET_BYTES = 4;

export const legacy: Serialisation = {
  write({ channel, parts, buffers }) {
    const [header, parent, metadata, content] = parts.map((part) => part.toString("utf8"));
    const { msg_id, msg_type } = JSON.parse(header) as { msg_id: string; msg_type: string };
    const ids = `"msg_id":${JSON.stringify(msg_id)},"msg_type":${JSON.stringify(msg_type)}`;
    const text =
      `{"header":${header},${ids},"parent_header":${parent},"metadata":${metadata},` +
      `"content":${content},"buffers":[],"channel":${JSON.stringify(channel)}}`;
    if (buffers.length === 0) return text;
    const blocks = [Buffer.from(text), ...buffers];
    const table = Buffer.alloc(LEGACY_OFFSET_BYTES * (blocks.length + 1));
    table.writeUInt32BE(blocks.length, 0);
    let at = table.length;
    for (const [index, block] of blocks.entries()) {
      table.writeUInt32BE(at, LEGACY_OFFSET_BYTES * (index + 1));
      at += block.length;
    }
    return Buffer.concat([table, ...blocks]);
  },

  read(frame, isBinary) {
    let json = frame;
    let buffers: Buffer[] = [];
    if (isBinary) {
      const count = frame.readUInt32BE(0);
      if (count < 1 || count > frame.length / LEGACY_OFFSET_BYTES - 1)
        throw new Error(`the number of blocks is ${count}, but must fit the frame`);
      const starts = Array.from({ length: count }, (_, index) =>
        frame.readUInt32BE(LEGACY_OFFSET_BYTES * (index + 1)),
      );
      const blocks = starts.map((from, index) => {
        const to = starts[index + 1] ?? frame.length;
        if (from > to || to > frame.length || from < LEGACY_OFFSET_BYTES * (count + 1))
          throw new Error("offsets that are not in order");
        return frame.subarray(from, to);
      });
      [json, ...buffers] = blocks;
    }
    const { channel, header, parent_header = {}, metadata = {}, content = {} } = parseObject(json);
    const objects = [header, parent_header ?? {}, metadata ?? {}, content ?? {}];
    if (!objects.every(isObject)) throw new Error("a part that is not an object");
    return {
      channel: typeof channel === "string" ? channel : "shell",
      parts: objects.map((object) => Buffer.from(JSON.stringify(object))),
      buffers,
    };
  },
};
