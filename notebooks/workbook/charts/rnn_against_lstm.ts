// How the gradient fades over a long sequence, in an RNN and in an LSTM: the norms of the library's gradient
// flow on one logarithmic axis.

import { logCurvesChart } from "../../../src/index.js";
import type { Chart, FlowQuantity, FlowRow } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { rnnColour, roleColour } from "./chart.js";

/** What `gradientFlow` gave for each of the two models, on the same sequence. */
export interface FlowsToCompare {
  rnn: FlowRow[];
  lstm: FlowRow[];
}

/** ‖∂L/∂h_t‖ of the RNN, ‖∂L/∂h_t‖ and ‖∂L/∂C_t‖ of the LSTM over t. */
export function rnnAgainstLstm(locale: Locale, flows: FlowsToCompare): Chart {
  const words = strings[locale];
  const points = (rows: FlowRow[], quantity: FlowQuantity) =>
    rows.filter((row) => row.quantity === quantity).map((row) => ({ x: row.t, value: row.norm }));
  const curves = [
    {
      label: words.rnn,
      colour: rnnColour,
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
  if (empty)
    throw new RangeError(`book.rnnAgainstLstm: flows has no row of ${empty.label}, but must have one a step`);
  return logCurvesChart(curves, {
    language: locale,
    title: words.title,
    description: words.description,
    x: { name: "t", title: words.step },
    y: { title: words.norm },
    legend: words.gradient,
  });
}

const en = {
  title: "How far back does the gradient reach?",
  description: (curves: string) =>
    `Line chart with a logarithmic y axis: the norm of the loss gradient at each time step, in an RNN and in an LSTM. ${curves}.`,
  step: "time step t",
  norm: "norm of the gradient",
  gradient: "gradient",
  rnn: "RNN ‖∂hₜ‖",
  lstmHidden: "LSTM ‖∂hₜ‖",
  lstmCell: "LSTM ‖∂Cₜ‖",
};

const ko: typeof en = {
  title: "기울기는 얼마나 멀리까지 전해질까?",
  description: (curves) =>
    `y축이 로그 눈금인 꺾은선 그래프: RNN과 LSTM에서 시점마다 손실의 기울기의 크기(노름)를 나타냅니다. ${curves}.`,
  step: "시점 t",
  norm: "기울기의 크기(노름)",
  gradient: "기울기",
  rnn: "RNN ‖∂hₜ‖",
  lstmHidden: "LSTM ‖∂hₜ‖",
  lstmCell: "LSTM ‖∂Cₜ‖",
};

const strings: Record<Locale, typeof en> = { en, ko };
