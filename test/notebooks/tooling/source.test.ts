import fc from "fast-check";
import { expect, test } from "vitest";
import type { Source } from "../../../notebooks/tooling/source.js";
import { parseSource, serialiseCell, serialiseSource } from "../../../notebooks/tooling/source.js";

const head = `---
number: "05"
title:
  en: Forward
  ko: 순전파
---
`;
const read = (body: string) => parseSource(head + body, "05_x.md");

test("a source is read in both languages, with its code", () => {
  const source = read(`
<!-- cell: intro -->
<!-- en -->
# Forward

One step.
<!-- ko -->
# 순전파

\`\`\`ts id=setup
const a = 1;

a
\`\`\`
`);
  expect(source).toEqual({
    number: "05",
    title: { en: "Forward", ko: "순전파" },
    cells: [
      { kind: "prose", id: "intro", text: { en: "# Forward\n\nOne step.", ko: "# 순전파" } },
      { kind: "code", id: "setup", code: "const a = 1;\n\na" },
    ],
  });
});

test("fences and comments inside prose are read as text", () => {
  const en =
    "```ts\n<!-- ko -->\n```ts id=no\n```\n\n~~~~\n<!-- cell: no -->\n~~~\n~~~~\n<!-- a remark of words -->";
  const source = read(`<!-- cell: a -->\n<!-- en -->\n${en}\n<!-- ko -->\n글\n`);
  expect(source.cells).toEqual([{ kind: "prose", id: "a", text: { en, ko: "글" } }]);
});

test("CRLF is read as LF", () => {
  const text = head + "<!-- cell: a -->\n<!-- en -->\nx\n<!-- ko -->\ny\n";
  expect(parseSource(text.replaceAll("\n", "\r\n"), "f")).toEqual(parseSource(text, "f"));
});

// Line 7 is the first after the front matter.
const prose = (id: string) => `<!-- cell: ${id} -->\n<!-- en -->\nx\n<!-- ko -->\ny\n`;
test.each([
  ["<!-- cell: a -->\n<!-- en -->\nx\n", '05_x.md:7: cell "a" has no Korean text'],
  ["<!-- cell: a -->\n<!-- ko -->\nx\n", '05_x.md:8: cell "a" has no English text'],
  ["<!-- cell: a -->\n<!-- en -->\n\n<!-- ko -->\nx\n", '05_x.md:8: cell "a" has no English text'],
  [prose("a") + prose("a"), '05_x.md:12: cell id "a" is already used on line 7'],
  [prose("a") + "```ts id=a\n1\n```\n", '05_x.md:12: cell id "a" is already used on line 7'],
  [prose("a b"), '05_x.md:7: the cell id is "a b"'],
  ["<!-- cell: a -->\n<!-- en -->\nx\n<!-- kr -->\ny\n", "05_x.md:10: the marker is <!-- kr -->"],
  ["<!-- note: a -->\n", "05_x.md:7: the marker is <!-- note: a -->"],
  [prose("a") + "<!-- ko -->\nz\n", "05_x.md:12: <!-- ko --> stands outside a Markdown cell"],
  ["words\n", "05_x.md:7: text stands outside a cell"],
  ["```ts\n1\n```\n", "05_x.md:7: text stands outside a cell"],
  ["```js id=a\n1\n```\n", '05_x.md:7: code cell "a" is in "js"'],
  ["```ts id=a\n1\n", "05_x.md:7: the fence ``` opened here is never closed"],
  [
    "<!-- cell: a -->\n<!-- en -->\n```\nx\n<!-- ko -->\ny\n",
    "05_x.md:9: the fence ``` opened here is never closed",
  ],
])("the source %j is refused", (body, message) => {
  expect(() => read(body)).toThrow(message);
});

test.each([
  ["", '05_x.md:1: the line is "", but must be the front matter'],
  ['---\nnumber: "05"\n', "05_x.md:1: the front matter has no closing"],
  ["---\nnumber: 5\ntitle: {en: a, ko: b}\n---\n", "05_x.md:1: front matter: number is 5"],
  ['---\nnumber: "05"\ntitle: {en: a}\n---\n', '05_x.md:1: front matter: title is {"en":"a"}'],
  ['---\nnumber: "05"\ntitle: {en: a, ko: b}\nx: 1\n---\n', '05_x.md:1: front matter: the key is "x"'],
  ['---\nnumber: "05"\ntitle: {en: a, ko: b}\nminutes: 0\n---\n', "05_x.md:1: front matter: minutes is 0"],
  ['---\nnumber: "05"\ntitle: {en: a, ko: b}\ngoal: c\n---\n', '05_x.md:1: front matter: goal is "c"'],
])("the front matter %j is refused", (text, message) => {
  expect(() => parseSource(text, "05_x.md")).toThrow(message);
});

test("prose that would be read as something else is not written", () => {
  const cell = (en: string) => ({ kind: "prose" as const, id: "a", text: { en, ko: "y" } });
  expect(() => serialiseCell(cell("x\n<!-- ko -->\nz"))).toThrow();
  expect(() => serialiseCell(cell("x\n\n```ts id=b\n1\n```"))).toThrow();
  expect(() => serialiseCell(cell("```\nnever closed"))).toThrow(/never closed/);
});

const fence = fc
  .tuple(
    fc.constantFrom("```", "````", "~~~"),
    fc.constantFrom("", "ts", "python"),
    fc.constantFrom("<!-- ko -->", "x", ""),
  )
  .map(([ticks, info, inside]) => `${ticks}${info}\n${inside}\n${ticks}`);
const line = fc.oneof(
  fc.constantFrom(
    "",
    "# 제목",
    "$h_t = o_t \\odot \\tanh(c_t)$",
    "---",
    "- a",
    "    ```",
    "<!-- two words -->",
    "`x`",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `- ${text.replace(/[\r\n]/g, "")}`),
);
const proseText = fc
  .array(fc.oneof(line, fence), { minLength: 1, maxLength: 6 })
  .map((blocks) => ["글", ...blocks, "end"].join("\n"));
const codeText = fc
  .array(
    fc.oneof(
      fc.constantFrom("", "```", "````ts id=x", "<!-- en -->", "---", "const s = `a`;", "  f(1);"),
      fc.string(),
    ),
    {
      maxLength: 6,
    },
  )
  .map((lines) => lines.join("\n").replaceAll("\r", ""))
  // One blank line and no line are the same code.
  .filter((code) => code !== "");
const text = fc.string({ unit: "grapheme", minLength: 1 });
const ids = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/), { maxLength: 5 });
const anySource: fc.Arbitrary<Source> = fc
  .tuple(fc.stringMatching(/^\d\d$/), text, text, ids, fc.option(fc.integer({ min: 1 }), { nil: undefined }))
  .chain(([number, en, ko, cellIds, minutes]) =>
    fc
      .tuple(
        ...cellIds.map((id) =>
          fc.oneof(
            codeText.map((code) => ({ kind: "code" as const, id, code })),
            fc
              .tuple(proseText, proseText)
              .map(([e, k]) => ({ kind: "prose" as const, id, text: { en: e, ko: k } })),
          ),
        ),
      )
      .map((cells) => ({
        number,
        title: { en, ko },
        ...(minutes !== undefined && { goal: { en: ko, ko: en }, minutes }),
        cells,
      })),
  );

test("what is written is read back the same", () => {
  fc.assert(
    fc.property(anySource, (source) => {
      expect(parseSource(serialiseSource(source), "f")).toEqual(source);
    }),
    { numRuns: 500 },
  );
});

test("any text is read back the same or refused", () => {
  const anyLines = fc
    .array(
      fc.constantFrom(
        "x",
        "",
        "```",
        "~~~",
        "````ts",
        "<!-- ko -->",
        "<!-- cell: b -->",
        "```ts id=b",
        " ```",
      ),
      { minLength: 1 },
    )
    .map((lines) => ["a", ...lines, "z"].join("\n"));
  fc.assert(
    fc.property(anyLines, (en) => {
      const source: Source = {
        number: "01",
        title: { en: "t", ko: "t" },
        cells: [
          { kind: "prose", id: "a", text: { en, ko: "y" } },
          { kind: "code", id: "c", code: "1" },
        ],
      };
      let written: string;
      try {
        written = serialiseSource(source);
      } catch {
        return;
      }
      expect(parseSource(written, "f")).toEqual(source);
    }),
    { numRuns: 1000 },
  );
});
