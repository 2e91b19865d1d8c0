// The pages beside the notebooks: every slide accounted for and none claimed that is lost, the errata against
// the golden values, the glossary against the notebooks, and links that lead somewhere.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import {
  countVerdicts,
  daggers,
  errataPage,
  lossesAfterUpdate,
  printedComponents,
} from "../../../notebooks/pages/errata.js";
import { glossaryProblems } from "../../../notebooks/pages/glossary_page.js";
import { symbols, terms } from "../../../notebooks/pages/glossary.js";
import { lectureOutline } from "../../../notebooks/workbook/lecture/lecture_outline.js";
import { placeSlides, slideProblems, slidesPage } from "../../../notebooks/pages/slide_table.js";
import { workbookPages } from "../../../notebooks/pages/workbook_pages.js";
import type { NamedSource } from "../../../notebooks/tooling/contents.js";
import { readSource } from "../../../notebooks/tooling/generate.js";
import { parseNotebook } from "../../../kernel/protocol/nbformat.js";
import deck from "../../../notebooks/workbook/data/vectors/deck_vectors.json" with { type: "json" };

const folder = join(packageRoot, "notebooks");
const sources: NamedSource[] = readdirSync(join(folder, "source"))
  .filter((name) => /^\d\d_.*\.md$/.test(name))
  .sort()
  .map((name) => ({
    stem: name.replace(/\.md$/, ""),
    source: readSource(readFileSync(join(folder, "source", name), "utf8"), name),
  }));

/** The sources with the headings of one notebook changed. */
const withHeadings = (
  number: string,
  change: (text: string, language: "en" | "ko") => string,
): NamedSource[] =>
  sources.map(({ stem, source }) => ({
    stem,
    source:
      source.number !== number
        ? source
        : {
            ...source,
            cells: source.cells.map((cell) =>
              cell.kind === "code"
                ? cell
                : { ...cell, text: { en: change(cell.text.en, "en"), ko: change(cell.text.ko, "ko") } },
            ),
          },
  }));

test("the outline has the lecture's 73 slides, each with a title in both languages", () => {
  expect(lectureOutline.map(({ slide }) => slide)).toEqual(Array.from({ length: 73 }, (_, k) => k + 1));
  for (const { slide, title } of lectureOutline) {
    expect(title.en, `${slide}`).not.toMatch(/[가-힣]/);
    expect(title.ko, `${slide}`).toMatch(/[가-힣]|LSTM/);
  }
  const titles = lectureOutline.map(({ title }) => title.ko);
  expect(new Set(titles).size).toBe(titles.length);
});

test("every slide has its section, except those whose notebook is not written", () => {
  expect(slideProblems(sources)).toEqual([]);
  const written = new Set(sources.map(({ source }) => source.number));
  const missing = placeSlides(sources).filter(({ section }) => !section);
  expect(missing.filter(({ notebook }) => written.has(notebook))).toEqual([]);
});

test("slides 13–19 and 36–59 have numbers only where they have a section", () => {
  const placed = placeSlides(sources);
  for (const { slide } of printedComponents)
    expect(placed[slide - 1].section, `slide ${slide}`).toBeDefined();
});

test.each<[string, string, (text: string, language: "en" | "ko") => string, string]>([
  [
    "a slide nobody renders",
    "05",
    (text) => text.replace(/^## (Slide|슬라이드) 36 /m, "## 36 "),
    'slide 36 has no section, but must have a heading "## Slide 36: …" in notebook 05',
  ],
  [
    "a lost slide shown as if it could be read",
    "02",
    (text) => text.replace(/^(## .*13) \((reconstruction|재구성)\)/m, "$1"),
    "slide 13 is lost, but notebook 02 renders it as if it could be read: label the heading (reconstruction)",
  ],
  [
    "a legible slide called a reconstruction",
    "05",
    (text, language) =>
      text.replace(/^(## .*38) \(t = 1\)/m, language === "en" ? "$1 (reconstruction)" : "$1 (재구성)"),
    "slide 38 can be read, but notebook 05 calls its section a reconstruction",
  ],
  [
    "a slide the lecture does not have",
    "07",
    (text) => text.replace(/^(## (?:Slide|슬라이드)) 59:/m, "$1 59, 74:").replace("Slide 59,", "Slides 59,"),
    "notebook 07: slide 74: the lecture has slides 1–73",
  ],
  [
    "a slide rendered twice",
    "07",
    (text) => text.replace(/^(## (?:Slide|슬라이드)) 59:/m, "$1 58–59:").replace("Slide 58–", "Slides 58–"),
    'notebook 07: slide 58 has a section already: call this one "continued"',
  ],
  [
    "a slide of another notebook",
    "06",
    (text) => text.replace(/^(## (?:Slide|슬라이드)) 44:/m, "$1 43–44:").replace("Slide 43–", "Slides 43–"),
    'notebook 06: slide 43 has a section already: call this one "continued"',
  ],
])("slideProblems finds %s", (_, number, change, problem) => {
  expect(slideProblems(withHeadings(number, change))).toEqual([problem]);
});

test("the table of slides has 73 rows and says how each slide is rendered", () => {
  for (const language of ["en", "ko"] as const) {
    const rows = slidesPage(sources, language)
      .split("\n")
      .filter((line) => /^\| \d+ \|/.test(line));
    expect(rows.map((row) => Number(/\d+/.exec(row)?.[0]))).toEqual(lectureOutline.map(({ slide }) => slide));
  }
  const english = slidesPage(sources, "en");
  expect(english).toMatch(/^\| 36 \|.*legible.*05_lstm_forward\.ipynb#slide-36\) \| faithful \|$/m);
  expect(english).toMatch(/^\| 13 \|.*lost.*02_vanishing_gradients\.ipynb#slide-13\) \| reconstruction \|$/m);
  expect(english).toMatch(/^\| 14 \|.*damaged: .*#slide-14\) \| partly \|$/m);
});

test("the errata hold all 155 numbers of the golden file, with the totals", () => {
  type Nested = number | Nested[];
  const flat = (value: Nested): number[] => (Array.isArray(value) ? value.flatMap(flat) : [value]);
  const golden = Object.values(deck.printed) as { slide: number; value: Nested }[];
  const printed = golden.flatMap(({ slide, value }) => flat(value).map((number) => ({ slide, number })));
  expect(printedComponents.map(({ slide, printed }) => ({ slide, number: Number(printed) }))).toEqual(
    printed,
  );
  expect(printed).toHaveLength(155);
  expect(countVerdicts()).toEqual({ matches: 93, carried: 49, lastDigit: 5, slip: 8 });
  for (const language of ["en", "ko"] as const) {
    const page = errataPage(sources, language);
    for (const id of ["E1", "E2", "E3", "E4", "E5", "E6", "E7"]) expect(page).toContain(`| ${id} |`);
    for (const count of [155, 93, 49, 5, 8]) expect(page).toMatch(new RegExp(`\\*\\*${count}\\D`));
    const table = page.slice(page.lastIndexOf("\n## "));
    expect(table.match(/^\| \[?\d+/gm)).toHaveLength(155);
    expect(page).toContain("ONECLICK AI");
  }
});

test("the loss after the update follows from exact and from printed weights", () => {
  const { printed, exact } = lossesAfterUpdate();
  // PyTorch, 200 steps of SGD from slide 35.
  expect(exact).toBeCloseTo(0.760727, 6);
  expect(printed).toBeCloseTo(0.760672, 6);
});

test("the daggers are right to four decimals, but not what their inputs give", () => {
  expect(daggers().map(({ slide, name }) => `${slide} ${name}`)).toEqual([
    "41 tanh(C₂) [2]",
    "41 h₂ [2]",
    "44 ∂L/∂W_hy [1,1]",
    "44 ∂L/∂W_hy [2,1]",
    "53 ∂o₁ [2]",
  ]);
});

test("the glossary's terms are used where it says, and a term that is not is found", () => {
  expect(glossaryProblems(sources)).toEqual([]);
  const without = withHeadings("02", (text) => text.replaceAll(/spectral radius/gi, "radius"));
  expect(glossaryProblems(without)).toEqual([
    'glossary: notebook 02 never says "spectral radius", though slide 11 is to explain it',
  ]);
  for (const { symbol, meaning } of symbols) {
    expect(symbol).not.toMatch(/[$|]/);
    expect(meaning.ko).toMatch(/[가-힣]/);
  }
  for (const { term, meaning } of terms) {
    expect(term.ko + meaning.ko).toMatch(/[가-힣]/);
    expect(term.en + meaning.en).not.toMatch(/[가-힣]/);
  }
});

test("the committed pages are those the sources give", () => {
  const { pages, problems } = workbookPages(sources);
  expect(problems).toEqual([]);
  expect(pages.map(({ file }) => file).sort()).toEqual(
    ["en", "ko"].flatMap((language) =>
      ["errata", "glossary", "slides"].map((name) => `${language}/${name}.md`),
    ),
  );
  for (const { file, text } of pages) expect(readFileSync(join(folder, file), "utf8"), file).toBe(text);
});

const anchors = new Map<string, Set<string>>();
function anchorsOf(notebook: string): Set<string> {
  let found = anchors.get(notebook);
  if (!found) {
    const { cells } = parseNotebook(readFileSync(notebook, "utf8"), notebook);
    const prose = cells.flatMap((cell) => (cell.cell_type === "markdown" ? [cell.source] : [])).join("\n");
    const ids = [...prose.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
    expect(ids, notebook).toEqual([...new Set(ids)]);
    anchors.set(notebook, (found = new Set(ids)));
  }
  return found;
}

/** Where a text links to within the project: file and anchor. */
const linksIn = (text: string) =>
  [...text.matchAll(/\]\(([^()\s#:]+)(?:#([^()\s]+))?\)/g)].map(([, file, anchor]) => ({ file, anchor }));

test("links between pages and notebooks lead to a file, and to an anchor that is there", () => {
  const texts = workbookPages(sources).pages.map(({ file, text }) => ({ path: join(folder, file), text }));
  for (const language of ["en", "ko"]) {
    const path = join(folder, language, "00_start_here.ipynb");
    const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
    texts.push({
      path,
      text: cells.map((cell) => (cell.cell_type === "markdown" ? cell.source : "")).join("\n"),
    });
  }
  let followed = 0;
  for (const { path, text } of texts)
    for (const { file, anchor } of linksIn(text)) {
      const target = join(dirname(path), file);
      expect(existsSync(target), `${path}: ${file}`).toBe(true);
      if (anchor !== undefined)
        expect([...anchorsOf(target)], `${path}: ${file}#${anchor}`).toContain(anchor);
      followed++;
    }
  expect(followed).toBeGreaterThan(400);
});

test("notebook 00 links to every notebook in its language", () => {
  for (const language of ["en", "ko"]) {
    const notebook = readFileSync(join(folder, language, "00_start_here.ipynb"), "utf8");
    for (const { stem } of sources) expect(notebook).toContain(`(${stem}.ipynb)`);
  }
});
