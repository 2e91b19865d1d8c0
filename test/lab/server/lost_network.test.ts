// A network that is gone without a word: no end of the connection is ever received, as when a laptop is
// closed.

import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createConnection, createServer } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Channels } from "../../support/channels.js";
import { useServer } from "../../support/lab_server.js";

// The server's pings are all that is done again and again by this clock.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
});
afterAll(() => {
  vi.useRealTimers();
});
const server = useServer();

/** A way to a port that can be cut: from then on nothing passes, and nobody is told. */
async function wayTo(port: number) {
  const ends: Socket[] = [];
  const way = createServer((near) => {
    const far = createConnection(port, "127.0.0.1");
    ends.push(near, far);
    for (const end of [near, far]) end.on("error", () => undefined);
    near.pipe(far).pipe(near);
  });
  await once(way.listen(0, "127.0.0.1"), "listening");
  return {
    port: (way.address() as AddressInfo).port,
    cut() {
      for (const end of ends) end.unpipe().pause();
    },
    close() {
      for (const end of ends) end.destroy();
      way.close();
    },
  };
}

test("a page that answers no ping counts as away, and later gets what it has missed since", async () => {
  const { id } = (await server.ask("POST /api/kernels", { body: {} })).json;
  const way = await wayTo(server.lab.port);
  const open = (port: number, session: string) => Channels.open(port, id, { token: server.token, session });
  const page = await open(way.port, "lost");
  const other = await open(server.lab.port, "other");
  const cell = page.execute(`import { existsSync } from "node:fs";
while (!existsSync("go on")) await new Promise((resolve) => setTimeout(resolve, 20));
"the end"`);
  await page.find(() => page.of(cell, "execute_input").length === 1);
  const connections = async () => (await server.ask(`GET /api/kernels/${id}`)).json.connections;

  way.cut();
  const pinged = once(other.socket, "ping");
  vi.advanceTimersByTime(30_000);
  await pinged;
  // What is answered after the ping says that its pong has arrived as well.
  const asked = other.send("control", "kernel_info_request", {});
  await other.find(({ parent_header, channel }) => parent_header.msg_id === asked && channel === "control");
  expect(await connections()).toBe(2);
  vi.advanceTimersByTime(30_000);
  await expect.poll(connections).toBe(1);
  expect(other.socket.readyState).toBe(WebSocket.OPEN);

  server.write("go on", "");
  await expect.poll(() => server.lab.busyKernels()).toEqual([]);
  const again = await open(server.lab.port, "lost");
  expect((await again.done(cell)).content.status).toBe("ok");
  expect(again.of(cell, "execute_result")[0].content.data["text/plain"]).toBe("'the end'");
  for (const channels of [again, other]) await channels.close();
  way.close();
});
