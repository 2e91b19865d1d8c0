// A notebook as Markdown, and its code alone.

import type { Notebook } from "../../../kernel/protocol/nbformat.js";
import { factsOf } from "./facts.js";
import type { Shown } from "./outputs.js";
import { shown } from "./outputs.js";

export function notebookToMarkdown(notebook: Notebook, name: string): string {
  const { codeLanguage } = factsOf(notebook, name);
  const parts = notebook.cells.flatMap(({ cell_type: type, source, outputs = [] }) => [
    type === "code" ? fenced(source, codeLanguage) : source,
    ...outputs.map((output) => asMarkdown(shown(output))),
  ]);
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function asMarkdown(output: Shown | undefined): string {
  if (output === undefined) return "";
  if (output.kind === "text") return fenced(output.text.replace(/\n$/, ""), "");
  if (output.kind === "picture") return `![${output.alt.replace(/[[\]\\\n]/g, " ")}](${output.url})`;
  return output.text;
}

/** With a fence that is longer than any in the text. */
function fenced(text: string, language: string): string {
  if (text === "") return "";
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The code cells, one after the other. */
export const notebookToScript = ({ cells }: Notebook) =>
  cells
    .filter(({ cell_type: type, source }) => type === "code" && source !== "")
    .map(({ source }) => source)
    .join("\n\n") + "\n";
