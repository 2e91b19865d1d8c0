// The exercise of notebook 00, small enough to show how the checks speak.

import { matVec, transposedMatVec } from "../../../src/index.js";
import { slide35 } from "./lecture_networks.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { formula } from "./formula.js";
import { lstmParts } from "./lecture_parts.js";

const { Wx, x1, b } = slide35;

export const exercises00: Exercise[] = [
  {
    id: "00-1",
    kind: "numeric",
    title: { en: "W_x x₁", ko: "W_x x₁ 계산" },
    slide: 36,
    expected: matVec(Wx, x1),
    printed: ["0.5000", "1.1000"],
    formula: formula({ Wx, x1 }, ({ Wx, x1 }) => matVec(Wx, x1), lstmParts),
    mistakes: [
      {
        answers: [transposedMatVec(Wx, x1)],
        text: {
          en: "That is $x_1$ times the columns of $W_x$. Vectors are columns here: each component of $W_x x_1$ takes one **row** of $W_x$.",
          ko: "$x_1$을 $W_x$의 열과 곱했습니다. 여기서 벡터는 열벡터이므로, $W_x x_1$의 성분 하나는 $W_x$의 **행** 하나로 계산합니다.",
        },
      },
      {
        answers: [matVec(Wx, x1).map((value, k) => value + b[k])],
        text: {
          en: "The bias $b$ is in it already: that is $z_1$. Here only $W_x x_1$ is asked for.",
          ko: "편향 $b$까지 더했습니다. 이 값은 $z_1$이고, 여기서 구할 값은 $W_x x_1$입니다.",
        },
      },
      {
        answers: [Wx.map((row, k) => row[k] * x1[k])],
        text: {
          en: "That takes the diagonal only. Each component is a **sum** over a whole row of $W_x$.",
          ko: "대각선 원소만 썼습니다. 성분 하나는 $W_x$의 행 전체에 대한 **합**입니다.",
        },
      },
      mistake(
        Wx.map(([w]) => w * x1[0]),
        "Each component is a **sum** of two products; you stopped after the first.",
        "성분 하나는 곱 두 개의 **합**입니다. 첫 번째 곱에서 멈추었습니다.",
      ),
      mistake(
        Wx.map(([, w]) => w * x1[1]),
        "Each component is a **sum** of two products; you have the second only.",
        "성분 하나는 곱 두 개의 **합**입니다. 두 번째 곱만 있습니다.",
      ),
    ],
    hints: {
      en: [
        "The first component takes the first row of $W_x$, which is $(0.1, 0.2)$.",
        "First component: $0.1 \\cdot 1 + 0.2 \\cdot 2 = 0.5$. The second one takes the second row.",
      ],
      ko: [
        "첫 번째 성분은 $W_x$의 첫 번째 행 $(0.1, 0.2)$로 계산합니다.",
        "첫 번째 성분은 $0.1 \\cdot 1 + 0.2 \\cdot 2 = 0.5$입니다. 두 번째 성분은 두 번째 행으로 계산하세요.",
      ],
    },
  },
];
