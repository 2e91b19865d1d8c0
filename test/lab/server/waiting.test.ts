// How much is kept of what is put out while no page is there: never more than is said, however small the
// messages.

import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { SealedMessage } from "../../../kernel/protocol/messages.js";
import { KernelConnection } from "../../../lab/server/kernel_connection.js";
import { UnattendedRuns } from "../../../lab/server/unattended_runs.js";
import type { ChannelMessage } from "../../../lab/server/websocket_messages.js";

let number = 0;
function message(msg_type: string, content: object): SealedMessage {
  const parts = [{ msg_id: String(++number), msg_type }, { msg_id: "request" }, {}, content];
  return { identities: [], parts: parts.map((part) => Buffer.from(JSON.stringify(part))), buffers: [] };
}
const output = () => message("display_data", { data: { "text/plain": "x".repeat(800) } });
const state = (execution_state: string) => message("status", { execution_state });
const bytes = (parts: Buffer[]) => parts.reduce((sum, { length }) => sum + length, 0);

test("16 MiB of a cell's run wait for its page, with its states and the last state of a display", () => {
  const runs = new UnattendedRuns();
  const request = [{ msg_id: "request", msg_type: "execute_request" }, {}, { cellId: "cell" }, {}];
  runs.sent(
    "page",
    request.map((part) => Buffer.from(JSON.stringify(part))),
  );
  runs.published(state("busy"));
  const progress = (n: number) =>
    message("update_display_data", {
      data: { "text/plain": `${n}`.padEnd(800) },
      transient: { display_id: "bar" },
    });
  for (let n = 1; n <= 30_000; n++) runs.published(progress(n));
  for (let n = 0; n < 30_000; n++) runs.published(output());
  runs.published(state("idle"));
  // A second notebook that uses the same kernel leaves the run to whoever has its cell.
  expect(runs.adopt("another notebook", ["another cell"])).toEqual([]);
  const [{ messages }] = runs.adopt("another page", ["first cell", "cell"]);
  expect(JSON.stringify(messages).length).toBeLessThan(17 * 2 ** 20);
  expect(JSON.stringify(messages).length).toBeGreaterThan(15 * 2 ** 20);
  const updates = messages.filter(({ header }) => header.msg_type === "update_display_data");
  expect(updates.map(({ content }) => content.data)).toEqual([{ "text/plain": "30000".padEnd(800) }]);
  const states = messages.filter(({ header }) => header.msg_type === "status");
  expect(states.map(({ content }) => content.execution_state)).toEqual(["busy", "idle"]);
});

test("64 MiB wait for a page that is away, with states and replies", () => {
  const connection = new KernelConnection(
    () => Promise.reject(new Error("no kernel")),
    () => undefined,
  );
  const publish = (sealed: SealedMessage, type: string) => {
    // As after each cell: the rate is not what is looked at here.
    connection.resetLimit();
    connection.publish(sealed, type);
  };
  for (let n = 0; n < 90_000; n++) publish(output(), "display_data");
  publish(state("idle"), "status");
  const received: ChannelMessage[] = [];
  const socket = Object.assign(new EventEmitter(), { readyState: WebSocket.OPEN, send: () => undefined });
  connection.attach(socket as unknown as WebSocket, {
    write: (message) => {
      received.push(message);
      return "";
    },
    read: () => {
      throw new Error("nothing is sent");
    },
  });
  const total = received.reduce((sum, { parts }) => sum + bytes(parts), 0);
  expect(total).toBeLessThan(65 * 2 ** 20);
  expect(total).toBeGreaterThan(63 * 2 ** 20);
  const [notice, last] = received.slice(-2).map(({ parts }) => JSON.parse(parts[3].toString()) as object);
  expect(notice).toMatchObject({ name: "stderr", text: expect.stringContaining("Output was left out") });
  expect(last).toEqual({ execution_state: "idle" });
});
