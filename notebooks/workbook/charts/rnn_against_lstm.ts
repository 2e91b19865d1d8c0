// How the gradient fades over a long sequence, in an RNN and in an LSTM: the norms of the library's gradient
// flow on one logarithmic axis.

import { logCurves } from "../../../src/charts/log_curves.js";
import { strings as chartWords } from "../../../src/charts/strings.js";
import type { FlowQuantity, FlowRow } from "../../../src/index.js";
import type { Language, Strings } from "../strings.js";
import { roleColour } from "./chart.js";
import type { Chart } from "./chart.js";

/** What `gradientFlow` gave for each of the two models, on the same sequence. */
export interface FlowsToCompare {
  rnn: FlowRow[];
  lstm: FlowRow[];
}

/** ‖∂L/∂h_t‖ of the RNN, ‖∂L/∂h_t‖ and ‖∂L/∂C_t‖ of the LSTM over t. */
export function rnnAgainstLstm(flows: FlowsToCompare, text: Strings, language: Language): Chart {
  const words = text.flows;
  const points = (rows: FlowRow[], quantity: FlowQuantity) =>
    rows.filter((row) => row.quantity === quantity).map((row) => ({ x: row.t, value: row.norm }));
  const curves = [
    {
      label: words.rnn,
      colour: roleColour.h,
      dash: [4, 3],
      shape: "triangle-down",
      points: points(flows.rnn, "h"),
    },
    {
      label: words.lstmHidden,
      colour: roleColour.h,
      dash: [1, 0],
      shape: "circle",
      points: points(flows.lstm, "h"),
    },
    {
      label: words.lstmCell,
      colour: roleColour.c,
      dash: [1, 0],
      shape: "square",
      points: points(flows.lstm, "c"),
    },
  ];
  const empty = curves.find((curve) => curve.points.length === 0);
  if (empty) throw new TypeError(`book.rnnAgainstLstm: there is no row of ${empty.label}`);
  return logCurves({
    title: words.title,
    description: words.description,
    x: { name: "t", title: words.step },
    y: { title: words.norm },
    legend: words.gradient,
    curves,
    words: chartWords[language],
  });
}
