// P8b: the loss over SGD steps, gates tied against gates untied.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

/** The loss before step 1, then after every step. */
export interface LossCurves {
  tied: number[];
  untied: number[];
}

const looks = {
  tied: { colour: "#0072B2", dash: [1, 0] },
  untied: { colour: "#D55E00", dash: [6, 3] },
};

/** Loss on a log axis by SGD step; a rule follows the pointer and shows both losses. */
export function lossCurves(locale: Locale, losses: LossCurves): Chart {
  const words = strings[locale];
  const kinds = ["tied", "untied"] as const;
  const values = kinds.flatMap((kind) =>
    losses[kind].map((loss, step) => ({ step, loss, gates: words[kind] })),
  );
  const domain = kinds.map((kind) => words[kind]);
  return {
    $schema: vegaLite,
    description: words.description(domain.join(", ")),
    title: words.title,
    data: { values },
    width: 460,
    height: 260,
    encoding: { x: { field: "step", type: "quantitative", title: words.step } },
    layer: [
      {
        mark: { type: "line", strokeWidth: 2.5 },
        encoding: {
          y: {
            field: "loss",
            type: "quantitative",
            title: words.loss,
            scale: { type: "log" },
            axis: { values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], format: "~g" },
          },
          color: {
            field: "gates",
            type: "nominal",
            title: words.gates,
            scale: { domain, range: kinds.map((kind) => looks[kind].colour) },
          },
          strokeDash: {
            field: "gates",
            type: "nominal",
            title: words.gates,
            scale: { domain, range: kinds.map((kind) => looks[kind].dash) },
          },
        },
      },
      {
        transform: [{ pivot: "gates", value: "loss", groupby: ["step"] }],
        params: [
          {
            name: "pointer",
            select: {
              type: "point",
              fields: ["step"],
              nearest: true,
              on: "pointerover",
              clear: "pointerout",
            },
          },
        ],
        mark: { type: "rule", color: "#555555" },
        encoding: {
          opacity: { condition: { param: "pointer", empty: false, value: 0.6 }, value: 0 },
          tooltip: [
            { field: "step", title: words.step },
            ...domain.map((field) => ({ field, type: "quantitative", format: ".6f" })),
          ],
        },
      },
    ],
  };
}

const en = {
  title: "Loss during training",
  description: (names: string) => `Line plot of the loss after each SGD step on a log axis, for ${names}.`,
  step: "SGD step",
  loss: "loss",
  gates: "gates",
  tied: "tied",
  untied: "untied",
};

const ko: typeof en = {
  title: "학습에 따른 손실 변화",
  description: (names) => `SGD 스텝마다의 손실을 로그 축에 그린 선그래프입니다: ${names}.`,
  step: "SGD 스텝",
  loss: "손실",
  gates: "게이트 가중치",
  tied: "공유",
  untied: "개별",
};

const strings: Record<Locale, typeof en> = { en, ko };
