// Tables as data scientists have them: CSV text, rows, columns.

import { csvFormat, csvParseRows } from "d3-dsv";
import { isRecord, kind, shown } from "../numbers/validation.js";

/** One row: numbers and words by column; null where a number is missing. */
export type TableRow = Record<string, number | string | null>;

/** A table in any of three forms: CSV text, tidy rows, or arrays by column. */
export type Table = string | readonly object[] | Readonly<Record<string, ArrayLike<unknown>>>;

/**
 * The rows of CSV text (RFC 4180) under the names in its first line. A column is of numbers if all of its
 * cells are, except empty ones, which become null; otherwise it is of strings. Blank lines count where there
 * is only one column.
 *
 * @throws {TypeError} when text is not a string
 * @throws {RangeError} when a line has another number of cells than the first, or names are empty or occur
 *   twice
 */
export function fromCsv(text: string): TableRow[] {
  if (typeof text !== "string") throw new TypeError(`fromCsv: text is ${kind(text)}, but must be a string`);
  const [names = [], ...rows] = csvParseRows(text.replace(/^\uFEFF/, ""));
  const isBlank = (cells: string[]) => cells.length === 1 && cells[0].trim() === "";
  const lines = names.length === 1 ? rows : rows.filter((cells) => !isBlank(cells));
  const wrong = names.find((name, index) => name === "" || names.indexOf(name) !== index);
  if (names.length === 0 || wrong !== undefined) {
    throw new RangeError(
      `fromCsv: the first line is ${JSON.stringify(names)}, but must name every column once`,
    );
  }
  lines.forEach((cells, index) => {
    if (cells.length !== names.length) {
      throw new RangeError(
        `fromCsv: row ${index + 1} has ${cells.length} cells, but there are ${names.length} columns`,
      );
    }
  });
  const isNumber = names.map((_, column) =>
    lines.every((cells) => cells[column].trim() === "" || Number.isFinite(Number(cells[column]))),
  );
  return lines.map((cells) => {
    const value = (cell: string, column: number) => {
      if (!isNumber[column]) return cell;
      return cell.trim() === "" ? null : Number(cell);
    };
    return Object.fromEntries(cells.map((cell, column) => [names[column], value(cell, column)]));
  });
}

/**
 * Tidy rows, such as fit's, as CSV text. Columns come in the order in which they first occur; a missing value
 * is empty. A row's record of values, such as fit's updateRatios, becomes columns of their own,
 * "updateRatios.head.bias".
 */
export function toCsv(rows: readonly object[]): string {
  return csvFormat(rows.map(flat));
}

function flat(row: object): Record<string, unknown> {
  const cells = Object.entries(row).flatMap(([name, value]: [string, unknown]) =>
    isRecord(value) && !(value instanceof Date)
      ? Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner])
      : [[name, value]],
  );
  return Object.fromEntries(cells) as Record<string, unknown>;
}

/**
 * One column of numbers.
 *
 * @throws {TypeError} when the table is not one, or the column has no number in a row: it names the row
 * @throws {RangeError} when there is no such column, or a number is not finite: it names the row
 */
export function column(where: string, table: Table, name: string): number[] {
  if (typeof table === "string" && !table.includes("\n")) {
    throw new RangeError(
      `${where}: the table is ${JSON.stringify(table.slice(0, 80))}, but must be CSV text, such as readFileSync(path, "utf8")`,
    );
  }
  const [names, values] = read(where, table, name);
  if (values === undefined) {
    throw new RangeError(`${where}: column "${name}" is unknown, but must be one of ${names.join(", ")}`);
  }
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
  if (values.every(isNumber)) return values;
  // A single word turns a whole column of CSV into strings: blame the word, not the first row.
  const word = values.findIndex((value) => typeof value === "string" && !Number.isFinite(Number(value)));
  const wrong = word < 0 ? values.findIndex((value) => !isNumber(value)) : word;
  const Kind = typeof values[wrong] === "number" ? RangeError : TypeError;
  throw new Kind(`${where}: ${name} is ${shown(values[wrong])} in row ${wrong + 1}, but must be a number`);
}

function read(where: string, table: Table, name: string): [names: string[], values?: unknown[]] {
  if (typeof table === "string") return read(where, fromCsv(table), name);
  if (Array.isArray(table)) {
    const rows = table as Record<string, unknown>[];
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return names.includes(name) ? [names, rows.map((row) => row[name])] : [names];
  }
  if (typeof table !== "object" || table === null) {
    throw new TypeError(`${where}: the table is ${kind(table)}, but must be CSV text, rows or columns`);
  }
  const columns = table as Record<string, ArrayLike<unknown>>;
  return Object.hasOwn(columns, name)
    ? [Object.keys(columns), Array.from(columns[name])]
    : [Object.keys(columns)];
}
