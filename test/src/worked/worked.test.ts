// Worked solutions: the deck's slides, the golden vectors, the library and 64-digit arithmetic agree with
// them, and every block they show is LaTeX.

import katex from "katex";
import { all, create } from "mathjs";
import { describe, expect, test } from "vitest";
import { lectureSlides } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import { components } from "../../../notebooks/workbook/lecture/quantity.js";
import type { Shaped, Value } from "../../../notebooks/workbook/lecture/quantity.js";
import { reconstructedSlides } from "../../../notebooks/workbook/lecture/reconstructed_slides.js";
import type { Matrix, Sample, Vector, WorkedLstmNetwork, WorkedSolution } from "../../../src/index.js";
import { Dense, LSTM, RNN, SequenceClassifier, SGD, workedLstm, workedRnn } from "../../../src/index.js";
import { arithmetic, definitions } from "../../../src/worked/arithmetic.js";
import { slopes } from "../../../src/worked/derivatives.js";
import { compare, vectorFile } from "../slides/golden.js";
import { b, by, forward, gradients, weights, Wh, Why, Wx, x, y } from "../slides/oracle.js";

const deck = { Wx, Wh, b, Why, by, x, y };
const any = (value: unknown) => value as never;
const solved = await workedLstm(deck);

/**
 * The worked quantity that a slide calls by this name: f₁=i₁=o₁ are three, the rows of a product one matrix.
 */
function onSlide<T>(name: string, of: (name: string) => T): T[] {
  const row = /^W_hy\[(\d),:\]⊙h₂$/.exec(name);
  if (row) return [(of("W_hy⊙h₂") as T[])[Number(row[1]) - 1]];
  if (name === "log ŷ₁") return [(of("log ŷ") as T[])[0]];
  if (name.startsWith("∂C_next")) return [of("∂C_next(1)")];
  const names = name.replace("·", " ").split(" = ")[0].split("=");
  return names.map(of);
}

const flat = <T>(value: Shaped<T>) => components(value).map((component) => component.value);

function close(name: string, computed: Value, exact: Value): void {
  const [got, expected] = [flat(computed), flat(exact)];
  expect(got, name).toHaveLength(expected.length);
  got.forEach((value, k) => {
    expect(Math.abs(value - expected[k]), `${name} [${k}]`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(expected[k])),
    );
  });
}

const display = (solution: WorkedSolution) =>
  (solution as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

function renders(solution: WorkedSolution): number {
  const blocks = solution.steps.flatMap((step) => step.tex);
  for (const tex of blocks)
    katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: "error" });
  return blocks.length;
}

describe("the worked deck", () => {
  test.each(lectureSlides)(
    "has the exact $name of slide $slide, and prints it so where the slide's matches",
    (quantity) => {
      for (const value of onSlide(quantity.name, solved.value)) close(quantity.name, value, quantity.exact);
      const [printed, verdict] = [flat(quantity.printed), flat(quantity.verdict)];
      for (const value of onSlide(quantity.name, solved.printed)) {
        flat(value as Shaped<string>).forEach((text, k) => {
          if (verdict[k] === "matches") expect(text).toBe(printed[k]);
        });
      }
    },
  );

  test("has each quantity in a step of its slide", () => {
    for (const { slide, name } of lectureSlides) {
      const shown = solved
        .slide(slide)
        .steps.flatMap(({ text }) => text)
        .join("\n");
      const target = name.replace("·", " ").split(" = ")[0].split("=")[0];
      if (!/⊙|·|^W_\S+ h|^W_\S+ x|log|C_next/.test(name)) expect(shown, name).toContain(`${target} = `);
    }
  });

  test("has all 155 numbers of decimal arithmetic when rounded as with a pocket calculator", async () => {
    const { quantities } = vectorFile<{ quantities: { name: string; rounded: Shaped<string> }[] }>(
      "deck_rounded_vectors",
    );
    const solution = await workedLstm(deck, { rounding: "slide" });
    for (const { name, rounded } of quantities) {
      for (const printed of onSlide(name, solution.printed))
        expect(flat(printed as Shaped<string>), name).toEqual(flat(rounded));
    }
    const printed = lectureSlides.flatMap((quantity) => flat(quantity.printed));
    const rounded = quantities.flatMap((quantity) => flat(quantity.rounded));
    expect(printed.filter((text, k) => Number(text) === Number(rounded[k]))).toHaveLength(101);
  });

  test("sets slide 40 as on the slide: formula, numbers put in, terms, result", async () => {
    const { steps } = (await workedLstm(deck)).slide(40);
    expect(steps.map(({ title, t }) => ({ title, t }))).toEqual([
      { title: "Candidate, cell state, output gate", t: 2 },
    ]);
    const column = (a: string, b: string) => `\\begin{pmatrix}${a} \\\\ ${b}\\end{pmatrix}`;
    const [f, C, i, g] = [
      ["0.7327", "0.8946"],
      ["0.3467", "0.6407"],
      ["0.7327", "0.8946"],
      ["0.7651", "0.9726"],
    ].map(([a, b]) => column(a, b));
    expect(steps[0].tex[1].replace(/\s+/g, " ")).toBe(
      [
        "\\begin{aligned} C_{2} &= f_{2} \\odot C_{1} + i_{2} \\odot \\tilde C_{2}",
        `&= ${f} \\odot ${C} + ${i} \\odot ${g}`,
        `&= ${column("0.2541", "0.5731")} + ${column("0.5606", "0.8701")}`,
        `&= ${column("0.8147", "1.4432")} \\end{aligned}`,
      ].join(" \\\\[4pt] "),
    );
    expect(steps[0].text[1]).toBe("C₂ = f₂⊙C₁ + i₂⊙C̃₂ = (0.8147, 1.4432)");
  });

  test("has the numbers of the reconstructed slides 13–18 as an RNN", async () => {
    const small = [
      [0.1, 0.1],
      [0.1, 0.1],
    ];
    const solution = await workedRnn({ ...deck, Wh: small });
    const worked = reconstructedSlides.filter(({ slide }) => slide < 19);
    expect(worked.length).toBeGreaterThan(20);
    for (const { name, exact } of worked) {
      for (const value of onSlide(name, solution.value)) close(name, value, exact);
    }
    expect(display(solution.slide(14))["text/markdown"]).toContain("(slide 14, reconstruction)");
  });
});

interface Cell {
  Wx: Matrix;
  Wh: Matrix;
  b: Vector;
}
type GateFile = Record<"f" | "i" | "c" | "o", Cell>;
type Head = Pick<WorkedLstmNetwork, "Why" | "by" | "x" | "y" | "h0" | "c0">;

const asymmetric = () => {
  const { params, Why, by, x, y, h0, c0, ...exact } = vectorFile<
    Head & { params: GateFile; grads: GateFile; dz: Record<string, Matrix> } & Record<
        "C" | "h" | "dh" | "dc",
        Matrix
      > & { loss: number; dWhy: Matrix; dby: Vector; dh0: Vector; dc0: Vector }
  >("asymmetric_vector");
  const { f, i, c: g, o } = params;
  return { network: { f, i, g, o, Why, by, x, y, h0, c0 }, exact };
};

describe("a worked solution and the golden vectors", () => {
  test("agree for untied gates over three steps with a loss at each, where nothing cancels", async () => {
    const { network, exact } = asymmetric();
    const { value } = await workedLstm(network);
    const sub = (t: number) => "₀₁₂₃"[t];
    const each = (write: (t: number) => string) => [1, 2, 3].map((t) => value(write(t)));
    const cell = (gate: string) => ({
      Wx: value(`∂W_x${gate}`),
      Wh: value(`∂W_h${gate}`),
      b: value(`∂b_${gate}`),
    });
    const computed = {
      loss: value("Loss"),
      C: each((t) => `C${sub(t)}`),
      h: each((t) => `h${sub(t)}`),
      grads: { f: cell("f"), i: cell("i"), c: cell("c"), o: cell("o") },
      dWhy: value("∂L/∂W_hy"),
      dby: value("∂L/∂b_y"),
      dh: each((t) => `∂h${sub(t)}`),
      dc: each((t) => `∂C${sub(t)}`),
      dz: Object.fromEntries(["f", "i", "c", "o"].map((gate) => [gate, each((t) => `∂z_${gate}${sub(t)}`)])),
      dh0: value("∂h₀"),
      dc0: value("∂C₀"),
    };
    const { dx, note, ...expected } = exact as typeof exact & { dx: unknown; note: unknown };
    expect([dx, note].every(Boolean)).toBe(true);
    expect(compare("asymmetric", any(computed), any(expected))).toBeGreaterThan(150);
  });

  test("agree for the untied deck, where each gate is updated by its own gradient", async () => {
    const { updated } = vectorFile<{ updated: GateFile }>("deck_untied_vectors");
    const { value } = await workedLstm({ ...deck, tiedGates: false });
    for (const gate of ["f", "i", "c", "o"] as const) {
      close(gate, value(`W_x${gate} new`), updated[gate].Wx);
      close(gate, value(`W_h${gate} new`), updated[gate].Wh);
      close(gate, value(`b_${gate} new`), updated[gate].b);
    }
  });

  const rnnCases = Object.entries(vectorFile<Record<string, Record<string, Value>>>("rnn_vectors")).filter(
    ([, file]) => typeof file === "object",
  );
  test.each(rnnCases)("agree for the RNN of %s", async (name, file) => {
    const nonlinearity = name === "deck_exploding_linear" ? "identity" : "tanh";
    const pick = <T>(key: string) => (file[key] ?? deck[key as keyof typeof deck]) as T;
    const { value } = await workedRnn({
      Wx: pick("Wx"),
      Wh: pick("Wh"),
      b: pick("b"),
      Why: pick("Why"),
      by: pick("by"),
      x: pick("x"),
      y: pick("y"),
      ...(file.h0 && { h0: pick<Vector>("h0") }),
      nonlinearity,
    });
    close("loss", value("Loss"), file.loss);
    close("∂h₀", value("∂h₀"), file.dh0);
    (file.dh as Matrix).forEach((dh, k) => close(`∂h ${k}`, value(`∂h${"₁₂₃₄"[k]}`), dh));
    close("∂W_x", value("∂W_x"), file.dWx);
    close("∂W_h", value("∂W_h"), file.dWh);
    close("∂b", value("∂b"), file.db);
    close("∂L/∂W_hy", value("∂L/∂W_hy"), file.dWhy);
    close("∂L/∂b_y", value("∂L/∂b_y"), file.dby);
  });
});

describe("a worked solution and the library", () => {
  const classifier = <L extends LSTM<boolean> | RNN>(layer: L, outputSize: number) =>
    new SequenceClassifier<L>({
      layer,
      head: new Dense({ inputSize: layer.hiddenSize, outputSize, seed: 3 }),
    });
  const sequence = (steps: number, inputSize: number): Matrix =>
    Array.from({ length: steps }, (_, t) =>
      Array.from({ length: inputSize }, (_, j) => Math.sin(3 * t + j + 1)),
    );
  const headOf = ({ head }: SequenceClassifier) => ({ Why: head.parameters.W, by: head.parameters.b });

  test.each([
    { I: 1, H: 1, K: 2, T: 1, y: [0, 1] },
    { I: 3, H: 4, K: 3, T: 5, y: [0.2, 0.5, 0.3] },
    { I: 2, H: 3, K: 2, T: 3, y: [[1, 0], null, [0, 1]] },
    { I: 2, H: 3, K: 2, T: 4, y: [null, [0, 1], null, null] },
    { I: 2, H: 2, K: 2, T: 2, y: [2, 0.5] },
  ])("agree for an LSTM, tied and untied, with I $I, H $H, K $K, T $T, y $y", async ({ I, H, K, T, y }) => {
    for (const tiedGates of [true, false]) {
      const layer = new LSTM<boolean>({ inputSize: I, hiddenSize: H, tiedGates, seed: 5 });
      const model = classifier(layer, K);
      const sample: Sample = { x: sequence(T, I), y };
      const { loss, gradients } = model.lossAndGradients(sample);
      const before = structuredClone(model.parameters);
      new SGD(model, { lr: 0.25 }).step(gradients);
      const solution = await workedLstm(
        any({ ...before.layer, Why: before.head.W, by: before.head.b, ...sample, learningRate: 0.25 }),
      );
      close("Loss", solution.value("Loss"), loss);
      const parts = (tiedGates ? { "": model.parameters.layer } : model.parameters.layer) as Record<
        string,
        Cell
      >;
      for (const [gate, { Wx, Wh, b }] of Object.entries(parts)) {
        const mark = gate.replace("g", "c");
        close("W_x new", solution.value(`W_x${mark} new`), Wx);
        close("W_h new", solution.value(`W_h${mark} new`), Wh);
        close("b new", solution.value(`b${mark && `_${mark}`} new`), b);
      }
      close("W_hy new", solution.value("W_hy new"), model.parameters.head.W);
      close("b_y new", solution.value("b_y new"), model.parameters.head.b);
      expect(renders(solution)).toBeGreaterThan(20);
    }
  });

  test.each(["tanh", "relu", "identity"] as const)("agree for an RNN with %s", async (nonlinearity) => {
    const layer = new RNN({ inputSize: 2, hiddenSize: 5, nonlinearity, seed: 2 });
    const model = classifier(layer, 3);
    const sample = { x: sequence(4, 2), y: [0, 0, 1] };
    const { loss, gradients } = model.lossAndGradients(sample);
    const solution = await workedRnn({ ...layer.parameters, ...headOf(model), ...sample, nonlinearity });
    close("Loss", solution.value("Loss"), loss);
    close("∂W_x", solution.value("∂W_x"), gradients.layer.Wx);
    close("∂W_h", solution.value("∂W_h"), gradients.layer.Wh);
    close("∂b", solution.value("∂b"), gradients.layer.b);
    close("∂L/∂W_hy", solution.value("∂L/∂W_hy"), gradients.head.W);
    expect(renders(solution)).toBeGreaterThan(20);
  });

  test("agree for logits that overflow e^z in float64", async () => {
    const network = { ...deck, by: [1000, -1000], y: [0, 1] };
    const { value, printed } = await workedLstm(network);
    const layer = new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true });
    layer.setParameters({ Wx, Wh, b });
    const head = new Dense({ inputSize: 2, outputSize: 2 });
    head.setParameters({ W: Why, b: network.by });
    close("Loss", value("Loss"), new SequenceClassifier({ layer, head }).loss({ x, y: network.y }));
    expect(printed("e^logit")).toEqual([
      expect.stringMatching(/e\+434$/),
      expect.stringMatching(/e-435$|e-434$/),
    ]);
  });
});

describe("the precision of a worked solution", () => {
  test("gives 30 digits of 64-digit arithmetic, without float64", async () => {
    const { printed, value } = await workedLstm(deck, { precision: 30 });
    const exact = forward(weights, x);
    const fixed = (numbers: { toFixed(digits: number): string }[]) =>
      numbers.map((number) => number.toFixed(30));
    expect(printed("h₂")).toEqual(fixed(exact.states[1].h));
    expect(printed("C₂")).toEqual(fixed(exact.states[1].c));
    expect(printed("ŷ")).toEqual(fixed(exact.probabilities));
    expect(printed("Loss")).toBe(exact.loss.toFixed(30));
    const names = ["∂W_x", "∂W_h", "∂b", "∂L/∂W_hy", "∂L/∂b_y"];
    expect(names.flatMap((name) => flat(printed(name)))).toEqual(fixed(gradients()));
    expect(printed("h₂")).not.toEqual((value("h₂") as Vector).map((number) => number.toFixed(30)));
  });

  test.each([1, 4, 12, 13, 60])("shows %i digits after the point", async (precision) => {
    const { printed } = await workedLstm(deck, { precision });
    expect(printed("h₁")).toEqual(forward(weights, x).states[0].h.map((h) => h.toFixed(precision)));
  });

  test("writes a gradient too small for its digits with a power of ten, but not a true zero", async () => {
    const solution = await workedRnn({
      ...deck,
      Wh: [
        [0.1, 0.1],
        [0.1, 0.1],
      ],
      x: Array.from({ length: 9 }, () => [1, 2]),
    });
    expect(solution.printed("∂h₁")).toEqual([
      expect.stringMatching(/^\d\.\d\de-\d+$/),
      expect.stringMatching(/^\d\.\d\de-\d+$/),
    ]);
    expect(solution.printed("∂W_h(1)")).toEqual([
      ["0.0000", "0.0000"],
      ["0.0000", "0.0000"],
    ]);
    expect(
      solution
        .backward(1)
        .steps.flatMap(({ tex }) => tex)
        .join(""),
    ).toMatch(/\d\.\d\d \\cdot 10\^\{-\d+\}/);
  });
});

describe("the derivatives of the text", () => {
  const math = create(all);
  const value = { sigma: (z: number) => 1 / (1 + Math.exp(-z)), tanh: Math.tanh };

  test.each(["sigma", "tanh"] as const)("have the slope of %s that mathjs derives", (name) => {
    const derivative = math.derivative(definitions[name], "z");
    for (const z of [-3, -0.7, 0, 0.4, 1.2, 5]) {
      const slope = math.evaluate(slopes[name], { s: value[name](z) }) as number;
      expect(slope).toBeCloseTo(derivative.evaluate({ z }) as number, 12);
    }
  });

  test("have σ′ = σ(1 − σ) as the same rational function of u = e^{−z}", () => {
    const u = (text: string) => text.replaceAll("exp(-z)", "u");
    const derivative = u(math.derivative(definitions.sigma, "z").toString());
    const slope = (of: string) => of.replaceAll("s", `(${u(definitions.sigma)})`);
    const canonical = (text: string) => math.rationalize(text).toString();
    expect(derivative).toMatch(/^[^z]*u[^z]*$/);
    expect(canonical(slope(slopes.sigma))).toBe(canonical(derivative));
    expect(canonical(slope("s * (2 - s)"))).not.toBe(canonical(derivative));
  });

  test("stand once, before the first gate's gradient", () => {
    const stated = solved.steps.filter(({ tex }) => tex.some((block) => block.includes("\\frac{d}{dz}")));
    expect(stated.map(({ slide }) => slide)).toEqual([46]);
    expect(stated[0].tex).toHaveLength(4);
    expect(stated[0].tex[0]).toContain("\\sigma'(z)");
  });
});

describe("a worked solution", () => {
  test.each(["en", "ko"] as const)("has blocks of LaTeX and titles in %s", async (language) => {
    const { network } = asymmetric();
    for (const options of [
      { language },
      { language, precision: 30 },
      { language, rounding: "slide" as const },
    ]) {
      const tied = await workedLstm(deck, options);
      expect(renders(tied)).toBeGreaterThan(60);
      expect(renders(await workedLstm(network, options))).toBeGreaterThan(120);
      expect(renders(await workedRnn({ ...deck, nonlinearity: "relu" }, options))).toBeGreaterThan(25);
      for (const { title } of tied.steps) expect(/[가-힣]/.test(title)).toBe(language === "ko");
    }
  });

  test("gives its parts by direction, time step and slide", () => {
    const slides = (part: WorkedSolution) => [...new Set(part.steps.map(({ slide }) => slide))];
    expect(slides(solved.forward())).toEqual([36, 37, 38, 39, 40, 41, 42, 43]);
    expect(slides(solved.forward(1))).toEqual([36, 37, 38]);
    expect(slides(solved.backward(2))).toEqual([44, 45, 46, 47, 48, 49, 50, 51, 52]);
    expect(slides(solved.backward(1))).toEqual([53, 54, 55, 56, undefined]);
    expect(slides(solved.update())).toEqual([58, 59]);
    expect(slides(solved.slide(53, 58))).toEqual([53, 58]);
    expect(solved.slide(40).value("∂C₁")).toEqual(solved.value("∂C₁"));
    expect(() => solved.slide(35)).toThrow(
      "workedLstm: slide 35 has no step, but must have one; the slides are 36, 37",
    );
    expect(() => solved.value("∂C₃")).toThrow('workedLstm: quantity "∂C₃" is unknown, but must be one of');
  });

  test("shows itself in Jupyter as Markdown with LaTeX, in a terminal as lines of text", async () => {
    const bundle = display((await workedLstm(deck, { language: "ko" })).slide(38));
    expect(bundle["text/markdown"]).toMatch(
      /^\*\*은닉 상태, t = 1\*\* \(슬라이드 38\)\n\n\$\$\n\\begin\{aligned\}/,
    );
    expect(bundle["text/plain"]).toBe(
      "은닉 상태, t = 1 (슬라이드 38)\n  tanh(C₁) = (0.3335, 0.5654)\n  h₁ = o₁⊙tanh(C₁) = (0.2153, 0.4345)",
    );
  });

  test("shortens large matrices and breaks long sums into lines", async () => {
    const n = 12;
    const matrix = Array.from({ length: n }, (_, r) =>
      Array.from({ length: n }, (_, c) => Math.sin(r * n + c)),
    );
    const network = {
      Wx: matrix,
      Wh: matrix,
      b: matrix[0],
      Why: matrix,
      by: matrix[1],
      x: [matrix[2]],
      y: matrix[3],
    };
    const solution = await workedLstm(network);
    const [z] = solution.slide(36).steps[0].tex;
    expect(z).toContain("\\cdots");
    expect(z).toContain("\\vdots");
    expect(z).toContain("\\quad {} +");
    expect(renders(solution)).toBeGreaterThan(30);
  });
});

test.each(["en", "ko"] as const)("%s: of many time steps each is folded, of few none", async (language) => {
  const long = await workedLstm({ ...deck, x: Array.from({ length: 6 }, () => x[0]) }, { language });
  const shown = display(long)["text/markdown"];
  const summaries = [...shown.matchAll(/<details><summary>(.*?)<\/summary>\n\n\*\*/g)].map(
    ([, said]) => said,
  );
  expect(summaries).toHaveLength(shown.split("</details>").length - 1);
  expect(summaries[0]).toBe(language === "en" ? "Forward pass, t = 1" : "순전파, t = 1");
  for (const t of [1, 2, 3, 4, 5, 6])
    expect(summaries.filter((said) => said.endsWith(`t = ${t}`)).length).toBeGreaterThanOrEqual(2);
  expect(display(long.forward(2))["text/markdown"]).not.toContain("<details>");
  expect(display(solved)["text/markdown"]).not.toContain("<details>");
});

test("inputs far in the saturation of tanh are worked out too, in time", async () => {
  const solution = await workedLstm({ ...deck, x: [[1e15, 2], x[1]] });
  expect(solution.printed("z₁")).toEqual(["1.00e+14", "3.00e+14"]);
  expect(solution.printed("C₁")).toEqual(["1.0000", "1.0000"]);
  const negative = await workedRnn({ ...deck, x: [[-1e15, 2], x[1]] }, { precision: 30 });
  expect(negative.value("h₁")).toEqual([-1, -1]);
});

test("a large argument of tanh keeps all its digits", () => {
  const { functions, given } = arithmetic(100);
  const big = create(all, { number: "BigNumber", precision: 140 });
  for (const z of ["19", "21.5", "-21.5", "80"]) {
    const found = String(functions.tanh(given(Number(z))));
    const expected = big.tanh(big.bignumber(z)).toSignificantDigits(95).toString();
    expect(found.slice(0, 95)).toBe(expected.slice(0, 95));
  }
});

const rejected: [message: string, call: () => Promise<unknown>][] = [
  [
    "workedLstm: Wx is a matrix [1, 2], but must be a matrix [2, 2]",
    () => workedLstm({ ...deck, Wx: [[1, 2]] }),
  ],
  [
    "workedLstm: Why is a matrix [2, 1], but must be a matrix [2, 2]",
    () => workedLstm({ ...deck, Why: [[1], [2]] }),
  ],
  [
    "workedLstm: x has 3 features at t = 2, but inputSize is 2",
    () =>
      workedLstm({
        ...deck,
        x: [
          [1, 2],
          [1, 2, 3],
        ],
      }),
  ],
  ["workedLstm: x has no time steps, but needs at least one", () => workedLstm({ ...deck, x: [] })],
  ["workedLstm: y has 3 elements at t = 2, but by has 2", () => workedLstm({ ...deck, y: [1, 0, 0] })],
  [
    "workedLstm: y has no target at any step, but needs at least one",
    () => workedLstm({ ...deck, y: [null, null] }),
  ],
  ["workedLstm: h0 has 1 elements, but b has 2", () => workedLstm({ ...deck, h0: [1] })],
  ["workedLstm: c0 contains Infinity, but must be finite", () => workedLstm({ ...deck, c0: [1, Infinity] })],
  [
    "workedLstm: Wh contains NaN, but must be finite",
    () =>
      workedLstm({
        ...deck,
        Wh: [
          [NaN, 1],
          [1, 1],
        ],
      }),
  ],
  ["workedLstm: b is undefined, but must be a vector", () => workedLstm(any({ ...deck, b: undefined }))],
  [
    'workedLstm: option "eta" is unknown, but must be one of Wx, Wh, b',
    () => workedLstm(any({ ...deck, eta: 1 })),
  ],
  ["workedLstm: the options are undefined, but must be an object", () => workedLstm(any(undefined))],
  [
    "workedLstm: learningRate is 0, but must be a positive number",
    () => workedLstm({ ...deck, learningRate: 0 }),
  ],
  [
    'workedLstm: tiedGates is "yes", but must be true or false',
    () => workedLstm(any({ ...deck, tiedGates: "yes" })),
  ],
  [
    "workedLstm: tiedGates is true, but must be false where",
    () => workedLstm(any({ ...asymmetric().network, tiedGates: true })),
  ],
  [
    "workedLstm: precision is 0, but must be an integer from 1 to 60",
    () => workedLstm(deck, { precision: 0 }),
  ],
  ["workedLstm: precision is 61, but must be", () => workedLstm(deck, { precision: 61 })],
  ["workedLstm: precision is 2.5, but must be", () => workedLstm(deck, { precision: 2.5 })],
  [
    'workedLstm: rounding is "up", but must be "exact" or "slide"',
    () => workedLstm(deck, any({ rounding: "up" })),
  ],
  ['workedLstm: language is "de", but must be "en" or "ko"', () => workedLstm(deck, any({ language: "de" }))],
  [
    'workedLstm: option "digits" is unknown, but must be one of language, precision, rounding',
    () => workedLstm(deck, any({ digits: 3 })),
  ],
  [
    'workedRnn: nonlinearity is "sin", but must be "tanh", "relu" or "identity"',
    () => workedRnn(any({ ...deck, nonlinearity: "sin" })),
  ],
  [
    "workedLstm: log ŷ is (-Infinity, 0.0), but must be finite; precision is too small",
    () => workedLstm({ ...deck, by: [-9, 9] }, { precision: 1, rounding: "slide" }),
  ],
  ['workedRnn: option "c0" is unknown', () => workedRnn(any({ ...deck, c0: [0, 0] }))],
  [
    "workedRnn: e^logit is ",
    () =>
      workedRnn({
        ...deck,
        nonlinearity: "identity",
        Wh: [
          [1e9, 0],
          [0, 1e9],
        ],
        x: Array.from({ length: 4 }, () => [1, 2]),
      }),
  ],
];

test.each(rejected)("a wrong network or option is refused with %s", async (message, call) => {
  await expect(call()).rejects.toThrow(message);
});
