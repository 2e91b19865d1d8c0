// The contents API as Jupyter Server's documentation describes it, on a folder of its own.

import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  promises,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { Contents } from "../../../lab/server/contents.js";
import { Root } from "../../../lab/server/root.js";
import { startServer } from "../../../lab/server/server.js";
import { TrustedNotebooks } from "../../../lab/server/trusted_notebooks.js";
import { ask, useServer } from "../../support/lab_server.js";
import { mountSmallDisk } from "../../support/small_disk.js";

const server = useServer();
const disk = (path: string) => readFileSync(join(server.root, path), "utf8");
const notebook = (...cells: object[]) => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
const code = (id: string, source: string, outputs: object[] = [], metadata = {}) => ({
  cell_type: "code",
  id,
  source,
  outputs,
  metadata,
  execution_count: null,
});
const html = { output_type: "display_data", data: { "text/html": "<b>1</b>" }, metadata: {} };
const save = (path: string, content: object) =>
  server.ask(`PUT /api/contents/${path}`, { body: { type: "notebook", format: "json", content } });
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

describe("a model", () => {
  test("describes a text file with every field of the specification", async () => {
    server.write("hello.txt", "hello\n");
    utimesSync(join(server.root, "hello.txt"), 1e9, 1e9);
    const { status, json } = await server.ask("GET /api/contents/hello.txt");
    expect(status).toBe(200);
    expect(json).toEqual({
      name: "hello.txt",
      path: "hello.txt",
      type: "file",
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      last_modified: new Date(1e12).toISOString(),
      content: "hello\n",
      format: "text",
      mimetype: "text/plain",
      size: 6,
      writable: true,
      hash: null,
      hash_algorithm: null,
    });
  });

  test("has null instead of content that is not asked for, and the hash if it is", async () => {
    server.write("hashed.txt", "hello\n");
    const { json } = await server.ask("GET /api/contents/hashed.txt?content=0&hash=1");
    expect(json).toMatchObject({
      content: null,
      format: null,
      hash: sha256("hello\n"),
      hash_algorithm: "sha256",
    });
  });

  test("holds bytes as base64", async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 1]);
    server.write("image.png", bytes);
    const { json } = await server.ask("GET /api/contents/image.png");
    expect(json).toMatchObject({
      format: "base64",
      mimetype: "image/png",
      content: bytes.toString("base64"),
    });
    expect(await server.ask("GET /api/contents/image.png?format=text")).toMatchObject({
      status: 400,
      json: { reason: "bad format" },
    });
  });

  test("lists a directory's notebooks, files and directories without their content", async () => {
    server.write("dir/a.ipynb", "{}");
    server.write("dir/b.csv", "1");
    server.write("dir/sub/c", "");
    const { json } = await server.ask("GET /api/contents/dir");
    expect(json).toMatchObject({ type: "directory", format: "json", size: null, mimetype: null });
    const listed = json.content.map(({ path, type, content }: any) => [path, type, content]);
    expect(listed.sort()).toEqual([
      ["dir/a.ipynb", "notebook", null],
      ["dir/b.csv", "file", null],
      ["dir/sub", "directory", null],
    ]);
  });

  test("is refused with the reason when its type is not the one asked for", async () => {
    server.write("plain.txt", "x");
    mkdirSync(join(server.root, "folder"));
    for (const path of ["plain.txt?type=directory", "folder?type=file", "folder?type=notebook"])
      expect(await server.ask(`GET /api/contents/${path}`)).toMatchObject({
        status: 400,
        json: { reason: "bad type" },
      });
    expect((await server.ask("GET /api/contents/plain.txt?type=nonsense")).status).toBe(400);
    expect((await server.ask("GET /api/contents/missing.txt")).status).toBe(404);
  });
});

describe("saving", () => {
  test("creates with 201 and a Location, replaces with 200", async () => {
    const body = { type: "file", format: "text", content: "하나\n" };
    const path = encodeURIComponent("한글 이름 #1?.txt");
    const created = await server.ask(`PUT /api/contents/${path}`, { body });
    expect(created).toMatchObject({ status: 201, headers: { location: `/api/contents/${path}` } });
    expect(created.json).toMatchObject({ name: "한글 이름 #1?.txt", content: null, hash: sha256("하나\n") });
    expect(disk("한글 이름 #1?.txt")).toBe("하나\n");
    expect((await server.ask(`PUT /api/contents/${path}`, { body })).status).toBe(200);
    expect((await server.ask(`GET /api/contents/${path}`)).json.content).toBe("하나\n");
    expect((await server.ask(`GET /files/${path}`)).text).toBe("하나\n");
  });

  test("keeps the bytes of every committed notebook", async () => {
    for (const name of readdirSync(join(packageRoot, "notebooks", "ko")).filter((name) =>
      name.endsWith(".ipynb"),
    )) {
      const text = await readFile(join(packageRoot, "notebooks", "ko", name), "utf8");
      server.write(name, text);
      const { json } = await server.ask(`GET /api/contents/${name}`);
      expect((await save(name, json.content)).status).toBe(200);
      expect(disk(name)).toBe(text);
    }
  });

  test("keeps a notebook that breaks nbformat's rules, and says so", async () => {
    const { status, json } = await save("odd.ipynb", {
      ...notebook({ cell_type: "poem", source: 5 }),
      extra: "꽃",
    });
    expect(status).toBe(201);
    expect(json.message).toMatch(/^Notebook validation failed: odd.ipynb: cell 1: cell_type is "poem"/);
    expect(JSON.parse(disk("odd.ipynb"))).toMatchObject({
      cells: [{ cell_type: "poem", source: 5 }],
      extra: "꽃",
    });
    expect((await server.ask("GET /api/contents/odd.ipynb")).json.message).toMatch(/validation failed/);
  });

  test("refuses what is not a notebook, and leaves the file as it was", async () => {
    await save("kept.ipynb", notebook(code("a", "1")));
    const before = disk("kept.ipynb");
    for (const content of [null, 5, "x", [], {}, { cells: 3 }])
      expect(
        (await server.ask("PUT /api/contents/kept.ipynb", { body: { type: "notebook", content } })).status,
      ).toBe(400);
    expect((await server.ask("PUT /api/contents/kept.ipynb", { body: '{"type":"noteb' })).status).toBe(400);
    expect(
      (await server.ask("PUT /api/contents/kept.ipynb", { body: { type: "poem", content: "" } })).status,
    ).toBe(400);
    expect(disk("kept.ipynb")).toBe(before);
  });

  test("refuses at once what is not base64", { timeout: 10_000 }, async () => {
    const put = async (content: string) =>
      (await server.ask("PUT /api/contents/a.bin", { body: { type: "file", format: "base64", content } }))
        .status;
    expect(await put("AQ ID\n BA==\n")).toBe(201);
    for (const text of ["!", "====", "A=B=", `${" ".repeat(200_000)}!`])
      expect(await put(`AAAA${text}`), text.trim()).toBe(400);
  });

  test("shows by the hash that someone else changed the file", async () => {
    const { json: saved } = await save("shared.ipynb", notebook(code("a", "1")));
    const asked = "GET /api/contents/shared.ipynb?content=0&hash=1";
    expect((await server.ask(asked)).json.hash).toBe(saved.hash);
    const { mtime } = statSync(join(server.root, "shared.ipynb"));
    server.write("shared.ipynb", disk("shared.ipynb").replace('"1"', '"2"'));
    // Even within the same tick of the clock.
    utimesSync(join(server.root, "shared.ipynb"), mtime, mtime);
    expect((await server.ask(asked)).json.hash).not.toBe(saved.hash);
  });

  test("leaves nothing half-written next to the file", async () => {
    mkdirSync(join(server.root, "alone"));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        save("alone/a.ipynb", notebook(code("a", String(n).repeat(50_000)))),
      ),
    );
    expect(readdirSync(join(server.root, "alone"))).toEqual(["a.ipynb"]);
    expect(JSON.parse(disk("alone/a.ipynb")).cells[0].source[0]).toMatch(/^(\d\d?)\1*$/);
  });

  test("takes notebooks of 50 MB, and gives them back", async () => {
    const text = "가나다라".repeat(1000) + "\n";
    const outputs = Array.from({ length: 4300 }, () => ({ output_type: "stream", name: "stdout", text }));
    const content = notebook(code("big", "1", outputs));
    const { status, json } = await save("big.ipynb", content);
    expect(status).toBe(201);
    expect(json.size).toBeGreaterThan(50e6);
    const read = await server.ask("GET /api/contents/big.ipynb?content=1&type=notebook");
    expect(read.json.content.cells[0].outputs).toEqual(outputs);
  });

  test("puts an upload's pieces together, and starts again after a lost one", async () => {
    const put = (chunk: number, text: string) =>
      server.ask("PUT /api/contents/up.bin", {
        body: { type: "file", format: "base64", chunk, content: Buffer.from(text).toString("base64") },
      });
    expect((await put(1, "one ")).status).toBe(201);
    expect((await put(2, "two ")).status).toBe(201);
    expect(existsSync(join(server.root, "up.bin"))).toBe(false);
    expect((await put(-1, "three")).status).toBe(201);
    expect(disk("up.bin")).toBe("one two three");

    await put(1, "x");
    expect((await put(3, "z")).status).toBe(400);
    expect((await put(-1, "z")).status).toBe(400);
    expect(disk("up.bin")).toBe("one two three");
    expect(readdirSync(server.root).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

test("a full disk is reported, and every file on it stays as it was", async ({ skip, onTestFinished }) => {
  const folder = join(server.root, "small");
  const small = mountSmallDisk(folder);
  if (!small) return skip("no disk can be mounted here");
  onTestFinished(() => {
    small.remove();
  });
  const text = { type: "file", format: "text", content: "first" };
  expect((await save("small/a.ipynb", notebook(code("a", "1")))).status).toBe(201);
  expect((await server.ask("PUT /api/contents/small/b.txt", { body: text })).status).toBe(201);
  expect((await server.ask("POST /api/contents/small/a.ipynb/checkpoints")).status).toBe(201);
  server.write("long.txt", "x".repeat(20_000));
  server.write("long/a.txt", "x");
  server.write("long/b.txt", "x".repeat(20_000));
  const saved = () => [disk("small/a.ipynb"), disk("small/b.txt")];
  const checkpoint = () => disk("small/.ipynb_checkpoints/a-checkpoint.ipynb");
  const names = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const uploaded = (chunk: number, content: string) =>
    server.ask("PUT /api/contents/small/c.bin", { body: { ...text, chunk, content } });
  const longer = "x".repeat(20_000);
  const full = { status: 507, json: { message: "no space left on the disk" } };
  // Without any room, and with room for a part.
  for (const left of [0, 8192]) {
    const before = [saved(), checkpoint(), names()];
    expect((await uploaded(1, "begun")).status).toBe(201);
    small.fill(left);
    expect(await uploaded(2, longer)).toMatchObject(full);
    expect((await uploaded(3, "")).status).toBe(400);
    expect(await save("small/a.ipynb", notebook(code("a", longer)))).toMatchObject(full);
    expect(await save("small/new.ipynb", notebook(code("a", longer)))).toMatchObject(full);
    expect(
      await server.ask("PUT /api/contents/small/b.txt", { body: { ...text, content: longer } }),
    ).toMatchObject(full);
    expect(await uploaded(1, longer)).toMatchObject(full);
    const copied = { body: { copy_from: "long.txt" } };
    expect(await server.ask("POST /api/contents/small", copied)).toMatchObject(full);
    expect(await server.ask("POST /api/contents/small", { body: { copy_from: "long" } })).toMatchObject(full);
    expect([saved(), checkpoint(), names().filter((name) => name !== ".filler")]).toEqual(before);
    small.free();
  }
  expect((await save("small/a.ipynb", notebook(code("a", longer)))).status).toBe(200);
  small.fill(8192);
  const kept = [saved(), checkpoint()];
  expect(await server.ask("POST /api/contents/small/a.ipynb/checkpoints")).toMatchObject(full);
  expect([saved(), checkpoint()]).toEqual(kept);
  expect(names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test.skipIf(process.platform === "win32")("an upload follows no link that lies in wait for it", async () => {
  const outside = server.write("../precious.txt", "precious");
  for (const name of [".data.csv.upload", "data.csv.upload", ".data.csv"])
    symlinkSync(outside, join(server.root, name));
  const put = (chunk: number) =>
    server.ask("PUT /api/contents/data.csv", {
      body: { type: "file", format: "text", chunk, content: "1,2\n" },
    });
  expect((await put(1)).status).toBe(201);
  // Put in the place of the pieces so far.
  const [gathered] = readdirSync(server.root).filter((name) => name.endsWith(".tmp"));
  rmSync(join(server.root, gathered));
  symlinkSync(outside, join(server.root, gathered));
  expect((await put(-1)).status).toBeGreaterThanOrEqual(400);
  expect(existsSync(join(server.root, "data.csv"))).toBe(false);
  for (const chunk of [1, -1]) expect((await put(chunk)).status).toBe(201);
  expect(lstatSync(join(server.root, "data.csv")).isFile()).toBe(true);
  expect([disk("data.csv"), disk("../precious.txt")]).toEqual(["1,2\n1,2\n", "precious"]);
});

describe("trust", () => {
  const load = async (path: string) =>
    (await server.ask(`GET /api/contents/${path}`)).json.content.cells[0].metadata;

  test("is not what a file claims", async () => {
    server.write("claims.ipynb", JSON.stringify(notebook(code("a", "1", [html], { trusted: true }))));
    expect(await load("claims.ipynb")).toEqual({ trusted: false });
  });

  test("is given to what was saved with all its cells trusted, until someone else changes it", async () => {
    await save("ran.ipynb", notebook(code("a", "1", [html], { trusted: true })));
    expect(disk("ran.ipynb")).not.toContain("trusted");
    expect(await load("ran.ipynb")).toEqual({ trusted: true });
    server.write("ran.ipynb", disk("ran.ipynb").replace("<b>", "<i>"));
    expect(await load("ran.ipynb")).toEqual({ trusted: false });
  });

  test("does not keep a notebook from being saved when it cannot be written down", async () => {
    const list = join(server.folder, "settings", "trusted_notebooks");
    rmSync(list, { force: true });
    mkdirSync(list);
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const content = notebook(code("a", "1", [html], { trusted: true }));
    expect((await save("safe.ipynb", content)).status).toBe(201);
    expect(logged).toHaveBeenCalledWith(expect.stringContaining("safe.ipynb"));
    logged.mockRestore();
    rmSync(list, { recursive: true });
    // Not remembered in this process alone either.
    expect(await load("safe.ipynb")).toEqual({ trusted: false });
    await save("safe.ipynb", content);
    expect(await load("safe.ipynb")).toEqual({ trusted: true });
  });

  test("is shared by two servers, and neither forgets what the other has written down", async () => {
    const settingsDir = join(server.folder, "settings");
    const options = { root: server.root, staticDir: join(server.folder, "static"), settingsDir };
    const other = await startServer(options);
    const headers = { Authorization: `token ${new URL(other.url).searchParams.get("token")}` };
    const paths = ["first.ipynb", "second.ipynb", "third.ipynb"];
    for (const [at, path] of paths.entries()) {
      const content = notebook(code("a", path, [html], { trusted: true }));
      const body = { type: "notebook", format: "json", content };
      await ask([server.lab.port, other.port][at % 2], `PUT /api/contents/${path}`, {
        headers: at % 2 === 0 ? { Authorization: `token ${server.token}` } : headers,
        body,
      });
    }
    await other.close();
    expect(await Promise.all(paths.map(load))).toEqual(paths.map(() => ({ trusted: true })));
  });

  test("is not given to a notebook of which one cell is not trusted", async () => {
    await save("partly.ipynb", notebook(code("a", "1", [html]), code("b", "1", [html], { trusted: true })));
    expect(await load("partly.ipynb")).toEqual({ trusted: false });
  });
});

describe("new files", () => {
  test("get the names that Jupyter gives them", async () => {
    mkdirSync(join(server.root, "new"));
    const create = async (body: object) => (await server.ask("POST /api/contents/new", { body })).json.name;
    expect(await create({ type: "notebook" })).toBe("Untitled.ipynb");
    expect(await create({ type: "notebook" })).toBe("Untitled1.ipynb");
    expect(await create({ type: "file" })).toBe("untitled.txt");
    expect(await create({ type: "file", ext: ".py" })).toBe("untitled.py");
    expect(await create({ type: "directory" })).toBe("Untitled Folder");
    expect(await create({ type: "directory" })).toBe("Untitled Folder 1");
    expect(await create({ ext: ".ipynb" })).toBe("Untitled2.ipynb");
    expect(JSON.parse(disk("new/Untitled.ipynb"))).toEqual(notebook());
    for (const body of [{ ext: "/../x" }, { type: 5 }, { copy_from: 5 }, []])
      expect((await server.ask("POST /api/contents/new", { body })).status).toBe(400);
    expect((await server.ask("POST /api/contents/nowhere", { body: {} })).status).toBe(404);
  });

  test("can be copies", async () => {
    server.write("from/a.ipynb", JSON.stringify(notebook()));
    mkdirSync(join(server.root, "to"));
    const copy = async (directory: string, copy_from: string) =>
      (await server.ask(`POST /api/contents/${directory}`, { body: { copy_from } })).json.path;
    expect(await copy("from", "from/a.ipynb")).toBe("from/a-Copy1.ipynb");
    expect(await copy("from", "from/a.ipynb")).toBe("from/a-Copy2.ipynb");
    expect(await copy("from", "from/a-Copy1.ipynb")).toBe("from/a-Copy3.ipynb");
    expect(await copy("to", "from/a.ipynb")).toBe("to/a.ipynb");
    expect(await copy("to", "/from/a.ipynb")).toBe("to/a-Copy1.ipynb");
  });

  test("can be copies of folders, with all that is visible in them", async () => {
    server.write("book.v2/one/a.txt", "1");
    server.write("book.v2/.hidden", "2");
    const copy = (directory: string, copy_from: string) =>
      server.ask(`POST /api/contents/${directory}`, { body: { copy_from } });
    const { status, json } = await copy("", "book.v2");
    expect([status, json.path, json.type]).toEqual([201, "book.v2-Copy1", "directory"]);
    expect(disk("book.v2-Copy1/one/a.txt")).toBe("1");
    expect(readdirSync(join(server.root, "book.v2-Copy1"))).toEqual(["one"]);
    expect((await copy("book.v2/one", "book.v2")).status).toBe(400);
    expect((await copy("book.v2", "")).status).not.toBe(201);
  });
});

describe("renaming", () => {
  test("moves a file with its checkpoint", async () => {
    server.write("old.txt", "1");
    await server.ask("POST /api/contents/old.txt/checkpoints");
    const { status, json } = await server.ask("PATCH /api/contents/old.txt", {
      body: { path: "새 이름.txt" },
    });
    expect([status, json.path, disk("새 이름.txt")]).toEqual([200, "새 이름.txt", "1"]);
    expect(
      (await server.ask(`GET /api/contents/${encodeURIComponent("새 이름.txt")}/checkpoints`)).json,
    ).toHaveLength(1);
    expect((await server.ask("GET /api/contents/old.txt")).status).toBe(404);
  });

  test("overwrites nothing", async () => {
    server.write("one.txt", "1");
    server.write("two.txt", "2");
    expect((await server.ask("PATCH /api/contents/one.txt", { body: { path: "two.txt" } })).status).toBe(409);
    expect((await server.ask("PATCH /api/contents/one.txt", { body: { path: "one.txt" } })).status).toBe(200);
    expect((await server.ask("PATCH /api/contents/one.txt", { body: {} })).status).toBe(400);
    expect([disk("one.txt"), disk("two.txt")]).toEqual(["1", "2"]);
  });
});

describe.skipIf(process.platform === "win32")("renaming a link", () => {
  const rename = (from: string, to: string) =>
    server.ask(`PATCH /api/contents/${from}`, { body: { path: to } });

  test("renames the link, and leaves what it leads to", async () => {
    server.write("linked/a.txt", "1");
    symlinkSync("linked/a.txt", join(server.root, "to-file"));
    symlinkSync("linked", join(server.root, "to-folder"));
    expect((await rename("to-file", "file")).json).toMatchObject({ path: "file", type: "file" });
    expect((await rename("to-folder", "renamed")).json).toMatchObject({ path: "renamed", type: "directory" });
    expect(readlinkSync(join(server.root, "file"))).toBe("linked/a.txt");
    expect(readlinkSync(join(server.root, "renamed"))).toBe("linked");
    expect([disk("linked/a.txt"), disk("file"), disk("renamed/a.txt")]).toEqual(["1", "1", "1"]);
    expect(existsSync(join(server.root, "to-file"))).toBe(false);
  });

  test("in another directory leads where it led", async () => {
    server.write("deep/one/a.txt", "1");
    symlinkSync("one/a.txt", join(server.root, "deep/link"));
    expect((await rename("deep/link", "link-from-deep")).status).toBe(200);
    expect(readlinkSync(join(server.root, "link-from-deep"))).toBe("deep/one/a.txt");
    expect(disk("link-from-deep")).toBe("1");
    expect(existsSync(join(server.root, "deep/link"))).toBe(false);
  });

  test("overwrites nothing, and no link that leads outside is renamed", async () => {
    server.write("../far/kept.txt", "1");
    server.write("near.txt", "2");
    symlinkSync("../far/kept.txt", join(server.root, "away"));
    symlinkSync("near.txt", join(server.root, "here"));
    symlinkSync("near.txt", join(server.root, "here-too"));
    expect((await rename("away", "moved")).status).toBe(404);
    expect((await rename("here", "away")).status).toBe(404);
    expect((await rename("here", "here-too")).status).toBe(409);
    expect((await rename("near.txt", "here")).status).toBe(409);
    expect([disk("near.txt"), disk("../far/kept.txt")]).toEqual(["2", "1"]);
    expect(readlinkSync(join(server.root, "here"))).toBe("near.txt");
  });
});

test("renaming to a name with a dot at its beginning is refused with the reason", async () => {
  server.write("ignored.txt", "1");
  const message = 'the name is ".gitignore", but must not begin with a dot: such files are hidden';
  const renamed = await server.ask("PATCH /api/contents/ignored.txt", { body: { path: ".gitignore" } });
  expect(renamed).toMatchObject({ status: 404, json: { message } });
  const body = { type: "file", format: "text", content: "x" };
  expect(await server.ask("PUT /api/contents/.gitignore", { body })).toMatchObject({
    status: 404,
    json: { message },
  });
  expect(existsSync(join(server.root, ".gitignore"))).toBe(false);
});

describe("a path of many parts", () => {
  test("costs no more than one of its parts when they do not exist", async () => {
    const root = new Root(server.root);
    const realpath = vi.spyOn(promises, "realpath");
    syncBuiltinESMExports();
    try {
      const path = "a/".repeat(2000) + "x";
      expect(await root.resolve(path)).toBe(join(server.root, path));
      expect(realpath.mock.calls.length).toBeGreaterThan(0);
      expect(realpath.mock.calls.length).toBeLessThan(5);
      realpath.mockClear();
      expect(await new Contents(root, new TrustedNotebooks("")).kernelDirectory(path)).toBe(server.root);
      expect(realpath.mock.calls.length).toBeLessThan(5);
    } finally {
      realpath.mockRestore();
      syncBuiltinESMExports();
    }
  });

  test("is refused if it is longer than any can be, wherever it comes", async () => {
    server.write("short.txt", "1");
    const long = "a/".repeat(50_000) + "x";
    const slashes = "a" + "/".repeat(100_000) + "x";
    for (const path of [long, slashes])
      for (const [line, body] of [
        ["POST /api/contents", { copy_from: path }],
        ["PATCH /api/contents/short.txt", { path }],
        ["POST /api/kernels", { path }],
        ["POST /api/sessions", { path, type: "notebook" }],
      ] as const)
        expect(await server.ask(line, { body }), line).toMatchObject({
          status: 400,
          json: { message: "the path has more than 4096 bytes" },
        });
    const url = "a/".repeat(3000);
    for (const line of [`GET /api/contents/${url}`, `GET /files/${url}`, `DELETE /api/contents/${url}x`])
      expect((await server.ask(line)).status).toBe(400);
    expect((await server.ask("GET /api/contents/short.txt")).status).toBe(200);
  });
});

describe("deleting", () => {
  test("removes files with their checkpoints, and empty directories", async () => {
    server.write("gone/x.txt", "1");
    await server.ask("POST /api/contents/gone/x.txt/checkpoints");
    expect((await server.ask("DELETE /api/contents/gone/x.txt")).status).toBe(204);
    expect(readdirSync(join(server.root, "gone/.ipynb_checkpoints"))).toEqual([]);
    expect((await server.ask("DELETE /api/contents/gone")).status).toBe(204);
    expect((await server.ask("DELETE /api/contents/gone")).status).toBe(404);
    expect(existsSync(join(server.root, "gone"))).toBe(false);
  });

  test("removes a directory with its contents, and nothing that links in it lead to", async () => {
    server.write("../outside/kept.txt", "1");
    server.write("beside/kept.txt", "2");
    server.write("full/sub/x.txt", "3");
    server.write("full/.hidden", "4");
    await server.ask("POST /api/contents/full/sub/x.txt/checkpoints");
    symlinkSync(join(server.folder, "outside"), join(server.root, "full/outside"));
    symlinkSync(join(server.root, "beside"), join(server.root, "full/sub/beside"));
    expect((await server.ask("DELETE /api/contents/full")).status).toBe(204);
    expect(existsSync(join(server.root, "full"))).toBe(false);
    expect([disk("../outside/kept.txt"), disk("beside/kept.txt")]).toEqual(["1", "2"]);
  });

  test("removes a link but not its target, and no link that leads outside", async () => {
    server.write("../beyond/kept.txt", "1");
    server.write("target/kept.txt", "2");
    const links = { folder: "target", file: "target/kept.txt", itself: "", out: "../beyond" };
    for (const [name, to] of Object.entries(links))
      symlinkSync(join(server.root, to), join(server.root, `link-to-${name}`));
    for (const name of ["folder", "file", "itself"])
      expect((await server.ask(`DELETE /api/contents/link-to-${name}`)).status).toBe(204);
    expect((await server.ask("DELETE /api/contents/link-to-out")).status).toBe(404);
    expect((await server.ask("DELETE /api/contents/link-to-out/kept.txt")).status).toBe(404);
    expect(readdirSync(server.root).filter((name) => name.startsWith("link-to-"))).toEqual(["link-to-out"]);
    expect([disk("../beyond/kept.txt"), disk("target/kept.txt")]).toEqual(["1", "2"]);
  });

  test("leaves the root alone", async () => {
    for (const line of ["DELETE /api/contents/", "DELETE /api/contents//"])
      expect([400, 404, 405]).toContain((await server.ask(line)).status);
    expect(existsSync(server.root)).toBe(true);
  });
});

test("a file goes back to its checkpoint", async () => {
  server.write("draft.txt", "first");
  const made = await server.ask("POST /api/contents/draft.txt/checkpoints");
  expect(made).toMatchObject({ status: 201, json: { id: "checkpoint" } });
  server.write("draft.txt", "second");
  expect((await server.ask("GET /api/contents/draft.txt/checkpoints")).json).toEqual([made.json]);
  expect((await server.ask("POST /api/contents/draft.txt/checkpoints/other")).status).toBe(404);
  expect((await server.ask("POST /api/contents/draft.txt/checkpoints/checkpoint")).status).toBe(204);
  expect(disk("draft.txt")).toBe("first");
  expect((await server.ask("DELETE /api/contents/draft.txt/checkpoints/checkpoint")).status).toBe(204);
  expect((await server.ask("GET /api/contents/draft.txt/checkpoints")).json).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "copying a folder skips pipes and does not run in a circle",
  async () => {
    mkdirSync(join(server.root, "piped"));
    spawnSync("mkfifo", [join(server.root, "piped/pipe")]);
    symlinkSync("circle", join(server.root, "circle"));
    const logged = vi.spyOn(console, "error");
    for (const copy_from of ["piped/pipe", "piped"])
      expect((await server.ask("POST /api/contents", { body: { copy_from } })).status).toBe(400);
    expect(readdirSync(server.root).filter((name) => /^piped.|tmp$/.test(name))).toEqual([]);
    for (const line of ["GET /api/contents/circle", "GET /files/circle", "DELETE /api/contents/circle"])
      expect((await server.ask(line)).status).toBe(404);
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  },
);

test.skipIf(process.platform === "win32")("a request for a pipe never waits for it", async () => {
  spawnSync("mkfifo", [join(server.root, "pipe")]);
  for (const line of ["GET /api/contents/pipe", "GET /files/pipe", "PUT /api/contents/pipe"])
    expect(
      (await server.ask(line, { body: { type: "file", format: "text", content: "" } })).status,
    ).toBeGreaterThan(399);
});

test("a part of a file can be downloaded, under the file's name", async () => {
  writeFileSync(join(server.root, "데이터.csv"), "0123456789");
  const { status, text, headers } = await server.ask(
    `GET /files/${encodeURIComponent("데이터.csv")}?download=1`,
    {
      headers: { Range: "bytes=2-4" },
    },
  );
  expect([status, text]).toEqual([206, "234"]);
  expect(headers["content-disposition"]).toBe(
    `attachment; filename*=UTF-8''${encodeURIComponent("데이터.csv")}`,
  );
  for (const Range of ["bytes=50-60", "bytes=9-1", "bytes=x"])
    expect(
      (await server.ask(`GET /files/${encodeURIComponent("데이터.csv")}`, { headers: { Range } })).status,
    ).toBeLessThan(500);
});
