// The notation and the terms of the workbook. A slide is named where each is explained; a test reads that
// section and finds the term in it, in both languages.

import type { Bilingual } from "../workbook/exercises/exercise.js";

export interface GlossarySymbol {
  /** LaTeX, without dollars and without bars, which would end a column. */
  symbol: string;
  /** The name in code. */
  code: string;
  /** H: hidden units, I: inputs, K: classes. */
  shape: string;
  meaning: Bilingual;
  slide: number;
}

export interface Term {
  term: Bilingual;
  meaning: Bilingual;
  /** The slide that explains it, or the notebook that does, where the slides do not. */
  where: number | string;
}

export const symbols: readonly GlossarySymbol[] = [
  {
    symbol: "t = 1 \\dots T",
    code: "t",
    shape: "–",
    meaning: {
      en: "time step; $t = 0$ is the initial state, while arrays count from 0",
      ko: "시점. $t = 0$은 초기 상태이고, 배열의 번호는 0부터 셉니다",
    },
    slide: 36,
  },
  {
    symbol: "x_t",
    code: "x1, x2",
    shape: "I",
    meaning: { en: "input at step $t$, a column", ko: "시점 $t$의 입력, 열벡터" },
    slide: 35,
  },
  {
    symbol: "h_t",
    code: "h",
    shape: "H",
    meaning: { en: "hidden state", ko: "은닉 상태" },
    slide: 38,
  },
  {
    symbol: "C_t",
    code: "c",
    shape: "H",
    meaning: { en: "cell state of an LSTM", ko: "LSTM의 셀 상태" },
    slide: 37,
  },
  {
    symbol: "W_x,\\ W_h,\\ b",
    code: "Wx, Wh, b",
    shape: "H×I, H×H, H",
    meaning: {
      en: "weights of the input and of the hidden state, bias: $z = W_x x + W_h h + b$",
      ko: "입력의 가중치, 은닉 상태의 가중치, 편향: $z = W_x x + W_h h + b$",
    },
    slide: 35,
  },
  {
    symbol: "z_t",
    code: "z",
    shape: "H",
    meaning: { en: "what goes into a gate or into tanh (pre-activation)", ko: "게이트나 tanh에 들어가는 값" },
    slide: 36,
  },
  {
    symbol: "f_t,\\ i_t,\\ o_t",
    code: "f, i, o",
    shape: "H",
    meaning: { en: "forget gate, input gate, output gate", ko: "망각 게이트, 입력 게이트, 출력 게이트" },
    slide: 36,
  },
  {
    symbol: "\\tilde C_t",
    code: "g",
    shape: "H",
    meaning: {
      en: "candidate for the cell state; `c` in code is the cell state alone",
      ko: "셀 상태의 후보. 코드의 `c`는 셀 상태만 가리킵니다",
    },
    slide: 37,
  },
  {
    symbol: "\\sigma,\\ \\tanh",
    code: "sigmoid, tanh",
    shape: "–",
    meaning: {
      en: "slopes $\\sigma' = \\sigma(1 - \\sigma)$ and $\\tanh' = 1 - \\tanh^2$",
      ko: "미분은 $\\sigma' = \\sigma(1 - \\sigma)$, $\\tanh' = 1 - \\tanh^2$",
    },
    slide: 36,
  },
  {
    symbol: "\\odot",
    code: "hadamard",
    shape: "–",
    meaning: { en: "product component by component", ko: "성분별 곱(아다마르 곱)" },
    slide: 37,
  },
  {
    symbol: "W_{hy},\\ b_y",
    code: "Why, by",
    shape: "K×H, K",
    meaning: { en: "parameters of the dense layer", ko: "Dense 층의 가중치와 편향" },
    slide: 42,
  },
  {
    symbol: "\\hat y,\\ y",
    code: "yHat, y",
    shape: "K",
    meaning: { en: "predicted probabilities and the right answer", ko: "예측한 확률과 정답" },
    slide: 42,
  },
  {
    symbol: "L",
    code: "loss",
    shape: "–",
    meaning: {
      en: "loss: cross-entropy, with the natural logarithm",
      ko: "손실: 자연로그를 쓰는 교차 엔트로피",
    },
    slide: 43,
  },
  {
    symbol: "\\partial a",
    code: "da",
    shape: "a",
    meaning: {
      en: "the gradient $\\partial L / \\partial a$: `dh2`, `dC1`, `dWx`; the same shape as $a$",
      ko: "기울기 $\\partial L / \\partial a$: `dh2`, `dC1`, `dWx`. 모양은 $a$와 같습니다",
    },
    slide: 44,
  },
  {
    symbol: "\\partial C_{\\text{next}}",
    code: "dCnext",
    shape: "H",
    meaning: {
      en: "what reaches the cell state from the step after it",
      ko: "다음 시점에서 셀 상태로 넘어온 기울기",
    },
    slide: 47,
  },
  {
    symbol: "\\eta",
    code: "eta",
    shape: "–",
    meaning: { en: "learning rate, 0.1 on the slides", ko: "학습률, 슬라이드에서는 0.1" },
    slide: 58,
  },
  {
    symbol: "\\rho(W_h)",
    code: "spectralRadius",
    shape: "–",
    meaning: { en: "largest size of an eigenvalue", ko: "고윳값의 절댓값 가운데 가장 큰 값" },
    slide: 11,
  },
  {
    symbol: "\\sigma_{\\max}(W_h)",
    code: "largestSingularValue",
    shape: "–",
    meaning: {
      en: "how much $W_h$ can stretch a vector at most",
      ko: "$W_h$가 벡터의 길이를 늘일 수 있는 최대 배율",
    },
    slide: 11,
  },
];

export const terms: readonly Term[] = [
  {
    term: { en: "recurrent network", ko: "순환 신경망" },
    meaning: {
      en: "a network that reads a sequence step by step and hands its state on to itself",
      ko: "시퀀스를 한 시점씩 읽으며 상태를 다음 시점의 자신에게 넘기는 신경망",
    },
    where: 4,
  },
  {
    term: { en: "hidden state", ko: "은닉 상태" },
    meaning: { en: "what the cell shows of itself at a step", ko: "셀이 그 시점에 밖으로 내보내는 값" },
    where: 38,
  },
  {
    term: { en: "cell state", ko: "셀 상태" },
    meaning: { en: "the LSTM's memory, changed by addition", ko: "덧셈으로 바뀌는 LSTM의 기억" },
    where: 37,
  },
  {
    term: { en: "forget gate", ko: "망각 게이트" },
    meaning: { en: "the share of the old cell state that stays", ko: "이전 셀 상태를 남기는 비율" },
    where: 36,
  },
  {
    term: { en: "input gate", ko: "입력 게이트" },
    meaning: { en: "the share of the candidate that is let in", ko: "후보를 받아들이는 비율" },
    where: 36,
  },
  {
    term: { en: "output gate", ko: "출력 게이트" },
    meaning: { en: "the share of the cell state that is shown", ko: "셀 상태를 내보내는 비율" },
    where: 37,
  },
  {
    term: { en: "candidate", ko: "후보" },
    meaning: { en: "what could be stored, between −1 and 1", ko: "저장할 만한 새 정보, −1과 1 사이의 값" },
    where: 37,
  },
  {
    term: { en: "forward pass", ko: "순전파" },
    meaning: { en: "from the inputs to the loss", ko: "입력에서 손실까지 계산하기" },
    where: 36,
  },
  {
    term: { en: "backward pass", ko: "역전파" },
    meaning: {
      en: "from the loss back to the weights, by the chain rule",
      ko: "연쇄 법칙으로 손실에서 가중치까지 거슬러 가기",
    },
    where: 17,
  },
  {
    term: { en: "backpropagation through time (BPTT)", ko: "시간에 따른 역전파(BPTT)" },
    meaning: {
      en: "the backward pass of a recurrent network, from the last step to the first",
      ko: "순환 신경망의 역전파. 마지막 시점에서 첫 시점으로 갑니다",
    },
    where: 10,
  },
  {
    term: { en: "vanishing gradient", ko: "기울기 소멸" },
    meaning: {
      en: "the gradient shrinks with every step back, so early inputs teach nothing",
      ko: "시점을 거슬러 갈수록 기울기가 줄어들어, 앞쪽 입력에서 배우지 못하는 것",
    },
    where: 10,
  },
  {
    term: { en: "exploding gradient", ko: "기울기 폭발" },
    meaning: {
      en: "the gradient grows with every step back, and training jumps",
      ko: "시점을 거슬러 갈수록 기울기가 커져, 학습이 불안정해지는 것",
    },
    where: 20,
  },
  {
    term: { en: "spectral radius", ko: "스펙트럼 반지름" },
    meaning: {
      en: "the largest size of an eigenvalue, $\\rho$",
      ko: "고윳값의 절댓값 가운데 가장 큰 값 $\\rho$",
    },
    where: 11,
  },
  {
    term: { en: "softmax", ko: "소프트맥스" },
    meaning: { en: "turns scores into probabilities", ko: "점수를 확률로 바꾸는 함수" },
    where: 42,
  },
  {
    term: { en: "cross-entropy", ko: "교차 엔트로피" },
    meaning: {
      en: "the price of the probability given to the right class",
      ko: "정답 클래스에 매긴 확률이 낮을수록 커지는 손실",
    },
    where: 43,
  },
  {
    term: { en: "update", ko: "업데이트" },
    meaning: {
      en: "gradient descent: weights minus learning rate times gradient",
      ko: "경사 하강법: 가중치에서 학습률 × 기울기를 빼는 것",
    },
    where: 58,
  },
  {
    term: { en: "gradient", ko: "기울기(그래디언트)" },
    meaning: {
      en: "how much the loss changes with each number of a vector or matrix, $\\partial L / \\partial a$; it points to where the loss grows",
      ko: "벡터나 행렬의 성분을 하나씩 바꿀 때 손실이 변하는 정도 $\\partial L / \\partial a$. 손실이 커지는 방향을 가리킵니다",
    },
    where: 44,
  },
  {
    term: { en: "Jacobian", ko: "야코비 행렬" },
    meaning: {
      en: "the matrix of the derivatives of every output by every input",
      ko: "출력 하나하나를 입력 하나하나로 미분한 값을 모은 행렬",
    },
    where: 64,
  },
  {
    term: { en: "singular value", ko: "특잇값" },
    meaning: {
      en: "how much a matrix stretches a vector along one of its main directions; the largest is $\\sigma_{\\max}$",
      ko: "행렬이 주된 방향의 벡터를 늘이는 배율. 가장 큰 값이 $\\sigma_{\\max}$입니다",
    },
    where: 11,
  },
  {
    term: { en: "norm", ko: "노름" },
    meaning: {
      en: "the size of a vector or matrix: the root of the sum of its squared entries",
      ko: "벡터나 행렬의 크기. 성분의 제곱을 모두 더한 값의 제곱근입니다",
    },
    where: 19,
  },
  {
    term: { en: "saturated", ko: "포화" },
    meaning: {
      en: "of a unit: so far out on the curve of its activation that the slope is nearly 0",
      ko: "활성화 함수의 평평한 곳까지 가서 미분이 거의 0이 된 상태",
    },
    where: 8,
  },
  {
    term: { en: "finite differences", ko: "수치 미분" },
    meaning: {
      en: "a derivative measured: change a number a little, and see how much the loss changes",
      ko: "값을 아주 조금 바꾸어 손실이 얼마나 변하는지 재서 구하는 미분",
    },
    where: 44,
  },
  {
    term: { en: "weight", ko: "가중치" },
    meaning: {
      en: "what an input is multiplied by; learned, and the same at every step",
      ko: "입력에 곱하는 값. 학습으로 바뀌며 모든 시점에서 같습니다",
    },
    where: 6,
  },
  {
    term: { en: "bias", ko: "편향" },
    meaning: {
      en: "what is added to the weighted inputs; learned too",
      ko: "가중치를 곱한 입력에 더하는 값. 이 값도 학습합니다",
    },
    where: 6,
  },
  {
    term: { en: "learning rate", ko: "학습률" },
    meaning: {
      en: "how far a weight moves against its gradient, $\\eta$",
      ko: "가중치를 기울기의 반대쪽으로 얼마나 옮길지 정하는 값 $\\eta$",
    },
    where: 58,
  },
  {
    term: { en: "loss", ko: "손실" },
    meaning: {
      en: "how wrong the prediction is, in one number that training makes smaller",
      ko: "예측이 얼마나 틀렸는지 나타내는 수 하나. 학습은 이 수를 줄이는 일입니다",
    },
    where: 43,
  },
  {
    term: { en: "right class", ko: "정답" },
    meaning: {
      en: "the class that should be predicted, the 1 in $y$ (the target)",
      ko: "예측해야 하는 클래스(target). $y$에서 값이 1인 성분입니다",
    },
    where: 43,
  },
  {
    term: { en: "logit", ko: "로짓" },
    meaning: {
      en: "the dense layer's score of a class, before softmax",
      ko: "Dense 층이 클래스마다 매긴 점수. 소프트맥스를 거치기 전의 값입니다",
    },
    where: 42,
  },
  {
    term: { en: "clipping", ko: "클리핑" },
    meaning: {
      en: "shortening a gradient that is longer than a limit, its direction kept",
      ko: "기울기가 임곗값보다 길면 방향은 그대로 두고 길이를 줄이는 것",
    },
    where: "03",
  },
  {
    term: { en: "gain", ko: "이득" },
    meaning: {
      en: "the scale $g$ of random weights; about the spectral radius of $W_h$",
      ko: "무작위 가중치의 크기를 정하는 배율 $g$. $W_h$의 스펙트럼 반지름과 거의 같습니다",
    },
    where: "03",
  },
];
