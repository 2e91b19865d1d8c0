// The chart of which units carry the gradient: a heatmap with a logarithmic colour scale.

import type { UnitRow } from "../flow/flow_row.js";
import { mean } from "../numbers/linear_algebra.js";
import type { Chart } from "./chart.js";
import { chart, chartStrings, numberText } from "./chart.js";
import { logColours } from "./log_colours.js";
import { multiples } from "./log_curves.js";
import type { StateChartOptions } from "./states.js";
import { byLane, rowsOfState } from "./states.js";

/** So many units are named in the description. */
const named = 3;

/**
 * One row of cells for each unit, one column for each t. A gradient of 0 is grey. Layers and directions stand
 * below each other.
 *
 * @param rows what `unitGradients` returned
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language or quantity, or when there is nothing to draw
 */
export function unitGradientsChart(rows: UnitRow[], options: StateChartOptions = {}): Chart {
  const where = "unitGradientsChart";
  const text = chartStrings(where, options, ["language", "title", "quantity"]);
  const words = text.units;
  const { quantity, shown } = rowsOfState(where, rows, options.quantity);
  const state = text.map.states[quantity];
  const lanes = byLane(shown, state, text);
  const values = [...lanes].flatMap(([lane, ofLane]) =>
    ofLane.map(({ t, unit, norm }) => ({ t, unit, lane, value: norm, text: numberText(norm) })),
  );
  const largest = [...lanes].map(([lane, ofLane]) => {
    const units = largestUnits(ofLane).map((of) => {
      const [first, last] = [of[0], of[of.length - 1]];
      const label = words.named(of[0].unit);
      return text.from(label, "t", numberText(first.norm), first.t, numberText(last.norm), last.t);
    });
    return (lanes.size > 1 ? `${lane}: ` : "") + units.join("; ");
  });
  const [H, T] = [lastOf(shown, "unit") + 1, lastOf(shown, "t")];
  const side = (most: number, count: number) => Math.max(2, Math.min(most, Math.floor(480 / count)));
  const axis = (last: number) => ({ labelAngle: 0, values: multiples(0, last, 10) });
  const cells = {
    width: { step: side(28, T + 1) },
    height: { step: side(18, H) },
    mark: { type: "rect" },
    encoding: {
      x: { field: "t", type: "ordinal", title: text.flow.step, axis: axis(T) },
      y: { field: "unit", type: "ordinal", title: words.unit, axis: axis(H - 1) },
      color: logColours(values, words.norm(state), 120),
      tooltip: [
        { field: "unit", title: words.unit },
        { field: "t", title: text.flow.step },
        { field: "text", title: words.norm(state) },
      ],
    },
  };
  return chart({
    description: words.description(state, H, T, largest.join(". ")),
    title: options.title ?? words.title(state),
    data: { values },
    ...(lanes.size > 1
      ? {
          facet: { row: { field: "lane", type: "nominal", title: null, sort: [...lanes.keys()] } },
          spec: cells,
        }
      : cells),
  });
}

/** The rows of the units with the largest mean over t, the largest first. */
function largestUnits(rows: UnitRow[]): UnitRow[][] {
  const units = new Map<number, UnitRow[]>();
  for (const row of rows) {
    const found = units.get(row.unit);
    if (found) found.push(row);
    else units.set(row.unit, [row]);
  }
  return [...units.values()]
    .map((of) => ({ of, size: mean(of.map(({ norm }) => norm)) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, named)
    .map(({ of }) => of);
}

function lastOf(rows: UnitRow[], field: "unit" | "t"): number {
  return rows.reduce((most, row) => Math.max(most, row[field]), 0);
}
