// Some thousand answers to all exercises: whatever rounds the truth is right, what the workbook prints is
// right, and what is wrong for a reason is told the reason.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { hint, judge } from "../../../notebooks/workbook/exercises/check.js";
import type { Verdict } from "../../../notebooks/workbook/exercises/check.js";
import { force } from "../../../notebooks/workbook/exercises/exercise.js";
import type { NumericExercise } from "../../../notebooks/workbook/exercises/exercise.js";
import { exercises } from "../../../notebooks/workbook/exercises/index.js";
import { each } from "../../../notebooks/workbook/exercises/relations.js";
import { components } from "../../../notebooks/workbook/lecture/quantity.js";
import type { Value } from "../../../notebooks/workbook/lecture/quantity.js";
import { lectureOutline } from "../../../notebooks/workbook/lecture/lecture_outline.js";
import { notebookFiles } from "../../../notebooks/workbook/notebook_files.js";
import { plausibleMistakes } from "./plausible_mistakes.js";

const languages = ["en", "ko"] as const;
const numeric = exercises.filter((exercise): exercise is NumericExercise => exercise.kind === "numeric");
const exerciseOf = (id: string) => exercises.find((exercise) => exercise.id === id)!;
const verdict = (id: string, answer: unknown, language: "en" | "ko" = "en") =>
  judge(exerciseOf(id), answer, 0, language);

/** Each rounding of a value in which every component keeps two significant digits or more. */
function roundings(value: Value): Value[] {
  const numbers = components(value).map((component) => component.value);
  const byDigits = Array.from({ length: 15 }, (_, k) => each(value, (a) => Number(a.toPrecision(k + 2))));
  const needed = Math.max(
    ...numbers.filter((a) => a !== 0).map((a) => 1 - Math.floor(Math.log10(Math.abs(a)))),
    0,
  );
  const byDecimals = Array.from({ length: 12 }, (_, k) => each(value, (a) => Number(a.toFixed(needed + k))));
  return [...byDigits, ...byDecimals];
}

describe.each(numeric)("$id", ({ id, expected, mistakes }) => {
  const truth = force(expected);

  test("takes every rounding of the truth, and says of none that it is a mistake", () => {
    for (const answer of roundings(truth))
      for (const language of languages) {
        const { outcome, lines } = verdict(id, answer, language);
        expect(outcome, JSON.stringify(answer)).toBe("right");
        expect(lines.at(-1)).toMatch(language === "en" ? /^Exact value: / : /^참값: /);
      }
  });

  test("says of digits cut off that they were, and of one digit that it is too few", () => {
    const known = mistakes
      .flatMap((mistake) => force(mistake.answers))
      .map((answer) => JSON.stringify(answer));
    const cut = (a: number) => {
      const step = 10 ** (Math.floor(Math.log10(Math.abs(a))) - 2);
      return Number((Math.trunc(a / step) * step).toPrecision(3));
    };
    for (const [shorten, en, ko] of [
      [cut, "were cut off", "버렸습니다"],
      [(a: number) => Number(a.toPrecision(1)), "one digit says too little", "한 자리만으로는"],
    ] as const) {
      const answer = each(truth, (a) => (a === 0 ? 0 : shorten(a)));
      if (known.includes(JSON.stringify(answer)) || verdict(id, answer).outcome === "right") continue;
      expect(verdict(id, answer).outcome, JSON.stringify(answer)).toBe("close");
      expect(verdict(id, answer).lines[0]).toContain(en);
      expect(verdict(id, answer, "ko").lines[0]).toContain(ko);
    }
  });
});

const folder = fileURLToPath(new URL("../../../notebooks/source/", import.meta.url));
const sources = readdirSync(folder).filter((name) => /^\d\d_.*\.md$/.test(name));

// What the folded solutions print, where they print numbers.
test.each<[id: string, printed: string[], answer: Value]>([
  ["00-1", ["[0.5, 1.1]"], [0.5, 1.1]],
  ["01-1", ["0.537050", "0.833655"], [0.53705, 0.833655]],
  ["01-2", ["0.232727"], [0.232727, 0.232727]],
  ["01-3", ["45"], 45],
  ["01-4", ["0.711578"], 0.711578],
  ["02-2", [], 6],
  ["04-1", ["0.598688"], 0.598688],
  ["04-2", ["-0.3"], -0.3],
  ["04-3", ["0.416827"], 0.416827],
  ["04-4", ["2.197"], 2.197],
  ["04-5", ["40"], 40],
  ["05-9", ["0.8703"], 0.8703],
  ["06-10", ["0.0395"], 0.0395],
  ["06-11", ["0.381"], 0.381],
  ["07-1", ["0.7628"], 0.7628],
  ["07-2", [], 2],
])("%s takes the numbers of its own solution, %j", (id, printed, answer) => {
  const source = readFileSync(folder + sources.find((name) => name.startsWith(id.slice(0, 2)))!, "utf8");
  for (const number of printed) expect(source.split(number).length, number).toBeGreaterThan(2);
  for (const language of languages) expect(verdict(id, answer, language).outcome).toBe("right");
});

/** Whether a wrong answer is told more than where to look, which components are right, and a hint. */
function hasReason(id: string, { outcome, lines }: Verdict): boolean {
  const [place] = hint(exerciseOf(id), 0, "en").lines.slice(-1);
  return (
    (outcome === "wrong" || outcome === "unusable") &&
    lines[0] !== place &&
    !lines[0].startsWith("Component by")
  );
}

describe("wrong answers", () => {
  test("as people give them get their own reason, 95 of 100", () => {
    const silent = plausibleMistakes.filter(([id, , answer]) => !hasReason(id, verdict(id, answer)));
    const list = silent.map(([id, what]) => `${id} ${what}`).join("\n");
    expect(1 - silent.length / plausibleMistakes.length, list).toBeGreaterThanOrEqual(0.95);
    expect(plausibleMistakes.length).toBeGreaterThanOrEqual(480);
    const asked = new Set(plausibleMistakes.map(([id]) => id));
    expect(numeric.filter(({ id }) => !asked.has(id))).toEqual([]);
  });

  test("with four digits get it as well, 90 of 100", () => {
    const silent = plausibleMistakes.filter(([id, , answer]) => {
      const rounded = each(answer, (a) => Number(a.toPrecision(4)));
      return !hasReason(id, verdict(id, rounded));
    });
    expect(1 - silent.length / plausibleMistakes.length).toBeGreaterThanOrEqual(0.9);
  });

  test("are told the reason in Korean too", () => {
    for (const [id, what, answer] of plausibleMistakes) {
      const [en, ko] = languages.map((language) => verdict(id, answer, language));
      expect([ko.outcome, ko.lines.length], `${id} ${what}`).toEqual([en.outcome, en.lines.length]);
      expect(ko.lines[0]).toMatch(/[가-힣]/);
    }
  });

  test("that are wrong for no reason are given none", () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const guessed = Array.from({ length: 20 }, () =>
      numeric
        .filter(({ expected }) => !Number.isInteger(force(expected)))
        .map(({ id, expected }) => {
          const size = Math.max(...components(force(expected)).map(({ value }) => Math.abs(value)));
          return [id, each(force(expected), () => Number((2 * size * random()).toPrecision(5)))] as const;
        }),
    ).flat();
    const explained = guessed.filter(([id, answer]) => hasReason(id, verdict(id, answer)));
    expect(guessed.length).toBeGreaterThan(400);
    expect(explained.length / guessed.length).toBeLessThan(0.02);
  });

  test("in the wrong order, negated, transposed or a step too far are named as such", () => {
    const first = (id: string, answer: Value) => verdict(id, answer).lines[0];
    expect(first("05-7", [0.58868, 0.41132])).toContain("wrong order");
    expect(first("01-1", [-0.537, -0.834])).toContain("sign is turned round");
    expect(first("05-7", [0.41132, -0.58868])).toContain("not every sign");
    expect(first("06-8", [0.002756, 0.007743])).toContain("another quantity: ∂o₁, on slide 53");
    expect(first("00-1", [0.4621, 0.8005])).toContain("One step too far");
    expect(first("04-1", 59.87)).toContain("$100a$");
    expect(first("09-2", [[0.1, 0.2, 0.3]])).toContain("a 1 × 3 matrix");
    expect(first("01-3", 44)).toBe("One too few.");
  });
});

describe("a letter", () => {
  const choices = exercises.filter((exercise) => exercise.kind === "choice");

  test.each(choices)("of $id counts as the text lists it, and each wrong one has its reason", (exercise) => {
    for (const [letter, reason] of Object.entries(exercise.choices))
      for (const written of [
        letter,
        letter.toUpperCase(),
        `(${letter})`,
        `${letter})`,
        `${letter}.`,
        ` ${letter} `,
      ])
        for (const language of languages) {
          const { outcome, lines } = verdict(exercise.id, written, language);
          expect(outcome, written).toBe(letter === exercise.answer ? "right" : "wrong");
          expect(lines[0]).toBe(reason[language]);
        }
    expect(verdict(exercise.id, "z").outcome).toBe("unusable");
    expect(verdict(exercise.id, "ab").outcome).toBe("unusable");
  });
});

test("the way back to a slide is a link to its section, and names the notebook where it is another", () => {
  for (const file of Object.values(notebookFiles)) expect(sources).toContain(file.replace(".ipynb", ".md"));
  expect(Object.keys(notebookFiles)).toHaveLength(sources.length);
  const place = (id: string, language: "en" | "ko" = "en") => hint(exerciseOf(id), 0, language).lines.at(-1);
  expect(place("05-1")).toBe("Back to [slide 36](05_lstm_forward.ipynb#slide-36).");
  expect(place("00-1")).toBe("Back to [slide 36](05_lstm_forward.ipynb#slide-36) (notebook 05).");
  expect(place("09-q2")).toBe(
    "Back to [slide 18](02_vanishing_gradients.ipynb#slide-18) (reconstruction, notebook 02).",
  );
  expect(place("09-q2", "ko")).toContain(
    "[슬라이드 18](02_vanishing_gradients.ipynb#slide-18) (재구성, 노트북 02)",
  );
  expect(lectureOutline.every(({ notebook }) => notebook in notebookFiles)).toBe(true);
});
