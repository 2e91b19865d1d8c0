// Slides 34–57 in one picture: the LSTM over the lecture's two steps, with the dense layer behind it, and
// the values written where they arise. Forward, or backward with the arrows turned round and gradients in
// place of the values.

import { roleColour } from "../charts/chart.js";
import { components } from "../lecture/quantity.js";
import type { Value } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import type { Displayable } from "../table.js";
import { box, drawing, joint, label, operator, wire } from "./svg.js";
import type { Point, WireLook } from "./svg.js";

/** Values by the symbols of the drawing; those that are not given are left out. */
export type DrawnValues = Record<string, Value>;

const top = 70;
const gateRow = 190;
const bus = 270;
const steps = [
  { t: "₁", cx: 215 },
  { t: "₂", cx: 580 },
];
/** Of the states before, between and behind the two cells. */
const gaps = [36, 400, 766];
const head = 858;

const gates = [
  { key: "f", place: -105, forward: "f" },
  { key: "i", place: -45, forward: "i" },
  { key: "g", place: 15, forward: "C̃" },
  { key: "o", place: 75, forward: "o" },
] as const;
type Gate = (typeof gates)[number];

interface Way {
  isBack: boolean;
  /** the symbol of a gate at a step */
  gate: (gate: Gate, t: string) => string;
  /** the symbols in the gaps, of the wires C and h; "" for none */
  cells: string[];
  hidden: string[];
  /** on the branch of C to h, and where the inputs of the gates meet */
  within: ((t: string) => string)[];
  inputs: string[];
  logit: string;
  probability: string;
}

const ahead: Way = {
  isBack: false,
  gate: ({ forward }, t) => forward + t,
  cells: ["C₀", "C₁", "C₂"],
  hidden: ["h₀", "h₁", "h₂"],
  within: [],
  inputs: ["x₁", "x₂"],
  logit: "logit",
  probability: "ŷ",
};

const back: Way = {
  isBack: true,
  gate: ({ key }, t) => `∂z_${key === "g" ? "c" : key}${t}`,
  cells: ["", "∂C₂⊙f₂", ""],
  hidden: ["", "∂h₁", "∂h₂"],
  within: [(t) => `∂C${t}`, (t) => `∂z${t}`],
  inputs: [],
  logit: "∂logit",
  probability: "",
};

const symbolsOf = ({ gate, cells, hidden, within, inputs, logit, probability }: Way) =>
  [
    ...inputs,
    ...steps.flatMap(({ t }, n) => [
      cells[n],
      hidden[n],
      ...gates.map((one) => gate(one, t)),
      ...within.map((symbol) => symbol(t)),
    ]),
    cells[2],
    hidden[2],
    logit,
    probability,
    ...(probability ? ["L"] : []),
  ].filter((symbol) => symbol !== "");

const four = (value: number) =>
  (Number.isInteger(value) ? String(value) : value.toFixed(4)).replace("-", "−");
const inBrackets = (value: Value) => {
  const numbers = components(value).map((component) => four(component.value));
  return numbers.length === 1 ? numbers[0] : `[${numbers.join(", ")}]`;
};

/** The forward pass: `{ "x₁": x1, "f₁": f1, … }`. */
export const lstmForward = (locale: Locale, values: DrawnValues = {}): Displayable =>
  twoSteps(locale, ahead, values);

/** The way back: `{ "∂h₂": dh2, "∂z_o₂": dzO2, … }`. */
export const lstmBackward = (locale: Locale, values: DrawnValues = {}): Displayable =>
  twoSteps(locale, back, values);

function twoSteps(locale: Locale, way: Way, values: DrawnValues): Displayable {
  const words = strings[locale];
  const symbols = symbolsOf(way);
  const unknown = Object.keys(values).find((name) => !symbols.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`book.drawing: name is "${unknown}", but must be one of ${symbols.join(", ")}`);
  const told = symbols.flatMap((symbol) =>
    symbol in values ? [`${symbol} = ${inBrackets(values[symbol])}`] : [],
  );
  const { title, description } = way.isBack ? words.back : words.ahead;
  const all = told.length > 0 ? `${description} ${words.values(told.join(", "))}` : description;
  return drawing({ width: 920, height: 350, title, description: all }, [
    ...steps.flatMap(({ t, cx }, n) => cellParts(way, values, t, cx, n)),
    ...gaps.flatMap((x, n) => [
      ...stateParts(way.cells[n], values, [x, top]),
      ...stateParts(way.hidden[n], values, [x, bus]),
    ]),
    ...headParts(way, values, words.dense),
  ]);
}

/** A wire in the direction of the pass; `open` ones have none. */
const link = (way: Way, points: Point[], look: WireLook = {}) =>
  wire(way.isBack ? [...points].reverse() : points, look);

/** A symbol with its value below, a line a component. */
function written(symbol: string, values: DrawnValues, [x, y]: Point, gap = 18): string[] {
  const numbers = symbol in values ? components(values[symbol]).map(({ value }) => four(value)) : [];
  return [
    label([x, y], symbol, { size: symbol.length > 5 ? 12 : 15, bold: true }),
    ...numbers.map((text, k) => label([x, y + gap + 14 * k], text, { size: 11 })),
  ];
}

/** A state, above its wire, and its value below the wire. */
const stateParts = (symbol: string, values: DrawnValues, [x, y]: Point) =>
  symbol === "" ? [] : written(symbol, values, [x, y - 16], 32);

function cellParts(way: Way, values: DrawnValues, t: string, cx: number, n: number): string[] {
  const c = { colour: roleColour.c, width: 3.5 };
  const h = { colour: roleColour.h, width: 2.5 };
  // The first cell's wires begin with the states of step 0; on the way back nothing is drawn that goes there.
  const from = n === 0 ? 12 : steps[0].cx + 150;
  const to = gaps[n + 1];
  const x = (place: number) => cx + place;
  const isFirst = n === 0;
  const keep: Point[] = [
    [from, top],
    [x(-118), top],
  ];
  const inlet: Point[] = [
    [from, bus],
    [x(-135), bus],
  ];
  return [
    box([x(2), 170], 294, 280, { radius: 14, colour: "#888888", dash: "6 4" }),
    label([x(-112), 44], `t = ${n + 1}`, { size: 12, colour: "#555555" }),
    ...(way.isBack && isFirst ? [] : [link(way, keep, c), wire(inlet, { ...h, open: true })]),
    link(
      way,
      [
        [x(-92), top],
        [x(-28), top],
      ],
      c,
    ),
    // Nothing comes back from the last cell state: on the way back the wire ends where it branches.
    link(
      way,
      [
        [x(-2), top],
        [isFirst ? to : x(125), top],
      ],
      { ...c, open: !way.isBack },
    ),
    ...(isFirst || way.isBack
      ? []
      : [
          wire(
            [
              [x(125), top],
              [to + 28, top],
            ],
            c,
          ),
        ]),
    wire(
      [
        [x(-135), bus],
        [x(75), bus],
      ],
      { open: true },
    ),
    ...gates.flatMap((gate) => gateParts(way, values, gate, t, cx)),
    link(way, [
      [x(-15), 109],
      [x(-15), top + 13],
    ]),
    operator([x(-105), top], "⊙", roleColour.f),
    operator([x(-15), 122], "⊙"),
    operator([x(-15), top], "+"),
    joint([x(125), top]),
    link(way, [
      [x(125), top],
      [x(125), 105],
    ]),
    box([x(125), 118], 44, 26),
    label([x(125), 118], "tanh", { size: 12 }),
    link(way, [
      [x(125), 131],
      [x(125), gateRow - 13],
    ]),
    operator([x(125), gateRow], "⊙", roleColour.o),
    link(
      way,
      [
        [x(125), gateRow + 13],
        [x(125), bus],
        [to, bus],
      ],
      { ...h, open: !way.isBack },
    ),
    ...inputParts(way, values, n, cx),
    ...way.within.flatMap((symbol, k) => {
      const name = symbol(t);
      const line = name in values ? `${name} = ${inBrackets(values[name])}` : name;
      return [
        label(k === 0 ? [x(146), 46] : [x(-128), bus + 20], line, {
          size: 12,
          bold: true,
          anchor: k === 0 ? "end" : "start",
        }),
      ];
    }),
  ];
}

function gateParts(way: Way, values: DrawnValues, gate: Gate, t: string, cx: number): string[] {
  const { key, place } = gate;
  const x = cx + place;
  const colour = roleColour[key];
  const upwards: Record<Gate["key"], Point[]> = {
    f: [
      [x, gateRow - 32],
      [x, top + 13],
    ],
    i: [
      [x, gateRow - 32],
      [x, 122],
      [cx - 28, 122],
    ],
    g: [
      [x, gateRow - 32],
      [x, 122],
      [cx - 2, 122],
    ],
    o: [
      [x + 26, gateRow],
      [cx + 112, gateRow],
    ],
  };
  return [
    ...(key === "o" ? [] : [joint([x, bus])]),
    link(way, [
      [x, bus],
      [x, gateRow + 32],
    ]),
    box([x, gateRow], 52, 64, { colour }),
    ...written(way.gate(gate, t), values, [x, gateRow - 17]),
    link(way, upwards[key], { colour }),
  ];
}

function inputParts(way: Way, values: DrawnValues, n: number, cx: number): string[] {
  if (way.inputs.length === 0) return [];
  const x = cx - 128;
  const value = values[way.inputs[n]];
  return [
    wire(
      [
        [x, 322],
        [x, bus],
      ],
      { open: true },
    ),
    joint([x, bus]),
    label([x, 334], way.inputs[n], { size: 15, bold: true }),
    ...(value === undefined ? [] : [label([x + 16, 334], inBrackets(value), { size: 11, anchor: "start" })]),
  ];
}

function headParts(way: Way, values: DrawnValues, dense: string): string[] {
  const h = { colour: roleColour.h, width: 2.5 };
  const boxed = (symbol: string, name: string, y: number) => [
    box([head, y], 106, 56),
    label([head, symbol === "" ? y : y - 18], name, { size: 11, colour: "#555555" }),
    ...(symbol === "" ? [] : [label([head, y - 2], symbol, { size: 13, bold: true })]),
    ...(symbol in values ? [label([head, y + 15], inBrackets(values[symbol]), { size: 11 })] : []),
  ];
  return [
    link(
      way,
      [
        [gaps[2], bus],
        [head, bus],
        [head, 238],
      ],
      { ...h, open: false },
    ),
    ...boxed(way.logit, dense, 210),
    link(way, [
      [head, 182],
      [head, 158],
    ]),
    ...boxed(way.probability, "softmax", 130),
    link(way, [
      [head, 102],
      [head, 78],
    ]),
    label([head, 64], "L" in values ? `L = ${inBrackets(values.L)}` : "L", { size: 15, bold: true }),
  ];
}

const en = {
  dense: "dense",
  ahead: {
    title: "The LSTM over two steps, forward",
    description:
      "Two LSTM cells side by side, at t = 1 and t = 2. In each, the input from below and the hidden state from the left feed the gates f, i, o and the candidate C̃. The cell state runs along the top: it is multiplied by f, and i ⊙ C̃ is added. A branch of it goes through tanh, is multiplied by o and leaves as the hidden state. h₂ goes through a dense layer and softmax to the loss L.",
  },
  back: {
    title: "The LSTM over two steps, backward",
    description:
      "The same two LSTM cells with all arrows turned round: from the loss L through softmax and dense layer to ∂h₂, from there to the output gate and through tanh to ∂C₂, from ∂C₂ to the other gates and, multiplied by f₂, back to C₁. The four ∂z of a step meet in ∂z and go back to the hidden state of the step before.",
  },
  values: (all: string) => `The values: ${all}.`,
};

const ko: typeof en = {
  dense: "Dense",
  ahead: {
    title: "두 시점의 LSTM: 순전파",
    description:
      "t = 1과 t = 2의 LSTM 셀이 나란히 있습니다. 셀마다 아래에서 온 입력과 왼쪽에서 온 은닉 상태가 게이트 f, i, o와 후보 C̃에 들어갑니다. 셀 상태는 위쪽을 지나며 f가 곱해지고 i ⊙ C̃가 더해집니다. 여기서 갈라진 경로는 tanh를 거쳐 o와 곱해져 은닉 상태가 됩니다. h₂는 Dense 층과 소프트맥스를 거쳐 손실 L이 됩니다.",
  },
  back: {
    title: "두 시점의 LSTM: 역전파",
    description:
      "같은 두 LSTM 셀에서 화살표를 모두 거꾸로 돌렸습니다. 손실 L에서 소프트맥스와 Dense 층을 거쳐 ∂h₂로, 여기서 출력 게이트로 가고 tanh를 거쳐 ∂C₂로 갑니다. ∂C₂는 나머지 게이트로 가고, f₂가 곱해져 C₁로도 돌아갑니다. 한 시점의 네 ∂z는 ∂z로 합쳐져 이전 시점의 은닉 상태로 돌아갑니다.",
  },
  values: (all) => `값: ${all}.`,
};

const strings: Record<Locale, typeof en> = { en, ko };
