// What an exercise is. The definitions of notebook NN are in NN.ts; check.ts judges an answer by them.

import type { Shaped, Value } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import type { Formula } from "./formula.js";

/** A text in both languages; LaTeX in `$…$`. */
export type Bilingual = Record<Locale, string>;

/** A value, or how to compute it: what takes long to compute is computed when the learner answers. */
export type Lazy<T> = T | (() => T);

interface Task {
  /** Permanent: notebook and number, such as "05-1"; "05-q1" in the closing quiz. */
  id: string;
  /** What is asked for, in a few words. */
  title: Bilingual;
  /** The slide to go back to, or where else to look again: "the section on clipping". */
  slide: number | Bilingual;
  /** Shown one after the other, one with each failure, from a nudge to nearly the solution. */
  hints: Record<Locale, string[]>;
}

/** A wrong answer that has a reason. */
export interface Mistake<T = Value> {
  /**
   * The answer that the mistake leads to, computed from the wrong formula; several where it has several
   * forms.
   */
  answers: Lazy<T[]>;
  /** Names the mistake and says why it is one: "1 − h² is missing: …". */
  text: Bilingual;
}

/** Asks for a number, a vector or a matrix. */
export interface NumericExercise extends Task {
  kind: "numeric";
  expected: Lazy<Value>;
  /** What the slide prints, digit by digit; accepted, with a note. */
  printed?: Shaped<string>;
  /** How the answer comes about; by it what is wrong is found where none of the mistakes fits. */
  formula?: Formula;
  mistakes: Mistake[];
}

/** Asks for the letter of an answer. */
export interface ChoiceExercise extends Task {
  kind: "choice";
  /** The letter of the right answer, lower case. */
  answer: string;
  /** By letter: why it is right, or why it is wrong. */
  choices: Record<string, Bilingual>;
}

/** What a judged exercise says to an answer; `reason` is shown. */
export interface Judgement {
  /** Null: there is something, but nothing to be judged yet. */
  right: boolean | null;
  reason: Bilingual;
}

/** Asks for anything else, a function for example, and has a judge of its own. */
export interface JudgedExercise extends Task {
  kind: "judged";
  /** May throw, as a learner's function may: what it throws is told, and the answer counts as wrong. */
  judge: (answer: unknown) => Judgement;
  /** An answer that must be judged right; the tests try it. */
  solution: Lazy<unknown>;
  /** Answers that must be judged wrong with this very reason; the tests try them. */
  mistakes: Mistake<unknown>[];
}

export type Exercise = NumericExercise | ChoiceExercise | JudgedExercise;

/** A mistake that leads to one answer, and what to say about it. */
export const mistake = (answer: Lazy<Value>, en: string, ko: string): Mistake => ({
  answers: () => [force(answer)],
  text: { en, ko },
});

/** The notebook that an exercise belongs to, two digits. */
export const notebookOf = (id: string) => id.slice(0, id.indexOf("-"));

/** The value of something lazy. */
export function force<T>(lazy: Lazy<T>): T {
  return typeof lazy === "function" ? (lazy as () => T)() : lazy;
}
