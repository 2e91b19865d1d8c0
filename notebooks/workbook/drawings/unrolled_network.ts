// Slide 5 (reconstruction): one RNN cell with its loop, and the same cell unrolled over three time steps.

import type { CellStrings } from "../cell_strings.js";
import { roleColour } from "../charts/chart.js";
import type { Displayable } from "../table.js";
import { box, drawing, joint, label, wire } from "./svg.js";
import type { Point } from "./svg.js";

const row = 165;
const size = 56;
const half = size / 2;

export function unrolledNetwork(strings: CellStrings): Displayable {
  const words = strings.unrolled;
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
