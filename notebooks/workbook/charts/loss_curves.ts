// P8b: the loss over SGD steps, gates tied against gates untied.

import type { Strings } from "../strings.js";
import { vegaLite } from "./chart.js";
import type { Chart } from "./chart.js";

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
export function lossCurves(losses: LossCurves, text: Strings): Chart {
  const words = text.losses;
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
