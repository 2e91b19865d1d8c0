// The slides' data: printed text against exact values, the exact values against the library and against the
// golden vectors (numpy and PyTorch), and every verdict against its definition.

import { describe, expect, test } from "vitest";
import { lectureSlides } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import type { LectureQuantity } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import { components } from "../../../notebooks/workbook/lecture/quantity.js";
import type { Value, Verdict } from "../../../notebooks/workbook/lecture/quantity.js";
import { reconstructedSlides } from "../../../notebooks/workbook/lecture/reconstructed_slides.js";
import {
  add,
  hadamard,
  lstmBackward,
  lstmForward,
  matVec,
  norm,
  outer,
  rnnBackward,
  largestSingularValue,
  rnnForward,
  scale,
  softmaxCrossEntropy,
  spectralRadius,
  sub,
  tanhPrime,
  transposedMatVec,
} from "../../../src/index.js";
import type { Matrix, PerGate, Vector } from "../../../src/index.js";
import deck from "../../../notebooks/workbook/data/vectors/deck_vectors.json" with { type: "json" };
import rnn from "../../../notebooks/workbook/data/vectors/rnn_vectors.json" with { type: "json" };

const { Wx, Wh, b, Why, by, y, eta } = deck.inputs;
const [x1, x2] = deck.inputs.x;
const zero = [0, 0];

const flat = (value: Value) => components(value).map((component) => component.value);

function expectClose(actual: Value, expected: Value, name: string) {
  expect(flat(actual).length, name).toBe(flat(expected).length);
  flat(actual).forEach((value, k) => {
    expect(Math.abs(value - flat(expected)[k]), `${name} component ${k}`).toBeLessThan(1e-12);
  });
}

/** Every quantity of slides 36–59 from the library's cells. */
function lectureByLibrary(): Record<string, Value> {
  const shared = { Wx, Wh, b };
  const cell = { f: shared, i: shared, g: shared, o: shared };
  const s1 = lstmForward(cell, x1, zero, zero);
  const s2 = lstmForward(cell, x2, s1.h, s1.c);
  const logit = add(matVec(Why, s2.h), by);
  const { probabilities, loss, dlogits } = softmaxCrossEntropy(logit, y);
  const dh2 = transposedMatVec(Why, dlogits);
  const b2 = lstmBackward(cell, s2, dh2, zero);
  const b1 = lstmBackward(cell, s1, b2.dhPrev, b2.dcPrev);
  const sumOfMatrices = ({ f, i, g, o }: PerGate<Matrix>) => add(f, i, g, o);
  const sumOfVectors = ({ f, i, g, o }: PerGate<Vector>) => add(f, i, g, o);
  const dWx = add(sumOfMatrices(b1.dWx), sumOfMatrices(b2.dWx));
  const dWh = add(sumOfMatrices(b1.dWh), sumOfMatrices(b2.dWh));
  const db = add(sumOfVectors(b1.db), sumOfVectors(b2.db));
  const dWhy = outer(dlogits, s2.h);
  return {
    "36 W_x x₁": matVec(Wx, x1),
    "36 W_h h₀": zero,
    "36 z₁": s1.z.f,
    "36 f₁=i₁=o₁ = σ(z₁)": s1.f,
    "37 C̃₁ = tanh(z₁)": s1.g,
    "37 f₁⊙C₀": hadamard(s1.f, zero),
    "37 i₁⊙C̃₁": hadamard(s1.i, s1.g),
    "37 C₁": s1.c,
    "38 tanh(C₁)": s1.tanhC,
    "38 h₁": s1.h,
    "39 W_x x₂": matVec(Wx, x2),
    "39 W_h h₁": matVec(Wh, s1.h),
    "39 z₂": s2.z.f,
    "39 f₂=i₂=o₂ = σ(z₂)": s2.o,
    "40 C̃₂ = tanh(z₂)": s2.g,
    "40 f₂⊙C₁": hadamard(s2.f, s1.c),
    "40 i₂⊙C̃₂": hadamard(s2.i, s2.g),
    "40 C₂": s2.c,
    "41 tanh(C₂)": s2.tanhC,
    "41 h₂": s2.h,
    "42 W_hy[1,:]⊙h₂": hadamard(Why[0], s2.h),
    "42 W_hy[2,:]⊙h₂": hadamard(Why[1], s2.h),
    "42 W_hy·h₂": matVec(Why, s2.h),
    "42 logit": logit,
    "42 e^logit": logit.map(Math.exp),
    "42 Σe": logit.map(Math.exp).reduce((sum, e) => sum + e),
    "42 ŷ = softmax": probabilities,
    "43 log ŷ₁": -loss,
    "43 Loss": loss,
    "44 ∂L/∂logit": dlogits,
    "44 ∂L/∂W_hy": dWhy,
    "44 ∂L/∂b_y": dlogits,
    "45 ∂h₂": dh2,
    "46 ∂o₂": b2.do,
    "46 ∂z_o₂": b2.dz.o,
    "47 ∂C₂": b2.dc,
    "48 ∂f₂": b2.df,
    "48 ∂z_f₂": b2.dz.f,
    "49 ∂i₂": b2.di,
    "49 ∂z_i₂": b2.dz.i,
    "50 ∂C̃₂": b2.dg,
    "50 ∂z_c₂": b2.dz.g,
    "51 ∂z₂ = Σ∂z": sumOfVectors(b2.dz),
    "51 ∂W_x(2)": sumOfMatrices(b2.dWx),
    "51 ∂W_h(2)": sumOfMatrices(b2.dWh),
    "51 ∂b(2)": sumOfVectors(b2.db),
    "52 ∂h₁": b2.dhPrev,
    "52 ∂C_next = ∂C₂⊙f₂": b2.dcPrev,
    "53 ∂o₁": b1.do,
    "53 ∂z_o₁": b1.dz.o,
    "53 ∂C₁": b1.dc,
    "54 ∂f₁": b1.df,
    "54 ∂z_f₁": b1.dz.f,
    "54 ∂i₁": b1.di,
    "54 ∂z_i₁": b1.dz.i,
    "55 ∂C̃₁": b1.dg,
    "55 ∂z_c₁": b1.dz.g,
    "56 ∂z₁ = Σ∂z": sumOfVectors(b1.dz),
    "56 ∂W_x(1)": sumOfMatrices(b1.dWx),
    "56 ∂W_h(1)": sumOfMatrices(b1.dWh),
    "56 ∂b(1)": sumOfVectors(b1.db),
    "57 ∂W_x": dWx,
    "57 ∂W_h": dWh,
    "57 ∂b": db,
    "58 W_x new": sub(Wx, scale(eta, dWx)),
    "58 W_h new": sub(Wh, scale(eta, dWh)),
    "58 b new": sub(b, scale(eta, db)),
    "59 W_hy new": sub(Why, scale(eta, dWhy)),
    "59 b_y new": sub(by, scale(eta, dlogits)),
  };
}

/** Slides 13–19 from the library's RNN cell. */
function vanishingByLibrary(): Record<string, Value> {
  const cell = { Wx, Wh: rnn.deck_vanishing_tanh.Wh, b };
  const s1 = rnnForward(cell, x1, zero);
  const s2 = rnnForward(cell, x2, s1.h);
  const logit = add(matVec(Why, s2.h), by);
  const { probabilities, loss, dlogits } = softmaxCrossEntropy(logit, y);
  const dh2 = transposedMatVec(Why, dlogits);
  const b2 = rnnBackward(cell, s2, dh2);
  const b1 = rnnBackward(cell, s1, b2.dhPrev);
  return {
    "13 z₁": s1.z,
    "13 h₁ = tanh(z₁)": s1.h,
    "14 W_x x₂": matVec(Wx, x2),
    "14 W_h h₁": matVec(cell.Wh, s1.h),
    "14 z₂": s2.z,
    "14 h₂ = tanh(z₂)": s2.h,
    "15 logit": logit,
    "16 ŷ = softmax": probabilities,
    "16 Loss": loss,
    "17 ∂L/∂logit": dlogits,
    "17 ∂L/∂W_hy": outer(dlogits, s2.h),
    "17 ∂L/∂b_y": dlogits,
    "17 ∂h₂": dh2,
    "17 1−h₂²": tanhPrime(s2.h),
    "17 ∂z₂": b2.dz,
    "17 ∂W_x(2)": b2.dWx,
    "17 ∂W_h(2)": b2.dWh,
    "18 ∂h₁": b2.dhPrev,
    "18 1−h₁²": tanhPrime(s1.h),
    "18 ∂z₁": b1.dz,
    "18 ∂W_x(1)": b1.dWx,
    "18 ∂W_h(1)": b1.dWh,
    "18 ∂W_x": add(b1.dWx, b2.dWx),
    "18 ∂W_h": add(b1.dWh, b2.dWh),
    "18 ∂b": add(b1.db, b2.db),
    "18 ∂h₀": b1.dhPrev,
    "19 ‖∂h₂‖": norm(dh2),
    "19 ‖∂h₁‖": norm(b2.dhPrev),
    "19 ‖∂h₁‖/‖∂h₂‖": norm(b2.dhPrev) / norm(dh2),
  };
}

/** Slides 20–26 from the library's RNN cell without an activation. */
function explodingByLibrary(): Record<string, Value> {
  const cell = { Wx, Wh: rnn.deck_exploding_linear.Wh, b };
  const s1 = rnnForward(cell, x1, zero, "identity");
  const s2 = rnnForward(cell, x2, s1.h, "identity");
  const logit = add(matVec(Why, s2.h), by);
  const { probabilities, loss, dlogits } = softmaxCrossEntropy(logit, y);
  const dh2 = transposedMatVec(Why, dlogits);
  const b2 = rnnBackward(cell, s2, dh2, "identity");
  const b1 = rnnBackward(cell, s1, b2.dhPrev, "identity");
  expectClose(b2.dz, dh2, "∂z₂");
  expectClose(b1.dz, b2.dhPrev, "∂z₁");
  return {
    "20 ρ(W_h)": spectralRadius(cell.Wh),
    "20 σ_max(W_h)": largestSingularValue(cell.Wh),
    "21 z₁": s1.z,
    "21 h₁ = z₁": s1.h,
    "22 W_x x₂": matVec(Wx, x2),
    "22 W_h h₁": matVec(cell.Wh, s1.h),
    "22 h₂ = z₂": s2.h,
    "23 logit": logit,
    "23 ŷ = softmax": probabilities,
    "24 Loss": loss,
    "25 ∂L/∂logit": dlogits,
    "25 ∂L/∂W_hy": outer(dlogits, s2.h),
    "25 ∂L/∂b_y": dlogits,
    "25 ∂h₂ = ∂z₂": dh2,
    "25 ∂W_x(2)": b2.dWx,
    "25 ∂W_h(2)": b2.dWh,
    "26 ∂h₁ = ∂z₁": b2.dhPrev,
    "26 ∂h₀": b1.dhPrev,
    "26 ∂W_x(1)": b1.dWx,
    "26 ∂W_h(1)": b1.dWh,
    "26 ∂W_x": add(b1.dWx, b2.dWx),
    "26 ∂W_h": add(b1.dWh, b2.dWh),
    "26 ∂b": add(b1.db, b2.db),
    "26 ‖∂h₂‖": norm(dh2),
    "26 ‖∂h₁‖": norm(b2.dhPrev),
    "26 ‖∂h₁‖/‖∂h₂‖": norm(b2.dhPrev) / norm(dh2),
  };
}

const half = 0.5e-4 + 1e-9;

/** The definition of a verdict. */
function verdictOf(printed: number, exact: number, ownStep: number): Verdict {
  if (Math.abs(printed - exact) <= half) return "matches";
  if (Math.abs(printed - ownStep) <= half) return "carried";
  return Math.abs(printed - ownStep) <= 1e-4 ? "lastDigit" : "slip";
}

const rowsOf = ({ printed, exact, ownStep, verdict }: LectureQuantity) =>
  components(printed).map(({ value }, k) => ({
    printed: value,
    exact: flat(exact)[k],
    ownStep: flat(ownStep)[k],
    verdict: components(verdict)[k].value,
  }));

describe("slides 36–59", () => {
  test("are the library's values", () => {
    const values = lectureByLibrary();
    expect(Object.keys(values)).toEqual(lectureSlides.map(({ slide, name }) => `${slide} ${name}`));
    for (const { slide, name, exact } of lectureSlides) {
      expectClose(values[`${slide} ${name}`], exact, `${slide} ${name}`);
    }
  });

  test("are the golden values, in the same order", () => {
    const golden = Object.values(deck.exact) as Value[];
    expect(golden.length).toBe(lectureSlides.length);
    lectureSlides.forEach(({ slide, name, exact }, k) => {
      expectClose(golden[k], exact, `${slide} ${name}`);
    });
  });

  test("print what the golden file says they print", () => {
    const golden = Object.values(deck.printed) as { slide: number; value: Value }[];
    lectureSlides.forEach(({ slide, name, printed }, k) => {
      expect(slide).toBe(golden[k].slide);
      expectClose(
        components(printed).map(({ value }) => Number(value)),
        flat(golden[k].value),
        name,
      );
    });
  });

  test("have the verdict that follows from printed, exact and own step", () => {
    for (const quantity of lectureSlides) {
      for (const { printed, exact, ownStep, verdict } of rowsOf(quantity)) {
        const where = `${quantity.slide} ${quantity.name} ${printed}`;
        expect(verdictOf(Number(printed), exact, ownStep), where).toBe(verdict);
      }
    }
  });

  test("count 155 components: 93 match, 49 carry rounding, 5 last digits, 8 slips", () => {
    const verdicts = lectureSlides.flatMap((quantity) => rowsOf(quantity).map(({ verdict }) => verdict));
    const count = (verdict: Verdict) => verdicts.filter((other) => other === verdict).length;
    expect(verdicts.length).toBe(155);
    expect([count("matches"), count("carried"), count("lastDigit"), count("slip")]).toEqual([93, 49, 5, 8]);
  });

  test.each([
    ["E1", 37, "i₁⊙C̃₁", 1, 0.7685 * 0.8337],
    ["E2", 38, "tanh(C₁)", 0, Math.tanh(0.3468)],
    ["E2", 38, "tanh(C₁)", 1, Math.tanh(0.6409)],
    ["E3", 40, "C̃₂ = tanh(z₂)", 1, Math.tanh(2.1384)],
    ["E4", 40, "i₂⊙C̃₂", 1, 0.8945 * 0.9729],
    ["E5", 41, "tanh(C₂)", 0, Math.tanh(0.8147)],
    ["E6", 46, "∂z_o₂", 0, 0.0791 * 0.7327 * (1 - 0.7327)],
    ["E7", 53, "∂C₁", 0, 0.0347 + 0.0083 * 0.6457 * (1 - 0.3333 ** 2)],
  ])(
    "%s on slide %i is a slip, worked out from the slide's own numbers",
    (note, slide, name, component, ownStep) => {
      const quantity = lectureSlides.find((other) => other.slide === slide && other.name === name)!;
      expect(quantity.note).toBe(note);
      const row = rowsOf(quantity)[component];
      expect(row.verdict).toBe("slip");
      expect(row.ownStep).toBeCloseTo(ownStep, 5);
      expect(Number(row.printed)).not.toBeCloseTo(ownStep, 4);
    },
  );
});

const reconstructed = (slide: number, name: string) =>
  reconstructedSlides.find((quantity) => quantity.slide === slide && quantity.name === name)!.exact;

describe("slides 20–26", () => {
  test("are PyTorch's values", () => {
    const golden = rnn.deck_exploding_linear;
    const pairs: [number, string, Value][] = [
      [21, "z₁", golden.z[0]],
      [21, "h₁ = z₁", golden.h[0]],
      [22, "h₂ = z₂", golden.h[1]],
      [23, "logit", golden.logits],
      [24, "Loss", golden.loss],
      [25, "∂L/∂logit", golden.dby],
      [25, "∂L/∂b_y", golden.dby],
      [25, "∂L/∂W_hy", golden.dWhy],
      [25, "∂h₂ = ∂z₂", golden.dh[1]],
      [26, "∂h₁ = ∂z₁", golden.dh[0]],
      [26, "∂h₀", golden.dh0],
      [26, "∂W_x", golden.dWx],
      [26, "∂W_h", golden.dWh],
      [26, "∂b", golden.db],
    ];
    for (const [slide, name, value] of pairs) expectClose(reconstructed(slide, name), value, name);
  });

  test("grow by a factor of exactly 4", () => {
    expect(reconstructed(26, "‖∂h₁‖/‖∂h₂‖")).toBe(4);
  });
});

describe("slides 13–26", () => {
  test("are the library's values", () => {
    const values = { ...vanishingByLibrary(), ...explodingByLibrary() };
    expect(Object.keys(values)).toEqual(reconstructedSlides.map(({ slide, name }) => `${slide} ${name}`));
    for (const { slide, name, exact } of reconstructedSlides) {
      expectClose(values[`${slide} ${name}`], exact, `${slide} ${name}`);
    }
  });

  test("give the h₁ that slide 14 prints", () => {
    const h1 = reconstructedSlides.find(({ name }) => name === "h₁ = tanh(z₁)")!.exact;
    expect(flat(h1).map((value) => value.toFixed(3))).toEqual(["0.537", "0.834"]);
  });

  test("are PyTorch's values", () => {
    const golden = rnn.deck_vanishing_tanh;
    const exact = (name: string) => reconstructedSlides.find((other) => other.name === name)!.exact;
    expectClose(exact("h₂ = tanh(z₂)"), golden.h[1], "h₂");
    expectClose(exact("Loss"), golden.loss, "loss");
    expectClose(exact("∂h₁"), golden.dh[0], "∂h₁");
    expectClose(exact("∂h₂"), golden.dh[1], "∂h₂");
  });
});
