// Exercises of notebook 01: the recurrent network.

import {
  add,
  matVec,
  rnnForward,
  sigmoid,
  sigmoidPrime,
  softmax,
  tanh,
  tanhPrime,
  transpose,
} from "../../../src/index.js";
import { lectureRnn, slide35 } from "./lecture_networks.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { activations, formula } from "./formula.js";
import { rnnParts } from "./lecture_parts.js";

const { Wx, b, x1, x2, zero } = slide35;
const { cell, step1 } = lectureRnn();
const { Wh } = cell;
const silent = rnnForward(cell, zero, step1.h);
const [slope] = tanhPrime(step1.h);

/** The parameters of an RNN cell with I inputs and H units. */
const [I, H] = [3, 5];
const parameters = H * I + H * H + H;

export const exercises01: Exercise[] = [
  {
    id: "01-1",
    kind: "numeric",
    title: { en: "h₁", ko: "h₁" },
    slide: 7,
    expected: step1.h,
    printed: ["0.537", "0.834"],
    formula: formula(
      { Wx, x1, Wh, h_0: zero, b, tanh: activations.tanh },
      ({ Wx, x1, Wh, h_0, b, tanh }) => tanh(add(matVec(Wx, x1), matVec(Wh, h_0), b)),
      rnnParts,
    ),
    mistakes: [
      {
        answers: [tanh(matVec(Wx, x1))],
        text: {
          en: "The bias is missing: $z_1 = W_x x_1 + W_h h_0 + b$ ends in $b = [0.1, 0.1]$.",
          ko: "편향이 빠졌습니다. $z_1 = W_x x_1 + W_h h_0 + b$에서 마지막 항은 $b = [0.1, 0.1]$입니다.",
        },
      },
      {
        answers: [step1.z],
        text: {
          en: "That is $z_1$. tanh is missing: $h_1 = \\tanh(z_1)$.",
          ko: "이 값은 $z_1$입니다. tanh가 빠졌습니다. $h_1 = \\tanh(z_1)$입니다.",
        },
      },
      {
        answers: [matVec(Wx, x1)],
        text: {
          en: "That is $W_x x_1$ alone. The bias and tanh are still to come.",
          ko: "$W_x x_1$만 계산했습니다. 편향과 tanh가 남았습니다.",
        },
      },
      {
        answers: [
          tanh(add(matVec(transpose(Wx), x1), b)),
          tanh(matVec(transpose(Wx), x1)),
          add(matVec(transpose(Wx), x1), b),
        ],
        text: {
          en: "You went down the columns of $W_x$, which multiplies by its transpose. Each unit has a **row**: the first is $0.1 \\cdot 1 + 0.2 \\cdot 2$.",
          ko: "$W_x$의 열을 따라 계산했으므로 전치 행렬을 곱한 셈입니다. 유닛마다 **행**이 하나씩 있고, 첫 번째 유닛은 $0.1 \\cdot 1 + 0.2 \\cdot 2$입니다.",
        },
      },
      {
        answers: [sigmoid(step1.z)],
        text: {
          en: "That is the sigmoid of $z_1$. The RNN cell uses tanh; the sigmoid belongs to the gates of the LSTM.",
          ko: "이 값은 $z_1$의 시그모이드입니다. RNN 셀은 tanh를 씁니다. 시그모이드는 LSTM의 게이트에 쓰입니다.",
        },
      },
      {
        answers: [add(tanh(matVec(Wx, x1)), b)],
        text: {
          en: "You added $b$ after tanh. It belongs inside: $\\tanh(W_x x_1 + W_h h_0 + b)$.",
          ko: "$b$를 tanh 뒤에 더했습니다. 괄호 안에 들어가야 합니다. $\\tanh(W_x x_1 + W_h h_0 + b)$입니다.",
        },
      },
      {
        answers: [rnnForward(cell, x2, zero).h],
        text: {
          en: "That is the answer for the input $[2, 3]$. The first input is $x_1 = [1, 2]$.",
          ko: "입력이 $[2, 3]$일 때의 답입니다. 첫 입력은 $x_1 = [1, 2]$입니다.",
        },
      },
      mistake(
        softmax(step1.z),
        "That is the softmax, which shares 1 among the units. Each unit has its own $\\tanh$.",
        "소프트맥스를 썼습니다. 그러면 유닛들의 합이 1이 됩니다. 유닛마다 따로 $\\tanh$를 적용해야 합니다.",
      ),
    ],
    hints: {
      en: [
        "First $z_1 = W_x x_1 + W_h h_0 + b$. What is $W_h h_0$?",
        "$z_1 = (0.1 \\cdot 1 + 0.2 \\cdot 2 + 0.1,\\; 0.3 \\cdot 1 + 0.4 \\cdot 2 + 0.1)$. One function is left.",
        "$h_1 = \\tanh((0.6, 1.2))$, or in code: rnnStep(x1, h0, Wx, Wh, b).",
      ],
      ko: [
        "먼저 $z_1 = W_x x_1 + W_h h_0 + b$를 구하세요. $W_h h_0$은 얼마인가요?",
        "$z_1 = (0.1 \\cdot 1 + 0.2 \\cdot 2 + 0.1,\\; 0.3 \\cdot 1 + 0.4 \\cdot 2 + 0.1)$입니다. 함수 하나가 남았습니다.",
        "$h_1 = \\tanh((0.6, 1.2))$입니다. 코드로는 rnnStep(x1, h0, Wx, Wh, b)입니다.",
      ],
    },
  },
  {
    id: "01-2",
    kind: "numeric",
    title: { en: "h₂ after silence", ko: "아무 입력이 없을 때의 h₂" },
    slide: 7,
    expected: silent.h,
    formula: formula(
      { "W_x x_2": zero, Wh, h1: step1.h, b, tanh: activations.tanh },
      ({ Wh, h1, b, tanh, ...rest }) => tanh(add(rest["W_x x_2"], matVec(Wh, h1), b)),
      rnnParts,
    ),
    mistakes: [
      {
        answers: [zero],
        text: {
          en: "No input does not mean no state: $W_h h_1 + b$ is still there.",
          ko: "입력이 없다고 해서 상태도 없는 것은 아닙니다. $W_h h_1 + b$가 남아 있습니다.",
        },
      },
      {
        answers: [step1.h],
        text: {
          en: "That is $h_1$. An RNN does not simply keep its state: it goes through $W_h$, $b$ and tanh at every step.",
          ko: "이 값은 $h_1$입니다. RNN의 상태는 그대로 남지 않고, 시점마다 $W_h$, $b$, tanh를 거칩니다.",
        },
      },
      {
        answers: [tanh(matVec(Wh, step1.h))],
        text: {
          en: "The bias is missing: $h_2 = \\tanh(W_h h_1 + b)$.",
          ko: "편향이 빠졌습니다. $h_2 = \\tanh(W_h h_1 + b)$입니다.",
        },
      },
      {
        answers: [silent.z],
        text: {
          en: "That is $z_2$. tanh is missing: $h_2 = \\tanh(z_2)$.",
          ko: "이 값은 $z_2$입니다. tanh가 빠졌습니다. $h_2 = \\tanh(z_2)$입니다.",
        },
      },
      {
        answers: [tanh(b)],
        text: {
          en: "That would be right after $h_1 = 0$. The past is missing: $W_h h_1$ is not 0.",
          ko: "$h_1 = 0$이었다면 맞는 답입니다. 과거가 빠졌습니다. $W_h h_1$은 0이 아닙니다.",
        },
      },
      {
        answers: [tanh(add(step1.h, b))],
        text: {
          en: "$W_h$ is missing: the past enters as $W_h h_1$, not as $h_1$.",
          ko: "$W_h$가 빠졌습니다. 과거는 $h_1$이 아니라 $W_h h_1$로 들어갑니다.",
        },
      },
      {
        answers: [rnnForward(cell, x2, step1.h).h],
        text: {
          en: "That is $h_2$ for the lecture's second input $[2, 3]$. Here the second input is $[0, 0]$.",
          ko: "강의의 두 번째 입력 $[2, 3]$을 넣은 $h_2$입니다. 여기서는 두 번째 입력이 $[0, 0]$입니다.",
        },
      },
      mistake(
        add(tanh(matVec(Wh, step1.h)), b),
        "You added $b$ after tanh. It belongs inside: $\\tanh(W_h h_1 + b)$.",
        "$b$를 tanh 뒤에 더했습니다. 괄호 안에 들어가야 합니다. $\\tanh(W_h h_1 + b)$입니다.",
      ),
      mistake(
        rnnForward(cell, zero, silent.h).h,
        "One step too far: that is $h_3$, after another silent input.",
        "한 시점 더 나아갔습니다. 입력이 없는 시점을 한 번 더 지난 $h_3$입니다.",
      ),
    ],
    hints: {
      en: [
        "Which of the three terms of $W_x x_2 + W_h h_1 + b$ is 0?",
        "Both rows of $W_h$ are $(0.1, 0.1)$, so both components of $W_h h_1$ are $0.1 \\cdot (0.537050 + 0.833655)$.",
        "$h_2 = \\tanh(W_h h_1 + b)$; in code, rnnStep(h0, rnnStep(x1, h0, Wx, Wh, b), Wx, Wh, b), as the silent input happens to equal h0.",
      ],
      ko: [
        "$W_x x_2 + W_h h_1 + b$의 세 항 가운데 0인 것은 무엇인가요?",
        "$W_h$의 두 행은 모두 $(0.1, 0.1)$이므로 $W_h h_1$의 두 성분은 모두 $0.1 \\cdot (0.537050 + 0.833655)$입니다.",
        "$h_2 = \\tanh(W_h h_1 + b)$입니다. 코드로는 rnnStep(h0, rnnStep(x1, h0, Wx, Wh, b), Wx, Wh, b)입니다. 성분이 모두 0인 입력이 마침 h0과 같습니다.",
      ],
    },
  },
  {
    id: "01-3",
    kind: "numeric",
    title: { en: "parameters of an RNN cell", ko: "RNN 셀의 파라미터 수" },
    slide: 6,
    expected: parameters,
    mistakes: [
      {
        answers: [100 * parameters],
        text: {
          en: "You counted them once a step. All 100 steps use the same weights.",
          ko: "시점마다 세었습니다. 100개 시점 모두 같은 가중치를 씁니다.",
        },
      },
      {
        answers: [parameters - H],
        text: {
          en: "The bias is missing: one number a unit.",
          ko: "편향이 빠졌습니다. 유닛마다 하나씩 있습니다.",
        },
      },
      {
        answers: [parameters - H * H, H * I],
        text: {
          en: "$W_h$ is missing: it has a row and a column for each of the units.",
          ko: "$W_h$가 빠졌습니다. 행도 열도 유닛 수만큼 있습니다.",
        },
      },
      {
        answers: [parameters - H * I, H * H],
        text: {
          en: "$W_x$ is missing: it has a row for each unit and a column for each input.",
          ko: "$W_x$가 빠졌습니다. 행은 유닛 수만큼, 열은 입력 수만큼 있습니다.",
        },
      },
      {
        answers: [H * I + I * I + H],
        text: {
          en: "You made $W_h$ as wide as the input. It turns a hidden state into a hidden state: 5 rows and 5 columns.",
          ko: "$W_h$의 모양을 입력에 맞추었습니다. 은닉 상태를 은닉 상태로 바꾸는 행렬이므로 5행 5열입니다.",
        },
      },
      {
        answers: [parameters + H],
        text: {
          en: "With two biases, as PyTorch stores them, this would be right. The cell of slide 7 has one.",
          ko: "PyTorch처럼 편향을 두 개 두었다면 맞습니다. 슬라이드 7의 셀에는 하나만 있습니다.",
        },
      },
      {
        answers: [H * 100 * I + H],
        text: {
          en: "That is the MLP on all inputs at once. The RNN reads them one at a time.",
          ko: "입력을 한꺼번에 받는 MLP의 파라미터 수입니다. RNN은 한 번에 하나씩 읽습니다.",
        },
      },
      mistake(
        parameters - H + 1,
        "You counted one bias for all. Each unit has its own.",
        "편향을 모두 합쳐 하나로 세었습니다. 유닛마다 하나씩 있습니다.",
      ),
      mistake(
        parameters + I,
        "Inputs have no bias: there is one for each unit, 5 in all.",
        "입력에는 편향이 없습니다. 유닛마다 하나씩, 모두 5개입니다.",
      ),
      mistake(
        I + H,
        "Those are the units and inputs. Counted are the weights between them, and the biases.",
        "유닛과 입력의 수입니다. 세어야 할 것은 그 사이의 가중치와 편향입니다.",
      ),
      mistake(
        4 * parameters,
        "As many has an LSTM cell: four sets. The RNN cell has one.",
        "네 벌을 둔 LSTM 셀의 파라미터 수입니다. RNN 셀에는 한 벌뿐입니다.",
      ),
    ],
    hints: {
      en: [
        "Three things are learnt: $W_x$, $W_h$ and $b$. What are their shapes?",
        "$W_x$ is [H, I], $W_h$ is [H, H], $b$ is [H], with $I = 3$ and $H = 5$.",
        "$5 \\cdot 3 + 5 \\cdot 5 + 5$",
      ],
      ko: [
        "학습하는 것은 $W_x$, $W_h$, $b$ 세 가지입니다. 모양은 각각 무엇인가요?",
        "$W_x$는 [H, I], $W_h$는 [H, H], $b$는 [H]이고, $I = 3$, $H = 5$입니다.",
        "계산하면 $5 \\cdot 3 + 5 \\cdot 5 + 5$입니다.",
      ],
    },
  },
  {
    id: "01-4",
    kind: "numeric",
    title: { en: "the slope of tanh", ko: "tanh의 미분" },
    slide: 8,
    expected: slope,
    mistakes: [
      {
        answers: [1 / slope],
        text: {
          en: "That is $1/(1 - h^2)$, the slope of the inverse of tanh.",
          ko: "이 값은 tanh의 역함수의 미분 $1/(1 - h^2)$입니다.",
        },
      },
      {
        answers: [1 - 0.6 ** 2],
        text: {
          en: "You put $z$ into $1 - h^2$. It takes the output, $h = \\tanh(z)$.",
          ko: "$1 - h^2$에 $z$를 넣었습니다. 넣어야 하는 것은 출력 $h = \\tanh(z)$입니다.",
        },
      },
      {
        answers: [step1.h[0] * (1 - step1.h[0])],
        text: {
          en: "$h(1 - h)$ is the slope of the sigmoid. For tanh it is $1 - h^2$.",
          ko: "$h(1 - h)$는 시그모이드의 미분입니다. tanh의 미분은 $1 - h^2$입니다.",
        },
      },
      {
        answers: [1 - step1.h[0]],
        text: {
          en: "The square is missing: $1 - h^2$, not $1 - h$.",
          ko: "제곱이 빠졌습니다. $1 - h$가 아니라 $1 - h^2$입니다.",
        },
      },
      {
        answers: [tanhPrime(tanh(step1.h[0]))],
        text: {
          en: "You took tanh once more. $h$ is already the output: square it as it is.",
          ko: "tanh를 한 번 더 적용했습니다. $h$가 이미 출력이므로 그대로 제곱하세요.",
        },
      },
      {
        answers: [step1.h[0] ** 2],
        text: {
          en: "That is $h^2$. The slope is what is left of 1: $1 - h^2$.",
          ko: "이 값은 $h^2$입니다. 미분은 1에서 이 값을 뺀 $1 - h^2$입니다.",
        },
      },
      mistake(
        sigmoidPrime(sigmoid(0.6)),
        "That is the slope of the sigmoid at 0.6. Asked is that of tanh.",
        "0.6에서 시그모이드의 미분을 구했습니다. 구할 것은 tanh의 미분입니다.",
      ),
      mistake(
        step1.h[0],
        "That is $h$ itself. The slope is made from it: $1 - h^2$.",
        "이 값은 $h$입니다. 미분은 이것으로 구합니다. $1 - h^2$입니다.",
      ),
      mistake(
        tanhPrime(step1.h[1]),
        "That is the slope of the second unit, at $z = 1.2$.",
        "두 번째 유닛, 즉 $z = 1.2$에서의 미분입니다.",
      ),
      mistake(
        1 + step1.h[0] ** 2,
        "The sign: $1 - h^2$, never more than 1.",
        "부호를 확인하세요. $1 - h^2$이고 1을 넘지 않습니다.",
      ),
    ],
    hints: {
      en: [
        "The slope of tanh can be written with its output alone.",
        "$\\tanh'(z) = 1 - h^2$ with $h = 0.537050$.",
        "$1 - 0.537050^2$; in code, tanhPrime(tanh(0.6)).",
      ],
      ko: [
        "tanh의 미분은 출력만으로 나타낼 수 있습니다.",
        "$\\tanh'(z) = 1 - h^2$이고 $h = 0.537050$입니다.",
        "답은 $1 - 0.537050^2$입니다. 코드로는 tanhPrime(tanh(0.6))입니다.",
      ],
    },
  },
  {
    id: "01-q1",
    kind: "choice",
    title: { en: "shuffled time steps", ko: "뒤섞인 시점" },
    slide: 3,
    answer: "b",
    choices: {
      a: {
        en: "The hidden state is not a sum: the order changes it, as slide 3 shows with two inputs.",
        ko: "은닉 상태는 합이 아닙니다. 슬라이드 3에서 입력 두 개로 보았듯이 순서가 바뀌면 달라집니다.",
      },
      b: {
        en: "The RNN answers differently to different orders. When the order is random, that difference is noise.",
        ko: "RNN은 순서가 다르면 다른 답을 냅니다. 순서가 무작위라면 그 차이는 잡음입니다.",
      },
      c: {
        en: "Length has nothing to do with it: the cell is used as often as there are inputs, shuffled or not.",
        ko: "길이는 상관이 없습니다. 섞든 섞지 않든 셀은 입력의 수만큼 쓰입니다.",
      },
    },
    hints: {
      en: ["What did the sum-pooling network not notice?"],
      ko: ["입력을 더하는 네트워크는 무엇을 구별하지 못했나요?"],
    },
  },
  {
    id: "01-q2",
    kind: "choice",
    title: { en: "ten times longer", ko: "열 배 긴 시퀀스" },
    slide: 5,
    answer: "c",
    choices: {
      a: {
        en: "That would be the MLP on all inputs at once. The RNN uses one cell at every step.",
        ko: "입력을 한꺼번에 받는 MLP라면 그렇습니다. RNN은 모든 시점에서 같은 셀을 씁니다.",
      },
      b: {
        en: "$W_h$ has H rows and H columns; the length does not occur in it.",
        ko: "$W_h$는 H행 H열입니다. 시퀀스의 길이는 들어가지 않습니다.",
      },
      c: {
        en: "Every step uses the same $W_x$, $W_h$ and $b$.",
        ko: "모든 시점에서 같은 $W_x$, $W_h$, $b$를 씁니다.",
      },
    },
    hints: {
      en: ["Look at the pink line of the chart of parameters."],
      ko: ["파라미터 수 그래프에서 분홍색 선을 보세요."],
    },
  },
  {
    id: "01-q3",
    kind: "choice",
    title: { en: "a unit with z = 5", ko: "z = 5인 유닛" },
    slide: 8,
    answer: "a",
    choices: {
      a: {
        en: "$1 - \\tanh^2(5)$ is about 0.0002: the unit is saturated.",
        ko: "$1 - \\tanh^2(5)$는 0.0002 정도입니다. 유닛이 포화되었습니다.",
      },
      b: {
        en: "The slope does not grow with $z$, it falls: it is largest at $z = 0$.",
        ko: "tanh의 미분은 $z$가 커질수록 오히려 작아집니다. $z = 0$에서 가장 큽니다.",
      },
      c: {
        en: "On the way back the gradient is multiplied by the slope of tanh, $1 - h^2$.",
        ko: "역전파할 때 기울기에 tanh의 미분 $1 - h^2$이 곱해집니다.",
      },
    },
    hints: {
      en: ["Find $z = 5$ in the chart of slopes. Is it shaded?"],
      ko: ["미분을 그린 그래프에서 $z = 5$를 찾아보세요. 음영이 있나요?"],
    },
  },
];
