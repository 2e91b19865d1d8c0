// The chart of decay: how much of the gradient is left k steps back, next to the bound that theory gives.

import { checkChoice } from "../numbers/validation.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { logCurves } from "./log_curves.js";
import type { Language } from "./strings.js";

/** One ratio ‖∂h_{T−k}‖ / ‖∂h_T‖. */
export interface DecayRow {
  /** steps back from T, 0 … */
  k: number;
  /** what was computed, the bound (σ_max γ)ᵏ, or the reference line ρᵏ, which is not a bound */
  series: "actual" | "bound" | "reference";
  ratio: number;
}

export interface DecayChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
}

/** How the three series are drawn. */
export const looks = {
  actual: { colour: "#CC79A7", dash: [1, 0], shape: "circle" },
  bound: { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
  reference: { colour: "#0072B2", dash: [2, 2], shape: "diamond" },
};

export const smallestNormalFloat32 = 2 ** -126;

/**
 * Ratios over the lag k on a log axis, and a line where float32 begins to lose them (2⁻¹²⁶ ≈ 1.2e-38), if
 * they get there.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language or series, or when there is nothing to draw
 */
export function decayChart(rows: DecayRow[], options: DecayChartOptions = {}): Chart {
  const text = chartStrings("decayChart", options, ["language", "title"]);
  const known = Object.keys(looks) as DecayRow["series"][];
  for (const { series } of rows) checkChoice("decayChart", "series", series, known);
  if (rows.length === 0) throw new RangeError("decayChart: rows is empty, but needs at least one row");
  return logCurves({
    title: options.title ?? text.decay.title,
    description: (curves) => text.decay.description(Math.max(...rows.map((row) => row.k)), curves),
    x: { name: "k", title: text.decay.lag },
    y: { title: text.decay.ratio },
    legend: text.decay.series,
    curves: known
      .map((series) => ({
        label: text.decay.names[series],
        ...looks[series],
        points: rows.filter((row) => row.series === series).map(({ k, ratio }) => ({ x: k, value: ratio })),
      }))
      .filter((curve) => curve.points.length > 0),
    rules: [{ value: smallestNormalFloat32, label: text.decay.float32 }],
    words: text,
  });
}
