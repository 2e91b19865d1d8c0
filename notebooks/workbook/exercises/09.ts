// Exercises of notebook 09: the derivatives of softmax, cross-entropy and the dense layer, and the closing
// quiz. What a wrong answer would be is computed by the wrong formula.

import {
  add,
  hadamard,
  matVec,
  outer,
  scale,
  sigmoid,
  sigmoidPrime,
  softmax,
  sub,
  transpose,
} from "../../../src/index.js";
import type { Matrix, Vector } from "../../../src/index.js";
import { slide35 } from "./lecture_networks.js";
import { mistake } from "./exercise.js";
import type { ChoiceExercise, Exercise } from "./exercise.js";
import { formula } from "./formula.js";

/** Three classes: with two, several wrong formulas give the right numbers. */
const z3 = [0.2, 1.1, -0.4];
const p = softmax(z3);
const ones = p.map(() => 1);
const logistic = sigmoid(z3);
const case1 = p.map((pj) => pj * (1 - pj));
/** A matrix by case: `same` on the diagonal, `other` off it. */
const byCase = (same: (i: number) => number, other: (i: number, j: number) => number): Matrix =>
  p.map((_, i) => p.map((_, j) => (i === j ? same(i) : other(i, j))));
const case2 = (i: number, j: number) => -p[i] * p[j];

/** Slide 41's h₂ and, for the three-class layer, an error whose right class is the third. */
const h2 = [0.4926, 0.8001];
const third = [0, 0, 1];
const error = sub(p, third);

const times = (A: Matrix, B: Matrix): Matrix => A.map((row) => matVec(transpose(B), row));
const V = transpose(slide35.Why);
/** The batch of the row-vector form: h₂ of slide 41 and h₁ of slide 38, one a row. */
const H = [h2, [0.2152, 0.4347]];
const Y = [
  [1, 0],
  [0, 1],
];
const probabilities = times(H, V).map((row) => softmax(add(row, slide35.by)));
const dZ = sub(probabilities, Y);

const numbers = (vector: Vector) => `(${vector.map((value) => Number(value.toFixed(4))).join(", ")})`;
const quizHat = [0.2, 0.7, 0.1];
const quizTarget = [0, 1, 0];
const quizError = numbers(sub(quizHat, quizTarget));

const derivations: Exercise[] = [
  {
    id: "09-1",
    kind: "numeric",
    title: { en: "softmax by its own logit", ko: "자기 로짓으로 미분한 소프트맥스" },
    slide: 63,
    expected: case1,
    formula: formula({ "\\hat y": p, "1 - \\hat y": p.map((pj) => 1 - pj) }, (parts) =>
      hadamard(parts["\\hat y"], parts["1 - \\hat y"]),
    ),
    mistakes: [
      {
        answers: [scale(-1, case1)],
        text: {
          en: "The sign is wrong. A larger logit makes its own probability larger: the diagonal is positive.",
          ko: "부호가 틀렸습니다. 로짓이 커지면 자기 확률도 커지므로 대각 성분은 양수입니다.",
        },
      },
      {
        answers: [p.map((pj) => -pj * pj)],
        text: {
          en: "That is case 2, $-\\hat y_i \\hat y_j$, with $i = j$ put in. Here the numerator contains the logit too, so $u'v$ is not zero.",
          ko: "Case 2인 $-\\hat y_i \\hat y_j$에 $i = j$를 넣었습니다. 여기서는 분자에도 그 로짓이 있으므로 $u'v$가 0이 아닙니다.",
        },
      },
      {
        answers: [sigmoidPrime(logistic)],
        text: {
          en: "Those are the slopes of the sigmoid, $\\sigma(z)(1 - \\sigma(z))$. The formula looks the same, but softmax divides by the sum over all classes.",
          ko: "이 값은 시그모이드의 미분 $\\sigma(z)(1 - \\sigma(z))$입니다. 식의 꼴은 같지만 소프트맥스는 모든 클래스의 합으로 나눕니다.",
        },
      },
      {
        answers: [p],
        text: {
          en: "Only the numerator was differentiated: $u'/v = \\hat y_j$. The logit also stands in the sum below.",
          ko: "분자만 미분했습니다. $u'/v = \\hat y_j$가 됩니다. 분모의 합에도 그 로짓이 들어 있습니다.",
        },
      },
      {
        answers: [p.map((pj) => 1 - pj * pj)],
        text: {
          en: "$1 - \\hat y^2$ is the slope of tanh.",
          ko: "$1 - \\hat y^2$은 tanh의 미분입니다.",
        },
      },
    ],
    hints: {
      en: [
        "The quotient rule: $(u'v - uv')/v^2$. Both $u$ and $v$ contain $z_j$.",
        "Take $e^{z_j}/\\sum_k e^{z_k}$ out as $\\hat y_j$. What is left is $1 - \\hat y_j$.",
        "softmax(z3).map((p) => p * (1 - p))",
      ],
      ko: [
        "몫의 미분법 $(u'v - uv')/v^2$을 쓰세요. $u$와 $v$에 모두 $z_j$가 있습니다.",
        "$e^{z_j}/\\sum_k e^{z_k}$을 $\\hat y_j$로 묶어 내면 $1 - \\hat y_j$가 남습니다.",
        "코드로는 softmax(z3).map((p) => p * (1 - p))입니다.",
      ],
    },
  },
  {
    id: "09-2",
    kind: "numeric",
    title: { en: "the Jacobian of softmax", ko: "소프트맥스의 야코비 행렬" },
    slide: 64,
    expected: byCase((i) => case1[i], case2),
    mistakes: [
      {
        answers: [byCase((i) => case2(i, i), case2)],
        text: {
          en: "You used case 2 everywhere and forgot the diagonal: for $i = j$ it is $\\hat y_i (1 - \\hat y_i)$.",
          ko: "모든 자리에 Case 2를 쓰고 대각선을 잊었습니다. $i = j$이면 $\\hat y_i (1 - \\hat y_i)$입니다.",
        },
      },
      {
        answers: [
          byCase(
            (i) => case1[i],
            (i, j) => -case2(i, j),
          ),
        ],
        text: {
          en: "The sign off the diagonal is wrong: what one class gains, the others lose. Each column has to add up to 0.",
          ko: "대각선 밖의 부호가 틀렸습니다. 한 클래스의 확률이 커지면 다른 클래스의 확률은 그만큼 작아집니다. 열마다 더하면 0이어야 합니다.",
        },
      },
      {
        answers: [
          byCase(
            (i) => -case1[i],
            (i, j) => -case2(i, j),
          ),
        ],
        text: {
          en: "Every sign is turned round: the diagonal is positive, the rest negative.",
          ko: "부호가 모두 반대입니다. 대각선은 양수이고 나머지는 음수입니다.",
        },
      },
      {
        answers: [
          byCase(
            (i) => case1[i],
            () => 0,
          ),
        ],
        text: {
          en: "Off the diagonal you have 0, as if each probability depended on its own logit alone. They share the sum below the fraction.",
          ko: "대각선 밖이 0입니다. 확률이 자기 로짓에만 달려 있다고 본 셈입니다. 분모의 합에는 모든 로짓이 들어 있습니다.",
        },
      },
      {
        answers: [
          byCase(
            (i) => sigmoidPrime(logistic)[i],
            () => 0,
          ),
        ],
        text: {
          en: "That is the Jacobian of the sigmoid, which treats every logit by itself. Softmax ties them together.",
          ko: "이 행렬은 로짓을 따로따로 다루는 시그모이드의 야코비 행렬입니다. 소프트맥스에서는 확률마다 모든 로짓의 영향을 받습니다.",
        },
      },
      {
        answers: [
          byCase(
            (i) => case1[i],
            (i, j) => p[i] * (1 - p[j]),
          ),
        ],
        text: {
          en: "You used case 1 everywhere. For $i \\ne j$ the numerator does not contain $z_j$, and $u'v = 0$.",
          ko: "모든 자리에 Case 1을 썼습니다. $i \\ne j$이면 분자에 $z_j$가 없으므로 $u'v = 0$입니다.",
        },
      },
      mistake(
        byCase(
          (i) => p[i] * p[i],
          (i, j) => p[i] * p[j],
        ),
        "These are the products $\\hat y_i \\hat y_j$. Off the diagonal the sign is a minus, and on it stands $\\hat y_i (1 - \\hat y_i)$.",
        "$\\hat y_i \\hat y_j$를 그대로 썼습니다. 대각선 밖에는 마이너스가 붙고, 대각선에는 $\\hat y_i (1 - \\hat y_i)$가 옵니다.",
      ),
      mistake(
        byCase((i) => p[i], case2),
        "On the diagonal only the numerator was differentiated. With the sum below it is $\\hat y_i (1 - \\hat y_i)$.",
        "대각선에서 분자만 미분했습니다. 분모의 합까지 미분하면 $\\hat y_i (1 - \\hat y_i)$입니다.",
      ),
    ],
    hints: {
      en: [
        "Two cases: the diagonal is exercise 09-1.",
        "Off the diagonal it is $-\\hat y_i \\hat y_j$.",
        "q.map((pi, i) => q.map((pj, j) => (i === j ? pi * (1 - pi) : -pi * pj))), where q is softmax(z3).",
      ],
      ko: [
        "두 경우로 나뉩니다. 대각선은 문제 09-1의 답입니다.",
        "대각선 밖은 $-\\hat y_i \\hat y_j$입니다.",
        "q를 softmax(z3)라 하면 q.map((pi, i) => q.map((pj, j) => (i === j ? pi * (1 - pi) : -pi * pj)))입니다.",
      ],
    },
  },
  {
    id: "09-3",
    kind: "numeric",
    title: { en: "the weights of a dense layer", ko: "Dense 층의 가중치" },
    slide: 69,
    expected: outer(error, h2),
    formula: formula(
      { "\\hat y": p, y: third, h: h2 },
      ({ y, h, ...parts }) => outer(sub(parts["\\hat y"], y), h),
      { z: z3, "\\sigma(z)": logistic, "(1, 0, 0)": [1, 0, 0], "(0, 1, 0)": [0, 1, 0] },
    ),
    mistakes: [
      {
        answers: [outer(h2, error)],
        text: {
          en: "The order is turned round: that is $h\\, \\partial z^\\top$, two rows and three columns, the row-vector form. With columns it is $\\partial z\\, h^\\top$, in the shape of $W$.",
          ko: "순서가 바뀌었습니다. 2행 3열인 $h\\, \\partial z^\\top$는 행벡터로 쓸 때의 식입니다. 열벡터로 쓰면 $W$와 같은 모양인 $\\partial z\\, h^\\top$입니다.",
        },
      },
      {
        answers: [outer(scale(-1, error), h2)],
        text: {
          en: "The sign is wrong: the error is $\\hat y - y$, prediction minus target, not $y - \\hat y$.",
          ko: "부호가 틀렸습니다. 오차는 예측에서 정답을 뺀 $\\hat y - y$이지 $y - \\hat y$이 아닙니다.",
        },
      },
      {
        answers: [outer(p, h2)],
        text: {
          en: "The target is missing: you took $\\hat y$ itself for the error. It is $\\hat y - y$.",
          ko: "정답을 빼지 않았습니다. $\\hat y$ 자체를 오차로 썼습니다. 오차는 $\\hat y - y$입니다.",
        },
      },
      {
        answers: [outer(sub(logistic, third), h2)],
        text: {
          en: "That error comes from a sigmoid. With three classes that exclude one another, $\\hat y$ is the softmax.",
          ko: "시그모이드로 구한 오차입니다. 세 클래스 가운데 하나만 정답이므로 $\\hat y$은 소프트맥스입니다.",
        },
      },
      {
        answers: [
          outer(
            p.map((pi, i) => -third[i] / pi),
            h2,
          ),
        ],
        text: {
          en: "You stopped at $\\partial L / \\partial \\hat y = -y/\\hat y$. The softmax still stands between $\\hat y$ and $z$.",
          ko: "$\\partial L / \\partial \\hat y = -y/\\hat y$에서 멈추었습니다. $\\hat y$과 $z$ 사이에 소프트맥스가 남아 있습니다.",
        },
      },
      {
        answers: [outer(hadamard(error, case1), h2)],
        text: {
          en: "The slope of softmax is in there twice: $\\hat y - y$ is already the gradient at $z$, it is not multiplied by $\\hat y (1 - \\hat y)$ again.",
          ko: "소프트맥스의 미분이 두 번 들어갔습니다. $\\hat y - y$가 이미 $z$에서의 기울기이므로 $\\hat y (1 - \\hat y)$을 다시 곱하지 않습니다.",
        },
      },
      {
        answers: [outer(error, ones.slice(1))],
        text: {
          en: "The input is missing: that is $\\partial L / \\partial b$ in every column. A weight's error is multiplied by what the weight multiplied, $h_j$.",
          ko: "입력을 곱하지 않았습니다. 열마다 $\\partial L / \\partial b$가 들어 있습니다. 가중치의 오차에는 그 가중치에 곱해졌던 $h_j$를 곱합니다.",
        },
      },
    ],
    hints: {
      en: [
        "First the error at the logits, then row times column.",
        "The error is $\\hat y - y$ with $\\hat y$ the softmax of z3; position $(i, j)$ is its row's error times its column's input.",
        "outer(sub(softmax(z3), [0, 0, 1]), h2)",
      ],
      ko: [
        "먼저 로짓에서의 오차를 구하고, 그다음 행과 열을 곱하세요.",
        "오차는 $\\hat y - y$이고 $\\hat y$은 z3의 소프트맥스입니다. $(i, j)$ 성분은 그 행의 오차와 그 열의 입력의 곱입니다.",
        "코드로는 outer(sub(softmax(z3), [0, 0, 1]), h2)입니다.",
      ],
    },
  },
  {
    id: "09-4",
    kind: "numeric",
    title: { en: "row vectors: back to the inputs", ko: "행벡터: 입력으로 돌아가는 기울기" },
    slide: 71,
    expected: times(dZ, transpose(V)),
    formula: formula(
      { "\\partial Z": dZ, "V^\\top": transpose(V) },
      (parts) => times(parts["\\partial Z"], parts["V^\\top"]),
      { H, "\\hat Y": probabilities, Y },
    ),
    mistakes: [
      {
        answers: [times(dZ, V)],
        text: {
          en: "You multiplied by $V$ where $V^\\top$ belongs: forward goes through $V$, backward through its transpose.",
          ko: "$V^\\top$를 곱할 자리에 $V$를 곱했습니다. 순전파가 $V$를 거쳤다면 역전파는 그 전치를 거칩니다.",
        },
      },
      {
        answers: [times(V, dZ), times(transpose(V), dZ)],
        text: {
          en: "The order is turned round. With rows the error stands on the left: $\\partial Z\\, V^\\top$.",
          ko: "순서가 바뀌었습니다. 행벡터에서는 오차가 왼쪽에 옵니다. $\\partial Z\\, V^\\top$입니다.",
        },
      },
      {
        answers: [transpose(times(dZ, transpose(V)))],
        text: {
          en: "Right numbers, wrong way up: you have one column a sample. Batch first means one row a sample, as in $H$.",
          ko: "값은 맞지만 방향이 다릅니다. 한 열에 샘플 하나를 담았습니다. 배치 우선(batch first)이므로 $H$처럼 한 행이 샘플 하나입니다.",
        },
      },
      {
        answers: [scale(-1, times(dZ, transpose(V)))],
        text: {
          en: "The sign is wrong: the error is $\\hat y - y$.",
          ko: "부호가 틀렸습니다. 오차는 $\\hat y - y$입니다.",
        },
      },
      {
        answers: [times(probabilities, transpose(V))],
        text: {
          en: "The targets are missing: the error is $\\hat y - y$, not $\\hat y$.",
          ko: "정답을 빼지 않았습니다. 오차는 $\\hat y$이 아니라 $\\hat y - y$입니다.",
        },
      },
      {
        answers: [
          times(
            sub(
              times(H, V).map((row) => sigmoid(add(row, slide35.by))),
              Y,
            ),
            transpose(V),
          ),
        ],
        text: {
          en: "That error comes from a sigmoid; the classes share a softmax.",
          ko: "시그모이드로 구한 오차입니다. 두 클래스의 확률은 소프트맥스로 함께 정해집니다.",
        },
      },
    ],
    hints: {
      en: [
        "The right column of the table: $\\partial h = \\partial z\\, V^\\top$, for every row.",
        "dZ is there already. Multiply each of its rows by transpose(V).",
        "dZ.map((row) => rowTimes(row, transpose(V)))",
      ],
      ko: [
        "표의 오른쪽 열을 보세요. 행마다 $\\partial h = \\partial z\\, V^\\top$입니다.",
        "dZ는 이미 구해 두었습니다. 그 행마다 transpose(V)를 곱하세요.",
        "코드로는 dZ.map((row) => rowTimes(row, transpose(V)))입니다.",
      ],
    },
  },
  {
    id: "09-5",
    kind: "numeric",
    title: { en: "row vectors: the weights", ko: "행벡터: 가중치의 기울기" },
    slide: 71,
    expected: times(transpose(H), dZ),
    formula: formula(
      { "H^\\top": transpose(H), "\\partial Z": dZ },
      (parts) => times(parts["H^\\top"], parts["\\partial Z"]),
      { "\\hat Y": probabilities, Y },
    ),
    mistakes: [
      {
        answers: [times(transpose(dZ), H)],
        text: {
          en: "The order is turned round: $\\partial Z^\\top H$ has the shape of $W$, the slides' column form. In the shape of $V$ it is $H^\\top \\partial Z$.",
          ko: "순서가 바뀌었습니다. $\\partial Z^\\top H$는 슬라이드의 열벡터에서 쓰는 $W$의 모양입니다. $V$의 모양으로는 $H^\\top \\partial Z$입니다.",
        },
      },
      {
        answers: [times(H, dZ), times(dZ, H)],
        text: {
          en: "A transpose is missing: the sum has to run over the samples, which are the rows of $H$. Hence $H^\\top$.",
          ko: "전치가 빠졌습니다. 샘플에 대해, 즉 $H$의 행에 대해 더해야 하므로 $H^\\top$입니다.",
        },
      },
      {
        answers: [scale(1 / H.length, times(transpose(H), dZ))],
        text: {
          en: "You divided by the number of samples. That is the gradient of the mean; the loss in the cell above is the sum.",
          ko: "샘플의 수로 나누었습니다. 나누면 평균의 기울기가 되는데, 위의 셀에서 손실은 합입니다.",
        },
      },
      {
        answers: [outer(H[0], dZ[0]), outer(H[1], dZ[1])],
        text: {
          en: "That is one sample's share. The gradients of both samples are added up.",
          ko: "이 값은 샘플 하나의 기여분입니다. 두 샘플의 기울기를 더해야 합니다.",
        },
      },
      {
        answers: [scale(-1, times(transpose(H), dZ))],
        text: {
          en: "The sign is wrong: the error is $\\hat y - y$.",
          ko: "부호가 틀렸습니다. 오차는 $\\hat y - y$입니다.",
        },
      },
      {
        answers: [times(transpose(H), probabilities)],
        text: {
          en: "The targets are missing: the error is $\\hat y - y$, not $\\hat y$.",
          ko: "정답을 빼지 않았습니다. 오차는 $\\hat y$이 아니라 $\\hat y - y$입니다.",
        },
      },
    ],
    hints: {
      en: [
        "One sample gives $h^\\top \\partial z$. What do two samples give?",
        "The sum of the two, and that is the matrix product $H^\\top \\partial Z$.",
        "transpose(H).map((row) => rowTimes(row, dZ))",
      ],
      ko: [
        "샘플 하나로는 $h^\\top \\partial z$가 나옵니다. 샘플이 둘이면 어떻게 될까요?",
        "둘을 더하면 되고, 그 합이 바로 행렬의 곱 $H^\\top \\partial Z$입니다.",
        "코드로는 transpose(H).map((row) => rowTimes(row, dZ))입니다.",
      ],
    },
  },
];

const quiz: ChoiceExercise[] = [
  {
    id: "09-q1",
    kind: "choice",
    title: { en: "what changes from step to step", ko: "시점마다 달라지는 것" },
    slide: 14,
    answer: "c",
    choices: {
      a: {
        en: "$W_x$ is a weight. The same one serves at every step; only training changes it.",
        ko: "$W_x$는 가중치입니다. 모든 시점에서 같은 것을 쓰고, 학습할 때만 바뀝니다.",
      },
      b: {
        en: "$W_h$ is a weight. The same one serves at every step, which is why its gradient is a sum over the steps.",
        ko: "$W_h$는 가중치입니다. 모든 시점에서 같은 것을 쓰므로 그 기울기가 시점에 대한 합이 됩니다.",
      },
      c: {
        en: "The hidden state is handed on from step to step; it is all that the cell remembers.",
        ko: "은닉 상태는 시점에서 시점으로 넘어갑니다. 셀이 기억하는 것은 이것뿐입니다.",
      },
      d: {
        en: "The bias is a parameter like the weights and stays the same over time.",
        ko: "편향도 가중치와 같은 파라미터라서 시점이 지나도 그대로입니다.",
      },
    },
    hints: {
      en: ["Which of the four is not a parameter?"],
      ko: ["넷 가운데 파라미터가 아닌 것은 무엇인가요?"],
    },
  },
  {
    id: "09-q2",
    kind: "choice",
    title: { en: "one step back through an RNN", ko: "RNN을 한 시점 거슬러 가기" },
    slide: 18,
    answer: "b",
    choices: {
      a: {
        en: "Forward goes through $W_h$, so backward has to go through its transpose, and the slope of tanh is missing.",
        ko: "순전파가 $W_h$를 거치므로 역전파는 그 전치를 거쳐야 합니다. tanh의 미분도 빠졌습니다.",
      },
      b: {
        en: "Back through tanh first, then through the matrix: the opposite order of the forward pass.",
        ko: "먼저 tanh를, 그다음 행렬을 거슬러 갑니다. 순전파의 반대 순서입니다.",
      },
      c: {
        en: "The slope of tanh is missing. It is what makes the gradient vanish even where $W_h$ would not.",
        ko: "tanh의 미분이 빠졌습니다. $W_h$ 때문에 줄어들지 않을 때도 이 미분 때문에 기울기가 소멸합니다.",
      },
      d: {
        en: "The slope of tanh is multiplied, not divided by: the division would be the inverse function's.",
        ko: "tanh의 미분은 나누지 않고 곱합니다. 나누면 역함수의 미분이 됩니다.",
      },
    },
    hints: {
      en: ["Two operations stand between $h_{t-1}$ and $h_t$. Each has a factor of its own."],
      ko: ["$h_{t-1}$과 $h_t$ 사이에는 연산이 둘 있고, 역전파할 때 저마다 곱해지는 값이 있습니다."],
    },
  },
  {
    id: "09-q3",
    kind: "choice",
    title: { en: "does tanh explode?", ko: "tanh에서도 폭발할까" },
    slide: { en: "notebook 03", ko: "노트북 03" },
    answer: "d",
    choices: {
      a: {
        en: "That would be so without tanh. Its slope is at most 1 and close to 0 in saturated units.",
        ko: "tanh가 없을 때의 이야기입니다. tanh의 미분은 커야 1이고 포화된 유닛에서는 0에 가깝습니다.",
      },
      b: {
        en: "Near 0 the slope of tanh is 1, and there the gradient does grow fourfold.",
        ko: "0 근처에서 tanh의 미분은 1이므로, 이때는 기울기가 정말 네 배가 됩니다.",
      },
      c: {
        en: "The loss scales all gradients alike. Whether they grow from step to step does not depend on it.",
        ko: "손실은 모든 기울기를 똑같이 키울 뿐입니다. 시점마다 커지는지는 손실과 관계가 없습니다.",
      },
      d: {
        en: "The factor of a step is $W_h^\\top$ times the slopes, so the states have their say.",
        ko: "한 시점의 배율은 $W_h^\\top$에 tanh의 미분을 곱한 값이므로 상태에 따라 달라집니다.",
      },
    },
    hints: {
      en: [
        "One step multiplies by $W_h^\\top \\mathrm{diag}(1 - h^2)$. What is $1 - h^2$ for a saturated unit?",
      ],
      ko: [
        "한 시점마다 $W_h^\\top \\mathrm{diag}(1 - h^2)$을 곱합니다. 포화된 유닛에서 $1 - h^2$은 얼마인가요?",
      ],
    },
  },
  {
    id: "09-q4",
    kind: "choice",
    title: { en: "which gate keeps the past", ko: "과거를 남기는 게이트" },
    slide: 29,
    answer: "a",
    choices: {
      a: {
        en: "It multiplies $C_{t-1}$: 0 forgets all of it, 1 keeps all of it.",
        ko: "$C_{t-1}$에 곱해집니다. 0이면 모두 잊고 1이면 모두 남깁니다.",
      },
      b: {
        en: "The input gate decides how much of the candidate is added.",
        ko: "입력 게이트는 후보를 얼마나 더할지 정합니다.",
      },
      c: {
        en: "The output gate decides how much of the cell state shows in $h_t$.",
        ko: "출력 게이트는 셀 상태를 $h_t$로 얼마나 내보낼지 정합니다.",
      },
      d: {
        en: "The candidate is the new content, not a gate.",
        ko: "후보는 게이트가 아니라 새로 들어올 내용입니다.",
      },
    },
    hints: {
      en: ["Write the line $C_t = \\dots$ down. What stands next to $C_{t-1}$?"],
      ko: ["$C_t = \\dots$ 식을 써 보세요. $C_{t-1}$에 무엇이 곱해지나요?"],
    },
  },
  {
    id: "09-q5",
    kind: "choice",
    title: { en: "the second source of ∂C", ko: "∂C의 두 번째 출처" },
    slide: 47,
    answer: "c",
    choices: {
      a: {
        en: "That holds at the last step only. Before it, $C_t$ also goes into $C_{t+1}$.",
        ko: "마지막 시점에서만 그렇습니다. 그 전에는 $C_t$가 $C_{t+1}$에도 들어갑니다.",
      },
      b: {
        en: "In $C_{t+1}$ the input gate multiplies the candidate; $f_{t+1}$ stands next to $C_t$.",
        ko: "$C_{t+1}$에서 입력 게이트에는 후보가 곱해집니다. $C_t$에는 $f_{t+1}$이 곱해집니다.",
      },
      c: {
        en: "$C_t$ is used twice, by $h_t$ and by $C_{t+1}$, and the gradients of both uses are added.",
        ko: "$C_t$는 $h_t$와 $C_{t+1}$, 두 곳에 쓰이므로 두 기울기를 더합니다.",
      },
      d: {
        en: "That is $\\partial h_t$, the gradient of the hidden state. It is in the first term already.",
        ko: "이 값은 은닉 상태의 기울기 $\\partial h_t$입니다. 이미 첫 번째 항에 들어 있습니다.",
      },
    },
    hints: {
      en: ["Where is $C_t$ used, besides in $h_t$?"],
      ko: ["$C_t$는 $h_t$ 말고 또 어디에 쓰이나요?"],
    },
  },
  {
    id: "09-q6",
    kind: "choice",
    title: { en: "why the gradient survives", ko: "기울기가 살아남는 이유" },
    slide: 52,
    answer: "b",
    choices: {
      a: {
        en: "The size of $C$ is not a factor of its gradient. What counts is what stands between two steps.",
        ko: "$C$의 크기는 기울기에 곱해지지 않습니다. 두 시점 사이에 무엇이 있는지가 중요합니다.",
      },
      b: {
        en: "$\\partial C_t / \\partial C_{t-1} = f_t$ on the direct path, and $f_t$ can be close to 1.",
        ko: "직접 이어지는 경로에서는 $\\partial C_t / \\partial C_{t-1} = f_t$이고 $f_t$는 1에 가까울 수 있습니다.",
      },
      c: {
        en: "More weights do not carry a gradient further. With tied gates there are no more of them, and it still works.",
        ko: "가중치가 많다고 기울기가 멀리 가지는 않습니다. 네 게이트가 가중치를 공유하면 가중치 수가 RNN과 같은데도 기울기는 똑같이 멀리 전해집니다.",
      },
      d: {
        en: "A gate is between 0 and 1 and makes nothing larger.",
        ko: "게이트는 0과 1 사이의 값이라 어떤 값도 키우지 못합니다.",
      },
    },
    hints: {
      en: ["What is $C_{t-1}$ multiplied by on its way to $C_t$?"],
      ko: ["$C_{t-1}$이 $C_t$로 가는 동안 무엇이 곱해지나요?"],
    },
  },
  {
    id: "09-q7",
    kind: "choice",
    title: { en: "back through the candidate", ko: "후보를 거슬러 가기" },
    slide: 50,
    answer: "d",
    choices: {
      a: {
        en: "That is the slope of the sigmoid. The candidate is a tanh.",
        ko: "이 값은 시그모이드의 미분입니다. 후보에는 tanh를 씁니다.",
      },
      b: {
        en: "The slope of tanh is missing.",
        ko: "tanh의 미분이 빠졌습니다.",
      },
      c: {
        en: "The slope is multiplied, not divided by.",
        ko: "미분은 나누지 않고 곱합니다.",
      },
      d: {
        en: "$\\tanh' = 1 - \\tanh^2$, in terms of the output.",
        ko: "출력으로 나타내면 $\\tanh' = 1 - \\tanh^2$입니다.",
      },
    },
    hints: {
      en: ["Sigmoid or tanh? Each has a slope of its own."],
      ko: ["시그모이드인가요, tanh인가요? 미분이 서로 다릅니다."],
    },
  },
  {
    id: "09-q8",
    kind: "choice",
    title: { en: "softmax by another logit", ko: "다른 로짓으로 미분한 소프트맥스" },
    slide: 64,
    answer: "a",
    choices: {
      a: {
        en: "Only the sum below the fraction contains $z_j$, and it pushes $\\hat y_i$ down.",
        ko: "$z_j$는 분모의 합에만 있어서, $z_j$가 커지면 $\\hat y_i$는 작아집니다.",
      },
      b: {
        en: "So it would be for the sigmoid. In softmax all logits share the sum below the fraction.",
        ko: "시그모이드라면 그렇습니다. 소프트맥스에서는 분모의 합에 모든 로짓이 들어 있습니다.",
      },
      c: {
        en: "The sign is wrong: more for one class means less for the others.",
        ko: "부호가 틀렸습니다. 한 클래스의 확률이 커지면 다른 클래스의 확률은 작아집니다.",
      },
      d: {
        en: "That is the form of case 1, which holds for $i = j$.",
        ko: "$i = j$일 때 성립하는 Case 1의 꼴입니다.",
      },
    },
    hints: {
      en: ["The quotient rule with $u' = 0$."],
      ko: ["$u' = 0$일 때의 몫의 미분법을 쓰세요."],
    },
  },
  {
    id: "09-q9",
    kind: "choice",
    title: { en: "ŷ − y in numbers", ko: "숫자로 보는 ŷ − y" },
    slide: 66,
    answer: "c",
    choices: {
      a: {
        en: `That is $y - \\hat y$. The gradient points to where the loss grows: ${quizError}.`,
        ko: `이 값은 $y - \\hat y$입니다. 기울기는 손실이 커지는 쪽을 가리킵니다: ${quizError}.`,
      },
      b: {
        en: "That is $\\partial L / \\partial \\hat y = -y/\\hat y$. The softmax is still to come.",
        ko: "이 값은 $\\partial L / \\partial \\hat y = -y/\\hat y$입니다. 아직 소프트맥스가 남았습니다.",
      },
      c: {
        en: `Prediction minus target, ${quizError}. It adds up to 0.`,
        ko: `예측에서 정답을 뺀 값, ${quizError}입니다. 모두 더하면 0입니다.`,
      },
      d: {
        en: "The target is missing: 1 has to be subtracted from the right class.",
        ko: "정답을 빼지 않았습니다. 정답 클래스에서 1을 빼야 합니다.",
      },
    },
    hints: {
      en: ["The gradient is $\\hat y - y$, with $y = (0, 1, 0)$."],
      ko: ["기울기는 $\\hat y - y$이고 $y = (0, 1, 0)$입니다."],
    },
  },
  {
    id: "09-q10",
    kind: "choice",
    title: { en: "the gradient of the weights", ko: "가중치의 기울기" },
    slide: 69,
    answer: "b",
    choices: {
      a: {
        en: "That has the shape of $W^\\top$: it is the row-vector form.",
        ko: "$W^\\top$와 모양이 같은, 행벡터로 쓸 때의 식입니다.",
      },
      b: {
        en: "Row $i$, column $j$: error $i$ times input $j$, in the shape of $W$.",
        ko: "$i$행 $j$열이 $i$번째 오차와 $j$번째 입력의 곱이고 $W$와 같은 모양입니다.",
      },
      c: {
        en: "That is $\\partial L / \\partial h$, the way on to the input.",
        ko: "이 값은 입력으로 가는 기울기 $\\partial L / \\partial h$입니다.",
      },
      d: {
        en: "With columns of one length that is a single number, the dot product; otherwise it does not exist.",
        ko: "길이가 같은 열벡터라면 결과가 숫자 하나(내적)이고, 길이가 다르면 계산할 수 없습니다.",
      },
    },
    hints: {
      en: ["The gradient has the shape of $W$: one row an output, one column an input."],
      ko: ["기울기는 $W$와 같은 모양입니다. 출력마다 한 행, 입력마다 한 열입니다."],
    },
  },
];

export const exercises09: Exercise[] = [...derivations, ...quiz];
