// What the server prints in the terminal that it was started from.

import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { report } from "../../../lab/server/report.js";
import { useServer } from "../../support/lab_server.js";

const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
afterEach(() => {
  logged.mockClear();
});

test("the server's report holds no control characters, whatever a file is called", () => {
  report("cannot read", new Error("open 'a\x1b]0;title\x07\x9b2J.txt'\r\n\tat x"));
  const [[text]] = logged.mock.calls as [[string]];
  expect(text).toContain(String.raw`a\x1b]0;title\x07\x9b2J.txt'\x0d` + "\n\tat x");
});

const server = useServer();

test("the server's report does not mention a client that goes away in the middle of a body", async () => {
  const socket = connect(server.lab.port, "127.0.0.1");
  await once(socket, "connect");
  const head = `PUT /api/contents/a.txt HTTP/1.1\r\nHost: localhost\r\nAuthorization: token ${server.token}`;
  socket.write(`${head}\r\nContent-Length: 1000\r\n\r\n{"type":`);
  // By then it has read what came before.
  expect((await server.ask("GET /api")).status).toBe(200);
  socket.destroy();
  expect((await server.ask("GET /api")).status).toBe(200);
  expect(logged).not.toHaveBeenCalled();
});
