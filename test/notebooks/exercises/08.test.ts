// The verdicts of notebook 08: what is wrong with an LSTM or a piece of it, and what a test lets live.

import { describe, expect, test } from "vitest";
import { judge } from "../../../notebooks/workbook/exercises/check.js";
import { exercises08 } from "../../../notebooks/workbook/exercises/08.js";
import { exerciseOf } from "../../../notebooks/workbook/exercises/08_pieces.js";
import { golden } from "../../../notebooks/workbook/golden_vectors.js";
import type {
  LstmGates,
  LstmImplementation,
  LstmParameters,
  LstmPieces,
  LstmSample,
  LstmStep,
} from "../../../notebooks/workbook/lstm_implementation.js";
import { bugs, plainBugs } from "../../../notebooks/workbook/mutants/bugs.js";
import type { LstmTest } from "../../../notebooks/workbook/mutants/hunt.js";
import { lentPieces } from "../../../notebooks/workbook/mutants/lent_pieces.js";
import { lstmFrom, piecesFrom } from "../../../notebooks/workbook/mutants/pieces.js";
import { chosenPieces } from "../../../notebooks/workbook/own_pieces.js";
import { transpose } from "../../../src/index.js";

const verdict = (id: string, answer: unknown, language: "en" | "ko" = "en") =>
  judge(
    exercises08.find((exercise) => exercise.id === id)!,
    answer,
    0,
    language,
  );
const right = lstmFrom();

test("the right LSTM passes the check", () => {
  const { outcome, lines } = verdict("08-1", right);
  expect(outcome).toBe("right");
  expect(lines[0]).toContain("Both golden vectors");
});

const ofTheLstm = [...bugs, ...plainBugs].filter(({ lines }) => !("move" in lines));
test.each(ofTheLstm.map((bug) => [bug.name.en, bug] as const))(
  "08-1 recognises: %s",
  (_, { name, lines }) => {
    for (const language of ["en", "ko"] as const) {
      const { outcome, lines: said } = verdict("08-1", lstmFrom(lines), language);
      expect(outcome).toBe("wrong");
      expect(said[0]).toContain(name[language]);
    }
  },
);

test("a mistake in the forward pass is recognised also when the backward pass does not match it", () => {
  const coupled = plainBugs.find(({ name }) => name.en.startsWith("the gates are coupled"))!;
  const mixed = { forward: lstmFrom(coupled.lines).forward, backward: right.backward };
  expect(verdict("08-1", mixed).lines[0]).toContain(coupled.name.en);
});

test("an unknown mistake is reported by the first quantity that is wrong, without a guess", () => {
  const halved: LstmImplementation = {
    ...right,
    backward(parameters, sample) {
      const result = right.backward(parameters, sample);
      result.gradients.f.b = result.gradients.f.b.map((d) => d / 2);
      return result;
    },
  };
  const told = (lines: Parameters<typeof lstmFrom>[0], language: "en" | "ko" = "en") =>
    verdict("08-1", lstmFrom(lines), language).lines[0];
  expect(verdict("08-1", halved).lines[0]).toMatch(
    /^On the first step .* is gradients\.f\.b\. It is none of/,
  );
  const slipped = told({ dF: (dc, { cPrev }) => dc.map((d, k) => 1.01 * d * cPrev[k]) });
  expect(slipped).toContain("is gradients.f.Wx. It is none of the mistakes that are known here.");
  const carried = told({ dcPrev: (dc, { f }) => dc.map((d, k) => d * f[k] ** 2) });
  expect(carried).toMatch(/is dc0\. It is none|is dc\. .* 2 steps are the fewest/);
  const cell = told({ cell: ({ f, i, g }, cPrev) => f.map((_, k) => 1.1 * f[k] * cPrev[k] + i[k] * g[k]) });
  expect(cell).toMatch(/is c\. It is none/);
  expect(cell).not.toContain("gradients");
  const bothGates = {
    dG: (dc: number[], { i, o }: { i: number[]; o: number[] }) => dc.map((d, k) => (d * (i[k] + o[k])) / 2),
  };
  expect(told(bothGates)).toContain("The slides' numbers come out anyway");
  expect(told(bothGates, "ko")).toContain("너무 대칭적");
});

test("a quantity missing in a result is reported as missing", () => {
  const without: LstmImplementation = {
    ...right,
    backward(parameters, sample) {
      return { ...right.backward(parameters, sample), dx: undefined, dh0: undefined } as never;
    },
  };
  expect(verdict("08-1", without).lines[0]).toMatch(/^This is missing .*: dx, dh0\. forward returns/);
  expect(verdict("08-1", without, "ko").lines[0]).toContain("다음이 없습니다: dx, dh0.");
});

test("an answer that is not an LSTM is told what it lacks", () => {
  expect(verdict("08-1", { forward: right.forward }).lines[0]).toContain("no function backward");
  expect(verdict("08-1", 7).lines[0]).toContain("no function forward and no function backward");
  const broken = { ...right, forward: () => ({ h: [], c: [], loss: NaN }) };
  expect(verdict("08-1", broken).lines[0]).toContain("computation, is c.");
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
  expect(verdict("08-1", needsTargets).lines[0]).toContain("on the slides' numbers loss is wrong");
  const stumbles: LstmImplementation = {
    ...right,
    forward: (parameters, sample) => {
      sample.y.map((target) => target!.length);
      return right.forward(parameters, sample);
    },
  };
  expect(verdict("08-1", stumbles).lines[0]).toMatch(
    /^On the slides' numbers your code stops: .* y\[0\] is null\.$/,
  );
});

/** An LSTM put together from pieces, as notebook 08 does. */
function composed(pieces: LstmPieces): LstmImplementation {
  const unroll = (p: LstmParameters, { x, h0, c0 }: LstmSample) => {
    const steps: LstmStep[] = [];
    let [hPrev, cPrev] = [h0, c0];
    for (const xt of x) {
      const gates = pieces.gates(p, xt, hPrev);
      const { c, h } = pieces.stepForward(gates, cPrev);
      steps.push({ x: xt, hPrev, cPrev, ...gates, c, h });
      [hPrev, cPrev] = [h, c];
    }
    return steps;
  };
  return {
    forward: (p, sample) => {
      unroll(p, sample);
      return right.forward(p, sample);
    },
    backward: right.backward,
  };
}

test("an LSTM with lent pieces does not count, and the check says which pieces are left", () => {
  const own = piecesFrom();
  expect(verdict("08-1", composed(own)).outcome).toBe("right");
  const { outcome, lines } = verdict("08-1", composed({ ...own, stepForward: lentPieces.stepForward }));
  expect(outcome).toBe("unanswered");
  expect(lines[0]).toContain("still the workbook's: stepForward (08-4)");
  expect(verdict("08-1", composed(lentPieces), "ko").lines[0]).toContain("gates (08-3), stepForward (08-4)");
});

describe("a piece", () => {
  const own = piecesFrom();
  const names = Object.keys(own) as (keyof LstmPieces)[];

  test.each(names)(
    "%s passes when it is right, and counts as not written when it is a stub or lent",
    (name) => {
      expect(verdict(exerciseOf[name], own[name]).outcome).toBe("right");
      for (const unwritten of [() => null, () => undefined, lentPieces[name]]) {
        const { outcome, lines } = verdict(exerciseOf[name], unwritten);
        expect(outcome).toBe("unanswered");
        expect(lines[0]).toContain("Not written yet");
      }
      expect(verdict(exerciseOf[name], 7).lines[0]).toContain(`The function ${name} is asked for`);
    },
  );

  test.each([
    ["gates", () => ({ f: [1], i: [1], o: [1] }), "missing in what your function returns: g"],
    [
      "gates",
      (...args: Parameters<typeof own.gates>) => ({ ...own.gates(...args), i: [1] }),
      "i has the wrong shape: it is [1], but must be [3]",
    ],
    [
      "stepForward",
      (a: LstmGates, c: number[]) => ({ ...own.stepForward(a, c), h: [0, 0, 0] }),
      "h is the first that is wrong",
    ],
    ["stepForward", () => ({}), "returns: c, h"],
    ["stepBackward", () => ({ dc: [0, 0, 0] }), "returns: dz.f, dz.i, dz.g, dz.o, dhPrev, dcPrev"],
    [
      "backThroughTime",
      (...args: Parameters<typeof own.backThroughTime>) => own.backThroughTime(...args).reverse(),
      "dh (t = 3) is the first that is wrong",
    ],
    ["backThroughTime", () => [], "missing in what your function returns: dh (t = 3)"],
    [
      "gateGradients",
      (dz: number[][], steps: LstmStep[]) => ({
        ...own.gateGradients(dz, steps),
        Wx: transpose(own.gateGradients(dz, steps).Wx),
      }),
      "Wx has the wrong shape: it is [2, 3], but must be [3, 2]",
    ],
    ["update", (W: number[]) => W, "W is the first that is wrong"],
    ["update", () => 3, "W has the wrong shape"],
  ] as const)("%s that is wrong in its own way is told what is wrong first (%#)", (name, wrong, said) => {
    const { outcome, lines } = verdict(exerciseOf[name], wrong);
    expect(outcome).toBe("wrong");
    expect(lines[0]).toContain(said);
    expect(verdict(exerciseOf[name], wrong, "ko").lines[0]).toMatch(/[가-힣]/);
  });

  test("that throws is told what it threw", () => {
    const { outcome, lines } = verdict("08-3", () => {
      throw new Error("hPrev is not what it seems");
    });
    expect(outcome).toBe("wrong");
    expect(lines[0]).toContain("hPrev is not what it seems");
  });

  test("is used if it is right and lent until then, and a line says which", () => {
    const { pieces, told } = chosenPieces("en", { gates: own.gates, stepForward: () => null });
    expect(pieces.gates).toBe(own.gates);
    expect(pieces.stepForward).toBe(lentPieces.stepForward);
    expect(told).toBe("`gates`: yours ✓ · `stepForward`: the workbook's, until 08-4 is right");
    expect(chosenPieces("ko", { update: () => null }).told).toMatch(/`update`: 워크북의 것.*08-8/);
  });
});

test("08-2 gives the score and lists the survivors", () => {
  const { parameters, sample, truth } = golden("asymmetric");
  const lossOnly: LstmTest = (lstm) =>
    Math.abs(lstm.forward(parameters, sample).loss - truth.forward.loss) < 1e-9;
  const { outcome, lines } = verdict("08-2", lossOnly);
  expect(outcome).toBe("wrong");
  const [score, , ...survivors] = lines[0].split("\n");
  expect(score).toBe("6 of 26 killed. Still alive:");
  expect(survivors).toHaveLength(20);
  for (const survivor of survivors) expect(survivor).toMatch(/^- \S/);
  expect(verdict("08-2", lossOnly, "ko").lines[0]).toMatch(/^26개 중 6개를 잡았습니다/);
  expect(verdict("08-2", () => 1).lines[0]).toContain("test returned 1, but must return true or false");
});
