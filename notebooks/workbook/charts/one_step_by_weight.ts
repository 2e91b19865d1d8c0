// P3b: what one step back does to the gradient when every entry of W_h is w, with tanh and without.

import type { Chart } from "../../../src/index.js";
import { logCurvesChart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { numberText } from "../number_text.js";
import { roleColour } from "./chart.js";

/** ‖∂h₁‖ / ‖∂h₂‖ with one W_h. */
export interface OneStepRatios {
  /** every entry of W_h */
  w: number;
  tanh: number;
  /** without an activation */
  linear: number;
}

/**
 * Two curves over w with tanh's largest ratio marked, and the learner's guess of it where there is one.
 * @throws {RangeError} when there are no rows
 */
export function oneStepByWeight(locale: Locale, rows: OneStepRatios[], guess: number | null): Chart {
  const words = strings[locale];
  if (rows.length === 0)
    throw new RangeError("book.oneStepByWeight: rows is empty, but must have at least one");
  const peak = rows.reduce((a, b) => (b.tanh > a.tanh ? b : a));
  const above = rows.find(({ linear }) => linear > 1);
  const curves = [
    {
      label: words.tanh,
      colour: roleColour.h,
      dash: [1, 0],
      shape: "circle",
      points: rows.map(({ w, tanh }) => ({ x: w, value: tanh })),
    },
    {
      label: words.linear,
      colour: "#0072B2",
      dash: [6, 3],
      shape: "triangle-up",
      points: rows.map(({ w, linear }) => ({ x: w, value: linear })),
    },
    // A level line; a log axis has no place for a guess of 0 or less.
    ...(guess !== null && guess > 0
      ? [
          {
            label: words.guess(numberText(guess)),
            colour: "#000000",
            dash: [2, 2],
            shape: "cross",
            points: [rows[0], rows[rows.length - 1]].map(({ w }) => ({ x: w, value: guess })),
          },
        ]
      : []),
  ];
  return logCurvesChart(curves, {
    language: locale,
    title: words.title,
    description: (curves) =>
      words.description(curves, numberText(peak.tanh), numberText(peak.w), above ? numberText(above.w) : "∞"),
    x: { name: "w", title: words.weight },
    y: { title: words.ratio },
    legend: words.legend,
    rules: [{ value: 1, label: words.unchanged, align: "right" }],
    marks: [{ x: peak.w, value: peak.tanh, label: words.peak(numberText(peak.tanh), numberText(peak.w)) }],
  });
}

const en = {
  title: "One step back, when all of W_h is w",
  description: (curves: string, peak: string, w: string, linear: string) =>
    `Line chart with a logarithmic y axis: the gradient one step back relative to the last step, with W_h all w on the lecture's two inputs, with tanh and without it. With tanh the largest ratio is ${peak}, at w = ${w}; without it the ratio is above 1 from w = ${linear} on. ${curves}.`,
  weight: "w, every entry of W_h",
  ratio: "‖∂h₁‖ / ‖∂h₂‖",
  legend: "activation",
  tanh: "tanh",
  linear: "none (linear)",
  unchanged: "1: neither vanishes nor explodes",
  peak: (value: string, w: string) => `tanh at its best:\n${value} at w = ${w}`,
  guess: (value: string) => `your guess: ${value}`,
};

const ko: typeof en = {
  title: "W_h의 원소가 모두 w일 때, 한 시점 거슬러 가면",
  description: (curves, peak, w, linear) =>
    `y축이 로그 눈금인 꺾은선 그래프: 강의의 두 입력에서 W_h의 원소가 모두 w일 때, 마지막 시점 대비 한 시점 거슬러 간 기울기의 크기. tanh가 있을 때와 없을 때를 그렸습니다. tanh가 있으면 가장 큰 비율은 w = ${w}에서 ${peak}이고, 없으면 w = ${linear}부터 1보다 큽니다. ${curves}.`,
  weight: "w (W_h의 모든 원소)",
  ratio: "‖∂h₁‖ / ‖∂h₂‖",
  legend: "활성화 함수",
  tanh: "tanh",
  linear: "없음 (선형)",
  unchanged: "1: 소멸도 폭발도 아님",
  peak: (value, w) => `tanh의 최댓값:\nw = ${w}에서 ${value}`,
  guess: (value) => `내 예상: ${value}`,
};

const strings: Record<Locale, typeof en> = { en, ko };
