// Every word of the drawings and charts of the RNN cell (notebook 01) and the LSTM cell (notebook 04).

import type { Language } from "./strings.js";

const en = {
  unrolled: {
    title: "An RNN, rolled up and unrolled",
    description:
      "Left: one cell with the input xₜ from below, the hidden state hₜ leaving at the top, and an arrow from the cell back to itself. Right: the same network unrolled in time. Three copies of the cell stand side by side, at t = 1, 2 and 3. Each receives its input x₁, x₂ or x₃ from below and the hidden state of the copy to its left, starting with h₀; each hands its own hidden state to the right. The last one, h₃, goes up to a dense layer and the prediction ŷ. All copies use the same Wₓ, Wₕ and b.",
    rolled: "one cell …",
    open: "… unrolled in time",
    cell: "cell",
    dense: "dense",
    shared: "the same Wₓ, Wₕ and b in every copy",
  },
  rnnCell: {
    title: "The RNN cell",
    description:
      "The previous hidden state hₜ₋₁ comes from the left and is multiplied by Wₕ. The input xₜ comes from below and is multiplied by Wₓ. Both products and the bias b meet in one sum, zₜ. zₜ goes through tanh and leaves to the right as the hidden state hₜ, which is the output and the next step's input.",
    previous: "previous hidden state",
    input: "input",
    bias: "bias",
    hidden: "hidden state",
  },
  lstmCell: {
    title: "The LSTM cell",
    description:
      "Two wires cross the cell from left to right. The upper one is the cell state: Cₜ₋₁ is multiplied by the forget gate f, then i ⊙ C̃ is added, and it leaves as Cₜ; nothing else stands in its way. The lower one brings the hidden state hₜ₋₁, which joins the input xₜ from below and feeds four boxes: the forget gate f (sigmoid), the input gate i (sigmoid), the candidate C̃ (tanh) and the output gate o (sigmoid). A branch of the cell state goes through tanh, is multiplied by o and leaves as the hidden state hₜ.",
    forget: "forget gate",
    input: "input gate",
    candidate: "candidate",
    output: "output gate",
    cellState: "cell state",
    hiddenState: "hidden state",
    inputVector: "input",
  },
  hiddenStates: {
    title: "The same inputs in another order",
    description: (steps: number, ends: string) =>
      `Line chart of the hidden state over ${steps} time steps, one panel a unit; the order of the inputs is shown by dash and shape. ${ends}.`,
    end: (order: string, h: string) => `With ${order} it ends at (${h})`,
    step: "time step t",
    hidden: "hₜ",
    unit: (unit: number) => `unit ${unit}`,
    order: "order",
    preActivation: "zₜ",
  },
  activations: {
    title: "Sigmoid, tanh and their slopes",
    description: (tanhFlat: string, sigmoidFlat: string) =>
      `Line chart over z from −6 to 6. The sigmoid rises from 0 to 1 and its slope is 0.25 at most, at z = 0. tanh rises from −1 to 1 and its slope is 1 at most, at z = 0. Shaded: saturation, where a slope is below a tenth of its largest value; tanh is saturated beyond |z| = ${tanhFlat}, the sigmoid beyond |z| = ${sigmoidFlat}.`,
    value: "value",
    curve: "curve",
    tanhFlat: "tanh saturated",
    bothFlat: "both saturated",
    truth: "largest slope of σ: 0.25",
    guess: (value: string) => `your guess: ${value}`,
  },
  parameterCounts: {
    title: "How many parameters does a longer sequence need?",
    description: (T: number, rnn: number, mlp: number) =>
      `Line chart of the number of parameters against the length T of the sequence. At T = ${T} the RNN has ${rnn} and the MLP on the concatenated inputs ${mlp}: the RNN's line is flat, the MLP's rises in a straight line.`,
    length: "length T of the sequence",
    count: "parameters",
    network: "network",
    rnn: "RNN cell",
    mlp: "MLP on all inputs at once",
    guess: (value: string) => `your guess: ${value}`,
  },
  playground: {
    title: "Gate playground: one LSTM unit over time",
    subtitle: (bias: number, x1: number, x2: number) =>
      `still picture: b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}; all later inputs are 0`,
    description: (steps: number, bias: number, x1: number, x2: number, first: string, last: string) =>
      `Six line charts over ${steps} time steps: the forget gate f, the input gate i, the output gate o, the candidate C̃, the cell state C and the hidden state h of one LSTM unit. Sliders set the forget gate's bias b_f and the inputs x₁ and x₂; all later inputs are 0. With b_f = ${bias}, x₁ = ${x1} and x₂ = ${x2}, C is ${first} at t = 1 and ${last} at t = ${steps}.`,
    step: "time step t",
    panels: {
      f: "f  forget gate",
      i: "i  input gate",
      o: "o  output gate",
      g: "C̃  candidate",
      c: "C  cell state",
      h: "h  hidden state",
    },
    bias: "forget bias b_f ",
  },
};

/** What a language has to supply: the same keys as English. */
export type CellStrings = typeof en;

const ko: CellStrings = {
  unrolled: {
    title: "접은 RNN과 시간에 따라 펼친 RNN",
    description:
      "왼쪽: 셀 하나에 입력 xₜ가 아래에서 들어오고 은닉 상태 hₜ가 위로 나가며, 셀에서 나온 화살표가 다시 같은 셀로 돌아옵니다. 오른쪽: 같은 네트워크를 시간에 따라 펼친 모습입니다. t = 1, 2, 3의 셀 세 개가 나란히 있고, 각 셀은 아래에서 입력 x₁, x₂, x₃을, 왼쪽에서 바로 앞 셀의 은닉 상태를 받습니다. 처음에는 h₀를 받습니다. 각 셀은 자신의 은닉 상태를 오른쪽으로 넘깁니다. 마지막 h₃은 위쪽의 Dense 층을 거쳐 예측 ŷ이 됩니다. 모든 셀이 같은 Wₓ, Wₕ, b를 씁니다.",
    rolled: "셀 하나를 …",
    open: "… 시간에 따라 펼치면",
    cell: "셀",
    dense: "Dense",
    shared: "모든 셀이 같은 Wₓ, Wₕ, b를 씁니다",
  },
  rnnCell: {
    title: "RNN 셀",
    description:
      "이전 은닉 상태 hₜ₋₁은 왼쪽에서 들어와 Wₕ와 곱해지고, 입력 xₜ는 아래에서 들어와 Wₓ와 곱해집니다. 두 곱과 편향 b를 더하면 zₜ입니다. zₜ는 tanh를 거쳐 은닉 상태 hₜ가 되어 오른쪽으로 나갑니다. hₜ는 출력이면서 다음 시점의 입력입니다.",
    previous: "이전 은닉 상태",
    input: "입력",
    bias: "편향",
    hidden: "은닉 상태",
  },
  lstmCell: {
    title: "LSTM 셀",
    description:
      "두 줄기가 셀을 왼쪽에서 오른쪽으로 지나갑니다. 위쪽은 셀 상태입니다. Cₜ₋₁에 망각 게이트 f를 곱하고 i ⊙ C̃를 더하면 Cₜ가 되어 나갑니다. 그 밖에는 아무것도 거치지 않습니다. 아래쪽은 은닉 상태입니다. hₜ₋₁이 아래에서 온 입력 xₜ와 합쳐져 상자 네 개, 곧 망각 게이트 f(시그모이드), 입력 게이트 i(시그모이드), 후보 C̃(tanh), 출력 게이트 o(시그모이드)로 들어갑니다. 셀 상태에서 갈라져 나온 줄기는 tanh를 거친 뒤 o와 곱해져 은닉 상태 hₜ로 나갑니다.",
    forget: "망각 게이트",
    input: "입력 게이트",
    candidate: "후보",
    output: "출력 게이트",
    cellState: "셀 상태",
    hiddenState: "은닉 상태",
    inputVector: "입력",
  },
  hiddenStates: {
    title: "같은 입력을 다른 순서로 넣으면",
    description: (steps, ends) =>
      `은닉 상태를 ${steps}시점에 걸쳐 유닛마다 따로 그린 꺾은선 그래프입니다. 입력의 순서는 선과 점의 모양으로 구분합니다. ${ends}.`,
    end: (order, h) => `${order} 순서의 마지막 값은 (${h})`,
    step: "시점 t",
    hidden: "hₜ",
    unit: (unit) => `유닛 ${unit}`,
    order: "입력 순서",
    preActivation: "zₜ",
  },
  activations: {
    title: "시그모이드와 tanh, 그리고 각각의 기울기",
    description: (tanhFlat, sigmoidFlat) =>
      `z가 −6에서 6까지일 때의 선그래프입니다. 시그모이드는 0에서 1로 올라가고 기울기는 z = 0에서 가장 커서 0.25입니다. tanh는 −1에서 1로 올라가고 기울기는 z = 0에서 가장 커서 1입니다. 음영은 기울기가 최댓값의 10분의 1보다 작은 포화 구간입니다. tanh는 |z|가 ${tanhFlat}보다 크면, 시그모이드는 ${sigmoidFlat}보다 크면 포화됩니다.`,
    value: "값",
    curve: "곡선",
    tanhFlat: "tanh 포화",
    bothFlat: "둘 다 포화",
    truth: "σ의 가장 큰 기울기: 0.25",
    guess: (value) => `내 예상: ${value}`,
  },
  parameterCounts: {
    title: "시퀀스가 길어지면 파라미터는 얼마나 늘어날까?",
    description: (T, rnn, mlp) =>
      `시퀀스 길이 T에 따른 파라미터 수를 나타낸 선그래프입니다. T = ${T}일 때 RNN은 ${rnn}개, 입력을 모두 이어 붙인 MLP는 ${mlp}개입니다. RNN의 선은 평평하고 MLP의 선은 곧게 올라갑니다.`,
    length: "시퀀스 길이 T",
    count: "파라미터 수",
    network: "네트워크",
    rnn: "RNN 셀",
    mlp: "입력을 한꺼번에 받는 MLP",
    guess: (value) => `내 예상: ${value}`,
  },
  playground: {
    title: "게이트 실험실: 시간에 따른 LSTM 유닛 하나",
    subtitle: (bias, x1, x2) => `멈춘 그림: b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}. 그 뒤의 입력은 모두 0`,
    description: (steps, bias, x1, x2, first, last) =>
      `LSTM 유닛 하나의 망각 게이트 f, 입력 게이트 i, 출력 게이트 o, 후보 C̃, 셀 상태 C, 은닉 상태 h를 ${steps}시점에 걸쳐 그린 꺾은선 그래프 여섯 개입니다. 슬라이더로 망각 게이트의 편향 b_f와 입력 x₁, x₂를 바꿀 수 있고 그 뒤의 입력은 모두 0입니다. b_f = ${bias}, x₁ = ${x1}, x₂ = ${x2}일 때 C는 t = 1에서 ${first}, t = ${steps}에서 ${last}입니다.`,
    step: "시점 t",
    panels: {
      f: "f  망각 게이트",
      i: "i  입력 게이트",
      o: "o  출력 게이트",
      g: "C̃  후보",
      c: "C  셀 상태",
      h: "h  은닉 상태",
    },
    bias: "망각 게이트의 편향 b_f ",
  },
};

export const cellStrings: Record<Language, CellStrings> = { en, ko };
