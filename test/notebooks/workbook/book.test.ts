// What a notebook gets from its workbook: tables that judge the slide, not the learner; errors that name the
// slide's quantities; gradient checks; and charts that draw in both languages with the library's numbers.

import { describe, expect, test } from "vitest";
import { lectureSlides } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import { workbook } from "../../../notebooks/workbook/index.js";
import type { Book, Chart, Displayable, Locale, Value } from "../../../notebooks/workbook/index.js";
import { rnnColour } from "../../../notebooks/workbook/charts/chart.js";
import { jupyterDisplay } from "../../../notebooks/workbook/table.js";
import {
  Dense,
  LSTM,
  RNN,
  SequenceClassifier,
  add,
  gradientFlow,
  lstmBackward,
  lstmForward,
  matVec,
  norm,
  numericalGradient,
  rnnBackward,
  rnnForward,
  softmaxCrossEntropy,
  transposedMatVec,
} from "../../../src/index.js";
import type { Matrix } from "../../../src/index.js";
import { drawChart } from "../../support/draw_chart.js";
import deck from "../../../notebooks/workbook/data/vectors/deck_vectors.json" with { type: "json" };

const { Wx, Wh, b, Why, by, y } = deck.inputs;
const [x1, x2] = deck.inputs.x;
const zero = [0, 0];

const text = (shown: Displayable) => shown[jupyterDisplay]()["text/plain"];
const html = (shown: Displayable) => shown[jupyterDisplay]()["text/html"];
const line = (shown: Displayable, start: string) =>
  text(shown)
    .split("\n")
    .find((row) => row.startsWith(start));
const exact = (slide: number, name: string) =>
  lectureSlides.find((quantity) => quantity.slide === slide && quantity.name === name)!.exact as never;

const english = () => workbook("05", "en");
const korean = () => workbook("05", "ko");

describe("book.slide", () => {
  test("shows printed value, exact value, difference and verdict, one row a component", () => {
    const table = english().slide(43, { "log ŷ₁": exact(43, "log ŷ₁"), Loss: exact(43, "Loss") });
    expect(text(table)).toContain("Slide 43");
    expect(line(table, "Loss")).toMatch(/0\.8884 +0\.888384527345 +1\.5e-5 +✓ matches/);
    expect(line(table, "log ŷ₁")).toMatch(/-0\.8884 +-0\.888384527345/);
  });

  test("tells a slip from carried rounding, and says what the slide's own numbers give", () => {
    const table = english().slide(53, { "∂C₁": exact(53, "∂C₁") });
    expect(line(table, "∂C₁ [1]")).toContain("slip on the slide (its own numbers give 0.0395)");
    expect(line(table, "∂C₁ [2]")).toContain("last digit off (its own numbers give 0.0260)");
    expect(text(table)).toContain("1.5 %");
    const carried = english().slide(57, { "∂W_x": exact(57, "∂W_x") });
    expect(line(carried, "∂W_x [1,2]")).toContain("carried rounding");
  });

  test("speaks Korean", () => {
    const table = korean().slide(53, { "∂C₁": exact(53, "∂C₁") });
    expect(text(table)).toContain("슬라이드 53");
    expect(line(table, "∂C₁ [1]")).toContain("슬라이드의 계산 착오 (슬라이드의 숫자로 계산하면 0.0395)");
    expect(text(table)).not.toMatch(/slip|digit|slide/);
  });

  test("does not judge the slide by other inputs, and says so", () => {
    const table = english().slide(38, { "h₁": [0.3, 0.4], "tanh(C₁)": exact(38, "tanh(C₁)") });
    expect(line(table, "h₁ [1]")).toContain("≠ differs");
    expect(line(table, "tanh(C₁) [1]")).toContain("slip on the slide");
    expect(text(table)).toContain("your inputs differ from the slide's");
  });

  test("accepts a value that is off by the arithmetic's rounding, but not one that is off by 1e-8", () => {
    const C1 = exact(37, "C₁") as number[];
    const near = english().slide(37, { "C₁": C1.map((value) => value * (1 + 1e-12)) });
    const off = english().slide(37, { "C₁": C1.map((value) => value * (1 + 1e-8)) });
    expect(text(near)).not.toContain("≠");
    expect(text(off)).toContain("≠");
  });

  test("labels slides 13–19 a reconstruction", () => {
    const z1 = [0.6, 1.2];
    expect(text(english().slide(13, { "z₁": z1 }))).toContain("Slide 13 (reconstruction)");
    expect(text(korean().slide(13, { "z₁": z1 }))).toContain("슬라이드 13 (재구성)");
  });

  test("folds a reconstruction that agrees, and shows one that does not", () => {
    const right = english().slide(13, { "z₁": [0.6, 1.2] });
    expect(text(right)).toContain("✓ 2 of 2 agree");
    expect(html(right)).toMatch(/^<details><summary>[^]*<\/table>\n<\/details>$/);
    const wrong = english().slide(13, { "z₁": [0.6, 1.3] });
    expect(text(wrong)).toContain("✗ 0 of 2 agree");
    expect(html(wrong)).not.toContain("<details>");
    expect(html(english().slide(43, { Loss: exact(43, "Loss") }))).not.toContain("<details>");
  });

  test("escapes what it writes as HTML", () => {
    expect(html(english().slide(43, { Loss: exact(43, "Loss") }))).toMatch(/<td[^>]*>0\.8884<\/td>/);
  });

  test.each<[string, number, Record<string, Value>, string]>([
    [
      "an unknown quantity",
      38,
      { h1: [1, 2] },
      'name is "h1", but must be one of slide 38: "tanh(C₁)", "h₁"',
    ],
    ["a wrong shape", 38, { "h₁": [1, 2, 3] }, '"h₁" is a vector of 3, but must be a vector of 2'],
    ["NaN", 38, { "h₁": [1, NaN] }, '"h₁"[2] is NaN, but must be finite'],
    ["a slide without numbers", 28, { "h₁": [1, 2] }, "slide is 28, but must be one with numbers"],
  ])("refuses %s", (_, slide, values, message) => {
    expect(() => english().slide(slide, values)).toThrow(
      expect.objectContaining({ name: "RangeError", message: expect.stringContaining(message) as string }),
    );
  });
});

describe("book.gradcheck", () => {
  const square = ([a, c]: number[]) => a ** 2 + 3 * c;
  const numeric = numericalGradient(square, [2, 5]);

  test("agrees with a right gradient and not with a wrong one", () => {
    expect(text(english().gradcheck("∂q", [4, 3], numeric))).toMatch(
      /^∂q: ✓ .*agree \(relative error < 1e-9\)/,
    );
    expect(text(english().gradcheck("∂q", [4, 3.001], numeric))).toMatch(/^∂q: ✗ .*2\.5e-4/);
    expect(text(korean().gradcheck("∂q", [4, 3], numeric))).toContain("일치합니다");
    expect(html(english().gradcheck("∂q", [4, 3], numeric))).toContain("<details>");
    expect(html(english().gradcheck("∂q", [4, 3.001], numeric))).not.toContain("<details>");
  });

  test("finds two zero gradients equal", () => {
    expect(text(english().gradcheck("∂q", [0, 0], [0, 0]))).toContain("✓");
  });

  test("refuses gradients of different shapes", () => {
    const message = "book.gradcheck: numeric is a vector of 1, but must be a vector of 2, as ∂q is";
    expect(() => english().gradcheck("∂q", [4, 3], [4])).toThrow(
      expect.objectContaining({ name: "RangeError", message }),
    );
  });
});

test("workbook refuses a language it does not speak", () => {
  expect(() => workbook("05", "{language}" as Locale)).toThrow('language is "{language}"');
});

/** The lecture's LSTM, forward and backward. */
function lecture() {
  const shared = { Wx, Wh, b };
  const cell = { f: shared, i: shared, g: shared, o: shared };
  const step1 = lstmForward(cell, x1, zero, zero);
  const step2 = lstmForward(cell, x2, step1.h, step1.c);
  const { dlogits } = softmaxCrossEntropy(add(matVec(Why, step2.h), by), y);
  const dh2 = transposedMatVec(Why, dlogits);
  const back2 = lstmBackward(cell, step2, dh2, zero);
  const back1 = lstmBackward(cell, step1, back2.dhPrev, back2.dcPrev);
  return { dh2, back2, back1 };
}

function rnnShare(Wh: Matrix) {
  const cell = { Wx, Wh, b };
  const step1 = rnnForward(cell, x1, zero);
  const step2 = rnnForward(cell, x2, step1.h);
  const { dlogits } = softmaxCrossEntropy(add(matVec(Why, step2.h), by), y);
  const dh2 = transposedMatVec(Why, dlogits);
  return norm(rnnBackward(cell, step2, dh2).dhPrev) / norm(dh2);
}

const flowOf = (layer: RNN | LSTM<true>) => {
  layer.setParameters({ Wx, Wh, b });
  const head = new Dense({ inputSize: 2, outputSize: 2 });
  head.setParameters({ W: Why, b: by });
  return gradientFlow(new SequenceClassifier({ layer, head }), { x: Array.from({ length: 8 }, () => x1), y });
};

const lags = (ratio: (k: number) => number) => Array.from({ length: 5 }, (_, k) => ({ k, ratio: ratio(k) }));

const charts: Record<string, (book: Book) => Chart> = {
  slideDifferences(book) {
    book.slide(53, { "∂o₁": exact(53, "∂o₁"), "∂C₁": exact(53, "∂C₁") });
    book.slide(36, { "z₁": exact(36, "z₁") });
    return book.slideDifferences();
  },
  gateGradients(book) {
    const { back1, back2 } = lecture();
    return book.gateGradients([
      { t: 2, ...back2.dz },
      { t: 1, ...back1.dz },
    ]);
  },
  oneStepBack(book) {
    const { dh2, back1, back2 } = lecture();
    return book.oneStepBack({
      rnn: rnnShare([
        [0.1, 0.1],
        [0.1, 0.1],
      ]),
      rnnSameWeights: rnnShare(Wh),
      lstmHidden: norm(back2.dhPrev) / norm(dh2),
      lstmForget: norm(back2.dcPrev) / norm(back2.dc),
      lstmCell: norm(back1.dc) / norm(back2.dc),
    });
  },
  rnnAgainstLstm: (book) =>
    book.rnnAgainstLstm({
      rnn: flowOf(new RNN({ inputSize: 2, hiddenSize: 2 })),
      lstm: flowOf(new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true })),
    }),
  decayByWeight: (book) =>
    book.decayByWeight(
      [0.1, 0.5].map((w) => ({ w, sigmaMax: 2 * w, ratios: lags((k) => (w / 2) ** k) })),
      0.1,
    ),
  gainSweep: (book) => book.gainSweep([0.5, 2].map((gain) => ({ gain, ratios: lags((k) => gain ** k) }))),
  stretch: (book) =>
    book.stretch({
      W_h: [
        [0.1, 0.1],
        [0.1, 0.1],
      ],
      A: [
        [0.5, 0.9],
        [0, 0.5],
      ],
    }),
  oneStepByWeight: (book) =>
    book.oneStepByWeight(
      [0, 1, 2].map((w) => ({ w, tanh: w * Math.exp(-2 * w), linear: 2 * w })),
      0.5,
    ),
  forgetBias: (book) =>
    book.forgetBias({
      lstm: [-2, 4].map((forgetBias) => ({
        forgetBias,
        ratios: lags((k) => 0.5 ** k),
        gates: lags((k) => 0.4 ** k),
      })),
      rnn: lags((k) => 0.1 ** k),
    }),
  weightUpdate: (book) =>
    book.weightUpdate([
      { name: "W_x", before: Wx, after: exact(58, "W_x new") },
      { name: "b", before: b, after: exact(58, "b new") },
    ]),
  lossCurves: (book) => book.lossCurves({ tied: [0.9, 0.5, 0.1], untied: [0.9, 0.6, 0.2] }),
  tangent: (book) => book.tangent([0.4385, 0.7971]),
  softmaxJacobian: (book) => book.softmaxJacobian([0.4385, 0.7971]),
  outerProduct: (book) => book.outerProduct([-0.6, 0.6], [0.5, -0.2, 0.8]),
};

describe.each(Object.entries(charts))("book.%s", (_, chartOf) => {
  test("draws without complaint and describes itself, in English and in Korean", async () => {
    const [en, ko] = [chartOf(english()), chartOf(korean())];
    expect(en.description).toMatch(/^[A-Z].*\.$/);
    expect(ko.description).toMatch(/[가-힣].*\.$/);
    const [drawnEn, drawnKo] = [await drawChart(en), await drawChart(ko)];
    expect(drawnEn.complaints).toEqual([]);
    expect(drawnKo.complaints).toEqual([]);
    expect(drawnEn.svg).not.toMatch(/[가-힣]/);
    expect(drawnKo.svg).toMatch(/[가-힣]/);
  });
});

describe("the book's charts", () => {
  test("show the lecture's five shares (P7)", async () => {
    const { svg } = await drawChart(charts.oneStepBack(english()));
    for (const share of ["4.6%", "6.6%", "9.6%", "76.2%", "91.2%"]) expect(svg).toContain(`>${share}<`);
  });

  test("give the RNN's bars the colour that the RNN has in every chart", () => {
    interface Bars {
      values: { path: string; colour: string }[];
    }
    const { values } = charts.oneStepBack(english()).data as Bars;
    const coloured = (network: string) =>
      values.filter(({ path }) => path.startsWith(network)).map(({ colour }) => colour);
    expect(coloured("RNN")).toEqual([rnnColour, rnnColour]);
    expect(coloured("LSTM")).not.toContain(rnnColour);
  });

  test("show the gates' gradients and, outlined, the sums of slides 51 and 56 (P6)", async () => {
    const { svg } = await drawChart(charts.gateGradients(english()));
    for (const dz of ["0.0155", "0.0144", "0.0402", "0.0142", "0.0236", "0.0113"]) {
      expect(svg).toContain(`>${dz}<`);
    }
  });

  test("name each curve at its end, and no name lies on another (P3)", async () => {
    const gains = [0.5, 1, 1.02, 1.04, 3];
    const { svg } = await drawChart(
      english().gainSweep(gains.map((gain) => ({ gain, ratios: lags((k) => (gain / 1.2) ** k) }))),
    );
    const ends = [...svg.matchAll(/<text aria-label="[^"]*; end: g = [^>]*translate\([\d.]+,([\d.]+)\)/g)]
      .map(([, y]) => Number(y))
      .sort((a, b) => a - b);
    expect(ends).toHaveLength(gains.length);
    for (const [n, y] of ends.slice(1).entries()) expect(y - ends[n]).toBeGreaterThan(8);
  });

  test("show σ_max as the longest image of the circle, and a circle of radius ρ", () => {
    const chart = charts.stretch(english());
    interface Panel {
      layer: { data: { values: { kind: string; x: number; y: number }[] } }[];
    }
    const [, image, sigma, rho] = (chart.hconcat as Panel[])[1].layer.map(({ data }) =>
      data.values.map(({ x, y }) => Math.hypot(x, y)),
    );
    // σ² is the larger eigenvalue of AᵀA, whose trace is 1.31 and determinant 0.0625.
    const largest = Math.sqrt((1.31 + Math.sqrt(1.31 ** 2 - 4 * 0.0625)) / 2);
    expect(sigma.at(-1)).toBeCloseTo(largest, 3);
    expect(Math.max(...image)).toBeCloseTo(largest, 2);
    for (const radius of rho) expect(radius).toBeCloseTo(0.5, 3);
    expect(chart.description).toContain("W_h: σₘₐₓ is 0.2, ρ is 0.2. A: σₘₐₓ is 1.12, ρ is 0.5.");
    expect(() => english().stretch({ W: [[1, 2, 3]] })).toThrow("W is 1 × 3, but must be 2 × 2");
  });

  test("show after minus before (P8)", async () => {
    const { svg } = await drawChart(charts.weightUpdate(english()));
    for (const value of ["0.0896", "−0.0104", "−0.0025"]) expect(svg).toContain(`>${value}<`);
  });

  test("leave out values from other inputs, and count a cell that ran twice once (P5)", () => {
    const book = english();
    for (let run = 0; run < 2; run++) book.slide(38, { "h₁": exact(38, "h₁"), "tanh(C₁)": [0, 0] });
    const { values } = book.slideDifferences().data as {
      values: { component: string; difference: number }[];
    };
    expect(values.map(({ component }) => component)).toEqual(["h₁ [1]", "h₁ [2]"]);
    expect(values[1].difference).toBeCloseTo(2.0279e-4, 8);
  });

  test("need a computed slide (P5)", () => {
    expect(() => english().slideDifferences()).toThrow("no slide has been computed yet");
  });

  test("need rows of RNN and LSTM to compare them", () => {
    const rnn = flowOf(new RNN({ inputSize: 2, hiddenSize: 2 }));
    expect(() => english().rnnAgainstLstm({ rnn, lstm: rnn })).toThrow("flows has no row of LSTM ‖∂Cₜ‖");
  });
});

test.each<[value: unknown, shown: unknown]>([
  [0.8853516482022625, 0.885352],
  [
    { f: [0.123456789, -2], done: true, name: "x" },
    { f: [0.123457, -2], done: true, name: "x" },
  ],
  [1048576.0000000002, 1048576],
  [0, 0],
  [5.0874e-43, 5.0874e-43],
  [2.147483648e17, 2.14748e17],
  [
    [NaN, Infinity, null],
    [NaN, Infinity, null],
  ],
])("book.round shows %j as %j", (value, shown) => {
  expect(english().round(value)).toEqual(shown);
});
