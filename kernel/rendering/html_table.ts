// An array of records as an HTML table, the way a data frame is shown.

import { isPlainObject } from "../objects.js";
import { escapeHtml } from "./escape_html.js";
import { inspectValue } from "./inspect_value.js";

export type TableRow = Record<string, unknown>;

export const SHOWN_ROWS = 100;
// As pandas has them.
const SHOWN_COLUMNS = 20;
const SHOWN_CHARACTERS = 50;

/** Whether a value is a non-empty array of plain objects with at least one key. */
export const isRecords = (value: unknown): value is TableRow[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(isPlainObject) &&
  value.some((row) => Object.keys(row).length > 0);

function entryText(row: TableRow, column: string): string {
  try {
    const value = row[column];
    if (value === undefined) return "";
    if (typeof value === "string") return shortened(value);
    return shortened(inspectValue(value, { depth: 1, maxArrayLength: 10, breakLength: Infinity }));
  } catch (error) {
    return shortened(`(${String(error)})`);
  }
}

function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  // Half a pair of UTF-16 units is not a character.
  return `${text.slice(0, SHOWN_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

const counted = (count: number, what: string) => `${count} more ${what}${count === 1 ? "" : "s"}`;

/**
 * The rows as `<table>`: a column for each key in the order in which the rows bring them. At most 100 rows
 * are shown, at most 20 columns, the first and the last, and then "… n more rows"; texts are cut at 50
 * characters and escaped.
 * @param whole what is known of a table of which `rows` are the first
 */
export function htmlTable(rows: TableRow[], whole?: { columns: string[]; total: number }): string {
  const shown = rows.slice(0, SHOWN_ROWS);
  const { columns, total } = whole ?? {
    columns: [...new Set(shown.flatMap((row) => Object.keys(row)))],
    total: rows.length,
  };
  const half = SHOWN_COLUMNS / 2;
  const isCut = columns.length > SHOWN_COLUMNS;
  const line = (tag: string, text: (column: string) => string) => {
    const entries = (names: string[]) =>
      names.map((name) => `<${tag}>${escapeHtml(text(name))}</${tag}>`).join("");
    const inner = isCut
      ? `${entries(columns.slice(0, half))}<${tag}>…</${tag}>${entries(columns.slice(-half))}`
      : entries(columns);
    return `<tr>${inner}</tr>`;
  };
  const head = line("th", shortened);
  const body = shown.map((row) => line("td", (column) => entryText(row, column)));
  const hidden = [
    ...(total > shown.length ? [counted(total - shown.length, "row")] : []),
    ...(isCut ? [counted(columns.length - SHOWN_COLUMNS, "column")] : []),
  ];
  const more = hidden.length > 0 ? `<p>… ${hidden.join(", ")}</p>` : "";
  return `<table><thead>${head}</thead><tbody>${body.join("")}</tbody></table>${more}`;
}
