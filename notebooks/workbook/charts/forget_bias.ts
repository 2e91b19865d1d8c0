// P7b: how far the cell state's gradient reaches, by the forget gate's bias, next to an RNN with the same
// weights.

import { decayCurvesChart } from "../../../src/index.js";
import type { LagRatio } from "../../../src/index.js";
import type { Language } from "../strings.js";
import { roleColour } from "./chart.js";
import type { Chart } from "./chart.js";
import { decayWords } from "./decay_words.js";

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
export function forgetBias({ lstm, rnn }: ForgetBiasDecay, language: Language): Chart {
  const words = decayWords[language].forgetBias;
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
    { language, title: words.title, ratio: words.ratio, legend: words.legend },
  );
}
