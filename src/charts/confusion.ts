// The chart of which class is taken for which: a heatmap with the counts in its cells.

import type { Chart } from "./chart.js";
import { chart, chartStrings } from "./chart.js";
import type { FlowChartOptions } from "./jacobians.js";

export type ConfusionChartOptions = FlowChartOptions;

/**
 * One row of cells for each class that is there, one column for each that is predicted; colours by the share
 * of the row, so that a rare class is seen as well.
 *
 * @param confusion how many of class k (row) are predicted as class j (column)
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language
 */
export function confusionChart(
  confusion: number[][],
  classes: readonly string[],
  options: ConfusionChartOptions = {},
): Chart {
  const text = chartStrings("confusionChart", options, ["language", "title"]).confusion;
  const values = confusion.flatMap((row, k) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) => ({
      actual: classes[k],
      predicted: classes[j],
      count,
      share: all === 0 ? 0 : count / all,
    }));
  });
  const right = confusion.reduce((sum, row, k) => sum + row[k], 0);
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  const side = Math.max(12, Math.min(56, Math.floor(420 / classes.length)));
  const axis = (field: string, title: string) => ({ field, type: "nominal", title, sort: [...classes] });
  return chart({
    description: text.description(right, all),
    title: options.title ?? text.title,
    data: { values },
    width: { step: side },
    height: { step: side },
    encoding: {
      x: { ...axis("predicted", text.predicted), axis: { labelAngle: classes.length > 6 ? -90 : 0 } },
      y: axis("actual", text.actual),
    },
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          color: {
            field: "share",
            type: "quantitative",
            title: text.share,
            scale: { domain: [0, 1], scheme: "blues" },
            legend: { format: ".0%", gradientLength: 120 },
          },
          tooltip: [
            { field: "actual", title: text.actual },
            { field: "predicted", title: text.predicted },
            { field: "count", title: text.count },
            { field: "share", title: text.share, format: ".1%" },
          ],
        },
      },
      ...(side >= 24
        ? [
            {
              mark: { type: "text" },
              encoding: {
                text: { field: "count" },
                color: { condition: { test: "datum.share > 0.5", value: "white" }, value: "#333333" },
              },
            },
          ]
        : []),
    ],
  });
}
