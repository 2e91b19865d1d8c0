// P1b: the sigmoid, tanh and their slopes, with the ranges where they are nearly flat.

import { sigmoid, sigmoidPrime, tanh, tanhPrime } from "../../../src/index.js";
import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour, vegaLite } from "./chart.js";

export interface ActivationCurvesOptions {
  /** A guess of the largest slope of σ, drawn next to the truth; null for none. */
  slopeGuess?: number | null;
}

const end = 6;

/**
 * tanh′ is a tenth of its largest value where tanh² = 0.9. As σ(z) = (1 + tanh(z/2))/2, σ′ is so at twice
 * that z.
 */
const tanhFlat = Math.atanh(Math.sqrt(0.9));
const sigmoidFlat = 2 * tanhFlat;

/** tanh has the colour of h, since h = tanh(z) here; no gate or state has the colour of σ. */
const looks = [
  { label: "tanh(z)", key: "tanh", colour: roleColour.h, dash: [1, 0] },
  { label: "tanh′(z)", key: "tanhPrime", colour: roleColour.h, dash: [5, 3] },
  { label: "σ(z)", key: "sigmoid", colour: "#56B4E9", dash: [1, 0] },
  { label: "σ′(z)", key: "sigmoidPrime", colour: "#56B4E9", dash: [2, 2] },
] as const;

/**
 * σ, tanh, σ′ and tanh′ over z ∈ [−6, 6] from the library's functions; a rule follows the pointer and reads
 * all four.
 */
export function activationCurves(locale: Locale, options: ActivationCurvesOptions = {}): Chart {
  const words = strings[locale];
  const { slopeGuess = null } = options;
  const rows = Array.from({ length: 20 * end + 1 }, (_, k) => {
    const z = (k - 10 * end) / 10;
    const round = (value: number) => Number(value.toFixed(5));
    const [s, h] = [sigmoid(z), tanh(z)];
    return {
      z,
      tanh: round(h),
      tanhPrime: round(tanhPrime(h)),
      sigmoid: round(s),
      sigmoidPrime: round(sigmoidPrime(s)),
    };
  });
  const domain = looks.map(({ label }) => label);
  const byCurve = (range: unknown[]) => ({
    field: "label",
    type: "nominal",
    title: words.curve,
    scale: { domain, range },
    legend: { orient: "bottom", symbolStrokeWidth: 2.5, symbolSize: 400 },
  });
  const lowest = Math.min(-1, slopeGuess ?? 0);
  const highest = Math.max(1, slopeGuess ?? 0);
  const x = {
    field: "z",
    type: "quantitative",
    title: "z",
    scale: { domain: [-end, end], nice: false },
    axis: { tickCount: 12, grid: false },
  };
  const y = {
    field: "value",
    type: "quantitative",
    title: words.value,
    scale: { domain: [lowest, highest], nice: true },
  };

  const flat = [
    { from: -end, to: -sigmoidFlat, depth: 0.26, text: words.bothFlat },
    { from: -sigmoidFlat, to: -tanhFlat, depth: 0.12, text: words.tanhFlat },
    { from: tanhFlat, to: sigmoidFlat, depth: 0.12, text: words.tanhFlat },
    { from: sigmoidFlat, to: end, depth: 0.26, text: words.bothFlat },
  ].map((range) => ({ ...range, middle: (range.from + range.to) / 2 }));
  const marks =
    slopeGuess === null
      ? []
      : [
          { z: 0, value: 0.25, text: words.truth, shape: "diamond", keyY: 205 },
          { z: 0, value: slopeGuess, text: words.guess(String(slopeGuess)), shape: "cross", keyY: 225 },
        ];
  // Their words stand in the empty quarter under the curves.
  const key = {
    x: { value: 340 },
    y: { field: "keyY", type: "quantitative", scale: null, axis: null },
  };

  return {
    $schema: vegaLite,
    description: words.description(tanhFlat.toFixed(2), sigmoidFlat.toFixed(2)),
    title: words.title,
    width: 560,
    height: 300,
    layer: [
      {
        data: { values: flat },
        mark: { type: "rect", color: "#888888" },
        encoding: {
          x: { ...x, field: "from" },
          x2: { field: "to" },
          opacity: { field: "depth", type: "quantitative", scale: null },
        },
      },
      {
        data: { values: flat },
        mark: { type: "text", fontSize: 11, color: "#444444", y: 290 },
        encoding: { x: { ...x, field: "middle" }, text: { field: "text" } },
      },
      {
        data: {
          values: looks.flatMap(({ label, key }) =>
            rows.map((row) => ({ z: row.z, label, value: row[key] })),
          ),
        },
        mark: { type: "line", strokeWidth: 2.5 },
        encoding: {
          x,
          y,
          color: byCurve(looks.map(({ colour }) => colour)),
          strokeDash: byCurve(looks.map(({ dash }) => dash)),
        },
      },
      {
        data: { values: marks },
        mark: { type: "point", filled: true, size: 110, color: "#000000", opacity: 1 },
        encoding: { x, y, shape: { field: "shape", type: "nominal", scale: null } },
      },
      {
        data: { values: marks },
        mark: { type: "point", filled: true, size: 110, color: "#000000", opacity: 1 },
        encoding: { ...key, shape: { field: "shape", type: "nominal", scale: null } },
      },
      {
        data: { values: marks },
        mark: { type: "text", align: "left", dx: 10, fontSize: 12, fontWeight: "bold" },
        encoding: { ...key, text: { field: "text" } },
      },
      {
        data: { values: rows },
        params: [
          {
            name: "at",
            select: { type: "point", fields: ["z"], nearest: true, on: "pointermove", clear: "pointerout" },
          },
        ],
        mark: { type: "rule", color: "#000000", strokeWidth: 1 },
        encoding: {
          x,
          opacity: { condition: { param: "at", empty: false, value: 0.7 }, value: 0 },
          tooltip: [
            { field: "z", title: "z", format: ".1f" },
            ...looks.map(({ label, key }) => ({ field: key, title: label, format: ".4f" })),
          ],
        },
      },
    ],
  };
}

const en = {
  title: "Sigmoid, tanh and their slopes",
  description: (tanhFlat: string, sigmoidFlat: string) =>
    `Line chart over z from −6 to 6. The sigmoid rises from 0 to 1 and its slope is 0.25 at most, at z = 0. tanh rises from −1 to 1 and its slope is 1 at most, at z = 0. Shaded: saturation, where a slope is below a tenth of its largest value; tanh is saturated beyond |z| = ${tanhFlat}, the sigmoid beyond |z| = ${sigmoidFlat}.`,
  value: "value",
  curve: "curve",
  tanhFlat: "tanh saturated",
  bothFlat: "both saturated",
  truth: "largest slope of σ: 0.25",
  guess: (value: string) => `your guess: ${value}`,
};

const ko: typeof en = {
  title: "시그모이드와 tanh, 그리고 각각의 미분",
  description: (tanhFlat, sigmoidFlat) =>
    `z가 −6에서 6까지일 때의 선그래프입니다. 시그모이드는 0에서 1로 올라가고, 그 미분은 z = 0에서 최댓값 0.25입니다. tanh는 −1에서 1로 올라가고, 그 미분은 z = 0에서 최댓값 1입니다. 음영은 미분이 최댓값의 10분의 1보다 작은 포화 구간입니다. tanh는 |z|가 ${tanhFlat}보다 크면, 시그모이드는 ${sigmoidFlat}보다 크면 포화됩니다.`,
  value: "값",
  curve: "곡선",
  tanhFlat: "tanh 포화",
  bothFlat: "둘 다 포화",
  truth: "σ의 미분의 최댓값: 0.25",
  guess: (value) => `내 예상: ${value}`,
};

const strings: Record<Locale, typeof en> = { en, ko };
