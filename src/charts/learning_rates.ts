// The chart of a learning rate range test: the loss over η.

import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import type { Language } from "./strings.js";

export interface LearningRatesChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
}

/**
 * The loss over the learning rate, both on logarithmic axes; a loss of 0 is not drawn.
 *
 * @param rows what `learningRateRange` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language
 */
export function learningRatesChart(
  rows: readonly { lr: number; loss: number }[],
  options: LearningRatesChartOptions = {},
): Chart {
  const text = chartStrings("learningRatesChart", options, ["language", "title"]);
  const words = text.learningRates;
  const values = rows.map(({ lr, loss }) => ({
    lr,
    loss,
    lrText: numberText(lr),
    lossText: numberText(loss),
  }));
  const lowest = values.reduce((low, row) => (row.loss < low.loss ? row : low));
  const [first, last] = [values[0], values[values.length - 1]];
  const point = ({ lossText, lrText }: typeof first) => words.point(lossText, lrText);
  return chart({
    description: words.description(point(first), point(lowest), point(last)),
    title: options.title ?? words.title,
    data: { values: values.filter(({ loss }) => loss > 0) },
    width: 480,
    height: 280,
    mark: { type: "line", color: "#0072B2", point: { color: "#0072B2", size: 16 } },
    encoding: {
      x: {
        field: "lr",
        type: "quantitative",
        title: words.lr,
        scale: { type: "log", nice: false },
        axis: { grid: false, format: "~e", tickCount: 8 },
      },
      y: {
        field: "loss",
        type: "quantitative",
        title: text.training.value,
        scale: { type: "log", nice: false, padding: 8 },
        axis: { format: "~g", tickCount: 6 },
      },
      tooltip: [
        { field: "lrText", title: words.lr },
        { field: "lossText", title: text.training.value },
      ],
    },
  });
}
