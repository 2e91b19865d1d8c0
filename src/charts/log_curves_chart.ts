// The chart of the user's own measurements, drawn as the library draws its own norms and ratios.

import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import type { Curve, LogCurves } from "./log_curves.js";
import { logCurves } from "./log_curves.js";
import { colours, dashes, shapes } from "./looks.js";
import type { Language } from "./strings.js";

/** One curve. Colour, dash and shape are chosen so that curves differ, where not given. */
export type LogCurve = Pick<Curve, "label" | "points"> & Partial<Pick<Curve, "colour" | "dash" | "shape">>;

export interface LogCurvesChartOptions extends Pick<
  LogCurves,
  "title" | "description" | "x" | "y" | "legend" | "rules" | "marks"
> {
  /** of the words that the chart adds itself: the description's curves and the zeros; default "en" */
  language?: Language;
}

const known = ["language", "title", "description", "x", "y", "legend", "rules", "marks"];

/**
 * Curves of positive numbers on a log axis. A number that is exactly zero, or has underflowed, is marked in a
 * row under the axis instead of being dropped.
 *
 * @example
 * logCurvesChart(
 *   [{ label: "‖x_t‖", points: inputs.map((x, k) => ({ x: k + 1, value: norm(x) })) }],
 *   {
 *     title: "How large are the inputs?",
 *     description: (curves) => `Line chart with a logarithmic y axis: the norm of each input. ${curves}.`,
 *     x: { name: "t", title: "time step t" },
 *     y: { title: "norm" },
 *     legend: "quantity",
 *   },
 * );
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, no curve, or one without points
 */
export function logCurvesChart(curves: readonly LogCurve[], options: LogCurvesChartOptions): Chart {
  const where = "logCurvesChart";
  const words = chartStrings(where, options, known);
  if (curves.length === 0) throw new RangeError(`${where}: curves is empty, but needs at least one curve`);
  const empty = curves.find(({ points }) => points.length === 0);
  if (empty)
    throw new RangeError(`${where}: points of "${empty.label}" is empty, but needs at least one point`);
  return logCurves({
    ...options,
    curves: curves.map(({ label, points, ...look }, index) => ({
      label,
      points,
      colour: look.colour ?? colours[index % colours.length],
      dash: look.dash ?? dashes[index % dashes.length],
      shape: look.shape ?? shapes[index % shapes.length],
    })),
    words,
  });
}
