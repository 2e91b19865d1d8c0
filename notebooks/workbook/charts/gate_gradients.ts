// P6: the pre-activation gradients of the gates at each step, and their sum.

import type { Chart, Vector } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour, vegaLite } from "./chart.js";

/** ∂z of the four gates at step t, each a vector [H]; g is the candidate C̃. */
export interface GateGradients {
  t: number;
  f: Vector;
  i: Vector;
  g: Vector;
  o: Vector;
}

const gates = [
  { key: "f", label: "f" },
  { key: "i", label: "i" },
  { key: "g", label: "C̃" },
  { key: "o", label: "o" },
] as const;

/** The printed values stand beyond the ends of the bars. */
const room = 1.2;

/**
 * ∂z by gate as grouped bars, one bar a unit and one panel a step, in the order given; the outlined bars are
 * the sum over the gates, which is what weights shared by the gates receive (slides 51 and 56).
 */
export function gateGradients(locale: Locale, steps: readonly GateGradients[]): Chart {
  const words = strings[locale];
  const values = steps.flatMap((step) => {
    const time = `t = ${step.t}`;
    const single = gates.flatMap(({ key, label }) =>
      step[key].map((dz, k) => ({ time, gate: label, unit: String(k + 1), dz, sum: false })),
    );
    const sums = step.f.map((_, k) => ({
      time,
      gate: words.sum,
      unit: String(k + 1),
      dz: gates.reduce((total, { key }) => total + step[key][k], 0),
      sum: true,
    }));
    return [...single, ...sums];
  });
  const all = values.map(({ dz }) => dz);
  const times = steps.map((step) => `t = ${step.t}`);
  const order = [...gates.map(({ label }) => label), words.sum];
  const encoding = {
    y: {
      field: "gate",
      type: "nominal",
      sort: order,
      title: words.gate,
      axis: { labelFontSize: 12 },
    },
    yOffset: { field: "unit", type: "nominal" },
    x: {
      field: "dz",
      type: "quantitative",
      title: words.gradient,
      scale: { domain: [room * Math.min(0, ...all), room * Math.max(0, ...all)], nice: false },
      axis: { tickCount: 5 },
    },
  };
  return {
    $schema: vegaLite,
    description: words.description(times.join(", ")),
    title: { text: words.title, subtitle: words.units },
    data: { values },
    facet: {
      column: { field: "time", type: "nominal", sort: times, title: null, header: { labelFontSize: 12 } },
    },
    spec: {
      width: 240,
      height: 220,
      layer: [
        {
          mark: { type: "bar", strokeWidth: 1.5 },
          encoding: {
            ...encoding,
            fill: {
              field: "gate",
              type: "nominal",
              legend: null,
              scale: {
                domain: order,
                range: [...gates.map(({ key }) => roleColour[key]), "#FFFFFF"],
              },
            },
            stroke: { condition: { test: "datum.sum", value: "#000000" }, value: null },
            tooltip: [
              { field: "gate", title: words.gate },
              { field: "unit", title: words.unit },
              { field: "dz", title: words.gradient, format: ".6f" },
            ],
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4 },
          encoding: { ...encoding, text: { field: "dz", type: "quantitative", format: ".4f" } },
        },
      ],
    },
  };
}

const en = {
  title: "Which gate sends the gradient on?",
  units: "bars of a group from the top: unit 1, unit 2, …",
  description: (times: string) =>
    `Grouped bars of the pre-activation gradient ∂z by gate and unit at ${times}; the outlined bar is the sum over the gates.`,
  gate: "gate",
  gradient: "∂z",
  sum: "sum",
  unit: "unit",
};

const ko: typeof en = {
  title: "어느 게이트가 기울기를 많이 전달할까?",
  units: "묶음마다 위에서부터 유닛 1, 유닛 2, …",
  description: (times) =>
    `${times}에서 활성화 함수를 거치기 전 값의 기울기 ∂z를 게이트와 유닛별로 그린 막대그래프입니다. 테두리만 있는 막대는 네 게이트의 합입니다.`,
  gate: "게이트",
  gradient: "∂z",
  sum: "합",
  unit: "유닛",
};

const strings: Record<Locale, typeof en> = { en, ko };
