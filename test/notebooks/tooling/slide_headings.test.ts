// Headings that name slides, the anchors and the table of contents that come of them, and the way back.

import { expect, test } from "vitest";
import { contentsTable, ranges } from "../../../notebooks/tooling/contents.js";
import { generate, readSource } from "../../../notebooks/tooling/generate.js";
import { parseNotebook, serialiseNotebook } from "../../../kernel/protocol/nbformat.js";
import { pull } from "../../../notebooks/tooling/pull.js";
import { readSlideHeading, slideSections } from "../../../notebooks/tooling/slide_headings.js";
import type { Locale } from "../../../notebooks/workbook/locale.js";

test.each([
  ["## Slide 46 (t = 2): output gate", "en", [46], false, false, "output gate"],
  ["## 슬라이드 46 (t = 2): 출력 게이트", "ko", [46], false, false, "출력 게이트"],
  ["## Slides 15–17 (reconstruction): dense layer", "en", [15, 16, 17], true, false, "dense layer"],
  ["## Slides 3, 5–6: two", "en", [3, 5, 6], false, false, "two"],
  ["## 슬라이드 15–17 (재구성): Dense 층", "ko", [15, 16, 17], true, false, "Dense 층"],
  ["## Slide 31 (one damaged line; reconstruction): a", "en", [31], true, false, "a"],
  ["### Slide 17, continued: tanh: at t = 2", "en", [17], false, true, "tanh: at t = 2"],
  ["## 슬라이드 17 (이어서): tanh", "ko", [17], false, true, "tanh"],
] as const)("the heading %j is read", (line, language, slides, reconstruction, continued, title) => {
  expect(readSlideHeading(line, language)).toEqual({ slides, reconstruction, continued, title });
});

test.each([
  ["## Where we stand (slides 35–43)", "en"],
  ["## 출발점 (슬라이드 35–43)", "ko"],
  ["## 슬라이드를 넘어서: 50시점", "ko"],
  ["Slide 3: text", "en"],
  ["# Slides", "en"],
] as const)("%j names no slides", (line, language) => {
  expect(readSlideHeading(line, language)).toBeUndefined();
});

test.each([
  ["## Slide 46 output gate", "en"],
  ["## Slides 15-16: with a hyphen", "en"],
  ["## Slide: none", "en"],
  ["## 슬라이드 46 출력 게이트", "ko"],
] as const)("%j looks like one and is refused", (line, language) => {
  expect(() => readSlideHeading(line, language)).toThrow(`the heading is "${line}", but must be ##`);
});

const source = (en: string, ko: string) => `---
number: "05"
title: { en: Demo, ko: 데모 }
goal: { en: "a|b", ko: 목표 }
minutes: 7
---

\`\`\`ts id=setup
const book = workbook("05", "{language}");
\`\`\`

<!-- cell: a -->

<!-- en -->

${en}

<!-- ko -->

${ko}
`;
const english =
  "Before.\n\n## Slides 1–2: one\n\n```\n## Slide 3: in a fence\n```\n\n## Slide 2, continued: two\n\n{contents}\n\nAfter.";
const korean = "앞.\n\n## 슬라이드 1–2: 하나\n\n## 슬라이드 2 (이어서): 둘\n\n{contents}\n\n뒤.";
const text = source(english, korean);
const read = () => readSource(text, "05_demo.md");
const table = (locale: Locale) => contentsTable([{ stem: "05_demo", source: read() }], locale);
const made = (locale: Locale) =>
  parseNotebook(
    serialiseNotebook(generate(read(), "05_demo.md", locale, { name: "typescript" }, table(locale))),
    "f",
  );

test("sections are found outside fences, in both languages alike", () => {
  expect(slideSections(read()).map(({ slides, continued }) => [slides, continued])).toEqual([
    [[1, 2], false],
    [[2], true],
  ]);
});

test.each([
  [source("## Slide 1: a", "## 슬라이드 2: 가"), "name slides 1 in English, 2 in Korean"],
  [source("## Slide 1 (reconstruction): a", "## 슬라이드 1: 가"), "1 reconstruction in English, 1 in Korean"],
  [source("## Slide 1: a", "가"), "1 in English, none in Korean"],
  [source("## Slide 1 a", "가"), 'the heading is "## Slide 1 a", but must be'],
])("a source whose headings disagree is refused with its line (%#)", (broken, message) => {
  expect(() => readSource(broken, "05_demo.md")).toThrow(message);
  expect(() => readSource(broken, "05_demo.md")).toThrow('05_demo.md:12: cell "a": ');
});

test("generation puts an anchor above a section and the table of contents in its place", () => {
  expect(made("en").cells[1].source).toBe(
    `Before.\n\n<a id="slide-1"></a><a id="slide-2"></a>\n\n## Slides 1–2: one\n\n\`\`\`\n## Slide 3: in a fence\n\`\`\`\n\n## Slide 2, continued: two\n\n${table("en")}\n\nAfter.`,
  );
  expect(table("en")).toContain("| [05 Demo](05_demo.ipynb) | 1–2 | a\\|b | 7 |");
  expect(table("ko")).toContain("| [05 데모](05_demo.ipynb) | 1–2 | 목표 | 7 |");
});

test.each(["en", "ko"] as const)("an untouched notebook gives back its source's bytes (%s)", (language) => {
  expect(pull(made(language), text, "05_demo.md", language, table(language))).toEqual({ text, changes: [] });
});

test("an edit around anchors and contents comes back without them", () => {
  const notebook = made("ko");
  notebook.cells[1].source = notebook.cells[1].source.replace("뒤.", "끝.");
  const { text: pulled, changes } = pull(notebook, text, "05_demo.md", "ko", table("ko"));
  expect(changes).toEqual(["a: changed"]);
  expect(pulled).toBe(text.replace("뒤.", "끝."));
});

test("an edited table of contents is refused, because it would be lost", () => {
  const notebook = made("ko");
  notebook.cells[1].source = notebook.cells[1].source.replace("05 데모", "05 시연");
  expect(() => pull(notebook, text, "05_demo.md", "ko", table("ko"))).toThrow(
    'cell "a": the table of contents was edited',
  );
});

test("slides are written as ranges", () => {
  expect(ranges([12, 10, 11, 14, 14])).toBe("10–12, 14");
  expect(ranges([])).toBe("");
});
