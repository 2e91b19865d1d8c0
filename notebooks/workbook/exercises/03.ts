// Exercises of notebook 03: the exploding gradient.

import { largestSingularValue, norm, spectralRadius, tanhPrime } from "../../../src/index.js";
import type { Matrix } from "../../../src/index.js";
import type { Bilingual, Exercise, Judgement } from "./exercise.js";
import { lectureRnn } from "./lecture_networks.js";

const digits = (value: number) => String(Number(value.toPrecision(4)));

const isMatrix2x2 = (answer: unknown): answer is Matrix =>
  Array.isArray(answer) &&
  answer.length === 2 &&
  answer.every(
    (row) =>
      Array.isArray(row) && row.length === 2 && row.every((w) => typeof w === "number" && Number.isFinite(w)),
  );

const noMatrix: Bilingual = {
  en: "$W_h$ must be a $2 \\times 2$ matrix of finite numbers, such as [[1, 2], [3, 4]].",
  ko: "$W_h$는 [[1, 2], [3, 4]]처럼 유한한 숫자로 된 $2 \\times 2$ 행렬이어야 합니다.",
};

/** Says what the ratio is, and if it is too small, what holds it back. */
function judgeRatio(answer: unknown): Judgement {
  if (!isMatrix2x2(answer)) return { right: false, reason: noMatrix };
  const { step2, dh, back2 } = lectureRnn(answer);
  const ratio = norm(back2.dhPrev) / norm(dh);
  const [sigma, rho, slopes] = [
    digits(largestSingularValue(answer)),
    digits(spectralRadius(answer)),
    tanhPrime(step2.h).map(digits).join(", "),
  ];
  const is: Bilingual = {
    en: `Your ratio is ${digits(ratio)}. `,
    ko: `비율은 ${digits(ratio)}입니다. `,
  };
  const judgement = (right: boolean, { en, ko }: Bilingual) => ({
    right,
    reason: { en: is.en + en, ko: is.ko + ko },
  });
  if (ratio > 4) {
    return judgement(true, {
      en: `$\\sigma_{\\max}(W_h)$ is ${sigma}, $\\rho(W_h)$ is ${rho}, and the slopes $1 - h_2^2$ are (${slopes}): the units are not all saturated.`,
      ko: `$\\sigma_{\\max}(W_h)$는 ${sigma}, $\\rho(W_h)$는 ${rho}이고, 미분 $1 - h_2^2$은 (${slopes})입니다. 포화되지 않은 유닛이 있습니다.`,
    });
  }
  if (largestSingularValue(answer) <= 4) {
    return judgement(false, {
      en: `It cannot be more than 4: $\\sigma_{\\max}(W_h)$ is ${sigma}, and tanh never stretches.`,
      ko: `4를 넘을 수 없습니다. $\\sigma_{\\max}(W_h)$가 ${sigma}이고, tanh는 기울기를 키우지 못하기 때문입니다.`,
    });
  }
  if (answer.flat().every((w) => w >= 0)) {
    return judgement(false, {
      en: `No entry is negative, so what comes from $h_1$ adds up and tanh saturates: its slopes $1 - h_2^2$ are (${slopes}).`,
      ko: `음수인 원소가 없어서 $h_1$에서 오는 값이 더해지기만 하고 tanh가 포화됩니다. 미분 $1 - h_2^2$이 (${slopes})입니다.`,
    });
  }
  return judgement(false, {
    en: `$\\sigma_{\\max}(W_h)$ is ${sigma}, large enough, but tanh's slopes $1 - h_2^2$ are (${slopes}).`,
    ko: `$\\sigma_{\\max}(W_h)$는 충분히 크지만(${sigma}), tanh의 미분 $1 - h_2^2$이 (${slopes})입니다.`,
  });
}

/** A wrong W_h with what is said to it. */
const wrong = (Wh: unknown) => ({
  answers: [Wh],
  get text() {
    return judgeRatio(Wh).reason;
  },
});

export const exercises03: Exercise[] = [
  {
    id: "03-1",
    kind: "choice",
    title: {
      en: "tanh with W_h = 2: what becomes of the gradient?",
      ko: "W_h = 2에 tanh가 있으면 기울기는?",
    },
    slide: 17,
    answer: "d",
    choices: {
      a: {
        en: "$\\sigma_{\\max} = 4$ is what $W_h$ could do at most. Before that the gradient goes through tanh, and with $h_2$ close to 1 hardly anything gets through.",
        ko: "$\\sigma_{\\max} = 4$는 $W_h$가 기울기를 키울 수 있는 최대 배율입니다. 기울기는 $W_h$보다 먼저 tanh를 지나는데, $h_2$가 1에 가까우면 거의 통과하지 못합니다.",
      },
      b: {
        en: "There is no balance between the two: the slope falls exponentially with $z_2$, while $W_h$ grows the gradient only in proportion.",
        ko: "둘은 상쇄되지 않습니다. $W_h$를 키우면 기울기는 비례해서 커질 뿐이지만 tanh의 미분은 $z_2$가 커짐에 따라 지수적으로 줄어듭니다.",
      },
      c: {
        en: "It does shrink, but more than that: 0.6 % is left, against 4.6 % with $W_h = 0.1$. Compute $1 - h_2^2$ for $z_2 = (3.6, 4.6)$.",
        ko: "줄어드는 것은 맞지만 더 많이 줄어듭니다. $W_h = 0.1$일 때는 4.6%, 여기서는 0.6%가 남습니다. $z_2 = (3.6, 4.6)$일 때 $1 - h_2^2$을 계산해 보세요.",
      },
      d: {
        en: "0.6 % is left (ratio 0.0062). The larger the positive $W_h$, the further tanh is in saturation.",
        ko: "0.6%가 남습니다(비율 0.0062). 양수인 $W_h$가 클수록 tanh는 더 깊이 포화됩니다.",
      },
    },
    hints: {
      en: [
        "Two factors meet the gradient at every step back. Which is the other one?",
        "Compute $z_2$ with $W_h = 2$. How steep is tanh there?",
        "oneStep(allOf(2)) gives the ratio.",
      ],
      ko: [
        "시점을 거슬러 갈 때마다 곱해지는 것은 두 가지입니다. 나머지 하나는 무엇인가요?",
        "$W_h = 2$일 때 $z_2$를 계산해 보세요. 그 $z_2$에서 tanh는 얼마나 가파른가요?",
        "oneStep(allOf(2))로 그 비율을 구할 수 있습니다.",
      ],
    },
  },
  {
    id: "03-2",
    kind: "judged",
    title: { en: "a tanh W_h with ratio > 4", ko: "tanh가 있어도 비율이 4를 넘는 W_h" },
    slide: { en: 'the section "Saturation wins"', ko: "「결국 포화가 이긴다」 절" },
    judge: judgeRatio,
    solution: [
      [3, -3],
      [3, -3],
    ],
    mistakes: [
      wrong([1, 2]),
      wrong([
        [2, 2],
        [2, 2],
      ]),
      wrong([
        [5, 5],
        [5, 5],
      ]),
      wrong([
        [-5, -5],
        [-5, -5],
      ]),
    ],
    hints: {
      en: [
        "The ratio cannot exceed $\\sigma_{\\max}(W_h)$, so the entries have to be large. And tanh must stay steep: what must $z_2$ be like?",
        "$z_2 = W_x x_2 + W_h h_1 + b$ with $h_1 \\approx (0.54, 0.83)$. Large entries and a small $z_2$: let them cancel.",
        "Take rows $(w, -w)$: then $W_h h_1 \\approx -0.3\\,w$ in both units. Increase $w$ from 1.",
      ],
      ko: [
        "비율은 $\\sigma_{\\max}(W_h)$를 넘지 못하므로 원소가 커야 합니다. 그런데 tanh는 가파른 곳에 있어야 합니다. 이때 $z_2$는 어떤 값이어야 할까요?",
        "$z_2 = W_x x_2 + W_h h_1 + b$이고 $h_1 \\approx (0.54, 0.83)$입니다. 원소는 크게 두되, 서로 상쇄되어 $z_2$가 작아지게 하세요.",
        "행을 $(w, -w)$로 두면 두 유닛에서 모두 $W_h h_1 \\approx -0.3\\,w$입니다. $w$를 1부터 키워 보세요.",
      ],
    },
  },
  {
    id: "03-q1",
    kind: "choice",
    title: { en: "why tanh does not explode", ko: "tanh가 있으면 폭발하지 않는 이유" },
    slide: { en: 'the section "Saturation wins"', ko: "「결국 포화가 이긴다」 절" },
    answer: "b",
    choices: {
      a: {
        en: "tanh does not touch $W_h$: its $\\sigma_{\\max}$ is 4 with and without it. What changes is the other factor.",
        ko: "tanh는 $W_h$를 바꾸지 않습니다. $\\sigma_{\\max}$는 tanh가 있든 없든 4입니다. tanh가 있으면 곱해지는 나머지 하나가 달라집니다.",
      },
      b: {
        en: "$1 - h_2^2$ is 0.0027 and 0.0004 there.",
        ko: "이때 $1 - h_2^2$은 0.0027과 0.0004입니다.",
      },
      c: {
        en: "A bound on $h$ is not a bound on its gradient: with mixed signs $|h| < 1$ as well, and the gradient grows.",
        ko: "$h$의 상한이 기울기의 상한은 아닙니다. 부호가 섞인 행렬에서도 $|h| < 1$이지만 기울기는 커졌습니다.",
      },
    },
    hints: {
      en: ["Which of the two factors of a step back depends on $h$?"],
      ko: ["한 시점 거슬러 갈 때 곱해지는 두 가지 가운데 $h$에 달린 것은 무엇인가요?"],
    },
  },
  {
    id: "03-q2",
    kind: "choice",
    title: { en: "growth with ρ = 0", ko: "ρ = 0일 때 기울기의 증가" },
    slide: { en: 'the section "Two ways to make it grow"', ko: "「기울기를 키우는 두 가지 방법」 절" },
    answer: "c",
    choices: {
      a: {
        en: "$\\rho$ is about powers of $W_h$, that is about a linear network over many steps. $\\begin{pmatrix} 3 & -3 \\\\ 3 & -3 \\end{pmatrix}$ has $\\rho = 0$ and makes the gradient 4.24 times as large in one.",
        ko: "$\\rho$는 $W_h$의 거듭제곱, 즉 선형 네트워크를 여러 시점 거슬러 갈 때의 값입니다. $\\begin{pmatrix} 3 & -3 \\\\ 3 & -3 \\end{pmatrix}$은 $\\rho = 0$이지만 한 시점 만에 기울기를 4.24배로 키웁니다.",
      },
      b: {
        en: "The factor 4.24 was reached with tanh.",
        ko: "4.24배는 tanh가 있는 상태에서 나온 값입니다.",
      },
      c: {
        en: "One step is bounded by $\\sigma_{\\max}(W_h)\\,\\gamma$, here 6.",
        ko: "한 시점의 상한은 $\\sigma_{\\max}(W_h)\\,\\gamma$이고, 여기서는 6입니다.",
      },
    },
    hints: {
      en: ["Look at the matrix with entries 3 and −3 again: what are its two numbers?"],
      ko: ["원소가 3과 −3인 행렬을 다시 보세요. 두 값이 각각 얼마였나요?"],
    },
  },
  {
    id: "03-q3",
    kind: "choice",
    title: { en: "what clipping keeps", ko: "클리핑해도 변하지 않는 것" },
    slide: { en: "the section on clipping", ko: "클리핑 절" },
    answer: "a",
    choices: {
      a: {
        en: "One factor for all parameters: the direction stays.",
        ko: "모든 파라미터에 같은 배율을 곱하므로 방향이 그대로입니다.",
      },
      b: {
        en: "Every one of these norms shrinks, by the same factor. Their ratios stay.",
        ko: "그 노름들도 모두 같은 배율로 줄어듭니다. 서로의 비율은 변하지 않습니다.",
      },
      c: {
        en: "Clipping only ever shortens. What vanishes stays vanished.",
        ko: "클리핑은 줄이기만 합니다. 소멸한 기울기는 되살아나지 않습니다.",
      },
    },
    hints: {
      en: ["$G$ is multiplied by one number. What of a vector does not change then?"],
      ko: ["$G$에 숫자 하나를 곱합니다. 그때 벡터의 무엇이 변하지 않나요?"],
    },
  },
];
