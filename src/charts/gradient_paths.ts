// The chart of itemised gradients: the share of each path, stacked, over time steps.

import type { LanePlace, PathRow } from "../flow/flow_row.js";
import { gradientPaths } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import type { FlowChartOptions } from "./jacobians.js";
import { multiples } from "./log_curves.js";

// Okabe–Ito. The forget gate and W_h have the colours they have in other charts.
const colours = { keep: "#D55E00", recurrent: "#009E73", output: "#0072B2" };

/**
 * The shares of the paths as stacked bars over t; together they reach 1. A share below 0 works against the
 * others and hangs under the axis. Layers and directions stand below each other.
 *
 * @param rows what `gradientPaths` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, or when there is nothing to draw
 */
export function gradientPathsChart(rows: PathRow[], options: FlowChartOptions = {}): Chart {
  const where = "gradientPathsChart";
  const text = chartStrings(where, options, ["language", "title"]);
  const words = text.paths;
  if (rows.length === 0) throw new RangeError(`${where}: rows is empty, but needs at least one row`);
  const { quantity } = rows[0];
  const paths = gradientPaths.filter((path) => rows.some((row) => row.path === path));
  const state = words.states[quantity];
  const laneOf = ({ layer, direction }: LanePlace) => text.flow.lane(state, layer, direction);
  const lanes = [...new Set(rows.map(laneOf))];
  const nameOf = (path: (typeof paths)[number]) =>
    path === "keep" && quantity === "h" ? words.updateGate : words.names[path];
  const values = rows.flatMap((row) =>
    row.path === "total"
      ? []
      : [
          {
            t: row.t,
            lane: laneOf(row),
            path: nameOf(row.path),
            order: paths.indexOf(row.path),
            share: row.share,
            text: numberText(row.norm),
          },
        ],
  );
  const lastStep = Math.max(...values.map(({ t }) => t));
  const inWords = lanes.flatMap((lane) =>
    paths.map((path) => {
      const shares = values.filter((value) => value.lane === lane && value.path === nameOf(path));
      const [first, last] = [shares[0], shares[shares.length - 1]];
      const label = lanes.length > 1 ? `${lane}, ${nameOf(path)}` : nameOf(path);
      return text.from(label, "t", percent(first.share), first.t, percent(last.share), last.t);
    }),
  );
  const bars = {
    width: 480,
    height: lanes.length > 1 ? 140 : 240,
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          x: {
            field: "t",
            type: "ordinal",
            title: text.flow.step,
            scale: { paddingInner: lastStep > 60 ? 0 : 0.15 },
            axis: { labelAngle: 0, values: multiples(0, lastStep, 10) },
          },
          y: {
            field: "share",
            type: "quantitative",
            title: words.share(state),
            axis: { format: ".0%" },
            scale: { nice: false },
          },
          color: {
            field: "path",
            type: "nominal",
            title: words.path,
            scale: { domain: paths.map(nameOf), range: paths.map((path) => colours[path]) },
            legend: { orient: "bottom", columns: 1, labelLimit: 460, symbolSize: 120 },
          },
          order: { field: "order", type: "quantitative" },
          tooltip: [
            { field: "path", title: words.path },
            { field: "t", title: text.flow.step },
            { field: "share", title: words.share(state), format: ".1%" },
            { field: "text", title: words.norm },
          ],
        },
      },
      ...[0, 1].map((value) => ({
        mark: { type: "rule", color: "#555555", ...(value === 1 && { strokeDash: [2, 2] }) },
        encoding: { y: { datum: value } },
      })),
    ],
  };
  return chart({
    description: words.description(state, lastStep, inWords.join("; ")),
    title: options.title ?? words.title(state),
    data: { values },
    ...(lanes.length > 1
      ? { facet: { row: { field: "lane", type: "nominal", title: null, sort: lanes } }, spec: bars }
      : bars),
  });
}

function percent(share: number): string {
  return `${numberText(100 * share)}%`;
}
