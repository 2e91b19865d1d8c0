// What the derivations of the appendix and their charts say, in both languages.

import type { Language } from "./strings.js";

const en = {
  derivative: {
    caption: "Derivative, line by line",
    where: "where",
    rule: "rules of calculus",
    simplified: "simplified by mathjs",
    step: (number: number) => `line ${number}`,
    at: (point: string, value: string, numeric: string) =>
      `At ${point} the derivative is ${value}; finite differences give ${numeric}.`,
    equal: (points: number) => `✓ Every line has the derivative's value there and at ${points} other points.`,
    unequal: (lines: string) => `✗ Not equal to the derivative: ${lines}.`,
    gives: (line: string, value: string) => `${line} (it gives ${value})`,
    onlyHere: (line: string) => `${line} (the same here, but not at other points)`,
  },
  tangent: {
    title: "The slope says which way, and how far",
    subtitle: "Dashed: the tangent at z₁. Arrow: from z₁ to z₁ − slope.",
    description: (z: string, slope: string) =>
      `The loss over the logit z₁ with its tangent; a slider moves z₁ and three buttons change the target y₁. At z₁ = ${z} and y₁ = 1 the slope is ${slope}, and the arrow points against the slope.`,
    logit: "logit z₁",
    loss: "loss L",
    slope: "slope",
    up: "increase z₁",
    down: "decrease z₁",
    stay: "stay",
    slider: "z₁ ",
    target: "target y₁ ",
  },
  jacobian: {
    title: "Jacobian of softmax: ∂ŷᵢ / ∂zⱼ",
    description: (entries: string) =>
      `Heatmap of the derivative of each probability by each logit, with the value in every cell; orange is positive and blue negative: ${entries}.`,
    probability: "probability i",
    logit: "logit j",
  },
  outer: {
    title: "∂L/∂W as an outer product",
    subtitle: "Each cell: the number left of its row times the number above its column",
    description: (rows: number, columns: number) =>
      `A grid of ${rows} rows and ${columns} columns. The error of each output stands left of its row, the input above its column, and each cell holds a letter and the product of the two. A slider fills in the cells one by one.`,
    error: "∂L/∂zᵢ",
    input: "hⱼ",
    filled: "cells filled in ",
    product: "product",
  },
};

/** What a language has to supply: the same keys as English. */
export type DerivationStrings = typeof en;

const ko: DerivationStrings = {
  derivative: {
    caption: "한 줄씩 미분하기",
    where: "여기서",
    rule: "미분 공식 적용",
    simplified: "mathjs로 정리",
    step: (number) => `${number}번째 줄`,
    at: (point, value, numeric) => `${point}에서 미분값은 ${value}, 수치 미분으로는 ${numeric}입니다.`,
    equal: (points) => `✓ 모든 줄이 이 점과 다른 점 ${points}개에서 미분값과 일치합니다.`,
    unequal: (lines) => `✗ 미분값과 다른 줄: ${lines}.`,
    gives: (line, value) => `${line} (계산하면 ${value})`,
    onlyHere: (line) => `${line} (이 점에서만 같고 다른 점에서는 다릅니다)`,
  },
  tangent: {
    title: "기울기는 어느 쪽으로 얼마나 움직일지 알려 준다",
    subtitle: "점선: z₁에서의 접선. 화살표: z₁에서 z₁ − 기울기까지.",
    description: (z, slope) =>
      `logit z₁에 따른 손실과 그 접선입니다. 슬라이더로 z₁을 움직이고 버튼 세 개로 정답 y₁을 바꿉니다. z₁ = ${z}, y₁ = 1에서 기울기는 ${slope}이고, 화살표는 기울기와 반대 방향을 가리킵니다.`,
    logit: "logit z₁",
    loss: "손실 L",
    slope: "기울기",
    up: "z₁을 키운다",
    down: "z₁을 줄인다",
    stay: "그대로 둔다",
    slider: "z₁ ",
    target: "정답 y₁ ",
  },
  jacobian: {
    title: "소프트맥스의 야코비 행렬: ∂ŷᵢ / ∂zⱼ",
    description: (entries) =>
      `확률 하나하나를 logit 하나하나로 미분한 값의 히트맵입니다. 칸마다 값이 적혀 있고, 주황은 양수, 파랑은 음수입니다: ${entries}.`,
    probability: "확률 i",
    logit: "logit j",
  },
  outer: {
    title: "외적으로 본 ∂L/∂W",
    subtitle: "각 칸 = 그 행 왼쪽의 값 × 그 열 위쪽의 값",
    description: (rows, columns) =>
      `${rows}행 ${columns}열의 표입니다. 행 왼쪽에는 출력의 오차, 열 위쪽에는 입력이 있고, 칸마다 글자와 두 값의 곱이 적혀 있습니다. 슬라이더를 움직이면 칸이 하나씩 채워집니다.`,
    error: "∂L/∂zᵢ",
    input: "hⱼ",
    filled: "채운 칸의 수 ",
    product: "곱",
  },
};

export const derivationStrings: Record<Language, DerivationStrings> = { en, ko };
