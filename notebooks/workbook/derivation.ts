// A derivation as a notebook shows it: LaTeX, one line under the other, and a word on whether the lines
// agree.

import type { DerivationStrings } from "./derivation_strings.js";
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
  formula: string,
  variable: string,
  options: DerivativeOptions,
  text: DerivationStrings,
): ShownDerivative {
  const derivation = differentiate(formula, variable, options);
  return {
    formula: derivation.simplified.formula,
    tex: derivation.simplified.tex,
    value: derivation.value,
    agrees: derivation.steps.every(({ equal }) => equal),
    [jupyterDisplay]: () => ({
      "text/markdown": asMarkdown(derivation, text),
      "text/plain": asText(derivation, variable, text),
    }),
  };
}

/** Every line with what it is called; mathjs's own form is left out where it is the rule's. */
function namedLines({ rule, simplified, steps }: Derivation, text: DerivationStrings) {
  const words = text.derivative;
  return [
    { name: words.rule, line: rule },
    ...(simplified.tex === rule.tex ? [] : [{ name: words.simplified, line: simplified }]),
    ...steps.map((line, k) => ({ name: words.step(k + 1), line })),
  ];
}

const mark = ({ equal }: DerivationLine) => (equal ? "✓" : "✗");

function asMarkdown(derivation: Derivation, text: DerivationStrings): string {
  const words = text.derivative;
  const rows = namedLines(derivation, text).map(
    ({ name, line }) => `&= ${line.tex} && \\text{${name} }${line.equal ? "\\checkmark" : "\\times"}`,
  );
  const left = `\\frac{\\partial}{\\partial ${derivation.variableTex}}\\left[${derivation.functionTex}\\right]`;
  const where = derivation.where.map(({ tex }) => `$${tex}$`).join(", ");
  return [
    `**${words.caption}**`,
    `$$\\begin{aligned}\n${left}\n${rows.join(" \\\\[6pt]\n")}\n\\end{aligned}$$`,
    ...(where === "" ? [] : [`${words.where} ${where}`]),
    verdict(derivation, derivation.at.map(({ tex }) => `$${tex}$`).join(", "), text).join("  \n"),
  ].join("\n\n");
}

function asText(derivation: Derivation, variable: string, text: DerivationStrings): string {
  const words = text.derivative;
  const definitions = derivation.where.map(({ name, meaning }) => `${name} = ${meaning}`);
  const point = derivation.at.map(({ name, value }) => `${name} = ${pointText(value)}`);
  return [
    `∂/∂${variable} [${derivation.function}]`,
    ...namedLines(derivation, text).map(({ name, line }) => `  = ${line.formula}    (${name} ${mark(line)})`),
    ...(definitions.length === 0 ? [] : [`${words.where} ${definitions.join(", ")}`]),
    ...verdict(derivation, point.join(", "), text),
  ].join("\n");
}

function verdict(derivation: Derivation, point: string, text: DerivationStrings): string[] {
  const words = text.derivative;
  const saysWhat = (line: string, value: string) =>
    value === exactText(derivation.value) ? words.onlyHere(line) : words.gives(line, value);
  const named = namedLines(derivation, text);
  const wrong = named.flatMap(({ name, line }) =>
    line.equal ? [] : [saysWhat(name, exactText(line.value))],
  );
  return [
    words.at(point, exactText(derivation.value), estimateText(derivation.numeric)),
    wrong.length === 0 ? words.equal(pointsTried) : words.unequal(wrong.join(", ")),
  ];
}
