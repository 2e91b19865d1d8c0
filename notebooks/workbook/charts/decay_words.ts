// What the charts of ratios between gradient norms say (P2, P3, P3b, P7b), in both languages.

import type { Language } from "../strings.js";

const en = {
  byWeight: {
    title: "How much is left when all of W_h is w?",
    subtitle: "W_h is 2 × 2 and all w, so σₘₐₓ(W_h) = ρ(W_h) = 2w",
    description: (weights: string, first: string, k: number, share: string, bound: string, best: string) =>
      `Line chart with a logarithmic y axis and a slider w: the RNN's gradient k steps back relative to the last step, the upper bound, and the reference line. W_h is all w, and the slider goes through ${weights}. Shown at first is w = ${first}, where ${share} is left after k = ${k} steps and the bound is ${bound}; of all w, most is left at ${best}.`,
    slider: "w, every entry of W_h: ",
  },
  gains: {
    title: "Random tanh networks of 64 units: which gain explodes?",
    legend: "gain g (click to choose)",
    curve: (gain: string) => `g = ${gain}`,
  },
  oneStep: {
    title: "One step back, when all of W_h is w",
    description: (curves: string, peak: string, w: string, linear: string) =>
      `Line chart with a logarithmic y axis: the gradient one step back relative to the last step, with W_h all w on the lecture's two inputs, with tanh and without it. With tanh the largest ratio is ${peak}, at w = ${w}; without it the ratio is above 1 from w = ${linear} on. ${curves}.`,
    weight: "w, every entry of W_h",
    ratio: "‖∂h₁‖ / ‖∂h₂‖",
    legend: "activation",
    tanh: "tanh",
    linear: "none (linear)",
    unchanged: "1: neither vanishes nor explodes",
    peak: (value: string, w: string) => `tanh at its best:\n${value} at w = ${w}`,
    guess: (value: string) => `your guess: ${value}`,
  },
  forgetBias: {
    title: "The forget gate's bias decides how far the gradient reaches",
    ratio: "‖∂C‖ at T−k, relative to T",
    legend: "b_f (click to choose)",
    bias: (value: string) => `LSTM ‖∂C‖, b_f = ${value}`,
    rnn: "RNN ‖∂h‖, same W",
  },
};

const ko: typeof en = {
  byWeight: {
    title: "W_h의 원소가 모두 w라면 기울기가 얼마나 남을까?",
    subtitle: "W_h는 원소가 모두 w인 2 × 2 행렬이므로 σₘₐₓ(W_h) = ρ(W_h) = 2w",
    description: (weights, first, k, share, bound, best) =>
      `y축이 로그이고 슬라이더 w가 있는 꺾은선 그래프: 마지막 시점에 견준 k시점 전 RNN 기울기의 크기, 그 상한과 참고선. W_h의 원소는 모두 w이고, 슬라이더로 ${weights}까지 바꿀 수 있습니다. 처음에 보이는 것은 w = ${first}일 때로, k = ${k}시점 뒤에는 ${share}만큼 남고 상한은 ${bound}입니다. 가장 많이 남는 것은 ${best}일 때입니다.`,
    slider: "w (W_h의 모든 원소): ",
  },
  gains: {
    title: "유닛이 64개인 무작위 tanh RNN: 이득이 얼마면 폭발할까?",
    legend: "이득 g (클릭해서 고르기)",
    curve: (gain) => `g = ${gain}`,
  },
  oneStep: {
    title: "W_h의 원소가 모두 w일 때, 한 시점 거슬러 가면",
    description: (curves, peak, w, linear) =>
      `y축이 로그인 꺾은선 그래프: 강의의 두 입력에서 W_h의 원소가 모두 w일 때, 한 시점 거슬러 간 기울기의 크기를 마지막 시점에 견준 비율. tanh가 있을 때와 없을 때를 그렸습니다. tanh가 있으면 가장 큰 비율은 w = ${w}에서 ${peak}이고, 없으면 w = ${linear}부터 1보다 큽니다. ${curves}.`,
    weight: "w (W_h의 모든 원소)",
    ratio: "‖∂h₁‖ / ‖∂h₂‖",
    legend: "활성화 함수",
    tanh: "tanh",
    linear: "없음 (선형)",
    unchanged: "1: 소멸도 폭발도 아님",
    peak: (value, w) => `tanh의 최댓값:\nw = ${w}에서 ${value}`,
    guess: (value) => `내 예상: ${value}`,
  },
  forgetBias: {
    title: "기울기가 얼마나 멀리 전해지는지는 망각 게이트의 편향에 달렸다",
    ratio: "‖∂C‖의 비 (T−k 대 T)",
    legend: "b_f (클릭해서 고르기)",
    bias: (value) => `LSTM ‖∂C‖, b_f = ${value}`,
    rnn: "RNN ‖∂h‖, 같은 W",
  },
};

export const decayWords: Record<Language, typeof en> = { en, ko };
