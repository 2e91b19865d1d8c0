import { expect, test } from "vitest";
import { generate, readSource } from "../../../notebooks/tooling/generate.js";
import type { Notebook, NotebookCell } from "../../../kernel/protocol/nbformat.js";
import { parseNotebook, serialiseNotebook } from "../../../kernel/protocol/nbformat.js";
import { originOf, pull } from "../../../notebooks/tooling/pull.js";
import type { Locale } from "../../../notebooks/workbook/locale.js";

const file = "notebooks/source/05_demo.md";
// Spacing that serialiseSource would not choose: what is not edited must keep it.
const source = `---
number: "05"   # two digits
title: { en: Demo, ko: 데모 }
---


<!-- cell: intro -->
<!-- en -->
# Demo
<!-- ko -->
# 데모
\`\`\`ts id=setup
const book = workbook("05", "{language}");
\`\`\`



<!-- cell: sums -->
<!-- en -->

A sum.

<!-- ko -->

합.

\`\`\`\`ts id=sum
const s = 1 + 2;
s
\`\`\`\`
`;

function generated(locale: Locale): Notebook {
  const notebook = generate(readSource(source, "05_demo.md"), "05_demo.md", locale, { name: "typescript" });
  return parseNotebook(serialiseNotebook(notebook), "f");
}
const cellOf = (notebook: Notebook, id: string) => notebook.cells.find((cell) => cell.id === id)!;
const newCell = (cell_type: "code" | "markdown", id: string, text: string): NotebookCell => ({
  cell_type,
  id,
  metadata: {},
  source: text,
  ...(cell_type === "code" && { outputs: [], execution_count: null }),
});

test.each(["en", "ko"] as const)("an untouched notebook gives back its source's bytes (%s)", (language) => {
  const notebook = generated(language);
  expect(originOf(notebook, "f")).toEqual({ source: file, locale: language });
  expect(pull(notebook, source, file, language)).toEqual({ text: source, changes: [] });
  const crlf = source.replaceAll("\n", "\r\n");
  expect(pull(notebook, crlf, file, language)).toEqual({ text: crlf, changes: [] });
});

test("changed code is for both languages, and the language is a placeholder again", () => {
  const notebook = generated("ko");
  cellOf(notebook, "setup").source = 'const book = workbook("05", "ko");\nconst x = 1;';
  const { text, changes } = pull(notebook, source, file, "ko");
  expect(changes).toEqual(["setup: changed"]);
  const line = 'const book = workbook("05", "{language}");\n';
  expect(text).toBe(
    source.replace(line + "```\n\n\n\n", line + "const x = 1;\n```\n\n\n\n".replace(/\n+$/, "\n\n")),
  );
});

test("changed prose is that of the notebook's language", () => {
  const notebook = generated("ko");
  cellOf(notebook, "sums").source = "두 수의 합.\n";
  const { text, changes } = pull(notebook, source, file, "ko");
  expect(changes).toEqual(["sums: changed"]);
  expect(readSource(text, "05_demo.md").cells[2]).toEqual({
    kind: "prose",
    id: "sums",
    text: { en: "A sum.", ko: "두 수의 합." },
  });
  expect(text.slice(0, text.indexOf("<!-- cell: sums"))).toBe(
    source.slice(0, source.indexOf("<!-- cell: sums")),
  );
});

test("new prose waits for its translation, which generation asks for", () => {
  const notebook = generated("en");
  notebook.cells.splice(2, 0, newCell("markdown", "3f2a", "New."), newCell("code", "9c", "2 * 3"));
  const { text, changes } = pull(notebook, source, file, "en");
  expect(changes).toEqual(["3f2a: new", "9c: new"]);
  expect(() => readSource(text, "05_demo.md")).toThrow(
    /05_demo\.md:\d+: cell "3f2a" is not translated: its ko text/,
  );
  expect(readSource(text.replace("TODO translate", "새 글."), "05_demo.md").cells[2]).toEqual({
    kind: "prose",
    id: "3f2a",
    text: { en: "New.", ko: "새 글." },
  });
  expect(text).toContain("TODO translate\n\n```ts id=9c\n2 * 3\n```\n\n<!-- cell: sums -->");
});

test("deleted and moved cells are deleted and moved in the source", () => {
  const notebook = generated("en");
  const [intro, setup, , sum] = notebook.cells;
  notebook.cells = [setup, sum, intro];
  const { text, changes } = pull(notebook, source, file, "en");
  expect(changes).toEqual(["sums: deleted", "order: setup sum intro"]);
  expect(readSource(text, "05_demo.md").cells.map(({ id }) => id)).toEqual(["setup", "sum", "intro"]);
  expect(pull(notebook, text, file, "en")).toEqual({ text, changes: [] });
  expect(text.endsWith("# 데모\n")).toBe(true);
});

test("pulling twice changes nothing the second time", () => {
  const notebook = generated("en");
  cellOf(notebook, "sum").source = "const s = `x` + '```';\ns";
  notebook.cells.push(newCell("markdown", "end", "The end."));
  const once = pull(notebook, source, file, "en").text;
  expect(pull(notebook, once, file, "en")).toEqual({ text: once, changes: [] });
});

test("what a source cannot hold is refused", () => {
  const pulled = (change: (notebook: Notebook) => void) => {
    const notebook = generated("en");
    change(notebook);
    return () => pull(notebook, source, file, "en");
  };
  expect(pulled((n) => (n.cells[0].cell_type = "raw"))).toThrow('cell "intro" is a raw cell');
  expect(pulled((n) => (n.cells[0].cell_type = "code"))).toThrow(
    'cell "intro": it changed between code and text',
  );
  expect(pulled((n) => (n.cells[0].source = "\n"))).toThrow('cell "intro" is an empty Markdown cell');
  expect(pulled((n) => (n.cells[0].source = "a\n<!-- ko -->\nb"))).toThrow('cell "intro"');
  expect(pulled((n) => Object.assign(n.cells[0], { attachments: { "a.png": {} } }))).toThrow(
    "attached pictures",
  );
});

test("a notebook that was not generated is refused", () => {
  const notebook = generated("en");
  notebook.metadata = {};
  expect(() => originOf(notebook, "mine.ipynb")).toThrow("mine.ipynb: metadata.unrolled.source is undefined");
  notebook.metadata = { unrolled: { source: "notebooks/source/../../../etc/x.md", language: "en" } };
  expect(() => originOf(notebook, "mine.ipynb")).toThrow("metadata.unrolled.source is");
});
