import { cp, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { notebooksCommand } from "../../../notebooks/tooling/command.js";
import type { MakePages } from "../../../notebooks/tooling/pages.js";
import { checkPages } from "../../../notebooks/tooling/pages.js";

// A demonstration with everything the command looks at: prose, code, a print, a chart.
const source = (value: string) => `---
number: "01"
title:
  en: Demo
  ko: 데모
---

<!-- cell: intro -->
<!-- en -->
# Demo
<!-- ko -->
# 데모

\`\`\`ts id=setup
const workbook = (number, language) => number + language;
const book = workbook("01", "{language}");
book
\`\`\`

\`\`\`ts id=sum
const h = ${value};
console.log("h =", h);
\`\`\`

\`\`\`ts id=chart
const spec = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  description: book.endsWith("ko") ? "시점 t에 따른 h" : "h over t",
  data: { values: [{ t: 1, h }, { t: 2, h: 2 * h }] },
  mark: "point",
  encoding: { x: { field: "t", type: "quantitative" }, y: { field: "h", type: "quantitative" } },
};
spec
\`\`\`
`;

const sourceOf = (root: string) => join(root, "notebooks", "source", "01_demo.md");
const notebookOf = (root: string, language: string) => join(root, "notebooks", language, "01_demo.ipynb");

/** Runs the command; what it prints, and its exit code. */
async function run(root: string, ...args: string[]): Promise<{ code: number; printed: string }> {
  return await runWith(undefined, root, ...args);
}

async function runWith(makePages: MakePages | undefined, root: string, ...args: string[]) {
  const lines: string[] = [];
  const collect = (line: string) => void lines.push(line);
  vi.spyOn(console, "log").mockImplementation(collect);
  vi.spyOn(console, "error").mockImplementation(collect);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const code = await notebooksCommand(args, root, makePages);
  vi.restoreAllMocks();
  return { code, printed: lines.join("\n") };
}
afterEach(() => {
  vi.restoreAllMocks();
});

let written: string;
beforeAll(async () => {
  written = await mkdtemp(join(tmpdir(), "unrolled-"));
  await mkdir(join(written, "notebooks", "source"), { recursive: true });
  await writeFile(sourceOf(written), source("0.5370495669980353"));
  const { code, printed } = await run(written, "--write");
  expect({ code, printed }).toMatchObject({ code: 0 });
});

/** A copy for each test to damage. */
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "unrolled-"));
  await cp(written, root, { recursive: true });
});

test("what was just written passes the check, in both languages", async () => {
  expect(await readdir(join(root, "notebooks", "en"))).toEqual(["01_demo.ipynb"]);
  expect(await readFile(notebookOf(root, "ko"), "utf8")).toContain('workbook(\\"01\\", \\"ko\\")');
  const { code, printed } = await run(root);
  expect(code, printed).toBe(0);
});

test("a tampered number, a tampered text and a missing notebook are listed", async () => {
  const ko = await readFile(notebookOf(root, "ko"), "utf8");
  expect(ko).toContain("h = 0.5370495669980353");
  await writeFile(notebookOf(root, "ko"), ko.replace("h = 0.5370495669980353", "h = 0.5370495"));
  const { code, printed } = await run(root, "01");
  expect(code).toBe(1);
  expect(printed).toContain('ko/01_demo.ipynb: cell "sum": output 1, text\n  expected: h = 0.5370495');
  expect(printed).not.toContain("en/01_demo.ipynb: cell");
});

test("rewriting leaves files alone whose numbers are within the tolerance", async () => {
  const close = (await readFile(notebookOf(root, "en"), "utf8")).replaceAll(
    "0.5370495669980353",
    "0.53704956699804",
  );
  const inSource = close.replace("const h = 0.53704956699804", "const h = 0.5370495669980353");
  await writeFile(notebookOf(root, "en"), inSource);
  const before = await stat(notebookOf(root, "en"));
  expect((await run(root, "--write")).code).toBe(0);
  expect(await readFile(notebookOf(root, "en"), "utf8")).toBe(inSource);
  expect((await stat(notebookOf(root, "en"))).mtimeMs).toBe(before.mtimeMs);
});

test("a failing cell's traceback is shown and the notebook keeps its bytes", async () => {
  const before = await readFile(notebookOf(root, "en"), "utf8");
  await writeFile(sourceOf(root), source("(() => { throw new RangeError('too deep'); })()"));
  const { code, printed } = await run(root, "--write", "01_demo");
  expect(code).toBe(1);
  expect(printed).toContain('en/01_demo.ipynb: cell "sum": the cell fails');
  expect(printed).toContain("RangeError: too deep");
  expect(await readFile(notebookOf(root, "en"), "utf8")).toBe(before);
});

test("a chapter runs as a learner's copy does, without the packages of the project", async () => {
  await mkdir(join(root, "node_modules", "ours"), { recursive: true });
  await writeFile(join(root, "node_modules", "ours", "index.js"), "");
  await writeFile(sourceOf(root), source('await import("ours")'));
  const { code, printed } = await run(root, "--write");
  expect(code).toBe(1);
  expect(printed).toContain("Cannot find module 'ours'");
});

test("a notebook without a source and a name without a source are reported", async () => {
  await writeFile(join(root, "notebooks", "en", "09_old.ipynb"), "{}");
  const { code, printed } = await run(root);
  expect(code).toBe(1);
  expect(printed).toContain("en/09_old.ipynb: has no source");
  expect(await run(root, "77")).toMatchObject({
    code: 1,
    printed: expect.stringContaining('name is "77", but must be one of') as string,
  });
});

test("pages are made from all sources, and their problems fail the check", async () => {
  const titles: MakePages = (sources) => ({
    pages: [{ file: "en/titles.md", text: `# ${sources.map(({ source }) => source.title.en).join()}\n` }],
    problems: ["slide 3 has no section"],
  });
  const { code, printed } = await runWith(titles, root, "--write");
  expect(code).toBe(1);
  expect(printed).toContain("slide 3 has no section");
  expect(await readFile(join(root, "notebooks", "en", "titles.md"), "utf8")).toBe("# Demo\n");
});

test("a page that is missing or differs is named, with the line", async () => {
  const pages = [{ file: "en/page.md", text: "# Page\nright\n" }];
  const path = join(root, "notebooks", "en", "page.md");
  expect(await checkPages(root, pages, false)).toEqual(["en/page.md: is not there"]);
  expect(await checkPages(root, pages, true)).toEqual([]);
  expect(await checkPages(root, pages, false)).toEqual([]);
  await writeFile(path, "# Page\nwrong\n");
  expect(await checkPages(root, pages, false)).toEqual([
    "en/page.md: line 2\n  expected: wrong\n  came:     right",
  ]);
  await writeFile(path, "# Page\nright\n\nmore\n");
  expect(await checkPages(root, pages, false)).toEqual([
    "en/page.md: line 4\n  expected: more\n  came:     (the page ends)",
  ]);
});

test("code that differs between the languages beyond the first cell is refused", async () => {
  await writeFile(sourceOf(root), source('workbook("01", "{language}").length'));
  const { code, printed } = await run(root, "--write");
  expect(code).toBe(1);
  expect(printed).toContain('en/01_demo.ipynb: cell "sum": is different code in the other language');
});

test("pull brings an edit back, and the notebooks follow", async () => {
  const file = notebookOf(root, "ko");
  await writeFile(file, (await readFile(file, "utf8")).replace('"# 데모"', '"# 시연"'));
  expect((await run(root, "pull", file)).printed).toContain("  intro: changed");
  expect(await readFile(sourceOf(root), "utf8")).toContain("# 시연");
  expect((await run(root)).code).toBe(0);
  const unchanged = await readFile(sourceOf(root), "utf8");
  expect((await run(root, "pull", notebookOf(root, "en"), file)).code).toBe(0);
  expect(await readFile(sourceOf(root), "utf8")).toBe(unchanged);
});

test("Ctrl-C ends a hanging cell, writes nothing and answers 130", async () => {
  const before = await readFile(notebookOf(root, "en"), "utf8");
  await writeFile(sourceOf(root), source("await new Promise(() => {})"));
  const onTick = setInterval(() => process.emit("SIGINT"), 4000);
  const { code } = await run(root, "--write");
  clearInterval(onTick);
  expect(code).toBe(130);
  expect(await readFile(notebookOf(root, "en"), "utf8")).toBe(before);
  expect(await readdir(join(root, "notebooks", "en"))).toEqual(["01_demo.ipynb"]);
});
