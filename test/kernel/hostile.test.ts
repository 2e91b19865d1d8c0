// What strangers and broken clients may send to the sockets: dropped, and the kernel answers the next cell.
import { createHmac } from "node:crypto";
import { Dealer } from "zeromq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endpoint } from "../../kernel/connection.js";
import { useKernel } from "../support/kernel.js";

const kernel = useKernel();
let stranger: Dealer;

beforeEach(() => {
  stranger = new Dealer({ linger: 1000, sendTimeout: 10_000 });
  stranger.connect(endpoint(kernel.client.connection, "shell"));
});
afterEach(() => {
  stranger.close();
});

const header = (type: string) =>
  JSON.stringify({ msg_id: "1", session: "s", username: "u", date: "", msg_type: type, version: "5.5" });
const sign = (parts: string[]) => {
  const hmac = createHmac("sha256", kernel.client.connection.key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
};
const message = (parts: string[], signature = sign(parts)) => ["<IDS|MSG>", signature, ...parts];
const execute = (code: string) => [header("execute_request"), "{}", "{}", JSON.stringify({ code })];

async function answersWith(expected: string): Promise<void> {
  expect(await kernel.evaluate("typeof (globalThis as any).intruder")).toBe(expected);
}

describe("hostile messages", () => {
  const intrude = execute("globalThis.intruder = 1");
  it.each<[string, () => (string | Buffer)[]]>([
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
    await answersWith("'undefined'");
  });

  it("a cell of 5 MB is still a cell", async () => {
    expect(await kernel.evaluate(`"${"x".repeat(5_000_000)}".length`)).toBe("5000000");
  });
});
