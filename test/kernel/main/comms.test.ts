// Comms: messages between a cell's code and the client's, in both directions, beside the cells.

import { describe, expect, test } from "vitest";
import type { Message } from "../../../kernel/protocol/messages.js";
import { useKernel, useListener } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
const listener = useListener(kernel);

const comms = (type: string, id?: unknown) =>
  listener.received.filter(
    ({ header, content }) => header.msg_type === type && (id === undefined || content.comm_id === id),
  );
const commInfo = async (content = {}) =>
  (await kernel.client.request("shell", "comm_info_request", content)).content.comms;

/** What iopub says of a message to a comm. */
async function post(type: string, content: Record<string, unknown>, buffers?: Buffer[]): Promise<Message[]> {
  const published: Message[] = [];
  await kernel.client.post(type, content, { buffers, onPublish: (message) => published.push(message) });
  return published;
}
const summary = (messages: Message[]) =>
  messages.map(({ header, content }) => [header.msg_type, content.data ?? content.text ?? content]);

describe("a comm that the client opens", () => {
  test("is closed at once when its target is not registered", async () => {
    const published = await post("comm_open", { comm_id: "u1", target_name: "nobody", data: {} });
    expect(published.filter(({ header }) => header.msg_type === "comm_close").map((m) => m.content)).toEqual([
      { comm_id: "u1", data: {} },
    ]);
    expect(await commInfo()).toEqual({});
  });

  test("reaches the target's handler, and its messages the comm's, buffers included", async () => {
    await kernel.evaluate(`
      import { registerTarget } from "unrolled/comm";
      const log: unknown[] = [];
      registerTarget("echo", (comm, { data, metadata }) => {
        log.push(["open", data, metadata]);
        comm.onMessage(({ data, buffers }) => {
          console.log("handling");
          comm.send({ echo: data }, { buffers: buffers.map((b) => new Uint8Array(b).reverse()) });
        });
        comm.onClose(({ data }) => { log.push(["close", data, comm.closed]) });
      });`);
    await post("comm_open", { comm_id: "e1", target_name: "echo", data: { first: 1 } });
    expect(await commInfo()).toEqual({ e1: { target_name: "echo" } });
    expect(await commInfo({ target_name: "echo" })).toEqual({ e1: { target_name: "echo" } });
    expect(await commInfo({ target_name: "other" })).toEqual({});

    const published = await post("comm_msg", { comm_id: "e1", data: { n: 2 } }, [Buffer.from([1, 2, 3])]);
    expect(summary(published)).toEqual([
      ["status", { execution_state: "busy" }],
      ["stream", "handling\n"],
      ["comm_msg", { echo: { n: 2 } }],
    ]);
    expect(published[2].buffers).toEqual([Buffer.from([3, 2, 1])]);

    await post("comm_close", { comm_id: "e1", data: { bye: true } });
    expect(await commInfo()).toEqual({});
    expect(await kernel.evaluate("JSON.stringify(log)")).toBe(
      `'[["open",{"first":1},{}],["close",{"bye":true},true]]'`,
    );
  });

  test("is closed if its handler fails, which is reported under its message", async () => {
    await kernel.evaluate(
      'import { registerTarget } from "unrolled/comm"; registerTarget("broken", () => { throw new RangeError("no") })',
    );
    const published = await post("comm_open", { comm_id: "b1", target_name: "broken", data: {} });
    expect(published.map(({ header }) => header.msg_type)).toEqual(["status", "comm_close", "error"]);
    const traceback = expect.arrayContaining(["\x1b[31mRangeError\x1b[39m: no"]) as unknown;
    expect(published[2].content).toMatchObject({ ename: "RangeError", evalue: "no", traceback });
    expect(await commInfo()).toEqual({});
  });

  test("can no longer be opened once the target is unregistered", async () => {
    await kernel.evaluate('import { unregisterTarget } from "unrolled/comm"; unregisterTarget("echo")');
    const published = await post("comm_open", { comm_id: "e2", target_name: "echo", data: {} });
    expect(published.map(({ header }) => header.msg_type)).toContain("comm_close");
  });
});

describe("a comm that a cell opens", () => {
  test("is announced with data, metadata and buffers, under its cell", async () => {
    await kernel.evaluate(`
      import { openComm } from "unrolled/comm";
      const values = new Float64Array([1, 2, 3, 4]);
      const opened = openComm("chart", {
        data: { kind: "line" }, metadata: { version: "2.1.0" }, id: "c1",
        buffers: [values.subarray(1, 3), new Uint8Array([7]).buffer],
      });
      values.fill(0);
      opened.send({ step: 1 });`);
    await eventually(() => {
      expect(comms("comm_msg", "c1")).toHaveLength(1);
    });
    const [message] = comms("comm_open", "c1");
    expect(message.content).toEqual({ comm_id: "c1", target_name: "chart", data: { kind: "line" } });
    expect(message.metadata).toEqual({ version: "2.1.0" });
    const [floats, byte] = message.buffers;
    expect([floats.readDoubleLE(0), floats.readDoubleLE(8), floats.length, byte[0]]).toEqual([2, 3, 16, 7]);
    const input = listener.received.findLast(({ header }) => header.msg_type === "execute_input");
    expect(message.parent.msg_id).toBe(input?.parent.msg_id);
    expect(await commInfo()).toEqual({ c1: { target_name: "chart" } });
  });

  test("receives the client's messages in order while a cell awaits", async () => {
    await kernel.evaluate(
      "const heard: unknown[] = []; opened.onMessage(({ data }) => { heard.push(data.n) })",
    );
    const awaiting = kernel.client.execute(
      "while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5)); heard",
    );
    await Promise.all([1, 2, 3].map((n) => post("comm_msg", { comm_id: "c1", data: { n } })));
    expect((await awaiting).outputs).toMatchObject([{ data: { "text/plain": "[ 1, 2, 3 ]" } }]);
  });

  test("puts a handler's prints under its message, also while a cell prints and after an await", async () => {
    await kernel.evaluate(`opened.onMessage(async ({ data }) => {
      if (!data.ask) return;
      console.log("at once");
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log("later");
    })`);
    const cell = kernel.client.execute(
      "for (let i = 0; i < 20; i++) { console.log('cell'); await new Promise((resolve) => setTimeout(resolve, 10)) }",
    );
    const published = await post("comm_msg", { comm_id: "c1", data: { ask: true } });
    expect(summary(published).filter(([type]) => type === "stream")).toEqual([
      ["stream", "at once\n"],
      ["stream", "later\n"],
    ]);
    expect((await cell).outputs).toMatchObject([{ text: "cell\n".repeat(20) }]);
  });

  test("closes, and tells the client and code that sends afterwards", async () => {
    await kernel.evaluate("opened.close({ reason: 'done' }); opened.close()");
    await eventually(() => {
      expect(comms("comm_close", "c1").map(({ content }) => content.data)).toEqual([{ reason: "done" }]);
    });
    const { error } = await kernel.client.execute("opened.send({})");
    expect(error?.evalue).toBe("Comm.send: the comm c1 (chart) is closed");
    expect(await commInfo()).toEqual({});
  });

  test("refuses what JSON cannot say", async () => {
    const code = "const loop: any = {}; loop.self = loop; openComm('x', { data: loop })";
    const { error } = await kernel.client.execute(code);
    expect(error?.ename).toBe("TypeError");
    expect(error?.evalue).toMatch(/^openComm: data cannot be written as JSON: .*circular/);
  });
});

describe("comm messages", () => {
  test.each([
    ["comm_msg", { comm_id: "unknown", data: {} }],
    ["comm_close", { comm_id: "unknown", data: {} }],
    ["comm_msg", { data: {} }],
    ["comm_open", { comm_id: 1, target_name: {} }],
    ["comm_open", {}],
  ])("without an addressee change nothing: %s %j", async (type, content) => {
    await post(type, content);
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test("whose handler hangs are ended by an interrupt", async () => {
    await kernel.evaluate(`
      const hanging = openComm("hang", { id: "h1" }).onMessage(({ data }) => {
        console.log("started");
        if (data.loop) while (true) {}
        return new Promise(() => {});
      })`);
    for (const loop of [true, false]) {
      let started!: () => void;
      const running = new Promise<void>((resolve) => {
        started = resolve;
      });
      const published: Message[] = [];
      const done = kernel.client.post(
        "comm_msg",
        { comm_id: "h1", data: { loop } },
        {
          onPublish: (message) => {
            published.push(message);
            if (message.header.msg_type === "stream") started();
          },
        },
      );
      await running;
      await kernel.client.interrupt();
      await done;
      expect(published.at(-1)?.content).toMatchObject({ ename: "Interrupted" });
    }
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });
});
