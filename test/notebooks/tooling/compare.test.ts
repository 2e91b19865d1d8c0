import { expect, test } from "vitest";
import { closeTexts, compareNotebooks } from "../../../notebooks/tooling/compare.js";
import { keepCloseOutputs } from "../../../notebooks/tooling/command.js";
import type { Notebook, Output } from "../../../kernel/protocol/nbformat.js";
import { brokenRules } from "../../../notebooks/tooling/rules.js";

test.each([
  ["h = 0.5370495669980353", "h = 0.53704956699803", true],
  ["h = 0.53704956", "h = 0.53704957", false],
  ["1e-9", "1.0000000001e-9", true],
  ["0", "-1e-13", true],
  ["0", "1e-11", false],
  ["\u22120.25", "-0.25", true],
  ["[1, 2]", "[1, 2, 3]", false],
  ["f₁ = 1", "f₂ = 1", false],
  ["<b>1.0</b>", "<i>1.0</i>", false],
  ["a 1", "a", false],
  ["12", "1", false],
])("whether the texts %j and %j are close is %s", (a, b, close) => {
  expect(closeTexts(a, b)).toBe(close);
});

const chart = (value: number, png = "AAAA"): Output => ({
  output_type: "display_data",
  data: {
    "application/vnd.vegalite.v5+json": { description: "norms", data: { values: [{ t: 1, norm: value }] } },
    "image/png": png,
    "text/plain": "norms",
  },
  metadata: {},
});
const printed = (text: string): Output => ({ output_type: "stream", name: "stdout", text });
const notebook = (outputs: Output[], count: number | null = 1): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: "typescript" } },
  cells: [{ cell_type: "code", id: "c", metadata: {}, source: "f()", outputs, execution_count: count }],
});

test("numbers within the tolerance, other pictures and another key order are not a difference", () => {
  const reordered = { ...(chart(0.1 + 1e-13, "BBBB") as object), output_type: "display_data" } as Output;
  expect(compareNotebooks(notebook([chart(0.1)]), notebook([reordered]))).toEqual([]);
});

test("a difference names the cell, the part and what stands there", () => {
  const text = (value: string) => printed(`a 0.10000000000001 ${"x".repeat(60)} ${value} b`);
  const [difference, ...more] = compareNotebooks(
    notebook([text("0.25")]),
    notebook([
      text("0.26").output_type === "stream" ? printed(`a 0.1 ${"x".repeat(60)} 0.26 b`) : text("0.26"),
    ]),
  );
  expect(more).toEqual([]);
  expect(difference).toMatchObject({ cell: "c", what: "output 1, text" });
  expect(difference.expected).toMatch(/^…x+ 0\.25 b$/);
  expect(difference.came).toMatch(/^…x+ 0\.26 b$/);
});

test("values of a chart, missing pictures, more outputs, another source or count are differences", () => {
  const differing = (a: Notebook, b: Notebook) => compareNotebooks(a, b).map(({ what }) => what);
  const plain = notebook([chart(0.1)]);
  expect(differing(plain, notebook([chart(0.2)]))).toEqual(["output 1, application/vnd.vegalite.v5+json"]);
  const noPicture = chart(0.1) as Extract<Output, { output_type: "display_data" }>;
  delete noPicture.data["image/png"];
  expect(differing(plain, notebook([noPicture]))).toEqual(["output 1, image/png"]);
  expect(differing(plain, notebook([]))).toEqual(["outputs"]);
  expect(differing(plain, notebook([chart(0.1)], 2))).toEqual(["execution_count"]);
  const other = notebook([chart(0.1)]);
  other.cells[0].source = "g()";
  other.metadata = {};
  expect(differing(plain, other)).toEqual(["metadata.language_info", "source"]);
  other.cells[0].id = "d";
  expect(differing(plain, other)).toEqual(["metadata.language_info", "cells"]);
});

test("rewriting keeps what is close and takes what is not", () => {
  const committed = notebook([chart(0.1), printed("0.1"), chart(0.3)]);
  const came = notebook([chart(0.1 + 1e-14, "BBBB"), printed("0.2"), chart(0.4, "BBBB")]);
  expect(keepCloseOutputs(committed, came).cells[0].outputs).toEqual([
    chart(0.1),
    printed("0.2"),
    chart(0.4, "BBBB"),
  ]);
});

test("a picture without a chart is replaced when it is drawn differently", () => {
  const picture = (png: string): Output => ({
    output_type: "display_data",
    data: { "image/png": png },
    metadata: {},
  });
  expect(keepCloseOutputs(notebook([picture("A")]), notebook([picture("B")])).cells[0].outputs).toEqual([
    picture("B"),
  ]);
});

const broken = (...outputs: Output[]) => brokenRules(notebook(outputs)).map(({ what }) => what);
test("a good notebook breaks no rule", () => {
  expect(broken(chart(0.1), printed("loss 0.25 after 200 steps, at t = 1 … 2; s = 3"))).toEqual([]);
  expect(broken(printed("초기 상태 0, 2분의 1, h = 0.5"))).toEqual([]);
});

test.each(["took 12 ms", "0.31s", "3 seconds", "at 14:03:59", "2024-05-01T10:00", "1.5초 걸림", "2 분 "])(
  "printing %j is refused",
  (text) => {
    expect(broken(printed(text))).toEqual([expect.stringContaining("prints a time or a duration")]);
  },
);

test("charts need a picture, a small one, and a description", () => {
  const bare = chart(0.1) as Extract<Output, { output_type: "display_data" }>;
  bare.data = { "application/vnd.vegalite.v5+json": { mark: "line" } };
  expect(broken(bare)).toEqual([
    "a chart has no image/png, so it shows nothing on GitHub",
    "a chart has no description",
  ]);
  expect(broken(chart(0.1, Buffer.alloc(39_999).toString("base64")))).toEqual([]);
  expect(broken(chart(0.1, Buffer.alloc(40_000).toString("base64")))).toEqual([
    "image/png has 40000 bytes, but must have less than 40000",
  ]);
});

test("errors and gaps in the execution counts are refused", () => {
  const error: Output = { output_type: "error", ename: "TypeError", evalue: "no", traceback: [] };
  expect(broken(error)).toEqual(["throws TypeError: no"]);
  expect(brokenRules(notebook([], 2))).toEqual([{ cell: "c", what: "execution count is 2, but must be 1" }]);
});
