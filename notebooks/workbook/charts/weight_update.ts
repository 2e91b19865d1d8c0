// P8: parameters before and after an update, and the change, as heatmaps with every value printed.

import type { Chart, Matrix, Vector } from "../../../src/index.js";
import { components } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

/** A parameter before and after the update; both of one shape, a vector being a column. */
export interface UpdatedParameter {
  name: string;
  before: Vector | Matrix;
  after: Vector | Matrix;
}

interface Cell {
  parameter: string;
  row: string;
  column: string;
  value: number;
}

/**
 * One row of heatmaps a parameter: before, after, change. The change has a scale of its own, shared by all.
 */
export function weightUpdate(locale: Locale, parameters: readonly UpdatedParameter[]): Chart {
  const words = strings[locale];
  const names = parameters.map(({ name }) => name);
  const before = parameters.flatMap(({ name, before }) => cells(name, asMatrix(before)));
  const after = parameters.flatMap(({ name, after }) => cells(name, asMatrix(after)));
  const change = after.map((cell, k) => ({ ...cell, value: cell.value - before[k].value }));
  const largest = Math.max(...[...before, ...after].map(({ value }) => Math.abs(value)));
  const largestChange = Math.max(...change.map(({ value }) => Math.abs(value)));
  return {
    $schema: vegaLite,
    description: words.description(names.join(", ")),
    title: { text: words.title, anchor: "middle" },
    hconcat: [
      heatmaps(words.before, before, names, largest, ".4f", true),
      heatmaps(words.after, after, names, largest, ".4f", false),
      heatmaps(words.change, change, names, largestChange, "+.4f", false),
    ],
    resolve: { scale: { color: "independent" } },
  };
}

const asMatrix = (value: Vector | Matrix): Matrix => value.map((row) => (Array.isArray(row) ? row : [row]));

const cells = (parameter: string, matrix: Matrix): Cell[] =>
  components<number>(matrix).map(({ index, value }) => {
    const [row, column] = index.slice(1, -1).split(",");
    return { parameter, row, column, value };
  });

function heatmaps(
  title: string,
  values: Cell[],
  names: string[],
  largest: number,
  format: string,
  named: boolean,
) {
  const encoding = {
    x: { field: "column", type: "ordinal", title: null, axis: null },
    y: { field: "row", type: "ordinal", title: null, axis: null },
  };
  return {
    title: { text: title, fontSize: 12, anchor: "middle" },
    data: { values },
    facet: {
      row: {
        field: "parameter",
        type: "nominal",
        sort: names,
        title: null,
        header: named ? { labelAngle: 0, labelAlign: "left", labelFontSize: 12 } : { labels: false },
      },
    },
    spec: {
      width: 130,
      height: 60,
      view: { stroke: null },
      layer: [
        {
          mark: { type: "rect", stroke: "#FFFFFF" },
          encoding: {
            ...encoding,
            color: {
              field: "value",
              type: "quantitative",
              legend: null,
              scale: { scheme: "blueorange", domain: [-largest, largest], domainMid: 0 },
            },
            tooltip: [
              { field: "parameter", title: " " },
              { field: "value", title: title, format: ".8f" },
            ],
          },
        },
        {
          mark: { type: "text", fontSize: 12 },
          encoding: {
            ...encoding,
            text: { field: "value", type: "quantitative", format },
            color: {
              condition: { test: `abs(datum.value) > ${0.75 * largest}`, value: "#FFFFFF" },
              value: "#000000",
            },
          },
        },
      ],
    },
  };
}

const en = {
  title: "The weights before and after one update",
  description: (names: string) =>
    `Heatmaps of ${names} before the update, after it, and the change, with the value in every cell; orange is positive and blue negative.`,
  before: "before",
  after: "after",
  change: "change Δ",
};

const ko: typeof en = {
  title: "한 번의 가중치 업데이트 전과 후",
  description: (names) =>
    `${names}의 업데이트 전, 업데이트 후, 변화량을 나타낸 히트맵입니다. 칸마다 값이 적혀 있고, 주황은 양수, 파랑은 음수입니다.`,
  before: "업데이트 전",
  after: "업데이트 후",
  change: "변화량 Δ",
};

const strings: Record<Locale, typeof en> = { en, ko };
