// The judge: from an exercise, an answer and how often it was answered wrongly before to what the learner is
// told. Right is tried first, then the classic mistakes, exactly and then with rounding on the way.

import { components, shapeOf } from "../lecture/quantity.js";
import type { Shaped, Value } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import { force } from "./exercise.js";
import type { ChoiceExercise, Exercise, JudgedExercise, Mistake, NumericExercise } from "./exercise.js";
import { verdictStrings } from "./verdict_strings.js";
import type { VerdictStrings } from "./verdict_strings.js";

/**
 * What became of an answer. `unusable`: not of the kind that was asked for. `close`: right but for rounding.
 * Only `right` and `wrong` are recorded.
 */
export type Outcome = "unanswered" | "unusable" | "close" | "right" | "wrong";

export interface Verdict {
  outcome: Outcome;
  /** One line that stands for itself. */
  headline: string;
  /** What more there is to say, a paragraph each. */
  lines: string[];
}

type Found = Omit<Verdict, "headline">;

/** Values that agree to this, relative to the largest component, differ by rounding to four digits or so. */
const rounding = 2e-3;

/**
 * Judges an answer.
 * @param answer anything; null and undefined are "not answered yet"
 * @param failures wrong answers before this one: it chooses the hint
 */
export function judge(exercise: Exercise, answer: unknown, failures: number, locale: Locale): Verdict {
  const text = verdictStrings[locale];
  const { outcome, lines } = find(exercise, answer, locale, text);
  const headline = text.headline(exercise.id, exercise.title[locale], outcome);
  if (outcome === "unanswered" || outcome === "right") return { outcome, headline, lines };
  const { slide, hints } = exercise;
  const back = typeof slide === "number" ? text.slide(slide) : text.section(slide[locale]);
  const known = hints[locale];
  const hint =
    failures < known.length
      ? text.hint(failures + 1, known.length, known[failures])
      : text.noMoreHints(known.length);
  return { outcome, headline, lines: [...lines, back, ...(outcome === "wrong" ? [hint] : [])] };
}

function find(exercise: Exercise, answer: unknown, locale: Locale, text: VerdictStrings): Found {
  if (answer === null || answer === undefined) return { outcome: "unanswered", lines: [text.unanswered] };
  switch (exercise.kind) {
    case "numeric":
      return judgeNumbers(exercise, answer, locale, text);
    case "choice":
      return judgeChoice(exercise, answer, locale, text);
    case "judged":
      return judgeByOwnJudge(exercise, answer, locale, text);
  }
}

function judgeNumbers(
  exercise: NumericExercise,
  answer: unknown,
  locale: Locale,
  text: VerdictStrings,
): Found {
  const expected = force(exercise.expected);
  const given = plain(answer);
  const unusable = (line: string): Found => ({ outcome: "unusable", lines: [line] });
  if (!isShapedNumbers(given)) return unusable(text.wrongShape(text.kind(given), text.shape(expected)));
  const broken = components(given).find(({ value }) => !Number.isFinite(value));
  if (broken) return unusable(text.notFinite(broken.index, broken.value));

  const { tolerance = 1e-6, printed } = exercise;
  const isSame = (value: number, target: number) =>
    Math.abs(value - target) <= tolerance * Math.max(1, Math.abs(target));
  const sameShape = shapeOf(given) === shapeOf(expected);
  const right = sameShape ? agreement(given, expected, isSame) : [];
  const exactLine = text.exact(valueText(expected));
  if (sameShape && right.every(Boolean)) return { outcome: "right", lines: [exactLine] };

  if (sameShape && printed !== undefined) {
    const asPrinted = agreement(given, numbersOf(printed), isTyped);
    const asRounded = agreement(given, expected, (value, target) =>
      isTyped(value, Number(target.toFixed(4))),
    );
    if (right.every((is, k) => is || asPrinted[k]))
      return { outcome: "right", lines: [text.printed(valueText(printed)), exactLine] };
    if (right.every((is, k) => is || asPrinted[k] || asRounded[k]))
      return { outcome: "right", lines: [text.rounded(valueText(printed)), exactLine] };
  }

  const mistake =
    exercise.mistakes.find((candidate) =>
      leadsTo(candidate, given, (target) => agreement(given, target, isSame).every(Boolean)),
    ) ?? nearest(exercise, given, expected);
  if (mistake === "close") return { outcome: "close", lines: [text.close] };
  if (!mistake && !sameShape) return unusable(text.wrongShape(text.shape(given), text.shape(expected)));
  const marks = sameShape && right.some(Boolean) ? [text.marks(markText(given, right))] : [];
  return { outcome: "wrong", lines: [...(mistake ? [mistake.text[locale]] : []), ...marks] };
}

/** The mistake that the answer makes but for rounding, or "close" if the right answer is nearer. */
function nearest(exercise: NumericExercise, given: Value, expected: Value): Mistake | "close" | undefined {
  const candidates = [
    { target: expected, found: "close" as const },
    ...exercise.mistakes.flatMap((found) => force(found.answers).map((target) => ({ target, found }))),
  ].filter(({ target }) => shapeOf(target) === shapeOf(given));
  const distances = candidates.map(({ target, found }) => {
    const [a, t] = [given, target].map((value) => components(value).map((component) => component.value));
    return {
      found,
      distance: Math.max(...a.map((value, k) => Math.abs(value - t[k]))),
      size: Math.max(...t.map(Math.abs)),
    };
  });
  const near = distances.filter(({ distance, size }) => distance <= rounding * size);
  return near.sort((a, b) => a.distance - b.distance).at(0)?.found;
}

const leadsTo = (mistake: Mistake, given: Value, matches: (target: Value) => boolean) =>
  force(mistake.answers).some((target) => shapeOf(target) === shapeOf(given) && matches(target));

/** Component by component, whether `same` holds. */
function agreement(given: Value, target: Value, same: (value: number, target: number) => boolean): boolean[] {
  const targets = components(target);
  return components(given).map(({ value }, k) => same(value, targets[k].value));
}

/** A number that was typed in has no rounding error worth mentioning. */
const isTyped = (value: number, target: number) => Math.abs(value - target) <= 1e-12;

function judgeChoice(
  { answer: right, choices }: ChoiceExercise,
  answer: unknown,
  locale: Locale,
  text: VerdictStrings,
): Found {
  const letters = Object.keys(choices);
  const letter = typeof answer === "string" ? answer.trim().toLowerCase() : undefined;
  if (letter === undefined || !letters.includes(letter)) {
    const came = typeof answer === "string" ? `"${answer}"` : text.kind(plain(answer));
    return { outcome: "unusable", lines: [text.notALetter(came, letters)] };
  }
  return { outcome: letter === right ? "right" : "wrong", lines: [choices[letter][locale]] };
}

function judgeByOwnJudge(
  exercise: JudgedExercise,
  answer: unknown,
  locale: Locale,
  text: VerdictStrings,
): Found {
  try {
    const { right, reason } = exercise.judge(answer);
    const outcome = right === null ? "unanswered" : right ? "right" : "wrong";
    return { outcome, lines: [reason[locale]] };
  } catch (error) {
    return { outcome: "wrong", lines: [text.threw(error instanceof Error ? error.message : String(error))] };
  }
}

/** Typed arrays as plain ones; everything else as it is. */
function plain(answer: unknown): unknown {
  if (ArrayBuffer.isView(answer) && !(answer instanceof DataView)) return Array.from(answer as Float64Array);
  return Array.isArray(answer) ? Array.from(answer, plain) : answer;
}

/** A number, a vector or a matrix without gaps, whose numbers may still be NaN. */
function isShapedNumbers(value: unknown): value is Value {
  const isNumber = (entry: unknown) => typeof entry === "number";
  const isVector = (entry: unknown) => Array.isArray(entry) && entry.length > 0 && entry.every(isNumber);
  if (isNumber(value) || isVector(value)) return true;
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => isVector(row) && (row as unknown[]).length === (value[0] as unknown[]).length)
  );
}

function numbersOf(printed: Shaped<string>): Value {
  if (!Array.isArray(printed)) return Number(printed);
  return printed.map((entry: string | string[]) =>
    Array.isArray(entry) ? entry.map(Number) : Number(entry),
  ) as Value;
}

/** As one would type it: `[0.1, 0.2]`; eight significant digits of a number, a printed one as it is. */
function valueText(value: Shaped<number | string>): string {
  if (Array.isArray(value))
    return `[${value.map((entry: Shaped<number | string>) => valueText(entry)).join(", ")}]`;
  return typeof value === "string" ? value : String(Number(value.toPrecision(8)));
}

const markText = (given: Value, right: boolean[]) =>
  components(given)
    .map(({ index, value }, k) => `${index} ${Number(value.toPrecision(8))} ${right[k] ? "✓" : "✗"}`)
    .join(" · ");
