// P3: what is left of the gradient k steps back in random tanh networks, by the gain of their recurrent
// weights.

import { decayCurvesChart } from "../../../src/index.js";
import type { LagRatio } from "../../../src/index.js";
import type { Language } from "../strings.js";
import type { Chart } from "./chart.js";
import { decayWords } from "./decay_words.js";

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
export function gainSweep(decays: GainDecay[], language: Language): Chart {
  const words = decayWords[language].gains;
  return decayCurvesChart(
    decays.map(({ gain, ratios }, n) => ({ label: words.curve(String(gain)), ratios, ...looks[n] })),
    { language, title: words.title, legend: words.legend },
  );
}
