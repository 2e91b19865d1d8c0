// P9b: the Jacobian of softmax as a heatmap with every value printed.

import { softmax } from "../../../src/index.js";
import type { Chart, Vector } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

/** ∂ŷ_i/∂z_j in row i, column j: ŷ_j (1 − ŷ_j) on the diagonal (slide 63), −ŷ_i ŷ_j elsewhere (slide 64). */
export function softmaxJacobian(locale: Locale, logits: Vector): Chart {
  const words = strings[locale];
  const probabilities = softmax(logits);
  const entries = probabilities.flatMap((pi, i) =>
    probabilities.map((pj, j) => ({ i: i + 1, j: j + 1, value: i === j ? pj * (1 - pj) : -pi * pj })),
  );
  const largest = Math.max(...entries.map(({ value }) => Math.abs(value)));
  const list = entries.map(({ i, j, value }) => `∂ŷ${i}/∂z${j} = ${value.toFixed(4)}`).join(", ");
  const encoding = {
    x: {
      field: "j",
      type: "ordinal",
      title: words.logit,
      axis: { orient: "top", labelAngle: 0, labelFontSize: 13, ticks: false, domain: false },
    },
    y: {
      field: "i",
      type: "ordinal",
      title: words.probability,
      axis: { labelFontSize: 13, ticks: false, domain: false },
    },
  };
  return {
    $schema: vegaLite,
    description: words.description(list),
    title: { text: words.title, anchor: "start", offset: 12 },
    data: { values: entries },
    width: { step: 100 },
    height: { step: 60 },
    view: { stroke: null },
    layer: [
      {
        mark: { type: "rect", stroke: "#FFFFFF", strokeWidth: 2 },
        encoding: {
          ...encoding,
          color: {
            field: "value",
            type: "quantitative",
            legend: null,
            scale: { scheme: "blueorange", domain: [-largest, largest], domainMid: 0 },
          },
          tooltip: [
            { field: "i", title: words.probability },
            { field: "j", title: words.logit },
            { field: "value", title: "∂ŷᵢ/∂zⱼ", format: "+.8f" },
          ],
        },
      },
      {
        mark: { type: "text", fontSize: 14 },
        encoding: {
          ...encoding,
          text: { field: "value", type: "quantitative", format: "+.4f" },
          color: {
            condition: { test: `abs(datum.value) > ${0.75 * largest}`, value: "#FFFFFF" },
            value: "#000000",
          },
        },
      },
    ],
  };
}

const en = {
  title: "Jacobian of softmax: ∂ŷᵢ / ∂zⱼ",
  description: (entries: string) =>
    `Heatmap of the derivative of each probability by each logit, with the value in every cell; orange is positive and blue negative: ${entries}.`,
  probability: "probability i",
  logit: "logit j",
};

const ko: typeof en = {
  title: "소프트맥스의 야코비 행렬: ∂ŷᵢ / ∂zⱼ",
  description: (entries) =>
    `확률 하나하나를 로짓 하나하나로 미분한 값의 히트맵입니다. 칸마다 값이 적혀 있고, 주황은 양수, 파랑은 음수입니다: ${entries}.`,
  probability: "확률 i",
  logit: "로짓 j",
};

const strings: Record<Locale, typeof en> = { en, ko };
