// The learner's copies of the notebooks: what is theirs is never written over.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Workbook } from "../../cli/lab/workbook.js";
import { runNotebook } from "../../kernel/commands/run.js";
import { packageRoot } from "../../kernel/package_root.js";
import type { Notebook } from "../../kernel/protocol/nbformat.js";
import { parseNotebook, serialiseNotebook } from "../../kernel/protocol/nbformat.js";
import { exercises } from "../../notebooks/workbook/exercises/index.js";
import { openProgress, progressFile } from "../../notebooks/workbook/exercises/progress.js";
import { parseSource } from "../../notebooks/tooling/source.js";

const originals = join(packageRoot, "notebooks");
const NAME = "05_lstm_forward.ipynb";

let folder: string;
let workbook: Workbook;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-workbook-"));
  workbook = new Workbook(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const copy = join("ko", NAME);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const original = () => readFileSync(join(originals, copy), "utf8");
/** What a learner is given of it. */
const laid = () => serialiseNotebook(withoutOutputs(parseNotebook(original(), copy)));
const withoutOutputs = (notebook: Notebook): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  ),
});

/** As an older version of this package would have left it: another original, of which it kept the hash. */
async function provideOlder(text: string): Promise<void> {
  await workbook.provide("ko");
  const state = JSON.parse(read(".unrolled-workbook.json")) as { originals: Record<string, string> };
  state.originals[`ko/${NAME}`] = createHash("sha256").update(text).digest("hex");
  writeFileSync(join(folder, ".unrolled-workbook.json"), JSON.stringify(state));
  writeFileSync(join(folder, copy), text);
}

describe("copies of the workbook", () => {
  test("are all the pages of a language, byte for byte, and all its notebooks, with no output", async () => {
    expect(await workbook.provide("ko")).toEqual([]);
    const names = readdirSync(join(folder, "ko")).sort();
    expect(names).toEqual(readdirSync(join(originals, "ko")).sort());
    for (const name of names) {
      const [mine, theirs] = [folder, originals].map((root) => readFileSync(join(root, "ko", name), "utf8"));
      if (!name.endsWith(".ipynb")) expect(mine).toBe(theirs);
      else expect(parseNotebook(mine, name)).toEqual(withoutOutputs(parseNotebook(theirs, name)));
    }
  });

  test("are recognised when untouched: an older version's, which came with outputs, are brought up to date", async () => {
    await provideOlder(original());
    expect(read(copy)).toContain('"output_type"');
    expect(await workbook.provide("ko")).toEqual([]);
    expect(read(copy)).toBe(laid());
  });

  test("keep what a learner has run, and nothing else", async () => {
    await workbook.provide("ko");
    const notebook = parseNotebook(read(copy), copy);
    const answered = notebook.cells.find(({ cell_type }) => cell_type === "code")!;
    answered.execution_count = 1;
    const ran = serialiseNotebook(notebook);
    writeFileSync(join(folder, copy), ran);
    expect(await workbook.provide("ko")).toEqual([]);
    expect(read(copy)).toBe(ran);
  });

  test("run where they are laid: no package of this repository is above them", async () => {
    await workbook.provide("ko");
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(
      await runNotebook([join(folder, "ko", "09_derivatives.ipynb")]),
      printed.mock.calls.join("\n"),
    ).toBe(0);
    printed.mockRestore();
  });

  test("keep what a learner wrote", async () => {
    await workbook.provide("ko");
    writeFileSync(join(folder, copy), "mine");
    expect(await workbook.provide("ko")).toEqual([]);
    expect(read(copy)).toBe("mine");
  });

  test("come back when they are deleted or renamed", async () => {
    await workbook.provide("ko");
    rmSync(join(folder, copy));
    await workbook.provide("ko");
    expect(read(copy)).toBe(laid());
  });

  test("follow an upgrade where nobody worked in them", async () => {
    await provideOlder("older");
    expect(await workbook.provide("ko")).toEqual([]);
    expect(read(copy)).toBe(laid());
  });

  test("stay as they are at an upgrade where somebody worked in them, who is told once", async () => {
    await provideOlder("older");
    writeFileSync(join(folder, copy), "mine");
    expect(await workbook.provide("ko")).toEqual([`ko/${NAME}`]);
    expect(await workbook.provide("ko")).toEqual([]);
    expect(read(copy)).toBe("mine");
  });

  test("never replace a file that was there before", async () => {
    await workbook.provide("en");
    rmSync(join(folder, ".unrolled-workbook.json"));
    writeFileSync(join(folder, "en", NAME), "mine");
    expect(await workbook.provide("en")).toEqual([`en/${NAME}`]);
    expect(read(join("en", NAME))).toBe("mine");
  });

  test("appear by themselves in an empty folder or one of their own, and in no other", async () => {
    expect(await workbook.isAtHome()).toBe(true);
    expect(await new Workbook(join(folder, "to be made")).isAtHome()).toBe(true);
    await workbook.provide("en");
    expect(await workbook.isAtHome()).toBe(true);
    rmSync(join(folder, ".unrolled-workbook.json"));
    expect(await workbook.isAtHome()).toBe(false);
  });

  test("leave a broken record as it is and say what to do about it", async () => {
    writeFileSync(join(folder, ".unrolled-workbook.json"), "{");
    await expect(workbook.provide("en")).rejects.toThrow(/unrolled-workbook\.json: is not JSON .* delete it/);
    expect(read(".unrolled-workbook.json")).toBe("{");
  });
});

describe("chapters", () => {
  beforeEach(() => {
    vi.stubEnv("UNROLLED_PROGRESS", join(folder, "progress.json"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each(["en", "ko"] as const)(
    "have the titles, minutes and exercises of the sources in %s",
    async (language) => {
      const sources = readdirSync(join(originals, "source"))
        .filter((name) => /^\d\d_/.test(name))
        .sort()
        .map((name) => {
          const source = parseSource(readFileSync(join(originals, "source", name), "utf8"), name);
          return {
            name: name.replace(/md$/, "ipynb"),
            title: source.title[language],
            minutes: source.minutes,
            exercises: exercises.filter(({ id }) => id.startsWith(name.slice(0, 3).replace("_", "-"))).length,
            solved: 0,
          };
        });
      expect(sources.length).toBeGreaterThan(9);
      expect(await workbook.chapters(language)).toEqual(sources);
    },
  );

  test("count what is solved, in both languages, and nothing that is not theirs", async () => {
    const progress = openProgress(progressFile(), () => undefined);
    progress.record("05-1", true);
    progress.record("05-2", false);
    progress.record("99-1", true);
    for (const language of ["en", "ko"] as const) {
      const begun = (await workbook.chapters(language)).filter(({ solved }) => solved > 0);
      expect(begun.map(({ name, solved }) => [name, solved])).toEqual([[NAME, 1]]);
    }
  });

  test.each(["{", "[]", '{"exercises": {"05-1": null}}'])(
    "have nothing solved if that is kept as %s",
    async (text) => {
      writeFileSync(progressFile(), text);
      expect((await workbook.chapters("en")).every(({ solved }) => solved === 0)).toBe(true);
      // It is the notebook that says so, and keeps the file.
      expect(readFileSync(progressFile(), "utf8")).toBe(text);
    },
  );
});
