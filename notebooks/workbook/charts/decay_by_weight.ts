// P2's slider: what is left of the gradient k steps back, next to the bound, for every W_h whose entries are
// all one number w. The curves are computed beforehand, so the slider needs no kernel.

import type { Chart, LagRatio } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { numberText } from "../number_text.js";
import { vegaLite } from "./chart.js";

/** The decay with one W_h. */
export interface WeightDecay {
  /** every entry of W_h */
  w: number;
  /** σ_max(W_h), of the bound (σ_max γ)ᵏ; γ is 1 for tanh */
  sigmaMax: number;
  ratios: LagRatio[];
}

/** As the library's chart of decay draws the two. */
const looks = {
  actual: { colour: "#CC79A7", dash: [1, 0], shape: "circle" },
  bound: { colour: "#D55E00", dash: [6, 3], shape: "triangle-up" },
};

const smallestNormalFloat32 = 2 ** -126;
const width = 480;
const height = 280;

/**
 * Two curves over the lag and a slider that chooses w.
 * @param shown the w of the slider's first position and of the picture
 * @throws {RangeError} when `shown` is not one of the weights, or the weights are not evenly spaced: a slider
 *   has one step
 */
export function decayByWeight(locale: Locale, decays: WeightDecay[], shown: number): Chart {
  const words = strings[locale];
  const first = decays.find(({ w }) => same(w, shown));
  if (!first) {
    throw new RangeError(`book.decayByWeight: shown is ${shown}, but must be the w of one of the decays`);
  }
  const [low, high] = [decays[0].w, decays[decays.length - 1].w];
  const step = decays.length > 1 ? (high - low) / (decays.length - 1) : 1;
  const uneven = decays.find(({ w }, n) => !same(w, low + n * step));
  if (uneven) {
    throw new RangeError(
      `book.decayByWeight: decays has w = ${uneven.w}, but must go in even steps of ${step} from ${low}`,
    );
  }
  const lastK = Math.max(...decays.flatMap(({ ratios }) => ratios.map(({ k }) => k)));
  const left = (decay: WeightDecay) => decay.ratios.find(({ k }) => k === lastK)?.ratio ?? 0;
  const best = decays.reduce((a, b) => (left(b) > left(a) ? b : a));
  const all = decays.flatMap((decay) => [...decay.ratios.map(({ ratio }) => ratio), decay.sigmaMax ** lastK]);
  // Fixed over all w, so that the curves move and not the axis; in whole steps of ten decades.
  const decade = (value: number, round: (x: number) => number) => 10 * round(Math.log10(value) / 10);
  const [bottom, top] = [
    decade(Math.min(...all.filter((value) => value > 0)), Math.floor),
    Math.max(0, decade(Math.max(...all), Math.ceil)),
  ];

  const series = ["bound", "actual"] as const;
  /** An object of a Vega expression. */
  const bySeries = (value: (name: (typeof series)[number]) => unknown) =>
    JSON.stringify(Object.fromEntries(series.map((name) => [name, value(name)])));
  const legend = (look: "colour" | "shape") => ({
    field: "curve",
    type: "nominal",
    title: words.series,
    scale: {
      domain: series.map((name) => words.names[name]),
      range: series.map((name) => looks[name][look]),
    },
    legend: { orient: "bottom", columns: 2, labelLimit: 300, symbolSize: 90 },
  });
  const position = {
    x: {
      field: "k",
      type: "quantitative",
      title: words.lag,
      scale: { domain: [0, lastK], nice: false },
      axis: { tickMinStep: 5, format: "d", grid: false },
    },
    y: {
      field: "ratio",
      type: "quantitative",
      title: words.ratio,
      scale: { type: "log", domain: [powerOfTen(bottom), powerOfTen(top)], nice: false, clamp: true },
      axis: {
        values: Array.from({ length: (top - bottom) / 10 + 1 }, (_, n) => powerOfTen(bottom + 10 * n)),
        labelExpr: "datum.value === 1 ? '1' : format(datum.value, '~e')",
      },
    },
  };
  const float32 = { data: { values: [{ ratio: smallestNormalFloat32 }] } };
  return {
    $schema: vegaLite,
    description: words.description(
      `w = ${numberText(low)} – ${numberText(high)}`,
      numberText(first.w),
      lastK,
      numberText(left(first)),
      numberText(first.sigmaMax ** lastK),
      `w = ${numberText(best.w)} (${numberText(left(best))})`,
    ),
    title: {
      text: { expr: `${JSON.stringify(words.title)} + '  (w = ' + format(w, '~r') + ')'` },
      subtitle: words.subtitle,
    },
    width,
    height,
    params: [
      {
        name: "w",
        value: first.w,
        bind: { input: "range", min: low, max: high, step, name: words.slider },
      },
    ],
    // One row a weight, its curve as arrays: a tenth of the text that a row a point would take.
    data: {
      values: decays.map(({ ratios, ...decay }) => ({
        ...decay,
        k: ratios.map(({ k }) => k),
        actual: ratios.map(({ ratio }) => Number(ratio.toPrecision(6))),
      })),
    },
    transform: [
      { filter: `abs(datum.w - w) < ${step / 2}` },
      { flatten: ["k", "actual"] },
      { calculate: "pow(datum.sigmaMax, datum.k)", as: "bound" },
      { fold: [...series], as: ["series", "ratio"] },
      { calculate: `${bySeries((name) => words.names[name])}[datum.series]`, as: "curve" },
      { calculate: `${bySeries((name) => looks[name].dash)}[datum.series]`, as: "dash" },
    ],
    layer: [
      {
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: {
          ...position,
          color: legend("colour"),
          strokeDash: { field: "dash", type: "nominal", scale: null },
        },
      },
      {
        mark: { type: "point", filled: true, size: 55 },
        encoding: {
          ...position,
          color: legend("colour"),
          shape: legend("shape"),
          opacity: { condition: { test: "datum.k % 5 === 0", value: 1 }, value: 0 },
          tooltip: [
            { field: "curve", title: words.series },
            { field: "k", title: words.lag },
            { field: "ratio", title: words.ratio, format: ".3~e" },
          ],
        },
      },
      {
        ...float32,
        mark: { type: "rule", color: "#555555", strokeDash: [2, 2] },
        encoding: { y: { field: "ratio", type: "quantitative" } },
      },
      {
        ...float32,
        mark: {
          type: "text",
          text: words.float32,
          align: "left",
          baseline: "bottom",
          dx: 6,
          dy: -3,
          color: "#555555",
        },
        encoding: { x: { value: 0 }, y: { field: "ratio", type: "quantitative" } },
      },
    ],
  };
}

const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;

/** The number nearest to 10ᵏ, where `10 ** k` can be off by a bit. */
const powerOfTen = (k: number) => Number(`1e${k}`);

const en = {
  title: "How much is left when all of W_h is w?",
  subtitle: "W_h is 2 × 2 and all w, so σₘₐₓ(W_h) = ρ(W_h) = 2w",
  description: (weights: string, first: string, k: number, share: string, bound: string, best: string) =>
    `Line chart with a logarithmic y axis and a slider w: the RNN's gradient k steps back relative to the last step, and the upper bound. W_h is all w, and the slider goes through ${weights}. Shown at first is w = ${first}, where ${share} is left after k = ${k} steps and the bound is ${bound}; of all w, most is left at ${best}.`,
  slider: "w, every entry of W_h: ",
  lag: "k steps back",
  ratio: "‖∂L/∂h‖ at T−k, relative to T",
  series: "series",
  names: {
    actual: "actual gradient",
    bound: "upper bound (σₘₐₓ γ)ᵏ",
  },
  float32: "smallest normal float32",
};

const ko: typeof en = {
  title: "W_h의 원소가 모두 w라면 기울기가 얼마나 남을까?",
  subtitle: "W_h는 원소가 모두 w인 2 × 2 행렬이므로 σₘₐₓ(W_h) = ρ(W_h) = 2w",
  description: (weights, first, k, share, bound, best) =>
    `y축이 로그 눈금이고 슬라이더 w가 있는 꺾은선 그래프: 마지막 시점 대비, k개 시점을 거슬러 간 RNN 기울기의 크기와 그 상한. W_h의 원소는 모두 w이고, 슬라이더로 ${weights}까지 바꿀 수 있습니다. 처음에는 w = ${first}일 때를 보여 줍니다. k = ${k}개 시점을 거슬러 가면 ${share}만큼 남고 상한은 ${bound}입니다. ${best}일 때 가장 많이 남습니다.`,
  slider: "w (W_h의 모든 원소): ",
  lag: "거슬러 간 시점 수 k",
  ratio: "‖∂L/∂h‖: 시점 T 대비 T−k",
  series: "구분",
  names: {
    actual: "실제 기울기",
    bound: "상한 (σₘₐₓ γ)ᵏ",
  },
  float32: "float32 정규 수의 최솟값",
};

const strings: Record<Locale, typeof en> = { en, ko };
