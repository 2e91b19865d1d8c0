// Tables as data scientists have them: CSV text, rows, columns.

import { csvFormat, dsvFormat } from "d3-dsv";
import { checkChoice, checkOptions, isRecord, kind, misfit, shown } from "../numbers/validation.js";

/** One row: numbers and words by column; null where a number is missing. */
export type TableRow = Record<string, number | string | null>;

/** A table in any of three forms: CSV text, tidy rows, or arrays by column. */
export type Table = string | readonly object[] | Readonly<Record<string, ArrayLike<unknown>>>;

export interface CsvOptions {
  /** what stands between cells; default: the comma, or where the first line has none, its semicolon or tab */
  separator?: string;
  /** what stands before the fraction of a number, "." (the default) or "," */
  decimal?: "." | ",";
  /** what groups the digits of a number and is left out of it, such as "," or " "; default none */
  thousands?: string;
  /** cells, besides empty ones, that say that a number is missing; default NA, N/A, NaN, nan and null */
  missing?: readonly string[];
}

const missingWords = ["NA", "N/A", "NaN", "nan", "null"];

/**
 * The rows of CSV text (RFC 4180) under the names in its first line. A column is of numbers if all of its
 * cells are, except those that are missing, which become null; otherwise it is of strings, as they stand.
 * Blank lines count where there is only one column.
 *
 *     fromCsv(text, { decimal: ",", thousands: "." }); // day;price\n2024-01-02;"1.234,5"
 *
 * @throws {TypeError} when text is not a string, or for an unknown option or one of the wrong type
 * @throws {RangeError} when a line has another number of cells than the first, names are empty or occur
 *   twice, or an option cannot have that value
 */
export function fromCsv(text: string, options: CsvOptions = {}): TableRow[] {
  if (typeof text !== "string") throw new TypeError(`fromCsv: text is ${kind(text)}, but must be a string`);
  checkCsvOptions(options);
  const plain = text.replace(/^\uFEFF/, "");
  const { separator = separatorOf(plain) } = options;
  const [names = [], ...rows] = dsvFormat(separator).parseRows(plain);
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
  const read = numberReader(options);
  const columns = names.map((_, column) => {
    const cells = lines.map((line) => line[column]);
    const numbers = cells.map(read);
    return numbers.some((value) => value !== null && !Number.isFinite(value)) ? cells : numbers;
  });
  return lines.map((_, row) => Object.fromEntries(names.map((name, column) => [name, columns[column][row]])));
}

/** The first line's; what is quoted in it is of a name. */
function separatorOf(text: string): string {
  const [line] = text.replace(/"[^"]*"/g, "").split(/\r?\n/, 1);
  return [",", ";", "\t"].find((character) => line.includes(character)) ?? ",";
}

/** Reads a cell as a number: null where it is missing, NaN where it is a word. */
function numberReader({ decimal = ".", thousands, missing = missingWords }: CsvOptions) {
  const isMissing = new Set(missing);
  return (cell: string): number | null => {
    let digits = cell.trim();
    if (digits === "" || isMissing.has(digits)) return null;
    // Groups are of three digits: "1,2" is not 12.
    if (thousands !== undefined && digits.includes(thousands)) {
      const [whole, ...fraction] = digits.split(decimal);
      const [first, ...groups] = whole.split(thousands);
      if (!/^[+-]?\d{1,3}$/.test(first) || groups.some((group) => !/^\d{3}$/.test(group))) return NaN;
      digits = [[first, ...groups].join(""), ...fraction].join(decimal);
    }
    if (decimal === ",") {
      if (digits.includes(".")) return NaN;
      digits = digits.replace(",", ".");
    }
    return Number(digits);
  };
}

function checkCsvOptions(options: CsvOptions): void {
  const where = "fromCsv";
  checkOptions(where, options, ["separator", "decimal", "thousands", "missing"]);
  const { separator, decimal = ".", thousands } = options;
  const missing: unknown = options.missing;
  checkChoice(where, "decimal", decimal, [".", ","]);
  for (const [name, value] of Object.entries({ separator, thousands })) {
    if (value === undefined) continue;
    if (typeof value !== "string" || [...value].length !== 1 || /["\r\n\d]/.test(value)) {
      throw misfit(where, name, value, "one character, not a quote, a digit or a line's end", "string");
    }
  }
  if (thousands === decimal)
    throw misfit(where, "thousands", thousands, "another character than decimal", "string");
  if (
    missing !== undefined &&
    !(Array.isArray(missing) && missing.every((word) => typeof word === "string"))
  ) {
    throw new TypeError(`${where}: missing is ${shown(missing)}, but must be an array of strings`);
  }
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
 * @param mayMiss whether a number may be missing in a row: it is null there
 * @throws {TypeError} when the table is not one, or the column has no number in a row: it names the row
 * @throws {RangeError} when there is no such column, or a number is not finite: it names the row
 */
export function column(where: string, table: Table, name: string): number[];
export function column(where: string, table: Table, name: string, mayMiss: boolean): (number | null)[];
export function column(where: string, table: Table, name: string, mayMiss = false): (number | null)[] {
  if (typeof table === "string" && !table.includes("\n")) {
    throw new RangeError(
      `${where}: the table is ${JSON.stringify(table.slice(0, 80))}, but must be CSV text, such as readFileSync(path, "utf8")`,
    );
  }
  const [names, values] = read(where, table, name);
  if (values === undefined) {
    throw new RangeError(`${where}: column "${name}" is unknown, but must be one of ${names.join(", ")}`);
  }
  const isNumber = (value: unknown): value is number | null =>
    (typeof value === "number" && Number.isFinite(value)) || (mayMiss && value === null);
  if (values.every(isNumber)) return values;
  // A single word turns a whole column of CSV into strings: blame the word, not the first row.
  const word = values.findIndex((value) => typeof value === "string" && !Number.isFinite(Number(value)));
  const wrong = word < 0 ? values.findIndex((value) => !isNumber(value)) : word;
  const Kind = typeof values[wrong] === "number" ? RangeError : TypeError;
  throw new Kind(
    `${where}: ${name} is ${shown(values[wrong])} in row ${wrong + 1}, but must be a number${howToRead(values[wrong])}`,
  );
}

/** What helps where a number is missing, or a cell looks like one that is written in another way. */
function howToRead(value: unknown): string {
  if (value === null) return '; missing: "previous" carries the last one on';
  if (typeof value !== "string") return "";
  const written: [pattern: RegExp, options: string][] = [
    [/^[+-]?\d+,\d+$/, '{ decimal: "," }'],
    [/^[+-]?\d{1,3}(\.\d{3})+,\d+$/, '{ decimal: ",", thousands: "." }'],
    [/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/, '{ thousands: "," }'],
    [/^(-+|\?|\.|none|missing|n\/a)$/i, `{ missing: [${JSON.stringify(value)}] }`],
  ];
  // "1,234" may be either: three digits are likelier to be a group.
  const found = written.filter(([pattern]) => pattern.test(value.trim())).at(-1);
  return found ? `; fromCsv(text, ${found[1]}) reads it` : "";
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
