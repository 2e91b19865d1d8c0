// What a slide shows: named scalars, vectors and matrices. A quantity is compared with a learner's value one
// component at a time, so this file also says how a value is taken apart and how its components are named.

/** A scalar, a vector or a matrix of `T`. */
export type Shaped<T> = T | T[] | T[][];

/** A number, a vector or a matrix. */
export type Value = Shaped<number>;

/**
 * How a printed component relates to the exact value. `matches`: equal to the printed digits. `carried`:
 * right from the slide's own earlier printed numbers, whose rounding it carries. `lastDigit`: one unit off in
 * the last printed digit, even from the slide's own numbers. `slip`: wrong by more than that from the slide's
 * own numbers.
 */
export type Verdict = "matches" | "carried" | "lastDigit" | "slip";

/**
 * One component: its index as printed, counted from 1 (`""` for a scalar, `"[2]"`, `"[1,2]"`), and its value.
 */
export interface Component<T> {
  index: string;
  value: T;
}

/** The components of a scalar, vector or matrix, row by row. */
export function components<T>(value: Shaped<T>): Component<T>[] {
  if (!Array.isArray(value)) return [{ index: "", value }];
  return value.flatMap((entry: T | T[], r) =>
    Array.isArray(entry)
      ? entry.map((element, c) => ({ index: `[${r + 1},${c + 1}]`, value: element }))
      : [{ index: `[${r + 1}]`, value: entry }],
  );
}

/** The shape in words: "a number", "a vector of 2", "a 2 × 3 matrix". */
export function shapeOf(value: Shaped<unknown>): string {
  if (!Array.isArray(value)) return typeof value === "number" ? "a number" : `a ${typeof value}`;
  const rows = value.map((row) => (Array.isArray(row) ? row.length : -1));
  if (rows.every((length) => length === -1)) return `a vector of ${value.length}`;
  if (rows.every((length) => length === rows[0])) return `a ${value.length} × ${rows[0]} matrix`;
  return "a ragged array";
}
