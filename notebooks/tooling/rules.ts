// What every notebook of the workbook keeps, whatever its numbers are: it runs from top to bottom without an
// error, shows a picture and a description with each chart, stays small, says nothing that changes from day
// to day, and its code is the same in both languages.

import type { Notebook, NotebookCell, Output } from "../../kernel/protocol/nbformat.js";

const pngLimit = 40_000;
const lineLimit = 12;
const hangul = /[가-힣]/;
const vegaLiteMime = /^application\/vnd\.vegalite\.v\d+\+json$/;
const printedMimes = ["text/plain", "text/markdown", "text/html"];
const timePatterns = [
  /\b\d{1,2}:\d{2}:\d{2}\b/,
  /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/,
  /(?<![\w.])\d+(?:\.\d+)?\s?(?:ms|µs|μs|ns|sec|secs|seconds?|minutes?)\b/,
  /(?<![\w.])(?:\d+\.\d+\s?|\d+ )s\b/,
  /\d\s?(?:밀리초|초|분)(?![가-힣])/,
];

export interface BrokenRule {
  cell: string;
  what: string;
}

/** The rules an executed notebook breaks. */
export function brokenRules(notebook: Notebook): BrokenRule[] {
  let count = 0;
  const { language } = (notebook.metadata.unrolled ?? {}) as { language?: unknown };
  return notebook.cells.flatMap((cell) => {
    if (cell.cell_type !== "code") return [];
    count++;
    const broken = (cell.outputs ?? []).flatMap((output) => brokenByOutput(output, language));
    const lines = cell.source.split("\n").length;
    if (lines > lineLimit) broken.push(`has ${lines} lines, but must have ${lineLimit} or fewer`);
    if (cell.execution_count !== count)
      broken.push(`execution count is ${cell.execution_count ?? "null"}, but must be ${count}`);
    return broken.map((what) => ({ cell: cell.id ?? "", what }));
  });
}

/** The rules that two notebooks of the same source break: only the first code cell names the language. */
export function differentCode(one: Notebook, other: Notebook): BrokenRule[] {
  const code = ({ cells }: Notebook) => cells.filter((cell) => cell.cell_type === "code");
  const [ours, theirs] = [code(one), code(other)];
  if (ours.length !== theirs.length)
    return [
      { cell: "notebook", what: `has ${ours.length} code cells, in the other language ${theirs.length}` },
    ];
  const differs = (cell: NotebookCell, k: number) => cell.source !== theirs[k].source;
  return ours
    .map((cell, k) =>
      k > 0 && differs(cell, k)
        ? [{ cell: cell.id ?? "", what: "is different code in the other language" }]
        : [],
    )
    .flat();
}

function brokenByOutput(output: Output, language: unknown): string[] {
  if (output.output_type === "error") return [`throws ${output.ename}: ${output.evalue}`];
  if (output.output_type === "stream")
    return [
      ...(output.name === "stderr" ? [`prints to stderr: "${output.text.trim()}"`] : []),
      ...brokenByText(output.text),
    ];

  const broken = printedMimes.flatMap((mime) => {
    const text = output.data[mime];
    return typeof text === "string" ? brokenByText(text) : [];
  });
  const png = output.data["image/png"];
  if (typeof png === "string") {
    const bytes = Buffer.byteLength(png, "base64");
    if (bytes >= pngLimit) broken.push(`image/png has ${bytes} bytes, but must have less than ${pngLimit}`);
  }
  for (const [mime, spec] of Object.entries(output.data)) {
    if (!vegaLiteMime.test(mime)) continue;
    if (png === undefined) broken.push("a chart has no image/png, so it shows nothing on GitHub");
    const { description } = spec as { description?: unknown };
    if (typeof description !== "string" || description.trim() === "")
      broken.push("a chart has no description");
    else if (language === "ko" && !hangul.test(description))
      broken.push(`a chart's description is not Korean: "${description}"`);
    else if (language === "en" && hangul.test(description))
      broken.push(`a chart's description is not English: "${description}"`);
  }
  const svg = output.data["image/svg+xml"];
  if (typeof svg === "string" && !/<(?:title|desc)[^>]*>[^<]+</.test(svg))
    broken.push("a drawing (SVG) has neither title nor desc");
  return broken;
}

function brokenByText(text: string): string[] {
  // Numbers inside tags are lengths and positions of the layout.
  const shown = text.replace(/<[^>]*>/g, " ");
  const found = timePatterns.map((pattern) => pattern.exec(shown)?.[0]).find((match) => match !== undefined);
  return found === undefined ? [] : [`prints a time or a duration: "${found}"`];
}
