// Slide 5 (reconstruction): one RNN cell with its loop, and the same cell unrolled over three time steps.

import { roleColour } from "../charts/chart.js";
import type { Locale } from "../locale.js";
import type { Displayable } from "../table.js";
import { box, drawing, joint, label, wire } from "./svg.js";
import type { Point } from "./svg.js";

const row = 165;
const size = 56;
const half = size / 2;

export function unrolledNetwork(locale: Locale): Displayable {
  const words = strings[locale];
  const h = { colour: roleColour.h, width: 2.5 };
  const cell = ([x, y]: Point) => [
    box([x, y], size, size, { fill: "#FBF1F6" }),
    label([x, y], words.cell, { size: 14 }),
  ];
  const input = (x: number, name: string) => [
    wire([
      [x, row + 75],
      [x, row + half],
    ]),
    label([x, row + 87], name, { size: 16 }),
  ];

  const rolled = 90;
  const loop = [
    wire(
      [
        [rolled, row - half - 18],
        [rolled + 62, row - half - 18],
        [rolled + 62, row],
        [rolled + half, row],
      ],
      h,
    ),
    joint([rolled, row - half - 18], roleColour.h),
    wire(
      [
        [rolled, row - half],
        [rolled, row - half - 55],
      ],
      h,
    ),
    label([rolled, row - half - 68], "hₜ", { size: 16 }),
    label([rolled + 84, row - 12], "hₜ₋₁", { size: 14 }),
  ];

  const columns = [340, 460, 580];
  const copies = columns.flatMap((x, k) => [
    ...input(x, `x${"₁₂₃"[k]}`),
    ...cell([x, row]),
    label([x, row + 112], `t = ${k + 1}`, { size: 12, colour: "#555555" }),
  ]);
  const between = columns.flatMap((x, k) => {
    const from = k === 0 ? x - 80 : columns[k - 1] + half;
    return [
      wire(
        [
          [from, row],
          [x - half, row],
        ],
        h,
      ),
      label([k === 0 ? from - 14 : (from + x - half) / 2, k === 0 ? row : row - 14], `h${"₀₁₂"[k]}`, {
        size: 15,
      }),
    ];
  });
  const last = columns[2];
  const output = [
    wire(
      [
        [last, row - half],
        [last, row - half - 27],
      ],
      h,
    ),
    label([last + 16, row - half - 12], "h₃", { size: 15 }),
    box([last, row - half - 42], 72, 30),
    label([last, row - half - 42], words.dense, { size: 13 }),
    wire([
      [last, row - half - 57],
      [last, row - half - 80],
    ]),
    label([last, row - half - 92], "ŷ", { size: 16 }),
  ];

  return drawing({ width: 660, height: 330, title: words.title, description: words.description }, [
    label([20, 22], words.rolled, { size: 14, anchor: "start", bold: true }),
    label([246, 22], words.open, { size: 14, anchor: "start", bold: true }),
    ...input(rolled, "xₜ"),
    ...loop,
    ...cell([rolled, row]),
    ...between,
    ...copies,
    ...output,
    label([columns[1], row + 142], words.shared, { size: 13, colour: "#555555" }),
  ]);
}

const en = {
  title: "An RNN, rolled up and unrolled",
  description:
    "Left: one cell with the input xₜ from below, the hidden state hₜ leaving at the top, and an arrow from the cell back to itself. Right: the same network unrolled in time. Three copies of the cell stand side by side, at t = 1, 2 and 3. Each receives its input x₁, x₂ or x₃ from below and the hidden state of the copy to its left, starting with h₀; each hands its own hidden state to the right. The last one, h₃, goes up to a dense layer and the prediction ŷ. All copies use the same Wₓ, Wₕ and b.",
  rolled: "one cell …",
  open: "… unrolled in time",
  cell: "cell",
  dense: "dense",
  shared: "the same Wₓ, Wₕ and b in every copy",
};

const ko: typeof en = {
  title: "접은 RNN과 시간에 따라 펼친 RNN",
  description:
    "왼쪽: 셀 하나에 입력 xₜ가 아래에서 들어오고 은닉 상태 hₜ가 위로 나가며, 셀에서 나온 화살표가 다시 같은 셀로 돌아옵니다. 오른쪽: 같은 네트워크를 시간에 따라 펼친 모습입니다. t = 1, 2, 3의 셀 세 개가 나란히 있고, 각 셀은 아래에서 입력 x₁, x₂, x₃을, 왼쪽에서 바로 앞 셀의 은닉 상태를 받습니다. 처음에는 h₀을 받습니다. 각 셀은 자신의 은닉 상태를 오른쪽으로 넘깁니다. 마지막 h₃은 위쪽의 Dense 층을 거쳐 예측 ŷ이 됩니다. 모든 셀이 같은 Wₓ, Wₕ, b를 씁니다.",
  rolled: "셀 하나를 …",
  open: "… 시간에 따라 펼치면",
  cell: "셀",
  dense: "Dense",
  shared: "모든 셀이 같은 Wₓ, Wₕ, b를 씁니다",
};

const strings: Record<Locale, typeof en> = { en, ko };
