// P7: the share of the gradient that is left one step back, along five paths.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { rnnColour, roleColour, vegaLite } from "./chart.js";

/** ‖gradient at t = 1‖ / ‖gradient at t = 2‖ along each path. */
export interface SharesLeft {
  /** The RNN's ∂h, with the small W_h of the vanishing example. */
  rnn: number;
  /** The RNN's ∂h, with the LSTM's W_h. */
  rnnSameWeights: number;
  /** The LSTM's ∂h. */
  lstmHidden: number;
  /** ∂C₂ ⊙ f₂ against ∂C₂: what the forget gate alone lets through. */
  lstmForget: number;
  /** ∂C₁ against ∂C₂: through f and through h₁. */
  lstmCell: number;
}

const paths = [
  { key: "rnn", colour: rnnColour, dash: [3, 2], opacity: 0.25 },
  { key: "rnnSameWeights", colour: rnnColour, dash: [3, 2], opacity: 0.5 },
  { key: "lstmHidden", colour: roleColour.h, dash: [1, 0], opacity: 1 },
  { key: "lstmForget", colour: roleColour.f, dash: [1, 0], opacity: 1 },
  { key: "lstmCell", colour: roleColour.c, dash: [1, 0], opacity: 1 },
] as const;

/** Horizontal bars from 0 to 1, one a path, with the share printed at the end. */
export function oneStepBack(locale: Locale, shares: SharesLeft): Chart {
  const words = strings[locale];
  const values = paths.map(({ key, ...look }) => ({ path: words[key], share: shares[key], ...look }));
  const encoding = {
    y: {
      field: "path",
      type: "nominal",
      sort: null,
      title: null,
      axis: { labelLimit: 300, labelFontSize: 12 },
    },
    x: {
      field: "share",
      type: "quantitative",
      title: words.share,
      scale: { domain: [0, 1.1], nice: false },
      axis: { format: ".0%", values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    },
  };
  return {
    $schema: vegaLite,
    description: words.description(
      values.map(({ path, share }) => `${path} ${(100 * share).toFixed(1)} %`).join(", "),
    ),
    title: { text: words.title, subtitle: words.subtitle },
    data: { values },
    width: 420,
    height: { step: 34 },
    layer: [
      {
        mark: { type: "bar", strokeWidth: 1.5 },
        encoding: {
          ...encoding,
          fill: { field: "colour", type: "nominal", scale: null },
          stroke: { field: "colour", type: "nominal", scale: null },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
          strokeDash: { field: "dash", type: "nominal", scale: null },
          tooltip: [
            { field: "path", title: " " },
            { field: "share", title: words.share, format: ".4f" },
          ],
        },
      },
      {
        mark: { type: "text", align: "left", dx: 5, fontSize: 12, fontWeight: "bold" },
        encoding: { ...encoding, text: { field: "share", type: "quantitative", format: ".1%" } },
      },
    ],
  };
}

const en = {
  title: "How much of the gradient is left one step back?",
  subtitle: "‖gradient at t = 1‖ / ‖gradient at t = 2‖",
  description: (values: string) =>
    `Bars of the share of the gradient's norm that is left one step back: ${values}.`,
  share: "share left",
  rnn: "RNN ∂h (W_h all 0.1)",
  rnnSameWeights: "RNN ∂h (the LSTM's W_h)",
  lstmHidden: "LSTM ∂h",
  lstmForget: "LSTM ∂C through f alone",
  lstmCell: "LSTM ∂C total",
};

const ko: typeof en = {
  title: "한 시점 거슬러 가면 기울기가 얼마나 남을까?",
  subtitle: "‖t = 1의 기울기‖ / ‖t = 2의 기울기‖",
  description: (values) =>
    `한 시점 거슬러 갔을 때 남는 기울기 크기(노름)의 비율을 나타낸 막대그래프입니다: ${values}.`,
  share: "남은 비율",
  rnn: "RNN ∂h (W_h가 모두 0.1)",
  rnnSameWeights: "RNN ∂h (LSTM과 같은 W_h)",
  lstmHidden: "LSTM ∂h",
  lstmForget: "LSTM ∂C (f만 거침)",
  lstmCell: "LSTM ∂C (전체)",
};

const strings: Record<Locale, typeof en> = { en, ko };
