// How the number of parameters grows with the length of the sequence: not at all in an RNN.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour, vegaLite } from "./chart.js";

/** The parameters of both networks for sequences of length T. */
export interface ParameterCount {
  T: number;
  rnn: number;
  mlp: number;
}

export interface ParameterCountsOptions {
  /** A guess of the RNN's count at the longest T, drawn next to the truth; null for none. */
  guess?: number | null;
}

/** Parameters over T, one line a network, the last number of each printed at its end. */
export function parameterCounts(
  locale: Locale,
  counts: readonly ParameterCount[],
  options: ParameterCountsOptions = {},
): Chart {
  const words = strings[locale];
  const { guess = null } = options;
  const last = counts.at(-1);
  if (!last) throw new RangeError("book.parameterCounts: counts is empty, but must have one row a length T");
  const networks = [
    { key: "rnn", label: words.rnn, colour: roleColour.h, dash: [1, 0], shape: "circle" },
    { key: "mlp", label: words.mlp, colour: "#555555", dash: [5, 4], shape: "square" },
  ] as const;
  const values = counts.flatMap(({ T, ...count }) =>
    networks.map(({ key, label, dash }) => ({
      T,
      network: label,
      dash,
      count: count[key],
      last: T === last.T,
    })),
  );
  const byNetwork = (range: unknown[]) => ({
    field: "network",
    type: "nominal",
    title: words.network,
    scale: { domain: networks.map(({ label }) => label), range },
    legend: { orient: "bottom", labelLimit: 300, symbolSize: 90 },
  });
  const position = {
    x: {
      field: "T",
      type: "quantitative",
      title: words.length,
      scale: { domain: [0, last.T], nice: false },
      axis: { grid: false, format: "d" },
    },
    y: { field: "count", type: "quantitative", title: words.count },
    color: byNetwork(networks.map(({ colour }) => colour)),
  };
  // A layer without data would leave the shared axis without an extent.
  const guessLayers =
    guess === null
      ? []
      : [
          { mark: { type: "point", shape: "cross", filled: true, size: 110, color: "#000000", opacity: 1 } },
          {
            mark: { type: "text", align: "right", dx: -10, fontSize: 12, fontWeight: "bold" },
            encoding: { text: { field: "text" } },
          },
        ].map((layer) => ({
          data: { values: [{ T: last.T, count: guess, text: words.guess(String(guess)) }] },
          mark: layer.mark,
          encoding: { x: position.x, y: position.y, ...layer.encoding },
        }));
  return {
    $schema: vegaLite,
    description: words.description(last.T, last.rnn, last.mlp),
    title: words.title,
    width: 440,
    height: 220,
    layer: [
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2 },
        encoding: { ...position, strokeDash: { field: "dash", type: "nominal", scale: null } },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          ...position,
          shape: byNetwork(networks.map(({ shape }) => shape)),
          tooltip: [
            { field: "network", title: words.network },
            { field: "T", title: words.length },
            { field: "count", title: words.count },
          ],
        },
      },
      {
        data: { values: values.filter((row) => row.last) },
        mark: { type: "text", align: "left", dx: 10, fontSize: 12, fontWeight: "bold" },
        encoding: { x: position.x, y: position.y, text: { field: "count" } },
      },
      ...guessLayers,
    ],
  };
}

const en = {
  title: "How many parameters does a longer sequence need?",
  description: (T: number, rnn: number, mlp: number) =>
    `Line chart of the number of parameters against the length T of the sequence. At T = ${T} the RNN has ${rnn} and the MLP on the concatenated inputs ${mlp}: the RNN's line is flat, the MLP's rises in a straight line.`,
  length: "length T of the sequence",
  count: "parameters",
  network: "network",
  rnn: "RNN cell",
  mlp: "MLP on all inputs at once",
  guess: (value: string) => `your guess: ${value}`,
};

const ko: typeof en = {
  title: "시퀀스가 길어지면 파라미터는 얼마나 늘어날까?",
  description: (T, rnn, mlp) =>
    `시퀀스 길이 T에 따른 파라미터 수를 나타낸 선그래프입니다. T = ${T}일 때 RNN은 ${rnn}개, 입력을 모두 이어 붙인 MLP는 ${mlp}개입니다. RNN의 선은 평평하고 MLP의 선은 곧게 올라갑니다.`,
  length: "시퀀스 길이 T",
  count: "파라미터 수",
  network: "네트워크",
  rnn: "RNN 셀",
  mlp: "입력을 한꺼번에 받는 MLP",
  guess: (value) => `내 예상: ${value}`,
};

const strings: Record<Locale, typeof en> = { en, ko };
