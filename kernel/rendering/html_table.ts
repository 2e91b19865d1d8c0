// An array of records as an HTML table, the way a data frame is shown.
import { inspect } from "node:util";

export type TableRow = Record<string, unknown>;

const SHOWN_ROWS = 100;

function isRecord(value: unknown): value is TableRow {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is a non-empty array of plain objects with at least one key. */
export const isRecords = (value: unknown): value is TableRow[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(isRecord) &&
  value.some((row) => Object.keys(row).length > 0);

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]);

function cellText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return inspect(value, { depth: 1, maxArrayLength: 10, breakLength: Infinity });
}

/**
 * The rows as `<table>`: a column for each key in the order in which the rows bring them, at most 100 rows and then
 * "… n more rows". All text is escaped.
 */
export function htmlTable(rows: TableRow[]): string {
  const shown = rows.slice(0, SHOWN_ROWS);
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const line = (tag: string, cells: string[]) =>
    `<tr>${cells.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
  const body = shown.map((row) =>
    line(
      "td",
      columns.map((column) => cellText(row[column])),
    ),
  );
  const hidden = rows.length - shown.length;
  const more = hidden > 0 ? `<p>… ${hidden} more ${hidden === 1 ? "row" : "rows"}</p>` : "";
  return `<table><thead>${line("th", columns)}</thead><tbody>${body.join("")}</tbody></table>${more}`;
}
