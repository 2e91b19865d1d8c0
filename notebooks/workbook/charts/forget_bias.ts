// P7b: how far the cell state's gradient reaches, by the forget gate's bias, next to an RNN with the same
// weights.

import { decayCurvesChart } from "../../../src/index.js";
import type { Chart, LagRatio } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour } from "./chart.js";

/**
 * ‖∂C_{T−k}‖ / ‖∂C_T‖ of an LSTM by its forget bias, next to what its forget gates alone let through, ∏ f;
 * and ‖∂h_{T−k}‖ / ‖∂h_T‖ of an RNN.
 */
export interface ForgetBiasDecay {
  lstm: { forgetBias: number; ratios: LagRatio[]; gates?: LagRatio[] }[];
  rnn: LagRatio[];
}

const looks = [
  { colour: "#0072B2", shape: "square" },
  { colour: "#56B4E9", shape: "triangle-up" },
  { colour: "#009E73", shape: "diamond" },
  { colour: "#E69F00", shape: "circle" },
  { colour: roleColour.c, shape: "triangle-right" },
];

/** A solid curve a bias, a dotted one where its gates are given, and the RNN's. */
export function forgetBias(locale: Locale, decays: ForgetBiasDecay): Chart {
  const { lstm, rnn } = decays;
  const words = strings[locale];
  const biasText = (value: number) => String(value).replace("-", "−");
  return decayCurvesChart(
    [
      ...lstm.flatMap(({ forgetBias, ratios, gates }, n) => {
        const alone = { label: words.gates(biasText(forgetBias)), dash: [2, 3], ...looks[n] };
        return [
          { label: words.bias(biasText(forgetBias)), ratios, dash: [1, 0], ...looks[n] },
          ...(gates ? [{ ...alone, ratios: gates }] : []),
        ];
      }),
      { label: words.rnn, ratios: rnn, colour: roleColour.h, dash: [4, 3], shape: "triangle-down" },
    ],
    { language: locale, title: words.title, ratio: words.ratio, legend: words.legend },
  );
}

const en = {
  title: "How far the gradient reaches, and how far through the forget gates alone",
  ratio: "‖∂C‖ at T−k, relative to T",
  legend: "b_f (click to choose)",
  bias: (value: string) => `LSTM ‖∂C‖, b_f = ${value}`,
  gates: (value: string) => `∏ f alone, b_f = ${value}`,
  rnn: "RNN ‖∂h‖, same W",
};

const ko: typeof en = {
  title: "기울기가 전해지는 거리: 전체와 망각 게이트만 거친 경우",
  ratio: "‖∂C‖: 시점 T 대비 T−k",
  legend: "b_f (클릭해서 고르기)",
  bias: (value) => `LSTM ‖∂C‖, b_f = ${value}`,
  gates: (value) => `∏ f만, b_f = ${value}`,
  rnn: "RNN ‖∂h‖, 같은 W",
};

const strings: Record<Locale, typeof en> = { en, ko };
