// The outer product of slide 69 as the grid it is: errors left of the rows, inputs above the columns, and in
// each cell the slide's letter and the product. A slider fills the cells in one by one, without a kernel.

import { outer } from "../../../src/index.js";
import type { Chart, Vector } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const cellWidth = 78;
const cellHeight = 50;
const errorColour = "#0072B2";
const inputColour = "#D55E00";

/**
 * ∂L/∂W_ij = ∂L/∂z_i · h_j.
 * @param errors ∂L/∂z, one a row
 * @param inputs h, one a column
 * @throws {RangeError} when either is empty or not finite, or when the letters do not suffice for the cells
 */
export function outerProduct(locale: Locale, errors: Vector, inputs: Vector): Chart {
  for (const [name, vector] of Object.entries({ errors, inputs })) {
    if (vector.length === 0 || !vector.every(Number.isFinite)) {
      throw new RangeError(
        `book.outerProduct: ${name} is [${vector.join(", ")}], but must be finite numbers`,
      );
    }
  }
  const [rows, columns] = [errors.length, inputs.length];
  if (rows * columns > letters.length) {
    throw new RangeError(
      `book.outerProduct: errors and inputs make ${rows} × ${columns} cells, but must make ${letters.length} or fewer: one a letter`,
    );
  }
  const words = strings[locale];
  const cells = outer(errors, inputs).flatMap((row, i) =>
    row.map((product, j) => {
      const order = i * columns + j + 1;
      return { i: i + 1, j: j + 1, order, letter: letters[order - 1], product };
    }),
  );
  const largest = Math.max(...cells.map(({ product }) => Math.abs(product)));
  const margins = [
    ...errors.map((value, i) => ({ i: i + 1, j: 0, value, side: "error" })),
    ...inputs.map((value, j) => ({ i: 0, j: j + 1, value, side: "input" })),
  ];
  const order = (length: number) => Array.from({ length: length + 1 }, (_, k) => k);
  const position = {
    x: { field: "j", type: "ordinal", axis: null, scale: { domain: order(columns) } },
    y: { field: "i", type: "ordinal", axis: null, scale: { domain: order(rows) } },
  };
  // The row and the column of the cell that was filled in last.
  const isCurrent = `filled < ${rows * columns} && (datum.side == 'error' ? datum.i == ceil(filled / ${columns}) : datum.j == (filled - 1) % ${columns} + 1)`;
  return {
    $schema: vegaLite,
    description: words.description(rows, columns),
    title: { text: words.title, subtitle: words.subtitle, anchor: "start", offset: 10 },
    width: { step: cellWidth },
    height: { step: cellHeight },
    view: { stroke: null },
    params: [
      {
        name: "filled",
        value: rows * columns,
        bind: { input: "range", min: 0, max: rows * columns, step: 1, name: words.filled },
      },
    ],
    layer: [
      {
        data: { values: cells },
        transform: [{ filter: "datum.order <= filled" }],
        encoding: position,
        layer: [
          {
            mark: { type: "rect", stroke: "#FFFFFF", strokeWidth: 2 },
            encoding: {
              color: {
                field: "product",
                type: "quantitative",
                legend: null,
                scale: { scheme: "blueorange", domain: [-largest, largest], domainMid: 0 },
              },
              tooltip: [
                { field: "letter", title: " " },
                { field: "product", title: words.product, format: "+.8f" },
              ],
            },
          },
          ...[
            { field: "letter", dy: -9, fontWeight: "bold", fontSize: 15 },
            { field: "product", dy: 11, fontWeight: "normal", fontSize: 12, format: "+.4f" },
          ].map(({ field, format, ...look }) => ({
            mark: { type: "text", ...look },
            encoding: {
              text: { field, ...(format ? { type: "quantitative", format } : { type: "nominal" }) },
              color: {
                condition: { test: `abs(datum.product) > ${0.75 * largest}`, value: "#FFFFFF" },
                value: "#000000",
              },
            },
          })),
        ],
      },
      {
        data: { values: margins },
        encoding: position,
        layer: [
          {
            mark: {
              type: "rect",
              fill: "#FFFFFF",
              strokeWidth: 2,
              width: cellWidth - 8,
              height: cellHeight - 8,
            },
            encoding: {
              stroke: { condition: { test: isCurrent, value: "#000000" }, value: "#DDDDDD" },
            },
          },
          {
            mark: { type: "text", fontSize: 13 },
            encoding: {
              text: { field: "value", type: "quantitative", format: "+.4f" },
              color: {
                condition: { test: "datum.side == 'error'", value: errorColour },
                value: inputColour,
              },
            },
          },
        ],
      },
      {
        data: { values: [{ i: 0, j: 0 }] },
        encoding: position,
        layer: [
          {
            mark: {
              type: "text",
              align: "right",
              dx: 34,
              dy: -14,
              fontWeight: "bold",
              color: inputColour,
              text: `${words.input} →`,
            },
          },
          {
            mark: {
              type: "text",
              align: "left",
              dx: -34,
              dy: 12,
              fontWeight: "bold",
              color: errorColour,
              text: `${words.error} ↓`,
            },
          },
        ],
      },
    ],
  };
}

const en = {
  title: "∂L/∂W as an outer product",
  subtitle: "Each cell: the number left of its row times the number above its column",
  description: (rows: number, columns: number) =>
    `A grid of ${rows} rows and ${columns} columns. The error of each output stands left of its row, the input above its column, and each cell holds a letter and the product of the two. A slider fills in the cells one by one.`,
  error: "∂L/∂zᵢ",
  input: "hⱼ",
  filled: "cells filled in ",
  product: "product",
};

const ko: typeof en = {
  title: "외적으로 본 ∂L/∂W",
  subtitle: "각 칸 = 그 행 왼쪽의 값 × 그 열 위쪽의 값",
  description: (rows, columns) =>
    `${rows}행 ${columns}열의 표입니다. 행 왼쪽에는 출력의 오차, 열 위쪽에는 입력이 있고, 칸마다 글자와 두 값의 곱이 적혀 있습니다. 슬라이더를 움직이면 칸이 하나씩 채워집니다.`,
  error: "∂L/∂zᵢ",
  input: "hⱼ",
  filled: "채운 칸의 수 ",
  product: "곱",
};

const strings: Record<Locale, typeof en> = { en, ko };
