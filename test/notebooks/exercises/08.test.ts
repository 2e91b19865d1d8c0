// The verdicts of notebook 08: what is wrong with somebody's LSTM, and what a test lets live.

import { expect, test } from "vitest";
import { judge } from "../../../notebooks/workbook/exercises/check.js";
import { exercises08 } from "../../../notebooks/workbook/exercises/08.js";
import { golden } from "../../../notebooks/workbook/golden_vectors.js";
import type { LstmImplementation } from "../../../notebooks/workbook/lstm_implementation.js";
import { bugs } from "../../../notebooks/workbook/mutants/bugs.js";
import type { LstmTest } from "../../../notebooks/workbook/mutants/hunt.js";
import { lstmFrom } from "../../../notebooks/workbook/mutants/pieces.js";

const verdict = (id: string, answer: unknown, language: "en" | "ko" = "en") =>
  judge(
    exercises08.find((exercise) => exercise.id === id)!,
    answer,
    0,
    language,
  );
const right = lstmFrom();

test("the right LSTM is right", () => {
  const { outcome, lines } = verdict("08-1", right);
  expect(outcome).toBe("right");
  expect(lines[0]).toContain("Both golden vectors");
});

test.each(bugs.map((bug) => [bug.name.en, bug] as const))("08-1 recognises: %s", (_, { name, pieces }) => {
  for (const language of ["en", "ko"] as const) {
    const { outcome, lines } = verdict("08-1", lstmFrom(pieces), language);
    expect(outcome).toBe("wrong");
    expect(lines[0]).toContain(name[language]);
  }
});

test("an unknown mistake is told by the first quantity that is wrong, and by the bugs that look like it", () => {
  const halved: LstmImplementation = {
    ...right,
    backward(parameters, sample) {
      const result = right.backward(parameters, sample);
      result.gradients.f.b = result.gradients.f.b.map((d) => d / 2);
      return result;
    },
  };
  expect(verdict("08-1", halved).lines[0]).toMatch(/^On the first step .*: gradients\.f\.b\.$/);
  const slipped = lstmFrom({ dF: (dc, { cPrev }) => dc.map((d, k) => 1.01 * d * cPrev[k]) });
  expect(verdict("08-1", slipped).lines[0]).toContain(
    "typical of: ∂f takes Cₜ instead of Cₜ₋₁; the sigmoid's slope f(1 − f) is missing",
  );
  const carried = verdict("08-1", lstmFrom({ dcPrev: (dc, { f }) => dc.map((d, k) => d * f[k] ** 2) }))
    .lines[0];
  expect(carried).toContain("∂Cₜ₋₁ takes i instead of f; ∂Cₜ₋₁ is passed back without the forget gate");
  const cell = verdict("08-1", lstmFrom({ cellTotal: (next) => next })).lines[0];
  expect(cell).toMatch(/^On the first step of the asymmetric vector alone, .*: dc, gradients\.f\.Wx/);
  const bothGates = lstmFrom({ dG: (dc, { i, o }) => dc.map((d, k) => (d * (i[k] + o[k])) / 2) });
  expect(verdict("08-1", bothGates).lines[0]).toContain("The slides' numbers come out anyway");
  expect(verdict("08-1", bothGates, "ko").lines[0]).toContain("너무 대칭적");
});

test("what is no LSTM is told apart", () => {
  expect(verdict("08-1", { forward: right.forward }).lines[0]).toContain("no function backward");
  expect(verdict("08-1", 7).lines[0]).toContain("no function forward and no function backward");
  const broken = { ...right, forward: () => ({ h: [], c: [], loss: NaN }) };
  expect(verdict("08-1", broken).lines[0]).toContain("computation: c, h, loss.");
  const throws = {
    ...right,
    forward: () => {
      throw new Error("h0 is missing");
    },
  };
  expect(verdict("08-1", throws).lines[0]).toContain("h0 is missing");
});

test("an LSTM that stumbles over a step without a target is told so", () => {
  const needsTargets: LstmImplementation = {
    ...right,
    forward: (parameters, sample) => ({
      ...right.forward(parameters, sample),
      ...(sample.y.includes(null) && { loss: 0 }),
    }),
  };
  expect(verdict("08-1", needsTargets).lines[0]).toContain("on the slides' numbers these are wrong: loss");
});

test("08-2 gives the score and the survivors in words", () => {
  const { parameters, sample, truth } = golden("asymmetric");
  const lossOnly: LstmTest = (lstm) =>
    Math.abs(lstm.forward(parameters, sample).loss - truth.forward.loss) < 1e-9;
  const { outcome, lines } = verdict("08-2", lossOnly);
  expect(outcome).toBe("wrong");
  expect(lines[0]).toMatch(/^6 of 24 killed\. Still alive: where a step has a loss of its own, .*f\.$/);
  expect(verdict("08-2", lossOnly, "ko").lines[0]).toMatch(/^24개 중 6개를 잡았습니다/);
  expect(verdict("08-2", () => 1).lines[0]).toContain("test returned 1, but must return true or false");
});
