// Exercises of notebook 07: the update, tied and untied.

import { Dense, LSTM, SGD, SequenceClassifier } from "../../../src/index.js";
import type { RecurrentLayer } from "../../../src/index.js";
import { mistake } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { slide35 } from "./lecture_networks.js";

const { Wx, Wh, b, Why, by, x1, x2, y } = slide35;
const sample = { x: [x1, x2], y };
const learningRate = 0.1;

/** The lecture's network: one set of cell parameters, or four that start from the same numbers. */
function network(gates: "tied" | "untied") {
  const shared = { Wx, Wh, b };
  const layer =
    gates === "tied"
      ? new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true })
      : new LSTM({ inputSize: 2, hiddenSize: 2 });
  layer.setParameters((gates === "tied" ? shared : { f: shared, i: shared, g: shared, o: shared }) as never);
  const head = new Dense({ inputSize: 2, outputSize: 2 });
  head.setParameters({ W: Why, b: by });
  return new SequenceClassifier<RecurrentLayer>({ layer, head });
}

/** The loss after one update with these learning rates; a part without one stays as it is. */
function afterOneUpdate(gates: "tied" | "untied", rates: { layer?: number; head?: number }): number {
  const model = network(gates);
  const { gradients } = model.lossAndGradients(sample);
  if (rates.layer) new SGD(model.layer, { lr: rates.layer }).step(gradients.layer);
  if (rates.head) new SGD(model.head, { lr: rates.head }).step(gradients.head);
  return model.loss(sample);
}

/**
 * The loss before the first update, after it, after the second, … with tied gates, until it is below `level`.
 */
function lossesUntil(level: number): number[] {
  const model = network("tied");
  const optimizer = new SGD(model, { lr: learningRate });
  const losses = [model.loss(sample)];
  while (losses[losses.length - 1] >= level) {
    optimizer.step(model.lossAndGradients(sample).gradients);
    losses.push(model.loss(sample));
  }
  return losses;
}

const both = { layer: learningRate, head: learningRate };
const updatesUntil = (level: number) => lossesUntil(level).length - 1;

export const exercises07: Exercise[] = [
  {
    id: "07-1",
    kind: "numeric",
    title: {
      en: "untie the gates: the loss after one update",
      ko: "게이트마다 가중치를 따로 둘 때, 한 번 업데이트한 뒤의 손실",
    },
    slide: 58,
    expected: () => afterOneUpdate("untied", both),
    mistakes: [
      mistake(
        () => afterOneUpdate("tied", both),
        "Every gate took the sum of all four gradients: that is the tied update. Untied, gate $f$ takes only its own, `back1.dWx.f` and `back2.dWx.f`, and so on.",
        "모든 게이트에 네 기울기의 합을 썼습니다. 가중치를 공유할 때의 업데이트입니다. 따로 두면 게이트 $f$에는 자신의 기울기인 `back1.dWx.f`와 `back2.dWx.f`만 씁니다. 나머지도 마찬가지입니다.",
      ),
      mistake(
        () => afterOneUpdate("tied", { ...both, layer: learningRate / 4 }),
        "Every gate took the mean of the four gradients. They are not alike: each gate has a gradient of its own.",
        "모든 게이트에 네 기울기의 평균을 썼습니다. 네 기울기는 서로 다르고, 게이트마다 자신의 기울기가 있습니다.",
      ),
      mistake(
        () => afterOneUpdate("untied", {}),
        "That is the loss before the update. Untying alone changes nothing: the four sets start from the same numbers.",
        "이 값은 업데이트하기 전의 손실입니다. 네 벌의 가중치가 같은 값에서 시작하므로, 따로 두는 것만으로는 아무것도 달라지지 않습니다.",
      ),
      mistake(
        () => afterOneUpdate("untied", { layer: learningRate }),
        "The dense layer has not moved: use the new $W_{hy}$ and $b_y$ of slide 59 too.",
        "Dense 층이 그대로입니다. 슬라이드 59의 새 $W_{hy}$와 $b_y$도 쓰세요.",
      ),
      mistake(
        () => afterOneUpdate("untied", { head: learningRate }),
        "Only the dense layer has moved. The gates have to take their step too.",
        "Dense 층만 업데이트했습니다. 게이트도 업데이트해야 합니다.",
      ),
    ],
    hints: {
      en: [
        "Each gate has parameters of its own now, and a gradient of its own. What does the update of gate $f$ look like?",
        "$W_{x,f}$ becomes $W_x - \\eta\\,(\\partial W_{x,f}^{(1)} + \\partial W_{x,f}^{(2)})$: in code `back1.dWx.f` and `back2.dWx.f`. The same for $W_h$ and $b$, and for $i$, $\\tilde C$ and $o$.",
        'In code: `lossOfCell({ f: updated("f"), i: updated("i"), g: updated("g"), o: updated("o") })`; the solution says what `updated` is.',
      ],
      ko: [
        "이제 게이트마다 가중치도, 기울기도 따로 있습니다. 게이트 $f$의 업데이트는 어떤 모습일까요?",
        "$W_{x,f}$는 $W_x - \\eta\\,(\\partial W_{x,f}^{(1)} + \\partial W_{x,f}^{(2)})$가 됩니다. 코드로는 `back1.dWx.f`와 `back2.dWx.f`입니다. $W_h$와 $b$, 그리고 $i$, $\\tilde C$, $o$도 마찬가지입니다.",
        '코드로는 `lossOfCell({ f: updated("f"), i: updated("i"), g: updated("g"), o: updated("o") })`입니다. `updated`는 풀이에 있습니다.',
      ],
    },
  },
  {
    id: "07-2",
    kind: "numeric",
    title: { en: "the first update after which ŷ₁ > 0.5", ko: "ŷ₁ > 0.5가 되는 첫 업데이트" },
    slide: { en: "the section on 200 steps", ko: "「200스텝」 절" },
    expected: () => updatesUntil(Math.log(2)),
    mistakes: [
      mistake(
        () => updatesUntil(0.5),
        "That is where the loss falls below 0.5. $\\hat y_1 > 0.5$ is a loss below $-\\log 0.5 = \\log 2$.",
        "손실이 0.5보다 작아지는 업데이트를 찾았습니다. $\\hat y_1 > 0.5$는 손실이 $-\\log 0.5 = \\log 2$보다 작다는 뜻입니다.",
      ),
      mistake(
        () => updatesUntil(Math.log(2)) - 1,
        "One too early: after the first update the loss is 0.7607, still above $\\log 2 = 0.6931$.",
        "하나 이릅니다. 첫 업데이트 뒤의 손실은 0.7607이고, 아직 $\\log 2 = 0.6931$보다 큽니다.",
      ),
      mistake(
        () => updatesUntil(Math.log(2)) + 1,
        "One too many: `losses.tied[0]` is the loss before any update, so the position in the list is the number of updates.",
        "하나 많습니다. `losses.tied[0]`은 업데이트하기 전의 손실이므로, 목록에서의 위치가 곧 업데이트 횟수입니다.",
      ),
    ],
    hints: {
      en: [
        "Which loss belongs to $\\hat y_1 = 0.5$?",
        "$-\\log 0.5 = 0.6931$. Look for the first loss below it.",
        "In code: `losses.tied.findIndex((loss) => loss < Math.log(2))`.",
      ],
      ko: [
        "$\\hat y_1 = 0.5$일 때의 손실은 얼마인가요?",
        "$-\\log 0.5 = 0.6931$입니다. 이보다 작은 첫 손실을 찾으세요.",
        "코드로는 `losses.tied.findIndex((loss) => loss < Math.log(2))`입니다.",
      ],
    },
  },
  {
    id: "07-q1",
    kind: "choice",
    title: { en: "recap 1: why minus", ko: "정리 1: 빼는 이유" },
    slide: 58,
    answer: "b",
    choices: {
      a: {
        en: "The loss is positive here, and the rule is the same for losses of any sign.",
        ko: "여기서 손실은 양수이고, 손실의 부호가 무엇이든 규칙은 같습니다.",
      },
      b: {
        en: "The gradient points to where the loss grows fastest. Going against it lowers the loss, as long as the step is small enough.",
        ko: "기울기는 손실이 가장 빨리 커지는 방향을 가리킵니다. 그 반대로 가면, 보폭이 충분히 작은 한 손실이 줄어듭니다.",
      },
      c: {
        en: "The weights of the right class grow: the minus does not make weights small, it makes the loss small.",
        ko: "정답 클래스의 가중치는 커집니다. 기울기를 빼면 가중치가 아니라 손실이 줄어듭니다.",
      },
    },
    hints: {
      en: ["Where does the gradient point?"],
      ko: ["기울기는 어느 방향을 가리키나요?"],
    },
  },
  {
    id: "07-q2",
    kind: "choice",
    title: { en: "recap 2: four sets instead of one", ko: "정리 2: 한 벌 대신 네 벌" },
    slide: 58,
    answer: "c",
    choices: {
      a: {
        en: "The sum belongs to weights that all four share. A weight of its own gets its own gradient.",
        ko: "합은 네 게이트가 함께 쓰는 가중치의 기울기입니다. 따로 둔 가중치에는 저마다 자신의 기울기가 있습니다.",
      },
      b: {
        en: "They start from the same numbers, but their gradients differ, so after one update they are no longer equal.",
        ko: "같은 값에서 시작하지만 기울기가 서로 다르므로, 한 번만 업데이트해도 서로 달라집니다.",
      },
      c: {
        en: "The four gradients add up to the tied one, so every single gate moves less, and the gates come apart. After one update the loss is 0.7628 instead of 0.7607.",
        ko: "네 기울기를 모두 더한 것이 공유할 때의 기울기이므로, 게이트 하나하나의 가중치는 덜 움직이고 서로 달라지기 시작합니다. 한 번 업데이트한 뒤의 손실은 0.7607이 아니라 0.7628입니다.",
      },
    },
    hints: {
      en: ["What did exercise 07-1 show?"],
      ko: ["문제 07-1에서 무엇을 보았나요?"],
    },
  },
  {
    id: "07-q3",
    kind: "choice",
    title: { en: "recap 3: why the slips hardly matter", ko: "정리 3: 계산 착오가 거의 문제되지 않는 이유" },
    slide: 59,
    answer: "a",
    choices: {
      a: {
        en: "The next gradient is computed from the weights as they are, so an error is not carried on but corrected. A wrong formula is another matter: it is wrong in every step, in the same direction.",
        ko: "다음 기울기는 현재 가중치로 다시 계산하므로, 오차가 쌓이지 않고 바로잡힙니다. 하지만 수식이 틀리면 스텝마다 같은 방향으로 틀립니다.",
      },
      b: {
        en: "They need not cancel: most of the slips here point the same way. It is the next gradient that puts them right.",
        ko: "서로 상쇄된다는 보장은 없습니다. 여기서는 대부분 같은 방향으로 어긋났습니다. 오차는 다음 기울기에서 바로잡힙니다.",
      },
      c: {
        en: "A double holds some 16 digits. What is missing here was lost in rounding by hand, and 0.00014 is far above that.",
        ko: "배정밀도는 16자리 정도를 담습니다. 여기서 어긋난 것은 손으로 반올림할 때 생겼고, 0.00014는 그보다 훨씬 큽니다.",
      },
    },
    hints: {
      en: ["From which weights is the second gradient computed?"],
      ko: ["두 번째 기울기는 어떤 가중치로 계산하나요?"],
    },
  },
];
