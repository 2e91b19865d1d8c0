// The checks of runtimed/kernel-testbed (27 of them), restated: each is named as there and asks at least as
// much.

import { Request } from "zeromq";
import { describe, expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { endpoint } from "../../../kernel/protocol/connection.js";
import type { Content, Message } from "../../../kernel/protocol/messages.js";
import { listen, useKernel } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
const aNumber: unknown = expect.any(Number);
const aText: unknown = expect.any(String);
const aVersion: unknown = expect.stringMatching(/^\d+\.\d+/);

async function ask(type: string, content: Content = {}, channel: "shell" | "control" = "shell") {
  return (await kernel.client.request(channel, type, content)).content;
}

/** The reply to a cell, and everything that iopub said of it. */
async function run(code: string, more: Content = {}) {
  const published: Message[] = [];
  const content = { code, silent: false, store_history: true, allow_stdin: false, ...more };
  const reply = await kernel.client.request("shell", "execute_request", content, {
    onPublish: (message) => published.push(message),
  });
  const of = (type: string) => published.filter(({ header }) => header.msg_type === type);
  return { reply, published, of };
}

describe("tier 1: basic protocol", () => {
  test("heartbeat_responds", async () => {
    const heart = new Request({ linger: 0, receiveTimeout: 300_000 });
    heart.connect(endpoint(kernel.client.connection, "hb"));
    await heart.send("ping");
    expect(String((await heart.receive())[0])).toBe("ping");
    heart.close();
  });
  test("iopub_welcome", async () => {
    // `listen` returns when it was welcomed.
    const listener = await listen(kernel.client.connection);
    listener.close();
  });
  test("kernel_info_reply_valid", async () => {
    expect(await ask("kernel_info_request")).toMatchObject({
      status: "ok",
      implementation: "unrolled",
      implementation_version: aVersion,
      banner: aText,
    });
  });
  test("kernel_info_has_language_info", async () => {
    expect(await ask("kernel_info_request")).toMatchObject({
      language_info: {
        name: "typescript",
        version: aVersion,
        mimetype: "text/typescript",
        file_extension: ".ts",
      },
    });
  });
  test("kernel_info_has_protocol_version", async () => {
    expect(await ask("kernel_info_request")).toMatchObject({ protocol_version: "5.5" });
  });
  test("execute_stdout", async () => {
    const { of } = await run("console.log('hello')");
    expect(of("stream").map(({ content }) => content)).toEqual([{ name: "stdout", text: "hello\n" }]);
  });
  test("execute_stderr", async () => {
    const { of } = await run("console.error('oops')");
    expect(of("stream").map(({ content }) => content)).toEqual([{ name: "stderr", text: "oops\n" }]);
  });
  test("execute_reply_ok", async () => {
    const { reply } = await run("1 + 1");
    expect(reply.content).toEqual({
      status: "ok",
      execution_count: aNumber,
      payload: [],
      user_expressions: {},
    });
  });
  test("status_busy_idle_lifecycle", async () => {
    const listener = await listen(kernel.client.connection);
    const { reply } = await run("console.log('between')");
    const states = () =>
      listener.received
        .filter(({ parent }) => parent.msg_id === reply.parent.msg_id)
        .map(({ header, content }) => content.execution_state ?? header.msg_type);
    await eventually(() => {
      expect(states()).toEqual(["busy", "execute_input", "stream", "idle"]);
    });
    listener.close();
  });
  test("execute_input_broadcast", async () => {
    const { of, reply } = await run("const seen = 1");
    const { execution_count } = reply.content;
    expect(of("execute_input").map(({ content }) => content)).toEqual([
      { code: "const seen = 1", execution_count },
    ]);
  });
  test.each(["shell", "control"] as const)("shutdown_reply (on %s)", async (channel) => {
    const other = await startKernel({ cwd: kernel.folder });
    const { content } = await other.request(channel, "shutdown_request", { restart: true });
    expect(content).toEqual({ status: "ok", restart: true });
    await expect(other.execute("1")).rejects.toThrow(/the kernel process (has )?ended/);
    await other.shutdown();
  });
});

describe("tier 2: interactive features", () => {
  test("complete_request", async () => {
    expect(await ask("complete_request", { code: "Math.cb", cursor_pos: 7 })).toMatchObject({
      status: "ok",
      matches: ["cbrt"],
      cursor_start: 5,
      cursor_end: 7,
      metadata: {},
    });
  });
  test("inspect_request", async () => {
    expect(await ask("inspect_request", { code: "parseInt", cursor_pos: 3, detail_level: 0 })).toMatchObject({
      status: "ok",
      found: true,
      data: { "text/plain": aText },
      metadata: {},
    });
  });
  test("is_complete_complete", async () => {
    expect(await ask("is_complete_request", { code: "const a = 1" })).toEqual({ status: "complete" });
  });
  test("is_complete_incomplete", async () => {
    expect(await ask("is_complete_request", { code: "function f() {" })).toEqual({
      status: "incomplete",
      indent: "  ",
    });
  });
  test("history_request", async () => {
    await run("'remember me'");
    const tail = { hist_access_type: "tail", n: 1, raw: true, output: false };
    expect(await ask("history_request", tail)).toEqual({
      status: "ok",
      history: [[aNumber, aNumber, "'remember me'"]],
    });
  });
  test("comm_info_request", async () => {
    expect(await ask("comm_info_request")).toEqual({ status: "ok", comms: {} });
  });
  test("error_handling", async () => {
    const { reply, of } = await run("const = 1");
    expect(reply.content).toMatchObject({ status: "error", ename: "SyntaxError" });
    const { ename, evalue, traceback, execution_count } = reply.content;
    expect(execution_count).toEqual(aNumber);
    expect(of("error").map(({ content }) => content)).toEqual([{ ename, evalue, traceback }]);
  });
});

describe("tier 3: rich output", () => {
  test("display_data", async () => {
    const { of } = await run('import { html } from "unrolled/display"; html("<b>bold</b>");');
    expect(of("display_data")[0].content).toMatchObject({
      data: { "text/html": "<b>bold</b>" },
      metadata: {},
      transient: { display_id: aText },
    });
  });
  test("update_display_data", async () => {
    const { of } = await run(
      'import { display } from "unrolled/display"; const shown = display(1); shown.update(2);',
    );
    const [first] = of("display_data");
    expect(of("update_display_data").map(({ content }) => content)).toEqual([
      { data: { "text/plain": "2" }, metadata: {}, transient: first.content.transient },
    ]);
  });
  test("execute_result", async () => {
    const { of, reply } = await run("6 * 7");
    const { execution_count } = reply.content;
    expect(of("execute_result").map(({ content }) => content)).toEqual([
      { data: { "text/plain": "42" }, metadata: {}, execution_count },
    ]);
  });
  test("rich_execute_result", async () => {
    const { of } = await run(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<i>x</i>", "text/plain": "x" }) })',
    );
    expect(of("execute_result")[0].content.data).toEqual({ "text/html": "<i>x</i>", "text/plain": "x" });
  });
});

describe("tier 4: advanced features", () => {
  test("stdin_input_request", async () => {
    let asked: unknown;
    const { outputs } = await kernel.client.execute("globalThis.prompt('Name: ')", {
      onInput: (prompt) => {
        asked = prompt;
        return "test_input_42";
      },
    });
    expect(asked).toBe("Name: ");
    expect(outputs).toMatchObject([{ data: { "text/plain": "'test_input_42'" } }]);
  });
  test("comms_lifecycle", async () => {
    const published: Message[] = [];
    const content = { comm_id: "testbed", target_name: "jupyter.kernel_testbed.test", data: {} };
    await kernel.client.post("comm_open", content, { onPublish: (message) => published.push(message) });
    expect(published.map(({ header }) => header.msg_type)).toContain("comm_close");
    await kernel.client.post("comm_close", { comm_id: "testbed", data: {} });
    expect(await kernel.evaluate("'responsive'")).toBe("'responsive'");
  });
  test.each(["control", "shell"] as const)("interrupt_request (on %s)", async (channel) => {
    expect(await ask("interrupt_request", {}, channel)).toEqual({ status: "ok" });
  });
  test("execution_count_increments", async () => {
    const first = (await run("1")).reply.content.execution_count as number;
    expect((await run("1")).reply.content.execution_count).toBe(first + 1);
  });
  test("parent_header_correlation", async () => {
    const listener = await listen(kernel.client.connection);
    const { reply } = await run("console.log('hello'); 1");
    await eventually(() => {
      expect(listener.received.at(-1)?.content).toEqual({ execution_state: "idle" });
    });
    expect(listener.received).toHaveLength(5);
    for (const { parent } of listener.received) expect(parent).toEqual(reply.parent);
    listener.close();
  });
});
