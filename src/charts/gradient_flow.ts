// The chart of gradient flow: gradient norms over time steps.

import type { FlowQuantity, FlowRow } from "../flow/flow_row.js";
import { checkChoice } from "../numbers/validation.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { colours, dashes, shapes } from "./looks.js";
import { logCurves } from "./log_curves.js";
import type { Language } from "./strings.js";

export interface GradientFlowChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
  /** which gradients to draw; default all there are, but of several layers or directions only h */
  quantities?: FlowQuantity[];
}

// Okabe–Ito. c and h have the colours they have in every chart of the workbook; dash and shape differ too.
const looks = {
  h: { colour: "#CC79A7", dash: [1, 0], shape: "circle" },
  c: { colour: "#000000", dash: [1, 0], shape: "square" },
  Wx: { colour: "#56B4E9", dash: [6, 3], shape: "triangle-up" },
  Wh: { colour: "#009E73", dash: [2, 2], shape: "diamond" },
  b: { colour: "#E69F00", dash: [8, 3, 2, 3], shape: "triangle-right" },
};

/**
 * Norms over t on a log axis, one curve a quantity. Where the rows are of several layers or directions, one
 * curve for each of them, and a click on the legend shows one alone. Zeros and underflow stand under the
 * axis.
 *
 * @param rows what `gradientFlow` returned, or some of it
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an unknown language or quantity, or when there is nothing to draw
 */
export function gradientFlowChart(rows: FlowRow[], options: GradientFlowChartOptions = {}): Chart {
  const where = "gradientFlowChart";
  const text = chartStrings(where, options, ["language", "title", "quantities"]);
  const known = Object.keys(looks) as FlowQuantity[];
  const lanes = lanesOf(rows);
  const several = lanes.length > 1;
  const { title = text.flow.title, quantities = several ? (["h"] as FlowQuantity[]) : known } = options;
  for (const quantity of quantities) checkChoice(where, "a quantity", quantity, known);
  const curves = known
    .filter((quantity) => quantities.includes(quantity))
    .flatMap((quantity, index) =>
      lanes.map(({ layer, direction }, lane) => ({
        label: several
          ? text.flow.lane(text.flow.quantities[quantity], layer, direction)
          : text.flow.quantities[quantity],
        ...(several
          ? {
              colour: colours[lane % colours.length],
              dash: dashes[index % dashes.length],
              shape: shapes[(index * lanes.length + lane) % shapes.length],
            }
          : looks[quantity]),
        points: rows
          .filter((row) => row.quantity === quantity && row.layer === layer && row.direction === direction)
          .map((row) => ({ x: row.t, value: row.norm })),
      })),
    )
    .filter((curve) => curve.points.length > 0);
  if (curves.length === 0)
    throw new RangeError(
      `${where}: rows has nothing of ${quantities.join(", ")}, but needs something to draw`,
    );
  const lastStep = Math.max(...curves.flatMap((curve) => curve.points.map((point) => point.x)));
  return logCurves({
    title,
    description: (curvesInWords) => text.flow.description(lastStep, curvesInWords),
    x: { name: "t", title: text.flow.step },
    y: { title: text.flow.norm },
    legend: text.flow.quantity,
    legendSelects: several,
    curves,
    words: text,
  });
}

/** The layers and directions of rows, in their order. */
function lanesOf(rows: FlowRow[]): Pick<FlowRow, "layer" | "direction">[] {
  const found = new Map(rows.map(({ layer, direction }) => [`${layer} ${direction}`, { layer, direction }]));
  return [...found.values()];
}
