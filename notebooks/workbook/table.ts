// A small table that Jupyter shows as HTML and a terminal as aligned text.

import stringWidth from "string-width";
import { escapeHtml } from "./escape_html.js";

/** The method by which a value brings its own MIME bundle; Deno's kernel knows the same symbol. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as typeof jupyterDisplay;

/** A value that Jupyter shows richly. */
export interface Displayable {
  [jupyterDisplay](): Record<string, string>;
}

/** A caption, one header row, rows of text, and remarks below. Without rows there is no header either. */
export interface Table {
  caption: string;
  head: string[];
  rows: string[][];
  remarks: string[];
  /** only the caption is shown, and a click on it the rest: for a table that says what its caption says */
  folded?: boolean;
}

/** The table as `text/html` and `text/plain`. */
export function displayTable(table: Table): Displayable {
  return {
    [jupyterDisplay]: () => ({ "text/html": toHtml(table), "text/plain": toText(table) }),
  };
}

function toHtml({ caption, head, rows, remarks, folded = false }: Table): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag} style="text-align:left">${escapeHtml(text)}</${tag}>`;
  const title = `<strong>${escapeHtml(caption)}</strong>`;
  const table = [
    "<table>",
    `<thead><tr>${head.map(cell("th")).join("")}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("")}</tbody>`,
    "</table>",
  ];
  return [
    folded ? `<details><summary>${title}</summary>` : `<p>${title}</p>`,
    ...(rows.length > 0 ? table : []),
    ...remarks.map((remark) => `<p>${escapeHtml(remark)}</p>`),
    ...(folded ? ["</details>"] : []),
  ].join("\n");
}

function toText({ caption, head, rows, remarks }: Table): string {
  if (rows.length === 0) return [caption, ...remarks].join("\n");
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => stringWidth(line[column]))));
  const align = (line: string[]) =>
    line
      .map((text, column) => text + " ".repeat(widths[column] - stringWidth(text)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [caption, align(head), rule, ...rows.map(align), ...remarks].join("\n");
}
