// A learner's progress: kept over restarts and beside other notebooks, and never in a notebook's way.

import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { hintsGiven, openProgress, progressFile } from "../../../notebooks/workbook/exercises/progress.js";
import { workbook } from "../../../notebooks/workbook/index.js";
import { jupyterDisplay } from "../../../notebooks/workbook/table.js";

const compiled = pathToFileURL(join(packageRoot, "dist/notebooks/workbook/exercises/progress.js")).href;

let folder: string;
let file: string;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-progress-"));
  file = join(folder, "deep", "progress.json");
  troubles = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
const open = () => openProgress(file, (kind, where) => troubles.push(`${kind} ${where}`));

test("UNROLLED_PROGRESS names the file; without it, it is in the user's data directory", () => {
  vi.stubEnv("UNROLLED_PROGRESS", file);
  expect(progressFile()).toBe(file);
  vi.stubEnv("UNROLLED_PROGRESS", undefined);
  expect(progressFile()).toMatch(/unrolled.*progress\.json$/);
});

describe("progress", () => {
  test("starts empty, without a file and without a message", () => {
    expect(open().all()).toEqual({});
    expect(existsSync(file)).toBe(false);
    expect(troubles).toEqual([]);
  });

  test("survives a restart; what is solved stays solved, failures count on", () => {
    const first = open();
    first.record("05-1", false);
    first.record("05-1", true);
    first.record("05-2", false);
    const second = open();
    second.record("05-1", false);
    second.record("05-2", false);
    expect(open().all()).toEqual({
      "05-1": { done: true, failures: 2 },
      "05-2": { done: false, failures: 2 },
    });
    expect(troubles).toEqual([]);
  });

  test("counts the hints asked for beside the failures, and reads a file that knows of none", () => {
    mkdirSync(join(folder, "deep"));
    writeFileSync(file, JSON.stringify({ exercises: { "05-1": { done: false, failures: 1 } } }));
    const progress = open();
    expect(hintsGiven(progress.of("05-1"))).toBe(1);
    progress.recordHint("05-1");
    progress.record("05-1", false);
    progress.recordHint("05-2");
    expect(open().all()).toEqual({
      "05-1": { done: false, failures: 2, asked: 1 },
      "05-2": { done: false, failures: 0, asked: 1 },
    });
    expect(hintsGiven(open().of("05-1"))).toBe(3);
    expect(troubles).toEqual([]);
  });

  test("keeps the results of two notebooks at once", () => {
    const [one, other] = [open(), open()];
    one.record("05-1", true);
    other.record("06-1", true);
    one.record("05-2", true);
    expect(Object.keys(other.all()).sort()).toEqual(["05-1", "05-2", "06-1"]);
  });

  test("comes back with the next result after another session has overwritten it", () => {
    const one = open();
    one.record("05-1", true);
    // As another process does that had read the file before.
    writeFileSync(file, JSON.stringify({ exercises: { "06-1": { done: true, failures: 0 } } }));
    one.record("05-2", true);
    expect(Object.keys(open().all()).sort()).toEqual(["05-1", "05-2", "06-1"]);
  });

  test.each([
    ["no JSON", "{"],
    ["empty", ""],
    ["something else", '{"exercises": {"05-1": "yes"}}'],
    ["nothing of ours", "null"],
    ["no record of a guess", '{"exercises": {}, "guesses": {"02-a": 0.5}}'],
  ])("is set aside and replaced, with one message, when its file is %s", (_, content) => {
    mkdirSync(join(folder, "deep"));
    writeFileSync(file, content);
    const progress = open();
    expect(progress.all()).toEqual({});
    progress.record("05-1", true);
    progress.record("05-2", false);
    expect(troubles).toEqual([`unreadable ${file}`]);
    expect(readFileSync(`${file}.broken`, "utf8")).toBe(content);
    expect(open().of("05-1").done).toBe(true);
  });

  test("keeps the first guess, besides what is solved and over restarts", () => {
    open().record("02-1", true);
    open().recordGuess("02-a", 0.5, 0.0457);
    open().recordGuess("02-a", 0.0457, 0.0457);
    expect(open().guesses()).toEqual({ "02-a": { guess: 0.5, answer: 0.0457 } });
    expect(open().of("02-1").done).toBe(true);
  });

  test("reads and extends a file from before guesses were kept", () => {
    mkdirSync(join(folder, "deep"));
    writeFileSync(file, '{"exercises": {"05-1": {"done": true, "failures": 2}}}');
    open().recordGuess("02-a", 0.5, 0.0457);
    expect(open().of("05-1")).toEqual({ done: true, failures: 2 });
    expect(Object.keys(open().guesses())).toEqual(["02-a"]);
    expect(troubles).toEqual([]);
  });

  test("does not put a second broken file in the place of the first", () => {
    mkdirSync(join(folder, "deep"));
    for (const content of ["first {", "second {"]) {
      writeFileSync(file, content);
      open().record("05-1", true);
    }
    expect(readFileSync(`${file}.broken`, "utf8")).toBe("first {");
    expect(readFileSync(`${file}.broken-2`, "utf8")).toBe("second {");
  });

  test("is kept in the session, with one message, when its file cannot be written", () => {
    // A file where the folder should be stops root too, whom permissions do not stop.
    writeFileSync(join(folder, "deep"), "");
    const progress = open();
    progress.record("05-1", false);
    progress.record("05-1", true);
    expect(progress.of("05-1")).toEqual({ done: true, failures: 1 });
    expect(troubles.filter((trouble) => trouble.startsWith("unwritable"))).toHaveLength(1);
    expect(troubles.length).toBeLessThanOrEqual(2);
  });
});

test("a folder without write permission does not stop a learner", () => {
  mkdirSync(join(folder, "deep"), { mode: 0o555 });
  chmodSync(folder, 0o755);
  // Permissions do not stop root: root becomes somebody else once everything is loaded, who may not enter the
  // folders above, hence the relative path.
  const script = `
    import { openProgress } from ${JSON.stringify(compiled)};
    if (process.getuid?.() === 0) process.setuid(65534);
    const progress = openProgress("deep/progress.json", (kind) => console.log(kind));
    progress.record("05-1", true);
    progress.record("05-2", true);
    console.log(JSON.stringify(progress.all()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const [trouble, all, ...more] = stdout.trim().split("\n");
  expect(trouble).toBe("unwritable");
  expect(JSON.parse(all)).toMatchObject({ "05-1": { done: true }, "05-2": { done: true } });
  expect(more).toEqual([]);
});

test("two processes that record in turn and at once never leave a broken file", async () => {
  const script = (notebook: string) => `
    import { openProgress } from ${JSON.stringify(compiled)};
    const progress = openProgress(${JSON.stringify(file)}, (...trouble) => console.error(...trouble));
    for (let n = 1; n <= 30; n++) progress.record("${notebook}-" + n, true);`;
  const run = (notebook: string) =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", script(notebook)]);
  const ends = await Promise.all([run("05"), run("06")]);
  expect(ends.map(({ stderr }) => stderr)).toEqual(["", ""]);
  // Whatever the last write of one took from the other, each brings its own back as soon as it records again.
  await run("05");
  await run("06");
  expect(Object.keys(open().all())).toHaveLength(60);
  expect(troubles).toEqual([]);
});

describe("in a notebook", () => {
  let printed: string[];
  beforeEach(() => {
    printed = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
    vi.stubEnv("UNROLLED_PROGRESS", file);
  });

  test("no answer leaves no trace, and wrong answers bring one hint after the other, over restarts too", () => {
    workbook("05", "en").check("05-1", null);
    expect(existsSync(file)).toBe(false);
    workbook("05", "en").check("05-1", [9, 9]);
    workbook("05", "en").check("05-1", [9, 9]);
    workbook("05", "ko").check("05-1", [9, 9]);
    expect(printed.map((line) => /(?:Hint|힌트) (\d)/.exec(line)?.[1])).toEqual([undefined, "1", "2", "3"]);
  });

  test("a hint may be asked for before any answer, and wrong answers go on where it stopped", () => {
    const book = workbook("05", "en");
    book.hint("05-1");
    expect(printed[0]).toMatch(/^○ 05-1 .*\n\nHint 1 of 3: First .*\n\nBack to slide 36\.$/s);
    book.check("05-1", [9, 9]);
    workbook("05", "ko").hint("05-1");
    expect(printed[1]).toContain("Hint 2 of 3");
    expect(printed[2]).toContain("힌트 3/3");
    book.hint("05-1");
    book.check("05-1", [9, 9]);
    expect(printed[3]).toContain("No hint is left");
    expect(printed[4]).toContain("No hint is left");
    expect(openProgress(file, () => undefined).of("05-1")).toEqual({ done: false, failures: 2, asked: 2 });
    workbook("05", "en").check("05-1", null);
    expect(printed.at(-1)).toContain('No idea how to begin? `book.hint("05-1")`');
    workbook("05", "ko").check("05-1", null);
    expect(printed.at(-1)).toContain('`book.hint("05-1")`');
  });

  test("a link is a link in Markdown only", () => {
    workbook("05", "en").check("05-1", [9, 9]);
    expect(printed[0]).toContain("Back to slide 36.");
    expect(printed[0]).not.toContain(".ipynb");
  });

  test("an answer that cannot be checked, or that is close, costs no hint", () => {
    const book = workbook("05", "en");
    book.check("05-1", "0.6");
    book.check("05-1", [0.645, 0.768]);
    book.check("05-1", [9, 9]);
    expect(printed[1]).toContain("close");
    expect(printed[2]).toContain("Hint 1 of 3");
  });

  test("an unknown exercise is an error that names those of this notebook", () => {
    expect(() => {
      workbook("02", "en").check("05-1", null);
    }).toThrow(/id is "05-1", but must be one of notebook 02: "02-1", "02-2"/);
    expect(() => {
      workbook("02", "en").hint("2-1");
    }).toThrow(/^book\.hint: id is "2-1", but must be one of notebook 02: "02-1", "02-2"/);
    expect(() => {
      workbook("98", "en").check("98-1", null);
    }).toThrow("has no exercises");
  });

  test("a broken file and an unwritable place are reported once each, in the notebook's language", () => {
    writeFileSync(join(folder, "deep"), "");
    const book = workbook("05", "ko");
    book.check("05-8", 1);
    book.check("05-8", 2);
    const told = printed.filter((line) => line.startsWith("△"));
    expect(told.filter((line) => line.includes("저장할 수 없습니다"))).toHaveLength(1);
    expect(printed.at(-1)).toContain("힌트 2/3");
  });

  test("progress() counts by notebook", () => {
    const book = workbook("05", "en");
    const lines = () => book.progress()[jupyterDisplay]()["text/plain"].split("\n");
    expect(lines()[0]).toMatch(/^Your progress: 0 of \d+ exercises$/);
    book.check("05-q1", "B");
    expect(lines()[0]).toMatch(/^Your progress: 1 of /);
    const row = lines().find((line) => line.startsWith("05"));
    expect(row).toMatch(/^05 +1 \/ 12 .*○ 05-1 .*✓ 05-q1/);
    expect(workbook("06", "ko").progress()[jupyterDisplay]()["text/plain"]).toContain("진도");
  });
});
