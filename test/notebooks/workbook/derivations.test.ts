// The derivations of notebook 09: symbolic results against the library and against finite differences at
// random points, lines that are wrong told from lines that are right, LaTeX that KaTeX can read, and charts
// whose sliders compute.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import katex from "katex";
import { View, parse } from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readSource } from "../../../notebooks/tooling/generate.js";
import { exercises09 } from "../../../notebooks/workbook/exercises/09.js";
import { workbook } from "../../../notebooks/workbook/index.js";
import type { Chart, DerivativeOptions, Displayable } from "../../../notebooks/workbook/index.js";
import { differentiate } from "../../../notebooks/workbook/symbolic.js";
import { jupyterDisplay } from "../../../notebooks/workbook/table.js";
import {
  numericalGradient,
  sigmoid,
  sigmoidPrime,
  softmax,
  softmaxCrossEntropy,
  tanh,
  tanhPrime,
} from "../../../src/index.js";

const softmaxOf = (classes: number) => {
  const numbers = Array.from({ length: classes }, (_, k) => k + 1);
  return {
    S: numbers.map((k) => `exp(z_${k})`).join(" + "),
    ...Object.fromEntries(numbers.map((k) => [`yhat_${k}`, `exp(z_${k}) / S`])),
  };
};
const named = (letter: string, values: number[]) =>
  Object.fromEntries(values.map((value, k) => [`${letter}_${k + 1}`, value]));

const logits = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 });
const unit = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const few = { numRuns: 10, seed: 9 };

describe("a symbolic derivative agrees with the library at random points", () => {
  test("for both cases of softmax (slides 63 and 64)", () => {
    fc.assert(
      fc.property(logits, fc.nat(2), fc.nat(2), (z, i, j) => {
        const p = softmax(z);
        const { value, numeric, rule, simplified, steps } = differentiate(`yhat_${i + 1}`, `z_${j + 1}`, {
          at: named("z", z),
          where: softmaxOf(3),
          steps: [i === j ? `yhat_${j + 1} * (1 - yhat_${j + 1})` : `-yhat_${i + 1} * yhat_${j + 1}`],
        });
        expect(value).toBeCloseTo(i === j ? p[j] * (1 - p[j]) : -p[i] * p[j], 12);
        expect(numeric).toBeCloseTo(numericalGradient((v) => softmax(v)[i], z)[j], 9);
        expect([rule, simplified, ...steps].map(({ equal }) => equal)).toEqual([true, true, true]);
      }),
      few,
    );
  });

  test("for the cross-entropy of softmax (slides 65 and 66)", () => {
    fc.assert(
      fc.property(logits, unit, unit, fc.nat(2), (z, a, b, j) => {
        const y = [a * b, a * (1 - b), 1 - a];
        const formula = "-y_1 * log(yhat_1) - y_2 * log(yhat_2) - y_3 * log(yhat_3)";
        const { value, rule, steps } = differentiate(formula, `z_${j + 1}`, {
          at: { ...named("z", z), y_1: y[0], y_2: y[1] },
          where: { ...softmaxOf(3), y_3: "1 - y_1 - y_2" },
          steps: [`yhat_${j + 1} - y_${j + 1}`],
        });
        expect(value).toBeCloseTo(softmaxCrossEntropy(z, y).dlogits[j], 11);
        expect([rule.equal, steps[0].equal]).toEqual([true, true]);
      }),
      few,
    );
  });

  test("for the slopes of sigmoid and tanh", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (z) => {
        const at = { z };
        expect(differentiate("1 / (1 + exp(-z))", "z", { at }).value).toBeCloseTo(
          sigmoidPrime(sigmoid(z)),
          12,
        );
        expect(differentiate("tanh(z)", "z", { at }).value).toBeCloseTo(tanhPrime(tanh(z)), 12);
      }),
      few,
    );
  });

  test("for a product of everything the notebook uses, by finite differences", () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 4, maxLength: 4 }), ([f, C, i, g]) => {
        const at = { f_t: f, C_prev: C, i_t: i, ctilde_t: g };
        const { rule, simplified } = differentiate(
          "tanh(f_t * C_prev + i_t * ctilde_t) / (1 + exp(-C_prev)) - log(C_prev) * C_prev^3",
          "C_prev",
          { at },
        );
        expect([rule.equal, simplified.equal]).toEqual([true, true]);
      }),
      few,
    );
  });
});

const deck = { z_1: 0.4385, z_2: 0.7971 };
const two = softmaxOf(2);

describe("differentiate", () => {
  test("shows the quotient rule as slides 63 and 64 write it", () => {
    const by = (variable: string) => differentiate("yhat_1", variable, { at: deck, where: two });
    expect(by("z_1").rule.formula).toBe("(exp(z_1) * S - exp(z_1) * exp(z_1)) / S ^ 2");
    expect(by("z_2").rule.formula).toBe("-exp(z_1) * exp(z_2) / S ^ 2");
    expect(by("z_1").value).toBeCloseTo(0.2421, 4);
  });

  test.each([
    ["-y_1 * log(z) - y_2 * log(y_1)", "-y_1 / z"],
    ["1 / (1 + exp(-z))", "exp(-z) / (1 + exp(-z)) ^ 2"],
    ["y_1 - z", "-1"],
    ["y_1 * z + y_2", "y_1"],
    ["(y_1 + y_2) / y_1", "0"],
  ])("leaves no trace of factors 1 and terms 0 in the derivative of %s", (formula, expected) => {
    const { rule } = differentiate(formula, "z", { at: { z: 0.6, y_1: 0.3, y_2: 0.7 } });
    expect([rule.formula, rule.equal]).toEqual([expected, true]);
  });

  test("leaves 0 where the variable does not occur, and h_j where it does (slides 67 and 68)", () => {
    const at = { W_11: 0.2, W_12: 0.3, W_21: 0.4, W_22: 0.5, h_1: 0.4926, h_2: 0.8001, b_1: 0.1, b_2: 0.2 };
    expect(differentiate("W_11 * h_1 + W_12 * h_2 + b_1", "W_12", { at }).rule.formula).toBe("h_2");
    expect(differentiate("W_21 * h_1 + W_22 * h_2 + b_2", "W_12", { at }).rule.formula).toBe("0");
  });

  test.each([
    ["a sign", "-yhat_1 * (1 - yhat_1)"],
    ["a missing factor", "1 - yhat_1"],
    ["a slope that is the tanh's", "1 - yhat_1^2"],
    ["something a millionth off", "yhat_1 * (1 - yhat_1) * 1.000001"],
  ])("finds %s wrong", (_, step) => {
    const { steps } = differentiate("yhat_1", "z_1", { at: deck, where: two, steps: [step] });
    expect(steps[0].equal).toBe(false);
  });

  test("is not deceived by a line that agrees at the given point only", () => {
    const formula = "-y_1 * log(yhat_1) - y_2 * log(yhat_2)";
    const { steps, value } = differentiate(formula, "z_1", {
      at: { ...deck, y_1: 1, y_2: 0 },
      where: two,
      steps: ["yhat_1 - y_1", "-y_1 + yhat_1 * (y_1 + y_2)"],
    });
    expect(steps[0].value).toBeCloseTo(value, 12);
    expect(steps.map(({ equal }) => equal)).toEqual([false, true]);
  });

  test("lists only the abbreviations and coordinates that matter", () => {
    const { where, at } = differentiate("yhat_1", "z_1", { at: { ...deck, b: 3 }, where: two });
    expect(where.map(({ name }) => name)).toEqual(["S", "yhat_1"]);
    expect(at.map(({ name }) => name)).toEqual(["z_1", "z_2"]);
  });

  test.each<[string, string, string, DerivativeOptions, string]>([
    [
      "a formula it cannot read",
      "exp(z",
      "z",
      { at: { z: 1 } },
      'formula is "exp(z", but must be what mathjs can read',
    ],
    ["a step it cannot read", "z", "z", { at: { z: 1 }, steps: ["1 +"] }, 'steps[0] is "1 +"'],
    ["a variable without a value", "z", "x", { at: { z: 1 } }, 'variable is "x", but must be one of at: z'],
    [
      "a name without a value",
      "a * z",
      "z",
      { at: { z: 1 } },
      'at has no value of "a", but must have one: it has z',
    ],
    ["NaN", "z", "z", { at: { z: NaN } }, "at.z is NaN, but must be finite"],
    ["a name with two meanings", "z", "z", { at: { z: 1 }, where: { z: "2" } }, '"z" stands in both'],
    [
      "a circle",
      "a",
      "z",
      { at: { z: 1 }, where: { a: "b", b: "a" } },
      "where goes a → b → a, but must not go in a circle",
    ],
    ["a point outside the domain", "log(z)", "z", { at: { z: 0 } }, "the point"],
    ["what has no derivative", "floor(z)", "z", { at: { z: 1 } }, "cannot differentiate"],
  ])("refuses %s", (_, formula, variable, options, message) => {
    expect(() => differentiate(formula, variable, options)).toThrow(message);
  });
});

const shown = (value: Displayable) => value[jupyterDisplay]();
const languages = ["en", "ko"] as const;

describe.each(languages)("book.derivative in %s", (language) => {
  const book = workbook("09", language);
  const wholeNetwork = {
    z_1: "W_11 * h_1 + W_12 * h_2 + b_1",
    z_2: "W_21 * h_1 + W_22 * h_2 + b_2",
    ...two,
    y_2: "1 - y_1",
  };
  const at = {
    W_11: 0.2,
    W_12: 0.3,
    W_21: 0.4,
    W_22: 0.5,
    h_1: 0.4926,
    h_2: 0.8001,
    b_1: 0.1,
    b_2: 0.2,
    y_1: 1,
  };
  const loss = "-y_1 * log(yhat_1) - y_2 * log(yhat_2)";

  test.each([
    book.derivative("yhat_1", "z_1", { at: deck, where: two, steps: ["yhat_1 * (1 - yhat_1)", "z_1"] }),
    book.derivative(loss, "W_12", { at, where: wholeNetwork, steps: ["(yhat_1 - y_1) * h_2"] }),
    book.derivative("f_t * C_prev + i_t * ctilde_t", "C_prev", {
      at: { f_t: 0.7, C_prev: 0.3, i_t: 0.6, ctilde_t: 0.8 },
    }),
    book.derivative("sigma^2 * tanh(z)", "z", { at: { z: -0.5 }, where: { sigma: "1 / (1 + exp(-z))" } }),
  ])("writes LaTeX that KaTeX can read: $formula", (derivative) => {
    const markdown = shown(derivative)["text/markdown"];
    const displayed = [...markdown.matchAll(/\$\$([^$]+)\$\$/g)].map(([, tex]) => tex);
    const inline = [...markdown.replaceAll(/\$\$[^$]+\$\$/g, "").matchAll(/\$([^$]+)\$/g)].map(
      ([, tex]) => tex,
    );
    expect(displayed).toHaveLength(1);
    expect(inline.length).toBeGreaterThan(0);
    // It warns of characters that it has no measures of.
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    onTestFinished(() => {
      warn.mockRestore();
    });
    for (const tex of [...displayed, ...inline, derivative.tex]) {
      expect(() => katex.renderToString(tex, { displayMode: true, strict: "ignore" }), tex).not.toThrow();
    }
    expect(warn).not.toHaveBeenCalled();
  });

  test("says whether the lines agree, and what a wrong one gives", () => {
    const right = book.derivative("yhat_1", "z_1", { at: deck, where: two, steps: ["yhat_1 - yhat_1^2"] });
    const wrong = book.derivative("yhat_1", "z_1", { at: deck, where: two, steps: ["yhat_1"] });
    expect([right.agrees, wrong.agrees]).toEqual([true, false]);
    expect(shown(right)["text/plain"]).toContain("0.242132045434");
    expect(shown(right)["text/plain"]).toContain(language === "en" ? "✓ Every line" : "✓ 모든 줄");
    expect(shown(wrong)["text/plain"]).toContain("0.411298508659");
    expect(shown(wrong)["text/plain"]).toContain(language === "en" ? "✗ Not equal" : "✗ 미분값과 다른 줄");
    if (language === "en") expect(shown(wrong)["text/markdown"]).not.toMatch(/[가-힣]/);
  });
});

async function view(chart: Chart): Promise<View> {
  const { spec } = compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec);
  return new View(parse(spec), { renderer: "none" }).runAsync();
}

describe("the charts", () => {
  const book = workbook("09", "en");

  test("show the loss's slope wherever the sliders stand (P9)", async () => {
    const z = [deck.z_1, deck.z_2];
    const chart = await view(book.tangent(z));
    expect(await chart.toSVG()).toContain("slope −0.5887 → increase z₁");
    for (const [first, target, direction] of [
      [2, 0, "decrease"],
      [-3, 0.7, "increase"],
      [3, 0.7, "decrease"],
    ] as const) {
      await chart.signal("z", first).signal("target", target).runAsync();
      const slope = softmaxCrossEntropy([first, z[1]], [target, 1 - target]).dlogits[0];
      const sign = slope > 0 ? "+" : "−";
      expect(await chart.toSVG()).toContain(`slope ${sign}${Math.abs(slope).toFixed(4)} → ${direction} z₁`);
    }
  });

  test("show softmax's Jacobian (P9b)", async () => {
    const z = [1, 2, 0.5];
    const svg = await (await view(book.softmaxJacobian(z))).toSVG();
    for (const i of z.keys()) {
      for (const value of numericalGradient((v) => softmax(v)[i], z)) {
        expect(svg).toContain(`>${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}<`);
      }
    }
  });

  test("show the outer product with slide 69's letters, one cell filled in after the other", async () => {
    const chart = await view(book.outerProduct([0.1, -0.2, 0.3, 0.4], [1, 2, 3, 4]));
    const lettersIn = (svg: string) => [...svg.matchAll(/>([A-P])</g)].map(([, letter]) => letter).join("");
    expect(lettersIn(await chart.toSVG())).toBe("ABCDEFGHIJKLMNOP");
    expect(await chart.toSVG()).toContain(">−0.8000<");
    await chart.signal("filled", 5).runAsync();
    expect(lettersIn(await chart.toSVG())).toBe("ABCDE");
  });

  test("refuse what they cannot draw", () => {
    expect(() => book.tangent([1])).toThrow("logits is [1], but must be two or more");
    expect(() => book.tangent([9, 1])).toThrow("logits[0] is 9, but must be between -5 and 5");
    expect(() => book.outerProduct([], [1])).toThrow("errors is [], but must be finite numbers");
    expect(() =>
      book.outerProduct(
        [1, 2, 3],
        Array.from({ length: 9 }, () => 1),
      ),
    ).toThrow("26 or fewer");
  });
});

describe("the closing quiz", () => {
  const file = new URL("../../../notebooks/source/09_derivatives.md", import.meta.url);
  const { cells } = readSource(readFileSync(file, "utf8"), "09_derivatives.md");
  const prose = cells.flatMap((cell) => (cell.kind === "prose" ? [cell] : []));
  const quiz = exercises09.flatMap((exercise) => (exercise.kind === "choice" ? [exercise] : []));
  const blocks = (language: "en" | "ko") =>
    prose.filter(({ id }) => id.startsWith("quiz-")).map(({ text }) => text[language]);

  test.each(languages)("has ten questions with choices and the right folded letters in %s", (language) => {
    const asked = blocks(language).flatMap((text) => text.split(/\n(?=\*\*09-q)/).slice(1));
    expect(asked.map((text) => /\*\*(09-q\d+)\*\*/.exec(text)?.[1])).toEqual(quiz.map(({ id }) => id));
    for (const [k, text] of asked.entries()) {
      const offered = [...text.matchAll(/^- \*\*([a-d])\*\*/gm)].map(([, letter]) => letter);
      expect(offered).toEqual(Object.keys(quiz[k].choices));
    }
    const folded = blocks(language).flatMap((text) => {
      const [, solution] = /<\/summary>\s+([a-d, ]+)/.exec(text) ?? [];
      return solution.trim().split(", ");
    });
    expect(folded).toEqual(quiz.map(({ answer }) => answer));
  });

  test("offers what the right and the wrong formulas give in 09-q9", () => {
    const yHat = [0.2, 0.7, 0.1];
    const y = [0, 1, 0];
    const offered = (formula: (p: number, target: number) => number) =>
      `(${yHat.map((p, k) => Number(formula(p, y[k]).toFixed(4)) + 0).join(", ")})`;
    const text = blocks("en")[2];
    expect(text).toContain(`**a** $${offered((p, target) => target - p)}$`);
    expect(text).toContain(`**b** $${offered((p, target) => -target / p)}$`);
    expect(text).toContain(`**c** $${offered((p, target) => p - target)}$`);
    expect(text).toContain(`**d** $${offered((p) => p)}$`);
  });
});
