// The 26 broken LSTMs of the mutant hunt: each is really broken, and in the way its name says.

import { expect, test } from "vitest";
import { agreement } from "../../../notebooks/workbook/agreement.js";
import { golden } from "../../../notebooks/workbook/golden_vectors.js";
import type { GoldenVector } from "../../../notebooks/workbook/golden_vectors.js";
import type { LstmImplementation, LstmParameters } from "../../../notebooks/workbook/lstm_implementation.js";
import { bugs } from "../../../notebooks/workbook/mutants/bugs.js";
import { hunt } from "../../../notebooks/workbook/mutants/hunt.js";
import type { LstmTest } from "../../../notebooks/workbook/mutants/hunt.js";
import { lstmFrom } from "../../../notebooks/workbook/mutants/pieces.js";
import { numericalGradient } from "../../../src/index.js";

const everything = (lstm: LstmImplementation, { parameters, sample }: GoldenVector) => ({
  forward: lstm.forward(parameters, sample),
  backward: lstm.backward(parameters, sample),
});
const agrees =
  (vector: GoldenVector, tolerance = 1e-9): LstmTest =>
  (lstm) =>
    agreement(everything(lstm, vector), {
      forward: vector.truth.forward,
      backward: vector.truth.backward,
    }).every(({ error }) => error < tolerance);
const [deck, asymmetric] = [golden("deck"), golden("asymmetric")];
const names = (list: readonly { name: { en: string } }[]) => list.map(({ name }) => name.en);

test("without a bug the pieces make both golden vectors to 1e-12", () => {
  expect(agrees(deck, 1e-12)(lstmFrom())).toBe(true);
  expect(agrees(asymmetric, 1e-12)(lstmFrom())).toBe(true);
});

test("there are 26 mutants, each one line away from the right LSTM, named once in either language", () => {
  expect(bugs).toHaveLength(26);
  expect(new Set(names(bugs)).size).toBe(26);
  expect(new Set(bugs.map(({ name }) => name.ko)).size).toBe(26);
  for (const { lines } of bugs) expect(Object.keys(lines)).toHaveLength(1);
});

test("each mutant gives numbers of its own on the asymmetric vector", () => {
  const truth = JSON.stringify(everything(lstmFrom(), asymmetric));
  const outcomes = bugs.map(({ lines }) => JSON.stringify(everything(lstmFrom(lines), asymmetric)));
  expect(new Set([...outcomes, truth]).size).toBe(27);
});

test("the asymmetric vector kills all 26; the slides' numbers let 7 live", () => {
  const strong = hunt(agrees(asymmetric));
  expect(strong.objection).toBeNull();
  expect(strong.killed).toHaveLength(26);
  const weak = hunt(agrees(deck));
  expect(weak.objection).toBeNull();
  expect(names(weak.survivors)).toEqual([
    "the weights of f and i are unpacked in the wrong order",
    "the weights of f and o are unpacked in the wrong order",
    "the weights of i and o are unpacked in the wrong order",
    "the forget gate takes the output gate's bias (copy and paste)",
    "where a step has a loss of its own, ∂h from the next step is overwritten instead of added",
    "∂C̃ takes o instead of i",
    "∂Cₜ₋₁ takes i instead of f",
  ]);
});

test("a test that looks at the loss alone kills few, and one that looks at nothing kills none", () => {
  const { loss } = asymmetric.truth.forward;
  const weak = hunt(
    (lstm) => Math.abs(lstm.forward(asymmetric.parameters, asymmetric.sample).loss - loss) < 1e-9,
  );
  expect(weak.objection).toBeNull();
  expect(weak.killed).toHaveLength(6);
  expect(hunt(() => true).survivors).toHaveLength(26);
  expect(hunt(() => undefined).survivors).toHaveLength(26);
});

test("the hunt says what a test has against the right LSTM", () => {
  expect(hunt(() => false).objection).toBe("false");
  const thrown = hunt(() => {
    throw new Error("h differs");
  });
  expect(thrown.objection).toBe("h differs");
  expect(thrown.killed).toHaveLength(26);
});

test("what is not a test is refused", () => {
  expect(() => hunt(7 as never)).toThrow("book.mutantHunt: test is 7, but must be a function of an LSTM");
  expect(() => hunt((() => Promise.resolve(true)) as never)).toThrow(
    "book.mutantHunt: test returned a promise, but must return true or false",
  );
});

/**
 * Whether the gradients of the gates' weights are those that finite differences give of the LSTM's own loss.
 */
const gradientsFitAt =
  ({ parameters, sample }: GoldenVector): LstmTest =>
  (lstm) => {
    const numeric = Object.fromEntries(
      (["f", "i", "g", "o"] as const).map((gate) => {
        const loss = (changed: object) =>
          lstm.forward({ ...parameters, [gate]: { ...parameters[gate], ...changed } }, sample).loss;
        const { Wx, Wh, b } = parameters[gate];
        return [
          gate,
          {
            Wx: numericalGradient((moved) => loss({ Wx: moved }), Wx),
            Wh: numericalGradient((moved) => loss({ Wh: moved }), Wh),
            b: numericalGradient((moved) => loss({ b: moved }), b),
          },
        ];
      }),
    );
    return agreement(lstm.backward(parameters, sample).gradients, numeric).every(({ error }) => error < 1e-7);
  };

test("a gradient check kills 26 on the asymmetric weights and 23 on the slides', but not a consistent mistake", () => {
  expect(hunt(gradientsFitAt(asymmetric)).killed).toHaveLength(26);
  expect(hunt(gradientsFitAt(asymmetric)).objection).toBeNull();
  expect(hunt(gradientsFitAt(deck)).killed).toHaveLength(23);
  const right = lstmFrom();
  const swap = (p: LstmParameters): LstmParameters => ({ ...p, f: p.i, i: p.f });
  const consistent: LstmImplementation = {
    forward: (p, sample) => right.forward(swap(p), sample),
    backward: (p, sample) => {
      const result = right.backward(swap(p), sample);
      return { ...result, gradients: swap(result.gradients) };
    },
  };
  expect(gradientsFitAt(asymmetric)(consistent)).toBe(true);
  expect(agrees(asymmetric)(consistent)).toBe(false);
});
