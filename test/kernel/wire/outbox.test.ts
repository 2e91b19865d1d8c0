// Both ends in one thread, where nobody reads while the other writes; test/kernel/main/execution.test.ts has
// them in two.

import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { createOutboxMemory, Inbox, Outbox } from "../../../kernel/outbox.js";
import type { MainToWire } from "../../../kernel/threads.js";

describe("what the main thread says to the wire thread", () => {
  const channels: MessageChannel[] = [];
  afterEach(() => {
    for (const { port1 } of channels.splice(0)) port1.close();
  });

  const connect = () => {
    const channel = new MessageChannel();
    channels.push(channel);
    const memory = createOutboxMemory();
    const received: MainToWire[] = [];
    new Inbox(channel.port2, memory, (message) => received.push(message));
    const outbox = new Outbox(channel.port1, memory);
    const print = (text: string, cell = 1, name: "stdout" | "stderr" = "stdout") => {
      outbox.send({ type: "stream", cell, name, text });
    };
    const end = () => {
      outbox.send({ type: "done", cell: 1 });
    };
    return { received, outbox, print, end };
  };
  const printed = (received: MainToWire[]) =>
    received.flatMap((message) => (message.type === "stream" ? [message.text] : []));

  test("is joined when it is printed in a row, and arrives without a message behind it", async () => {
    const { received, print } = connect();
    print("a\n");
    print("한글 😀\n");
    await expect
      .poll(() => received)
      .toEqual([{ type: "stream", cell: 1, name: "stdout", text: "a\n한글 😀\n" }]);
  });

  test("arrives in the order of cells, streams and messages", async () => {
    const { received, print, end, outbox } = connect();
    print("out");
    print("err", 1, "stderr");
    print("other cell", 2, "stderr");
    outbox.send({ type: "clear", cell: 1, wait: false });
    print("after");
    end();
    await expect
      .poll(() => received.map((message) => (message.type === "stream" ? message.text : message.type)))
      .toEqual(["out", "err", "other cell", "clear", "after", "done"]);
  });

  test("is complete at the end of the ring, with no character cut", async () => {
    const { received, print, end } = connect();
    let all = "";
    // Texts of many lengths go round the ring many times; some are longer than one record.
    for (let round = 0; round < 400; round++) {
      // Of 37 lengths of the beginning, some have a pair of surrogates stand where a record ends.
      const text = `${"-".repeat(round % 37)}${"가😀x".repeat((round * 37) % 5000)}\n`;
      all += text;
      print(text);
      end();
      await expect.poll(() => received.length && received.at(-1)!.type, { interval: 1 }).toBe("done");
      received.pop();
    }
    expect(printed(received).join("") === all).toBe(true);
  });
});
