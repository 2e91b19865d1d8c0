// The 73 slides of the lecture "RNN과 LSTM" by ONECLICK AI: their titles, how much of each has come down to
// us, and the notebook that renders it. The titles are complete; the text of the slides comes from a scan of
// them.

import type { Bilingual } from "../exercises/exercise.js";

/**
 * `legible`: all it says can be read. `damaged`: some of it can. `lost`: nothing but its title.
 */
export type SlideState = "legible" | "damaged" | "lost";

export interface LectureSlide {
  slide: number;
  title: Bilingual;
  state: SlideState;
  /** What can be read of a damaged slide, or what is missing. */
  remark?: Bilingual;
  /** The number of the notebook that renders it. */
  notebook: string;
}

interface Group {
  first: number;
  last: number;
  title: Bilingual;
  state: SlideState;
  notebook: string;
}

const rnn = { en: "1. Recurrent neural networks (RNN)", ko: "1. 순환 신경망 RNN" };
const vanishing = { en: "2. The vanishing gradient of RNNs", ko: "2. RNN 기울기 소멸" };
const exploding = { en: "3. The exploding gradient of RNNs", ko: "3. RNN 기울기 폭발" };
const lstm = { en: "4. LSTM", ko: "4. LSTM" };
const byFormula = { en: "5. LSTM, opened up by its formulas", ko: "5. LSTM 수식으로 열어보기" };
const inNumpy = { en: "6. An LSTM in NumPy", ko: "6. Numpy로 LSTM 구현하기" };
const appendix = { en: "Appendix: deriving the formulas", ko: "부록 수식 미분해보기" };

const features = { en: "features?", ko: "특징?" };
const cell = { en: "the RNN cell?", ko: "RNN Cell?" };
const forward = { en: "1. forward pass", ko: "1. 순전파" };
const backward = { en: "2. backward pass", ko: "2. 역전파" };
const softmax = { en: "1. softmax + cross-entropy", ko: "1. softmax + crossEntropy" };
const dense = { en: "2. dense layer", ko: "2. Dense Layer" };

const part = (chapter: Bilingual, section: Bilingual): Bilingual => ({
  en: `${chapter.en}: ${section.en}`,
  ko: `${chapter.ko}: ${section.ko}`,
});

const groups: Group[] = [
  { first: 1, last: 1, title: { en: "RNN and LSTM", ko: "RNN과 LSTM" }, state: "legible", notebook: "00" },
  { first: 2, last: 2, title: { en: "Contents", ko: "목차" }, state: "lost", notebook: "00" },
  { first: 3, last: 5, title: part(rnn, features), state: "lost", notebook: "01" },
  { first: 6, last: 9, title: part(rnn, cell), state: "lost", notebook: "01" },
  { first: 10, last: 11, title: vanishing, state: "lost", notebook: "02" },
  { first: 12, last: 16, title: part(vanishing, forward), state: "lost", notebook: "02" },
  { first: 17, last: 18, title: part(vanishing, backward), state: "lost", notebook: "02" },
  {
    first: 19,
    last: 19,
    title: part(vanishing, { en: "3. result", ko: "3. 결과" }),
    state: "lost",
    notebook: "02",
  },
  { first: 20, last: 24, title: part(exploding, forward), state: "lost", notebook: "03" },
  { first: 25, last: 26, title: part(exploding, backward), state: "lost", notebook: "03" },
  { first: 27, last: 27, title: part(lstm, { en: "features", ko: "특징" }), state: "lost", notebook: "04" },
  { first: 28, last: 33, title: part(lstm, forward), state: "legible", notebook: "04" },
  { first: 34, last: 35, title: byFormula, state: "legible", notebook: "05" },
  { first: 36, last: 43, title: part(byFormula, forward), state: "legible", notebook: "05" },
  { first: 44, last: 57, title: part(byFormula, backward), state: "legible", notebook: "06" },
  {
    first: 58,
    last: 59,
    title: part(byFormula, { en: "3. weight update", ko: "3. 가중치 업데이트" }),
    state: "legible",
    notebook: "07",
  },
  { first: 60, last: 60, title: inNumpy, state: "legible", notebook: "08" },
  { first: 61, last: 61, title: appendix, state: "legible", notebook: "09" },
  { first: 62, last: 66, title: part(appendix, softmax), state: "legible", notebook: "09" },
  { first: 67, last: 71, title: part(appendix, dense), state: "legible", notebook: "09" },
  {
    first: 72,
    last: 72,
    title: { en: "What we did today", ko: "오늘 한 것" },
    state: "legible",
    notebook: "09",
  },
  { first: 73, last: 73, title: { en: "Thank you", ko: "감사합니다" }, state: "legible", notebook: "09" },
];

/** Slides that differ from their group in how much is left of them. */
const exceptions: Partial<Record<number, { state: SlideState; remark: Bilingual }>> = {
  7: {
    state: "damaged",
    remark: {
      en: "one formula can be read, $h_t = \\tanh(W_x X_t + W_h h_{t-1} + b)$; it is from this slide or from slide 14",
      ko: "수식 하나가 남아 있습니다: $h_t = \\tanh(W_x X_t + W_h h_{t-1} + b)$. 이 슬라이드나 슬라이드 14에 있던 것입니다",
    },
  },
  14: {
    state: "damaged",
    remark: {
      en: "one line can be read, with the numbers of $W_x$, $x_2$, $W_h$, $h_1$ and $b$",
      ko: "$W_x$, $x_2$, $W_h$, $h_1$, $b$의 값이 적힌 한 줄만 남아 있습니다",
    },
  },
  28: { state: "lost", remark: { en: "probably a diagram of the cell", ko: "아마도 셀의 구조도" } },
  29: {
    state: "damaged",
    remark: { en: "the formula of $f_t$ can be read, the words cannot", ko: "$f_t$의 수식만 남아 있습니다" },
  },
  30: {
    state: "damaged",
    remark: {
      en: "the heading and the formulas of $i_t$, $\\tilde C_t$ and $C_t$ can be read",
      ko: "소제목과 $i_t$, $\\tilde C_t$, $C_t$의 수식이 남아 있습니다",
    },
  },
  31: { state: "damaged", remark: { en: "half a line can be read", ko: "반 줄만 남아 있습니다" } },
  32: {
    state: "damaged",
    remark: {
      en: "the formulas of $o_t$ and $h_t$ can be read, the last line cannot",
      ko: "$o_t$와 $h_t$의 수식은 남아 있고 마지막 줄은 읽을 수 없습니다",
    },
  },
  34: { state: "damaged", remark: { en: "the diagram is lost", ko: "그림이 남아 있지 않습니다" } },
  37: {
    state: "damaged",
    remark: {
      en: "the line of $\\tilde C_1$ cannot be read; its value follows from the line of $C_1$",
      ko: "$\\tilde C_1$ 줄을 읽을 수 없습니다. 그 값은 $C_1$ 줄에서 알 수 있습니다",
    },
  },
  59: { state: "damaged", remark: { en: "the closing remark is lost", ko: "맺음말이 남아 있지 않습니다" } },
  61: { state: "damaged", remark: { en: "some words are lost", ko: "일부 글자가 남아 있지 않습니다" } },
};

/** Slides 1 … 73, in order. */
export const lectureOutline: readonly LectureSlide[] = groups.flatMap(
  ({ first, last, title, state, notebook }) =>
    Array.from({ length: last - first + 1 }, (_, k): LectureSlide => {
      const slide = { slide: first + k, title: first === last ? title : numbered(title, k + 1), notebook };
      return { ...slide, ...(exceptions[first + k] ?? { state }) };
    }),
);

function numbered(title: Bilingual, k: number): Bilingual {
  return { en: `${title.en} (${k})`, ko: `${title.ko} (${k})` };
}
