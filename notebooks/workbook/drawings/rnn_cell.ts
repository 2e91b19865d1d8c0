// Slide 6 (reconstruction): what happens inside an RNN cell, with the shapes of the lecture's example.

import { roleColour } from "../charts/chart.js";
import type { Locale } from "../locale.js";
import type { Displayable } from "../table.js";
import { box, drawing, label, operator, wire } from "./svg.js";
import type { Point } from "./svg.js";

const row = 110;
const sum: Point = [330, row];

export function rnnCell(locale: Locale): Displayable {
  const words = strings[locale];
  const h = { colour: roleColour.h, width: 2.5 };
  const small = { size: 12, colour: "#555555" };
  const weights = (at: Point, name: string, shapeAt: Point) => [
    box(at, 66, 38, { fill: "#F2F2F2" }),
    label(at, name, { size: 15 }),
    label(shapeAt, "[2, 2]", small),
  ];

  return drawing({ width: 660, height: 310, title: words.title, description: words.description }, [
    box([365, 125], 370, 210, { radius: 14, colour: "#888888", dash: "6 4" }),
    wire(
      [
        [60, row],
        [217, row],
      ],
      h,
    ),
    label([36, row], "hₜ₋₁", { size: 17 }),
    label([36, row + 24], "[2]", small),
    label([14, row - 26], words.previous, { ...small, anchor: "start" }),
    ...weights([250, row], "Wₕ ·", [250, row + 31]),
    wire([
      [283, row],
      [317, row],
    ]),
    wire([
      [330, 272],
      [330, 209],
    ]),
    label([330, 286], "xₜ", { size: 17 }),
    label([352, 286], `[2]  ${words.input}`, { ...small, anchor: "start" }),
    ...weights([330, 190], "Wₓ ·", [388, 190]),
    wire([
      [330, 171],
      [330, 123],
    ]),
    label([330, 52], "b", { size: 16 }),
    label([345, 52], `[2]  ${words.bias}`, { ...small, anchor: "start" }),
    wire([
      [330, 64],
      [330, 97],
    ]),
    operator(sum, "+"),
    wire([
      [343, row],
      [423, row],
    ]),
    label([380, row - 14], "zₜ", { size: 15 }),
    box([460, row], 74, 38, { colour: roleColour.h, fill: "#FBF1F6" }),
    label([460, row], "tanh", { size: 15 }),
    wire(
      [
        [497, row],
        [600, row],
      ],
      h,
    ),
    label([622, row], "hₜ", { size: 17 }),
    label([622, row + 24], "[2]", small),
    label([646, row - 26], words.hidden, { ...small, anchor: "end" }),
  ]);
}

const en = {
  title: "The RNN cell",
  description:
    "The previous hidden state hₜ₋₁ comes from the left and is multiplied by Wₕ. The input xₜ comes from below and is multiplied by Wₓ. Both products and the bias b meet in one sum, zₜ. zₜ goes through tanh and leaves to the right as the hidden state hₜ, which is the output and the next step's input.",
  previous: "previous hidden state",
  input: "input",
  bias: "bias",
  hidden: "hidden state",
};

const ko: typeof en = {
  title: "RNN 셀",
  description:
    "이전 은닉 상태 hₜ₋₁은 왼쪽에서 들어와 Wₕ와 곱해지고, 입력 xₜ는 아래에서 들어와 Wₓ와 곱해집니다. 두 곱과 편향 b를 더하면 zₜ입니다. zₜ는 tanh를 거쳐 은닉 상태 hₜ가 되어 오른쪽으로 나갑니다. hₜ는 출력이면서 다음 시점의 입력입니다.",
  previous: "이전 은닉 상태",
  input: "입력",
  bias: "편향",
  hidden: "은닉 상태",
};

const strings: Record<Locale, typeof en> = { en, ko };
