// The chart of what fit measures besides the loss: a panel for each metric, on a linear axis.

import type { Chart } from "./chart.js";
import { chart, numberText } from "./chart.js";
import { stacked } from "./gates.js";
import type { Language, strings } from "./strings.js";

/** A row of fit, as far as it is drawn. */
interface MetricsRow {
  update: number;
  metrics?: Readonly<Record<string, number>>;
}

/**
 * Each metric over the updates; a value that is not finite, such as an AUC of one class, is left out.
 *
 * @throws {RangeError} when there is nothing to draw
 */
export function metricsChart(
  where: string,
  rows: readonly MetricsRow[],
  text: (typeof strings)[Language],
  title = text.metrics.title,
): Chart {
  const values = rows.flatMap(({ update, metrics = {} }) =>
    Object.entries(metrics)
      .filter(([, value]) => Number.isFinite(value))
      .map(([panel, value]) => ({ panel, update, value, text: numberText(value) })),
  );
  if (values.length === 0) throw new RangeError(`${where}: rows has no metrics, but needs some to draw`);
  const names = [...new Set(values.map(({ panel }) => panel))];
  const inWords = names.map((name) => {
    const own = values.filter(({ panel }) => panel === name);
    const [first, last] = [own[0], own[own.length - 1]];
    return text.from(name, "update", first.text, first.update, last.text, last.update);
  });
  const x = { field: "update", type: "quantitative", title: text.training.update };
  return chart({
    description: text.metrics.description(rows[rows.length - 1].update, inWords.join("; ")),
    title,
    data: { values },
    ...stacked(names),
    spec: {
      width: 480,
      height: 120,
      mark: { type: "line", color: "#D55E00", point: { color: "#D55E00", shape: "triangle-up" } },
      encoding: {
        x: { ...x, axis: { format: "d", grid: false } },
        y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
        tooltip: [
          { field: "update", title: text.training.update },
          { field: "text", title: text.metrics.value },
        ],
      },
    },
    resolve: { scale: { y: "independent" } },
  });
}
