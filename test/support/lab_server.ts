// A real server behind JupyterLab for the tests of one file, with folders of its own, and requests to it as
// they go over the wire: no client corrects a path or a header on the way.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { LabServer, ServerOptions } from "../../lab/server/server.js";
import { startServer } from "../../lab/server/server.js";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  text: string;
  /** Of an answer in JSON. */
  json: any;
}

export interface Ask {
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
}

export interface TestServer {
  lab: LabServer;
  token: string;
  root: string;
  folder: string;
  /** With the token, unless the headers say otherwise. */
  ask(line: string, options?: Ask): Promise<Answer>;
  /** Writes a file under the root. */
  write(path: string, content: string | Buffer): string;
}

const STATIC: Record<string, string> = {
  "index.html":
    '<!doctype html><script nonce="{{nonce}}"></script><script id="jupyter-config-data" type="application/json">{{page_config}}</script>',
  "main-ABCD1234.js": "plain",
  "main-ABCD1234.js.br": "packed by brotli",
  "main-ABCD1234.js.gz": "packed by gzip",
  "schemas.json": JSON.stringify({
    "@jupyterlab/apputils-extension:themes": {
      schema: { type: "object", properties: { theme: { type: "string", default: "JupyterLab Light" } } },
      version: "4.6.4",
    },
    "@jupyterlab/notebook-extension:tracker": { schema: { type: "object" }, version: "4.6.4" },
  }),
  "favicon.svg": "<svg/>",
  ".secret": "hidden",
  "themes/@jupyterlab/theme-dark-extension/index.css": ":root {}",
};

export function writeStatic(folder: string): string {
  for (const [name, text] of Object.entries(STATIC)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Starts a server before the file's tests and ends it after them. */
export function useServer(options: Partial<ServerOptions> = {}): TestServer {
  const server = {} as TestServer;
  beforeAll(async () => {
    server.folder = realpathSync(mkdtempSync(join(tmpdir(), "unrolled-lab-")));
    server.root = join(server.folder, "root");
    mkdirSync(server.root);
    const staticDir = writeStatic(join(server.folder, "static"));
    const settingsDir = join(server.folder, "settings");
    server.lab = await startServer({ root: server.root, staticDir, settingsDir, ...options });
    server.token = new URL(server.lab.url).searchParams.get("token")!;
    server.ask = (line, { headers = {}, body } = {}) =>
      ask(server.lab.port, line, { headers: { Authorization: `token ${server.token}`, ...headers }, body });
    server.write = (path, content) => {
      const file = join(server.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    };
  });
  afterAll(async () => {
    await server.lab.close();
    rmSync(server.folder, { recursive: true });
  });
  return server;
}

/** @param line method and target, such as `GET /api` */
export function ask(port: number, line: string, { headers = {}, body }: Ask = {}): Promise<Answer> {
  const [method, path] = line.split(" ");
  const isRaw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
  const bytes = Buffer.from(isRaw ? (body ?? "") : JSON.stringify(body));
  // Said for every method: Node says it only for those that usually have a body.
  if (bytes.length > 0) headers = { "Content-Length": String(bytes.length), ...headers };
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString("utf8");
        const isJson = response.headers["content-type"] === "application/json";
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, bytes, text, json: isJson && text !== "" ? JSON.parse(text) : undefined });
      });
    });
    sent.on("error", reject);
    sent.end(bytes);
  });
}
