// Ways to break an LSTM, all of them made by people who wrote one: each is one line of the right LSTM done
// wrong. The hunt has the first list; the verdicts on a reader's own LSTM know the second as well.

import {
  add,
  hadamard,
  matVec,
  outer,
  scale,
  sigmoid,
  tanh,
  tanhPrime,
  transposedMatVec,
} from "../../../src/index.js";
import type { Bilingual } from "../exercises/exercise.js";
import type { Gate, Lines } from "./pieces.js";

export interface Bug {
  name: Bilingual;
  lines: Partial<Lines>;
}

const swapped = (a: Gate, b: Gate): Partial<Lines> => ({
  weights: (parameters, gate) => parameters[gate === a ? b : gate === b ? a : gate],
});

export const bugs: readonly Bug[] = [
  {
    name: {
      en: "the weights of f and i are unpacked in the wrong order",
      ko: "f와 i의 가중치를 뒤바꿔 읽음",
    },
    lines: swapped("f", "i"),
  },
  {
    name: {
      en: "the weights of f and o are unpacked in the wrong order",
      ko: "f와 o의 가중치를 뒤바꿔 읽음",
    },
    lines: swapped("f", "o"),
  },
  {
    name: {
      en: "the weights of i and o are unpacked in the wrong order",
      ko: "i와 o의 가중치를 뒤바꿔 읽음",
    },
    lines: swapped("i", "o"),
  },
  {
    name: {
      en: "the forget gate takes the output gate's bias (copy and paste)",
      ko: "망각 게이트에 출력 게이트의 편향을 씀(복사·붙여넣기 실수)",
    },
    lines: {
      weights: (parameters, gate) =>
        gate === "f" ? { ...parameters.f, b: parameters.o.b } : parameters[gate],
    },
  },
  {
    name: {
      en: "the forward pass multiplies by W_hᵀ instead of W_h",
      ko: "순전파에서 W_h 대신 W_hᵀ를 곱함",
    },
    lines: { recurrent: (Wh, hPrev) => transposedMatVec(Wh, hPrev) },
  },
  {
    name: { en: "h = o ⊙ C, without the tanh", ko: "tanh 없이 h = o ⊙ C로 계산함" },
    lines: { hidden: (o, c) => hadamard(o, c) },
  },
  {
    name: {
      en: "where a step has a loss of its own, ∂h from the next step is overwritten instead of added",
      ko: "손실이 있는 시점에서 다음 시점에서 온 ∂h를 더하지 않고 덮어씀",
    },
    lines: { arriving: (local, next) => local ?? next },
  },
  {
    name: {
      en: "∂h from the dense layer goes through W_hy instead of W_hyᵀ",
      ko: "Dense 층에서 ∂h를 구할 때 W_hyᵀ 대신 W_hy를 곱함",
    },
    lines: { headBack: (Why, dlogits) => matVec(Why, dlogits) },
  },
  {
    name: {
      en: "∂C is assigned instead of added to: ∂C_next from the next step is lost",
      ko: "∂C에 더하지 않고 대입해서 다음 시점에서 온 ∂C_next가 사라짐",
    },
    lines: { cellTotal: (_, fromHidden) => fromHidden },
  },
  {
    name: {
      en: "∂C gets ∂h ⊙ o without the slope 1 − tanh²(C)",
      ko: "∂C를 구할 때 1 − tanh²(C)가 빠짐",
    },
    lines: { cellFromHidden: (dh, { o }) => hadamard(dh, o) },
  },
  {
    name: { en: "∂f takes Cₜ instead of Cₜ₋₁", ko: "∂f에 Cₜ₋₁ 대신 Cₜ를 곱함" },
    lines: { dF: (dc, { c }) => hadamard(dc, c) },
  },
  {
    name: {
      en: "the sigmoid's slope f(1 − f) is missing on the forget gate",
      ko: "망각 게이트에서 시그모이드의 미분 f(1 − f)가 빠짐",
    },
    lines: { forgetSlope: (f) => f.map(() => 1) },
  },
  {
    name: {
      en: "the slope of tanh is taken as 1/(1 − h²) instead of 1 − h²",
      ko: "tanh의 미분을 1 − h² 대신 1/(1 − h²)로 씀",
    },
    lines: { tanhSlope: (h) => h.map((value) => 1 / (1 - value ** 2)) },
  },
  {
    name: { en: "∂C̃ takes o instead of i", ko: "∂C̃에 i 대신 o를 곱함" },
    lines: { dG: (dc, { o }) => hadamard(dc, o) },
  },
  {
    name: { en: "∂i takes i instead of C̃", ko: "∂i에 C̃ 대신 i를 곱함" },
    lines: { dI: (dc, { i }) => hadamard(dc, i) },
  },
  {
    name: { en: "∂o takes C instead of tanh(C)", ko: "∂o에 tanh(C) 대신 C를 곱함" },
    lines: { dO: (dh, { c }) => hadamard(dh, c) },
  },
  {
    name: {
      en: "∂W_h takes hₜ instead of hₜ₋₁",
      ko: "∂W_h를 구할 때 hₜ₋₁ 대신 hₜ를 씀",
    },
    lines: { dWh: (dz, { h }) => outer(dz, h) },
  },
  {
    name: {
      en: "∂b is not summed over the steps: each step overwrites the one before",
      ko: "∂b를 시점마다 더하지 않고 덮어씀",
    },
    lines: { sumOfBiases: (_, atThisStep) => atThisStep },
  },
  {
    name: {
      en: "the output gate's part is missing in ∂hₜ₋₁",
      ko: "∂hₜ₋₁에서 출력 게이트의 기여분이 빠짐",
    },
    lines: { gatesToHidden: ["f", "i", "g"] },
  },
  {
    name: {
      en: "the forget gate's part is missing in ∂hₜ₋₁",
      ko: "∂hₜ₋₁에서 망각 게이트의 기여분이 빠짐",
    },
    lines: { gatesToHidden: ["i", "g", "o"] },
  },
  {
    name: {
      en: "∂hₜ₋₁ goes through W_h instead of W_hᵀ",
      ko: "∂hₜ₋₁을 구할 때 W_hᵀ 대신 W_h를 곱함",
    },
    lines: { hiddenBack: (Wh, dz) => matVec(Wh, dz) },
  },
  {
    name: {
      en: "∂h is not passed back to the step before at all",
      ko: "∂h를 앞 시점으로 전달하지 않음",
    },
    lines: { dhPrev: (fromGates) => fromGates.map(() => 0) },
  },
  {
    name: { en: "∂Cₜ₋₁ takes i instead of f", ko: "∂Cₜ₋₁을 구할 때 f 대신 i를 곱함" },
    lines: { dcPrev: (dc, { i }) => hadamard(dc, i) },
  },
  {
    name: {
      en: "∂Cₜ₋₁ is passed back without the forget gate f",
      ko: "∂Cₜ₋₁을 구할 때 망각 게이트 f를 곱하지 않음",
    },
    lines: { dcPrev: (dc) => dc },
  },
  {
    name: {
      en: "the slope of tanh is taken as 1 − tanh²(h), of a value that tanh has given already",
      ko: "tanh를 이미 거친 값에 tanh를 또 적용해 미분을 1 − tanh²(h)로 씀",
    },
    lines: { tanhSlope: (h) => tanhPrime(tanh(h)) },
  },
  {
    name: {
      en: "every ∂b is the forget gate's (copy and paste)",
      ko: "∂b가 모두 망각 게이트의 것임(복사·붙여넣기 실수)",
    },
    lines: { biasFrom: () => "f" },
  },
];

/** Mistakes that are too plain for the hunt, and known all the same where an LSTM is judged. */
export const plainBugs: readonly Bug[] = [
  {
    name: { en: "the biases are not added", ko: "편향을 더하지 않음" },
    lines: { bias: (b) => scale(0, b) },
  },
  {
    name: { en: "h from the step before is left out", ko: "이전 시점의 h가 빠짐" },
    lines: { recurrent: (_, hPrev) => scale(0, hPrev) },
  },
  {
    name: {
      en: "the candidate C̃ goes through a sigmoid instead of tanh",
      ko: "후보 C̃에 tanh 대신 시그모이드를 적용함",
    },
    lines: { candidate: (z) => sigmoid(z) },
  },
  {
    name: {
      en: "the gates are coupled: C̃ is multiplied by 1 − f instead of i",
      ko: "게이트를 연동함: C̃에 i 대신 1 − f를 곱함",
    },
    lines: {
      cell: ({ f, g }, cPrev) =>
        add(
          hadamard(f, cPrev),
          hadamard(
            f.map((value) => 1 - value),
            g,
          ),
        ),
    },
  },
  {
    name: { en: "f and i are exchanged in C", ko: "C를 구할 때 f와 i를 바꿔 곱함" },
    lines: { cell: ({ f, i, g }, cPrev) => add(hadamard(i, cPrev), hadamard(f, g)) },
  },
  {
    name: { en: "Cₜ₋₁ is not carried on: C = i ⊙ C̃", ko: "Cₜ₋₁이 빠져 C = i ⊙ C̃로 계산함" },
    lines: { cell: ({ i, g }) => hadamard(i, g) },
  },
  {
    name: { en: "h = tanh(C), without the output gate", ko: "출력 게이트 없이 h = tanh(C)로 계산함" },
    lines: { hidden: (_, c) => tanh(c) },
  },
  {
    name: { en: "h₀ and C₀ are taken as zero", ko: "h₀과 C₀을 0으로 둠" },
    lines: { start: (state) => scale(0, state) },
  },
  {
    name: { en: "only the last step's loss is counted", ko: "마지막 시점의 손실만 계산함" },
    lines: { hasLoss: (t, T) => t === T },
  },
  {
    name: {
      en: "the loss is the mean over the steps instead of the sum",
      ko: "시점별 손실을 더하지 않고 평균함",
    },
    lines: { shareOfLoss: (T) => 1 / T },
  },
  {
    name: {
      en: "the candidate's slope is taken as C̃(1 − C̃), a sigmoid's, instead of 1 − C̃²",
      ko: "후보의 미분을 1 − C̃² 대신 시그모이드처럼 C̃(1 − C̃)로 씀",
    },
    lines: { candidateSlope: (g) => g.map((value) => value * (1 - value)) },
  },
  {
    name: { en: "the candidate's slope 1 − C̃² is missing", ko: "후보의 미분 1 − C̃²이 빠짐" },
    lines: { candidateSlope: (g) => g.map(() => 1) },
  },
  {
    name: { en: "∂C gets ∂h without the output gate o", ko: "∂C를 구할 때 ∂h에 o를 곱하지 않음" },
    lines: { cellFromHidden: (dh, _, tanhSlope) => hadamard(dh, tanhSlope) },
  },
  {
    name: {
      en: "∂W_x and ∂W_h are not summed over the steps: each step overwrites the one before",
      ko: "∂W_x와 ∂W_h를 시점마다 더하지 않고 덮어씀",
    },
    lines: { sumOfWeights: (_, atThisStep) => atThisStep },
  },
  {
    name: {
      en: "the weights go along the gradient, not against it",
      ko: "가중치를 기울기의 반대쪽이 아니라 기울기 쪽으로 옮김",
    },
    lines: { move: (eta) => eta },
  },
  {
    name: { en: "the learning rate η is missing", ko: "학습률 η가 빠짐" },
    lines: { move: () => -1 },
  },
];
