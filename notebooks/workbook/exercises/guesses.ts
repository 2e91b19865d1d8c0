// Predict first: the guesses a learner makes before the answer is shown, for the charts that show both.

import type { Locale } from "../locale.js";
import { isChoice, isSame, valueOf } from "./predictions.js";
import type { Progress } from "./progress.js";
import { rounds } from "./rounding.js";

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
  revealed: (id: string, guess: string, truth: string, off?: { difference: string; ratio?: string }) => {
    const ratio = off?.ratio === undefined ? "" : `, ${off.ratio} times as much`;
    return `Guess ${id}: you said **${guess}**, the answer is **${truth}**${off ? ` (difference ${off.difference}${ratio})` : ""}.`;
  },
  rounded: (id: string, guess: string, truth: string) =>
    `Guess ${id}: you said **${guess}**, the answer is **${truth}**: right to the digits you gave.`,
  hit: (id: string, truth: string) => `Guess ${id}: **${truth}**, exactly as you said.`,
  truth: (id: string, truth: string) => `Guess ${id}: the answer is **${truth}**. You made no guess.`,
};

/** Without what stands in brackets: between ")" and a particle, Markdown does not end what is bold. */
const bold = (value: string) => value.replace(/^[^(]+/, "**$&**");

const ko: typeof en = {
  none: (id) =>
    `○ 예상 ${id}: 아직 적지 않았습니다. null 자리에 숫자를 쓰고 셀을 다시 실행하세요. 그냥 넘어가도 됩니다.`,
  noNumber: (id, value) => `△ 예상 ${id}: 숫자가 아닙니다(${value}).`,
  made: (id, value) => `✎ 예상 ${id}: ${value}. 답이 나올 때 함께 보여 드립니다.`,
  revealed: (id, guess, truth, off) => {
    const ratio = off?.ratio === undefined ? "" : `, ${off.ratio}배`;
    return `예상 ${id}: 예상은 ${bold(guess)}, 답은 ${bold(truth)}입니다${off ? `(차이 ${off.difference}${ratio})` : ""}.`;
  },
  rounded: (id, guess, truth) =>
    `예상 ${id}: 예상은 ${bold(guess)}, 답은 ${bold(truth)}입니다. 적은 자릿수까지 맞혔습니다.`,
  hit: (id, truth) => `예상 ${id}: ${bold(truth)}, 정확히 맞혔습니다.`,
  truth: (id, truth) => `예상 ${id}: 답은 ${bold(truth)}입니다. 예상은 적지 않았습니다.`,
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
      const tell = (value: number) => valueOf(id, value, locale);
      if (guess === null) return text.truth(id, tell(truth));
      if (isSame(guess, truth)) return text.hit(id, tell(truth));
      if (isChoice(id)) return text.revealed(id, tell(guess), tell(truth));
      if (rounds(guess, truth)) return text.rounded(id, tell(guess), tell(truth));
      const ratio = guess / truth;
      const isFarOff = Number.isFinite(ratio) && (ratio >= 2 || (ratio > 0 && ratio <= 0.5));
      return text.revealed(id, tell(guess), tell(truth), {
        difference: tell(Math.abs(guess - truth)),
        ...(isFarOff && { ratio: tell(ratio) }),
      });
    },
  };
}
