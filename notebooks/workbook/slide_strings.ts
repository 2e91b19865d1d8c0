// What is said of a slide's numbers, in both languages: on the tables of slides, on their chart, in the
// errata.

import type { NoteId } from "./lecture/lecture_slides.js";
import type { Verdict } from "./lecture/quantity.js";
import type { Locale } from "./locale.js";

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
    reconstruction: (slide: number, matching: number, all: number) =>
      `Slide ${slide} (reconstruction): ${matching === all ? "✓" : "✗"} ${matching} of ${all} agree`,
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
};

const ko: typeof en = {
  verdict: {
    matches: "✓ 일치",
    carried: "≈ 앞 단계 반올림의 영향",
    lastDigit: "△ 끝자리 차이",
    slip: "◆ 슬라이드의 계산 착오",
    differs: "≠ 슬라이드의 참값과 다름",
  },
  ownStep: (value) => `슬라이드의 숫자로 계산하면 ${value}`,
  note: {
    E1: "0.7685 × 0.8337 = 0.6407입니다. 차이가 C₁과 tanh(C₁)까지 이어집니다.",
    E2: "tanh(0.3468) = 0.3335, tanh(0.6409) = 0.5655입니다. h₁에는 많아야 0.0002만큼 영향을 줍니다.",
    E3: "tanh(2.1384) = 0.9726입니다. 슬라이드 49의 ∂i₂에서 이 차이가 다시 나타납니다.",
    E4: "0.8945 × 0.9729 = 0.8703입니다. 순전파에서 가장 큰 차이로, C₂[2]의 참값은 1.4432인데 1.4443으로 적혀 있습니다.",
    E5: "tanh(0.8147) = 0.6722입니다. 두 번째 성분은 맞는 값이지만, 슬라이드의 1.4443을 그대로 쓰면 0.8946이 나옵니다.",
    E6: "0.0791 × 0.7327 × 0.2673 = 0.0155입니다. 이 때문에 슬라이드 51의 ∂z₂[1]이 0.0402가 아니라 0.0403이 됩니다.",
    E7: "0.0347 + 0.0083 × 0.6457 × (1 − 0.3333²) = 0.0395입니다. 전체 계산에서 상대 오차가 가장 큰 곳(1.5%)으로, 슬라이드 57의 ∂W_x[1,2] = 0.1687(참값 0.1676)까지 이어집니다.",
    lost: "슬라이드에서 이 줄은 읽을 수 없어 C₁을 계산하는 줄에서 값을 가져왔습니다.",
    dagger:
      "소수 넷째 자리까지 맞습니다. 다만 바로 앞에 적힌 반올림 값으로 계산하면 끝자리가 달라지므로, 여기서는 더 많은 자릿수로 계산한 것으로 보입니다.",
  },
  slide: {
    caption: (slide) => `슬라이드 ${slide}: 슬라이드의 값과 참값`,
    reconstruction: (slide, matching, all) =>
      `슬라이드 ${slide} (재구성): ${matching === all ? "✓" : "✗"} ${all}개 중 ${matching}개 일치`,
    quantity: "기호",
    printed: "슬라이드 값",
    expected: "기준값",
    exact: "참값",
    computed: "계산값",
    difference: "|차이|",
    verdict: "판정",
    reconstructed: "✓ 일치",
    differs:
      "≠ 표시는 입력이나 수식이 슬라이드와 다르다는 뜻입니다. 이 줄에서는 슬라이드의 값을 판정하지 않습니다.",
  },
};

export const slideStrings: Record<Locale, typeof en> = { en, ko };
