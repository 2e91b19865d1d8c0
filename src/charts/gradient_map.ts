// The chart of which step's loss reaches which state: a heatmap with a logarithmic colour scale.

import type { MapRow } from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import { logColours } from "./log_colours.js";
import { multiples } from "./log_curves.js";
import type { StateChartOptions } from "./states.js";
import { rowsOfState } from "./states.js";

export interface GradientMapChartOptions extends StateChartOptions {
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
  const { quantity, shown } = rowsOfState(where, rows, options.quantity);
  const state = words.states[quantity];
  const values = shown.map(({ s, t, layer, direction, norm }) => ({
    s,
    t,
    lane: text.flow.lane(state, layer, direction),
    value: norm,
    text: numberText(norm),
  }));
  const lanes = [...new Set(values.map(({ lane }) => lane))];
  const { domain } = options;
  if (domain && !(domain[0] > 0 && domain[1] > domain[0] && Number.isFinite(domain[1]))) {
    throw new RangeError(
      `${where}: domain is [${domain.join(", ")}], but must be two positive norms, the smaller one first`,
    );
  }
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
      color: logColours(values, words.norm(state), 180, domain),
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
