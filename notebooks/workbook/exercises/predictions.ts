// What the notebooks let a learner predict, and how close the guesses came: how well do you know, when you
// know?

import type { Locale } from "../locale.js";
import { numberText } from "../number_text.js";
import type { Table } from "../table.js";
import type { Bilingual } from "./exercise.js";
import type { GuessRecord } from "./progress.js";
import { rounds } from "./rounding.js";

interface Prediction {
  /** What is to be guessed, in a few words. */
  what: Bilingual;
  /** If a number is to be chosen: what each stands for, or {}. Such a guess is right or wrong, not near. */
  choices?: Partial<Record<number, Bilingual>>;
}

/** By their ids, in the notebooks' order. */
export const predictions: Readonly<Record<string, Prediction>> = {
  "00-a": {
    what: {
      en: "by how many powers of ten an RNN's gradient shrinks in 19 steps",
      ko: "RNN의 기울기가 시점 19개를 거슬러 가며 줄어드는 정도(10의 거듭제곱)",
    },
  },
  "01-a": { what: { en: "parameters of an RNN cell", ko: "RNN 셀의 파라미터 수" } },
  "01-b": { what: { en: "the sigmoid's largest slope", ko: "시그모이드의 미분의 최댓값" } },
  "02-a": {
    what: {
      en: "the share of an RNN's gradient that is left one step back",
      ko: "RNN에서 한 시점 거슬러 갔을 때 남는 기울기의 비율",
    },
  },
  "02-b": {
    what: {
      en: "the w that keeps most of the gradient over 50 steps",
      ko: "시점 50개 뒤에 기울기가 가장 많이 남는 w",
    },
  },
  "02-c": {
    what: { en: "the gradient against its bound", ko: "상한과 비교한 실제 기울기" },
    choices: {
      1: { en: "it falls faster", ko: "더 빨리 줄어든다" },
      2: { en: "it falls more slowly", ko: "더 천천히 줄어든다" },
    },
  },
  "03-a": {
    what: { en: "the factor of one step back, without tanh", ko: "tanh 없이 한 시점 거슬러 갈 때의 배율" },
  },
  "03-b": {
    what: { en: "the best factor of one step back, with tanh", ko: "tanh가 있을 때 가장 큰 배율" },
  },
  "03-c": {
    what: {
      en: "on which input the gradient keeps growing",
      ko: "기울기가 계속 커지는 입력",
    },
    choices: {
      0: { en: "neither", ko: "없음" },
      1: { en: "[1, 2]", ko: "[1, 2]" },
      2: { en: "[2, 3]", ko: "[2, 3]" },
      3: { en: "both", ko: "둘 다" },
    },
  },
  "04-a": {
    what: { en: "the wire that carries the gradient", ko: "기울기가 더 많이 오는 경로" },
    choices: { 1: { en: "upper", ko: "위쪽" }, 2: { en: "lower", ko: "아래쪽" } },
  },
  "04-b": {
    what: {
      en: "what is left of C after 20 steps with f = 0.9",
      ko: "f = 0.9로 20개 시점을 지난 뒤 남는 C의 비율",
    },
  },
  "05-a": { what: { en: "ŷ₁ before any training", ko: "학습하기 전의 ŷ₁" } },
  "05-b": {
    what: { en: "the slide with the largest error", ko: "오차가 가장 큰 슬라이드" },
    choices: {},
  },
  "05-c": {
    what: { en: "how much C₁ changes without the forget gate", ko: "망각 게이트가 없을 때 C₁의 변화" },
  },
  "06-a": { what: { en: "the forget gate's gradient at t = 1", ko: "t = 1에서 망각 게이트의 기울기" } },
  "06-b": {
    what: {
      en: "the share that an LSTM's cell state keeps one step back",
      ko: "한 시점 거슬러 갔을 때 LSTM의 셀 상태에 남는 기울기의 비율",
    },
  },
  "06-c": {
    what: { en: "the gate that sends most on at t = 2", ko: "t = 2에서 기울기를 가장 많이 전달하는 게이트" },
    choices: {
      1: { en: "forget gate", ko: "망각 게이트" },
      2: { en: "input gate", ko: "입력 게이트" },
      3: { en: "candidate", ko: "후보" },
      4: { en: "output gate", ko: "출력 게이트" },
    },
  },
  "07-a": { what: { en: "the loss after one update", ko: "한 번 업데이트한 뒤의 손실" } },
  "07-b": { what: { en: "updates until the answer is right", ko: "정답을 맞힐 때까지의 업데이트 횟수" } },
  "07-c": {
    what: { en: "the weights that move most", ko: "가장 많이 움직이는 가중치" },
    choices: { 1: { en: "the cell's", ko: "셀" }, 2: { en: "the dense layer's", ko: "Dense 층" } },
  },
  "08-a": {
    what: {
      en: "broken LSTMs that a gradient check finds",
      ko: "기울기 검증으로 잡는 고장 난 LSTM의 수",
    },
  },
  "08-b": {
    what: {
      en: "broken LSTMs that are right on the slides' numbers",
      ko: "슬라이드의 숫자로는 잡히지 않는 고장 난 LSTM의 수",
    },
  },
  "08-c": { what: { en: "the LSTM's error on CO₂, in ppm", ko: "CO₂ 예측에서 LSTM의 오차(ppm)" } },
  "09-a": { what: { en: "the slope of the loss in z₁", ko: "z₁에 대한 손실의 기울기" } },
  "09-b": { what: { en: "the sum of softmax's two slopes", ko: "소프트맥스의 두 기울기의 합" } },
};

/** Four significant digits: a guess is not more precise than that. What is below 1e-12 is rounding: 0. */
const short = (value: number) => String(Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(4)));

/** A guess or an answer as it is told: "2 (lower)", "0.0457". */
export function valueOf(id: string, value: number, locale: Locale): string {
  const label = predictions[id]?.choices?.[value]?.[locale];
  return label === undefined ? short(value) : strings[locale].choice(short(value), label);
}

export const isChoice = (id: string): boolean => predictions[id]?.choices !== undefined;

/** Whether both are told with the same digits. */
export const isSame = (guess: number, answer: number): boolean => short(guess) === short(answer);

/**
 * How close a guess came: the same or what rounds it, within a tenth of the answer, within a factor of two,
 * or further off.
 */
export type Closeness = "right" | "tenth" | "twice" | "far";

export function closeness(id: string, { guess, answer }: GuessRecord): Closeness {
  if (isSame(guess, answer)) return "right";
  if (isChoice(id)) return "far";
  if (rounds(guess, answer)) return "right";
  if (Math.abs(guess - answer) <= 0.1 * Math.abs(answer)) return "tenth";
  const ratio = guess / answer;
  return ratio >= 0.5 && ratio <= 2 ? "twice" : "far";
}

/** The guesses of all notebooks next to their answers, with how close they came. */
export function predictionTable(locale: Locale, guesses: Record<string, GuessRecord>): Table {
  const text = strings[locale];
  const made = Object.entries(guesses)
    .filter(([id]) => Object.hasOwn(predictions, id))
    .map(([id, record]) => ({ id, ...record, close: closeness(id, record) }));
  const count = (...kinds: Closeness[]) => made.filter(({ close }) => kinds.includes(close)).length;
  const off = made.filter(({ id, close }) => !isChoice(id) && (close === "twice" || close === "far"));
  const low = off.filter(({ guess, answer }) => guess < answer).length;
  return {
    caption: text.caption(made.length, Object.keys(predictions).length, {
      close: count("right", "tenth"),
      twice: count("twice"),
    }),
    head: text.head,
    rows: made.map(({ id, guess, answer, close }) => [
      id,
      predictions[id].what[locale],
      valueOf(id, guess, locale),
      valueOf(id, answer, locale),
      close !== "far"
        ? text.close[close]
        : isChoice(id) || guess / answer <= 0 || answer === 0
          ? text.wrong
          : text.times(numberText(guess / answer)),
    ]),
    remarks: off.length > 0 ? [text.tendency(low, off.length - low)] : [],
  };
}

const en = {
  choice: (value: string, label: string) => `${value} (${label})`,
  caption: (made: number, all: number, { close, twice }: { close: number; twice: number }) =>
    made === 0
      ? `Your predictions: none of ${all} yet`
      : `Your predictions: ${made} of ${all} made, ${close} right or within a tenth, ${twice} within a factor of two`,
  head: ["", "prediction", "your guess", "answer", ""],
  close: { right: "✓ right", tenth: "✓ within a tenth", twice: "≈ within a factor of two" },
  wrong: "○ not it",
  times: (ratio: string) => `○ ${ratio} × the answer`,
  tendency: (low: number, high: number) =>
    `Of the numbers that were off, ${low} were too small and ${high} too large.`,
};

const ko: typeof en = {
  choice: (value, label) => `${value}(${label})`,
  caption: (made, all, { close, twice }) =>
    made === 0
      ? `내 예상: ${all}개 중 아직 없음`
      : `내 예상: ${all}개 중 ${made}개, 맞았거나 10% 이내 ${close}개, 두 배 이내 ${twice}개`,
  head: ["", "예상한 것", "내 예상", "답", ""],
  close: { right: "✓ 맞음", tenth: "✓ 10% 이내", twice: "≈ 두 배 이내" },
  wrong: "○ 틀림",
  times: (ratio) => `○ 답의 ${ratio}배`,
  tendency: (low, high) => `빗나간 수 가운데 ${low}개는 답보다 작고 ${high}개는 답보다 컸습니다.`,
};

const strings: Record<Locale, typeof en> = { en, ko };
