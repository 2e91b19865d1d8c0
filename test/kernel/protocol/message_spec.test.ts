// Each type of message that the protocol has, provoked once. That a message is as its schema says is asked of
// every one that any test of the kernel reads.

import { expect, test } from "vitest";
import type { Content } from "../../../kernel/protocol/messages.js";
import { useKernel, useListener } from "../../support/kernel.js";
import { messageTypes, read } from "../../support/message_spec.js";

const kernel = useKernel();
useListener(kernel);

const ask = (type: string, content: Content, channel: "shell" | "control" = "shell") =>
  kernel.client.request(channel, type, content);

const CELL = `
  import { clearOutput, display, html, page } from "unrolled/display";
  import { openComm, registerTarget } from "unrolled/comm";
  registerTarget("echo", (comm) => comm.onMessage(({ data }) => { comm.send(data); }));
  console.log(prompt("name?"));
  console.error("stderr");
  html("<b>bold</b>");
  display("first").update("second");
  clearOutput(true);
  page("long text");
  const comm = openComm("target", { data: { first: 1 } });
  comm.send({ second: 2 });
  comm.close();
  [1, 2]`;

test("every type of reply and publication is sent and follows the protocol", async () => {
  await ask("kernel_info_request", {});
  await ask("connect_request", {});
  await ask("complete_request", { code: "Math.s", cursor_pos: 6 });
  await ask("inspect_request", { code: "parseInt", cursor_pos: 4, detail_level: 1 });
  await ask("inspect_request", { code: "", cursor_pos: 0 });
  for (const code of ["1", "f(", "const = 3"]) await ask("is_complete_request", { code });

  const { client } = kernel;
  expect((await client.execute(CELL, { onInput: () => "Ada" })).error).toBeUndefined();
  const user_expressions = { two: "1 + 1", none: "nothing" };
  await ask("execute_request", { code: "1", user_expressions, store_history: true });
  const failing = ask("execute_request", { code: 'throw new RangeError("boom")' });
  const aborted = await ask("execute_request", { code: "1" });
  expect([(await failing).content.status, aborted.content.status]).toEqual(["error", "aborted"]);

  await client.post("comm_open", { comm_id: "c", target_name: "echo", data: {} });
  await ask("comm_info_request", {});
  await client.post("comm_msg", { comm_id: "c", data: { n: 1 } });
  await client.post("comm_open", { comm_id: "d", target_name: "nobody", data: {} });
  for (const output of [true, false])
    await ask("history_request", { hist_access_type: "tail", n: 5, output });

  // Deeper than TypeScript can follow.
  const code = "[".repeat(20_000);
  const deep = ["complete", "inspect", "is_complete"];
  for (const name of deep) await ask(`${name}_request`, { code, cursor_pos: 10_000 });

  await ask("interrupt_request", {}, "control");
  await ask("shutdown_request", { restart: false }, "control");
  const failures = ["execute", ...deep].map((name) => `${name}_reply error`);
  expect([...messageTypes, ...failures].filter((type) => !read.has(type))).toEqual([]);
});
