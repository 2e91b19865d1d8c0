// The formula behind an answer, part by part, so that the part that went wrong can be found: left out, of the
// wrong step, with the wrong sign, before or after its activation, in the place of another.

import { sigmoid, sigmoidPrime, tanh, tanhPrime } from "../../../src/index.js";
import { components, shapeOf } from "../lecture/quantity.js";
import type { Value } from "../lecture/quantity.js";
import type { Bilingual } from "./exercise.js";
import { digitsOf, isSame, rounds } from "./rounding.js";
import { each, fits, isMatrix, transposed } from "./relations.js";

/** A function of each component. */
export type Activation = <T extends number | number[]>(value: T) => T;

export type Part = Value | Activation;

export interface Formula {
  /** What the answer is made of. */
  parts: Record<string, Part>;
  of: (parts: Record<string, Part>) => Value;
  /** What may be mistaken for a part of it. */
  others: Record<string, Part>;
}

/** By the names that `texOf` knows, or as LaTeX. */
export const formula = <P extends Record<string, Part>>(
  parts: P,
  of: (parts: P) => Value,
  others: Record<string, Part> = {},
): Formula => ({ parts, of: of as Formula["of"], others });

const activation = (f: (a: number) => number): Activation =>
  (<T extends number | number[]>(value: T) => each(value, f)) as Activation;

/** The activations, and their slopes as functions of what they give. */
export const activations = {
  tanh: activation(tanh),
  sigma: activation(sigmoid),
  dTanh: activation(tanhPrime),
  dSigma: activation(sigmoidPrime),
};

const mistakenForActivations: Record<string, Activation> = {
  ...activations,
  "1 - a": activation((a) => 1 - a),
  a: activation((a) => a),
  "1/(1 - a^2)": activation((a) => 1 / (1 - a * a)),
};

const named: Record<string, string> = {
  tanh: "\\tanh(a)",
  sigma: "\\sigma(a)",
  dTanh: "1 - a^2",
  dSigma: "a(1 - a)",
  Wx: "W_x",
  Wh: "W_h",
  Why: "W_{hy}",
  by: "b_y",
};

/** "dz2" is ∂z₂, "tanhC1" tanh(C₁), "g1" the candidate C̃₁; what is no such name is LaTeX already. */
function texOf(name: string): string {
  if (name in named) return named[name];
  const [, d, f, letter, step] = /^(d?)(tanh)?([a-zA-Z])(\d)$/.exec(name) ?? [];
  if (letter === undefined) return name;
  const quantity = `${letter === "g" ? "\\tilde C" : letter}_${step}`;
  return `${d === "d" ? "\\partial " : ""}${f === undefined ? quantity : `\\tanh(${quantity})`}`;
}

/** A mistake, and the answer that it leads to. */
interface Variant {
  said: Bilingual;
  answer: Value;
}

const missing = (...tex: string[]): Bilingual => {
  const list = tex.map((each) => `$${each}$`).join(", ");
  return {
    en: tex.length === 1 ? `${list} is missing.` : `These are missing: ${list}.`,
    ko: `다음이 빠졌습니다: ${list}.`,
  };
};
const instead = (tex: string, came: string): Bilingual => ({
  en: `There is $${came}$ where $${tex}$ belongs.`,
  ko: `$${tex}$ 자리에 다음이 들어갔습니다: $${came}$.`,
});
const exchanged = (a: string, b: string): Bilingual => ({
  en: `$${a}$ and $${b}$ have changed places.`,
  ko: `다음 둘의 자리가 뒤바뀌었습니다: $${a}$, $${b}$.`,
});
const turned = (tex: string): Bilingual => ({
  en: `The components of $${tex}$ are in the wrong order.`,
  ko: `$${tex}$의 성분 순서가 틀렸습니다.`,
});
const only = (tex: string): Bilingual => ({ en: `That is $${tex}$.`, ko: `이 값은 $${tex}$입니다.` });

const isActivation = (part: Part): part is Activation => typeof part === "function";
const kindOf = (part: Part) => (isActivation(part) ? "an activation" : shapeOf(part));

/** What is left where a part is forgotten: a factor of 1, a summand of 0, what is put in unchanged. */
function neutrals(part: Part): Part[] {
  if (isActivation(part)) return [mistakenForActivations.a, activation(() => 1)];
  const isZero = components(part).every(({ value }) => value === 0);
  return [...(isZero ? [] : [each(part, () => 1)]), each(part, () => 0)];
}

const formsOf = (part: Value, tex: string): [Value, Bilingual][] => [
  ...(isMatrix(part) ? [[transposed(part), instead(tex, `${tex}^\\top`)] as [Value, Bilingual]] : []),
  ...(Array.isArray(part) ? [[[...part].reverse() as Value, turned(tex)] as [Value, Bilingual]] : []),
  [each(part, (a) => -a), instead(tex, `-${tex}`)],
  [each(part, (a) => 2 * a), instead(tex, `2 ${tex}`)],
  [each(part, (a) => 1 - a), instead(tex, `1 - ${tex}`)],
  [each(part, (a) => 1 / a), instead(tex, `1/${tex}`)],
  [each(part, (a) => a * a), instead(tex, `(${tex})^2`)],
  [each(part, () => 1), instead(tex, "1")],
];

/** What one mistake makes of a formula, the likelier first. */
function* variants({ parts, of, others }: Formula): Generator<Variant> {
  const list = Object.entries(parts);
  const around = Object.entries({ ...mistakenForActivations, ...others, ...parts });
  const put = (said: Bilingual, changes: Record<string, Part>) => ({
    said,
    answer: of({ ...parts, ...changes }),
  });

  for (const [name, part] of list) if (!isActivation(part)) yield { said: only(texOf(name)), answer: part };
  for (const [name, part] of list) {
    const tex = texOf(name);
    yield* neutrals(part).map((neutral) => put(missing(tex), { [name]: neutral }));
    if (!isActivation(part)) yield* formsOf(part, tex).map(([form, said]) => put(said, { [name]: form }));
    yield* around
      .filter(([other, value]) => other !== name && kindOf(value) === kindOf(part))
      .map(([other, value]) => put(instead(tex, texOf(other)), { [name]: value }));
  }
  for (const [a, partA] of list) {
    for (const [b, partB] of list.filter(([b]) => a < b)) {
      if (kindOf(partA) === kindOf(partB))
        yield put(exchanged(texOf(a), texOf(b)), { [a]: partB, [b]: partA });
      for (const neutralA of neutrals(partA))
        for (const neutralB of neutrals(partB))
          yield put(missing(texOf(a), texOf(b)), { [a]: neutralA, [b]: neutralB });
    }
  }
  yield* combinations(around.filter((entry): entry is [string, Value] => !isActivation(entry[1])));
}

/** Quantities as they are, added and multiplied. */
function* combinations(quantities: [name: string, value: Value][]): Generator<Variant> {
  for (const [name, answer] of quantities) yield { said: only(texOf(name)), answer };
  for (const [a, valueA] of quantities) {
    for (const [b, valueB] of quantities.filter(
      ([b, value]) => a < b && shapeOf(value) === shapeOf(valueA),
    )) {
      yield { said: only(`${texOf(a)} + ${texOf(b)}`), answer: paired(valueA, valueB, (x, y) => x + y) };
      yield { said: only(`${texOf(a)} \\odot ${texOf(b)}`), answer: paired(valueA, valueB, (x, y) => x * y) };
    }
  }
}

/** Component by component; of one shape. */
const paired = (a: Value, b: Value, f: (x: number, y: number) => number): Value =>
  Array.isArray(a)
    ? (a.map((entry: Value, k) => paired(entry, (b as Value[])[k], f)) as Value)
    : f(a, b as number);

/**
 * What one mistake in the formula explains the answer, to the digits given; undefined if there is none. With
 * few digits many would.
 */
export function wrongPart(formula: Formula, given: Value): Bilingual | undefined {
  const digits = components(given).reduce((sum, { value }) => sum + digitsOf(value), 0);
  const same = digits < 5 ? isSame : rounds;
  for (const { said, answer } of variants(formula)) if (fits(given, answer, same)) return said;
  return undefined;
}
