// Twenty-four ways to break an LSTM, all of them made by people who wrote one: each is one piece of the right
// LSTM done wrong.

import { hadamard, matVec, outer, transposedMatVec } from "../../../src/index.js";
import type { Bilingual } from "../exercises/exercise.js";
import type { Gate, Pieces } from "./pieces.js";

export interface Bug {
  name: Bilingual;
  pieces: Partial<Pieces>;
}

const swapped = (a: Gate, b: Gate): Partial<Pieces> => ({
  weights: (parameters, gate) => parameters[gate === a ? b : gate === b ? a : gate],
});

export const bugs: readonly Bug[] = [
  {
    name: {
      en: "the weights of f and i are unpacked in the wrong order",
      ko: "f와 i의 가중치를 뒤바꿔 읽음",
    },
    pieces: swapped("f", "i"),
  },
  {
    name: {
      en: "the weights of f and o are unpacked in the wrong order",
      ko: "f와 o의 가중치를 뒤바꿔 읽음",
    },
    pieces: swapped("f", "o"),
  },
  {
    name: {
      en: "the weights of i and o are unpacked in the wrong order",
      ko: "i와 o의 가중치를 뒤바꿔 읽음",
    },
    pieces: swapped("i", "o"),
  },
  {
    name: {
      en: "the forget gate takes the output gate's bias (copy and paste)",
      ko: "망각 게이트에 출력 게이트의 편향을 씀(복사·붙여넣기 실수)",
    },
    pieces: {
      weights: (parameters, gate) =>
        gate === "f" ? { ...parameters.f, b: parameters.o.b } : parameters[gate],
    },
  },
  {
    name: {
      en: "the forward pass multiplies by W_hᵀ instead of W_h",
      ko: "순전파에서 W_h 대신 W_hᵀ를 곱함",
    },
    pieces: { recurrent: (Wh, hPrev) => transposedMatVec(Wh, hPrev) },
  },
  {
    name: { en: "h = o ⊙ C, without the tanh", ko: "tanh 없이 h = o ⊙ C로 계산함" },
    pieces: { hidden: (o, c) => hadamard(o, c) },
  },
  {
    name: {
      en: "where a step has a loss of its own, ∂h from the next step is overwritten instead of added",
      ko: "손실이 있는 시점에서, 다음 시점이 보낸 ∂h를 더하지 않고 덮어씀",
    },
    pieces: { arriving: (local, next) => local ?? next },
  },
  {
    name: {
      en: "∂h from the dense layer goes through W_hy instead of W_hyᵀ",
      ko: "Dense 층에서 ∂h를 구할 때 W_hyᵀ 대신 W_hy를 곱함",
    },
    pieces: { headBack: (Why, dlogits) => matVec(Why, dlogits) },
  },
  {
    name: {
      en: "∂C is assigned instead of added to: ∂C_next from the next step is lost",
      ko: "∂C에 더하지 않고 대입해서, 다음 시점이 보낸 ∂C_next가 사라짐",
    },
    pieces: { cellTotal: (_, fromHidden) => fromHidden },
  },
  {
    name: {
      en: "∂C gets ∂h ⊙ o without the slope 1 − tanh²(C)",
      ko: "∂C를 구할 때 1 − tanh²(C)를 빠뜨림",
    },
    pieces: { cellFromHidden: (dh, { o }) => hadamard(dh, o) },
  },
  {
    name: { en: "∂f takes Cₜ instead of Cₜ₋₁", ko: "∂f에 Cₜ₋₁ 대신 Cₜ를 곱함" },
    pieces: { dF: (dc, { c }) => hadamard(dc, c) },
  },
  {
    name: {
      en: "the sigmoid's slope f(1 − f) is missing on the forget gate",
      ko: "망각 게이트에서 시그모이드의 미분 f(1 − f)를 빠뜨림",
    },
    pieces: { forgetSlope: (f) => f.map(() => 1) },
  },
  {
    name: {
      en: "the slope of tanh is taken as 1/(1 − h²) instead of 1 − h²",
      ko: "tanh의 미분을 1 − h² 대신 1/(1 − h²)로 씀",
    },
    pieces: { tanhSlope: (h) => h.map((value) => 1 / (1 - value ** 2)) },
  },
  {
    name: { en: "∂C̃ takes o instead of i", ko: "∂C̃에 i 대신 o를 곱함" },
    pieces: { dG: (dc, { o }) => hadamard(dc, o) },
  },
  {
    name: { en: "∂i takes i instead of C̃", ko: "∂i에 C̃ 대신 i를 곱함" },
    pieces: { dI: (dc, { i }) => hadamard(dc, i) },
  },
  {
    name: { en: "∂o takes C instead of tanh(C)", ko: "∂o에 tanh(C) 대신 C를 곱함" },
    pieces: { dO: (dh, { c }) => hadamard(dh, c) },
  },
  {
    name: {
      en: "∂W_h takes hₜ instead of hₜ₋₁",
      ko: "∂W_h를 구할 때 hₜ₋₁ 대신 hₜ를 씀",
    },
    pieces: { dWh: (dz, { h }) => outer(dz, h) },
  },
  {
    name: {
      en: "∂b is not summed over the steps: each step overwrites the one before",
      ko: "∂b를 시점마다 더하지 않고 덮어씀",
    },
    pieces: { sumOfBiases: (_, atThisStep) => atThisStep },
  },
  {
    name: {
      en: "the output gate's part is missing in ∂hₜ₋₁",
      ko: "∂hₜ₋₁에서 출력 게이트의 기여분을 빠뜨림",
    },
    pieces: { gatesToHidden: ["f", "i", "g"] },
  },
  {
    name: {
      en: "the forget gate's part is missing in ∂hₜ₋₁",
      ko: "∂hₜ₋₁에서 망각 게이트의 기여분을 빠뜨림",
    },
    pieces: { gatesToHidden: ["i", "g", "o"] },
  },
  {
    name: {
      en: "∂hₜ₋₁ goes through W_h instead of W_hᵀ",
      ko: "∂hₜ₋₁을 구할 때 W_hᵀ 대신 W_h를 곱함",
    },
    pieces: { hiddenBack: (Wh, dz) => matVec(Wh, dz) },
  },
  {
    name: {
      en: "∂h is not passed back to the step before at all",
      ko: "∂h를 이전 시점에 전달하지 않음",
    },
    pieces: { dhPrev: (fromGates) => fromGates.map(() => 0) },
  },
  {
    name: { en: "∂Cₜ₋₁ takes i instead of f", ko: "∂Cₜ₋₁을 구할 때 f 대신 i를 곱함" },
    pieces: { dcPrev: (dc, { i }) => hadamard(dc, i) },
  },
  {
    name: {
      en: "∂Cₜ₋₁ is passed back without the forget gate f",
      ko: "∂Cₜ₋₁을 구할 때 망각 게이트 f를 곱하지 않음",
    },
    pieces: { dcPrev: (dc) => dc },
  },
];
