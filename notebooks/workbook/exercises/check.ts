// The judge: from an exercise, an answer and how many hints were given before to what the learner is told.
// Right is tried first, to the digits given; then the classic mistakes; then what the answer has to do with
// the truth.

import { components, shapeOf } from "../lecture/quantity.js";
import type { Shaped, Value } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import { force, notebookOf } from "./exercise.js";
import type { Bilingual, ChoiceExercise, Exercise, JudgedExercise, NumericExercise } from "./exercise.js";
import { wrongPart } from "./formula.js";
import { fits, relation } from "./relations.js";
import { cutsOff, isOneDigit, isSame, rounds } from "./rounding.js";
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

/** Values that agree to this, relative to the largest component, differ by rounding on the way. */
const onTheWay = 2e-3;

/**
 * Judges an answer.
 * @param answer anything; null and undefined are "not answered yet"
 * @param hintsGiven how many of the hints the learner has seen: it chooses the next
 */
export function judge(exercise: Exercise, answer: unknown, hintsGiven: number, locale: Locale): Verdict {
  const text = verdictStrings[locale];
  const { outcome, lines } = find(exercise, answer, locale, text);
  const headline = text.headline(exercise.id, exercise.title[locale], outcome);
  if (outcome === "unanswered" || outcome === "right") return { outcome, headline, lines };
  const hint = outcome === "wrong" ? [nextHint(exercise, hintsGiven, locale)] : [];
  return { outcome, headline, lines: [...lines, placeToLook(exercise, locale), ...hint] };
}

/** The next hint, before any answer or after one. */
export function hint(exercise: Exercise, hintsGiven: number, locale: Locale): Omit<Verdict, "outcome"> {
  const headline = verdictStrings[locale].headline(exercise.id, exercise.title[locale], "unanswered");
  return { headline, lines: [nextHint(exercise, hintsGiven, locale), placeToLook(exercise, locale)] };
}

function nextHint({ hints }: Exercise, hintsGiven: number, locale: Locale): string {
  const text = verdictStrings[locale];
  const known = hints[locale];
  if (hintsGiven >= known.length) return text.noMoreHints(known.length);
  return text.hint(hintsGiven + 1, known.length, known[hintsGiven]);
}

function placeToLook({ id, slide }: Exercise, locale: Locale): string {
  const text = verdictStrings[locale];
  return typeof slide === "number" ? text.slide(slide, notebookOf(id)) : text.section(slide[locale]);
}

function find(exercise: Exercise, answer: unknown, locale: Locale, text: VerdictStrings): Found {
  if (answer === null || answer === undefined)
    return { outcome: "unanswered", lines: [text.unanswered(exercise.id)] };
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

  const { printed } = exercise;
  const sameShape = shapeOf(given) === shapeOf(expected);
  const asPrinted = sameShape && printed !== undefined ? components(numbersOf(printed)) : undefined;
  const truths = components(expected).map(({ value }) => value);
  const right = sameShape
    ? components(given).map(({ value }, k) => rounds(value, truths[k]) || value === asPrinted?.[k].value)
    : [];
  if (sameShape && right.every(Boolean))
    return { outcome: "right", lines: rightLines(given, expected, printed, text) };

  const close = closeTo(given, expected, text);
  const reason =
    mistakeOf(exercise, given, isSame) ??
    close ??
    mistakeOf(exercise, given, rounds) ??
    relation(given, expected, typeof exercise.slide === "number" ? exercise.slide : 0) ??
    (exercise.formula && wrongPart(exercise.formula, given)) ??
    nearest(exercise, given, expected, text);
  if (typeof reason === "string") return { outcome: "close", lines: [reason] };
  if (!reason && !sameShape) return unusable(text.wrongShape(text.shape(given), text.shape(expected)));
  const marks = sameShape && right.some(Boolean) ? [text.marks(markText(given, right))] : [];
  return { outcome: "wrong", lines: [...(reason ? [reason[locale]] : []), ...marks] };
}

function rightLines(
  given: Value,
  expected: Value,
  printed: Shaped<string> | undefined,
  text: VerdictStrings,
): string[] {
  const exact = text.exact(valueText(expected));
  if (fits(given, expected, isSame)) return [exact];
  const isPrinted = printed !== undefined && fits(given, numbersOf(printed), (a, b) => a === b);
  return [isPrinted ? text.printed(valueText(printed)) : text.rounded, exact];
}

/** What to say of digits that were cut off, or of one digit only. */
function closeTo(given: Value, expected: Value, text: VerdictStrings): string | undefined {
  const allRound = (isNearly: typeof rounds) =>
    fits(given, expected, (value, truth) => rounds(value, truth) || isNearly(value, truth));
  if (allRound(cutsOff)) return text.cutOff;
  return allRound(isOneDigit) ? text.oneDigit : undefined;
}

/** The mistakes with the answers that they lead to. */
const mistaken = ({ mistakes }: NumericExercise) =>
  mistakes.flatMap((mistake) => force(mistake.answers).map((target) => ({ target, text: mistake.text })));

/** The mistake that leads to the answer; of several, to the digits given, the nearest. */
function mistakeOf(exercise: NumericExercise, given: Value, same: typeof rounds): Bilingual | undefined {
  const found = mistaken(exercise).filter(({ target }) => fits(given, target, same));
  return found.sort((a, b) => distance(given, a.target) - distance(given, b.target)).at(0)?.text;
}

/** The largest difference of two components. */
function distance(given: Value, target: Value): number {
  const targets = components(target);
  return Math.max(...components(given).map(({ value }, k) => Math.abs(value - targets[k].value)));
}

/**
 * The mistake that the answer makes but for rounding on the way, or the word for "close" if the truth is
 * nearer.
 */
function nearest(
  exercise: NumericExercise,
  given: Value,
  expected: Value,
  text: VerdictStrings,
): Bilingual | string | undefined {
  const candidates = [
    { target: expected, said: text.close },
    ...mistaken(exercise).map(({ target, text: said }) => ({ target, said })),
  ].filter(({ target }) => shapeOf(target) === shapeOf(given));
  const near = candidates
    .map(({ target, said }) => ({
      said,
      distance: distance(given, target),
      size: Math.max(...components(target).map(({ value }) => Math.abs(value))),
    }))
    .filter(({ distance, size }) => distance <= onTheWay * size);
  return near.sort((a, b) => a.distance - b.distance).at(0)?.said;
}

function judgeChoice(
  { answer: right, choices }: ChoiceExercise,
  answer: unknown,
  locale: Locale,
  text: VerdictStrings,
): Found {
  const letters = Object.keys(choices);
  // As the text lists them: "(b)", "b)" or "b.".
  const letter =
    typeof answer === "string" ? /^\(?([a-z])[).:]?$/.exec(answer.trim().toLowerCase())?.[1] : undefined;
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
