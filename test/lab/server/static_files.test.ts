// The front-end's files and its page.

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useServer } from "../../support/lab_server.js";

const server = useServer({ pageConfig: { language: "ko", note: "</script><!-- $& -->" } });

describe("a file of the front-end", () => {
  const file = "GET /static/main-ABCD1234.js";

  test.each([
    ["br, gzip", "br", "packed by brotli"],
    ["gzip, deflate", "gzip", "packed by gzip"],
    ["identity", undefined, "plain"],
  ])("is sent in the best encoding for Accept-Encoding %s", async (accepted, encoding, text) => {
    const answer = await server.ask(file, { headers: { "Accept-Encoding": accepted } });
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers["content-type"]).toMatch(/^text\/javascript/);
    expect(answer.headers.vary).toBe("Accept-Encoding");
  });

  test("is kept by the browser for ever if its name holds its hash, and asked about again if not", async () => {
    const hashed = await server.ask(file);
    expect(hashed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const other = await server.ask("GET /static/schemas.json");
    expect(other.headers["cache-control"]).toBe("no-cache");
    const again = await server.ask("GET /static/schemas.json", {
      headers: { "If-None-Match": String(other.headers.etag) },
    });
    expect(again.status).toBe(304);
  });

  test.each([
    "/static/",
    "/static/.secret",
    "/static/missing.js",
    "/static/themes",
    "/static/a%5cb",
    "/static/%00",
  ])("cannot be %s", async (path) => {
    expect((await server.ask(`GET ${path}`)).status).toBe(404);
  });

  test("can belong to a theme", async () => {
    const path = "/lab/api/themes/@jupyterlab/theme-dark-extension/index.css";
    expect(await server.ask(`GET ${path}`)).toMatchObject({ status: 200, text: ":root {}" });
  });
});

describe("the page", () => {
  const config = async (path: string) => {
    const { status, text } = await server.ask(`GET ${path}`);
    expect(status).toBe(200);
    return JSON.parse(/json">(.*)<\/script>/.exec(text)![1]);
  };

  test("is told where everything is, and what the caller adds", async () => {
    expect(await config("/lab")).toMatchObject({
      baseUrl: "/",
      fullSettingsUrl: "/lab/api/settings",
      workspace: "default",
      treePath: "",
      serverRoot: server.root,
      language: "ko",
      note: "</script><!-- $& -->",
    });
  });

  test("opens a file and a workspace", async () => {
    expect(await config("/lab/tree/a/%ED%95%9C.ipynb")).toMatchObject({ treePath: "a/한.ipynb" });
    expect(await config("/lab/workspaces/two")).toMatchObject({ workspace: "two", treePath: "" });
    expect(await config("/lab/workspaces/two/tree/b")).toMatchObject({ workspace: "two", treePath: "b" });
  });

  test("opens a notebook at once when there is one", async () => {
    server.write("a/한.ipynb", "{}");
    server.write("folder.ipynb/b.txt", "");
    server.write(".hidden.ipynb", "{}");
    symlinkSync("/etc/hostname", join(server.root, "outside.ipynb"));
    expect(await config("/lab/tree/a/%ED%95%9C.ipynb")).toMatchObject({ notebookPath: "a/한.ipynb" });
    for (const path of [
      "missing.ipynb",
      "folder.ipynb",
      "folder.ipynb/b.txt",
      ".hidden.ipynb",
      "outside.ipynb",
    ])
      expect(await config(`/lab/tree/${path}`), path).toMatchObject({ treePath: path, notebookPath: "" });
  });

  test("is what the root redirects to", async () => {
    expect((await server.ask("GET /")).headers.location).toBe("/lab");
  });
});

test("the server refuses a page, a method or an address that it does not have", async () => {
  expect((await server.ask("GET /nothing")).status).toBe(404);
  expect((await server.ask("DELETE /lab")).status).toBe(405);
  expect((await server.ask("GET /lab/tree/%")).status).toBe(400);
});
