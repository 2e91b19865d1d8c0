// P7b: how far the cell state's gradient reaches, by the forget gate's bias, next to an RNN with the same
// weights.

import { decayCurvesChart } from "../../../src/index.js";
import type { Chart, LagRatio } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour } from "./chart.js";

/** ‖∂C_{T−k}‖ / ‖∂C_T‖ of an LSTM by its forget bias, and ‖∂h_{T−k}‖ / ‖∂h_T‖ of an RNN. */
export interface ForgetBiasDecay {
  lstm: { forgetBias: number; ratios: LagRatio[] }[];
  rnn: LagRatio[];
}

const looks = [
  { colour: "#0072B2", dash: [2, 2], shape: "square" },
  { colour: "#56B4E9", dash: [8, 3, 2, 3], shape: "triangle-up" },
  { colour: "#009E73", dash: [6, 3], shape: "diamond" },
  { colour: "#E69F00", dash: [4, 2], shape: "circle" },
  { colour: roleColour.c, dash: [1, 0], shape: "square" },
];

/** One curve a bias, and the RNN's. */
export function forgetBias(locale: Locale, decays: ForgetBiasDecay): Chart {
  const { lstm, rnn } = decays;
  const words = strings[locale];
  const biasText = (value: number) => String(value).replace("-", "−");
  return decayCurvesChart(
    [
      ...lstm.map(({ forgetBias, ratios }, n) => ({
        label: words.bias(biasText(forgetBias)),
        ratios,
        ...looks[n],
      })),
      { label: words.rnn, ratios: rnn, colour: roleColour.h, dash: [4, 3], shape: "triangle-down" },
    ],
    { language: locale, title: words.title, ratio: words.ratio, legend: words.legend },
  );
}

const en = {
  title: "The forget gate's bias decides how far the gradient reaches",
  ratio: "‖∂C‖ at T−k, relative to T",
  legend: "b_f (click to choose)",
  bias: (value: string) => `LSTM ‖∂C‖, b_f = ${value}`,
  rnn: "RNN ‖∂h‖, same W",
};

const ko: typeof en = {
  title: "기울기가 얼마나 멀리 전해지는지는 망각 게이트의 편향에 달렸다",
  ratio: "‖∂C‖: 시점 T 대비 T−k",
  legend: "b_f (클릭해서 고르기)",
  bias: (value) => `LSTM ‖∂C‖, b_f = ${value}`,
  rnn: "RNN ‖∂h‖, 같은 W",
};

const strings: Record<Locale, typeof en> = { en, ko };
