// Rows that can draw themselves.

/** Adds `chart()` to rows. Not enumerable: the rows print and serialise as plain data. */
export function withChart<Row, Draw>(rows: Row[], chart: Draw): Row[] & { chart: Draw } {
  return Object.defineProperty(rows, "chart", { value: chart }) as Row[] & { chart: Draw };
}
