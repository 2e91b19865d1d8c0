// The chart of decay for several networks at once: how much of the gradient is left k steps back in each.

import type { LagRatio } from "../flow/decay.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { smallestNormalFloat32 } from "./decay.js";
import { logCurves } from "./log_curves.js";
import { colours, dashes, shapes } from "./looks.js";
import type { Language } from "./strings.js";

/** One network's curve. */
export interface DecayCurve {
  /** its name in the legend, unlike the others' */
  label: string;
  /** what `decayByLag` returned */
  ratios: LagRatio[];
  /** chosen so that curves differ, where not given */
  colour?: string;
  /** lengths of strokes and gaps; [1, 0] is a solid line */
  dash?: number[];
  /** of the marks, by Vega's names */
  shape?: string;
}

export interface DecayCurvesChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
  /** the title of the y axis; default ‖∂L/∂h‖ at T−k, relative to T */
  ratio?: string;
  /** the title of the legend */
  legend?: string;
}

/**
 * Ratios over the lag k on a log axis, one curve a network, with a line at 1 where a curve rises above it and
 * one where float32 begins to lose what is small. A click on the legend shows one curve alone, a click with
 * shift several.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, a curve without ratios, a label that comes twice, or no curve
 */
export function decayCurvesChart(curves: DecayCurve[], options: DecayCurvesChartOptions = {}): Chart {
  const where = "decayCurvesChart";
  const text = chartStrings(where, options, ["language", "title", "ratio", "legend"]);
  const { title = text.decay.title, ratio = text.decay.ratio, legend = text.decay.series } = options;
  if (curves.length === 0) throw new RangeError(`${where}: curves is empty, but needs at least one curve`);
  curves.forEach(({ label, ratios }, index) => {
    if (ratios.length === 0)
      throw new RangeError(`${where}: ratios of "${label}" is empty, but needs at least one ratio`);
    if (curves.findIndex((other) => other.label === label) < index) {
      throw new RangeError(`${where}: label is "${label}" twice, but must differ from curve to curve`);
    }
  });
  return logCurves({
    title,
    description: (inWords) =>
      text.decay.description(Math.max(...curves.flatMap(({ ratios }) => ratios.map(({ k }) => k))), inWords),
    x: { name: "k", title: text.decay.lag },
    y: { title: ratio },
    legend,
    legendColumns: curves.length > 4 ? 3 : 2,
    legendSelects: true,
    curves: curves.map(({ label, ratios, ...look }, index) => ({
      label,
      colour: look.colour ?? colours[index % colours.length],
      dash: look.dash ?? dashes[index % dashes.length],
      shape: look.shape ?? shapes[index % shapes.length],
      points: ratios.map(({ k, ratio }) => ({ x: k, value: ratio })),
    })),
    rules: [
      { value: 1 }, // every curve starts from it, so a label has no room and is not needed
      { value: smallestNormalFloat32, label: text.decay.float32 },
    ],
    words: text,
  });
}
