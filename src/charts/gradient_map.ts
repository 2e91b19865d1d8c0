// The chart of which step's loss reaches which state: a heatmap with a logarithmic colour scale.

import type { MapRow } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import type { FlowChartOptions } from "./jacobians.js";
import { decadesOf, multiples } from "./log_curves.js";

export interface GradientMapChartOptions extends FlowChartOptions {
  /** "c" by default, where there are cell states; else "h" */
  quantity?: MapRow["quantity"];
  /** the norms at the ends of the colour scale, to compare maps; default the smallest and the largest */
  domain?: [number, number];
}

/**
 * One row of cells for each s, from the top, one column for each t. A gradient of 0 is grey. Layers and
 * directions stand below each other.
 *
 * @param rows what `gradientMap` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language, a domain that is not one, or when there is nothing to draw
 */
export function gradientMapChart(rows: MapRow[], options: GradientMapChartOptions = {}): Chart {
  const where = "gradientMapChart";
  const text = chartStrings(where, options, ["language", "title", "quantity", "domain"]);
  const words = text.map;
  const { quantity = rows.some((row) => row.quantity === "c") ? "c" : "h" } = options;
  const shown = rows.filter((row) => row.quantity === quantity);
  if (shown.length === 0) throw new RangeError(`${where}: rows has nothing of ${quantity} to draw`);
  const state = words.states[quantity];
  const values = shown.map(({ s, t, layer, direction, norm }) => ({
    s,
    t,
    lane: text.flow.lane(state, layer, direction),
    value: norm,
    text: numberText(norm),
  }));
  const lanes = [...new Set(values.map(({ lane }) => lane))];
  const positive = values.map(({ value }) => value).filter((value) => value > 0);
  const ends: [number, number] =
    positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [0.1, 1];
  const domain = options.domain ?? ends;
  if (!(domain[0] > 0 && domain[1] > domain[0] && Number.isFinite(domain[1])) && options.domain) {
    throw new RangeError(
      `${where}: domain is [${domain.join(", ")}], but must be two positive norms, the smaller one first`,
    );
  }
  const ticks = decadesOf(domain).ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  const lastStep = Math.max(...shown.map(({ t }) => t));
  const last = values.filter(
    ({ s, lane }) => s === Math.max(...shown.map((row) => row.s)) && lane === lanes[0],
  );
  const side = Math.max(4, Math.min(28, Math.floor(420 / (lastStep + 1))));
  const axis = { labelAngle: 0, values: multiples(0, lastStep, 10) };
  const cells = {
    width: { step: side },
    height: { step: side },
    mark: { type: "rect" },
    encoding: {
      x: { field: "t", type: "ordinal", title: words.t, axis },
      y: { field: "s", type: "ordinal", title: words.s, axis },
      color: {
        condition: { test: "datum.value <= 0", value: "#BBBBBB" },
        field: "value",
        type: "quantitative",
        title: words.norm(state),
        scale: { type: "log", domain, scheme: "viridis", clamp: true },
        legend: { values: ticks.length > 1 ? ticks : domain, format: ".1~e", gradientLength: 180 },
      },
      tooltip: [
        { field: "s", title: words.s },
        { field: "t", title: words.t },
        { field: "text", title: words.norm(state) },
      ],
    },
  };
  return chart({
    description: words.description(
      state,
      text.from(
        `s = ${last[0].s}`,
        "t",
        last[0].text,
        last[0].t,
        last[last.length - 1].text,
        last[last.length - 1].t,
      ),
    ),
    title: options.title ?? words.title(state),
    data: { values },
    ...(lanes.length > 1
      ? { facet: { row: { field: "lane", type: "nominal", title: null, sort: lanes } }, spec: cells }
      : cells),
  });
}
