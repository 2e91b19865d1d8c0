// The chart of how the size of the gradient differs within a batch: bands over time steps.

import type { QuantileRow } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings } from "./chart.js";
import { logCurves } from "./log_curves.js";
import type { StateChartOptions } from "./states.js";
import { byLane, rowsOfState } from "./states.js";

const looks = {
  median: { colour: "#0072B2", dash: [1, 0], shape: "circle" },
  mean: { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
} as const;
const inner = "#9CC7E5";
const outer = "#DCEAF5";

/**
 * The median and the mean over t on a log axis, between a band from the 10th to the 90th percentile and one
 * from the smallest to the largest. Layers and directions stand below each other.
 *
 * @param rows what `gradientQuantiles` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language or quantity, or when there is nothing to draw
 */
export function gradientQuantilesChart(rows: QuantileRow[], options: StateChartOptions = {}): Chart {
  const where = "gradientQuantilesChart";
  const text = chartStrings(where, options, ["language", "title", "quantity"]);
  const words = text.quantiles;
  const { quantity, shown } = rowsOfState(where, rows, options.quantity);
  const state = text.map.states[quantity];
  const title = options.title ?? words.title(state);
  const lanes = byLane(shown, state, text);
  const charts = [...lanes].map(([lane, ofLane]) =>
    logCurves({
      title: lanes.size > 1 ? lane : title,
      description: (curves) => words.description(state, curves),
      x: { name: "t", title: text.flow.step },
      y: { title: words.norm(state) },
      legend: words.legend,
      curves: (["median", "mean"] as const).map((name) => ({
        label: words.names[name],
        ...looks[name],
        dash: [...looks[name].dash],
        points: ofLane.map((row) => ({ x: row.t, value: row[name] })),
      })),
      bands: [
        {
          label: words.names.outer,
          colour: outer,
          points: ofLane.map(({ t, min, max }) => ({ x: t, low: min, high: max })),
        },
        {
          label: words.names.inner,
          colour: inner,
          points: ofLane.map(({ t, q10, q90 }) => ({ x: t, low: q10, high: q90 })),
        },
      ],
      words: text,
    }),
  );
  if (charts.length === 1) return charts[0];
  return chart({
    description: charts
      .map(({ description }, index) => `${[...lanes.keys()][index]}: ${description}`)
      .join(" "),
    title,
    vconcat: charts.map((panel) => ({ ...panel, $schema: undefined })),
  });
}
