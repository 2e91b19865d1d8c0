// The adding problem: test loss over training, one curve a run, LSTM against tanh RNN, one panel for each T.

import type { Chart } from "../../../src/index.js";
import type { AddingRow } from "../adding_runs.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

const networks = ["LSTM", "tanh RNN"] as const;
const looks = { LSTM: { colour: "#0072B2", dash: [1, 0] }, "tanh RNN": { colour: "#D55E00", dash: [6, 3] } };

/** The error of always guessing 1: the variance of a sum of two numbers from U[0, 1). */
const baseline = 1 / 6;

/** Loss on a log axis; the dashed rule is what costs to guess 1 always. */
export function addingCurves(locale: Locale, rows: readonly AddingRow[]): Chart {
  if (rows.length === 0)
    throw new RangeError("book.addingCurves: rows is empty, but must have those of a run");
  const text = strings[locale];
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

const en = {
  title: "The adding problem: LSTM and tanh RNN",
  description: (runs: string) =>
    `Line charts with a logarithmic y axis, one for each length T: the test loss over the training sequences, one curve a run. ${runs}.`,
  solved: (network: string, solved: number, runs: number) =>
    `${network}: ${solved} of ${runs} runs end below a hundredth of the baseline`,
  network: "network",
  seed: "seed",
  sequences: "training sequences",
  loss: "mean squared error",
  baseline: "always guess 1",
};

const ko: typeof en = {
  title: "덧셈 문제: LSTM과 tanh RNN",
  description: (runs) =>
    `y축이 로그 눈금인 꺾은선 그래프. 길이 T마다 하나씩, 학습한 시퀀스 수에 따른 테스트 손실을 학습 한 번마다 곡선 하나로 그렸습니다. ${runs}.`,
  solved: (network, solved, runs) =>
    `${network}: ${runs}번 가운데 ${solved}번이 기준 손실의 100분의 1 아래로 내려갔습니다`,
  network: "네트워크",
  seed: "시드",
  sequences: "학습한 시퀀스 수",
  loss: "평균 제곱 오차",
  baseline: "늘 1이라고 답할 때",
};

const strings: Record<Locale, typeof en> = { en, ko };
