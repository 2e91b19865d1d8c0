// Exercises of notebook 02: the vanishing gradient.

import {
  add,
  hadamard,
  matVec,
  norm,
  rnnBackward,
  rnnForward,
  tanhPrime,
  transposedMatVec,
} from "../../../src/index.js";
import type { RNNStep, Vector } from "../../../src/index.js";
import { head, lectureRnn, slide35 } from "./lecture_networks.js";
import type { Exercise } from "./exercise.js";
import { activations, formula } from "./formula.js";
import { rnnParts } from "./lecture_parts.js";

const { cell, step1, step2, dh: dh2, back2 } = lectureRnn();
const back = (dz: Vector) => transposedMatVec(cell.Wh, dz);

/** ‖∂h_{T−k}‖/‖∂h_T‖ for k = 0 … T, with the input [1, 2] at every step. */
function sharesLeft(T: number): number[] {
  const steps: RNNStep[] = [];
  for (let t = 1; t <= T; t++) steps.push(rnnForward(cell, slide35.x1, steps.at(-1)?.h ?? slide35.zero));
  let dh = head(steps[T - 1].h).dh;
  const last = norm(dh);
  return [1, ...steps.reverse().map((step) => norm((dh = rnnBackward(cell, step, dh).dhPrev)) / last)];
}
const firstBelow = (share: (k: number) => number) => {
  let k = 0;
  while (share(k) >= 1e-6) k++;
  return k;
};
const lag = () => {
  const shares = sharesLeft(50);
  return firstBelow((k) => shares[k]);
};

export const exercises02: Exercise[] = [
  {
    id: "02-1",
    kind: "numeric",
    title: { en: "∂h₁", ko: "∂h₁" },
    slide: 18,
    expected: back2.dhPrev,
    formula: formula(
      { Wh: cell.Wh, dh2, h2: step2.h, dTanh: activations.dTanh },
      ({ Wh, dh2, h2, dTanh }) => transposedMatVec(Wh, hadamard(dh2, dTanh(h2))),
      rnnParts,
    ),
    mistakes: [
      {
        answers: [back(dh2)],
        text: {
          en: "The slope of tanh is missing: the gradient went through $W_h^\\top$ only. It has to pass the tanh of $t = 2$ first, which multiplies it by $1 - h_2^2$.",
          ko: "tanh의 미분이 빠졌습니다. 기울기가 $W_h^\\top$만 거쳤습니다. 먼저 $t = 2$의 tanh를 지나며 $1 - h_2^2$이 곱해져야 합니다.",
        },
      },
      {
        answers: [back(dh2.map((d, k) => d / tanhPrime(step2.h)[k]))],
        text: {
          en: "You divided by $1 - h_2^2$. That is the slope of the inverse of tanh; the chain rule multiplies by $1 - h_2^2$.",
          ko: "$1 - h_2^2$으로 나누었습니다. 나누면 tanh의 역함수의 미분이 됩니다. 연쇄 법칙에서는 $1 - h_2^2$을 곱합니다.",
        },
      },
      {
        answers: [back(hadamard(dh2, tanhPrime(step1.h)))],
        text: {
          en: "That is the slope at the wrong step: $1 - h_1^2$. Between $h_1$ and the loss stands the tanh of $t = 2$, whose slope is $1 - h_2^2$.",
          ko: "다른 시점의 미분 $1 - h_1^2$을 곱했습니다. $h_1$과 손실 사이에는 $t = 2$의 tanh가 있고, 그 미분은 $1 - h_2^2$입니다.",
        },
      },
      {
        answers: [
          back(
            hadamard(
              dh2,
              step2.h.map((h) => h * (1 - h)),
            ),
          ),
        ],
        text: {
          en: "$h(1 - h)$ is the slope of the sigmoid. This unit is a tanh: $1 - h^2$.",
          ko: "$h(1 - h)$는 시그모이드의 미분입니다. 여기서는 tanh이므로 $1 - h^2$입니다.",
        },
      },
      {
        answers: [back2.dz],
        text: {
          en: "That is $\\partial z_2$: right so far, but still at $t = 2$. One step is left, through $W_h^\\top$.",
          ko: "이 값은 $\\partial z_2$입니다. 여기까지는 맞지만 아직 $t = 2$에 있습니다. $W_h^\\top$를 거치는 계산이 남았습니다.",
        },
      },
      {
        answers: [add(transposedMatVec(slide35.Wx, back2.dz), [0, 0]), matVec(slide35.Wx, back2.dz)],
        text: {
          en: "You took $W_x$, which leads back to the input $x_2$. To $h_1$ it goes through $W_h^\\top$.",
          ko: "입력 $x_2$로 돌아가는 $W_x$를 썼습니다. $h_1$로 가려면 $W_h^\\top$를 거쳐야 합니다.",
        },
      },
    ],
    hints: {
      en: [
        "Which operations stand between $h_1$ and $h_2$? Go back through them in the opposite order.",
        "Backward through $\\tanh$ multiplies by $1 - h_2^2$, backward through $W_h$ multiplies by $W_h^\\top$.",
        "$\\partial h_1 = W_h^\\top \\big(\\partial h_2 \\odot (1 - h_2^2)\\big)$. In code: `transposedMatVec(Wh, dz2)`.",
      ],
      ko: [
        "$h_1$과 $h_2$ 사이에는 어떤 연산이 있나요? 그 연산을 반대 순서로 거슬러 가세요.",
        "$\\tanh$를 거슬러 가면 $1 - h_2^2$이 곱해지고, $W_h$를 거슬러 가면 $W_h^\\top$가 곱해집니다.",
        "$\\partial h_1 = W_h^\\top \\big(\\partial h_2 \\odot (1 - h_2^2)\\big)$입니다. 코드로는 `transposedMatVec(Wh, dz2)`입니다.",
      ],
    },
  },
  {
    id: "02-2",
    kind: "numeric",
    title: { en: "the first lag with less than a millionth left", ko: "백만분의 1도 남지 않는 첫 k" },
    slide: { en: "the section on 50 steps", ko: "「50개 시점」 절" },
    expected: lag,
    mistakes: [
      {
        answers: () => [firstBelow((k) => 0.2 ** k)],
        text: {
          en: "That is when the bound $0.2^k$ falls below a millionth. The gradient itself falls faster, because $1 - h_t^2$ takes its share at every step.",
          ko: "이 값은 상한 $0.2^k$이 백만분의 1보다 작아지는 시점 수입니다. 시점마다 $1 - h_t^2$도 곱해지므로 실제 기울기는 더 빨리 줄어듭니다.",
        },
      },
      {
        answers: () => [firstBelow((k) => (norm(back2.dhPrev) / norm(dh2)) ** k)],
        text: {
          en: "That carries slide 19's one step, 4.6 %, on for ever. With $x_2 = [2, 3]$ the tanh is flatter than with the input $[1, 2]$ that is fed here: measure the shares, do not extrapolate one.",
          ko: "슬라이드 19의 한 시점 비율 4.6%를 그대로 거듭제곱한 값입니다. $x_2 = [2, 3]$일 때는 여기서 넣는 입력 $[1, 2]$일 때보다 tanh가 더 평평합니다. 값 하나를 거듭제곱하지 말고 시점마다 비율을 재세요.",
        },
      },
      {
        answers: () => [lag() + 1],
        text: {
          en: "One too many: $k$ counts steps back and starts at 0, where the share is 1.",
          ko: "하나 많습니다. $k$는 거슬러 간 시점의 수라서, 비율이 1인 0부터 셉니다.",
        },
      },
    ],
    hints: {
      en: [
        "The share falls by nearly the same factor at every step. Which?",
        "That factor is about 0.083. How often do you multiply it by itself to get below $10^{-6}$?",
        "In the list of shares of the sweep, `shares.findIndex((share) => share < 1e-6)` finds it.",
      ],
      ko: [
        "비율은 시점마다 거의 같은 배율로 줄어듭니다. 그 배율은 얼마인가요?",
        "배율은 약 0.083입니다. 몇 번 곱하면 $10^{-6}$보다 작아질까요?",
        "뒤에 나오는 비율의 목록에서 `shares.findIndex((share) => share < 1e-6)`로 찾을 수 있습니다.",
      ],
    },
  },
  {
    id: "02-q1",
    kind: "choice",
    title: { en: "recap 1: the two factors", ko: "정리 1: 두 가지 배율" },
    slide: 10,
    answer: "c",
    choices: {
      a: {
        en: "$W_x$ leads to the input, not to the step before; and the bias multiplies nothing.",
        ko: "$W_x$는 이전 시점이 아니라 입력으로 이어집니다. 편향은 아무것에도 곱해지지 않습니다.",
      },
      b: {
        en: "These are the two. But the entries of $W_h$ can be anything; it is the slope $1 - h_t^2$ that is never larger than 1.",
        ko: "두 가지는 맞습니다. 하지만 $W_h$의 원소는 무엇이든 될 수 있습니다. 1을 넘지 못하는 것은 미분 $1 - h_t^2$입니다.",
      },
      c: {
        en: "$1 - h_t^2$ is the slope of tanh: never larger than 1, and close to 0 where the unit is saturated.",
        ko: "$1 - h_t^2$은 tanh의 미분이라 1을 넘지 못하고, 유닛이 포화된 곳에서는 0에 가깝습니다.",
      },
    },
    hints: {
      en: ["Look at one factor of the chain: what is $\\partial h_t / \\partial h_{t-1}$?"],
      ko: ["연쇄 법칙의 한 인수를 보세요. $\\partial h_t / \\partial h_{t-1}$은 무엇인가요?"],
    },
  },
  {
    id: "02-q2",
    kind: "choice",
    title: { en: "recap 2: is ρ < 1 enough?", ko: "정리 2: ρ < 1이면 충분할까" },
    slide: 12,
    answer: "b",
    choices: {
      a: {
        en: "The powers $W_h^k$ shrink in the long run, which decides in a linear network only. And a single step may grow: $\\rho$ says nothing about one step.",
        ko: "오래 거듭제곱하면 $W_h^k$은 줄어들지만, 그것으로 정해지는 것은 선형 네트워크뿐입니다. 그리고 한 시점에서는 커질 수 있습니다. $\\rho$는 한 시점에 대해서는 아무것도 말해 주지 않습니다.",
      },
      b: {
        en: "What bounds a single step is $\\sigma_{\\max}$. $W_h$ is symmetric here, and so the two happen to agree.",
        ko: "한 시점의 상한은 $\\sigma_{\\max}$가 정합니다. 여기서는 $W_h$가 대칭 행렬이라 두 값이 같을 뿐입니다.",
      },
      c: {
        en: "Signs do not settle it: what bounds a step is the largest singular value, whatever the signs.",
        ko: "부호로 정해지지 않습니다. 부호가 어떻든 한 시점의 상한은 가장 큰 특잇값이 정합니다.",
      },
    },
    hints: {
      en: ["Think of a matrix that is not symmetric: rows $[3, -3]$ and $[3, -3]$."],
      ko: ["대칭이 아닌 행렬, 예를 들어 두 행이 모두 $[3, -3]$인 행렬을 생각해 보세요."],
    },
  },
  {
    id: "02-q3",
    kind: "choice",
    title: { en: "recap 3: what it can learn", ko: "정리 3: 배울 수 있는 것" },
    slide: 19,
    answer: "a",
    choices: {
      a: {
        en: "The last steps' part of $\\partial W_x$ is as large as ever. What is out of reach is how an early input matters for the end: the LSTM's business.",
        ko: "마지막 몇 개 시점이 $\\partial W_x$에 기여하는 정도는 줄어들지 않습니다. 다만 앞쪽 입력이 끝에 주는 영향은 배우지 못합니다. LSTM이 이 문제를 풉니다.",
      },
      b: {
        en: "The gradient vanishes on its way back. At the last steps, next to the loss, it is as large as ever.",
        ko: "기울기는 거슬러 가면서 사라집니다. 손실 바로 옆에 있는 마지막 몇 개 시점에서는 조금도 줄지 않습니다.",
      },
      c: {
        en: "The other way round: the loss is at the end, and the gradient is largest there.",
        ko: "반대입니다. 손실은 끝에 있고 기울기도 끝에서 가장 큽니다.",
      },
    },
    hints: {
      en: ["Where along the sequence is the gradient large?"],
      ko: ["시퀀스에서 기울기가 큰 곳은 어디인가요?"],
    },
  },
];
