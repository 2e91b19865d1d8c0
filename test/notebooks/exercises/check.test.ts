// What a learner is told, for every exercise of the workbook in both languages. The cases are made from the
// definitions, so an exercise that is added is tested too.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSource } from "../../../notebooks/tooling/generate.js";
import { judge } from "../../../notebooks/workbook/exercises/check.js";
import { force } from "../../../notebooks/workbook/exercises/exercise.js";
import type { Exercise, NumericExercise } from "../../../notebooks/workbook/exercises/exercise.js";
import { exercises } from "../../../notebooks/workbook/exercises/index.js";
import { lectureSlides } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import { shapeOf } from "../../../notebooks/workbook/lecture/quantity.js";
import type { Shaped, Value } from "../../../notebooks/workbook/lecture/quantity.js";
import untied from "../../../notebooks/workbook/data/vectors/deck_untied_vectors.json" with { type: "json" };

const languages = ["en", "ko"] as const;
const hangul = /[가-힣]/;
const told = ({ headline, lines }: { headline: string; lines: string[] }) => [headline, ...lines].join("\n");

const mapValue = (value: Value, change: (component: number) => number): Value =>
  Array.isArray(value) ? (value.map((entry: Value) => mapValue(entry, change)) as Value) : change(value);
const numbers = (printed: Shaped<string>): Value =>
  Array.isArray(printed)
    ? (printed.map((entry: Shaped<string>) => numbers(entry)) as Value)
    : Number(printed);
/** An answer that is right. */
const solution = (exercise: Exercise): unknown => {
  if (exercise.kind === "numeric") return force(exercise.expected);
  return exercise.kind === "choice" ? exercise.answer : force(exercise.solution);
};
const texts = ({ title, hints, slide, ...rest }: Exercise, language: "en" | "ko") => [
  title[language],
  ...hints[language],
  ...(typeof slide === "number" ? [] : [slide[language]]),
  ...("mistakes" in rest ? rest.mistakes.map(({ text }) => text[language]) : []),
  ...("choices" in rest ? Object.values(rest.choices).map((reason) => reason[language]) : []),
];

test("the ids of exercises are permanent and unique, and there are some", () => {
  const ids = exercises.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^\d\d-q?[1-9]\d?$/);
});

describe.each(exercises)("$id", (exercise) => {
  const verdict = (answer: unknown, language: "en" | "ko", failures = 0) =>
    judge(exercise, answer, failures, language);

  test("has the same texts in both languages", () => {
    const [en, ko] = [texts(exercise, "en"), texts(exercise, "ko")];
    expect(ko.length).toBe(en.length);
    for (const text of en) expect(text).not.toMatch(hangul);
    expect(
      ko.slice(1).every((text) => hangul.test(text)),
      ko.join("\n"),
    ).toBe(true);
    const formulas = (list: string[]) => list.map((text) => new Set(text.match(/\$[^$]+\$/g)));
    expect(formulas(ko)).toEqual(formulas(en));
  });

  test.each(languages)("in %s it has nothing against no answer", (language) => {
    for (const nothing of [null, undefined]) {
      const { outcome, lines } = verdict(nothing, language, 3);
      expect(outcome).toBe("unanswered");
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(language === "en" ? /^Not answered yet/ : /^아직 답하지 않았습니다/);
    }
  });

  test.each(languages)("in %s it accepts the right answer", (language) => {
    const right = verdict(solution(exercise), language);
    expect(told(right)).toMatch(language === "en" ? /right/ : /정답/);
    expect(right.outcome).toBe("right");
  });

  test.each(languages)(
    "in %s it names the place to go back to and gives one hint after the other",
    (language) => {
      const wrong =
        exercise.kind === "choice"
          ? Object.keys(exercise.choices).find((letter) => letter !== exercise.answer)
          : exercise.kind === "numeric"
            ? mapValue(force(exercise.expected), (component) => 7 * component + 1000)
            : force(exercise.mistakes[0].answers)[0];
      const hints = exercise.hints[language];
      const place = typeof exercise.slide === "number" ? String(exercise.slide) : exercise.slide[language];
      for (let failures = 0; failures <= hints.length; failures++) {
        const { outcome, lines } = verdict(wrong, language, failures);
        expect(outcome).toBe("wrong");
        expect(lines.at(-2)).toContain(place);
        if (failures < hints.length) expect(lines.at(-1)).toContain(hints[failures]);
        else expect(lines.at(-1)).toMatch(language === "en" ? /solution is folded/ : /풀이는/);
      }
    },
  );
});

const numeric = exercises.filter((exercise): exercise is NumericExercise => exercise.kind === "numeric");
describe.each(numeric)("$id", (exercise) => {
  const expected = force(exercise.expected);
  const tell = (answer: unknown, language: "en" | "ko") => judge(exercise, answer, 0, language);

  test("is exact to a millionth and no further", () => {
    const moved = (by: number) => mapValue(expected, (value) => value * (1 + by));
    expect(tell(moved(0.5e-6), "en").outcome).toBe("right");
    expect(tell(moved(Math.PI * 1e-6), "en").outcome).not.toBe("right");
  });

  const printedDigits = exercise.printed;
  if (printedDigits !== undefined) {
    test("accepts what the slide prints, with a note", () => {
      const printed = numbers(printedDigits);
      expect(shapeOf(printed)).toBe(shapeOf(expected));
      const [en, ko] = languages.map((language) => tell(printed, language));
      expect([en.outcome, ko.outcome]).toEqual(["right", "right"]);
      const isExact =
        JSON.stringify(printed) ===
        JSON.stringify(mapValue(expected, (value) => Number(value.toPrecision(12))));
      expect(en.lines.at(-1)).toMatch(/^Exact value: /);
      if (!isExact) {
        expect(en.lines[0]).toContain("that the slide prints");
        expect(ko.lines[0]).toContain("슬라이드에 적힌 값");
      }
    });
  }

  test("tells an answer of another kind or shape from a wrong one", () => {
    const others = [
      "0.5",
      [],
      [1, undefined],
      ["a"],
      {},
      () => 1,
      true,
      [[1], [1, 2]],
      [1, 2, 3, 4, 5, 6, 7],
    ];
    for (const other of others) {
      for (const language of languages) {
        const { outcome, lines } = tell(other, language);
        expect(outcome, JSON.stringify(other)).toBe("unusable");
        expect(lines[0]).toMatch(
          language === "en" ? /^Your answer is .+ is asked for\.$/ : /^입력한 답은 .+ 필요한 형식은/,
        );
      }
    }
    const nan = tell(
      mapValue(expected, () => NaN),
      "en",
    );
    expect(nan.outcome).toBe("unusable");
    expect(nan.lines[0]).toContain("NaN");
  });

  for (const [number, { answers, text }] of exercise.mistakes.entries()) {
    test(`knows mistake ${number + 1}: ${text.en.slice(0, 60)}`, () => {
      for (const answer of force(answers)) {
        for (const language of languages) {
          const { outcome, lines } = tell(answer, language);
          expect(outcome, JSON.stringify(answer)).toBe("wrong");
          expect(lines[0]).toBe(text[language]);
        }
        // By hand, with four significant digits.
        const byHand = tell(
          mapValue(answer, (value) => Number(value.toPrecision(4))),
          "en",
        );
        expect(byHand.lines[0]).toBe(text.en);
      }
    });
  }
});

describe("the answers", () => {
  const answer = (id: string) => solution(exercises.find((exercise) => exercise.id === id)!);

  test("are the lecture's exact values where the slide's quantity is asked for", () => {
    const asked = numeric.filter(
      ({ printed, slide }) => printed && lectureSlides.some((quantity) => quantity.slide === slide),
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const { id, slide, printed, expected } of asked) {
      const quantity = lectureSlides.find(
        (candidate) =>
          candidate.slide === slide && JSON.stringify(candidate.printed) === JSON.stringify(printed),
      );
      const [came, exact] = [force(expected), quantity!.exact].map((value) => [value].flat(2));
      came.forEach((value, k) => {
        expect(value, id).toBeCloseTo(exact[k], 12);
      });
    }
  });

  // numbers.md and the golden vectors: computed with numpy and PyTorch, not with this library.
  test.each<[string, Value]>([
    ["02-1", [0.005645017380260106, 0.005645017380260106]],
    ["02-2", 6],
    ["05-9", 0.87026],
    ["06-2", [0.02 + 0.04729133, 0.01 + 0.02108066]],
    ["06-10", 0.03946],
    ["06-11", 0.3809],
    ["07-1", untied.losses_untied["1"]],
    ["07-2", 2],
  ])("%s agrees with an independent computation", (id, value) => {
    const [came, expected] = [answer(id) as Value, value].map((shaped) => [shaped].flat(2));
    came.forEach((component, k) => {
      expect(component, id).toBeCloseTo(expected[k], id === "06-11" ? 4 : 5);
    });
  });
});

// Exercises without a cell, or cells without an exercise.
const folder = fileURLToPath(new URL("../../../notebooks/source/", import.meta.url));
describe.each(readdirSync(folder).filter((name) => /^\d\d_.*\.md$/.test(name)))("%s", (file) => {
  const source = readSource(readFileSync(folder + file, "utf8"), file);
  const code = source.cells.map((cell) => (cell.kind === "code" ? cell.code : "")).join("\n");
  const checked = [...code.matchAll(/book\.check\("([^"]+)"/g)].map(([, id]) => id);

  test("asks every exercise of the notebook once, and no other", () => {
    const defined = exercises.map(({ id }) => id).filter((id) => id.startsWith(`${source.number}-`));
    expect([...checked].sort()).toEqual([...defined].sort());
  });

  test("folds a solution into the text before every answer", () => {
    for (const id of checked.filter((id) => !id.includes("q"))) {
      const at = source.cells.findIndex((cell) => cell.kind === "code" && cell.code.includes(`"${id}"`));
      const task = source.cells.slice(0, at).findLast((cell) => cell.kind === "prose");
      expect(task?.kind === "prose" && task.text.en, id).toContain("<details>");
    }
  });

  test("reveals or marks every guess it asks for", () => {
    const ids = (call: string) => new Set([...code.matchAll(new RegExp(call, "g"))].map(([, id]) => id));
    const asked = ids('book\\.guess\\("([^"]+)"');
    const answered = ids('(?:book\\.reveal\\(|book\\.guessed\\(|, )"(\\d\\d-[a-z])"');
    expect(answered).toEqual(asked);
  });
});
