// Derivatives by the rules of calculus, done by mathjs, with the lines of a derivation held against the result: each
// line must have the value of the derivative at the given point and at points around it.
import { derivative, parse, simplify } from "mathjs";
import type { MathNode, SymbolNode } from "mathjs";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { formulaToTex, symbolToTex } from "./tex.js";

export interface DerivativeOptions {
  /** The point: a value for every variable that `where` does not define. */
  at: Record<string, number>;
  /** Abbreviations, as in `{ S: "exp(z_1) + exp(z_2)", yhat_1: "exp(z_1) / S" }`; one may use another. */
  where?: Record<string, string>;
  /** The lines of a derivation by hand, each of which claims to be the derivative. */
  steps?: string[];
}

/** One line of a derivation. */
export interface DerivationLine {
  /** In mathjs's notation. */
  formula: string;
  /** As LaTeX, without dollar signs. */
  tex: string;
  /** At the given point. */
  value: number;
  /** Has the derivative's value at the point and at every point tried around it. */
  equal: boolean;
}

/** A derivative, and the lines that lead to it. */
export interface Derivation {
  /** What was differentiated, and by what. */
  function: string;
  functionTex: string;
  variableTex: string;
  whereTex: string[];
  atTex: string[];
  /** The rules of calculus applied and nothing else, such as the quotient rule of slide 63. */
  rule: DerivationLine;
  /** What mathjs makes of it. */
  simplified: DerivationLine;
  steps: DerivationLine[];
  /** The derivative at the point. */
  value: number;
}

/** Points tried around the given one, beside the point itself. */
export const pointsTried = 8;

/** Lines that are equal as formulas differ by rounding only. */
const agreement = 1e-9;

/** What differentiation leaves behind: factors 1, terms 0. Nothing else is rewritten, so the rule stays visible. */
const tidying = [
  ...["1 * n -> n", "n * 1 -> n", "n / 1 -> n", "n ^ 1 -> n", "n1 * (1 / n2) -> n1 / n2"],
  ...["n + 0 -> n", "0 + n -> n", "n - 0 -> n", "0 - n -> -n"],
  ...["0 * n -> 0", "n * 0 -> 0", "0 / n -> 0", "-0 -> 0"],
  ...["-1 * n -> -n", "-(-n) -> n", "-(-n1 / n2) -> n1 / n2"],
];

/**
 * ∂formula/∂variable, symbolically, and the lines by hand that should equal it.
 *
 * @param formula in mathjs's notation: `"exp(z_1) / (exp(z_1) + exp(z_2))"`; `log` is the natural logarithm
 * @throws TypeError if a formula cannot be read or differentiated, if a variable has no value or two, if
 *   abbreviations go in a circle, or if the derivative is not finite at the point
 */
export function differentiate(formula: string, variable: string, options: DerivativeOptions): Derivation {
  const { at, where = {}, steps = [] } = options;
  const meaning = abbreviations(where);
  for (const [name, value] of Object.entries(at)) {
    if (Object.hasOwn(where, name))
      complain(`"${name}" stands in both at and where, expected in one of them`);
    if (!Number.isFinite(value)) complain(`at.${name} is ${value}, expected a finite number`);
  }
  if (!Object.hasOwn(at, variable)) {
    complain(`the variable is "${variable}", expected one of at: ${Object.keys(at).join(", ")}`);
  }
  const written = read(formula, "the formula");
  const full = meaning(written);
  const fold = abbreviated(where, meaning);
  const rule = fold(simplify(differentiated(full, variable, false), tidying));
  const lines = steps.map((step, k) => read(step, `step ${k + 1}`));

  const points = [at, ...pointsAround(at)];
  const valuesOf = (line: MathNode) => points.map((point) => evaluate(meaning(line), point));
  const expected = valuesOf(rule);
  if (!Number.isFinite(expected[0])) {
    complain(`∂(${formula})/∂${variable} is ${expected[0]} at the point, expected a finite number`);
  }
  const held = (line: MathNode): DerivationLine => {
    const values = valuesOf(line);
    return {
      formula: line.toString(),
      tex: formulaToTex(line),
      value: values[0],
      equal: values.every((value, k) => agree(value, expected[k])),
    };
  };
  return {
    function: formula,
    functionTex: formulaToTex(written),
    variableTex: symbolToTex(variable),
    whereTex: Object.entries(where).map(
      ([name, text]) => `${symbolToTex(name)} = ${formulaToTex(parse(text))}`,
    ),
    atTex: Object.entries(at).map(([name, value]) => `${symbolToTex(name)} = ${pointText(value)}`),
    rule: held(rule),
    simplified: held(fold(differentiated(full, variable, true))),
    steps: lines.map(held),
    value: expected[0],
  };
}

/** Six significant digits: enough to know the point by. */
export const pointText = (value: number) => String(Number(value.toPrecision(6)));

function complain(problem: string): never {
  throw new TypeError(`book.derivative: ${problem}`);
}

function read(formula: string, which: string): MathNode {
  try {
    return parse(formula);
  } catch (error) {
    return complain(`${which} is "${formula}", which mathjs cannot read: ${(error as Error).message}`);
  }
}

function differentiated(formula: MathNode, variable: string, simplified: boolean): MathNode {
  try {
    return derivative(formula, variable, { simplify: simplified });
  } catch (error) {
    return complain(`mathjs cannot differentiate ${formula.toString()}: ${(error as Error).message}`);
  }
}

/** A function that puts what they stand for in the place of abbreviations, also inside one another. */
function abbreviations(where: Record<string, string>): (formula: MathNode) => MathNode {
  const parsed = new Map(Object.entries(where).map(([name, text]) => [name, read(text, `where.${name}`)]));
  const expand = (formula: MathNode, open: string[]): MathNode =>
    formula.transform((node, path) => {
      const name = path !== "fn" && node.type === "SymbolNode" ? (node as SymbolNode).name : "";
      const meaning = parsed.get(name);
      if (!meaning) return node;
      if (open.includes(name)) return complain(`where goes in a circle: ${[...open, name].join(" → ")}`);
      return expand(meaning, [...open, name]);
    });
  return (formula) => expand(formula, []);
}

/** A function that writes abbreviations again wherever a part of a formula is what one of them stands for. */
function abbreviated(
  where: Record<string, string>,
  meaning: (formula: MathNode) => MathNode,
): (formula: MathNode) => MathNode {
  const names = new Map(Object.keys(where).map((name) => [meaning(parse(name)).toString(), name]));
  return (formula) =>
    formula.transform((node) => {
      const name = names.get(node.toString());
      return name === undefined ? node : parse(name);
    });
}

function evaluate(formula: MathNode, point: Record<string, number>): number {
  const missing = formula.filter(
    (node, path) =>
      path !== "fn" && node.type === "SymbolNode" && !Object.hasOwn(point, (node as SymbolNode).name),
  );
  if (missing.length > 0) {
    const { name } = missing[0] as SymbolNode;
    complain(`"${name}" has no value; at gives ${Object.keys(point).join(", ")}`);
  }
  const value: unknown = formula.evaluate({ ...point });
  if (typeof value !== "number") complain(`${formula.toString()} is no real number at the point`);
  return value;
}

/**
 * Points that move every coordinate by up to half of itself (zero by up to a half), so that signs stay and logarithms
 * remain defined. The same points every time.
 */
function pointsAround(at: Record<string, number>): Record<string, number>[] {
  const random = mersenne(61);
  const moved = (value: number) =>
    value + (uniformFloat64(random) - 0.5) * (value === 0 ? 1 : Math.abs(value));
  return Array.from({ length: pointsTried }, () =>
    Object.fromEntries(Object.entries(at).map(([name, value]) => [name, moved(value)])),
  );
}

const agree = (a: number, b: number) =>
  Math.abs(a - b) <= agreement * Math.max(Math.abs(a), Math.abs(b)) + 1e-13;
