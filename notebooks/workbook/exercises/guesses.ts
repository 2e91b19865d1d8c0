// Predict first: the guesses a learner makes before the answer is shown, for the charts that show both.

import type { Locale } from "../locale.js";

export interface Guesses {
  /** Remembers a guess and says so in a line of Markdown. Null takes it back. */
  make(id: string, value: number | null): string;
  get(id: string): number | null;
  /** Guess and truth side by side, as a line of Markdown. */
  reveal(id: string, truth: number): string;
}

const en = {
  none: (id: string) =>
    `○ Guess ${id}: none yet. Put a number in place of null, run the cell again, or go on without one.`,
  noNumber: (id: string, value: string) => `△ Guess ${id}: ${value} is not a number.`,
  made: (id: string, value: string) => `✎ Guess ${id}: ${value}. It is noted until the answer comes.`,
  revealed: (id: string, guess: string, truth: string, difference: string) =>
    `Guess ${id}: you said **${guess}**, the answer is **${truth}** (difference ${difference}).`,
  hit: (id: string, truth: string) => `Guess ${id}: **${truth}**, exactly as you said.`,
  truth: (id: string, truth: string) => `Guess ${id}: the answer is **${truth}**. You made no guess.`,
};

const ko: typeof en = {
  none: (id) =>
    `○ 예상 ${id}: 아직 적지 않았습니다. null 자리에 숫자를 쓰고 셀을 다시 실행하세요. 그냥 넘어가도 됩니다.`,
  noNumber: (id, value) => `△ 예상 ${id}: 숫자가 아닙니다(${value}).`,
  made: (id, value) => `✎ 예상 ${id}: ${value}. 답이 나올 때 함께 보여 드립니다.`,
  revealed: (id, guess, truth, difference) =>
    `예상 ${id}: 예상은 **${guess}**, 답은 **${truth}**입니다(차이 ${difference}).`,
  hit: (id, truth) => `예상 ${id}: **${truth}**, 정확히 맞혔습니다.`,
  truth: (id, truth) => `예상 ${id}: 답은 **${truth}**입니다. 예상은 적지 않았습니다.`,
};

const strings: Record<Locale, typeof en> = { en, ko };

/** Four significant digits: a guess is not more precise than that. */
const short = (value: number) => String(Number(value.toPrecision(4)));

/** The guesses of one notebook, kept as long as its kernel runs: the cells that make them hold the values. */
export function keepGuesses(locale: Locale): Guesses {
  const text = strings[locale];
  const made = new Map<string, number>();
  const get = (id: string) => made.get(id) ?? null;
  return {
    get,
    make(id, value) {
      made.delete(id);
      if (value === null || value === undefined) return text.none(id);
      if (typeof value !== "number" || !Number.isFinite(value)) return text.noNumber(id, String(value));
      made.set(id, value);
      return text.made(id, short(value));
    },
    reveal(id, truth) {
      const guess = get(id);
      if (guess === null) return text.truth(id, short(truth));
      if (short(guess) === short(truth)) return text.hit(id, short(truth));
      return text.revealed(id, short(guess), short(truth), short(Math.abs(guess - truth)));
    },
  };
}
