// Every rule that CI enforces on a notebook, shown to fire: a committed notebook that keeps them all is
// tampered with, one way a rule.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { compareNotebooks } from "../../../notebooks/tooling/compare.js";
import type { Notebook, Output } from "../../../kernel/protocol/nbformat.js";
import { parseNotebook } from "../../../kernel/protocol/nbformat.js";
import { brokenRules, differentCode } from "../../../notebooks/tooling/rules.js";

const read = (language: string) =>
  parseNotebook(
    readFileSync(join(packageRoot, "notebooks", language, "06_lstm_backward.ipynb"), "utf8"),
    "06",
  );
const cell = (notebook: Notebook, id: string) => notebook.cells.find((other) => other.id === id)!;
type Shown = Extract<Output, { data: unknown }>;
const chart = (notebook: Notebook) => cell(notebook, "flow-chart").outputs![0] as Shown;
const vegaLite = "application/vnd.vegalite.v5+json";
const describe = (notebook: Notebook, description: unknown) => {
  chart(notebook).data[vegaLite] = { ...(chart(notebook).data[vegaLite] as object), description };
};
const put = (notebook: Notebook, output: Output) => {
  cell(notebook, "setup").outputs = [output];
};

test.each(["en", "ko"])("the committed notebook follows all rules (%s)", (language) => {
  expect(brokenRules(read(language))).toEqual([]);
});

const tampering: [name: string, tamper: (notebook: Notebook) => void, cell: string, what: string | RegExp][] =
  [
    [
      "a cell that errs",
      (n) => put(n, { output_type: "error", ename: "TypeError", evalue: "no", traceback: [] }),
      "setup",
      "throws TypeError: no",
    ],
    [
      "a warning",
      (n) => put(n, { output_type: "stream", name: "stderr", text: "deprecated\n" }),
      "setup",
      'prints to stderr: "deprecated"',
    ],
    [
      "a duration",
      (n) => put(n, { output_type: "stream", name: "stdout", text: "took 12 ms\n" }),
      "setup",
      /prints a time/,
    ],
    ["a chart without a description", (n) => describe(n, " "), "flow-chart", "a chart has no description"],
    [
      "a chart described in another language",
      (n) => describe(n, "막대그래프"),
      "flow-chart",
      `a chart's description is not English: "막대그래프"`,
    ],
    [
      "a chart without a picture",
      (n) => {
        delete chart(n).data["image/png"];
      },
      "flow-chart",
      /no image\/png/,
    ],
    [
      "a picture of 40 kB",
      (n) => {
        chart(n).data["image/png"] = Buffer.alloc(40_000).toString("base64");
      },
      "flow-chart",
      "image/png has 40000 bytes, but must have less than 40000",
    ],
    [
      "a drawing without words",
      (n) =>
        put(n, {
          output_type: "display_data",
          data: { "image/svg+xml": "<svg><title></title></svg>" },
          metadata: {},
        }),
      "setup",
      "a drawing (SVG) has neither title nor desc",
    ],
    [
      "a count out of order",
      (n) => {
        cell(n, "setup").execution_count = 2;
      },
      "setup",
      "execution count is 2, but must be 1",
    ],
    [
      "a cell that was not run",
      (n) => {
        cell(n, "flow-chart").execution_count = null;
      },
      "flow-chart",
      /execution count is null/,
    ],
    [
      "a cell of 13 lines",
      (n) => {
        cell(n, "setup").source = Array.from({ length: 13 }, (_, k) => `const a${k} = ${k};`).join("\n");
      },
      "setup",
      "has 13 lines, but must have 12 or fewer",
    ],
  ];

test.each(tampering)("the rules refuse %s", (_, tamper, id, what) => {
  const notebook = read("en");
  tamper(notebook);
  const broken = brokenRules(notebook);
  expect(broken).toHaveLength(1);
  expect(broken[0].cell).toBe(id);
  expect(broken[0].what).toMatch(
    typeof what === "string" ? new RegExp(`^${what.replace(/[()]/g, "\\$&")}$`) : what,
  );
});

test("in Korean, too, a chart speaks the notebook's language", () => {
  const notebook = read("ko");
  describe(notebook, "A bar chart");
  expect(brokenRules(notebook)).toEqual([
    { cell: "flow-chart", what: `a chart's description is not Korean: "A bar chart"` },
  ]);
});

test("an output that differs is found", () => {
  const [committed, came] = [read("en"), read("en")];
  const { outputs } = cell(came, "flow-chart");
  (outputs![0] as Shown).data["text/plain"] = "another";
  expect(compareNotebooks(committed, came).map((difference) => difference.cell)).toEqual(["flow-chart"]);
});

test("the languages differ in the first code cell and nowhere else", () => {
  const [en, ko] = [read("en"), read("ko")];
  expect(cell(en, "setup").source).not.toBe(cell(ko, "setup").source);
  expect(differentCode(en, ko)).toEqual([]);

  cell(ko, "flow-chart").source += " // 다름";
  expect(differentCode(en, ko)).toEqual([
    { cell: "flow-chart", what: "is different code in the other language" },
  ]);
  ko.cells = ko.cells.filter(({ id }) => id !== "flow-chart");
  expect(differentCode(en, ko)).toMatchObject([{ cell: "notebook" }]);
});
