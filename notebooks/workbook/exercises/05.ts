// Exercises of notebook 05: the LSTM's forward pass, one quantity a slide.

import {
  add,
  hadamard,
  matVec,
  scale,
  sigmoid,
  softmax,
  sub,
  tanh,
  transposedMatVec,
} from "../../../src/index.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { activations, formula } from "./formula.js";
import { lstmParts } from "./lecture_parts.js";
import { head, lectureLstm, slide35 } from "./lecture_networks.js";
import { printedOn } from "./printed.js";

const { Wx, Wh, b, Why, by, x1, x2, y, zero } = slide35;
const { step1, step2, logit, yHat, loss } = lectureLstm();
const { o: o1, i: i1, f: f1, g: g1, c: C1, h: h1, tanhC: tanhC1 } = step1;
const { o: o2, i: i2, f: f2, g: g2, c: C2, h: h2, tanhC: tanhC2 } = step2;
// The gates share their parameters, so each step has one pre-activation.
const [z1, z2] = [step1.z.f, step2.z.f];

// Lines of slides 38 and 40, worked out from the numbers printed there.
const slip = {
  tanhC1: [Math.tanh(0.3468), Math.tanh(0.6409)],
  g2: Math.tanh(2.1384),
  kept2: 0.8945 * 0.6409,
  added2: 0.8945 * 0.9729,
};

export const exercises05: Exercise[] = [
  {
    id: "05-1",
    kind: "numeric",
    title: { en: "f₁, the forget gate at t = 1", ko: "t = 1의 망각 게이트 f₁" },
    slide: 36,
    expected: f1,
    printed: printedOn(36, "f₁=i₁=o₁ = σ(z₁)"),
    formula: formula(
      { Wx, x1, Wh, h_0: zero, b, sigma: activations.sigma },
      ({ Wx, x1, Wh, h_0, b, sigma }) => sigma(add(matVec(Wx, x1), matVec(Wh, h_0), b)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        sigmoid(sub(z1, b)),
        "The bias is missing: $z_1 = W_x x_1 + W_h h_0 + b$.",
        "편향이 빠졌습니다. $z_1 = W_x x_1 + W_h h_0 + b$입니다.",
      ),
      mistake(
        sigmoid(add(z1, b)),
        "The bias is in it twice. PyTorch keeps two biases a gate; the lecture has one.",
        "편향을 두 번 더했습니다. PyTorch에는 게이트마다 편향이 두 개지만 강의에는 하나입니다.",
      ),
      mistake(
        z1,
        "That is $z_1$, before the sigmoid. A gate is a share between 0 and 1.",
        "이 값은 시그모이드를 거치기 전의 $z_1$입니다. 게이트는 0과 1 사이의 비율입니다.",
      ),
      mistake(
        tanh(z1),
        "You took $\\tanh$. Gates use the sigmoid $\\sigma$; $\\tanh$ makes the candidate.",
        "$\\tanh$를 썼습니다. 게이트에는 시그모이드 $\\sigma$를 쓰고, $\\tanh$는 후보를 만들 때 씁니다.",
      ),
      mistake(
        softmax(z1),
        "You took the softmax, which makes the components share 1 among them. Each component of a gate is a share of its own: sigmoid.",
        "소프트맥스를 썼습니다. 그러면 성분들의 합이 1이 됩니다. 게이트의 성분은 저마다 따로 정해지는 비율이므로, 시그모이드를 써야 합니다.",
      ),
      mistake(
        sigmoid(add(transposedMatVec(Wx, x1), b)),
        "The matrix is transposed. Forward it is $W_x x_1$: each row of $W_x$ times $x_1$. The transpose comes on the way back.",
        "행렬을 전치했습니다. 순전파에서는 $W_x x_1$, 즉 $W_x$의 각 행과 $x_1$을 곱합니다. 전치 행렬은 역전파에서 씁니다.",
      ),
      mistake(
        add(sigmoid(sub(z1, b)), b),
        "You added $b$ after the sigmoid. It belongs inside: $\\sigma(W_x x_1 + W_h h_0 + b)$.",
        "$b$를 시그모이드 뒤에 더했습니다. 괄호 안에 들어가야 합니다. $\\sigma(W_x x_1 + W_h h_0 + b)$입니다.",
      ),
    ],
    hints: {
      en: [
        "First $z_1$: a matrix times the input, a matrix times the previous hidden state (which is zero), and the bias.",
        "$z_1 = [0.6, 1.2]$. Now make a share between 0 and 1 of each component.",
        "In code: `sigmoid(add(matVec(Wx, x1), matVec(Wh, h0), b))`.",
      ],
      ko: [
        "먼저 $z_1$을 구하세요. 행렬과 입력의 곱, 행렬과 이전 은닉 상태(영벡터)의 곱, 그리고 편향을 더합니다.",
        "$z_1 = [0.6, 1.2]$입니다. 이제 성분마다 0과 1 사이의 비율로 바꾸세요.",
        "코드로는 `sigmoid(add(matVec(Wx, x1), matVec(Wh, h0), b))`입니다.",
      ],
    },
  },
  {
    id: "05-2",
    kind: "numeric",
    title: { en: "C₁, the cell state at t = 1", ko: "t = 1의 셀 상태 C₁" },
    slide: 37,
    expected: C1,
    printed: printedOn(37, "C₁"),
    formula: formula(
      { f_1: f1, C_0: zero, i_1: i1, tanh: activations.tanh, z1 },
      ({ tanh, z1, ...p }) => add(hadamard(p.f_1, p.C_0), hadamard(p.i_1, tanh(z1))),
      lstmParts,
    ),
    mistakes: [
      mistake(
        g1,
        "That is the candidate $\\tilde C_1$ alone. The input gate $i_1$ decides how much of it is let in.",
        "이 값은 후보 $\\tilde C_1$입니다. 그중 얼마를 받아들일지는 입력 게이트 $i_1$이 정합니다.",
      ),
      mistake(
        hadamard(i1, z1),
        "The candidate's $\\tanh$ is missing: you multiplied $i_1$ by $z_1$.",
        "후보의 $\\tanh$가 빠졌습니다. $i_1$에 $z_1$을 곱했습니다.",
      ),
      mistake(
        hadamard(i1, sigmoid(z1)),
        "You made the candidate with a sigmoid. It is not a gate: it may be negative, so it uses $\\tanh$.",
        "후보를 시그모이드로 만들었습니다. 후보는 게이트가 아니라서 음수일 수 있고, 그래서 $\\tanh$를 씁니다.",
      ),
      mistake(
        add(f1, hadamard(i1, g1)),
        "You added $f_1$ itself. It multiplies $C_0$, and $C_0 = 0$: nothing is there to keep.",
        "$f_1$을 그대로 더했습니다. $f_1$에는 $C_0$을 곱해야 하는데, $C_0 = 0$이므로 남길 것이 없습니다.",
      ),
      mistake(
        add(i1, g1),
        "You added $i_1$ and $\\tilde C_1$. A gate multiplies: $i_1 \\odot \\tilde C_1$.",
        "$i_1$과 $\\tilde C_1$을 더했습니다. 게이트는 곱합니다: $i_1 \\odot \\tilde C_1$.",
      ),
      mistake(
        tanhC1,
        "One step too far: that is $\\tanh(C_1)$, which slide 38 needs.",
        "한 단계 더 계산했습니다. 이 값은 슬라이드 38에서 쓰는 $\\tanh(C_1)$입니다.",
      ),
      mistake(
        hadamard(sigmoid(sub(z1, b)), tanh(sub(z1, b))),
        "The bias is missing, in the gate and in the candidate: $z_1 = W_x x_1 + W_h h_0 + b$.",
        "게이트와 후보에서 모두 편향이 빠졌습니다. $z_1 = W_x x_1 + W_h h_0 + b$입니다.",
      ),
      mistake(
        hadamard(sigmoid(add(transposedMatVec(Wx, x1), b)), tanh(add(transposedMatVec(Wx, x1), b))),
        "The matrix is transposed, in the gate and in the candidate. Forward it is $W_x x_1$.",
        "게이트와 후보에서 모두 행렬을 전치했습니다. 순전파에서는 $W_x x_1$입니다.",
      ),
    ],
    hints: {
      en: [
        "Two terms: what the forget gate keeps of $C_0$, and what the input gate lets in of the candidate. One of them is zero.",
        "The candidate is $\\tilde C_1 = \\tanh(z_1)$. Multiply it by $i_1$, component by component.",
        "In code: `add(hadamard(f1, C0), hadamard(i1, tanh(z1)))`.",
      ],
      ko: [
        "항이 두 개입니다. 망각 게이트가 $C_0$에서 남기는 것과 입력 게이트가 후보에서 받아들이는 것입니다. 그중 하나는 0입니다.",
        "후보는 $\\tilde C_1 = \\tanh(z_1)$입니다. 여기에 $i_1$을 성분별로 곱하세요.",
        "코드로는 `add(hadamard(f1, C0), hadamard(i1, tanh(z1)))`입니다.",
      ],
    },
  },
  {
    id: "05-3",
    kind: "numeric",
    title: { en: "h₁, the hidden state at t = 1", ko: "t = 1의 은닉 상태 h₁" },
    slide: 38,
    expected: h1,
    printed: printedOn(38, "h₁"),
    formula: formula(
      { o_1: o1, tanh: activations.tanh, C1 },
      ({ o_1, tanh, C1 }) => hadamard(o_1, tanh(C1)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        hadamard(o1, C1),
        "$\\tanh$ is missing: you have $o_1 \\odot C_1$. The cell state passes through $\\tanh$ before the output gate.",
        "$\\tanh$가 빠졌습니다. $o_1 \\odot C_1$을 구했습니다. 셀 상태는 출력 게이트보다 먼저 $\\tanh$를 지납니다.",
      ),
      mistake(
        tanhC1,
        "The output gate is missing: multiply $\\tanh(C_1)$ by $o_1$.",
        "출력 게이트가 빠졌습니다. $\\tanh(C_1)$에 $o_1$을 곱하세요.",
      ),
      mistake(
        tanh(hadamard(o1, C1)),
        "The order is wrong: you have $\\tanh(o_1 \\odot C_1)$. First $\\tanh$, then the gate.",
        "순서가 바뀌었습니다. $\\tanh(o_1 \\odot C_1)$을 구했습니다. $\\tanh$가 먼저이고 게이트가 나중입니다.",
      ),
      mistake(
        hadamard(o1, g1),
        "You multiplied $o_1$ by the candidate $\\tilde C_1$. What is shown to the outside is the cell state, $\\tanh(C_1)$.",
        "$o_1$에 후보 $\\tilde C_1$을 곱했습니다. 밖으로 내보내는 것은 셀 상태, 즉 $\\tanh(C_1)$입니다.",
      ),
      mistake(
        hadamard(o1, sub([1, 1], hadamard(tanhC1, tanhC1))),
        "That is the slope of $\\tanh$, which comes on the way back. Forward it is $\\tanh(C_1)$.",
        "$\\tanh$의 미분을 곱했습니다. 미분은 역전파에서 씁니다. 순전파에서는 $\\tanh(C_1)$입니다.",
      ),
    ],
    hints: {
      en: [
        "Squash the cell state first, then let the output gate decide how much of it is shown.",
        "$h_1 = o_1 \\odot \\tanh(C_1)$, component by component.",
        "In code: `hadamard(o1, tanh(C1))`.",
      ],
      ko: [
        "먼저 셀 상태를 −1과 1 사이로 눌러 주고, 그중 얼마를 내보낼지 출력 게이트로 정합니다.",
        "성분별로 곱합니다: $h_1 = o_1 \\odot \\tanh(C_1)$.",
        "코드로는 `hadamard(o1, tanh(C1))`입니다.",
      ],
    },
  },
  {
    id: "05-4",
    kind: "numeric",
    title: { en: "z₂, before the gates at t = 2", ko: "t = 2에서 게이트에 들어가기 전의 z₂" },
    slide: 39,
    expected: z2,
    printed: printedOn(39, "z₂"),
    formula: formula(
      { Wx, x2, Wh, h1, b },
      ({ Wx, x2, Wh, h1, b }) => add(matVec(Wx, x2), matVec(Wh, h1), b),
      lstmParts,
    ),
    mistakes: [
      mistake(
        add(matVec(Wx, x2), b),
        "$W_h h_1$ is missing: at $t = 2$ the past has a say.",
        "$W_h h_1$이 빠졌습니다. $t = 2$에서는 과거도 영향을 줍니다.",
      ),
      mistake(
        sub(z2, b),
        "The bias is missing. It is added at every step.",
        "편향이 빠졌습니다. 편향은 시점마다 더합니다.",
      ),
      mistake(
        add(z2, b),
        "The bias is in it twice. One $b$ serves the input and the recurrent part together.",
        "편향을 두 번 더했습니다. 입력 쪽과 순환 쪽을 합쳐 $b$ 하나입니다.",
      ),
      mistake(
        add(matVec(Wx, x2), matVec(Wh, C1), b),
        "You sent $C_1$ through $W_h$. The gates see the hidden state $h_1$; the cell state is private.",
        "$W_h$에 $C_1$을 곱했습니다. 게이트에는 은닉 상태 $h_1$이 들어갑니다. 셀 상태는 셀 안에만 있습니다.",
      ),
      mistake(
        add(matVec(Wx, x1), matVec(Wh, h1), b),
        "That is the input of the first step. Now it is $x_2$.",
        "첫 시점의 입력을 넣었습니다. 이번에는 $x_2$입니다.",
      ),
      mistake(
        add(matVec(Wx, x2), transposedMatVec(Wh, h1), b),
        "$W_h$ is transposed. Forward it is $W_h h_1$.",
        "$W_h$를 전치했습니다. 순전파에서는 $W_h h_1$입니다.",
      ),
      mistake(
        sigmoid(z2),
        "One step too far: that is $\\sigma(z_2)$, the gates. Asked is $z_2$ itself.",
        "한 단계 더 계산했습니다. 이 값은 게이트의 값 $\\sigma(z_2)$입니다. 구할 값은 $z_2$입니다.",
      ),
    ],
    hints: {
      en: [
        "The same formula as on slide 36, with the new input and the hidden state you have just computed.",
        "$z_2 = W_x x_2 + W_h h_1 + b$, and $W_x x_2 = [0.8, 1.8]$.",
        "In code: `add(matVec(Wx, x2), matVec(Wh, h1), b)`.",
      ],
      ko: [
        "슬라이드 36과 같은 식에 새 입력과 방금 구한 은닉 상태를 넣으세요.",
        "$z_2 = W_x x_2 + W_h h_1 + b$이고, $W_x x_2 = [0.8, 1.8]$입니다.",
        "코드로는 `add(matVec(Wx, x2), matVec(Wh, h1), b)`입니다.",
      ],
    },
  },
  {
    id: "05-5",
    kind: "numeric",
    title: { en: "C₂, the cell state at t = 2", ko: "t = 2의 셀 상태 C₂" },
    slide: 40,
    expected: C2,
    printed: printedOn(40, "C₂"),
    formula: formula(
      { f2, C1, i_2: i2, tanh: activations.tanh, z2 },
      ({ f2, C1, i_2, tanh, z2 }) => add(hadamard(f2, C1), hadamard(i_2, tanh(z2))),
      lstmParts,
    ),
    mistakes: [
      mistake(
        hadamard(i2, g2),
        "The old memory is missing: $f_2 \\odot C_1$ is no longer zero.",
        "이전 기억이 빠졌습니다. $f_2 \\odot C_1$은 이제 0이 아닙니다.",
      ),
      mistake(
        add(C1, hadamard(i2, g2)),
        "The forget gate is missing: $C_1$ is kept only to the share $f_2$.",
        "망각 게이트가 빠졌습니다. $C_1$은 $f_2$의 비율만큼만 남습니다.",
      ),
      mistake(
        add(hadamard(f1, C1), hadamard(i2, g2)),
        "You kept $C_1$ with the gate of the first step, $f_1$. Each step has gates of its own: $f_2$.",
        "첫 시점의 게이트 $f_1$로 $C_1$을 남겼습니다. 게이트는 시점마다 새로 구합니다. 여기서는 $f_2$입니다.",
      ),
      mistake(
        add(hadamard(f2, h1), hadamard(i2, g2)),
        "The forget gate works on the cell state $C_1$, not on the hidden state $h_1$.",
        "망각 게이트는 은닉 상태 $h_1$이 아니라 셀 상태 $C_1$에 곱해집니다.",
      ),
      mistake(
        add(hadamard(f2, C1), g2),
        "The input gate is missing: the candidate comes in as $i_2 \\odot \\tilde C_2$.",
        "입력 게이트가 빠졌습니다. 후보는 $i_2 \\odot \\tilde C_2$만큼 들어옵니다.",
      ),
      mistake(
        add(hadamard(f2, C1), hadamard(i2, z2)),
        "The candidate's $\\tanh$ is missing: you multiplied $i_2$ by $z_2$.",
        "후보의 $\\tanh$가 빠졌습니다. $i_2$에 $z_2$를 곱했습니다.",
      ),
      mistake(
        hadamard(f2, add(C1, hadamard(i2, g2))),
        "The forget gate multiplies the old memory only; you applied $f_2$ to the whole sum.",
        "망각 게이트는 이전 기억에만 곱합니다. $f_2$를 합 전체에 곱했습니다.",
      ),
      mistake(
        add(hadamard(f2, C1), hadamard(i1, g1)),
        "You let in the first step's candidate once more. Now it is $i_2 \\odot \\tilde C_2$.",
        "첫 시점의 후보를 다시 넣었습니다. 이번에는 $i_2 \\odot \\tilde C_2$입니다.",
      ),
    ],
    hints: {
      en: [
        "Two terms, as on slide 37. This time the first one is not zero.",
        "Keep the share $f_2$ of $C_1$ and add the share $i_2$ of $\\tilde C_2 = \\tanh(z_2)$.",
        "In code: `add(hadamard(f2, C1), hadamard(i2, tanh(z2)))`.",
      ],
      ko: [
        "슬라이드 37처럼 항이 두 개입니다. 이번에는 첫째 항이 0이 아닙니다.",
        "$C_1$을 $f_2$의 비율만큼 남기고, $\\tilde C_2 = \\tanh(z_2)$를 $i_2$의 비율만큼 더하세요.",
        "코드로는 `add(hadamard(f2, C1), hadamard(i2, tanh(z2)))`입니다.",
      ],
    },
  },
  {
    id: "05-6",
    kind: "numeric",
    title: { en: "h₂, the hidden state at t = 2", ko: "t = 2의 은닉 상태 h₂" },
    slide: 41,
    expected: h2,
    printed: printedOn(41, "h₂"),
    formula: formula(
      { o_2: o2, tanh: activations.tanh, C2 },
      ({ o_2, tanh, C2 }) => hadamard(o_2, tanh(C2)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        hadamard(o2, C2),
        "$\\tanh$ is missing: with $o_2 \\odot C_2$ a hidden state could grow beyond 1.",
        "$\\tanh$가 빠졌습니다. $o_2 \\odot C_2$라면 은닉 상태가 1을 넘을 수도 있습니다.",
      ),
      mistake(
        tanhC2,
        "The output gate is missing: multiply $\\tanh(C_2)$ by $o_2$.",
        "출력 게이트가 빠졌습니다. $\\tanh(C_2)$에 $o_2$를 곱하세요.",
      ),
      mistake(
        hadamard(o1, tanhC2),
        "That is the output gate of the first step. At $t = 2$ it is $o_2 = \\sigma(z_2)$.",
        "첫 시점의 출력 게이트를 썼습니다. $t = 2$에서는 $o_2 = \\sigma(z_2)$입니다.",
      ),
      mistake(
        hadamard(o2, tanhC1),
        "You showed the old memory $C_1$. It is $C_2$ by now.",
        "이전 기억 $C_1$을 내보냈습니다. 이제는 $C_2$입니다.",
      ),
      mistake(
        tanh(hadamard(o2, C2)),
        "The order is wrong: you have $\\tanh(o_2 \\odot C_2)$. First $\\tanh$, then the gate.",
        "순서가 바뀌었습니다. $\\tanh(o_2 \\odot C_2)$를 구했습니다. $\\tanh$가 먼저이고 게이트가 나중입니다.",
      ),
    ],
    hints: {
      en: [
        "The same formula as on slide 38, at the second step.",
        "$h_2 = o_2 \\odot \\tanh(C_2)$.",
        "In code: `hadamard(o2, tanh(C2))`.",
      ],
      ko: [
        "슬라이드 38의 식을 두 번째 시점에 쓰세요.",
        "식은 $h_2 = o_2 \\odot \\tanh(C_2)$입니다.",
        "코드로는 `hadamard(o2, tanh(C2))`입니다.",
      ],
    },
  },
  {
    id: "05-7",
    kind: "numeric",
    title: { en: "ŷ, the probabilities", ko: "확률 ŷ" },
    slide: 42,
    expected: yHat,
    printed: printedOn(42, "ŷ = softmax"),
    formula: formula({ Why, h2, by }, ({ Why, h2, by }) => softmax(add(matVec(Why, h2), by)), lstmParts),
    mistakes: [
      mistake(
        sigmoid(logit),
        "You took the sigmoid of each logit: these do not add up to 1. Classes that exclude each other share 1 among them: softmax.",
        "로짓마다 시그모이드를 썼습니다. 그러면 합이 1이 되지 않습니다. 여러 클래스 가운데 하나만 정답일 때는 합이 1이 되는 소프트맥스를 씁니다.",
      ),
      mistake(softmax(matVec(Why, h2)), "The bias $b_y$ is missing.", "편향 $b_y$가 빠졌습니다."),
      mistake(
        logit,
        "These are the logits. Softmax makes probabilities of them.",
        "이 값은 로짓입니다. 소프트맥스를 거쳐야 확률이 됩니다.",
      ),
      mistake(
        scale(1 / (logit[0] + logit[1]), logit),
        "You divided the logits by their sum. First each becomes $e^{\\text{logit}}$, then the sum.",
        "로짓을 그 합으로 나누었습니다. 먼저 $e^{\\text{logit}}$으로 바꾼 다음 합으로 나눕니다.",
      ),
      mistake(
        softmax(add(transposedMatVec(Why, h2), by)),
        "$W_{hy}$ is transposed. Forward it is $W_{hy} h_2$: one row a class.",
        "$W_{hy}$를 전치했습니다. 순전파에서는 $W_{hy} h_2$이고, 클래스마다 한 행입니다.",
      ),
      mistake(
        head(h1).yHat,
        "That is what the dense layer would say after the first step. It sees the last hidden state, $h_2$.",
        "Dense 층에 첫 시점의 은닉 상태를 넣었습니다. Dense 층에는 마지막 은닉 상태 $h_2$가 들어갑니다.",
      ),
      mistake(
        head(C2).yHat,
        "You sent $C_2$ to the dense layer. The cell state is private; the outside sees $h_2$.",
        "Dense 층에 $C_2$를 넣었습니다. 셀 상태는 셀 안에만 있고, 밖으로 나오는 값은 $h_2$입니다.",
      ),
      mistake(
        tanh(logit),
        "You took $\\tanh$ of the logits. Softmax makes probabilities of them, which add up to 1.",
        "로짓에 $\\tanh$를 적용했습니다. 소프트맥스를 거쳐야 합이 1인 확률이 됩니다.",
      ),
    ],
    hints: {
      en: [
        "First the two logits, then softmax. The two probabilities add up to 1.",
        "$\\text{logit} = W_{hy} h_2 + b_y$; then divide each $e^{\\text{logit}}$ by the sum of both.",
        "In code: `softmax(add(matVec(Why, h2), by))`.",
      ],
      ko: [
        "먼저 로짓 두 개를 구하고 소프트맥스를 적용하세요. 두 확률의 합은 1입니다.",
        "$\\text{logit} = W_{hy} h_2 + b_y$입니다. 그다음 $e^{\\text{logit}}$을 둘의 합으로 나누세요.",
        "코드로는 `softmax(add(matVec(Why, h2), by))`입니다.",
      ],
    },
  },
  {
    id: "05-8",
    kind: "numeric",
    title: { en: "L, the loss", ko: "손실 L" },
    slide: 43,
    expected: loss,
    printed: printedOn(43, "Loss"),
    mistakes: [
      mistake(
        -loss,
        "The sign: that is $\\log \\hat y_1$, which is negative. The loss is $-\\log \\hat y_1$.",
        "부호를 확인하세요. 이 값은 음수인 $\\log \\hat y_1$입니다. 손실은 $-\\log \\hat y_1$입니다.",
      ),
      mistake(
        -Math.log2(yHat[0]),
        "You took the logarithm to base 2. The lecture uses the natural one, Math.log.",
        "밑이 2인 로그를 썼습니다. 강의에서는 자연로그 Math.log를 씁니다.",
      ),
      mistake(
        -Math.log10(yHat[0]),
        "You took the logarithm to base 10. The lecture uses the natural one, Math.log.",
        "밑이 10인 로그를 썼습니다. 강의에서는 자연로그 Math.log를 씁니다.",
      ),
      mistake(
        -Math.log(yHat[1]),
        "That is the price of the wrong class. The target $y = [1, 0]$ picks the first.",
        "틀린 클래스로 계산했습니다. 정답 $y = [1, 0]$은 첫 번째 클래스를 가리킵니다.",
      ),
      mistake(
        -Math.log(yHat[0]) - Math.log(yHat[1]),
        "You added up both logarithms. Each is multiplied by $y_k$ first, and $y_2 = 0$.",
        "두 로그를 모두 더했습니다. 먼저 $y_k$를 곱해야 하는데, $y_2 = 0$입니다.",
      ),
      mistake(
        loss / 2,
        "You took the mean over the classes. Cross-entropy is the sum.",
        "클래스에 대해 평균을 냈습니다. 교차 엔트로피는 합입니다.",
      ),
      mistake(
        1 - yHat[0],
        "That is $1 - \\hat y_1$, the probability that is missing. Cross-entropy takes the logarithm.",
        "이 값은 정답이 아닐 확률 $1 - \\hat y_1$입니다. 교차 엔트로피에는 로그를 씁니다.",
      ),
      mistake(
        sub(yHat, y).reduce((sum, error) => sum + error ** 2, 0),
        "That is the squared error. The lecture uses cross-entropy, $-\\sum_k y_k \\log \\hat y_k$.",
        "이 값은 제곱 오차입니다. 강의에서는 교차 엔트로피 $-\\sum_k y_k \\log \\hat y_k$를 씁니다.",
      ),
      mistake(
        sub(yHat, y).reduce((sum, error) => sum + error ** 2, 0) / 2,
        "That is half the squared error, or its mean. The lecture uses cross-entropy, $-\\sum_k y_k \\log \\hat y_k$.",
        "제곱 오차의 절반, 또는 그 평균입니다. 강의에서는 교차 엔트로피 $-\\sum_k y_k \\log \\hat y_k$를 씁니다.",
      ),
      mistake(
        sub(yHat, y).reduce((sum, error) => sum + Math.abs(error), 0),
        "That is the absolute error. The lecture uses cross-entropy, $-\\sum_k y_k \\log \\hat y_k$.",
        "이 값은 절대 오차입니다. 강의에서는 교차 엔트로피 $-\\sum_k y_k \\log \\hat y_k$를 씁니다.",
      ),
      mistake(
        -yHat.reduce((sum, p) => sum + p * Math.log(p), 0),
        "That is the entropy of $\\hat y$ alone. In cross-entropy the logarithms are multiplied by the target $y$.",
        "이 값은 $\\hat y$ 자신의 엔트로피입니다. 교차 엔트로피에서는 로그에 정답 $y$를 곱합니다.",
      ),
      mistake(
        -Math.log(sigmoid(logit[0])),
        "You made a sigmoid of the first logit. The probabilities come from the softmax of both.",
        "첫 번째 로짓에 시그모이드를 적용했습니다. 확률은 두 로짓의 소프트맥스로 구합니다.",
      ),
      mistake(
        -logit[0],
        "You took the logit. The loss is the logarithm of the probability, $-\\log \\hat y_1$.",
        "로짓을 썼습니다. 손실은 확률의 로그, 즉 $-\\log \\hat y_1$입니다.",
      ),
    ],
    hints: {
      en: [
        "Only the probability of the right class counts.",
        "$L = -\\log \\hat y_1$ with the natural logarithm.",
        "In code: `crossEntropy(yHat, y)`, or `-Math.log(yHat[0])`.",
      ],
      ko: [
        "정답 클래스의 확률만 쓰입니다.",
        "자연로그로 $L = -\\log \\hat y_1$을 구하세요.",
        "코드로는 `crossEntropy(yHat, y)` 또는 `-Math.log(yHat[0])`입니다.",
      ],
    },
  },
  {
    id: "05-9",
    kind: "numeric",
    title: {
      en: "the largest slip of slides 38 and 40, put right",
      ko: "슬라이드 38·40의 가장 큰 계산 착오 바로잡기",
    },
    slide: 40,
    expected: slip.added2,
    mistakes: [
      mistake(
        0.8711,
        "That is the line, but as it is printed. Work out $0.8945 \\times 0.9729$ yourself.",
        "줄은 맞게 찾았지만 적힌 값을 그대로 썼습니다. $0.8945 \\times 0.9729$를 직접 계산해 보세요.",
      ),
      mistake(
        hadamard(i2, g2)[1],
        "That is the exact value, with nothing rounded before. Asked is what this line gives from the numbers printed on the slide.",
        "이 값은 앞에서 아무것도 반올림하지 않았을 때의 참값입니다. 구할 값은 슬라이드에 적힌 숫자로 그 줄을 계산한 값입니다.",
      ),
      mistake(
        slip.tanhC1[0],
        "A slip indeed, of 0.0002 in $\\tanh(0.3468)$. There is a larger one.",
        "$\\tanh(0.3468)$에도 0.0002만큼의 계산 착오가 있습니다. 하지만 더 큰 것이 있습니다.",
      ),
      mistake(
        slip.tanhC1[1],
        "A slip indeed, of 0.0002 in $\\tanh(0.6409)$. There is a larger one.",
        "$\\tanh(0.6409)$에도 0.0002만큼의 계산 착오가 있습니다. 하지만 더 큰 것이 있습니다.",
      ),
      mistake(
        slip.g2,
        "A slip indeed, of 0.0003 in $\\tanh(2.1384)$. There is a larger one, on the line below.",
        "$\\tanh(2.1384)$에도 0.0003만큼의 계산 착오가 있습니다. 바로 아래 줄에 더 큰 것이 있습니다.",
      ),
      mistake(
        slip.kept2,
        "That line is off by one in the last digit only: $0.8945 \\times 0.6409$.",
        "그 줄은 끝자리만 1만큼 다릅니다: $0.8945 \\times 0.6409$.",
      ),
      mistake(
        0.0008,
        "That is by how much the line is off. Asked is what it should say.",
        "그 줄이 어긋난 크기입니다. 구할 값은 그 줄에 적혀야 할 값입니다.",
      ),
      mistake(
        C2[1],
        "That is the second component of $C_2$, into which the slip goes. Asked is the product before it.",
        "계산 착오가 이어지는 $C_2$의 둘째 성분입니다. 구할 값은 그 앞의 곱입니다.",
      ),
    ],
    hints: {
      en: [
        "Take a line, put the numbers on its left into Math.tanh or multiply them, and compare with its right side.",
        "The largest slip is in one of the two products.",
        "Work out `0.8945 * 0.9729`.",
      ],
      ko: [
        "한 줄씩 왼쪽의 숫자를 Math.tanh에 넣거나 곱해 보고, 오른쪽과 비교하세요.",
        "가장 큰 계산 착오는 두 곱셈 중 하나에 있습니다.",
        "다음을 계산하세요: `0.8945 * 0.9729`",
      ],
    },
  },
  {
    id: "05-q1",
    kind: "choice",
    title: { en: "recap 1: why the gates are equal", ko: "정리 1: 게이트가 같은 이유" },
    slide: 35,
    answer: "b",
    choices: {
      a: {
        en: "With $h_0 = 0$ they would still differ if each gate had its own $W_x$ or $b$. And at $t = 2$, where $h_1$ is not zero, they are equal too.",
        ko: "$h_0 = 0$이어도 게이트마다 $W_x$나 $b$가 다르면 값이 달라집니다. 게다가 $h_1$이 0이 아닌 $t = 2$에서도 서로 같습니다.",
      },
      b: {
        en: "The gates are tied: one $W_x$, $W_h$, $b$, so one $z_1$ and one sigmoid of it. With parameters of their own, training would drive them apart.",
        ko: "게이트가 $W_x$, $W_h$, $b$를 공유하므로 $z_1$도, 그 시그모이드도 하나뿐입니다. 게이트마다 가중치를 따로 두면 학습하면서 서로 달라집니다.",
      },
      c: {
        en: "The sigmoid says that each lies between 0 and 1, not that they are equal.",
        ko: "시그모이드는 0과 1 사이의 값이 되게 할 뿐, 서로 같게 만들지는 않습니다.",
      },
    },
    hints: {
      en: ["What goes into the sigmoid of each gate?"],
      ko: ["게이트마다 시그모이드에 무엇이 들어가나요?"],
    },
  },
  {
    id: "05-q2",
    kind: "choice",
    title: { en: "recap 2: f₁ = 0", ko: "정리 2: f₁ = 0이라면" },
    slide: 37,
    answer: "a",
    choices: {
      a: {
        en: "$f_1$ multiplies $C_0 = 0$, so at $t = 1$ the forget gate has no effect at all.",
        ko: "$f_1$에는 $C_0 = 0$이 곱해지므로 $t = 1$에서 망각 게이트는 아무 영향도 주지 않습니다.",
      },
      b: {
        en: "What is let in, $i_1 \\odot \\tilde C_1$, does not pass the forget gate.",
        ko: "새로 들어오는 $i_1 \\odot \\tilde C_1$은 망각 게이트를 지나지 않습니다.",
      },
      c: {
        en: "A closed forget gate drops the old memory, $C_0$, which is zero anyway; it changes no sign and shrinks nothing that is new.",
        ko: "망각 게이트가 닫히면 이전 기억 $C_0$을 버립니다. 그런데 그 값은 원래 0입니다. 새로 들어오는 것은 줄어들지 않습니다.",
      },
    },
    hints: {
      en: ["Which term of $C_1$ has $f_1$ in it?"],
      ko: ["$C_1$의 두 항 가운데 $f_1$이 들어 있는 것은 어느 것인가요?"],
    },
  },
  {
    id: "05-q3",
    kind: "choice",
    title: { en: "recap 3: how large can h₂ be?", ko: "정리 3: h₂는 얼마나 커질 수 있나" },
    slide: 41,
    answer: "c",
    choices: {
      a: {
        en: "$h_2$ does not take over $C_2$: first $\\tanh$ brings it below 1.",
        ko: "$h_2$는 $C_2$를 그대로 내보내지 않습니다. 먼저 $\\tanh$를 거치며 1보다 작아집니다.",
      },
      b: {
        en: "It is bounded, but not by the weights: no weight can make $|o \\odot \\tanh(C)|$ reach 1.",
        ko: "상한이 있지만 가중치로 정해지지는 않습니다. 어떤 가중치로도 $|o \\odot \\tanh(C)|$는 1이 되지 못합니다.",
      },
      c: {
        en: "$0 < o < 1$ and $|\\tanh| < 1$, so $|h| < 1$. The cell state has no such bound: it adds up.",
        ko: "$0 < o < 1$이고 $|\\tanh| < 1$이므로 $|h| < 1$입니다. 셀 상태에는 이런 상한이 없습니다. 값이 계속 더해지기 때문입니다.",
      },
    },
    hints: {
      en: ["Which two factors make up $h$, and how large can each be?"],
      ko: ["$h$는 두 값의 곱입니다. 각각 얼마나 커질 수 있나요?"],
    },
  },
];
