// History lasts: what one kernel ran, the next can recall, and several kernels at once do not mix theirs.

import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { glob } from "../../../kernel/wire/glob.js";
import { History } from "../../../kernel/wire/history.js";
import { openHistoryStore } from "../../../kernel/wire/history_store.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-history-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, "history");

/** The history of a kernel that ran these cells. */
async function session(...cells: string[]): Promise<History> {
  const history = new History(openHistoryStore(path()));
  cells.forEach((input, at) => {
    history.add(at + 1, input);
  });
  await history.flush();
  return history;
}

const tail = { hist_access_type: "tail" };

describe("history", () => {
  test("ends in a tail that has earlier sessions, oldest first, with session and line numbers", async () => {
    await session("a1", "a2");
    const second = await session("b1");
    expect(await second.answer({ ...tail, n: 2 })).toEqual([
      [1, 2, "a2"],
      [2, 1, "b1"],
    ]);
    expect(await second.answer(tail)).toHaveLength(3);
    expect(await second.answer({ ...tail, n: 0 })).toEqual([]);
    const idle = await session();
    expect(await idle.answer({ ...tail, n: 1 })).toEqual([[2, 1, "b1"]]);
  });

  test("takes ranges of any session: absolute, current, and counted back", async () => {
    await session("a1", "a2", "a3");
    const second = await session("b1", "b2");
    const range = async (request: object) =>
      (await second.answer({ hist_access_type: "range", ...request })).map(([, , input]) => input);
    expect(await range({ session: 1, start: 2 })).toEqual(["a2", "a3"]);
    expect(await range({ session: -1, start: 1, stop: 3 })).toEqual(["a1", "a2"]);
    expect(await range({ session: 0 })).toEqual(["b1", "b2"]);
    expect(await range({ session: 0, start: -1, stop: null })).toEqual(["b2"]);
    expect(await range({ session: 9 })).toEqual([]);
  });

  test("searches all sessions, each input once if asked, and the last n of what was found", async () => {
    await session("plot(1)", "other", "plot(2)");
    const second = await session("plot(1)");
    const search = (request: object) =>
      second.answer({ hist_access_type: "search", pattern: "plot*", ...request });
    expect(await search({})).toEqual([
      [1, 1, "plot(1)"],
      [1, 3, "plot(2)"],
      [2, 1, "plot(1)"],
    ]);
    expect(await search({ unique: true })).toEqual([
      [1, 3, "plot(2)"],
      [2, 1, "plot(1)"],
    ]);
    expect(await search({ n: 1, unique: true })).toEqual([[2, 1, "plot(1)"]]);
  });

  test("keeps results next to inputs", async () => {
    const first = await session("6 * 7", "quiet()");
    first.setOutput(1, "42");
    await first.flush();
    const second = await session();
    expect(await second.answer({ ...tail, output: true })).toEqual([
      [1, 1, ["6 * 7", "42"]],
      [1, 2, ["quiet()", null]],
    ]);
  });

  test("of kernels that run at once is kept apart", async () => {
    const kernels = await Promise.all(Array.from({ length: 20 }, (_, i) => session(`${i}`, `${i} again`)));
    const entries = await kernels[0].answer(tail);
    expect(new Set(entries.map(([number]) => number)).size).toBe(20);
    expect(entries).toHaveLength(40);
  });

  test("survives lines that a crash cut off, and files that are not its own", async () => {
    await session("whole");
    appendFileSync(join(path(), "session-1.jsonl"), '{"line":2,"inp');
    writeFileSync(join(path(), "notes.txt"), "mine");
    const second = await session("next");
    expect((await second.answer(tail)).map(([, , input]) => input)).toEqual(["whole", "next"]);
  });

  test("keeps a thousand sessions and no more", async () => {
    await session("old");
    for (let i = 2; i <= 1001; i++) writeFileSync(join(path(), `session-${i}.jsonl`), "");
    await session("new");
    expect(readdirSync(path())).not.toContain("session-1.jsonl");
    expect(readdirSync(path())).toHaveLength(1001);
  });

  test.skipIf(process.platform === "win32")("can be read by its owner only", async () => {
    await session("secret");
    expect(statSync(path()).mode & 0o777).toBe(0o700);
    expect(statSync(join(path(), "session-1.jsonl")).mode & 0o777).toBe(0o600);
  });

  test("that cannot be written is kept for the session", async () => {
    writeFileSync(path(), "a file where the folder should be");
    const history = await session("kept");
    expect(await history.answer(tail)).toEqual([[1, 1, "kept"]]);
  });
});

describe("search patterns", () => {
  test.each([
    ["*", "anything\nat all", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*b*", "abc", true],
    ["*ab", "aab", true],
    ["a.c", "abc", false],
    ["", "", true],
    ["", "a", false],
    ["(*", "(1)", true],
  ])("%j finds %j: %s", (pattern, text, matches) => {
    expect(glob(pattern)(text)).toBe(matches);
  });

  test("with many stars take no longer than others", () => {
    expect(glob("*a".repeat(50) + "b")("a".repeat(10_000))).toBe(false);
  });
});

describe("a kernel with history", () => {
  const run = async (env: Record<string, string>, ...cells: string[]) => {
    const kernel = await startKernel({ cwd: folder, env });
    try {
      for (const code of cells) expect((await kernel.execute(code)).status).toBe("ok");
      const { content } = await kernel.request("shell", "history_request", { ...tail, output: true });
      return content.history;
    } finally {
      await kernel.shutdown();
    }
  };

  test("recalls what an earlier kernel ran, also if that was shut down at once", async () => {
    await run({ UNROLLED_HISTORY: path() }, "1 + 1");
    expect(await run({ UNROLLED_HISTORY: path() }, "2 + 2")).toEqual([
      [1, 1, ["1 + 1", "2"]],
      [2, 1, ["2 + 2", "4"]],
    ]);
  });

  test("runs cells also when history is switched off or cannot be written", async () => {
    expect(await run({ UNROLLED_HISTORY: "off" }, "1")).toEqual([[1, 1, ["1", "1"]]]);
    const noFolder = join(folder, "file");
    writeFileSync(noFolder, "");
    expect(await run({ UNROLLED_HISTORY: noFolder }, "1")).toEqual([[1, 1, ["1", "1"]]]);
  });
});
