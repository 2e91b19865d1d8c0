// Tables of other libraries (arquero, Apache Arrow, Danfo.js), known by what they have: their first rows as
// records. None of them is asked for more rows than are shown.

import type { TableRow } from "./html_table.js";
import { SHOWN_ROWS } from "./html_table.js";
import { method, property } from "./safe_access.js";

export interface DataFrame {
  columns: string[];
  /** The first ones. */
  rows: TableRow[];
  /** How many rows there are. */
  total: number;
}

const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** The first rows of a value that is a table; undefined for any other. */
export const dataFrame = (value: object): DataFrame | undefined =>
  arquero(value) ?? arrow(value) ?? danfo(value);

function arquero(value: object): DataFrame | undefined {
  const columns = method(value, "columnNames");
  const total = method(value, "numRows");
  const rows = method(value, "objects");
  return columns && total && rows && frame(columns(), rows({ limit: SHOWN_ROWS }), total());
}

function arrow(value: object): DataFrame | undefined {
  const fields = property(property(value, "schema"), "fields");
  const slice = method(value, "slice");
  if (!isList(fields) || !slice) return undefined;
  const rows = method(slice(0, SHOWN_ROWS), "toArray")?.();
  return frame(
    fields.map((field) => property(field, "name")),
    // Each is a view of the columns.
    isList(rows) ? rows.map((row) => ({ ...(row as object) })) : rows,
    property(value, "numRows"),
  );
}

function danfo(value: object): DataFrame | undefined {
  const [columns, shape, head] = [
    property(value, "columns"),
    property(value, "shape"),
    method(value, "head"),
  ];
  if (!isList(columns) || !isList(shape) || !isCount(shape[0]) || !head) return undefined;
  // More than there are it refuses.
  const rows = property(head(Math.min(SHOWN_ROWS, shape[0])), "values");
  const asRecord = (row: unknown): unknown =>
    isList(row) ? Object.fromEntries(columns.map((column, at) => [column, row[at]])) : row;
  return frame(columns, isList(rows) ? rows.map(asRecord) : rows, shape[0]);
}

function frame(columns: unknown, rows: unknown, total: unknown): DataFrame | undefined {
  if (!isList(columns) || !isList(rows) || !isCount(total)) return undefined;
  const isRow = (row: unknown): row is TableRow => typeof row === "object" && row !== null;
  const shown = rows.slice(0, SHOWN_ROWS);
  return shown.every(isRow) ? { columns: columns.map(String), rows: shown, total } : undefined;
}
