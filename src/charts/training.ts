// The chart of training: the losses over the updates, or the ratios of the updates, on a logarithmic axis.

import { mean } from "../numbers/linear_algebra.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import type { Curve } from "./log_curves.js";
import { logCurves } from "./log_curves.js";
import { colours, dashes, shapes } from "./looks.js";
import { metricsChart } from "./metrics.js";
import type { Language, strings } from "./strings.js";
import { checkChoice } from "../numbers/validation.js";

export interface TrainingChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
  /** "losses" by default; or how large each tensor's update is next to the tensor; or what was measured */
  quantity?: (typeof quantities)[number];
}

/** A row of fit, as far as it is drawn. */
interface DrawnRow {
  update: number;
  loss: number;
  validationLoss?: number;
  updateRatios?: Readonly<Record<string, number>>;
  metrics?: Readonly<Record<string, number>>;
}

const quantities = ["losses", "updateRatios", "metrics"] as const;

const looks = {
  training: { colour: "#0072B2", dash: [1, 0], shape: "circle" },
  validation: { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
};

const mostPoints = 300;

/**
 * Training and validation loss over the updates; or ‖Δw‖ / ‖w‖ of each tensor, next to the rule of thumb 1e-3
 * (Karpathy, CS231n), where a click on the legend shows one alone; or the metrics, a panel for each. In long
 * runs each point of the first two is the mean of several updates.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language or quantity, or when there is nothing to draw
 */
export function trainingChart(rows: readonly DrawnRow[], options: TrainingChartOptions = {}): Chart {
  const where = "trainingChart";
  const text = chartStrings(where, options, ["language", "title", "quantity"]);
  const { quantity = "losses" } = options;
  checkChoice(where, "quantity", quantity, quantities);
  if (rows.length === 0) throw new RangeError(`${where}: rows is empty, but needs at least one row`);
  if (quantity === "metrics") return metricsChart(where, rows, text, options.title);
  const words = quantity === "losses" ? text.training : text.updateRatios;
  const curves = (quantity === "losses" ? lossCurves(rows, text) : ratioCurves(rows)).filter(
    ({ points }) => points.length > 0,
  );
  if (curves.length === 0) throw new RangeError(`${where}: rows has no updateRatios, but needs some to draw`);
  return logCurves({
    title: options.title ?? words.title,
    description: (inWords) => words.description(rows[rows.length - 1].update, inWords),
    x: { name: "update", title: text.training.update },
    y: { title: words.value },
    legend: words.legend,
    ...(quantity === "updateRatios" && {
      legendSelects: true,
      rules: [{ value: 1e-3, label: text.updateRatios.usual }],
    }),
    curves,
    words: text,
  });
}

function lossCurves(rows: readonly DrawnRow[], text: (typeof strings)[Language]): Curve[] {
  const points = {
    training: rows.map(({ update, loss }) => ({ x: update, value: loss })),
    validation: rows.flatMap(({ update, validationLoss }) =>
      validationLoss === undefined ? [] : [{ x: update, value: validationLoss }],
    ),
  };
  return (["training", "validation"] as const).map((name) => ({
    label: text.training.names[name],
    ...looks[name],
    points: thinned(points[name]),
  }));
}

function ratioCurves(rows: readonly DrawnRow[]): Curve[] {
  const names = new Set(rows.flatMap(({ updateRatios = {} }) => Object.keys(updateRatios)));
  return [...names].map((name, index) => ({
    label: name,
    colour: colours[index % colours.length],
    dash: dashes[Math.floor(index / colours.length) % dashes.length],
    shape: shapes[index % shapes.length],
    points: thinned(
      rows.flatMap(({ update, updateRatios = {} }) =>
        name in updateRatios ? [{ x: update, value: updateRatios[name] }] : [],
      ),
    ),
  }));
}

/** Means of neighbouring points, each at the last one's place, so that the curve ends where training does. */
function thinned(points: { x: number; value: number }[]): { x: number; value: number }[] {
  const size = Math.ceil(points.length / mostPoints);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, n) => {
    const group = points.slice(n * size, (n + 1) * size);
    return { x: group[group.length - 1].x, value: mean(group.map(({ value }) => value)) };
  });
}
