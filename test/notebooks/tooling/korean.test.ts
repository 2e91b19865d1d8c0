// Every rule of the Korean is shown to fire, and the particle rule on each kind of reading.

import { expect, test } from "vitest";
import { brokenKorean, koreanRules } from "../../../notebooks/tooling/korean.js";
import { wrongParticles } from "../../../notebooks/tooling/korean_particles.js";

const refused: [wording: string, use: string][] = [
  ["소수 넷째 자리에서 반올림합니다", "소수 넷째 자리까지 반올림"],
  ["이 선은 한계입니다", "상한 (한계 is a limitation, as on slide 72)"],
  ["tanh의 기울기", "tanh의 미분"],
  ["이 시점의 몫", "기여분"],
  ["50시점", "시점 $t$, k개 시점"],
  ["k단계 전", "시점"],
  ["가중치 갱신", "업데이트"],
  ["거슬러 올라갑니다", "거슬러 가다"],
  ["기울기 노름", "기울기의 크기(노름)"],
  ["마지막에 견준 크기", "대비"],
  ["서로 지워집니다", "상쇄되다, 약분되다"],
  ["벡터를 네 배로 늘리는 방향", "벡터를 늘이다"],
  ["순전파가 넘칩니다", "오버플로"],
  ["무엇을 내보일지", "내보내다"],
  ["위쪽 줄기", "경로"],
  ["연습 03-1", "문제 NN-n"],
  ["글자로 답하세요", "기호"],
  ["기댓값", "기준값"],
  ["정확값", "참값"],
  ["상대 차이", "상대 오차"],
  ["여기서의 크기", "모양"],
  ["표본마다", "샘플"],
  ["저자가 공개한", "강의자"],
  ["게이트를 따로 둘 때", "게이트마다 가중치를 따로"],
  ["두 logit에", "로짓"],
  ["성분끼리의 곱", "성분별 곱"],
  ["이 쪽에 모았습니다", "페이지"],
  ["차트", "그래프"],
  ["우리가 만든", "이 프로젝트, 이 노트북, 직접"],
  ["그것은 z입니다", "이 값은"],
  ["묻는 것은 z입니다", "구할 값은"],
  ["한 걸음 더 갔습니다", "한 단계 더 계산했습니다"],
  ["게이트, 곧 셋", "즉"],
  ["**왜?** 손실은", "핵심."],
  ["4.6 %만", "4.6%"],
  ["함수 forward이(가) 없습니다", "a particle without brackets"],
  ["**강의 「RNN」**은", "bold that Markdown closes: not behind punctuation and before a letter"],
];

test.each(refused)("the rules of Korean refuse %s", (wording, use) => {
  expect(brokenKorean(wording).filter((what) => what.endsWith(`expected ${use}`))).toHaveLength(1);
});

test("every rule has an example that it refuses", () => {
  expect(refused.map(([, use]) => use)).toEqual(koreanRules.map(({ use }) => use));
});

test.each([
  "RNN과 한계",
  "합, 곱, 몫, 그리고 연쇄 법칙",
  "몫의 미분법",
  "한 시점",
  "성분을 늘리고",
  "우리 LSTM은",
  "**망각 게이트**는",
  "한 단계 더 계산했습니다",
  "$e^{\\text{logit}}$을",
])("the rules of Korean have nothing against %s", (wording) => {
  expect(brokenKorean(wording)).toEqual([]);
});

test.each([
  ["$C_0$이", "$C_0$가"],
  ["$h_1$을", "$h_1$를"],
  ["$h_1$로", "$h_1$으로"],
  ["$h_0$으로", "$h_0$로"],
  ["$C_2$와", "$C_2$과"],
  ["$f_t$는", "$f_t$은"],
  ["$W_h^\\top$를", "$W_h^\\top$을"],
  ["$W^{\\top}$가", "$W^{\\top}$이"],
  ["$0.2^k$은", "$0.2^k$는"],
  ["$1 - \\tanh^2(C_2)$가", "$1 - \\tanh^2(C_2)$이"],
  ["$1 - h_2^2$을", "$1 - h_2^2$를"],
  ["$\\partial W_x^{(2)}$는", "$\\partial W_x^{(2)}$은"],
  ["$\\partial W_x^{(1)}$과", "$\\partial W_x^{(1)}$와"],
  ["$\\sigma'$이", "$\\sigma'$가"],
  ["$\\hat y$은", "$\\hat y$는"],
  ["$\\hat y_1$은", "$\\hat y_1$는"],
  ["$\\tilde C$는", "$\\tilde C$은"],
  ["$\\begin{pmatrix} 3 \\\\ 3 \\end{pmatrix}$을", "$\\begin{pmatrix} 3 \\\\ 3 \\end{pmatrix}$를"],
  ["$\\partial C_{\\text{next}}$가", "$\\partial C_{\\text{next}}$이"],
  ["$\\gamma$는", "$\\gamma$은"],
  ["$\\|\\partial h_1\\|$을", "$\\|\\partial h_1\\|$를"],
  ["$10$은", "$10$는"],
  ["$0.10$은", "$0.10$는"],
  ["$L$은", "$L$는"],
  ["$C_1$로는", "$C_1$으로는"],
  ["4.6%가", "4.6%이"],
  ["0.0027과", "0.0027와"],
  ["1,048,576은", "1,048,576는"],
  ["RNN은", "RNN는"],
  ["W_hᵀ를", "W_hᵀ을"],
  ["h₀을", "h₀를"],
  ["C₁은", "C₁는"],
  ["xₜ가", "xₜ이"],
])("%s is right, %s is not", (right, wrong) => {
  expect(wrongParticles(`${right} 다음`)).toEqual([]);
  expect(wrongParticles(`${wrong} 다음`)).toHaveLength(1);
});

test("이다 is not a particle, and code is not read", () => {
  expect(wrongParticles("$C_2$이고 $C_2$이면 $C_2$입니다. `C_0`가 ")).toEqual([]);
});

test("a formula without a known reading is reported", () => {
  expect(wrongParticles("$\\Xi$은 ")).toEqual(["$\\Xi$은: no reading of its last sign is known"]);
});
