// The chart of where the activations of the gates lie: a histogram at each time step, in colours.

import type { HistogramRow } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings } from "./chart.js";
import { gatePanels, percent, stacked } from "./gates.js";
import type { FlowChartOptions } from "./jacobians.js";
import { multiples } from "./log_curves.js";

/**
 * One panel for each gate, t to the right and the activation upwards: the darker a cell, the more of the
 * activations lie there. Above each panel stands the saturated share over all steps.
 *
 * @param rows what `gateHistograms` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, or when there is nothing to draw
 */
export function gateHistogramsChart(rows: HistogramRow[], options: FlowChartOptions = {}): Chart {
  const where = "gateHistogramsChart";
  const text = chartStrings(where, options, ["language", "title"]);
  const words = text.gates;
  if (rows.length === 0) throw new RangeError(`${where}: rows is empty, but must have a row to draw`);
  const panels = gatePanels(rows, text).map(({ name, rows: of }) => {
    const steps = new Set(of.map(({ t }) => t)).size;
    const saturated = of.reduce((sum, row) => sum + row.saturated, 0) / steps;
    return { title: words.saturatedShare(name, percent(saturated)), rows: of };
  });
  const values = panels.flatMap(({ title, rows: of }) =>
    of.map(({ t, from, to, share, saturated }) => ({ panel: title, t, from, to, share, saturated })),
  );
  const lastStep = rows.reduce((most, { t }) => Math.max(most, t), 0);
  const side = Math.max(2, Math.min(28, Math.floor(480 / lastStep)));
  return chart({
    description: words.histograms.description(lastStep, panels.map(({ title }) => title).join("; ")),
    title: options.title ?? words.histograms.title,
    data: { values },
    ...stacked(panels.map(({ title }) => title)),
    resolve: { scale: { y: "independent" } },
    spec: {
      width: { step: side },
      height: 100,
      mark: { type: "rect" },
      encoding: {
        x: {
          field: "t",
          type: "ordinal",
          title: text.flow.step,
          axis: { labelAngle: 0, values: multiples(0, lastStep, 10) },
        },
        y: { field: "from", type: "quantitative", title: words.activation, scale: { nice: false } },
        y2: { field: "to" },
        color: {
          field: "share",
          type: "quantitative",
          title: words.share,
          scale: { range: ["#FFFFFF", "#08306B"], domainMin: 0 },
          legend: { format: ".0%", gradientLength: 120 },
        },
        tooltip: [
          { field: "t", title: text.flow.step },
          { field: "from", title: words.from, format: ".2f" },
          { field: "to", title: words.to, format: ".2f" },
          { field: "share", title: words.share, format: ".1%" },
          { field: "saturated", title: words.saturated, format: ".1%" },
        ],
      },
    },
  });
}
