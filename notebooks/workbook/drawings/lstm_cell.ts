// Slides 27–28 (reconstruction): the LSTM cell with its two wires, the gates in the colours they have in
// every chart.

import { roleColour } from "../charts/chart.js";
import type { Locale } from "../locale.js";
import type { Displayable } from "../table.js";
import { box, drawing, joint, label, operator, wire } from "./svg.js";

const top = 70;
const gateRow = 225;
const bus = 290;
const gateX = { f: 165, i: 285, g: 405, o: 525 };
const inner = 345;
const innerRow = 145;
const exit = 615;

export function lstmCell(locale: Locale): Displayable {
  const words = strings[locale];
  const c = { colour: roleColour.c, width: 4 };
  const h = { colour: roleColour.h, width: 2.5 };
  const small = { size: 12, colour: "#555555" };
  const gate = (key: keyof typeof gateX, squash: string, name: string) => [
    wire([
      [gateX[key], bus],
      [gateX[key], gateRow + 26],
    ]),
    ...(key === "o" ? [] : [joint([gateX[key], bus])]),
    box([gateX[key], gateRow], 102, 52, { colour: roleColour[key] }),
    label([gateX[key], gateRow - 11], squash, { size: 15, bold: true }),
    label([gateX[key], gateRow + 11], name, { size: 12.5 }),
  ];

  return drawing({ width: 760, height: 390, title: words.title, description: words.description }, [
    box([382, 182], 554, 296, { radius: 16, colour: "#888888", dash: "6 4" }),

    wire(
      [
        [62, top],
        [gateX.f - 13, top],
      ],
      c,
    ),
    wire(
      [
        [gateX.f + 13, top],
        [inner - 13, top],
      ],
      c,
    ),
    wire(
      [
        [inner + 13, top],
        [700, top],
      ],
      c,
    ),
    label([34, top], "Cₜ₋₁", { size: 17 }),
    label([724, top], "Cₜ", { size: 17 }),
    label([480, top - 16], words.cellState, { size: 13, bold: true }),

    wire(
      [
        [62, bus],
        [130, bus],
      ],
      { ...h, open: true },
    ),
    wire(
      [
        [130, bus],
        [gateX.o, bus],
        [gateX.o, bus - 1],
      ],
      { open: true },
    ),
    label([34, bus], "hₜ₋₁", { size: 17 }),
    wire(
      [
        [130, 350],
        [130, bus],
      ],
      { open: true },
    ),
    joint([130, bus]),
    label([130, 364], "xₜ", { size: 17 }),
    label([148, 365], words.inputVector, { ...small, anchor: "start" }),
    label([225, bus + 17], "[hₜ₋₁, xₜ]", { size: 13 }),

    ...gate("f", "σ", words.forget),
    ...gate("i", "σ", words.input),
    ...gate("g", "tanh", words.candidate),
    ...gate("o", "σ", words.output),

    wire(
      [
        [gateX.f, gateRow - 26],
        [gateX.f, top + 13],
      ],
      { colour: roleColour.f },
    ),
    label([gateX.f + 14, innerRow], "f", { size: 16, bold: true }),
    wire(
      [
        [gateX.i, gateRow - 26],
        [gateX.i, innerRow],
        [inner - 13, innerRow],
      ],
      { colour: roleColour.i },
    ),
    label([gateX.i - 13, innerRow + 22], "i", { size: 16, bold: true }),
    wire(
      [
        [gateX.g, gateRow - 26],
        [gateX.g, innerRow],
        [inner + 13, innerRow],
      ],
      { colour: roleColour.g },
    ),
    label([gateX.g + 17, innerRow + 22], "C̃", { size: 16, bold: true }),
    wire([
      [inner, innerRow - 13],
      [inner, top + 13],
    ]),
    label([inner + 12, 112], "i ⊙ C̃", { size: 13, anchor: "start" }),

    operator([gateX.f, top], "⊙", roleColour.f),
    operator([inner, innerRow], "⊙"),
    operator([inner, top], "+"),

    joint([exit, top]),
    wire([
      [exit, top],
      [exit, 117],
    ]),
    box([exit, 135], 62, 34),
    label([exit, 135], "tanh", { size: 14 }),
    wire([
      [exit, 152],
      [exit, gateRow - 13],
    ]),
    wire(
      [
        [gateX.o + 51, gateRow],
        [exit - 13, gateRow],
      ],
      { colour: roleColour.o },
    ),
    label([gateX.o + 64, gateRow - 14], "o", { size: 16, bold: true }),
    operator([exit, gateRow], "⊙", roleColour.o),
    wire(
      [
        [exit + 13, gateRow],
        [700, gateRow],
      ],
      h,
    ),
    label([724, gateRow], "hₜ", { size: 17 }),
    label([745, gateRow + 28], words.hiddenState, { size: 13, bold: true, anchor: "end" }),
  ]);
}

const en = {
  title: "The LSTM cell",
  description:
    "Two wires cross the cell from left to right. The upper one is the cell state: Cₜ₋₁ is multiplied by the forget gate f, then i ⊙ C̃ is added, and it leaves as Cₜ; nothing else stands in its way. The lower one brings the hidden state hₜ₋₁, which joins the input xₜ from below and feeds four boxes: the forget gate f (sigmoid), the input gate i (sigmoid), the candidate C̃ (tanh) and the output gate o (sigmoid). A branch of the cell state goes through tanh, is multiplied by o and leaves as the hidden state hₜ.",
  forget: "forget gate",
  input: "input gate",
  candidate: "candidate",
  output: "output gate",
  cellState: "cell state",
  hiddenState: "hidden state",
  inputVector: "input",
};

const ko: typeof en = {
  title: "LSTM 셀",
  description:
    "두 경로가 셀을 왼쪽에서 오른쪽으로 지나갑니다. 위쪽은 셀 상태입니다. Cₜ₋₁에 망각 게이트 f를 곱하고 i ⊙ C̃를 더하면 Cₜ가 되어 나갑니다. 그 밖에는 아무것도 거치지 않습니다. 아래쪽은 은닉 상태입니다. hₜ₋₁이 아래에서 온 입력 xₜ와 합쳐져 상자 네 개, 즉 망각 게이트 f(시그모이드), 입력 게이트 i(시그모이드), 후보 C̃(tanh), 출력 게이트 o(시그모이드)로 들어갑니다. 셀 상태에서 갈라져 나온 경로는 tanh를 거친 뒤 o와 곱해져 은닉 상태 hₜ로 나갑니다.",
  forget: "망각 게이트",
  input: "입력 게이트",
  candidate: "후보",
  output: "출력 게이트",
  cellState: "셀 상태",
  hiddenState: "은닉 상태",
  inputVector: "입력",
};

const strings: Record<Locale, typeof en> = { en, ko };
