// The chart of what was predicted over what was to be predicted.

import type { Chart } from "./chart.js";
import { chart, chartStrings } from "./chart.js";
import type { FlowChartOptions } from "./jacobians.js";

export type PredictionsChartOptions = FlowChartOptions;

/** One target and what was predicted of it. */
export interface PredictionRow {
  output: number;
  target: number;
  prediction: number;
}

const MOST_POINTS = 2000;

/**
 * A point for each target, on the line where it is predicted exactly; of many, every so many-th is drawn.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language
 */
export function predictionsChart(rows: PredictionRow[], options: PredictionsChartOptions = {}): Chart {
  const text = chartStrings("predictionsChart", options, ["language", "title"]).predictions;
  const every = Math.ceil(rows.length / MOST_POINTS);
  const values = rows.filter((_, k) => k % every === 0);
  const numbers = values.flatMap(({ target, prediction }) => [target, prediction]);
  const [least, most] = numbers.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const outputs = new Set(rows.map(({ output }) => output)).size;
  const scale = { domain: [least, most], nice: true, zero: false };
  const axes = {
    x: { field: "target", type: "quantitative", title: text.target, scale },
    y: { field: "prediction", type: "quantitative", title: text.prediction, scale },
  };
  return chart({
    description: text.description(values.length, rows.length),
    title: options.title ?? text.title,
    width: 320,
    height: 320,
    layer: [
      {
        data: { values: [least, most].map((value) => ({ target: value, prediction: value })) },
        mark: { type: "line", strokeDash: [4, 4], color: "#888888" },
        encoding: axes,
      },
      {
        data: { values },
        mark: { type: "point", filled: true, opacity: 0.5, tooltip: true },
        encoding: {
          ...axes,
          ...(outputs > 1 && { color: { field: "output", type: "nominal", title: text.output } }),
        },
      },
    ],
  });
}
