// Exercises of notebook 04: the gates of the LSTM. The numbers are the workbook's own; the lecture has none
// here.

import { sigmoid, tanh } from "../../../src/index.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { activations, formula } from "./formula.js";

/** 04-1: one unit and one input, the weights in the order of [h, x]. */
const gate = { W: [0.8, -0.5], b: 1, hPrev: 0.5, x: 2 };
const preActivation = gate.W[0] * gate.hPrev + gate.W[1] * gate.x + gate.b;

/** 04-2 */
const [CPrev, candidate] = [0.8, -0.3];

/** 04-3 */
const [C, o] = [1.2, 0.5];

/** 04-4: σ(b) = share. */
const share = 0.9;
const bias = Math.log(share / (1 - share));

/** 04-5 */
const [I, H] = [2, 2];
const oneGate = H * I + H * H + H;

export const exercises04: Exercise[] = [
  {
    id: "04-1",
    kind: "numeric",
    title: { en: "a forget gate by hand", ko: "손으로 계산하는 망각 게이트" },
    slide: 29,
    expected: sigmoid(preActivation),
    formula: formula(
      {
        "h_{t-1}": gate.hPrev,
        x_t: gate.x,
        "0.8": gate.W[0],
        "-0.5": gate.W[1],
        b_f: gate.b,
        sigma: activations.sigma,
      },
      ({ sigma, ...p }) => sigma(p["0.8"] * p["h_{t-1}"] + p["-0.5"] * p.x_t + p.b_f),
    ),
    mistakes: [
      {
        answers: [sigmoid(gate.W[0] * gate.x + gate.W[1] * gate.hPrev + gate.b)],
        text: {
          en: "The columns changed places. In $[h_{t-1}, x_t]$ the hidden state comes first, so 0.8 belongs to $h_{t-1}$ and −0.5 to $x_t$.",
          ko: "열의 순서가 바뀌었습니다. $[h_{t-1}, x_t]$에서는 은닉 상태가 먼저이므로 0.8은 $h_{t-1}$에, −0.5는 $x_t$에 곱합니다.",
        },
      },
      {
        answers: [sigmoid(preActivation - gate.b)],
        text: {
          en: "The bias is missing: $b_f = 1$ is added before the sigmoid.",
          ko: "편향이 빠졌습니다. $b_f = 1$을 시그모이드 앞에서 더해야 합니다.",
        },
      },
      {
        answers: [sigmoid(preActivation - gate.b) + gate.b],
        text: {
          en: "You added $b_f$ after the sigmoid. A gate can then be larger than 1, which no share can.",
          ko: "$b_f$를 시그모이드 뒤에 더했습니다. 그러면 게이트가 1보다 커질 수 있는데, 비율은 그럴 수 없습니다.",
        },
      },
      {
        answers: [preActivation],
        text: {
          en: "That is $z$. The sigmoid is missing.",
          ko: "이 값은 $z$입니다. 시그모이드가 빠졌습니다.",
        },
      },
      {
        answers: [tanh(preActivation)],
        text: {
          en: "That is tanh. A gate is a sigmoid, a share between 0 and 1; only the candidate $\\tilde C$ is a tanh.",
          ko: "이 값은 tanh로 구한 값입니다. 게이트는 0과 1 사이의 비율이므로 시그모이드를 씁니다. tanh는 후보 $\\tilde C$에만 씁니다.",
        },
      },
      {
        answers: [sigmoid(-preActivation)],
        text: {
          en: "That is the share that is forgotten, $1 - f_t$. The forget gate says what is kept.",
          ko: "이 값은 잊는 비율 $1 - f_t$입니다. 망각 게이트의 값은 남기는 비율입니다.",
        },
      },
      mistake(
        Math.exp(-preActivation),
        "That is $e^{-z}$ alone. The sigmoid is $\\frac{1}{1 + e^{-z}}$.",
        "$e^{-z}$만 구했습니다. 시그모이드는 $\\frac{1}{1 + e^{-z}}$입니다.",
      ),
    ],
    hints: {
      en: [
        "First $z = W_f \\cdot [h_{t-1}, x_t] + b_f$, then the sigmoid.",
        "$z = 0.8 \\cdot 0.5 - 0.5 \\cdot 2 + 1$",
        "$f_t = \\frac{1}{1 + e^{-0.4}}$; in code, sigmoid(0.4).",
      ],
      ko: [
        "먼저 $z = W_f \\cdot [h_{t-1}, x_t] + b_f$를 구하고, 시그모이드를 적용합니다.",
        "계산하면 $z = 0.8 \\cdot 0.5 - 0.5 \\cdot 2 + 1$입니다.",
        "답은 $f_t = \\frac{1}{1 + e^{-0.4}}$입니다. 코드로는 sigmoid(0.4)입니다.",
      ],
    },
  },
  {
    id: "04-2",
    kind: "numeric",
    title: { en: "C with f = 0 and i = 1", ko: "f = 0, i = 1일 때의 C" },
    slide: 30,
    expected: candidate,
    formula: formula(
      { f_t: 0, "C_{t-1}": CPrev, i_t: 1, "\\tilde C_t": candidate },
      (p) => p.f_t * p["C_{t-1}"] + p.i_t * p["\\tilde C_t"],
    ),
    mistakes: [
      {
        answers: [CPrev],
        text: {
          en: "That is the old memory, as with $f = 1$ and $i = 0$. Here it is the other way round: $f = 0$ forgets it.",
          ko: "이 값은 이전 기억, 즉 $f = 1$, $i = 0$일 때의 값입니다. 여기서는 반대입니다. $f = 0$이면 잊습니다.",
        },
      },
      {
        answers: [CPrev + candidate],
        text: {
          en: "You kept the old memory and added the new. That takes $f = 1$ and $i = 1$; with $f = 0$ the old one goes.",
          ko: "이전 기억을 남기고 새 정보를 더했습니다. $f = 1$, $i = 1$일 때의 값입니다. $f = 0$이면 이전 기억은 사라집니다.",
        },
      },
      {
        answers: [0],
        text: {
          en: "Nothing is left only if $i = 0$ too. The input gate is open here.",
          ko: "입력 게이트도 $i = 0$이어야 아무것도 남지 않습니다. 여기서는 열려 있습니다.",
        },
      },
      {
        answers: [tanh(candidate)],
        text: {
          en: "One tanh too many: $\\tilde C_t$ is already the output of tanh, and $C_t$ takes it as it is. The tanh on $C_t$ comes later, on the way to $h_t$.",
          ko: "tanh를 한 번 더 적용했습니다. $\\tilde C_t$는 이미 tanh의 출력이고 $C_t$에 그대로 들어갑니다. $C_t$에는 나중에 $h_t$를 구할 때 tanh를 적용합니다.",
        },
      },
      mistake(
        CPrev * candidate,
        "You multiplied the old by the new. Each is multiplied by its gate, and the two are added.",
        "이전 기억과 새 정보를 곱했습니다. 저마다 게이트를 곱한 다음 더해야 합니다.",
      ),
      mistake(
        (CPrev + candidate) / 2,
        "That is half of each. Here the gates are fully closed and fully open.",
        "절반씩 더했습니다. 여기서 게이트는 완전히 닫히거나 완전히 열려 있습니다.",
      ),
      mistake(
        CPrev - candidate,
        "You subtracted. The two terms are added, each with its own gate.",
        "뺐습니다. 두 항에 저마다 게이트를 곱해 더해야 합니다.",
      ),
    ],
    hints: {
      en: [
        "$C_t = f_t \\odot C_{t-1} + i_t \\odot \\tilde C_t$: put the four numbers in.",
        "$0 \\cdot 0.8 + 1 \\cdot (-0.3)$",
      ],
      ko: [
        "네 값을 $C_t = f_t \\odot C_{t-1} + i_t \\odot \\tilde C_t$에 넣으세요.",
        "계산하면 $0 \\cdot 0.8 + 1 \\cdot (-0.3)$입니다.",
      ],
    },
  },
  {
    id: "04-3",
    kind: "numeric",
    title: { en: "h from C and o", ko: "C와 o에서 구하는 h" },
    slide: 32,
    expected: o * tanh(C),
    formula: formula({ o_t: o, C_t: C, tanh: activations.tanh }, ({ tanh, ...p }) => p.o_t * tanh(p.C_t)),
    mistakes: [
      {
        answers: [o * C],
        text: {
          en: "tanh is missing: $h_t = o_t \\odot \\tanh(C_t)$. Without it a hidden state could grow beyond 1.",
          ko: "tanh가 빠졌습니다. $h_t = o_t \\odot \\tanh(C_t)$입니다. tanh가 없으면 은닉 상태가 1을 넘을 수 있습니다.",
        },
      },
      {
        answers: [tanh(o * C)],
        text: {
          en: "The order is wrong: first $\\tanh(C_t)$, then times $o_t$.",
          ko: "순서가 다릅니다. 먼저 $\\tanh(C_t)$를 구하고 $o_t$를 곱합니다.",
        },
      },
      {
        answers: [tanh(C)],
        text: {
          en: "The output gate is missing: only half of this, $o_t = 0.5$, is shown.",
          ko: "출력 게이트가 빠졌습니다. $o_t = 0.5$이므로 절반만 내보냅니다.",
        },
      },
      {
        answers: [o * sigmoid(C), sigmoid(o) * tanh(C)],
        text: {
          en: "One sigmoid too many: $C_t$ goes through tanh, and $o_t = 0.5$ is already the gate's value.",
          ko: "시그모이드가 더 들어갔습니다. $C_t$는 tanh를 거치고, $o_t = 0.5$는 이미 게이트의 값입니다.",
        },
      },
      mistake(
        C,
        "That is the cell state. To $h_t$ it goes through tanh and the output gate.",
        "이 값은 셀 상태입니다. $h_t$가 되려면 tanh와 출력 게이트를 거쳐야 합니다.",
      ),
      mistake(
        o + tanh(C),
        "You added the gate. A gate multiplies: $o_t \\odot \\tanh(C_t)$.",
        "게이트를 더했습니다. 게이트는 곱합니다. $o_t \\odot \\tanh(C_t)$입니다.",
      ),
      mistake(
        o * (1 - tanh(C) ** 2),
        "That is the slope of tanh, which comes on the way back. Forward it is $o_t \\odot \\tanh(C_t)$.",
        "tanh의 미분을 곱했습니다. 미분은 역전파에서 씁니다. 순전파는 $o_t \\odot \\tanh(C_t)$입니다.",
      ),
    ],
    hints: {
      en: [
        "What stands between the upper wire and $h_t$ in the drawing?",
        "$h_t = o_t \\odot \\tanh(C_t)$",
        "$0.5 \\cdot \\tanh(1.2)$; in code, 0.5 * tanh(1.2).",
      ],
      ko: [
        "그림에서 위쪽 경로와 $h_t$ 사이에는 무엇이 있나요?",
        "공식은 $h_t = o_t \\odot \\tanh(C_t)$입니다.",
        "답은 $0.5 \\cdot \\tanh(1.2)$입니다. 코드로는 0.5 * tanh(1.2)입니다.",
      ],
    },
  },
  {
    id: "04-4",
    kind: "numeric",
    title: { en: "the bias for f = 0.9", ko: "f = 0.9가 되는 편향" },
    slide: 29,
    expected: bias,
    mistakes: [
      {
        answers: [share],
        text: {
          en: "A bias of 0.9 gives $\\sigma(0.9) = 0.71$. The sigmoid has to be undone.",
          ko: "편향이 0.9이면 $\\sigma(0.9) = 0.71$입니다. 시그모이드를 거꾸로 풀어야 합니다.",
        },
      },
      {
        answers: [sigmoid(share)],
        text: {
          en: "That is $\\sigma(0.9)$. The question goes the other way: which $b$ has $\\sigma(b) = 0.9$?",
          ko: "이 값은 $\\sigma(0.9)$입니다. 문제는 그 반대입니다. $\\sigma(b) = 0.9$인 $b$는 얼마인가요?",
        },
      },
      {
        answers: [-bias],
        text: {
          en: "The sign: a negative bias closes the gate. With this one $f$ is 0.1.",
          ko: "부호가 반대입니다. 편향이 음수이면 게이트가 닫힙니다. 이 값이면 $f$는 0.1입니다.",
        },
      },
      {
        answers: [Math.atanh(share)],
        text: {
          en: "That is where tanh is 0.9. The gate is a sigmoid.",
          ko: "tanh가 0.9가 되는 값입니다. 게이트는 시그모이드를 씁니다.",
        },
      },
      {
        answers: [-Math.log(share), Math.log(share)],
        text: {
          en: "A step is missing: $\\frac{1}{1 + e^{-b}} = 0.9$ means $e^{-b} = \\frac{1}{0.9} - 1$, not 0.9.",
          ko: "한 단계가 빠졌습니다. $\\frac{1}{1 + e^{-b}} = 0.9$이면 $e^{-b} = \\frac{1}{0.9} - 1$이고 0.9가 아닙니다.",
        },
      },
      {
        answers: [Math.log10(share / (1 - share))],
        text: {
          en: "Right but for the logarithm: the sigmoid has $e$ in it, so take the natural one.",
          ko: "로그만 다릅니다. 시그모이드에는 $e$가 들어 있으므로 자연로그를 써야 합니다.",
        },
      },
      mistake(
        Math.log2(share / (1 - share)),
        "Right but for the logarithm: the sigmoid has $e$ in it, so take the natural one.",
        "로그만 다릅니다. 시그모이드에는 $e$가 들어 있으므로 자연로그를 써야 합니다.",
      ),
      mistake(
        -Math.log(1 - share),
        "A step is missing: $\\frac{1}{1 + e^{-b}} = 0.9$ means $e^{-b} = \\frac{1}{0.9} - 1$, not 0.1.",
        "한 단계가 빠졌습니다. $\\frac{1}{1 + e^{-b}} = 0.9$이면 $e^{-b} = \\frac{1}{0.9} - 1$이고 0.1이 아닙니다.",
      ),
      mistake(
        share * (1 - share),
        "That is the slope of the sigmoid there, $f(1 - f)$. Asked is the bias.",
        "그 점에서 시그모이드의 미분 $f(1 - f)$입니다. 구할 값은 편향입니다.",
      ),
    ],
    hints: {
      en: [
        "With $h_{t-1} = 0$ and $x_t = 0$, $z$ is the bias alone: $\\sigma(b_f) = 0.9$.",
        "Solve $\\frac{1}{1 + e^{-b}} = 0.9$ for $e^{-b}$ first.",
        "$b_f = \\ln\\frac{0.9}{0.1} = \\ln 9$; in code, Math.log(9).",
      ],
      ko: [
        "$h_{t-1} = 0$, $x_t = 0$이면 $z$는 편향뿐입니다. $\\sigma(b_f) = 0.9$입니다.",
        "먼저 $\\frac{1}{1 + e^{-b}} = 0.9$를 $e^{-b}$에 대해 풀어 보세요.",
        "답은 $b_f = \\ln\\frac{0.9}{0.1} = \\ln 9$입니다. 코드로는 Math.log(9)입니다.",
      ],
    },
  },
  {
    id: "04-5",
    kind: "numeric",
    title: { en: "parameters of an LSTM cell", ko: "LSTM 셀의 파라미터 수" },
    slide: 33,
    expected: 4 * oneGate,
    mistakes: [
      {
        answers: [oneGate],
        text: {
          en: "That is one gate, or four that share their weights as on slide 35. Here each has its own.",
          ko: "게이트 하나, 또는 슬라이드 35처럼 가중치를 공유하는 네 게이트의 수입니다. 여기서는 게이트마다 따로 있습니다.",
        },
      },
      {
        answers: [3 * oneGate],
        text: {
          en: "You counted the three gates. The candidate $\\tilde C$ has weights of its own too.",
          ko: "게이트 세 개만 세었습니다. 후보 $\\tilde C$에도 가중치가 따로 있습니다.",
        },
      },
      {
        answers: [5 * oneGate],
        text: {
          en: "One too many: the cell state has no weights. They belong to the three gates and the candidate.",
          ko: "하나 많습니다. 셀 상태에는 가중치가 없습니다. 가중치는 게이트 세 개와 후보에만 있습니다.",
        },
      },
      {
        answers: [4 * (oneGate - H)],
        text: {
          en: "The biases are missing: two numbers a gate.",
          ko: "편향이 빠졌습니다. 게이트마다 편향의 성분이 유닛 수만큼(2개) 있습니다.",
        },
      },
      {
        answers: [4 * (oneGate + H)],
        text: {
          en: "With two biases a gate, as PyTorch stores them, this would be right. The slides have one.",
          ko: "PyTorch처럼 게이트마다 편향을 두 개 두었다면 맞습니다. 슬라이드에는 하나만 있습니다.",
        },
      },
      {
        answers: [4 * (H * I + H), 4 * (H * H + H), 4 * H * I],
        text: {
          en: "One matrix a gate is missing: $W_x$ and $W_h$, or $W$ with a column for each component of $[h_{t-1}, x_t]$.",
          ko: "게이트마다 행렬이 하나씩 빠졌습니다. $W_x$와 $W_h$가 모두 있어야 하고, 하나로 쓰면 $W$에는 $[h_{t-1}, x_t]$의 성분마다 열이 있습니다.",
        },
      },
      mistake(
        4 * (oneGate - H) + H,
        "You counted one bias vector for all. Each of the four has its own.",
        "편향 벡터를 모두 합쳐 하나로 세었습니다. 넷이 저마다 따로 가지고 있습니다.",
      ),
      mistake(
        4 * (oneGate - H) + 4,
        "You counted one number of bias for each of the four. It is a vector: one number a unit.",
        "넷에 편향을 숫자 하나씩 세었습니다. 편향은 벡터이고 유닛마다 숫자가 하나씩 있습니다.",
      ),
      mistake(
        4 * oneGate + (H * H + H),
        "The dense layer is not part of the cell.",
        "Dense 층은 셀에 속하지 않습니다.",
      ),
    ],
    hints: {
      en: [
        "How many parameters does one gate have? It looks just like an RNN cell.",
        "How many such sets are there? The drawing has a box for each.",
        "$4 \\cdot (2 \\cdot 2 + 2 \\cdot 2 + 2)$",
      ],
      ko: [
        "게이트 하나의 파라미터는 몇 개인가요? RNN 셀과 똑같이 생겼습니다.",
        "그런 묶음이 모두 몇 개인가요? 그림에서 상자 하나가 한 묶음입니다.",
        "계산하면 $4 \\cdot (2 \\cdot 2 + 2 \\cdot 2 + 2)$입니다.",
      ],
    },
  },
  {
    id: "04-q1",
    kind: "choice",
    title: { en: "keeping a memory", ko: "기억을 유지하려면" },
    slide: 31,
    answer: "a",
    choices: {
      a: {
        en: "$C_t = 1 \\cdot C_{t-1} + 0 \\cdot \\tilde C_t$: nothing goes and nothing comes.",
        ko: "$C_t = 1 \\cdot C_{t-1} + 0 \\cdot \\tilde C_t$이므로 나가는 것도 들어오는 것도 없습니다.",
      },
      b: {
        en: "That overwrites the memory: all of the old goes, all of the new comes.",
        ko: "그러면 기억을 덮어씁니다. 이전 기억은 모두 사라지고 새 정보가 모두 들어옵니다.",
      },
      c: {
        en: "$f = 1$ is half of it, but $o$ only decides what is shown. What comes in is up to $i$.",
        ko: "$f = 1$은 맞지만 $o$는 무엇을 내보낼지만 정합니다. 무엇을 받아들일지는 $i$가 정합니다.",
      },
    },
    hints: {
      en: ["Which gates occur in the formula of $C_t$?"],
      ko: ["$C_t$의 수식에 나오는 게이트는 무엇인가요?"],
    },
  },
  {
    id: "04-q2",
    kind: "choice",
    title: { en: "why C̃ is a tanh", ko: "C̃가 tanh인 이유" },
    slide: 30,
    answer: "b",
    choices: {
      a: {
        en: "Its slope is larger, that is true, but it is not the reason: with a sigmoid the cell could only ever add.",
        ko: "tanh의 미분이 더 큰 것은 맞지만 그것이 이유는 아닙니다. 시그모이드라면 셀 상태에 양수를 더하기만 할 수 있습니다.",
      },
      b: {
        en: "With $0 < \\tilde C < 1$ whatever comes in could only push the cell state up.",
        ko: "$0 < \\tilde C < 1$이라면 들어오는 것은 모두 셀 상태를 올리기만 합니다.",
      },
      c: {
        en: "It is more than a convention: the sigmoid is never negative, so nothing could lower the memory but forgetting.",
        ko: "단순한 관습이 아닙니다. 시그모이드는 음수가 될 수 없으므로, 잊는 것 말고는 기억을 낮출 방법이 없어집니다.",
      },
    },
    hints: {
      en: ["Which values can a sigmoid not take?"],
      ko: ["시그모이드가 가질 수 없는 값은 무엇인가요?"],
    },
  },
  {
    id: "04-q3",
    kind: "choice",
    title: { en: "a closed output gate", ko: "닫힌 출력 게이트" },
    slide: 32,
    answer: "c",
    choices: {
      a: {
        en: "$h_t = 0$, but $C_t$ does not depend on $o_t$. Remember the third experiment of the playground.",
        ko: "$h_t = 0$인 것은 맞지만 $C_t$는 $o_t$와 상관이 없습니다. 실험실의 세 번째 실험을 떠올려 보세요.",
      },
      b: {
        en: "Halving is what a forget gate of 0.5 does. The output gate does not touch $C_t$.",
        ko: "절반이 되는 것은 망각 게이트가 0.5일 때입니다. 출력 게이트는 $C_t$를 건드리지 않습니다.",
      },
      c: {
        en: "The output gate sits on the branch to $h_t$, not on the upper wire.",
        ko: "출력 게이트는 위쪽 경로가 아니라 $h_t$로 갈라지는 경로에 있습니다.",
      },
    },
    hints: {
      en: ["Find the operator ⊙ of the output gate in the drawing. On which wire is it?"],
      ko: ["그림에서 출력 게이트의 ⊙ 기호를 찾아보세요. 어느 경로에 있나요?"],
    },
  },
];
