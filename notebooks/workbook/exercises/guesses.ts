// Predict first: the guesses a learner makes before the answer is shown, for the charts that show both.

import type { Locale } from "../locale.js";
import { isChoice, isSame, valueOf } from "./predictions.js";
import type { Progress } from "./progress.js";

export interface Guesses {
  /** Remembers a guess and says so in a line of Markdown. Null takes it back. */
  make(id: string, value: number | null): string;
  get(id: string): number | null;
  /**
   * Guess and truth side by side, as a line of Markdown. The guess is kept, if it was made before its answer
   * was shown.
   */
  reveal(id: string, truth: number): string;
}

const en = {
  none: (id: string) =>
    `○ Guess ${id}: none yet. Put a number in place of null, run the cell again, or go on without one.`,
  noNumber: (id: string, value: string) => `△ Guess ${id}: ${value} is not a number.`,
  made: (id: string, value: string) => `✎ Guess ${id}: ${value}. It is noted until the answer comes.`,
  revealed: (id: string, guess: string, truth: string, difference?: string) =>
    `Guess ${id}: you said **${guess}**, the answer is **${truth}**${difference ? ` (difference ${difference})` : ""}.`,
  hit: (id: string, truth: string) => `Guess ${id}: **${truth}**, exactly as you said.`,
  truth: (id: string, truth: string) => `Guess ${id}: the answer is **${truth}**. You made no guess.`,
};

const ko: typeof en = {
  none: (id) =>
    `○ 예상 ${id}: 아직 적지 않았습니다. null 자리에 숫자를 쓰고 셀을 다시 실행하세요. 그냥 넘어가도 됩니다.`,
  noNumber: (id, value) => `△ 예상 ${id}: 숫자가 아닙니다(${value}).`,
  made: (id, value) => `✎ 예상 ${id}: ${value}. 답이 나올 때 함께 보여 드립니다.`,
  revealed: (id, guess, truth, difference) =>
    `예상 ${id}: 예상은 **${guess}**, 답은 **${truth}**입니다${difference ? `(차이 ${difference})` : ""}.`,
  hit: (id, truth) => `예상 ${id}: **${truth}**, 정확히 맞혔습니다.`,
  truth: (id, truth) => `예상 ${id}: 답은 **${truth}**입니다. 예상은 적지 않았습니다.`,
};

const strings: Record<Locale, typeof en> = { en, ko };

/** The guesses of one notebook. What is revealed goes into `progress`. */
export function keepGuesses(locale: Locale, progress: () => Progress): Guesses {
  const text = strings[locale];
  const made = new Map<string, number>();
  const shown = new Set<string>();
  const get = (id: string) => made.get(id) ?? null;
  return {
    get,
    make(id, value) {
      made.delete(id);
      if (value === null || value === undefined) return text.none(id);
      if (typeof value !== "number" || !Number.isFinite(value)) return text.noNumber(id, String(value));
      made.set(id, value);
      return text.made(id, valueOf(id, value, locale));
    },
    reveal(id, truth) {
      const guess = get(id);
      if (guess !== null && !shown.has(id)) progress().recordGuess(id, guess, truth);
      shown.add(id);
      const answer = valueOf(id, truth, locale);
      if (guess === null) return text.truth(id, answer);
      if (isSame(guess, truth)) return text.hit(id, answer);
      const difference = isChoice(id) ? undefined : valueOf(id, Math.abs(guess - truth), locale);
      return text.revealed(id, valueOf(id, guess, locale), answer, difference);
    },
  };
}
