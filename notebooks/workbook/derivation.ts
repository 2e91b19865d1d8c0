// A derivation as a notebook shows it: LaTeX, one line under the other, and a word on whether the lines
// agree.

import type { Locale } from "./locale.js";
import { estimateText, exactText } from "./number_text.js";
import { differentiate, pointText, pointsTried } from "./symbolic.js";
import type { Derivation, DerivationLine, DerivativeOptions } from "./symbolic.js";
import { jupyterDisplay } from "./table.js";
import type { Displayable } from "./table.js";

/** What `book.derivative` returns: it shows itself, and its parts can be used on. */
export interface ShownDerivative extends Displayable {
  /** The simplified derivative in mathjs's notation, abbreviations written out. */
  readonly formula: string;
  /** The simplified derivative as LaTeX, without dollar signs. */
  readonly tex: string;
  /** The derivative at the given point. */
  readonly value: number;
  /** Whether every line given in `steps` equals the derivative. */
  readonly agrees: boolean;
}

/** Differentiates and shows the lines as `text/markdown` and `text/plain`. */
export function shownDerivative(
  locale: Locale,
  formula: string,
  variable: string,
  options: DerivativeOptions,
): ShownDerivative {
  const words = strings[locale];
  const derivation = differentiate(formula, variable, options);
  return {
    formula: derivation.simplified.formula,
    tex: derivation.simplified.tex,
    value: derivation.value,
    agrees: derivation.steps.every(({ equal }) => equal),
    [jupyterDisplay]: () => ({
      "text/markdown": asMarkdown(derivation, words),
      "text/plain": asText(derivation, variable, words),
    }),
  };
}

/** Every line with what it is called; mathjs's own form is left out where it is the rule's. */
function namedLines({ rule, simplified, steps }: Derivation, words: Words) {
  return [
    { name: words.rule, line: rule },
    ...(simplified.tex === rule.tex ? [] : [{ name: words.simplified, line: simplified }]),
    ...steps.map((line, k) => ({ name: words.step(k + 1), line })),
  ];
}

const mark = ({ equal }: DerivationLine) => (equal ? "✓" : "✗");

function asMarkdown(derivation: Derivation, words: Words): string {
  const rows = namedLines(derivation, words).map(
    ({ name, line }) => `&= ${line.tex} && \\text{${name} }${line.equal ? "\\checkmark" : "\\times"}`,
  );
  const left = `\\frac{\\partial}{\\partial ${derivation.variableTex}}\\left[${derivation.functionTex}\\right]`;
  const where = derivation.where.map(({ tex }) => `$${tex}$`).join(", ");
  return [
    `**${words.caption}**`,
    `$$\\begin{aligned}\n${left}\n${rows.join(" \\\\[6pt]\n")}\n\\end{aligned}$$`,
    ...(where === "" ? [] : [`${words.where} ${where}`]),
    verdict(derivation, derivation.at.map(({ tex }) => `$${tex}$`).join(", "), words).join("  \n"),
  ].join("\n\n");
}

function asText(derivation: Derivation, variable: string, words: Words): string {
  const definitions = derivation.where.map(({ name, meaning }) => `${name} = ${meaning}`);
  const point = derivation.at.map(({ name, value }) => `${name} = ${pointText(value)}`);
  return [
    `∂/∂${variable} [${derivation.function}]`,
    ...namedLines(derivation, words).map(
      ({ name, line }) => `  = ${line.formula}    (${name} ${mark(line)})`,
    ),
    ...(definitions.length === 0 ? [] : [`${words.where} ${definitions.join(", ")}`]),
    ...verdict(derivation, point.join(", "), words),
  ].join("\n");
}

function verdict(derivation: Derivation, point: string, words: Words): string[] {
  const saysWhat = (line: string, value: string) =>
    value === exactText(derivation.value) ? words.onlyHere(line) : words.gives(line, value);
  const named = namedLines(derivation, words);
  const wrong = named.flatMap(({ name, line }) =>
    line.equal ? [] : [saysWhat(name, exactText(line.value))],
  );
  return [
    words.at(point, exactText(derivation.value), estimateText(derivation.numeric)),
    wrong.length === 0 ? words.equal(pointsTried) : words.unequal(wrong.join(", ")),
  ];
}

const en = {
  caption: "Derivative, line by line",
  where: "where",
  rule: "rules of calculus",
  simplified: "simplified by mathjs",
  step: (number: number) => `line ${number}`,
  at: (point: string, value: string, numeric: string) =>
    `At ${point} the derivative is ${value}; finite differences give ${numeric}.`,
  equal: (points: number) => `✓ Every line has the derivative's value there and at ${points} other points.`,
  unequal: (lines: string) => `✗ Not equal to the derivative: ${lines}.`,
  gives: (line: string, value: string) => `${line} (it gives ${value})`,
  onlyHere: (line: string) => `${line} (the same here, but not at other points)`,
};

type Words = typeof en;

const ko: Words = {
  caption: "한 줄씩 미분하기",
  where: "여기서",
  rule: "미분 공식 적용",
  simplified: "mathjs로 정리",
  step: (number) => `${number}번째 줄`,
  at: (point, value, numeric) => `${point}에서 미분값은 ${value}, 수치 미분으로는 ${numeric}입니다.`,
  equal: (points) => `✓ 모든 줄이 이 점과 다른 점 ${points}개에서 미분값과 일치합니다.`,
  unequal: (lines) => `✗ 미분값과 다른 줄: ${lines}.`,
  gives: (line, value) => `${line} (계산하면 ${value})`,
  onlyHere: (line) => `${line} (이 점에서만 같고 다른 점에서는 다릅니다)`,
};

const strings: Record<Locale, Words> = { en, ko };
