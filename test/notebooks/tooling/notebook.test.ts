import { readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AjvDraft04 from "ajv-draft-04";
import { expect, test } from "vitest";
import { generate, readSource } from "../../../notebooks/tooling/generate.js";
import type { Output } from "../../../kernel/protocol/nbformat.js";
import { parseNotebook, putResults, readText, serialiseNotebook } from "../../../kernel/protocol/nbformat.js";

const schema = JSON.parse(
  readFileSync(new URL("../../support/nbformat-4.5.schema.json", import.meta.url), "utf8"),
) as object;
const validate = new AjvDraft04.default({ strict: false }).compile(schema);
/** nbformat's own schema is the judge of what we write. */
function expectValid(text: string): void {
  validate(JSON.parse(text));
  expect(validate.errors).toBeNull();
}

const outputs: Output[] = [
  { output_type: "stream", name: "stdout", text: "a\nb" },
  {
    output_type: "display_data",
    data: {
      "text/plain": "p\nq\n",
      "image/png": "AAAA",
      "application/vnd.vegalite.v5+json": { z: 1, a: [1, 2] },
    },
    metadata: {},
  },
  { output_type: "execute_result", data: { "text/plain": "1" }, metadata: {}, execution_count: 1 },
  { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
];

/** Sources as one string and as lines, escapes, an integer beyond doubles, a trailing zero, unknown keys. */
const handMade = `{
  "nbformat": 4,
  "nbformat_minor": 5,
  "metadata": {"kernelspec": {"name": "x", "display_name": "X", "language": "typescript"}, "mine": {"big": 12345678901234567890, "float": 1.0}},
  "cells": [
    {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["# a\\n", "b"]},
    {
      "cell_type": "code",
      "id": "c",
      "metadata": {"tags": ["t"]},
      "source": "const s = \\"\\u00e9\\uD55C\\";",
      "outputs": [],
      "execution_count": null
    }
  ]
}
`;

test("results are put in, and every other byte stays", () => {
  const text = putResults(handMade, new Map([[1, { outputs, execution_count: 7 }]]));
  const [before, after] = handMade.split('"outputs": [],\n      "execution_count": null');
  expect(text.startsWith(before)).toBe(true);
  expect(text.endsWith(after)).toBe(true);
  expect(text).toContain('\n      "outputs": [\n        {\n          "name": "stdout"');
  expect(text).toContain('"execution_count": 7\n');
  expectValid(text);
  const cell = parseNotebook(text, "f").cells[1];
  expect(cell.execution_count).toBe(7);
  expect(cell.outputs).toEqual(outputs);
});

test("a notebook on one line stays on one line", () => {
  const compact = JSON.stringify(JSON.parse(handMade));
  expect(putResults(compact, new Map([[1, { outputs, execution_count: 1 }]]))).not.toContain("\n");
});

test("a generated notebook is valid, and written as nbformat writes it", () => {
  const source = readSource(
    '---\nnumber: "05"\ntitle: {en: T, ko: 제목}\n---\n<!-- cell: a -->\n<!-- en -->\nx\ny\n<!-- ko -->\n글\n' +
      '```ts id=b\nworkbook("05", "{language}");\n"{language}"\n```\n',
    "05_t.md",
  );
  const notebook = generate(source, "05_t.md", "ko", { name: "typescript" });
  notebook.cells[1] = { ...notebook.cells[1], outputs, execution_count: 1 };
  const text = serialiseNotebook(notebook);
  expectValid(text);
  expect(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "a",')).toBe(true);
  expect(text.endsWith(' "nbformat": 4,\n "nbformat_minor": 5\n}\n')).toBe(true);
  const read = parseNotebook(text, "f");
  expect(read.cells.map((cell) => cell.source)).toEqual(["글", 'workbook("05", "ko");\n"{language}"']);
  expect(serialiseNotebook(read)).toBe(text);
});

const source = (body: string) => `---\nnumber: "05"\ntitle: {en: T, ko: T}\n---\n${body}`;
const setup = '```ts id=s\nworkbook("05", "{language}");\n```\n';
test.each([
  [source(setup), "06_t.md", '06_t.md:1: front matter: number is "05"'],
  [
    source("```ts id=s\n1\n```\n"),
    "05_t.md",
    '05_t.md:5: the first code cell must hold workbook("05", "{language}")',
  ],
  [source("```ts id=z\n1\n```\n" + setup), "05_t.md", "05_t.md:5: the first code cell must hold"],
  [source(setup + "```ts id=e\n\n```\n"), "05_t.md", '05_t.md:8: code cell "e" is empty'],
  [
    source(setup + "<!-- cell: p -->\n<!-- en -->\nTODO translate\n<!-- ko -->\ny\n"),
    "05_t.md",
    '05_t.md:8: cell "p" is not translated: its en text is "TODO translate"',
  ],
])("a source that cannot be generated is refused (%#)", (text, file, message) => {
  expect(() => readSource(text, file)).toThrow(message);
});

const notebookWith = (changes: object) => JSON.stringify({ ...(JSON.parse(handMade) as object), ...changes });
const cellWith = (changes: object) =>
  notebookWith({
    cells: [
      {
        cell_type: "code",
        id: "c",
        metadata: {},
        source: "",
        outputs: [],
        execution_count: null,
        ...changes,
      },
    ],
  });
test.each([
  ["", "f: not a notebook"],
  ["[]", "f: the notebook is [], but must be an object"],
  [handMade.slice(0, -5), "f: not a notebook"],
  [notebookWith({ nbformat: 3 }), "f: nbformat is 3.5, but must be from 4.0 to 4.5"],
  [notebookWith({ nbformat_minor: 6 }), "f: nbformat is 4.6, but must be from 4.0 to 4.5"],
  [notebookWith({ cells: {} }), "f: cells is {}, but must be a list"],
  [notebookWith({ metadata: null }), "f: metadata is null, but must be an object"],
  [cellWith({ cell_type: "heading" }), 'f: cell 1: cell_type is "heading"'],
  [cellWith({ id: undefined }), "f: cell 1: id is missing"],
  [cellWith({ source: 1 }), "f: cell 1: source is 1, but must be text or a list of lines"],
  [cellWith({ outputs: undefined }), "f: cell 1: outputs is missing"],
  [cellWith({ outputs: [{ output_type: "stream" }] }), "f: cell 1: outputs: a stream needs name and text"],
  [cellWith({ execution_count: "1" }), 'f: cell 1: execution_count is "1"'],
])("what is not a notebook is refused (%#)", (text, message) => {
  expect(() => parseNotebook(text, "f")).toThrow(message);
});

test("nbformat 4.0 to 4.4 need no cell ids", () => {
  const text = JSON.stringify({
    ...(JSON.parse(cellWith({ id: undefined })) as object),
    nbformat_minor: 0,
  });
  expect(parseNotebook(text, "f").cells).toHaveLength(1);
});

test("bytes that are not UTF-8 are refused, not replaced", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "unrolled-")), "a.ipynb");
  await writeFile(file, Buffer.from([0x7b, 0xff, 0x7d]));
  await expect(readText(file)).rejects.toThrow("not UTF-8");
});
