// Whether two results of an LSTM are the same, tensor by tensor: the learner's and the golden vector's, or
// derived and numerical gradients.

import { relativeError } from "./gradient_comparison.js";
import { shapeOf } from "./lecture/quantity.js";
import type { Value } from "./lecture/quantity.js";
import type { Locale } from "./locale.js";
import type { Table } from "./table.js";

/** One number, vector or matrix next to the one it should be. */
export interface AgreementRow {
  /** such as "gradients.f.Wx" */
  name: string;
  expected: Value;
  /** undefined where it is missing */
  computed: Value | undefined;
  /**
   * max |a − e| / max(|a|, |e|) over the tensor; Infinity where it is missing, has another shape, or is not
   * finite
   */
  error: number;
}

const strings = {
  en: {
    passed: (count: number, tolerance: number) => `✓ All ${count} agree to ${tolerance}`,
    failed: (wrong: number, count: number, tolerance: number) =>
      `✗ ${wrong} of ${count} do not agree to ${tolerance}`,
    head: ["quantity", "shape", "relative difference", ""],
    shape: (value: Value) =>
      !Array.isArray(value)
        ? "a number"
        : Array.isArray(value[0])
          ? `${value.length} × ${value[0].length}`
          : `${value.length}`,
    missing: "missing",
    otherShape: "another shape, or not finite",
  },
  ko: {
    passed: (count: number, tolerance: number) => `✓ ${count}개가 모두 ${tolerance} 이내로 일치합니다`,
    failed: (wrong: number, count: number, tolerance: number) =>
      `✗ ${count}개 가운데 ${wrong}개가 ${tolerance} 이내로 일치하지 않습니다`,
    head: ["값", "모양", "상대 오차", ""],
    shape: (value: Value) =>
      !Array.isArray(value)
        ? "숫자 하나"
        : Array.isArray(value[0])
          ? `${value.length} × ${value[0].length}`
          : `${value.length}`,
    missing: "없음",
    otherShape: "모양이 다르거나 유한하지 않음",
  },
} satisfies Record<Locale, unknown>;

/**
 * Every number, vector and matrix of `expected` with its counterpart in `computed`, which may hold more
 * besides.
 */
export function agreement(computed: object, expected: object): AgreementRow[] {
  return leaves(expected).map(({ path, value }) => {
    const found = path.reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      computed,
    );
    return {
      name: path.join("."),
      expected: value,
      computed: found as Value | undefined,
      error: errorOf(found, value),
    };
  });
}

/** The rows as a table. What agrees shows the tolerance, not its rounding, which differs between machines. */
export function agreementTable(locale: Locale, rows: AgreementRow[], tolerance: number): Table {
  const text = strings[locale];
  const wrong = rows.filter(({ error }) => !(error < tolerance)).length;
  return {
    caption: wrong === 0 ? text.passed(rows.length, tolerance) : text.failed(wrong, rows.length, tolerance),
    folded: wrong === 0,
    head: text.head,
    rows: rows.map(({ name, expected, computed, error }) => [
      name,
      text.shape(expected),
      error < tolerance
        ? `< ${tolerance}`
        : computed === undefined
          ? text.missing
          : error === Infinity
            ? text.otherShape
            : error.toExponential(1),
      error < tolerance ? "✓" : "✗",
    ]),
    remarks: [],
  };
}

function leaves(tree: object, path: string[] = []): { path: string[]; value: Value }[] {
  return Object.entries(tree).flatMap(([key, value]: [string, Value | object]) =>
    typeof value === "number" || Array.isArray(value)
      ? [{ path: [...path, key], value: value as Value }]
      : leaves(value, [...path, key]),
  );
}

function errorOf(computed: unknown, expected: Value): number {
  const numbers = (Array.isArray(computed) ? computed.flat(2) : [computed]) as unknown[];
  if (!numbers.every((value) => Number.isFinite(value))) return Infinity;
  if (shapeOf(computed) !== shapeOf(expected)) return Infinity;
  return relativeError(computed as Value, expected);
}
