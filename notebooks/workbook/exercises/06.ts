// Exercises of notebook 06: the LSTM's backward pass, gate by gate.

import {
  add,
  hadamard,
  matVec,
  norm,
  outer,
  scale,
  sigmoidPrime,
  tanhPrime,
  transposedMatVec,
} from "../../../src/index.js";
import type { Vector } from "../../../src/index.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { activations, formula } from "./formula.js";
import { lstmParts } from "./lecture_parts.js";
import { lectureLstm, lectureRnn, overGates, slide35 } from "./lecture_networks.js";
import { printedOn } from "./printed.js";

const { Wh, x1, x2, zero } = slide35;
const { step1, step2, back1, back2, dh: dh2 } = lectureLstm();
const { f: f2, i: i2, g: g2, o: o2, c: C2, tanhC: tanhC2, h: h2 } = step2;
const { c: C1, g: g1, h: h1, f: f1 } = step1;
const { do: dO2, dc: dC2, df: dF2, di: dI2, dg: dG2, dz } = back2;

const dz2 = overGates(dz);
const dWx1 = overGates(back1.dWx);
const dWx2 = overGates(back2.dWx);
const rnn = lectureRnn();

/** 06-2: what a third step would send back to C₂. */
const dCnext = [0.02, 0.01];
const dC2WithThird = add(dCnext, dC2);

/** Slide 53, ∂C₁[1] and [2], worked out from the numbers printed on slides 36–53. */
const slide53 = [0.0347 + 0.0083 * 0.6457 * (1 - 0.3333 ** 2), 0.0188 + 0.0137 * 0.7685 * (1 - 0.5657 ** 2)];

/** The forms in which tanh′ is got wrong, as factors, for a tanh whose output is `out`. */
const wrongTanhPrime = (out: Vector) => ({
  inverse: out.map((value) => 1 / (1 - value ** 2)),
  notSquared: out.map((value) => 1 - value),
  ofSigmoid: sigmoidPrime(out),
});

export const exercises06: Exercise[] = [
  {
    id: "06-1",
    kind: "numeric",
    title: { en: "∂o₂, the output gate", ko: "출력 게이트의 기울기 ∂o₂" },
    slide: 46,
    expected: dO2,
    printed: printedOn(46, "∂o₂"),
    formula: formula({ dh2, tanhC2 }, ({ dh2, tanhC2 }) => hadamard(dh2, tanhC2), lstmParts),
    mistakes: [
      mistake(
        hadamard(dh2, C2),
        "$\\tanh$ is missing: that would be right for $h = o \\odot C$. The gate's partner in $h_2 = o_2 \\odot \\tanh(C_2)$ is $\\tanh(C_2)$.",
        "$\\tanh$가 빠졌습니다. $h = o \\odot C$였다면 맞는 답입니다. $h_2 = o_2 \\odot \\tanh(C_2)$에서 게이트에는 $\\tanh(C_2)$가 곱해집니다.",
      ),
      mistake(
        hadamard(dh2, o2),
        "You multiplied by $o_2$ itself. In a product each factor's gradient is multiplied by the other factor, $\\tanh(C_2)$.",
        "$o_2$ 자신을 곱했습니다. 곱을 미분할 때는 한쪽의 기울기에 다른 쪽, 즉 $\\tanh(C_2)$를 곱합니다.",
      ),
      mistake(
        dz.o,
        "One step too far: that is $\\partial z_{o_2}$, behind the sigmoid's slope $o(1-o)$.",
        "한 단계 더 계산했습니다. 이 값은 시그모이드의 미분 $o(1-o)$까지 곱한 $\\partial z_{o_2}$입니다.",
      ),
      mistake(
        hadamard(dh2, tanhPrime(tanhC2)),
        "You multiplied by the slope of $\\tanh$. On the way to $o_2$ no $\\tanh$ is passed: $\\tanh(C_2)$ is only the other factor.",
        "$\\tanh$의 미분을 곱했습니다. $o_2$로 가는 경로에는 $\\tanh$가 없습니다. $\\tanh(C_2)$는 $o_2$에 곱해지는 상대일 뿐입니다.",
      ),
      mistake(
        hadamard(dh2, h2),
        "You multiplied by $h_2$, which has $o_2$ in it already. The partner is $\\tanh(C_2)$ alone.",
        "$o_2$가 이미 들어 있는 $h_2$를 곱했습니다. $\\tanh(C_2)$만 곱해야 합니다.",
      ),
    ],
    hints: {
      en: [
        "Where does $o_2$ appear in the forward pass, and what is it multiplied by there?",
        "$h_2 = o_2 \\odot \\tanh(C_2)$, so $\\partial o_2$ is $\\partial h_2$ times the other factor.",
        "In code: `hadamard(dh2, tanhC2)`.",
      ],
      ko: [
        "순전파에서 $o_2$는 어디에 나오고, 무엇과 곱해지나요?",
        "$h_2 = o_2 \\odot \\tanh(C_2)$이므로 $\\partial o_2$는 $\\partial h_2$에 상대를 곱한 값입니다.",
        "코드로는 `hadamard(dh2, tanhC2)`입니다.",
      ],
    },
  },
  {
    id: "06-2",
    kind: "numeric",
    title: { en: "∂C₂, were there a third step", ko: "세 번째 시점이 있을 때의 ∂C₂" },
    slide: 47,
    expected: dC2WithThird,
    formula: formula(
      { "\\partial C_{\\text{next}}": dCnext, dh2, o_2: o2, tanhC2, dTanh: activations.dTanh },
      ({ dh2, o_2, tanhC2, dTanh, ...p }) =>
        add(p["\\partial C_{\\text{next}}"], hadamard(dh2, o_2, dTanh(tanhC2))),
      lstmParts,
    ),
    mistakes: [
      mistake(
        dC2,
        "$+\\,\\partial C_{\\text{next}}$ is missing: you have only what comes through $h_2$. $C_2$ is used twice, and the gradient is the sum of both.",
        "$+\\,\\partial C_{\\text{next}}$가 빠졌습니다. $h_2$를 거쳐 온 기울기만 있습니다. $C_2$는 두 곳에 쓰이므로 두 기울기를 더해야 합니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2)),
        "The slope of $\\tanh$ is missing: behind $o_2$ the gradient passes $\\tanh$, which multiplies it by $1 - \\tanh^2(C_2)$.",
        "$\\tanh$의 미분이 빠졌습니다. 기울기는 $o_2$ 다음에 $\\tanh$를 지나고, 이때 $1 - \\tanh^2(C_2)$가 곱해집니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, tanhPrime(tanhC2))),
        "The output gate is missing: $h_2 = o_2 \\odot \\tanh(C_2)$, so the gradient is multiplied by $o_2$ first.",
        "출력 게이트가 빠졌습니다. $h_2 = o_2 \\odot \\tanh(C_2)$이므로 먼저 $o_2$가 곱해집니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2, tanhPrime(C2))),
        "Wrong form of the slope: you have $1 - C_2^2$. It is written with the output of $\\tanh$: $1 - \\tanh^2(C_2)$.",
        "미분의 꼴이 틀렸습니다. $1 - C_2^2$을 썼습니다. $\\tanh$의 출력으로 써야 합니다: $1 - \\tanh^2(C_2)$.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2, wrongTanhPrime(tanhC2).inverse)),
        "You divided by $1 - \\tanh^2(C_2)$. That is the slope of the inverse function; the chain rule multiplies.",
        "$1 - \\tanh^2(C_2)$로 나누었습니다. 나누면 역함수의 미분이 됩니다. 연쇄 법칙에서는 곱합니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2, wrongTanhPrime(tanhC2).notSquared)),
        "The square is missing: the slope of $\\tanh$ is $1 - \\tanh^2(C_2)$, not $1 - \\tanh(C_2)$.",
        "제곱이 빠졌습니다. $\\tanh$의 미분은 $1 - \\tanh(C_2)$가 아니라 $1 - \\tanh^2(C_2)$입니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2, wrongTanhPrime(tanhC2).ofSigmoid)),
        "That is the sigmoid's slope, $s(1-s)$. Here stands a $\\tanh$: $1 - \\tanh^2(C_2)$.",
        "시그모이드의 미분 $s(1-s)$를 곱했습니다. 여기서는 $\\tanh$이므로 $1 - \\tanh^2(C_2)$를 곱합니다.",
      ),
      mistake(
        add(dCnext, hadamard(dh2, o2, tanhPrime(h2))),
        "You wrote the slope with $h_2$, as in a plain RNN. The $\\tanh$ of an LSTM has the output $\\tanh(C_2)$.",
        "기본 RNN처럼 $h_2$로 미분을 썼습니다. LSTM에서 $\\tanh$의 출력은 $\\tanh(C_2)$입니다.",
      ),
      mistake(
        add(hadamard(dCnext, f2), dC2),
        "You multiplied $\\partial C_{\\text{next}}$ by $f_2$. The next step has done that already, with its own gate, when it sent the gradient back.",
        "$\\partial C_{\\text{next}}$에 $f_2$를 곱했습니다. 다음 시점이 기울기를 보낼 때 자신의 게이트를 이미 곱했습니다.",
      ),
      mistake(
        dCnext,
        "That is $\\partial C_{\\text{next}}$ alone. The road through $h_2$ has to be added.",
        "$\\partial C_{\\text{next}}$만 썼습니다. $h_2$를 거쳐 온 기울기를 더해야 합니다.",
      ),
    ],
    hints: {
      en: [
        "$C_2$ is used in two places. What does each of them send back?",
        "Through $h_2$: multiply $\\partial h_2$ by $o_2$ and by $1 - \\tanh^2(C_2)$. Then add what the third step sends.",
        "In code: `add([0.02, 0.01], hadamard(dh2, o2, tanhPrime(tanhC2)))`.",
      ],
      ko: [
        "$C_2$는 두 곳에 쓰입니다. 각각 무엇을 돌려보내나요?",
        "$h_2$를 거치는 경로에서는 $\\partial h_2$에 $o_2$와 $1 - \\tanh^2(C_2)$를 곱합니다. 여기에 세 번째 시점이 보낸 기울기를 더하세요.",
        "코드로는 `add([0.02, 0.01], hadamard(dh2, o2, tanhPrime(tanhC2)))`입니다.",
      ],
    },
  },
  {
    id: "06-3",
    kind: "numeric",
    title: { en: "∂f₂, the forget gate", ko: "망각 게이트의 기울기 ∂f₂" },
    slide: 48,
    expected: dF2,
    printed: printedOn(48, "∂f₂"),
    formula: formula({ dC2, C1 }, ({ dC2, C1 }) => hadamard(dC2, C1), lstmParts),
    mistakes: [
      mistake(
        hadamard(dC2, C2),
        "That is $C_t$ where $C_{t-1}$ belongs: the forget gate multiplies the old cell state, $C_1$.",
        "$C_{t-1}$이 들어갈 자리에 $C_t$를 썼습니다. 망각 게이트에는 이전 셀 상태 $C_1$이 곱해집니다.",
      ),
      mistake(
        dI2,
        "That is the input gate's gradient: $\\tilde C_2$ is the partner of $i_2$, $C_1$ is the partner of $f_2$. Copied from another gate?",
        "이 값은 입력 게이트의 기울기입니다. $\\tilde C_2$는 $i_2$에 곱해지고, $f_2$에는 $C_1$이 곱해집니다. 다른 게이트의 식을 복사한 뒤 고치지 않았나요?",
      ),
      mistake(
        hadamard(dC2, h1),
        "You multiplied by the hidden state $h_1$. The forget gate works on the cell state $C_1$.",
        "은닉 상태 $h_1$을 곱했습니다. 망각 게이트에는 셀 상태 $C_1$이 곱해집니다.",
      ),
      mistake(
        hadamard(dh2, C1),
        "You started from $\\partial h_2$. Between $h_2$ and the forget gate stands the cell state: start from $\\partial C_2$.",
        "$\\partial h_2$에서 시작했습니다. $h_2$와 망각 게이트 사이에는 셀 상태가 있습니다. $\\partial C_2$에서 시작하세요.",
      ),
      mistake(
        dz.f,
        "One step too far: that is $\\partial z_{f_2}$, behind the sigmoid's slope.",
        "한 단계 더 계산했습니다. 이 값은 시그모이드의 미분까지 곱한 $\\partial z_{f_2}$입니다.",
      ),
      mistake(
        hadamard(dC2, f2),
        "You multiplied by $f_2$ itself: that is what is passed on to $C_1$. For the gate, take the other factor, $C_1$.",
        "$f_2$ 자신을 곱했습니다. 이 값은 $C_1$로 가는 기울기입니다. 게이트의 기울기에는 상대인 $C_1$을 곱하세요.",
      ),
    ],
    hints: {
      en: [
        "Find $f_2$ in $C_2 = f_2 \\odot C_1 + i_2 \\odot \\tilde C_2$. What is it multiplied by?",
        "$\\partial f_2$ is $\\partial C_2$ times $C_1$.",
        "In code: `hadamard(dC2, C1)`.",
      ],
      ko: [
        "$C_2 = f_2 \\odot C_1 + i_2 \\odot \\tilde C_2$에서 $f_2$를 찾아보세요. 무엇과 곱해지나요?",
        "$\\partial f_2$는 $\\partial C_2$에 $C_1$을 곱한 값입니다.",
        "코드로는 `hadamard(dC2, C1)`입니다.",
      ],
    },
  },
  {
    id: "06-4",
    kind: "numeric",
    title: { en: "∂i₂, and on through the sigmoid to ∂z_i₂", ko: "∂i₂에서 시그모이드를 지나 ∂z_i₂까지" },
    slide: 49,
    expected: dz.i,
    printed: printedOn(49, "∂z_i₂"),
    formula: formula(
      { dC2, g2, i_2: i2, dSigma: activations.dSigma },
      ({ dC2, g2, i_2, dSigma }) => hadamard(dC2, g2, dSigma(i_2)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        dI2,
        "The sigmoid's slope $\\sigma'$ is missing: that is $\\partial i_2$. On the way to $z$ multiply by $i_2(1 - i_2)$.",
        "시그모이드의 미분 $\\sigma'$이 빠졌습니다. 이 값은 $\\partial i_2$입니다. $z$로 가려면 $i_2(1 - i_2)$를 곱하세요.",
      ),
      mistake(
        dz.f,
        "That is the forget gate's: its partner is $C_1$. The input gate's partner is the candidate $\\tilde C_2$.",
        "이 값은 $C_1$을 곱해 구하는 망각 게이트의 기울기입니다. 입력 게이트에는 후보 $\\tilde C_2$가 곱해집니다.",
      ),
      mistake(
        hadamard(dI2, tanhPrime(i2)),
        "That is the slope of $\\tanh$, $1 - i_2^2$. A gate is a sigmoid: $i_2(1 - i_2)$.",
        "$\\tanh$의 미분 $1 - i_2^2$을 곱했습니다. 게이트는 시그모이드이므로 $i_2(1 - i_2)$를 곱합니다.",
      ),
      mistake(
        hadamard(dI2, i2),
        "Half of the slope: $\\sigma'$ is $i_2(1 - i_2)$, you have $i_2$ only.",
        "미분의 절반만 곱했습니다. $\\sigma'$은 $i_2(1 - i_2)$인데 $i_2$만 곱했습니다.",
      ),
      mistake(
        hadamard(dI2, sigmoidPrime(step2.z.i)),
        "You put $z$ into $s(1-s)$. The slope is written with the sigmoid's output: $i_2(1 - i_2)$.",
        "$s(1-s)$에 $z$를 넣었습니다. 미분은 시그모이드의 출력으로 씁니다: $i_2(1 - i_2)$.",
      ),
      mistake(
        hadamard(dC2, g1, sigmoidPrime(i2)),
        "That is the first step's candidate. At $t = 2$ the partner is $\\tilde C_2$.",
        "첫 시점의 후보를 썼습니다. $t = 2$에서는 $\\tilde C_2$를 곱합니다.",
      ),
      mistake(
        hadamard(dh2, g2, sigmoidPrime(i2)),
        "You started from $\\partial h_2$. The input gate reaches the loss through the cell state: start from $\\partial C_2$.",
        "$\\partial h_2$에서 시작했습니다. 입력 게이트는 셀 상태를 거쳐 손실에 이릅니다. $\\partial C_2$에서 시작하세요.",
      ),
    ],
    hints: {
      en: [
        "First $\\partial i_2$: what is $i_2$ multiplied by in $C_2$? Then back through the sigmoid.",
        "$\\partial i_2 = \\partial C_2 \\odot \\tilde C_2$; the sigmoid multiplies by $i_2(1 - i_2)$.",
        "In code: `hadamard(dC2, g2, sigmoidPrime(i2))`.",
      ],
      ko: [
        "먼저 $\\partial i_2$를 구합니다. $C_2$에서 $i_2$는 무엇과 곱해지나요? 그다음 시그모이드를 거슬러 갑니다.",
        "$\\partial i_2 = \\partial C_2 \\odot \\tilde C_2$이고, 시그모이드에서 $i_2(1 - i_2)$가 곱해집니다.",
        "코드로는 `hadamard(dC2, g2, sigmoidPrime(i2))`입니다.",
      ],
    },
  },
  {
    id: "06-5",
    kind: "numeric",
    title: { en: "∂C̃₂, and on through the tanh to ∂z_c₂", ko: "∂C̃₂에서 tanh를 지나 ∂z_c₂까지" },
    slide: 50,
    expected: dz.g,
    printed: printedOn(50, "∂z_c₂"),
    formula: formula(
      { dC2, i_2: i2, g2, dTanh: activations.dTanh },
      ({ dC2, i_2, g2, dTanh }) => hadamard(dC2, i_2, dTanh(g2)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        dG2,
        "The slope of $\\tanh$ is missing: that is $\\partial \\tilde C_2$. On the way to $z$ multiply by $1 - \\tilde C_2^2$.",
        "$\\tanh$의 미분이 빠졌습니다. 이 값은 $\\partial \\tilde C_2$입니다. $z$로 가려면 $1 - \\tilde C_2^2$을 곱하세요.",
      ),
      mistake(
        hadamard(dG2, wrongTanhPrime(g2).ofSigmoid),
        "That is the sigmoid's slope, copied from a gate. The candidate is a $\\tanh$: $1 - \\tilde C_2^2$.",
        "게이트에서 쓰는 시그모이드의 미분을 곱했습니다. 후보는 $\\tanh$이므로 $1 - \\tilde C_2^2$을 곱합니다.",
      ),
      mistake(
        hadamard(dG2, wrongTanhPrime(g2).inverse),
        "You divided by $1 - \\tilde C_2^2$. That is the slope of the inverse function; the chain rule multiplies.",
        "$1 - \\tilde C_2^2$으로 나누었습니다. 나누면 역함수의 미분이 됩니다. 연쇄 법칙에서는 곱합니다.",
      ),
      mistake(
        hadamard(dG2, wrongTanhPrime(g2).notSquared),
        "The square is missing: the slope is $1 - \\tilde C_2^2$, not $1 - \\tilde C_2$.",
        "제곱이 빠졌습니다. 미분은 $1 - \\tilde C_2$가 아니라 $1 - \\tilde C_2^2$입니다.",
      ),
      mistake(
        hadamard(dG2, tanhPrime(g2.map(Math.tanh))),
        "$\\tanh$ is in it twice: $\\tilde C_2$ is the output of $\\tanh$ already, so the slope is $1 - \\tilde C_2^2$.",
        "$\\tanh$를 두 번 적용했습니다. $\\tilde C_2$가 이미 $\\tanh$의 출력이므로 미분은 $1 - \\tilde C_2^2$입니다.",
      ),
      mistake(
        hadamard(dC2, g2, tanhPrime(g2)),
        "You multiplied by the candidate itself. Its partner is the input gate $i_2$.",
        "후보 자신을 곱했습니다. 후보에는 입력 게이트 $i_2$가 곱해집니다.",
      ),
      mistake(
        hadamard(dC2, tanhPrime(g2)),
        "The input gate is missing: only the share $i_2$ of the candidate went into $C_2$.",
        "입력 게이트가 빠졌습니다. 후보는 $i_2$의 비율만큼만 $C_2$에 들어갑니다.",
      ),
    ],
    hints: {
      en: [
        "First $\\partial \\tilde C_2$: what is the candidate multiplied by in $C_2$? Then back through $\\tanh$.",
        "$\\partial \\tilde C_2 = \\partial C_2 \\odot i_2$; the $\\tanh$ multiplies by $1 - \\tilde C_2^2$.",
        "In code: `hadamard(dC2, i2, tanhPrime(g2))`.",
      ],
      ko: [
        "먼저 $\\partial \\tilde C_2$를 구합니다. $C_2$에서 후보는 무엇과 곱해지나요? 그다음 $\\tanh$를 거슬러 갑니다.",
        "$\\partial \\tilde C_2 = \\partial C_2 \\odot i_2$이고, $\\tanh$에서 $1 - \\tilde C_2^2$이 곱해집니다.",
        "코드로는 `hadamard(dC2, i2, tanhPrime(g2))`입니다.",
      ],
    },
  },
  {
    id: "06-6",
    kind: "numeric",
    title: { en: "∂z₂, all gates together", ko: "네 게이트를 합친 ∂z₂" },
    slide: 51,
    expected: dz2,
    printed: printedOn(51, "∂z₂ = Σ∂z"),
    formula: formula(
      {
        "\\partial z_{f_2}": dz.f,
        "\\partial z_{i_2}": dz.i,
        "\\partial z_{c_2}": dz.g,
        "\\partial z_{o_2}": dz.o,
      },
      (p) => Object.values(p).reduce((sum, term) => add(sum, term)),
      lstmParts,
    ),
    mistakes: [
      mistake(
        add(dF2, dI2, dG2, dO2),
        "All four slopes are missing: you added the gradients of the gates. Each passes its $\\sigma'$ or $\\tanh'$ first.",
        "활성화 함수의 미분 네 개가 모두 빠졌습니다. 게이트의 기울기를 그대로 더했는데, 그전에 저마다 $\\sigma'$이나 $\\tanh'$을 곱해야 합니다.",
      ),
      {
        answers: [add(dF2, dz.i, dz.g, dz.o), add(dz.f, dI2, dz.g, dz.o), add(dz.f, dz.i, dz.g, dO2)],
        text: {
          en: "The slope $\\sigma'$ is missing on one gate: every summand is a $\\partial z$.",
          ko: "게이트 하나에서 $\\sigma'$이 빠졌습니다. 더하는 것은 모두 $\\partial z$여야 합니다.",
        },
      },
      mistake(
        add(dz.f, dz.i, dG2, dz.o),
        "The slope $\\tanh'$ of the candidate is missing: add $\\partial z_{c_2}$, not $\\partial \\tilde C_2$.",
        "후보에서 $\\tanh'$이 빠졌습니다. $\\partial \\tilde C_2$가 아니라 $\\partial z_{c_2}$를 더하세요.",
      ),
      mistake(
        add(dz.f, dz.i, hadamard(dG2, sigmoidPrime(g2)), dz.o),
        "The candidate passed a sigmoid's slope. It is a $\\tanh$: $1 - \\tilde C_2^2$.",
        "후보에 시그모이드의 미분을 곱했습니다. 후보는 $\\tanh$이므로 $1 - \\tilde C_2^2$입니다.",
      ),
      {
        answers: [add(dz.i, dz.g, dz.o), add(dz.f, dz.g, dz.o), add(dz.f, dz.i, dz.o), add(dz.f, dz.i, dz.g)],
        text: {
          en: "One of the four is missing. $z_2$ feeds $f_2$, $i_2$, $\\tilde C_2$ and $o_2$.",
          ko: "넷 중 하나가 빠졌습니다. $z_2$는 $f_2$, $i_2$, $\\tilde C_2$, $o_2$에 모두 들어갑니다.",
        },
      },
      {
        answers: [
          add(dz.i, dz.i, dz.g, dz.o),
          add(dz.f, dz.f, dz.g, dz.o),
          add(dz.o, dz.i, dz.g, dz.o),
          add(dz.f, dz.o, dz.g, dz.o),
        ],
        text: {
          en: "One gate is in it twice and another is missing: copied and not changed?",
          ko: "한 게이트가 두 번 들어가고 다른 하나가 빠졌습니다. 복사한 뒤 고치지 않은 곳이 있나요?",
        },
      },
      mistake(
        scale(1 / 4, dz2),
        "You took the mean. The gradient of what is used four times is the sum.",
        "평균을 냈습니다. 네 번 쓰인 값의 기울기는 합입니다.",
      ),
    ],
    hints: {
      en: [
        "One $z_2$ goes into all four. What does the chain rule do where a quantity is used several times?",
        "Add the four: $\\partial z_{f_2}$, $\\partial z_{i_2}$, $\\partial z_{c_2}$, $\\partial z_{o_2}$.",
        "In code: `add(dzF2, dzI2, dzG2, dzO2)`.",
      ],
      ko: [
        "$z_2$ 하나가 네 곳에 들어갑니다. 한 값을 여러 번 쓸 때 연쇄 법칙은 어떻게 하나요?",
        "네 기울기 $\\partial z_{f_2}$, $\\partial z_{i_2}$, $\\partial z_{c_2}$, $\\partial z_{o_2}$를 더하세요.",
        "코드로는 `add(dzF2, dzI2, dzG2, dzO2)`입니다.",
      ],
    },
  },
  {
    id: "06-7",
    kind: "numeric",
    title: { en: "∂W_x at t = 2", ko: "t = 2의 ∂W_x" },
    slide: 51,
    expected: dWx2,
    printed: printedOn(51, "∂W_x(2)"),
    formula: formula({ dz2, x2 }, ({ dz2, x2 }) => outer(dz2, x2), lstmParts),
    mistakes: [
      mistake(
        outer(x2, dz2),
        "Transposed: you have $x_2\\, \\partial z_2^\\top$. Rows belong to the units of $z$, columns to the inputs: $\\partial z_2\\, x_2^\\top$.",
        "전치되었습니다. $x_2\\, \\partial z_2^\\top$를 구했습니다. 행은 $z$의 유닛, 열은 입력입니다: $\\partial z_2\\, x_2^\\top$.",
      ),
      mistake(
        outer(dz2, x1),
        "That is the first step's input. At $t = 2$ the weights multiplied $x_2$.",
        "첫 시점의 입력을 썼습니다. $t = 2$에서는 가중치에 $x_2$가 곱해졌습니다.",
      ),
      mistake(
        outer(dz2, h1),
        "That is $\\partial W_h$: its weights multiplied $h_1$. $W_x$ multiplied $x_2$.",
        "이 값은 $\\partial W_h$입니다. 그 가중치에는 $h_1$이, $W_x$에는 $x_2$가 곱해졌습니다.",
      ),
      mistake(
        hadamard(dz2, x2),
        "You multiplied component by component. Every unit of $z$ saw every input, so it is the outer product, a matrix.",
        "성분별로 곱했습니다. $z$의 유닛마다 모든 입력이 들어가므로 외적을 해야 하고, 결과는 행렬입니다.",
      ),
      {
        answers: [dz.f, dz.i, dz.g, dz.o].map((gate) => outer(gate, x2)),
        text: {
          en: "That is one gate's part. All four share $W_x$, so start from the sum $\\partial z_2$.",
          ko: "이 값은 게이트 하나의 기여분입니다. 네 게이트가 $W_x$를 공유하므로 합 $\\partial z_2$에서 시작하세요.",
        },
      },
      mistake(
        add(dWx1, dWx2),
        "That is already the sum over both steps, slide 57. Asked is the part of $t = 2$.",
        "이 값은 두 시점을 이미 더한 슬라이드 57의 값입니다. 구할 값은 $t = 2$의 기여분입니다.",
      ),
    ],
    hints: {
      en: [
        "A weight's gradient is the error it fed into times the input it multiplied. How many weights are there?",
        "$\\partial W_x^{(2)} = \\partial z_2\\, x_2^\\top$, the outer product.",
        "In code: `outer(add(dzF2, dzI2, dzG2, dzO2), x2)`.",
      ],
      ko: [
        "가중치의 기울기는 그 가중치가 영향을 준 오차와, 그 가중치에 곱해졌던 입력의 곱입니다. 가중치는 몇 개인가요?",
        "외적입니다: $\\partial W_x^{(2)} = \\partial z_2\\, x_2^\\top$.",
        "코드로는 `outer(add(dzF2, dzI2, dzG2, dzO2), x2)`입니다.",
      ],
    },
  },
  {
    id: "06-8",
    kind: "numeric",
    title: { en: "∂h₁, back through the weights", ko: "가중치를 거쳐 돌아온 ∂h₁" },
    slide: 52,
    expected: back2.dhPrev,
    printed: printedOn(52, "∂h₁"),
    formula: formula({ Wh, dz2 }, ({ Wh, dz2 }) => transposedMatVec(Wh, dz2), lstmParts),
    mistakes: [
      mistake(
        matVec(Wh, dz2),
        "That is $W_h$ where $W_h^\\top$ belongs: backward, each component of $h_1$ collects along its column.",
        "$W_h^\\top$가 들어갈 자리에 $W_h$를 썼습니다. 역전파에서는 $h_1$의 성분마다 $W_h$의 해당 열을 따라 기울기를 더합니다.",
      ),
      mistake(
        zero,
        "Nothing was carried back. There is no loss at $t = 1$, but $h_1$ acts on the loss of $t = 2$ through $z_2$.",
        "기울기를 이전 시점에 전달하지 않았습니다. $t = 1$에는 손실이 없지만, $h_1$은 $z_2$를 거쳐 $t = 2$의 손실에 영향을 줍니다.",
      ),
      {
        answers: [dz.f, dz.i, dz.g, dz.o].map((gate) => transposedMatVec(Wh, gate)),
        text: {
          en: "That came through one gate only. $h_1$ feeds all four: start from the sum $\\partial z_2$.",
          ko: "게이트 하나만 거쳐 온 기울기입니다. $h_1$은 네 게이트에 모두 들어갑니다. 합 $\\partial z_2$에서 시작하세요.",
        },
      },
      mistake(
        transposedMatVec(Wh, hadamard(dz2, tanhPrime(h2))),
        "You passed another slope, $1 - h_2^2$, as in a plain RNN. The slopes are in $\\partial z_2$ already.",
        "기본 RNN처럼 $1 - h_2^2$을 한 번 더 곱했습니다. 미분은 $\\partial z_2$에 이미 들어 있습니다.",
      ),
      mistake(
        transposedMatVec(Wh, dh2),
        "You sent $\\partial h_2$ through the weights. Between the two stand the gates: start from $\\partial z_2$.",
        "$\\partial h_2$를 가중치에 통과시켰습니다. 그 사이에는 게이트가 있습니다. $\\partial z_2$에서 시작하세요.",
      ),
      mistake(
        hadamard(dh2, f2),
        "You took the road of the cell state: the forget gate. $h_1$ goes through the weights.",
        "망각 게이트를 곱했습니다. 망각 게이트는 셀 상태로 가는 경로에 있습니다. $h_1$로는 가중치를 거쳐 갑니다.",
      ),
    ],
    hints: {
      en: [
        "$h_1$ is used in one place: $z_2 = W_x x_2 + W_h h_1 + b$.",
        "Forward through $W_h$ is backward through $W_h^\\top$.",
        "In code: `transposedMatVec(Wh, dz2)`.",
      ],
      ko: [
        "$h_1$이 쓰이는 곳은 하나입니다: $z_2 = W_x x_2 + W_h h_1 + b$.",
        "순전파에서 $W_h$를 거쳤으면 역전파에서는 $W_h^\\top$를 거칩니다.",
        "코드로는 `transposedMatVec(Wh, dz2)`입니다.",
      ],
    },
  },
  {
    id: "06-9",
    kind: "numeric",
    title: {
      en: "∂C_prev: what goes back to C₁ through the forget gate",
      ko: "망각 게이트를 거쳐 C₁로 돌아가는 기울기 ∂C_prev",
    },
    slide: 52,
    expected: back2.dcPrev,
    printed: printedOn(52, "∂C_next = ∂C₂⊙f₂"),
    formula: formula({ dC2, f2 }, ({ dC2, f2 }) => hadamard(dC2, f2), lstmParts),
    mistakes: [
      mistake(
        dC2,
        "The forget gate is missing: forward it let the share $f_2$ of $C_1$ through, and backward the same share.",
        "망각 게이트가 빠졌습니다. 순전파에서 $C_1$이 $f_2$의 비율만큼 통과했으므로, 역전파에서도 같은 비율로 통과합니다.",
      ),
      mistake(
        zero,
        "Nothing was carried back. $C_1$ is in $C_2 = f_2 \\odot C_1 + \\dots$, and so is its gradient.",
        "기울기를 이전 시점에 전달하지 않았습니다. $C_2 = f_2 \\odot C_1 + \\dots$에 $C_1$이 들어 있으므로 기울기도 돌아옵니다.",
      ),
      mistake(
        hadamard(dC2, sigmoidPrime(f2)),
        "You multiplied by the slope $f(1-f)$. To $C_1$ it goes through the gate's value $f_2$; the slope is for the way into the gate.",
        "미분 $f(1-f)$를 곱했습니다. $C_1$로 갈 때는 게이트의 값 $f_2$를 곱합니다. 미분은 게이트 안으로 들어갈 때 곱합니다.",
      ),
      mistake(
        hadamard(dh2, f2),
        "You started from $\\partial h_2$. The road runs from cell state to cell state: $\\partial C_2$.",
        "$\\partial h_2$에서 시작했습니다. 이 경로는 셀 상태에서 셀 상태로 이어집니다. $\\partial C_2$에서 시작하세요.",
      ),
      mistake(
        dF2,
        "That is $\\partial f_2$, the other factor's gradient. For $C_1$, multiply $\\partial C_2$ by $f_2$.",
        "이 값은 곱의 다른 쪽인 $f_2$의 기울기 $\\partial f_2$입니다. $C_1$의 기울기를 구하려면 $\\partial C_2$에 $f_2$를 곱하세요.",
      ),
      mistake(
        hadamard(dC2, f1),
        "That is the gate of the first step. Between $C_1$ and $C_2$ stands $f_2$.",
        "첫 시점의 게이트를 썼습니다. $C_1$과 $C_2$ 사이에는 $f_2$가 있습니다.",
      ),
      mistake(
        transposedMatVec(Wh, dC2),
        "You went through a matrix. On this road there is none, only the forget gate.",
        "행렬을 곱했습니다. 이 경로에는 행렬이 없고 망각 게이트만 있습니다.",
      ),
      mistake(
        back1.dc,
        "That is the total $\\partial C_1$, with what came through $h_1$. Asked is the road through the forget gate alone.",
        "이 값은 $h_1$을 거쳐 온 것까지 더한 전체 $\\partial C_1$입니다. 구할 값은 망각 게이트만 거친 기울기입니다.",
      ),
    ],
    hints: {
      en: [
        "Find $C_1$ in $C_2 = f_2 \\odot C_1 + i_2 \\odot \\tilde C_2$. What is it multiplied by?",
        "$\\partial C_2 \\odot f_2$: no matrix, no slope.",
        "In code: `hadamard(dC2, f2)`.",
      ],
      ko: [
        "$C_2 = f_2 \\odot C_1 + i_2 \\odot \\tilde C_2$에서 $C_1$을 찾아보세요. 무엇과 곱해지나요?",
        "$\\partial C_2 \\odot f_2$입니다. 행렬도 미분도 없습니다.",
        "코드로는 `hadamard(dC2, f2)`입니다.",
      ],
    },
  },
  {
    id: "06-10",
    kind: "numeric",
    title: { en: "the slip of slide 53, put right", ko: "슬라이드 53의 계산 착오 바로잡기" },
    slide: 53,
    expected: slide53[0],
    mistakes: [
      mistake(
        0.04,
        "That is the line, but as it is printed. Work out $0.0347 + 0.0083 \\times 0.6457 \\times (1 - 0.3333^2)$ yourself.",
        "줄은 맞게 찾았지만 적힌 값을 그대로 썼습니다. $0.0347 + 0.0083 \\times 0.6457 \\times (1 - 0.3333^2)$을 직접 계산해 보세요.",
      ),
      mistake(
        back1.dc[0],
        "That is the exact value, with nothing rounded before. Asked is what the line gives from the numbers printed on the slide.",
        "이 값은 앞에서 아무것도 반올림하지 않았을 때의 참값입니다. 구할 값은 슬라이드에 적힌 숫자로 그 줄을 계산한 값입니다.",
      ),
      mistake(
        slide53[1],
        "That line is off by one in the last digit only, 0.0259 for 0.0260. Look at the other component.",
        "그 줄은 0.0260이 0.0259로 적혀 끝자리만 1만큼 다릅니다. 다른 성분을 보세요.",
      ),
      mistake(
        0.0347 + 0.0083 * 0.6457,
        "The slope of $\\tanh$ is missing: multiply by $1 - 0.3333^2$ too.",
        "$\\tanh$의 미분이 빠졌습니다. $1 - 0.3333^2$도 곱하세요.",
      ),
      mistake(
        0.0083 * 0.6457 * (1 - 0.3333 ** 2),
        "$+\\,\\partial C_{\\text{next}}$ is missing: add 0.0347.",
        "$+\\,\\partial C_{\\text{next}}$가 빠졌습니다. 0.0347을 더하세요.",
      ),
      mistake(
        0.0005,
        "That is by how much the line is off. Asked is what it should say.",
        "그 줄이 어긋난 크기입니다. 구할 값은 그 줄에 적혀야 할 값입니다.",
      ),
      mistake(
        0.0347 + 0.0083 * 0.6457 * (1 - 0.3333),
        "The square is missing: $1 - 0.3333^2$.",
        "제곱이 빠졌습니다. $1 - 0.3333^2$입니다.",
      ),
      mistake(
        0.0347 + 0.0083 * (1 - 0.3333 ** 2),
        "The output gate is missing: multiply by 0.6457 too.",
        "출력 게이트가 빠졌습니다. 0.6457도 곱하세요.",
      ),
    ],
    hints: {
      en: [
        "Work out all four lines from the numbers on their left. Three agree to the last digit or nearly so.",
        "It is one of the components of $\\partial C_1$.",
        "Work out `0.0347 + 0.0083 * 0.6457 * (1 - 0.3333 ** 2)`.",
      ],
      ko: [
        "네 줄을 모두 왼쪽의 숫자로 계산해 보세요. 세 줄은 끝자리까지 같거나 거의 같습니다.",
        "$\\partial C_1$의 두 성분 중 하나입니다.",
        "다음을 계산하세요: `0.0347 + 0.0083 * 0.6457 * (1 - 0.3333 ** 2)`",
      ],
    },
  },
  {
    id: "06-11",
    kind: "numeric",
    title: { en: "the first step's share of ∂W_x", ko: "∂W_x에서 첫 시점의 기여분" },
    slide: 57,
    expected: norm(dWx1) / norm(dWx2),
    mistakes: [
      mistake(
        norm(dWx2) / norm(dWx1),
        "Upside down: asked is $t = 1$ measured by $t = 2$.",
        "거꾸로 나누었습니다. 구할 값은 $t = 2$ 대비 $t = 1$의 비율입니다.",
      ),
      mistake(
        norm(dWx1) / norm(add(dWx1, dWx2)),
        "You divided by the norm of the sum. Asked is $t = 1$ against $t = 2$ alone.",
        "합의 노름으로 나누었습니다. $t = 1$을 $t = 2$ 하나와 비교하세요.",
      ),
      mistake(
        (norm(dWx1) / norm(dWx2)) ** 2,
        "The root is missing: the norm is the square root of the sum of squares.",
        "제곱근이 빠졌습니다. 노름은 제곱의 합의 제곱근입니다.",
      ),
      mistake(
        norm(rnn.back1.dWx) / norm(rnn.back2.dWx),
        "That is the plain RNN of notebook 02. Take the LSTM's $\\partial W_x^{(1)}$ and $\\partial W_x^{(2)}$.",
        "이 값은 노트북 02의 기본 RNN에서 나오는 값입니다. LSTM의 $\\partial W_x^{(1)}$과 $\\partial W_x^{(2)}$를 쓰세요.",
      ),
      mistake(
        norm(overGates(back1.dz)) / norm(dz2),
        "You compared $\\partial z_1$ with $\\partial z_2$. In $\\partial W_x$ each is multiplied by its input too, and $x_2$ is longer than $x_1$.",
        "$\\partial z_1$과 $\\partial z_2$를 비교했습니다. $\\partial W_x$에는 입력도 곱해지고, $x_2$가 $x_1$보다 깁니다.",
      ),
      mistake(
        norm(back2.dhPrev) / norm(dh2),
        "That is what is left of $\\partial h$. Asked is the gradient of the weights.",
        "이 값은 $\\partial h$에 남은 비율입니다. 구할 값은 가중치의 기울기입니다.",
      ),
      mistake(
        norm(dWx1) / (norm(dWx1) + norm(dWx2)),
        "You divided by both sizes added. Asked is $t = 1$ against $t = 2$ alone.",
        "두 크기를 더한 값으로 나누었습니다. $t = 1$을 $t = 2$ 하나와 비교하세요.",
      ),
      mistake(
        norm(dWx1),
        "That is the size of $\\partial W_x^{(1)}$. Divide it by that of $\\partial W_x^{(2)}$.",
        "$\\partial W_x^{(1)}$의 크기입니다. $\\partial W_x^{(2)}$의 크기로 나누세요.",
      ),
      mistake(
        norm(back1.dc) / norm(dC2),
        "That is what is left of $\\partial C$. Asked is the gradient of the weights.",
        "이 값은 $\\partial C$에 남은 비율입니다. 구할 값은 가중치의 기울기입니다.",
      ),
      mistake(
        dWx1[0][0] / dWx2[0][0],
        "You compared one element. The norm takes all four.",
        "원소 하나를 비교했습니다. 노름은 네 원소를 모두 씁니다.",
      ),
    ],
    hints: {
      en: [
        "You have both matrices. The library's norm gives the size of each.",
        "Divide $\\|\\partial W_x^{(1)}\\|$ by $\\|\\partial W_x^{(2)}\\|$.",
        "In code: `norm(dWx1) / norm(dWx2)`.",
      ],
      ko: [
        "두 행렬은 이미 있습니다. 라이브러리의 norm으로 크기를 구하세요.",
        "$\\|\\partial W_x^{(1)}\\|$을 $\\|\\partial W_x^{(2)}\\|$로 나누세요.",
        "코드로는 `norm(dWx1) / norm(dWx2)`입니다.",
      ],
    },
  },
  {
    id: "06-q1",
    kind: "choice",
    title: { en: "recap 1: one sum, one not", ko: "정리 1: 합인 것과 아닌 것" },
    slide: 53,
    answer: "a",
    choices: {
      a: {
        en: "$C_1$ is used by $h_1$ and by $C_2$; $h_1$ is used by $z_2$ only, because the loss is read at $t = 2$ alone.",
        ko: "$C_1$은 $h_1$과 $C_2$에 쓰이고, $h_1$은 $z_2$에만 쓰입니다. 손실을 $t = 2$에서만 계산하기 때문입니다.",
      },
      b: {
        en: "The forget gate makes the second term small or large, but the term is there whatever $f_2$ is.",
        ko: "망각 게이트는 둘째 항의 크기를 정할 뿐입니다. $f_2$의 값과 관계없이 항은 두 개입니다.",
      },
      c: {
        en: "Sums over gates belong to $\\partial z$. $\\partial C_1$ is a sum because $C_1$ is used twice.",
        ko: "게이트에 대한 합은 $\\partial z$에서 나옵니다. $C_1$은 두 번 쓰이므로 $\\partial C_1$이 합이 됩니다.",
      },
    },
    hints: {
      en: ["Count where $C_1$ and $h_1$ are used in the forward pass."],
      ko: ["순전파에서 $C_1$과 $h_1$이 쓰이는 곳을 각각 세어 보세요."],
    },
  },
  {
    id: "06-q2",
    kind: "choice",
    title: { en: "recap 2: ∂C_next forgotten", ko: "정리 2: ∂C_next를 빠뜨리면" },
    slide: 47,
    answer: "c",
    choices: {
      a: {
        en: "At $t = 2$ the term is zero: nothing there can notice. A test with a single step never would.",
        ko: "$t = 2$에서는 이 항이 0이므로 아무것도 알아챌 수 없습니다. 시점이 하나뿐인 테스트로는 결코 알 수 없습니다.",
      },
      b: {
        en: "$\\partial h_1$ comes from $\\partial z_2$, which does not contain $\\partial C_{\\text{next}}$ of $t = 1$. It stays right.",
        ko: "$\\partial h_1$은 $\\partial z_2$에서 구하고, $\\partial z_2$에는 $t = 1$의 $\\partial C_{\\text{next}}$가 들어 있지 않습니다. 따라서 $\\partial h_1$은 그대로 맞습니다.",
      },
      c: {
        en: "$\\partial C_1$ on slide 53 is the first, and after it all that is made from it: $\\partial i_1$, $\\partial \\tilde C_1$, $\\partial z_1$, the totals of slide 57.",
        ko: "슬라이드 53의 $\\partial C_1$이 가장 먼저 틀리고, 이 값으로 구하는 $\\partial i_1$, $\\partial \\tilde C_1$, $\\partial z_1$과 슬라이드 57의 합계도 따라서 틀립니다.",
      },
    },
    hints: {
      en: ["At which step is $\\partial C_{\\text{next}}$ not zero?"],
      ko: ["$\\partial C_{\\text{next}}$가 0이 아닌 시점은 언제인가요?"],
    },
  },
  {
    id: "06-q3",
    kind: "choice",
    title: { en: "recap 3: formula or number?", ko: "정리 3: 수식일까, 숫자일까" },
    slide: 53,
    answer: "b",
    choices: {
      a: {
        en: "Rounding at four decimals moves a value by 0.0001 or so. 0.0400 is 0.0006 away.",
        ko: "소수 넷째 자리까지 반올림하면 0.0001 정도 달라질 수 있습니다. 0.0400은 0.0006이나 떨어져 있습니다.",
      },
      b: {
        en: "The finite difference knows neither formula nor slide: it only runs the network forward. It agrees with the formula to many digits, and with 0.0400 not even to two.",
        ko: "수치 미분은 수식도 슬라이드도 모른 채 순전파만 반복합니다. 그 결과는 수식과는 여러 자리까지 일치하지만, 0.0400과는 두 자리도 일치하지 않습니다.",
      },
      c: {
        en: "A library can be wrong in the same way as a formula. What settles it uses neither.",
        ko: "라이브러리도 수식과 똑같이 틀릴 수 있습니다. 둘 다 쓰지 않는 방법으로 판가름해야 합니다.",
      },
    },
    hints: {
      en: ["What in this notebook computes a gradient without any derived formula?"],
      ko: ["이 노트북에서 유도한 수식을 쓰지 않고 기울기를 구하는 방법은 무엇인가요?"],
    },
  },
];
