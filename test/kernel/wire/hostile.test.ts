// What strangers and broken clients may send to the sockets: dropped, and the kernel answers the next cell.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createConnection } from "node:net";
import { Dealer } from "zeromq";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as fc from "fast-check";
import type { Channel } from "../../../kernel/protocol/connection.js";
import { endpoint } from "../../../kernel/protocol/connection.js";
import { listen, useKernel } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
let stranger: Dealer;
let listener: Awaited<ReturnType<typeof listen>>;

function intruder(channel: Channel): Dealer {
  const dealer = new Dealer({ linger: 1000, sendTimeout: 300_000, sendHighWaterMark: 0 });
  dealer.connect(endpoint(kernel.client.connection, channel));
  return dealer;
}

beforeEach(async () => {
  stranger = intruder("shell");
  listener = await listen(kernel.client.connection);
});
afterEach(() => {
  stranger.close();
  listener.close();
});

let lastId = 0;
const header = (type: string) =>
  JSON.stringify({
    msg_id: `${++lastId}`,
    session: "s",
    username: "u",
    date: "",
    msg_type: type,
    version: "5.5",
  });
const sign = (parts: string[]) => {
  const hmac = createHmac("sha256", kernel.client.connection.key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
};
const message = (parts: string[], signature = sign(parts)) => ["<IDS|MSG>", signature, ...parts];
const execute = (code: string) => [header("execute_request"), "{}", "{}", JSON.stringify({ code })];

const outputTypes =
  /^(execute_input|execute_result|stream|display_data|update_display_data|clear_output|error|comm_msg)$/;

/** The next cell is answered, and no client was shown anything but that cell's result. */
async function nothingHappened(): Promise<void> {
  expect(await kernel.evaluate("typeof (globalThis as any).intruder")).toBe("'undefined'");
  const outputs = () => listener.received.filter(({ header }) => outputTypes.test(header.msg_type));
  await eventually(() => {
    const cell = outputs().at(-1)?.parent.msg_id;
    const ends = listener.received.filter(({ content }) => content.execution_state === "idle");
    expect(ends.map(({ parent }) => parent.msg_id)).toContain(cell);
  });
  expect(outputs().map(({ header }) => header.msg_type)).toEqual(["execute_input", "execute_result"]);
}

/** Resolves when the kernel has taken everything that `dealer` sent so far. */
async function taken(dealer: Dealer): Promise<void> {
  const last = header("kernel_info_request");
  await dealer.send(message([last, "{}", "{}", "{}"]));
  for await (const frames of dealer) if (frames.some((frame) => frame.toString() === last)) return;
}

// Requests that run nothing and end nothing, so that whatever they show would be a leak.
const harmlessTypes = [
  "kernel_info_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "connect_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "interrupt_request",
  "input_reply",
  "debug_request",
];
const keys = [
  "code",
  "cursor_pos",
  "comm_id",
  "target_name",
  "data",
  "value",
  "n",
  "session",
  "pattern",
  "start",
];
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value));
const content = fc
  .dictionary(
    fc.constantFrom(...keys, "hist_access_type", "stop"),
    fc.oneof(fc.jsonValue(), fc.string(), fc.double()),
  )
  .map((value) => JSON.stringify(value));
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
const randomFrames = fc.oneof(
  fc.array(bytes, { minLength: 1, maxLength: 8 }),
  fc.array(fc.oneof(bytes, fc.constant("<IDS|MSG>"), json), { minLength: 1, maxLength: 8 }),
  // Wrongly signed.
  fc.array(json, { minLength: 4, maxLength: 4 }).map((parts) => message(parts, "f".repeat(64))),
  // Rightly signed: any JSON, and requests with contents of any type.
  fc.array(json, { minLength: 4, maxLength: 4 }).map((parts) => message(parts)),
  fc
    .tuple(
      fc.oneof(fc.constantFrom(...harmlessTypes), fc.string()),
      json,
      content,
      fc.array(bytes, { maxLength: 2 }),
    )
    .map(([type, metadata, body, buffers]) => [...message([header(type), "{}", metadata, body]), ...buffers]),
);
const randomMessage = fc.record({ channel: fc.nat({ max: 3 }), frames: randomFrames });

describe("hostile messages", () => {
  const intrude = execute("globalThis.intruder = 1");
  test.each<[string, () => (string | Buffer)[]]>([
    ["a wrong signature", () => message(intrude, "0".repeat(64))],
    ["a short signature", () => message(intrude, "0")],
    ["no signature", () => message(intrude, "")],
    ["no delimiter", () => intrude],
    ["missing frames", () => ["<IDS|MSG>", sign([]), header("execute_request")]],
    ["one empty frame", () => [""]],
    ["signed nonsense", () => message(["{", "{}", "{}", "{}"])],
    ["signed arrays", () => message(["[]", "[]", "[]", "[]"])],
    ["an unknown type", () => message([header("__proto__"), "{}", "{}", "{}"])],
    [
      "content of wrong types",
      () => message([header("complete_request"), "{}", "{}", '{"code":{"a":1},"cursor_pos":"x"}']),
    ],
    [
      "a cursor far outside",
      () => message([header("inspect_request"), "{}", "{}", '{"code":"a","cursor_pos":-1e9}']),
    ],
    ["binary rubbish", () => [Buffer.from([0xff, 0xfe, 0x00]), Buffer.alloc(1000, 0x80)]],
    ["a reply instead of a request", () => message([header("execute_reply"), "{}", "{}", "{}"])],
  ])("%s changes nothing", async (_, frames) => {
    await stranger.send(frames());
    await taken(stranger);
    await nothingHappened();
  });

  test("a recorded request, sent again, does not run again", async () => {
    await kernel.evaluate("var runs = 0");
    const recorded = message(execute("runs++"));
    for (let i = 0; i < 3; i++) await stranger.send(recorded);
    await taken(stranger);
    expect(await kernel.evaluate("runs")).toBe("1");
  });

  test("50 MB are dropped without a signature, and with one where no comm has that id", async () => {
    const rubbish = Buffer.alloc(50_000_000, "x");
    await stranger.send(["<IDS|MSG>", "0".repeat(64), rubbish, "{}", "{}", "{}"]);
    await stranger.send([rubbish]);
    await stranger.send(
      message([header("comm_msg"), "{}", "{}", JSON.stringify({ comm_id: String(rubbish) })]),
    );
    await taken(stranger);
    await nothingHappened();
  });

  test("ten thousand random messages on every channel, signed ones among them, change nothing", async () => {
    const channels: Channel[] = ["shell", "control", "stdin", "hb"];
    const dealers = channels.map(intruder);
    try {
      for (const { channel, frames } of fc.sample(randomMessage, { numRuns: 10_000, seed: 20_261_125 })) {
        await dealers[channel].send(frames);
      }
      const [shell, control] = dealers;
      await Promise.all([shell, control].map(taken));
      await nothingHappened();
    } finally {
      for (const dealer of dealers) dealer.close();
    }
  });

  test("raw bytes on every port change nothing", async () => {
    for (const port of Object.values(kernel.client.connection.ports)) {
      const socket = createConnection(port, "127.0.0.1");
      await once(socket, "connect");
      for (const bytes of fc.sample(fc.uint8Array({ maxLength: 300 }), { numRuns: 50, seed: port })) {
        socket.write(bytes);
      }
      socket.on("error", () => undefined);
      socket.destroy();
    }
    await nothingHappened();
  });

  test("a cell of 50 MB runs as any other", async () => {
    expect(await kernel.evaluate(`"${"x".repeat(50_000_000)}".length`)).toBe("50000000");
  });
});
