// P1: the hidden state over time for inputs in different orders.

import type { Chart, RNNStep } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour, vegaLite } from "./chart.js";

const looks = [
  { dash: [1, 0], shape: "circle", colour: roleColour.h },
  { dash: [5, 4], shape: "triangle-up", colour: "#555555" },
];

/**
 * h_t over t = 0 … T, one panel a unit, one line an order; the tooltip has z_t too.
 *
 * @param runs the steps of each of two runs, by a name of the order that reads the same in every language
 * @throws {RangeError} when there are not two runs, or a run has no step
 */
export function hiddenStates(locale: Locale, runs: Record<string, RNNStep[]>): Chart {
  const words = strings[locale];
  const orders = Object.keys(runs);
  if (orders.length !== looks.length) {
    throw new RangeError(`book.hiddenStates: runs has ${orders.length} runs, but must have two`);
  }
  const empty = orders.find((order) => runs[order].length === 0);
  if (empty !== undefined)
    throw new RangeError(`book.hiddenStates: runs["${empty}"] is empty, but must have steps`);

  const values = orders.flatMap((order) => {
    const start = { h: runs[order][0].hPrev, z: undefined };
    return [start, ...runs[order]].flatMap(({ h, z }, t) =>
      h.map((value, unit) => ({
        order,
        dash: looks[orders.indexOf(order)].dash,
        unit: words.unit(unit + 1),
        t,
        h: value,
        // At t = 0 nothing has been computed yet.
        z: z ? z[unit].toFixed(4) : "–",
      })),
    );
  });
  const lastStep = Math.max(...values.map(({ t }) => t));
  const ends = orders.map((order) =>
    words.end(
      order,
      runs[order]
        .at(-1)!
        .h.map((value) => value.toFixed(4))
        .join(", "),
    ),
  );
  const byOrder = (range: unknown[]) => ({
    field: "order",
    type: "nominal",
    title: words.order,
    scale: { domain: orders, range },
    legend: { orient: "bottom", symbolSize: 90, labelLimit: 300 },
  });
  const position = {
    x: {
      field: "t",
      type: "quantitative",
      title: words.step,
      axis: { values: Array.from({ length: lastStep + 1 }, (_, t) => t), format: "d", grid: false },
    },
    y: { field: "h", type: "quantitative", title: words.hidden, scale: { domain: [-1, 1] } },
    color: byOrder(looks.map(({ colour }) => colour)),
  };
  return {
    $schema: vegaLite,
    description: words.description(lastStep, ends.join("; ")),
    title: words.title,
    data: { values },
    facet: { column: { field: "unit", type: "nominal", title: null, header: { labelFontSize: 12 } } },
    spec: {
      width: 240,
      height: 200,
      layer: [
        {
          mark: { type: "line", strokeWidth: 2 },
          encoding: { ...position, strokeDash: { field: "dash", type: "nominal", scale: null } },
        },
        {
          mark: { type: "point", filled: true, size: 60, opacity: 1 },
          encoding: {
            ...position,
            shape: byOrder(looks.map(({ shape }) => shape)),
            tooltip: [
              { field: "order", title: words.order },
              { field: "unit", title: " " },
              { field: "t", title: words.step },
              { field: "z", title: words.preActivation },
              { field: "h", title: words.hidden, format: ".4f" },
            ],
          },
        },
      ],
    },
  };
}

const en = {
  title: "The same inputs in another order",
  description: (steps: number, ends: string) =>
    `Line chart of the hidden state over ${steps} time steps, one panel a unit; the order of the inputs is shown by dash and shape. ${ends}.`,
  end: (order: string, h: string) => `With ${order} it ends at (${h})`,
  step: "time step t",
  hidden: "hₜ",
  unit: (unit: number) => `unit ${unit}`,
  order: "order",
  preActivation: "zₜ",
};

const ko: typeof en = {
  title: "같은 입력을 다른 순서로 넣으면",
  description: (steps, ends) =>
    `은닉 상태를 ${steps}개 시점에 걸쳐 유닛마다 따로 그린 꺾은선 그래프입니다. 입력의 순서는 선과 점의 모양으로 구분합니다. ${ends}.`,
  end: (order, h) => `${order} 순서의 마지막 값은 (${h})`,
  step: "시점 t",
  hidden: "hₜ",
  unit: (unit) => `유닛 ${unit}`,
  order: "입력 순서",
  preActivation: "zₜ",
};

const strings: Record<Locale, typeof en> = { en, ko };
