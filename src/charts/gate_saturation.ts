// The chart of which units saturate: for each unit a bar up and a bar down.

import type { SaturationRow } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings } from "./chart.js";
import { gatePanels, percent, stacked } from "./gates.js";
import type { FlowChartOptions } from "./jacobians.js";
import { multiples } from "./log_curves.js";

// Okabe–Ito.
const colours = { high: "#D55E00", low: "#0072B2" };

/**
 * One panel for each gate, the units side by side: upwards how often a unit is saturated at its upper end,
 * downwards how often at its lower end.
 *
 * @param rows what `gateSaturation` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, or when there is nothing to draw
 */
export function gateSaturationChart(rows: SaturationRow[], options: FlowChartOptions = {}): Chart {
  const where = "gateSaturationChart";
  const text = chartStrings(where, options, ["language", "title"]);
  const words = text.gates;
  if (rows.length === 0) throw new RangeError(`${where}: rows is empty, but must have a row to draw`);
  const panels = gatePanels(rows, text);
  const ends = ["high", "low"] as const;
  const values = panels.flatMap(({ name, rows: of }) =>
    of.flatMap((row) =>
      ends.map((end) => ({
        panel: name,
        unit: row.unit,
        end: words.ends[end],
        share: end === "high" ? row.high : -row.low,
        text: percent(row[end]),
      })),
    ),
  );
  const inWords = panels.map(({ name, rows: of }) => {
    const [most] = of.toSorted((a, b) => b.low + b.high - (a.low + a.high));
    return words.saturation.most(name, most.unit, percent(most.high), percent(most.low));
  });
  const units = rows.reduce((most, { unit }) => Math.max(most, unit + 1), 0);
  return chart({
    description: words.saturation.description(units, inWords.join("; ")),
    title: options.title ?? words.saturation.title,
    data: { values },
    ...stacked(panels.map(({ name }) => name)),
    spec: {
      width: { step: Math.max(3, Math.min(28, Math.floor(480 / units))) },
      height: 100,
      layer: [
        {
          mark: { type: "bar" },
          encoding: {
            x: {
              field: "unit",
              type: "ordinal",
              title: text.units.unit,
              axis: { labelAngle: 0, values: multiples(0, units - 1, 10) },
            },
            y: {
              field: "share",
              type: "quantitative",
              title: words.share,
              scale: { domain: [-1, 1] },
              axis: { values: [-1, 0, 1], labelExpr: "format(abs(datum.value), '.0%')" },
            },
            color: {
              field: "end",
              type: "nominal",
              title: words.saturated,
              scale: { domain: ends.map((end) => words.ends[end]), range: ends.map((end) => colours[end]) },
              legend: { orient: "bottom" },
            },
            tooltip: [
              { field: "unit", title: text.units.unit },
              { field: "end", title: words.saturated },
              { field: "text", title: words.share },
            ],
          },
        },
        { mark: { type: "rule", color: "#555555" }, encoding: { y: { datum: 0 } } },
      ],
    },
  });
}
