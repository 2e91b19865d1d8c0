// The chart of which input mattered: a heatmap with a logarithmic colour scale.

import type { InputRow } from "../flow/flow_row.js";
import { shown } from "../numbers/validation.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import type { FlowChartOptions } from "./jacobians.js";
import { logColours } from "./log_colours.js";
import { multiples } from "./log_curves.js";

export interface InputGradientsChartOptions extends FlowChartOptions {
  /** the names of the features, in their order; by default their numbers */
  features?: readonly string[];
}

/**
 * One column of cells for each t; in the first row all of x_t together, below it a row for each feature. A
 * gradient of 0 is grey.
 *
 * @param rows what `inputGradients` returned
 * @throws {TypeError} for an unknown option, or names that are no array
 * @throws {RangeError} for an unknown language, another number of names than of features, or when there is
 * nothing to draw
 */
export function inputGradientsChart(rows: InputRow[], options: InputGradientsChartOptions = {}): Chart {
  const where = "inputGradientsChart";
  const text = chartStrings(where, options, ["language", "title", "features"]);
  const words = text.inputs;
  if (rows.length === 0) throw new RangeError(`${where}: rows is empty, but must have a row to draw`);
  const count = rows.reduce((most, { feature }) => Math.max(most, (feature ?? -1) + 1), 0);
  const { features = Array.from({ length: count }, (_, k) => String(k)) } = options;
  if (typeof features !== "object") {
    throw new TypeError(`${where}: features is ${shown(features)}, but must be an array of names`);
  }
  if (features.length !== count) {
    throw new RangeError(
      `${where}: features has ${features.length} names, but there must be one for each of ${count} features`,
    );
  }
  const order = [words.all, ...features];
  if (new Set(order).size < order.length) {
    throw new RangeError(`${where}: features has a name twice, but each must be another`);
  }
  const values = rows.map(({ t, feature, norm }) => ({
    t,
    feature: feature === undefined ? words.all : features[feature],
    value: norm,
    text: numberText(norm),
  }));
  const all = values.filter(({ feature }) => feature === words.all);
  const [first, last] = [all[0], all[all.length - 1]];
  const side = Math.max(4, Math.min(28, Math.floor(480 / all.length)));
  return chart({
    description: words.description(count, text.from(words.norm, "t", first.text, first.t, last.text, last.t)),
    title: options.title ?? words.title,
    data: { values },
    width: { step: side },
    height: { step: Math.max(14, side) },
    mark: { type: "rect" },
    encoding: {
      x: {
        field: "t",
        type: "ordinal",
        title: words.t,
        axis: { labelAngle: 0, values: multiples(0, last.t, 10) },
      },
      y: { field: "feature", type: "nominal", title: words.feature, sort: order },
      color: logColours(values, words.size, 120),
      tooltip: [
        { field: "feature", title: words.feature },
        { field: "t", title: words.t },
        { field: "text", title: words.size },
      ],
    },
  });
}
