// P3b: what one step back does to the gradient when every entry of W_h is w, with tanh and without.

import { numberText } from "../../../src/charts/chart.js";
import { logCurves } from "../../../src/charts/log_curves.js";
import { strings as chartWords } from "../../../src/charts/strings.js";
import type { Language } from "../strings.js";
import { roleColour } from "./chart.js";
import type { Chart } from "./chart.js";
import { decayWords } from "./decay_words.js";

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
 * @throws TypeError if there are no rows
 */
export function oneStepByWeight(rows: OneStepRatios[], guess: number | null, language: Language): Chart {
  const words = decayWords[language].oneStep;
  if (rows.length === 0) throw new TypeError("book.oneStepByWeight: there are no rows to draw");
  const peak = rows.reduce((a, b) => (b.tanh > a.tanh ? b : a));
  const above = rows.find(({ linear }) => linear > 1);
  return logCurves({
    title: words.title,
    description: (curves) =>
      words.description(curves, numberText(peak.tanh), numberText(peak.w), above ? numberText(above.w) : "∞"),
    x: { name: "w", title: words.weight },
    y: { title: words.ratio },
    legend: words.legend,
    curves: [
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
    ],
    rules: [{ value: 1, label: words.unchanged, align: "right" }],
    marks: [{ x: peak.w, value: peak.tanh, label: words.peak(numberText(peak.tanh), numberText(peak.w)) }],
    words: chartWords[language],
  });
}
