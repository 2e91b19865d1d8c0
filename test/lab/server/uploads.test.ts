// Uploads that nobody finishes: what came of them is removed after a while, or when the server ends.

import { mkdtempSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startServer } from "../../../lab/server/server.js";
import { STALE_AFTER_MS, Uploads } from "../../../lab/server/uploads.js";
import { ask } from "../../support/lab_server.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-uploads-"));
});
afterEach(() => {
  vi.useRealTimers();
});
const names = () => readdirSync(folder);

test("uploads are forgotten when no piece has come for ten minutes, and not before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const uploads = new Uploads();
  const add = (chunk: number, text: string) => uploads.add(join(folder, "a.bin"), chunk, Buffer.from(text));
  await add(1, "one ");
  vi.advanceTimersByTime(STALE_AFTER_MS - 1);
  await add(2, "two ");
  vi.advanceTimersByTime(STALE_AFTER_MS - 1);
  await add(3, "three ");
  expect(names()).toEqual([expect.stringMatching(/^\..*\.tmp$/)]);
  vi.advanceTimersByTime(STALE_AFTER_MS);
  await expect.poll(names).toEqual([]);
  await expect(add(4, "four")).rejects.toThrow("chunk is 4, but must be 1");

  await add(1, "one ");
  await add(-1, "two");
  vi.advanceTimersByTime(2 * STALE_AFTER_MS);
  expect(vi.getTimerCount()).toBe(0);
  expect(readFileSync(join(folder, "a.bin"), "utf8")).toBe("one two");
});

test("uploads whose pieces have vanished are not continued", async () => {
  const uploads = new Uploads();
  const target = join(folder, "a.bin");
  unlinkSync(await uploads.add(target, 1, Buffer.from("one")));
  await expect(uploads.add(target, -1, Buffer.from("two"))).rejects.toThrow("ENOENT");
  expect(names()).toEqual([]);
});

test("uploads leave nothing behind when the server is closed", async () => {
  const lab = await startServer({ root: folder, staticDir: folder, settingsDir: folder });
  const headers = { Authorization: `token ${new URL(lab.url).searchParams.get("token")}` };
  const body = { type: "file", format: "text", chunk: 1, content: "x" };
  for (const name of ["a.bin", "b.bin"])
    expect((await ask(lab.port, `PUT /api/contents/${name}`, { headers, body })).status).toBe(201);
  expect(names()).toHaveLength(2);
  await lab.close();
  expect(names()).toEqual([]);
});
