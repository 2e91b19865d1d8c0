// The charts and drawings of the RNN and the LSTM cell: they draw in both languages, their numbers are those
// of an independent computation, the sliders choose the right run, and bad input is refused by name.

import { Resvg } from "@resvg/resvg-js";
import { describe, expect, test } from "vitest";
import { mimeBundle } from "../../../kernel/rendering/mime_bundle.js";
import { roleColour } from "../../../notebooks/workbook/charts/chart.js";
import { force } from "../../../notebooks/workbook/exercises/exercise.js";
import { exercises } from "../../../notebooks/workbook/exercises/index.js";
import { components } from "../../../notebooks/workbook/lecture/quantity.js";
import { workbook } from "../../../notebooks/workbook/index.js";
import type { Book, Chart, DrawingName, Value } from "../../../notebooks/workbook/index.js";
import { LSTM, RNN, rnnForward } from "../../../src/index.js";
import type { RNNStep, Vector } from "../../../src/index.js";
import { drawChart } from "../../support/draw_chart.js";
import deck from "../../../notebooks/workbook/data/vectors/deck_vectors.json" with { type: "json" };
import rnn from "../../../notebooks/workbook/data/vectors/rnn_vectors.json" with { type: "json" };

const english = workbook("01", "en");
const korean = workbook("01", "ko");
const hangul = /[가-힣]/;

const { Wx, b } = deck.inputs;
const [x1, x2] = deck.inputs.x;
const { Wh } = rnn.deck_vanishing_tanh;
const run = (inputs: Vector[]) => {
  const steps: RNNStep[] = [];
  for (const x of inputs) steps.push(rnnForward({ Wx, Wh, b }, x, steps.at(-1)?.h ?? [0, 0]));
  return steps;
};
const gate = { Wx: [[1]], Wh: [[0.1]], b: [0] };
const unit = { f: gate, i: gate, g: gate, o: gate };
const counts = [1, 25, 50].map((T) => ({ T, rnn: 10, mlp: 4 * T + 2 }));

const charts: Record<string, (book: Book) => Chart> = {
  hiddenStates: (book) => book.hiddenStates({ "x₁ → x₂": run([x1, x2]), "x₂ → x₁": run([x2, x1]) }),
  activationCurves: (book) => book.activationCurves(),
  "activationCurves with a guess": (book) => book.activationCurves({ slopeGuess: 0.5 }),
  parameterCounts: (book) => book.parameterCounts(counts),
  "parameterCounts with a guess": (book) => book.parameterCounts(counts, { guess: 500 }),
  gatePlayground: (book) => book.gatePlayground(unit),
};

describe.each(Object.entries(charts))("%s", (_, chartOf) => {
  test("draws without complaint and describes itself, in English and in Korean", async () => {
    const [en, ko] = [chartOf(english), chartOf(korean)];
    expect(en.description).toMatch(/^[A-Z].*\.$/);
    expect(en.description).not.toMatch(hangul);
    expect(ko.description).toMatch(/[가-힣].*\.$/);
    const [drawnEn, drawnKo] = [await drawChart(en), await drawChart(ko)];
    expect(drawnEn.complaints).toEqual([]);
    expect(drawnKo.complaints).toEqual([]);
    expect(drawnEn.svg).not.toMatch(hangul);
    expect(drawnKo.svg).toMatch(hangul);
  });
});

describe("P1", () => {
  test("shows the golden hidden states from t = 0 on, with z in the tooltip", () => {
    const { values } = charts.hiddenStates(english).data as {
      values: { order: string; unit: string; t: number; h: number; z: string }[];
    };
    const first = values.filter((row) => row.order === "x₁ → x₂");
    const golden = [[0, 0], ...rnn.deck_vanishing_tanh.h].flat();
    expect(first.map(({ t, unit }) => `${t} ${unit}`)).toEqual([
      "0 unit 1",
      "0 unit 2",
      "1 unit 1",
      "1 unit 2",
      "2 unit 1",
      "2 unit 2",
    ]);
    first.forEach(({ h }, k) => {
      expect(h).toBeCloseTo(golden[k], 12);
    });
    expect(first.map(({ z }) => z)).toEqual(["–", "–", "0.6000", "1.2000", "1.0371", "2.0371"]);
    // numpy, the other order
    expect(charts.hiddenStates(english).description).toContain("x₂ → x₁ it ends at (0.6453, 0.8781)");
  });

  test("needs two runs with steps", () => {
    expect(() => english.hiddenStates({ a: run([x1]) })).toThrow("runs has 1 runs, but must have two");
    expect(() => english.hiddenStates({ a: run([x1]), b: [] })).toThrow(
      'runs["b"] is empty, but must have steps',
    );
  });
});

describe("P1b", () => {
  interface Layer {
    data: { values: Record<string, number>[] };
  }
  const layers = (book: Book, options = {}) => book.activationCurves(options).layer as Layer[];

  test("shades where a slope is below a tenth of its largest", () => {
    const [shades] = layers(english);
    const edges = new Set(shades.data.values.flatMap(({ from, to }) => [from, to]).map(Math.abs));
    const [tanhEdge, sigmoidEdge] = [...edges].filter((z) => z < 6).sort((p, q) => p - q);
    const slope = (f: (z: number) => number, z: number) => (f(z + 1e-6) - f(z - 1e-6)) / 2e-6;
    expect(slope(Math.tanh, tanhEdge)).toBeCloseTo(0.1, 8);
    expect(slope((z) => 1 / (1 + Math.exp(-z)), sigmoidEdge)).toBeCloseTo(0.025, 8);
  });

  test("reads all four values at a place", () => {
    const at = layers(english)
      .at(-1)!
      .data.values.find((row) => row.z === 1.2)!;
    expect(at).toEqual({
      z: 1.2,
      tanh: 0.83365,
      tanhPrime: 0.30502,
      sigmoid: 0.76852,
      sigmoidPrime: 0.17789,
    });
  });

  test("draws a guess next to the truth, and nothing without one", async () => {
    expect((await drawChart(english.activationCurves({ slopeGuess: 0.5 }))).svg).toContain("your guess: 0.5");
    expect((await drawChart(korean.activationCurves({ slopeGuess: 2 }))).svg).toContain("내 예상: 2");
    for (const none of [{}, { slopeGuess: null }])
      expect((await drawChart(english.activationCurves(none))).svg).not.toContain("guess");
  });
});

test("the chart of parameter counts prints the last ones, draws a guess and needs counts", async () => {
  const { svg } = await drawChart(english.parameterCounts(counts, { guess: 500 }));
  for (const printed of [">10<", ">202<", "your guess: 500"]) expect(svg).toContain(printed);
  expect(() => english.parameterCounts([])).toThrow("counts is empty");
});

describe("P4", () => {
  /** The same unit in plain arithmetic. */
  function byHand(bias: number, inputs: number[]) {
    let [c, h] = [0, 0];
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    return inputs.map((x, k) => {
      const z = x + 0.1 * h;
      const [f, i, g, o] = [sigmoid(z + bias), sigmoid(z), Math.tanh(z), sigmoid(z)];
      c = f * c + i * g;
      h = o * Math.tanh(c);
      return { t: k + 1, f, i, o, g, c, h };
    });
  }

  test.each([
    [0, 2, 0],
    [4, 2, -2],
    [-4, -1, 2],
    [1, 0, 0],
  ])(
    "shows that run and no other with its sliders at b_f = %i, x₁ = %i, x₂ = %i",
    async (bias, first, second) => {
      const { view } = await drawChart(english.gatePlayground(unit));
      await view.signal("forget_bias", bias).signal("input_1", first).signal("input_2", second).runAsync();
      expect(await view.toSVG()).toContain(`b_f = ${bias}, x₁ = ${first}, x₂ = ${second}`);
      const shown = view.data("data_0") as Record<string, number>[]; // Vega-Lite's name for what the panels draw
      const expected = byHand(bias, [first, second, 0, 0, 0, 0, 0, 0]);
      expect(shown).toHaveLength(expected.length);
      expected.forEach((row, k) => {
        for (const [key, value] of Object.entries(row))
          expect(Math.abs(shown[k][key] - value), `${key} at t = ${row.t}`).toBeLessThan(5.1e-4); // three decimals
      });
    },
  );

  test("stays below 300 kB", () => {
    expect(JSON.stringify(korean.gatePlayground(unit)).length).toBeLessThan(300_000);
  });

  test("takes one unit with one input feature only", () => {
    const two = { Wx, Wh, b };
    const message = "book.gatePlayground: cell.g has 2 units and 2 input features, but must have one of each";
    expect(() => english.gatePlayground({ ...unit, g: two })).toThrow(
      expect.objectContaining({ name: "RangeError", message }),
    );
  });
});

const drawingNames = ["unrolledNetwork", "rnnCell", "lstmCell", "lstmForward", "lstmBackward"] as const;
describe.each<DrawingName>(drawingNames)("drawing %s", (name) => {
  test.each([
    ["English", english],
    ["Korean", korean],
  ])("is an SVG and a PNG with its description, in %s", (_, book) => {
    const bundle = mimeBundle(book.drawing(name));
    if (bundle === null || bundle instanceof Promise) throw new Error("expected a bundle at once");
    const svg = bundle.data["image/svg+xml"] as string;
    const plain = bundle.data["text/plain"] as string;
    // resvg paints only what is well-formed.
    expect(Buffer.from(bundle.data["image/png"] as string, "base64").length).toBeLessThan(40_000);
    const description = /aria-label="([^"]+)"/.exec(svg)![1];
    expect(plain).toContain(description);
    expect(svg).toContain(`<desc>${description}</desc>`);
    expect(svg).toContain(roleColour.h);
    expect(hangul.test(svg)).toBe(book === korean);
    // Two drawings on one page must not share ids.
    expect(svg).not.toMatch(/\sid=/);
  });
});

test("the LSTM's drawing has every gate and state in its colour", () => {
  const { data } = mimeBundle(english.drawing("lstmCell")) as { data: Record<string, string> };
  for (const colour of Object.values(roleColour)) expect(data["image/svg+xml"]).toContain(colour);
});

describe("the drawings of two steps", () => {
  const written = (name: DrawingName, values: Record<string, Value>) => {
    const { data } = mimeBundle(english.drawing(name, values)) as { data: Record<string, string> };
    return data;
  };

  test("have the values where they arise, and say them", () => {
    const data = written("lstmForward", { "C₁": [0.34679, 0.64099], L: 0.88836, "x₁": [1, 2] });
    for (const shown of [">0.3468<", ">0.6410<", ">L = 0.8884<", ">[1, 2]<"])
      expect(data["image/svg+xml"]).toContain(shown);
    expect(data["text/plain"]).toContain("The values: x₁ = [1, 2], C₁ = [0.3468, 0.6410], L = 0.8884.");
  });

  test("have gradients on the way back, negative ones with a minus sign", () => {
    const data = written("lstmBackward", { "∂z_f₂": [-0.0034, 0.0012], "∂C₁": [0.0395, 0.0258] });
    for (const shown of [">−0.0034<", ">0.0012<", ">∂C₁ = [0.0395, 0.0258]<"])
      expect(data["image/svg+xml"]).toContain(shown);
    expect(data["text/plain"]).toContain("∂z_f₂ = [−0.0034, 0.0012]");
  });

  test("name their symbols if a value is none of them", () => {
    expect(() => written("lstmForward", { "h₃": [1, 2] })).toThrow(/name is "h₃", but must be one of x₁, x₂/);
    expect(() => written("lstmBackward", { "x₁": [1, 2] })).toThrow(
      /but must be one of C|but must be one of ∂/,
    );
  });
});

test("a drawing is dark on a dark page only, and its PNG is light", () => {
  const bundle = mimeBundle(english.drawing("rnnCell")) as { data: Record<string, string> };
  expect(bundle.data["image/svg+xml"]).toContain("@media (prefers-color-scheme: dark)");
  const { pixels } = new Resvg(bundle.data["image/svg+xml"]).render();
  expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255]);
});

test("an unknown drawing is an error that names those there are", () => {
  expect(() => english.drawing("gru" as DrawingName)).toThrow("unrolledNetwork");
});

const parameterCount = ({ parameters }: RNN | LSTM) =>
  JSON.stringify(parameters).match(/[\d.]+(?:e-\d+)?/g)!.length;
const golden = rnn.deck_vanishing_tanh;

// Worked out by numpy, from the golden vectors, or by counting a layer's numbers.
test.each<[string, number | number[]]>([
  ["01-1", golden.h[0]],
  ["01-2", [0.2327267340240497, 0.2327267340240497]],
  ["01-3", parameterCount(new RNN({ inputSize: 3, hiddenSize: 5 }))],
  ["01-4", 0.7115777625872228],
  ["04-1", 0.5986876601124521],
  ["04-2", -0.3],
  ["04-3", 0.4168273035060777],
  ["04-4", 2.1972245773362196],
  ["04-5", parameterCount(new LSTM({ inputSize: 2, hiddenSize: 2 }))],
])("exercise %s expects what an independent computation gives", (id, expected) => {
  const exercise = exercises.find((candidate) => candidate.id === id)!;
  if (exercise.kind !== "numeric") throw new Error(`${id} is ${exercise.kind}`);
  const numbers = (value: number | number[] | number[][]) => components(value).map((one) => one.value);
  const asked = numbers(force(exercise.expected));
  expect(asked).toHaveLength(numbers(expected).length);
  asked.forEach((value, k) => {
    expect(value).toBeCloseTo(numbers(expected)[k], 12);
  });
});
