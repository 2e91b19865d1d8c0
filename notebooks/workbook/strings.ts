// Every word the workbook's tables and charts say, in both languages. Korean uses the lecture's own terms.

import type { NoteId } from "./lecture/lecture_slides.js";
import type { Verdict } from "./lecture/quantity.js";

/** The notebook's language. */
export type Language = "en" | "ko";

const en = {
  verdict: {
    matches: "✓ matches",
    carried: "≈ carried rounding",
    lastDigit: "△ last digit off",
    slip: "◆ slip on the slide",
    differs: "≠ differs from the slide's exact value",
  } satisfies Record<Verdict | "differs", string>,
  ownStep: (value: string) => `its own numbers give ${value}`,
  note: {
    E1: "0.7685 × 0.8337 = 0.6407. The slip carries on into C₁ and tanh(C₁).",
    E2: "tanh(0.3468) = 0.3335 and tanh(0.6409) = 0.5655; it moves h₁ by 0.0002 at most.",
    E3: "tanh(2.1384) = 0.9726. It comes back in ∂i₂ on slide 49.",
    E4: "0.8945 × 0.9729 = 0.8703. The largest slip of the forward pass: C₂[2] reads 1.4443 where 1.4432 is exact.",
    E5: "tanh(0.8147) = 0.6722. The second component is right, although the slide's own 1.4443 would give 0.8946.",
    E6: "0.0791 × 0.7327 × 0.2673 = 0.0155. It moves ∂z₂[1] on slide 51 from 0.0402 to 0.0403.",
    E7: "0.0347 + 0.0083 × 0.6457 × (1 − 0.3333²) = 0.0395. The largest relative slip of the chain, 1.5 %: it reaches ∂W_x[1,2] = 0.1687 on slide 57 (exact 0.1676).",
    lost: "This line of the slide is not legible; the value is read from the C₁ line.",
    dagger:
      "Right to four decimals, although the rounded numbers printed before it give another last digit: more digits were kept here.",
  } satisfies Record<NoteId, string>,
  slide: {
    caption: (slide: number) => `Slide ${slide}: printed and exact values`,
    reconstruction: (slide: number) => `Slide ${slide} (reconstruction): expected and computed values`,
    quantity: "quantity",
    printed: "slide value",
    expected: "expected value",
    exact: "exact value",
    computed: "computed value",
    difference: "|difference|",
    verdict: "verdict",
    reconstructed: "✓ agrees",
    differs:
      "Where ≠ stands, your inputs differ from the slide's (or the formula does), so the slide is not judged there.",
  },
  gradcheck: {
    component: "component",
    analytic: "by formula",
    numeric: "finite difference",
    passed: (name: string, error: string) =>
      `${name}: ✓ formula and finite differences agree (relative error ${error})`,
    failed: (name: string, error: string) =>
      `${name}: ✗ formula and finite differences do not agree (relative error ${error})`,
  },
  differences: {
    title: "How far are the printed values from the exact ones?",
    description: (count: number, matching: number) =>
      `Dot plot of the absolute difference between printed and exact value for ${count} components by slide, on a log axis; ${matching} match to the printed digits. The dashed line at 0.00005 is half a unit of the fourth decimal. Colour and shape show the verdict.`,
    slide: "slide",
    difference: "|printed − exact|",
    none: "0",
    half: "half of the 4th decimal",
    verdict: "verdict",
    largest: "largest differences (drag over the dots to choose)",
  },
  gates: {
    title: "Which gate sends the gradient on?",
    units: "bars of a group from the top: unit 1, unit 2, …",
    description: (times: string) =>
      `Grouped bars of the pre-activation gradient ∂z by gate and unit at ${times}; the outlined bar is the sum over the gates.`,
    gate: "gate",
    gradient: "∂z",
    sum: "sum",
    unit: "unit",
  },
  paths: {
    title: "How much of the gradient is left one step back?",
    subtitle: "‖gradient at t = 1‖ / ‖gradient at t = 2‖",
    description: (values: string) =>
      `Bars of the share of the gradient's norm that is left one step back: ${values}.`,
    share: "share left",
    rnn: "RNN ∂h (W_h all 0.1)",
    rnnSameWeights: "RNN ∂h (the LSTM's W_h)",
    lstmHidden: "LSTM ∂h",
    lstmForget: "LSTM ∂C through f alone",
    lstmCell: "LSTM ∂C total",
  },
  flows: {
    title: "How far back does the gradient reach?",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: the norm of the loss gradient at each time step, in an RNN and in an LSTM. ${curves}.`,
    step: "time step t",
    norm: "norm of the gradient",
    gradient: "gradient",
    rnn: "RNN ‖∂hₜ‖",
    lstmHidden: "LSTM ‖∂hₜ‖",
    lstmCell: "LSTM ‖∂Cₜ‖",
  },
  update: {
    title: "The weights before and after one update",
    description: (names: string) =>
      `Heatmaps of ${names} before the update, after it, and the change, with the value in every cell; orange is positive and blue negative.`,
    before: "before",
    after: "after",
    change: "change Δ",
  },
  losses: {
    title: "Loss during training",
    description: (names: string) => `Line plot of the loss after each SGD step on a log axis, for ${names}.`,
    step: "SGD step",
    loss: "loss",
    gates: "gates",
    tied: "tied",
    untied: "untied",
  },
};

/** What a language has to supply: the same keys as English. */
export type Strings = typeof en;

const ko: Strings = {
  verdict: {
    matches: "✓ 일치",
    carried: "≈ 앞 단계 반올림의 영향",
    lastDigit: "△ 끝자리 차이",
    slip: "◆ 슬라이드의 계산 실수",
    differs: "≠ 슬라이드의 정확값과 다름",
  },
  ownStep: (value) => `슬라이드의 숫자로 계산하면 ${value}`,
  note: {
    E1: "0.7685 × 0.8337 = 0.6407입니다. 이 차이는 C₁과 tanh(C₁)까지 이어집니다.",
    E2: "tanh(0.3468) = 0.3335, tanh(0.6409) = 0.5655입니다. h₁에는 많아야 0.0002만큼 영향을 줍니다.",
    E3: "tanh(2.1384) = 0.9726입니다. 슬라이드 49의 ∂i₂에서 이 차이가 다시 나타납니다.",
    E4: "0.8945 × 0.9729 = 0.8703입니다. 순전파에서 가장 큰 차이로, C₂[2]의 정확값은 1.4432인데 1.4443으로 적혀 있습니다.",
    E5: "tanh(0.8147) = 0.6722입니다. 두 번째 성분은 맞는 값이지만, 슬라이드의 1.4443을 그대로 쓰면 0.8946이 나옵니다.",
    E6: "0.0791 × 0.7327 × 0.2673 = 0.0155입니다. 이 때문에 슬라이드 51의 ∂z₂[1]이 0.0402가 아니라 0.0403이 됩니다.",
    E7: "0.0347 + 0.0083 × 0.6457 × (1 − 0.3333²) = 0.0395입니다. 전체 계산에서 상대 오차가 가장 큰 곳(1.5 %)으로, 슬라이드 57의 ∂W_x[1,2] = 0.1687(정확값 0.1676)까지 이어집니다.",
    lost: "슬라이드에서 이 줄은 읽을 수 없어 C₁을 계산하는 줄에서 값을 가져왔습니다.",
    dagger:
      "소수 넷째 자리까지 맞습니다. 다만 바로 앞에 적힌 반올림 값으로 계산하면 끝자리가 달라지므로, 여기서는 더 많은 자릿수로 계산한 것으로 보입니다.",
  },
  slide: {
    caption: (slide) => `슬라이드 ${slide}: 슬라이드의 값과 정확값`,
    reconstruction: (slide) => `슬라이드 ${slide} (재구성): 기댓값과 계산값`,
    quantity: "기호",
    printed: "슬라이드 값",
    expected: "기댓값",
    exact: "정확값",
    computed: "계산값",
    difference: "|차이|",
    verdict: "판정",
    reconstructed: "✓ 일치",
    differs:
      "≠ 표시는 입력이나 수식이 슬라이드와 다르다는 뜻입니다. 이 줄에서는 슬라이드의 값을 판정하지 않습니다.",
  },
  gradcheck: {
    component: "성분",
    analytic: "수식으로 구한 값",
    numeric: "수치 미분",
    passed: (name, error) => `${name}: ✓ 수식과 수치 미분이 일치합니다 (상대 오차 ${error})`,
    failed: (name, error) => `${name}: ✗ 수식과 수치 미분이 일치하지 않습니다 (상대 오차 ${error})`,
  },
  differences: {
    title: "슬라이드의 값은 정확값과 얼마나 다를까?",
    description: (count, matching) =>
      `슬라이드에 적힌 값과 정확값의 차이(절댓값)를 성분 ${count}개에 대해 슬라이드별로 로그 축에 찍은 점그래프입니다. ${matching}개는 적힌 자릿수까지 일치합니다. 점선은 소수 넷째 자리의 절반인 0.00005이고, 색과 모양은 판정을 나타냅니다.`,
    slide: "슬라이드",
    difference: "|슬라이드 값 − 정확값|",
    none: "0",
    half: "소수 넷째 자리의 절반",
    verdict: "판정",
    largest: "차이가 큰 값 (점 위를 끌어서 고르세요)",
  },
  gates: {
    title: "어느 게이트가 기울기를 많이 전달할까?",
    units: "묶음마다 위에서부터 유닛 1, 유닛 2, …",
    description: (times) =>
      `${times}에서 활성화 함수 이전 값의 기울기 ∂z를 게이트와 유닛별로 그린 막대그래프입니다. 테두리만 있는 막대는 네 게이트의 합입니다.`,
    gate: "게이트",
    gradient: "∂z",
    sum: "합",
    unit: "유닛",
  },
  paths: {
    title: "한 시점 거슬러 가면 기울기가 얼마나 남을까?",
    subtitle: "‖t = 1의 기울기‖ / ‖t = 2의 기울기‖",
    description: (values) =>
      `한 시점 거슬러 갔을 때 남는 기울기 크기(노름)의 비율을 나타낸 막대그래프입니다: ${values}.`,
    share: "남은 비율",
    rnn: "RNN ∂h (W_h가 모두 0.1)",
    rnnSameWeights: "RNN ∂h (LSTM과 같은 W_h)",
    lstmHidden: "LSTM ∂h",
    lstmForget: "LSTM ∂C, f만 거친 것",
    lstmCell: "LSTM ∂C 전체",
  },
  flows: {
    title: "기울기는 얼마나 멀리까지 전해질까?",
    description: (curves) =>
      `y축이 로그인 꺾은선 그래프: RNN과 LSTM에서 시점마다 손실의 기울기가 얼마나 큰지(노름) 나타냅니다. ${curves}.`,
    step: "시점 t",
    norm: "기울기의 크기(노름)",
    gradient: "기울기",
    rnn: "RNN ‖∂hₜ‖",
    lstmHidden: "LSTM ‖∂hₜ‖",
    lstmCell: "LSTM ‖∂Cₜ‖",
  },
  update: {
    title: "한 번의 가중치 업데이트 전과 후",
    description: (names) =>
      `${names}의 업데이트 전, 업데이트 후, 변화량을 나타낸 히트맵입니다. 칸마다 값이 적혀 있고, 주황은 양수, 파랑은 음수입니다.`,
    before: "업데이트 전",
    after: "업데이트 후",
    change: "변화량 Δ",
  },
  losses: {
    title: "학습에 따른 손실 변화",
    description: (names) => `SGD 스텝마다의 손실을 로그 축에 그린 선그래프입니다: ${names}.`,
    step: "SGD 스텝",
    loss: "손실",
    gates: "게이트 가중치",
    tied: "공유",
    untied: "따로",
  },
};

export const strings: Record<Language, Strings> = { en, ko };
