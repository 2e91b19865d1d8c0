// The errata of the lecture's worked example, made from the workbook's data on slides 36–59: every slip with
// what its own inputs give, the exact value and the consequence, and at the end all printed numbers one by
// one.

import { lstmForward, softmaxCrossEntropy, add, matVec } from "../../src/index.js";
import type { CellParameters, Matrix, Vector } from "../../src/index.js";
import type { NamedSource } from "../tooling/contents.js";
import { markdownTable } from "../tooling/contents.js";
import type { Locale } from "../workbook/locale.js";
import { slide35 } from "../workbook/exercises/lecture_networks.js";
import type { NoteId } from "../workbook/lecture/lecture_slides.js";
import { lectureSlides } from "../workbook/lecture/lecture_slides.js";
import { differenceText, exactText } from "../workbook/number_text.js";
import type { Shaped, Verdict } from "../workbook/lecture/quantity.js";
import { components } from "../workbook/lecture/quantity.js";
import { slideStrings } from "../workbook/slide_strings.js";
import { linkToSlide } from "./slide_table.js";

/** One printed number. */
export interface PrintedComponent {
  slide: number;
  /** With its index: "∂C₁ [1]". */
  name: string;
  printed: string;
  exact: number;
  /** What the slide's line gives from the numbers printed before it. */
  ownStep: number;
  verdict: Verdict;
  note?: NoteId;
}

/** All printed numbers of slides 36–59, in the order of the slides. */
export const printedComponents: readonly PrintedComponent[] = lectureSlides.flatMap(
  ({ slide, name, printed, exact, ownStep, verdict, note }) => {
    const [exacts, ownSteps, verdicts] = [components(exact), components(ownStep), components(verdict)];
    return components(printed).map(({ index, value }, k) => ({
      slide,
      name: `${name} ${index}`.trim(),
      printed: value,
      exact: exacts[k].value,
      ownStep: ownSteps[k].value,
      verdict: verdicts[k].value,
      note,
    }));
  },
);

/** How many printed numbers have each verdict. */
export function countVerdicts(): Record<Verdict, number> {
  const count = (verdict: Verdict) => printedComponents.filter((row) => row.verdict === verdict).length;
  return {
    matches: count("matches"),
    carried: count("carried"),
    lastDigit: count("lastDigit"),
    slip: count("slip"),
  };
}

const difference = ({ printed, exact }: PrintedComponent) => Math.abs(Number(printed) - exact);
const largest = (rows: readonly PrintedComponent[]) =>
  rows.reduce((most, row) => (difference(row) > difference(most) ? row : most));

/**
 * The loss of the network of slide 35 after the update, with the weights as printed and with the exact ones.
 */
export function lossesAfterUpdate(): { printed: number; exact: number } {
  const updated = (slide: number, name: string) => {
    const found = lectureSlides.find((quantity) => quantity.slide === slide && quantity.name === name);
    if (!found) throw new Error(`errata: name is "${name}", but must be a quantity of slide ${slide}`);
    return found;
  };
  const loss = (pick: (quantity: ReturnType<typeof updated>) => Shaped<number>) => {
    const matrix = (slide: number, name: string) => pick(updated(slide, name)) as Matrix;
    const vector = (slide: number, name: string) => pick(updated(slide, name)) as Vector;
    const shared: CellParameters = {
      Wx: matrix(58, "W_x new"),
      Wh: matrix(58, "W_h new"),
      b: vector(58, "b new"),
    };
    const cell = { f: shared, i: shared, g: shared, o: shared };
    const { x1, x2, zero, y } = slide35;
    const step1 = lstmForward(cell, x1, zero, zero);
    const step2 = lstmForward(cell, x2, step1.h, step1.c);
    const logit = add(matVec(matrix(59, "W_hy new"), step2.h), vector(59, "b_y new"));
    return softmaxCrossEntropy(logit, y).loss;
  };
  return { printed: loss(({ printed }) => numbersOf(printed)), exact: loss(({ exact }) => exact) };
}

const numbersOf = (printed: Shaped<string>): Shaped<number> =>
  Array.isArray(printed)
    ? (printed.map((entry: string | string[]) =>
        Array.isArray(entry) ? entry.map(Number) : Number(entry),
      ) as Shaped<number>)
    : Number(printed);

const slideText = { en: (slide: number) => `slide ${slide}`, ko: (slide: number) => `슬라이드 ${slide}` };

const words = {
  en: {
    title: "Errata of slides 36–59",
    intro: [
      'The lecture **"RNN과 LSTM" by ONECLICK AI** does something rare: it works a whole LSTM out by hand, forward, backward and through the update, with every number on the slide. **The method is right throughout**; finite differences confirm each of its gradients.',
      "Whoever computes that much by hand, four decimals at a time, slips now and then. This page lists where, so that nobody doubts their own calculation. It is meant as thanks to the lecturer; every correction was found because the slides show all their steps.",
    ],
    totalsTitle: "In short",
    totals: (n: Record<Verdict, number>, all: number) => [
      `The slides print **${all} numbers**.`,
      `**${n.matches}** are right to the printed digits.`,
      `**${n.carried}** carry the rounding or a slip of an earlier line: worked out correctly from what is printed before them.`,
      `**${n.lastDigit}** are one unit off in the last digit.`,
      `**${n.slip}** slipped by more than that.`,
    ],
    effect: (weight: string, by: string, printed: string, exact: string) =>
      `What does it do to the answer? Hardly anything. The updated weight that is furthest off is ${weight}, by ${by}. After the update the loss is ${printed} with the weights as printed, and ${exact} with the exact ones.`,
    slipsTitle: "The slips",
    slipsIntro:
      '"Its own inputs give" is what the line gives when it is worked out from the numbers printed before it; the exact value carries all digits from the start.',
    lastDigitTitle: "One unit off in the last digit",
    daggerTitle: "Right, though the printed inputs give another last digit",
    daggerIntro:
      "These agree with the exact value, but not with the rounded numbers printed before them: more digits were kept here.",
    lostTitle: "Not legible",
    allTitle: "All numbers",
    head: {
      slip: ["", "Slide", "Quantity", "Printed", "Its own inputs give", "Exact", "Consequence"],
      small: ["Slide", "Quantity", "Printed", "Its own inputs give", "Exact"],
      all: ["Slide", "Quantity", "Slide value", "Exact value", "Difference", "Verdict"],
    },
    generated: "Made from `notebooks/workbook/lecture/lecture_slides.ts` by `npm run notebooks`.",
  },
  ko: {
    title: "슬라이드 36–59 정오표",
    intro: [
      "**ONECLICK AI의 강의** 「RNN과 LSTM」은 보기 드문 강의입니다. LSTM의 순전파, 역전파, 가중치 업데이트를 처음부터 끝까지 손으로 계산하고, 그 숫자를 슬라이드에 모두 적었습니다. **계산 방법은 처음부터 끝까지 옳습니다.** 모든 기울기를 수치 미분으로 확인했습니다.",
      "소수 넷째 자리까지 이만큼 손으로 계산하면 누구나 몇 번은 실수합니다. 슬라이드와 다른 값이 나왔을 때 자신의 계산을 의심하지 않도록, 어디가 다른지 이 페이지에 모았습니다. 강의자에게 감사하는 마음으로 만들었습니다. 여기에 적은 것은 모두 슬라이드에 계산 과정이 빠짐없이 적혀 있었기에 찾을 수 있었습니다.",
    ],
    totalsTitle: "한눈에",
    totals: (n: Record<Verdict, number>, all: number) => [
      `슬라이드에 적힌 숫자는 모두 **${all}개**입니다.`,
      `**${n.matches}개**는 적힌 자릿수까지 맞습니다.`,
      `**${n.carried}개**는 앞 줄의 반올림이나 실수를 이어받았습니다. 앞에 적힌 숫자로 계산하면 맞는 값입니다.`,
      `**${n.lastDigit}개**는 끝자리가 1만큼 다릅니다.`,
      `**${n.slip}개**는 그보다 크게 다른 계산 착오입니다.`,
    ],
    effect: (weight: string, by: string, printed: string, exact: string) =>
      `답에는 얼마나 영향을 줄까요? 거의 없습니다. 업데이트한 가중치 가운데 차이가 가장 큰 것은 ${weight}이고, 차이는 ${by}입니다. 업데이트한 뒤의 손실은 슬라이드의 가중치로 계산하면 ${printed}, 참값으로 계산하면 ${exact}입니다.`,
    slipsTitle: "계산 착오",
    slipsIntro:
      "「적힌 숫자로 계산한 값」은 바로 앞에 적힌 숫자로 그 줄을 다시 계산한 값이고, 참값은 처음부터 반올림하지 않고 계산한 값입니다.",
    lastDigitTitle: "끝자리가 1만큼 다른 값",
    daggerTitle: "맞지만, 적힌 숫자로는 끝자리가 달라지는 값",
    daggerIntro:
      "참값과는 일치하지만 앞에 적힌 반올림 값으로 계산하면 끝자리가 다릅니다. 여기서는 더 많은 자릿수로 계산한 것으로 보입니다.",
    lostTitle: "읽을 수 없는 줄",
    allTitle: "모든 숫자",
    head: {
      slip: ["", "슬라이드", "기호", "슬라이드 값", "적힌 숫자로 계산한 값", "참값", "영향"],
      small: ["슬라이드", "기호", "슬라이드 값", "적힌 숫자로 계산한 값", "참값"],
      all: ["슬라이드", "기호", "슬라이드 값", "참값", "차이", "판정"],
    },
    generated:
      "`notebooks/workbook/lecture/lecture_slides.ts`의 데이터로 `npm run notebooks`가 만든 페이지입니다.",
  },
};

/** "errata.md" of a language. */
export function errataPage(sources: readonly NamedSource[], locale: Locale): string {
  const text = words[locale];
  const { note: notes, verdict: verdicts } = slideStrings[locale];
  const link = (slide: number) => {
    const to = linkToSlide(slide, sources);
    return to === undefined ? String(slide) : `[${slide}](${to})`;
  };
  const withVerdict = (verdict: Verdict) => printedComponents.filter((row) => row.verdict === verdict);
  const small = (rows: readonly PrintedComponent[]) =>
    markdownTable(
      text.head.small,
      rows.map(({ slide, name, printed, ownStep, exact }) => [
        link(slide),
        name,
        printed,
        fourDecimals(ownStep),
        exact.toFixed(6),
      ]),
    );
  const slips = withVerdict("slip").map(({ slide, name, printed, ownStep, exact, note }, k, rows) => [
    note ?? "",
    link(slide),
    name,
    printed,
    fourDecimals(ownStep),
    exact.toFixed(6),
    // One remark a slip, though it may have two components.
    note === undefined || rows.at(k - 1)?.note === note ? "" : notes[note],
  ]);
  const loss = lossesAfterUpdate();
  const worst = largest(printedComponents.filter(({ slide }) => slide === 58 || slide === 59));
  return [
    `# ${text.title}`,
    ...text.intro,
    `## ${text.totalsTitle}`,
    text
      .totals(countVerdicts(), printedComponents.length)
      .map((line) => `- ${line}`)
      .join("\n"),
    text.effect(
      `${worst.name} (${slideText[locale](worst.slide)})`,
      difference(worst).toFixed(5),
      loss.printed.toFixed(6),
      loss.exact.toFixed(6),
    ),
    `## ${text.slipsTitle}`,
    text.slipsIntro,
    markdownTable(text.head.slip, slips),
    `## ${text.lastDigitTitle}`,
    small(withVerdict("lastDigit")),
    `## ${text.daggerTitle}`,
    text.daggerIntro,
    small(daggers()),
    `## ${text.lostTitle}`,
    lectureSlides
      .flatMap(({ slide, name, note }) =>
        note === "lost" ? [`- ${slideText[locale](slide)}, ${name}: ${notes[note]}`] : [],
      )
      .join("\n"),
    `## ${text.allTitle}`,
    markdownTable(
      text.head.all,
      printedComponents.map((row) => [
        link(row.slide),
        row.name,
        row.printed,
        exactText(row.exact),
        differenceText(difference(row)),
        verdicts[row.verdict],
      ]),
    ),
    `${text.generated}\n`,
  ].join("\n\n");
}

/**
 * Right to the printed digits, but not what the numbers printed before give. `ownStep` has five decimals, so
 * that it cannot tell at a half which way to round: there the data's note does.
 */
export function daggers(): PrintedComponent[] {
  const half = 0.5e-4 + 1e-9;
  return printedComponents.filter(
    ({ verdict, printed, ownStep, note }) =>
      verdict === "matches" &&
      (Math.abs(Number(printed) - ownStep) > half ||
        (note === "dagger" && fourDecimals(Number(printed)) !== fourDecimals(ownStep))),
  );
}

/** Rounded as by hand, a half away from zero; toFixed would decide by the binary neighbour. */
function fourDecimals(value: number): string {
  const units = Math.floor(Math.abs(value) * 1e4 + 0.5 + 1e-6);
  return ((Math.sign(value) * units) / 1e4).toFixed(4);
}
