// A name that becomes a link to outside while a request for it is served: what lies there is not read.

import {
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useServer } from "../../support/lab_server.js";

const server = useServer();
const SECRET = "a secret outside";
const inBox = (name: string) => join(server.root, "box", name);

/** The name leads outside. */
function swap(path: string): void {
  renameSync(join(server.root, path), join(server.folder, "aside"));
  symlinkSync(join(server.folder, "outside", path), join(server.root, path));
}

function swapBack(path: string): void {
  rmSync(join(server.root, path));
  renameSync(join(server.folder, "aside"), join(server.root, path));
}

/** All that lies under the root. */
const contents = () =>
  readdirSync(server.root, { recursive: true, encoding: "utf8" })
    .map((name) => join(server.root, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));

beforeEach(() => {
  for (const place of ["", "../outside/"]) {
    const text = place === "" ? "mine" : SECRET;
    server.write(`${place}box/note.txt`, text);
    server.write(`${place}box/.ipynb_checkpoints/note-checkpoint.txt`, text);
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  for (const folder of [server.root, join(server.folder, "outside"), join(server.folder, "aside")])
    rmSync(folder, { recursive: true, force: true });
  mkdirSync(server.root);
});

const read: [line: string, body?: object][] = [
  ["GET /api/contents/box/note.txt"],
  ["GET /api/contents/box/note.txt?content=0&hash=1"],
  ["GET /files/box/note.txt"],
  ["GET /files/box/note.txt?download=1"],
  ["POST /api/contents", { copy_from: "box/note.txt" }],
  ["POST /api/contents/box/note.txt/checkpoints"],
  ["POST /api/contents/box/note.txt/trust"],
];
const digest = createHash("sha256").update(SECRET).digest("hex");

describe.skipIf(process.platform === "win32").each(["box", "box/note.txt"])(
  "when %s is swapped for a link after it was found",
  (swapped) => {
    test.each(read)("%s gives nothing from outside", async (line, body) => {
      const realpath = promises.realpath;
      let isSwapped = false;
      vi.spyOn(promises, "realpath").mockImplementation((async (path: string) => {
        const real = await realpath(path);
        if (!isSwapped && real === inBox("note.txt")) {
          swap(swapped);
          isSwapped = true;
        }
        return real;
      }) as typeof promises.realpath);
      syncBuiltinESMExports();
      const { status, text } = await server.ask(line, { body });
      expect(isSwapped).toBe(true);
      expect(status).toBe(404);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(digest);
      swapBack(swapped);
      expect(contents()).not.toContain(SECRET);
    });
  },
);

// Where the system says of an open file where it lies.
describe.skipIf(process.platform !== "linux")("when a folder leads outside while a file is opened", () => {
  const everywhere: [line: string, swapped: string, body?: object][] = [
    ...read.map(([line, body]) => [line, "box", body] as [string, string, object?]),
    ["POST /api/contents/box/note.txt/checkpoints/checkpoint", "box/.ipynb_checkpoints"],
    ["POST /api/contents", "box", { copy_from: "box" }],
  ];

  test.each(everywhere)("%s gives nothing from outside", async (line, swapped, body) => {
    for (const name of ["open", "readFile", "copyFile"] as const) {
      const original = promises[name] as (...args: unknown[]) => Promise<unknown>;
      vi.spyOn(promises, name as "open").mockImplementation((async (...args: unknown[]) => {
        // Of those in the box; what is written lies beside it.
        if (!/box\/.*note/.test(String(args[0]))) return original(...args);
        swap(swapped);
        try {
          return await original(...args);
        } finally {
          swapBack(swapped);
        }
      }) as typeof promises.open);
    }
    syncBuiltinESMExports();
    const { status, text } = await server.ask(line, { body });
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(digest);
    expect(contents().filter((content) => content !== "mine")).toEqual([]);
    expect(status).toBe(404);
  });
});
