import { describe, expect, test } from "vitest";
import { BadMessage, MessageCodec } from "../../../kernel/protocol/messages.js";

const codec = new MessageCodec("secret");
const encode = () =>
  codec.encode(
    codec.create(
      "execute_request",
      { code: "∂" },
      { identities: [Buffer.from("a"), Buffer.from("b")], buffers: [Buffer.from([1, 0])] },
    ),
  );
/** The frame that holds the given part, counted from the delimiter. */
const [SIGNATURE, HEADER, CONTENT] = [1, 2, 5];
const delimiterAt = 2;

function withFrame(part: number, frame: Buffer): Buffer[] {
  const frames = encode();
  frames[delimiterAt + part] = frame;
  return frames;
}

describe("MessageCodec", () => {
  test("reads what it wrote: identities, header, content and buffers", () => {
    const message = codec.decode(encode());
    expect(message.identities.map(String)).toEqual(["a", "b"]);
    expect(message.header).toMatchObject({ msg_type: "execute_request", version: "5.5" });
    expect(message.content).toEqual({ code: "∂" });
    expect(message.buffers).toEqual([Buffer.from([1, 0])]);
  });

  test.each([
    ["another key", () => new MessageCodec("other").encode(codec.create("x", {}))],
    ["no signature", () => withFrame(SIGNATURE, Buffer.alloc(0))],
    ["a changed content", () => withFrame(CONTENT, Buffer.from('{"code":"other"}'))],
    // JSON.parse would fail with another error: the signature is looked at first.
    ["content that is not JSON", () => withFrame(CONTENT, Buffer.from("{"))],
  ])("refuses %s as wrongly signed", (_, frames) => {
    expect(() => codec.decode(frames())).toThrow(new BadMessage("wrong signature"));
  });

  test("reads a message once: a replay is refused, the same request sent again is not", () => {
    const frames = encode();
    codec.decode(frames);
    expect(() => codec.decode(frames)).toThrow(/replayed/);
    expect(codec.decode(encode()).content).toEqual({ code: "∂" });
  });

  test("cannot tell replays without a key, and reads them", () => {
    const open = new MessageCodec("");
    const frames = open.encode(open.create("x", {}));
    open.decode(frames);
    expect(open.decode(frames).header.msg_type).toBe("x");
  });

  test.each([
    ["no delimiter", [Buffer.from("a")], /delimiter/],
    ["too few frames", encode().slice(0, 5), /frame/],
    ["no frames", [], /delimiter/],
  ])("refuses a message with %s", (_, frames, reason) => {
    expect(() => codec.decode(frames)).toThrow(reason);
  });

  test.each([
    ["that is not JSON", "{", /not JSON/],
    ["that is not an object", "[]", /not a JSON object/],
    ["without a message type", '{"msg_id":"1"}', /msg_type/],
  ])("refuses a header %s, also without a key", (_, header, reason) => {
    const open = new MessageCodec("");
    const frames = open.encode(open.create("x", {}));
    frames[HEADER] = Buffer.from(header);
    expect(() => open.decode(frames)).toThrow(reason);
  });
});
