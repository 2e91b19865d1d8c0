// The adding problem: test loss over training, one curve a run, LSTM against tanh RNN, one panel for each T.

import type { AddingRow } from "../adding_runs.js";
import type { Language } from "../strings.js";
import { vegaLite } from "./chart.js";
import type { Chart } from "./chart.js";
import { forecastStrings } from "./forecast_strings.js";

const networks = ["LSTM", "tanh RNN"] as const;
const looks = { LSTM: { colour: "#0072B2", dash: [1, 0] }, "tanh RNN": { colour: "#D55E00", dash: [6, 3] } };

/** The error of always guessing 1: the variance of a sum of two numbers from U[0, 1). */
const baseline = 1 / 6;

/** Loss on a log axis; the dashed rule is what costs to guess 1 always. */
export function addingCurves(rows: readonly AddingRow[], language: Language): Chart {
  if (rows.length === 0) throw new TypeError("book.addingCurves: rows is empty, but needs those of a run");
  const text = forecastStrings[language].adding;
  const last = (network: AddingRow["network"]) =>
    new Map(
      rows.filter((row) => row.network === network).map((row) => [`${row.steps} ${row.seed}`, row.loss]),
    );
  const solved = (network: AddingRow["network"]) => {
    const losses = [...last(network).values()];
    return text.solved(network, losses.filter((loss) => loss < baseline / 100).length, losses.length);
  };
  const byNetwork = (range: unknown[]) => ({
    field: "network",
    type: "nominal",
    title: text.network,
    scale: { domain: networks, range },
    legend: { orient: "bottom", symbolStrokeWidth: 2.5, symbolSize: 400 },
  });
  const y = {
    field: "loss",
    type: "quantitative",
    title: text.loss,
    scale: { type: "log", domain: [0.0005, 0.4], nice: false },
    axis: { values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3], format: "~g" },
  };
  // One mark a panel, not one a row.
  const once = [{ aggregate: [{ op: "count", as: "rows" }], groupby: ["steps"] }];
  return {
    $schema: vegaLite,
    description: text.description(networks.map(solved).join("; ")),
    title: text.title,
    data: { values: rows.filter(({ sequences }) => sequences > 0) },
    facet: { field: "steps", type: "ordinal", header: { title: null, labelExpr: "'T = ' + datum.value" } },
    spec: {
      width: 190,
      height: 240,
      layer: [
        {
          mark: { type: "line", strokeWidth: 1.5, opacity: 0.9 },
          encoding: {
            x: {
              field: "sequences",
              type: "quantitative",
              title: text.sequences,
              axis: { tickCount: 4, format: "~s", grid: false },
            },
            y,
            detail: { field: "seed" },
            color: byNetwork(networks.map((network) => looks[network].colour)),
            strokeDash: byNetwork(networks.map((network) => looks[network].dash)),
            tooltip: [
              { field: "network", title: text.network },
              { field: "seed", title: text.seed },
              { field: "sequences", title: text.sequences, format: ",d" },
              { field: "loss", title: text.loss, format: ".4f" },
            ],
          },
        },
        {
          transform: once,
          mark: { type: "rule", color: "#555555", strokeDash: [3, 3] },
          encoding: { y: { datum: baseline } },
        },
        {
          transform: once,
          mark: { type: "text", align: "right", baseline: "bottom", color: "#555555", fontSize: 11, dy: -2 },
          encoding: { x: { value: 190 }, y: { datum: baseline }, text: { value: text.baseline } },
        },
      ],
    },
  };
}
