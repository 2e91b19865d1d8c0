// P4: what the gates of one LSTM unit do over time. The sliders choose among runs computed beforehand, so
// that they work wherever Vega-Lite is drawn, without a kernel.

import { lstmForward } from "../../../src/index.js";
import type { Chart, LSTMCellParameters, LSTMStep } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { roleColour, vegaLite } from "./chart.js";

const steps = 8;
const biases = { min: -4, max: 4, step: 1, start: 0 };
const inputs = { min: -2, max: 2, step: 1, start: { x1: 2, x2: 0 } };

const panels = [
  { key: "f", shape: "circle" },
  { key: "i", shape: "square" },
  { key: "o", shape: "diamond" },
  { key: "g", shape: "triangle-up" },
  { key: "c", shape: "circle" },
  { key: "h", shape: "triangle-down" },
] as const;

const range = ({ min, max, step }: { min: number; max: number; step: number }) =>
  Array.from({ length: (max - min) / step + 1 }, (_, k) => min + k * step);

/** The steps of the unit with forget bias `bias` for the inputs x₁, x₂, 0, 0, … from C₀ = h₀ = 0. */
function run(cell: LSTMCellParameters, bias: number, x1: number, x2: number): LSTMStep[] {
  const withBias = { ...cell, f: { ...cell.f, b: [bias] } };
  const done: LSTMStep[] = [];
  for (let t = 1; t <= steps; t++) {
    const x = t === 1 ? x1 : t === 2 ? x2 : 0;
    const before = done.at(-1);
    done.push(lstmForward(withBias, [x], before?.h ?? [0], before?.c ?? [0]));
  }
  return done;
}

/**
 * f, i, o, C̃, C and h over t, one panel each, for one unit with one input feature. Sliders set the forget
 * gate's bias (in place of the cell's own) and the first two inputs; the later inputs are 0. The picture
 * shows b_f = 0, x₁ = 2, x₂ = 0.
 *
 * @param cell W_x, W_h and b of the four gates, each of one element
 * @throws {RangeError} when the cell has more than one unit or input feature
 */
export function gatePlayground(locale: Locale, cell: LSTMCellParameters): Chart {
  const words = strings[locale];
  for (const gate of ["f", "i", "g", "o"] as const) {
    const { Wx, b } = cell[gate];
    if (b.length !== 1 || Wx[0].length !== 1) {
      throw new RangeError(
        `book.gatePlayground: cell.${gate} has ${b.length} units and ${Wx[0].length} input features, but must have one of each`,
      );
    }
  }
  const round = (value: number) => Number(value.toFixed(3));
  const values = range(biases).flatMap((b) =>
    range(inputs).flatMap((x1) =>
      range(inputs).map((x2) => {
        const done = run(cell, b, x1, x2);
        const curves = panels.map(({ key }) => [key, done.map((step) => round(step[key][0]))] as const);
        return { b, x1, x2, t: done.map((_, k) => k + 1), ...Object.fromEntries(curves) };
      }),
    ),
  ) as ({ b: number; x1: number; x2: number } & Record<"t" | (typeof panels)[number]["key"], number[]>)[];
  const states = values.flatMap(({ c }) => c);
  const reach = Math.ceil(Math.max(1, ...states.map(Math.abs)));
  const domains = { f: [0, 1], i: [0, 1], o: [0, 1], g: [-1, 1], c: [-reach, reach], h: [-1, 1] };
  const start = { b: biases.start, ...inputs.start };
  const first = values.find((row) => row.b === start.b && row.x1 === start.x1 && row.x2 === start.x2)!;
  const slider = (
    name: string,
    value: number,
    { min, max, step }: typeof biases | typeof inputs,
    label: string,
  ) => ({
    name,
    value,
    bind: { input: "range", min, max, step, name: label },
  });

  return {
    $schema: vegaLite,
    description: words.description(
      steps,
      start.b,
      start.x1,
      start.x2,
      String(first.c[0]),
      String(first.c[steps - 1]),
    ),
    title: { text: words.title, subtitle: { expr: asTheySlide(words.subtitle) }, anchor: "start" },
    params: [
      slider("forget_bias", start.b, biases, words.bias),
      slider("input_1", start.x1, inputs, "x₁ "),
      slider("input_2", start.x2, inputs, "x₂ "),
    ],
    data: { values },
    transform: [
      { filter: "datum.b === forget_bias && datum.x1 === input_1 && datum.x2 === input_2" },
      { flatten: ["t", ...panels.map(({ key }) => key)] },
    ],
    columns: 3,
    concat: panels.map(({ key, shape }) => ({
      title: { text: words.panels[key], fontSize: 12, anchor: "start", frame: "group" },
      width: 175,
      height: 105,
      mark: {
        type: "line",
        strokeWidth: 2,
        color: roleColour[key],
        point: { shape, size: 45, color: roleColour[key] },
      },
      encoding: {
        x: {
          field: "t",
          type: "quantitative",
          title: words.step,
          scale: { domain: [1, steps], nice: false },
          axis: { values: range({ min: 1, max: steps, step: 1 }), format: "d", grid: false },
        },
        y: {
          field: key,
          type: "quantitative",
          title: null,
          scale: { domain: domains[key], nice: false },
          axis: { tickCount: 4 },
        },
        tooltip: [
          { field: "t", title: words.step },
          { field: key, title: words.panels[key], format: ".3f" },
        ],
      },
    })),
  };
}

/** A Vega expression of what is said of the sliders' values. */
const asTheySlide = (say: (bias: string, x1: string, x2: string) => string) =>
  `'${say("' + forget_bias + '", "' + input_1 + '", "' + input_2 + '")}'`;

const en = {
  title: "Gate playground: one LSTM unit over time",
  subtitle: (bias: string, x1: string, x2: string) =>
    `b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}; all later inputs are 0`,
  description: (steps: number, bias: number, x1: number, x2: number, first: string, last: string) =>
    `Six line charts over ${steps} time steps: the forget gate f, the input gate i, the output gate o, the candidate C̃, the cell state C and the hidden state h of one LSTM unit. Sliders set the forget gate's bias b_f and the inputs x₁ and x₂; all later inputs are 0. With b_f = ${bias}, x₁ = ${x1} and x₂ = ${x2}, C is ${first} at t = 1 and ${last} at t = ${steps}.`,
  step: "time step t",
  panels: {
    f: "f  forget gate",
    i: "i  input gate",
    o: "o  output gate",
    g: "C̃  candidate",
    c: "C  cell state",
    h: "h  hidden state",
  },
  bias: "forget bias b_f ",
};

const ko: typeof en = {
  title: "게이트 실험실: 시간에 따른 LSTM 유닛 하나",
  subtitle: (bias, x1, x2) => `b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}. 그 뒤의 입력은 모두 0`,
  description: (steps, bias, x1, x2, first, last) =>
    `LSTM 유닛 하나의 망각 게이트 f, 입력 게이트 i, 출력 게이트 o, 후보 C̃, 셀 상태 C, 은닉 상태 h를 ${steps}개 시점에 걸쳐 그린 꺾은선 그래프 여섯 개입니다. 슬라이더로 망각 게이트의 편향 b_f와 입력 x₁, x₂를 바꿀 수 있고 그 뒤의 입력은 모두 0입니다. b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}일 때 C는 t = 1에서 ${first}, t = ${steps}에서 ${last}입니다.`,
  step: "시점 t",
  panels: {
    f: "f  망각 게이트",
    i: "i  입력 게이트",
    o: "o  출력 게이트",
    g: "C̃  후보",
    c: "C  셀 상태",
    h: "h  은닉 상태",
  },
  bias: "망각 게이트의 편향 b_f ",
};

const strings: Record<Locale, typeof en> = { en, ko };
