// P3: what is left of the gradient k steps back in random tanh networks, by the gain of their recurrent
// weights.

import { decayCurvesChart } from "../../../src/index.js";
import type { Chart, LagRatio } from "../../../src/index.js";
import type { Locale } from "../locale.js";

/** The decay in networks of one gain. */
export interface GainDecay {
  /** g of W_h ~ N(0, g²/n) */
  gain: number;
  ratios: LagRatio[];
}

// From cold to hot: below 1 the blues and the green, 1 black, above it pink to vermillion.
const looks = [
  { colour: "#0072B2", dash: [1, 0], shape: "circle" },
  { colour: "#56B4E9", dash: [6, 3], shape: "square" },
  { colour: "#009E73", dash: [2, 2], shape: "triangle-up" },
  { colour: "#000000", dash: [1, 0], shape: "diamond" },
  { colour: "#CC79A7", dash: [6, 3], shape: "triangle-down" },
  { colour: "#E69F00", dash: [2, 2], shape: "circle" },
  { colour: "#D55E00", dash: [8, 3, 2, 3], shape: "square" },
  { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
  { colour: "#D55E00", dash: [1, 0], shape: "diamond" },
];

/** One curve a gain. */
export function gainSweep(locale: Locale, decays: GainDecay[]): Chart {
  const words = strings[locale];
  return decayCurvesChart(
    decays.map(({ gain, ratios }, n) => ({ label: words.curve(String(gain)), ratios, ...looks[n] })),
    { language: locale, title: words.title, legend: words.legend },
  );
}

const en = {
  title: "Random tanh networks of 64 units: which gain explodes?",
  legend: "gain g (click to choose)",
  curve: (gain: string) => `g = ${gain}`,
};

const ko: typeof en = {
  title: "유닛이 64개인 무작위 tanh RNN: 이득이 얼마면 폭발할까?",
  legend: "이득 g (클릭해서 고르기)",
  curve: (gain) => `g = ${gain}`,
};

const strings: Record<Locale, typeof en> = { en, ko };
