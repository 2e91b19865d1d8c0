// The chart of training: the losses over the updates, on a logarithmic axis.

import { mean } from "../numbers/linear_algebra.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { logCurves } from "./log_curves.js";
import type { Language } from "./strings.js";

export interface TrainingChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
}

const looks = {
  training: { colour: "#0072B2", dash: [1, 0], shape: "circle" },
  validation: { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
};

const mostPoints = 300;

/**
 * Training and validation loss over the updates. In long runs each point is the mean of several updates.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, or when there is nothing to draw
 */
export function trainingChart(
  rows: readonly { update: number; loss: number; validationLoss?: number }[],
  options: TrainingChartOptions = {},
): Chart {
  const text = chartStrings("trainingChart", options, ["language", "title"]);
  if (rows.length === 0) throw new RangeError("trainingChart: rows is empty, but needs at least one row");
  const losses = {
    training: rows.map(({ update, loss }) => ({ x: update, value: loss })),
    validation: rows.flatMap(({ update, validationLoss }) =>
      validationLoss === undefined ? [] : [{ x: update, value: validationLoss }],
    ),
  };
  return logCurves({
    title: options.title ?? text.training.title,
    description: (curves) => text.training.description(rows[rows.length - 1].update, curves),
    x: { name: "update", title: text.training.update },
    y: { title: text.training.loss },
    legend: text.training.data,
    curves: (["training", "validation"] as const)
      .map((name) => ({ label: text.training.names[name], ...looks[name], points: thinned(losses[name]) }))
      .filter(({ points }) => points.length > 0),
    words: text,
  });
}

/** Means of neighbouring points, each at the last one's place, so that the curve ends where training does. */
function thinned(points: { x: number; value: number }[]): { x: number; value: number }[] {
  const size = Math.ceil(points.length / mostPoints);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, n) => {
    const group = points.slice(n * size, (n + 1) * size);
    return { x: group[group.length - 1].x, value: mean(group.map(({ value }) => value)) };
  });
}
