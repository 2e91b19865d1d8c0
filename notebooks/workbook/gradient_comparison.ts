// Holds a derived gradient next to its finite-difference estimate.

import { estimateText, exactText } from "./number_text.js";
import { components, shapeOf } from "./lecture/quantity.js";
import type { Value } from "./lecture/quantity.js";
import type { Strings } from "./strings.js";
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
 * @throws TypeError if their shapes differ.
 */
export function gradientTable(name: string, analytic: Value, numeric: Value, text: Strings): Table {
  if (shapeOf(analytic) !== shapeOf(numeric)) {
    throw new TypeError(
      `book.gradcheck: ${name} is ${shapeOf(analytic)}, but its finite difference is ${shapeOf(numeric)}`,
    );
  }
  const error = relativeError(analytic, numeric);
  const estimate = components(numeric);
  return {
    caption:
      error < tolerance
        ? text.gradcheck.passed(name, error < noise ? `< ${noise}` : error.toExponential(1))
        : text.gradcheck.failed(name, error.toExponential(1)),
    head: [text.gradcheck.component, text.gradcheck.analytic, text.gradcheck.numeric],
    rows: components(analytic).map(({ index, value }, k) => [
      `${name} ${index}`.trim(),
      exactText(value),
      estimateText(estimate[k].value),
    ]),
    remarks: [],
  };
}
