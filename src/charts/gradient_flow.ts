// The chart of gradient flow: gradient norms over time steps.

import type { FlowQuantity, FlowRow } from "../flow/gradient_flow.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { logCurves } from "./log_curves.js";
import type { Language } from "./strings.js";

export interface GradientFlowChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
  /** which gradients to draw; default all there are */
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
 * Norms over t on a log axis, one curve a quantity. Zeros and underflow stand under the axis.
 *
 * @param rows what `gradientFlow` returned, or some of it
 * @throws Error for an unknown option, language or quantity, or when there is nothing to draw
 */
export function gradientFlowChart(rows: FlowRow[], options: GradientFlowChartOptions = {}): Chart {
  const where = "gradientFlowChart";
  const text = chartStrings(where, options, ["language", "title", "quantities"]);
  const known = Object.keys(looks) as FlowQuantity[];
  const { title = text.flow.title, quantities = known } = options;
  const unknown = quantities.find((quantity) => !known.includes(quantity));
  if (unknown !== undefined) {
    throw new Error(`${where}: unknown quantity "${unknown}"; the quantities are ${known.join(", ")}`);
  }
  const curves = known
    .filter((quantity) => quantities.includes(quantity))
    .map((quantity) => ({
      label: text.flow.quantities[quantity],
      ...looks[quantity],
      points: rows.filter((row) => row.quantity === quantity).map((row) => ({ x: row.t, value: row.norm })),
    }))
    .filter((curve) => curve.points.length > 0);
  if (curves.length === 0) throw new Error(`${where}: rows has nothing of ${quantities.join(", ")} to draw`);
  const lastStep = Math.max(...curves.flatMap((curve) => curve.points.map((point) => point.x)));
  return logCurves({
    title,
    description: (curvesInWords) => text.flow.description(lastStep, curvesInWords),
    x: { name: "t", title: text.flow.step },
    y: { title: text.flow.norm },
    legend: text.flow.quantity,
    curves,
    words: text,
  });
}
