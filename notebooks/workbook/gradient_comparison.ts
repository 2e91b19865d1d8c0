// Holds a derived gradient next to its finite-difference estimate.

import type { Locale } from "./locale.js";
import { estimateText, exactText } from "./number_text.js";
import { components, shapeOf } from "./lecture/quantity.js";
import type { Value } from "./lecture/quantity.js";
import type { Table } from "./table.js";

/**
 * Numerical differentiation in float64 is good to 1e-8 or better here; a wrong formula is off by far more
 * than this.
 */
const tolerance = 1e-6;

/** Smaller errors are rounding, which differs from machine to machine; they are not told apart. */
const noise = 1e-9;

/**
 * max|analytic − numeric| / max(|analytic|, |numeric|), the largest component each; 0 when both are zero.
 */
export function relativeError(analytic: Value, numeric: Value): number {
  const a = components(analytic).map((component) => component.value);
  const n = components(numeric).map((component) => component.value);
  const scale = Math.max(...a.map(Math.abs), ...n.map(Math.abs));
  return scale === 0 ? 0 : Math.max(...a.map((value, k) => Math.abs(value - n[k]))) / scale;
}

/**
 * The two gradients component by component, with the relative error and whether it is below 1e-6. Values
 * below 1e-12 are shown as 0.
 * @throws {RangeError} when their shapes differ
 */
export function gradientTable(locale: Locale, name: string, analytic: Value, numeric: Value): Table {
  if (shapeOf(analytic) !== shapeOf(numeric)) {
    throw new RangeError(
      `book.gradcheck: numeric is ${shapeOf(numeric)}, but must be ${shapeOf(analytic)}, as ${name} is`,
    );
  }
  const words = strings[locale];
  const error = relativeError(analytic, numeric);
  const estimate = components(numeric);
  return {
    caption:
      error < tolerance
        ? words.passed(name, error < noise ? `< ${noise}` : error.toExponential(1))
        : words.failed(name, error.toExponential(1)),
    folded: error < tolerance,
    head: [words.component, words.analytic, words.numeric],
    rows: components(analytic).map(({ index, value }, k) => [
      `${name} ${index}`.trim(),
      exactText(value),
      estimateText(estimate[k].value),
    ]),
    remarks: [],
  };
}

const en = {
  component: "component",
  analytic: "by formula",
  numeric: "finite difference",
  passed: (name: string, error: string) =>
    `${name}: ✓ formula and finite differences agree (relative error ${error})`,
  failed: (name: string, error: string) =>
    `${name}: ✗ formula and finite differences do not agree (relative error ${error})`,
};

const ko: typeof en = {
  component: "성분",
  analytic: "수식으로 구한 값",
  numeric: "수치 미분",
  passed: (name, error) => `${name}: ✓ 수식과 수치 미분이 일치합니다 (상대 오차 ${error})`,
  failed: (name, error) => `${name}: ✗ 수식과 수치 미분이 일치하지 않습니다 (상대 오차 ${error})`,
};

const strings: Record<Locale, typeof en> = { en, ko };
