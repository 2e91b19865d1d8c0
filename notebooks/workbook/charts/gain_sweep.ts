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

// From cold to hot: blues below 1, 1 black, above it orange to dark red.
const looks = [
  { colour: "#08306B", dash: [1, 0], shape: "circle" },
  { colour: "#2171B5", dash: [6, 3], shape: "square" },
  { colour: "#6BAED6", dash: [2, 2], shape: "triangle-up" },
  { colour: "#000000", dash: [1, 0], shape: "diamond" },
  { colour: "#FDAE6B", dash: [6, 3], shape: "triangle-down" },
  { colour: "#F16913", dash: [2, 2], shape: "circle" },
  { colour: "#D94801", dash: [8, 3, 2, 3], shape: "square" },
  { colour: "#A63603", dash: [6, 3], shape: "triangle-up" },
  { colour: "#67000D", dash: [1, 0], shape: "diamond" },
];

/** One curve a gain, each with its name at the end. */
export function gainSweep(locale: Locale, decays: GainDecay[]): Chart {
  const words = strings[locale];
  const chart = decayCurvesChart(
    decays.map(({ gain, ratios }, n) => ({ label: words.curve(String(gain)), ratios, ...looks[n] })),
    { language: locale, title: words.title, legend: words.legend },
  );
  const [first, ...layers] = chart.layer as { encoding: { x: object; y: object } }[];
  const ends = decays.map(({ gain, ratios }) => ({ ...ratios[ratios.length - 1], gain }));
  const heights = apart(ends.map(({ ratio }) => Math.log10(ratio)));
  const values = ends.map(({ k, gain }, n) => ({
    k,
    value: 10 ** heights[n],
    end: words.curve(String(gain)),
  }));
  const names = {
    data: { values },
    mark: { type: "text", align: "left", dx: 7, baseline: "middle", fontSize: 10 },
    encoding: {
      x: { ...first.encoding.x, field: "k" },
      y: { ...first.encoding.y, field: "value" },
      text: { field: "end" },
    },
  };
  return { ...chart, layer: [first, ...layers, names] };
}

/** The heights, moved up and down until none lies on another: 25 lines of text fill the axis. */
function apart(heights: number[]): number[] {
  const line = (Math.max(...heights) - Math.min(...heights)) / 25;
  const order = heights.map((_, n) => n).sort((a, b) => heights[a] - heights[b]);
  const [up, down] = [[...heights], [...heights]];
  for (const [above, below] of pairs(order)) up[above] = Math.max(up[above], up[below] + line);
  for (const [below, above] of pairs(order.reverse()))
    down[below] = Math.min(down[below], down[above] - line);
  return heights.map((_, n) => (up[n] + down[n]) / 2);
}

/** Each element but the first, with the one before it. */
const pairs = (list: number[]) => list.slice(1).map((each, n): [number, number] => [each, list[n]]);

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
