// A thousand requests of people and programs that mean no good, or do not know what they do, the same in
// every run: the server answers the next honest one, the kernel the next cell, and every file is as it was.

import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createConnection } from "node:net";
import { join, relative } from "node:path";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Channels } from "../../support/channels.js";
import { ask, useServer } from "../../support/lab_server.js";

const server = useServer();
const SEED = 20260;
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number) =>
  fc.sample(arbitrary, { seed: SEED, numRuns: count });

let kernel: string;
let channels: Channels;
let before: Record<string, string>;

beforeAll(async () => {
  server.write("notebook.ipynb", '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}');
  server.write("한글/파일.txt", "내용");
  server.write(".hidden/secret.txt", "secret");
  server.write("../outside.txt", "outside");
  mkdirSync(join(server.root, "empty"));
  symlinkSync(server.folder, join(server.root, "way-out"));
  await server.ask("POST /api/contents/notebook.ipynb/checkpoints");
  kernel = (await server.ask("POST /api/kernels", { body: {} })).json.id;
  channels = await Channels.open(server.lab.port, kernel, { token: server.token });
  await channels.evaluate("const kept = 'as it was'");
  before = snapshot(server.folder);
});

/** Every file, link and directory, with what is in it. */
function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = lstatSync(path).isFile() ? readFileSync(path) : Buffer.from("-");
      return [relative(folder, path), createHash("sha256").update(content).digest("hex")];
    }),
  );
}

async function allIsWell(): Promise<void> {
  expect((await server.ask("GET /api/contents/notebook.ipynb")).json.content.nbformat).toBe(4);
  expect((await server.ask("GET /api/kernels")).json).toHaveLength(1);
  expect((await server.ask(`GET /api/kernels/${kernel}`)).status).toBe(200);
  expect(await channels.evaluate("kept")).toBe("'as it was'");
  expect(snapshot(server.folder)).toEqual(before);
}

const methods = fc.constantFrom("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND");
const roots = fc.constantFrom(
  "/api/contents/",
  "/files/",
  "/static/",
  "/lab/tree/",
  "/lab/api/settings/",
  "/lab/api/themes/",
  "/api/kernels/",
  "/api/sessions/",
  "/kernelspecs/",
  "//",
  "/",
);
/** Each leads out, to something hidden, or to no name at all. */
const evil = fc.constantFrom(
  "..",
  "%2e%2e",
  "..%2f..%2f",
  "..%5c",
  "%00",
  ".hidden",
  ".ipynb_checkpoints",
  "way-out/outside.txt",
  "%252e%252e/x".replace("x", "%00"),
  "%c0%ae%c0%ae",
  "a%00.ipynb",
  "%ff%fe",
  `${"x".repeat(300)}`,
);
const plain = fc.constantFrom(
  "notebook.ipynb",
  "outside.txt",
  "%ED%95%9C%EA%B8%80",
  "checkpoints",
  "secret.txt",
  "empty",
  "a b".replace(" ", "%20"),
);
const evilPath = fc
  .tuple(roots, fc.array(plain, { maxLength: 2 }), evil, fc.array(fc.oneof(plain, evil), { maxLength: 3 }))
  .map(([root, ahead, piece, behind]) => root + [...ahead, piece, ...behind].join("/"));
const json = fc.jsonValue({ maxDepth: 3 });
const body = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  fc.string(),
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    '{"type":"file","format":"text","content":"overwritten"}',
    '{"type":"directory"}',
    '{"path":"../stolen"}',
    '{"copy_from":"../outside.txt"}',
    '{"type":"notebook","content":{"cells":[]',
    '{"__proto__":{"admin":true}}',
    "[".repeat(50_000),
  ),
);
const headers = fc.dictionary(
  fc.constantFrom(
    "Accept-Encoding",
    "Range",
    "If-None-Match",
    "If-Modified-Since",
    "Content-Type",
    "X-XSRFToken",
    "Cookie",
    "Expect",
    "Accept",
  ),
  fc.oneof(
    fc.constantFrom("bytes=5-1", "bytes=-9999", "bytes=x,y", "*", "gzip;q=0", "%", "a=b; =; ;;"),
    fc.stringMatching(/^[ -~]{0,40}$/),
  ),
  { maxKeys: 4 },
);

test("400 hostile requests with the token do no harm and cause no internal error", async () => {
  const requests = sample(fc.record({ method: methods, path: evilPath, body, headers }), 400);
  const statuses = new Set<number>();
  for (const { method, path, body, headers } of requests) {
    const { status } = await server.ask(`${method} ${path}`, {
      body: body.length === 0 ? undefined : body,
      headers,
    });
    expect(status, `${method} ${path}`).not.toBe(500);
    // GET of a page is not of a file: it opens JupyterLab, which says that there is no such file.
    if (!path.startsWith("/lab/tree/") && !/^\/+lab/.test(path))
      expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(302);
    statuses.add(status);
  }
  expect([...statuses]).toEqual(expect.arrayContaining([400, 404, 405]));
  await allIsWell();
});

test("100 bodies that make no sense where they are sent are refused", async () => {
  const nonsense = fc.oneof(
    fc.string().map((text) => `{${text}`),
    fc.constantFrom(
      "[]",
      "5",
      '"x"',
      "[".repeat(100_000),
      '{"type":7}',
      '{"content":{}}',
      '{"kernel":[]}',
      '{"path":{}}',
      '{"name":{}}',
    ),
  );
  const lines = fc.constantFrom(
    "PUT /api/contents/notebook.ipynb",
    "PATCH /api/contents/notebook.ipynb",
    "PUT /lab/api/settings/@jupyterlab/apputils-extension:themes",
    "PUT /lab/api/workspaces/default",
    "POST /api/sessions",
    `PATCH /api/sessions/${"0".repeat(36)}`,
  );
  for (const [line, body] of sample(fc.tuple(lines, nonsense), 100)) {
    const { status } = await server.ask(line, { body });
    expect([400, 404], `${line} ${body.slice(0, 50)}`).toContain(status);
  }
  await allIsWell();
});

test("200 requests for everything are refused without the token", async () => {
  const lines = fc.constantFrom(
    "DELETE /api/contents/notebook.ipynb",
    "PUT /api/contents/new.txt",
    "POST /api/contents",
    "POST /api/kernels",
    `DELETE /api/kernels/${kernel}`,
    "POST /api/shutdown",
    "PUT /lab/api/workspaces/default",
    "GET /files/notebook.ipynb",
    "GET /lab",
  );
  const credentials = fc.dictionary(
    fc.constantFrom("Authorization", "Cookie", "Origin", "X-Forwarded-Host", "Host", "Sec-Fetch-Site"),
    fc.oneof(
      fc.stringMatching(/^[!-~]{1,60}$/),
      fc.constantFrom(
        "token undefined",
        "Bearer null",
        `unrolled-lab-0=x`,
        "http://127.0.0.1",
        "same-origin",
        "localhost",
      ),
    ),
  );
  for (const [line, headers, body] of sample(fc.tuple(lines, credentials, body_()), 200)) {
    const { status } = await ask(server.lab.port, line, { headers, body });
    expect(status, line).toBe(403);
  }
  await allIsWell();
});

const body_ = () =>
  fc.constantFrom('{"type":"file","format":"text","content":"x"}', "{}", '{"path":"stolen"}');

test("100 connections that do not speak HTTP, or stop in the middle, do no harm", async () => {
  const garbage = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        "GET / HTTP/1.1\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/contents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n{",
        "POST /api/contents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        `GET /api HTTP/1.1\r\nHost: localhost\r\nX: ${"y".repeat(100_000)}\r\n\r\n`,
        `GET /${"z".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
        "GET /api/kernels/x/channels HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50),
      )
      .map((text) => Buffer.from(text)),
  );
  for (const bytes of sample(garbage, 100)) {
    await new Promise<void>((resolve) => {
      const socket = createConnection(server.lab.port, "127.0.0.1", () => socket.write(bytes));
      const end = () => {
        socket.destroy();
        resolve();
      };
      socket.on("error", end).on("close", end);
      socket.setTimeout(50, end);
    });
  }
  await allIsWell();
});

test("200 frames that are not messages, or messages that a page may not send, do no harm", async () => {
  const part = fc.oneof(
    json.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.constantFrom("{}", '{"msg_id":"1"}'),
  );
  /** The layout of v1, with blocks and offsets of any kind. */
  const v1 = fc
    .tuple(
      fc.constantFrom("shell", "control", "stdin", "iopub", "hb", ""),
      fc.array(part, { maxLength: 8 }),
      fc.integer({ min: -9, max: 9 }),
    )
    .map(([channel, parts, shift]) => {
      const blocks = [channel, ...parts].map((text) => Buffer.from(text));
      const table = [blocks.length + 1, 8 * (blocks.length + 2) + shift];
      for (const block of blocks) table.push(table.at(-1)! + block.length);
      const words = table.map((value) => {
        const word = Buffer.alloc(8);
        word.writeBigInt64LE(BigInt(value));
        return word;
      });
      return Buffer.concat([...words, ...blocks]);
    });
  const frame = fc.oneof(
    v1,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    json.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.constantFrom(
      '{"channel":"shell","header":{"msg_id":"1"}}',
      '{"channel":"iopub","header":{"msg_id":"1","msg_type":"stream"},"content":{"text":"forged"}}',
      '{"channel":"__proto__","header":{"msg_id":"1","msg_type":"x"}}',
      Buffer.alloc(8, 255),
      Buffer.alloc(100_000),
    ),
  );
  for (const [data, protocol] of sample(
    fc.tuple(frame, fc.constantFrom("v1.kernel.websocket.jupyter.org", undefined)),
    200,
  )) {
    const url = `ws://127.0.0.1:${server.lab.port}/api/kernels/${kernel}/channels?session_id=hostile`;
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], {
      headers: { Authorization: `token ${server.token}` },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.send(data);
    socket.close();
    await closed;
  }
  expect(channels.received.filter(({ content }) => content.text === "forged")).toEqual([]);
  await allIsWell();
});
