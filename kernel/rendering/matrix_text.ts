// Matrices and typed arrays as text that can be read: columns aligned at the decimal point, six significant
// digits, and no more than fits a screen. `util.inspect` shows all digits of each number and breaks rows
// where they end.

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

const SIGNIFICANT_DIGITS = 6;
// The most rows and columns of a matrix that is shown whole; a larger one is shown by its edges.
const SHOWN_ROWS = 20;
const SHOWN_COLUMNS = 12;
const SHOWN_ELEMENTS = 60;
const ELEMENTS_A_LINE = 10;

/** Whether `value` is an array of at least two rows of numbers, all equally long. */
export function isMatrix(value: unknown): value is ArrayLike<number>[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  const isRow = (row: unknown): row is ArrayLike<number> =>
    isTypedArray(row) || (Array.isArray(row) && row.every((entry) => typeof entry === "number"));
  const [first] = value as unknown[];
  return isRow(first) && first.length > 0 && value.every((row) => isRow(row) && row.length === first.length);
}

/** Typed arrays of numbers; those of BigInt have digits that count. */
export function isTypedArray(value: unknown): value is TypedArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array) &&
    !Buffer.isBuffer(value)
  );
}

/** One line a row: `[` and `]` around each, columns aligned at the decimal point. */
export function matrixText(rows: ArrayLike<number>[]): string {
  const columns = rows[0].length;
  const shownRows = edges(rows.length, SHOWN_ROWS);
  const shownColumns = edges(columns, SHOWN_COLUMNS);
  const entries = alignColumns(
    shownRows.indices.map((row) => shownColumns.indices.map((column) => formatNumber(rows[row][column]))),
  );
  const lines = entries.map((row) => `  [ ${withGap(row, shownColumns.gapAt).join(", ")} ]`);
  const hidden = shownRows.hidden + shownColumns.hidden > 0;
  const shape = hidden ? ` // ${rows.length} × ${columns}` : "";
  return `[\n${withGap(lines, shownRows.gapAt, "  …").join(",\n")}\n]${shape}`;
}

/** `Float64Array(3) [ 1, 2, 3 ]`, several lines for more than ten elements. */
export function typedArrayText(array: TypedArray): string {
  const head = `${array.constructor.name}(${array.length})`;
  if (array.length === 0) return `${head} []`;
  const { indices, gapAt } = edges(array.length, SHOWN_ELEMENTS);
  const texts = indices.map((index) => formatNumber(array[index]));
  if (texts.length <= ELEMENTS_A_LINE) return `${head} [ ${texts.join(", ")} ]`;
  const lines: string[][] = [];
  for (let at = 0; at < texts.length; at += ELEMENTS_A_LINE)
    lines.push(texts.slice(at, at + ELEMENTS_A_LINE));
  const aligned = alignColumns(lines).map((line) => `  ${line.join(", ")}`);
  const gap = gapAt === undefined ? undefined : gapAt / ELEMENTS_A_LINE;
  return `${head} [\n${withGap(aligned, gap, "  …").join(",\n")}\n]`;
}

/** Six significant digits, without zeros at the end. −0, NaN and ±Infinity stay what they are. */
function formatNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

/** The first and last indices of `length`, `shown` of them, and where something is left out. */
function edges(length: number, shown: number): { indices: number[]; hidden: number; gapAt?: number } {
  const all = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
  if (length <= shown) return { indices: all(0, length), hidden: 0 };
  const half = shown / 2;
  return {
    indices: [...all(0, half), ...all(length - half, length)],
    hidden: length - shown,
    gapAt: half,
  };
}

function withGap(texts: string[], gapAt: number | undefined, gap = "…"): string[] {
  return gapAt === undefined ? texts : [...texts.slice(0, gapAt), gap, ...texts.slice(gapAt)];
}

/** Pads each column so that its decimal points stand below one another. */
function alignColumns(rows: string[][]): string[][] {
  const point = (text: string) => {
    const at = text.search(/[.e]/);
    return at < 0 ? text.length : at;
  };
  const columns = rows[0].map((_, column) => {
    const texts = rows.flatMap((row) => row[column] ?? []);
    const before = Math.max(...texts.map(point));
    return { before, width: before + Math.max(...texts.map((text) => text.length - point(text))) };
  });
  return rows.map((row) =>
    row.map((text, column) => {
      const { before, width } = columns[column];
      return text.padStart(text.length + before - point(text)).padEnd(width);
    }),
  );
}
