// The rules of the workbook's Korean: one word for one thing, the lecture's own where it has one, no turn
// taken from English word for word, and the particle that fits.

import { wrongParticles } from "./korean_particles.js";

/** A wording that the Korean text does not use, and what it says instead. */
export interface KoreanRule {
  use: string;
  not: RegExp;
}

export const koreanRules: readonly KoreanRule[] = [
  { use: "소수 넷째 자리까지 반올림", not: /소수 \S+째 자리에서 반올림/ },
  { use: "상한 (한계 is a limitation, as on slide 72)", not: /(?<!RNN과 )한계/ },
  { use: "tanh의 미분", not: /(?:tanh\$?|시그모이드)의 기울기/ },
  { use: "기여분", not: /(?<!곱, )몫(?!의 미분)/ },
  { use: "시점 $t$, k개 시점", not: /(?:\d|\$k\$|\bk|몇 |열 )시점|\$t\$시점/ },
  { use: "시점", not: /k단계|단계 (?:가운데|전의|거슬러)/ },
  { use: "업데이트", not: /갱신/ },
  { use: "거슬러 가다", not: /거슬러 올라/ },
  { use: "기울기의 크기(노름)", not: /기울기 노름/ },
  { use: "대비", not: /견준|대 T\)/ },
  { use: "상쇄되다, 약분되다", not: /지워(?:져|집|지)/ },
  { use: "벡터를 늘이다", not: /(?:벡터를|기울기를)[^.]{0,8}늘리/ },
  { use: "오버플로", not: /넘칩니다|넘쳤/ },
  { use: "내보내다", not: /내보(?:이|일|인)/ },
  { use: "경로", not: /줄기|곧장 가는 길/ },
  { use: "문제 NN-n", not: /연습 \d\d-\d/ },
  { use: "기호", not: /알파벳으로|글자로 (?:적|답)|글자를 쓰고/ },
  { use: "기준값", not: /기댓값/ },
  { use: "참값", not: /정확값/ },
  { use: "상대 오차", not: /상대 차이/ },
  { use: "모양", not: /(?:여기서의|일반적인) 크기/ },
  { use: "샘플", not: /표본/ },
  { use: "강의자", not: /저자(?!의 별)|강의를 만든 이/ },
  { use: "게이트마다 가중치를 따로", not: /게이트를 따로/ },
  { use: "로짓", not: /(?<![\\{A-Za-z_.`^])logit(?=[ ,]?[가-힣])/ },
  { use: "성분별 곱", not: /성분끼리/ },
  { use: "페이지", not: /이 쪽에|만든 쪽/ },
  { use: "그래프", not: /차트/ },
  { use: "이 프로젝트, 이 노트북, 직접", not: /우리(?! LSTM)/ },
  { use: "이 값은", not: /그것은/ },
  { use: "구할 값은", not: /묻는 것은|묻고 있습니다/ },
  { use: "한 단계 더 계산했습니다", not: /한 걸음 더 갔/ },
  { use: "즉", not: /(?:^|, )곧 / },
  { use: "핵심.", not: /\*\*왜\?\*\*/ },
  { use: "4.6%", not: /\d \\?%/ },
  { use: "a particle without brackets", not: /이\(가\)|을\(를\)|은\(는\)|와\(과\)/ },
  {
    use: "bold that Markdown closes: not behind punctuation and before a letter",
    not: /\*\*(?! )[^*\n]*[\p{P}\p{S}]\*\*(?=[가-힣A-Za-z0-9])/u,
  },
];

/** What of a Korean text breaks the rules, in words for its author. */
export function brokenKorean(text: string): string[] {
  const terms = koreanRules.flatMap(({ use, not }) => {
    const came = not.exec(text)?.[0];
    return came === undefined ? [] : [`says "${came}", expected ${use}`];
  });
  return [...terms, ...wrongParticles(text)];
}
