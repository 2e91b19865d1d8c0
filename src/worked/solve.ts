// Works an outline out: every formula is parsed once, evaluated, and written as the rows of the slides'
// layout.

import type { FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from "mathjs";
import type { Arithmetic, Scalar, Value } from "./arithmetic.js";
import { arithmetic, each } from "./arithmetic.js";
import { derivativeTex } from "./derivatives.js";
import { digitsOf } from "./digits.js";
import { aligned } from "./layout.js";
import type { Numbers } from "./notation.js";
import { formulaTex, formulaText, numbersTex, valueTex, valueText } from "./notation.js";
import type { Equation, OutlineStep } from "./outline.js";
import { written } from "./symbols.js";

/** What a caller gave: numbers by key. */
export type Givens = Record<string, number | number[] | number[][]>;

/** A step, worked out. */
export interface SolvedStep extends OutlineStep {
  /** LaTeX, one block an equation */
  tex: string[];
  /** plain text, one line an equation */
  text: string[];
}

/** A quantity: its value in float64, and its digits as they are written. */
export interface Quantity {
  value: number | number[] | number[][];
  printed: Numbers;
}

export interface Solved {
  steps: SolvedStep[];
  /** by name, such as "∂C₁" */
  quantities: Map<string, Quantity>;
}

export interface Accuracy {
  /** digits after the decimal point */
  precision: number;
  rounding: "exact" | "slide";
}

/** Up to here float64 has the digits that are shown; BigNumber has as many more than those that are shown. */
const float64Precision = 12;
const float64Digits = 15;
const guardDigits = 40;

/** @throws {RangeError} naming the quantity that is not a finite number, whatever the arithmetic */
export function solve(where: string, outline: OutlineStep[], givens: Givens, accuracy: Accuracy): Solved {
  const { precision, rounding } = accuracy;
  if (rounding === "exact" && precision <= float64Precision) {
    const limit = 10 ** (float64Digits - precision);
    const solved = workOut(arithmetic(), outline, givens, accuracy);
    if (allBelow(limit, solved)) return solved;
  }
  const solved = workOut(arithmetic(precision + guardDigits), outline, givens, accuracy);
  const cause =
    rounding === "slide" ? "precision is too small, or the inputs are too large" : "the inputs are too large";
  for (const [name, { printed }] of solved.quantities) {
    if (/NaN|Infinity/.test(valueText(printed))) {
      throw new RangeError(`${where}: ${name} is ${valueText(printed)}, but must be finite; ${cause}`);
    }
  }
  return solved;
}

/** Every number that occurs is smaller than the limit; NaN is not. */
const allBelow = (limit: number, { quantities }: Solved) =>
  [...quantities.values()].every(({ value }) =>
    [value].flat(2).every((element) => Math.abs(element) < limit),
  );

function workOut(
  numbers: Arithmetic,
  outline: OutlineStep[],
  givens: Givens,
  { precision, rounding }: Accuracy,
): Solved {
  const { math, functions, given } = numbers;
  const digits = digitsOf(math, precision, rounding === "slide");
  const scope = new Map<string, unknown>(Object.entries(functions));
  const quantities = new Map<string, Quantity>();
  const isGiven = new Set(Object.keys(givens));

  const printed = (key: string) =>
    each(isGiven.has(key) ? digits.given : digits.computed)(scope.get(key) as Value);
  const evaluate = (node: MathNode): Value => {
    const value = node.compile().evaluate(scope) as Value;
    return rounding === "slide" ? each((element) => roundHalfUp(element, precision))(value) : value;
  };
  const store = (key: string, name: string, value: Value) => {
    scope.set(key, value);
    quantities.set(name, { value: each(Number)(value), printed: printed(key) });
  };
  /** Works a part of a formula out and puts a symbol in its place. */
  const workedOut = (part: MathNode, name: string): MathNode => {
    const key = `_${scope.size}`;
    store(key, name, evaluate(part));
    return math.parse(key);
  };
  for (const [key, value] of Object.entries(givens)) store(key, written(key).text, given(value));

  const withoutBrackets = (term: MathNode) =>
    term.transform((node) => {
      if (!isBracket(node)) return node;
      const inner = node.type === "ParenthesisNode" ? (node as ParenthesisNode).content : node;
      return workedOut(inner, formulaText(inner).replaceAll(" ", ""));
    });

  /** The formula; then with its brackets worked out; then with its terms worked out. */
  const stages = ({ formula, terms = true }: Equation): MathNode[] => {
    const names = new Map<MathNode, string>();
    const ofTerms = (node: MathNode, f: (term: MathNode) => MathNode): MathNode =>
      terms && isSum(node) ? node.map((term) => ofTerms(term, f)) : f(node);
    const whole = math.parse(formula);
    const simpler = ofTerms(whole, (term) => {
      const result = withoutBrackets(term);
      names.set(result, formulaText(term));
      return result;
    });
    if (!terms || !isSum(whole)) return [whole, simpler];
    const sum = ofTerms(simpler, (term) =>
      term.type === "SymbolNode" ? term : workedOut(term, names.get(term)!),
    );
    return [whole, simpler, sum];
  };

  const solveEquation = (equation: Equation) => {
    const forms = stages(equation);
    const value = evaluate(forms[forms.length - 1]);
    for (const key of equation.targets) store(key, written(key).text, value);
    const targets = equation.targets.map((key) => written(key));
    const target = targets.map(({ tex }) => tex).join(" = ");
    const result = printed(equation.targets[0]);
    const rows = [
      formulaTex(forms[0]),
      ...forms.map((form) => numbersTex(form, printed)),
      valueTex(result),
    ].filter((row, k, all) => row !== all[k - 1] && row !== target);
    const names = targets.map(({ text }) => text).join(" = ");
    const formula = formulaText(forms[0]);
    const text = [names, formula, valueText(result)]
      .filter((part, k, all) => part !== all[k - 1])
      .join(" = ");
    return { tex: aligned(target, rows), text };
  };

  const steps = outline.map((step) => {
    const solved = step.equations.map(solveEquation);
    const derivatives = (step.derivatives ?? []).map((name) => derivativeTex(numbers, name));
    return {
      ...step,
      tex: [...derivatives, ...solved.map(({ tex }) => tex)],
      text: solved.map(({ text }) => text),
    };
  });
  return { steps, quantities };
}

const isSum = (node: MathNode) =>
  node.type === "OperatorNode" && ["+", "-"].includes((node as OperatorNode).op);

/**
 * The parts that are worked out first: brackets, 1 or 0 for relu, and the products of the dense layer before
 * they are summed.
 */
const isBracket = (node: MathNode) =>
  node.type === "ParenthesisNode" ||
  (node.type === "FunctionNode" &&
    ["positive", "products"].includes((node as FunctionNode<SymbolNode>).fn.name));

const halfUp = 4; // decimal.js: ROUND_HALF_UP

/** As with a pocket calculator. Slide rounding is always done with BigNumbers, where 0.40005 is a tie. */
const roundHalfUp = (value: Scalar, precision: number): Scalar =>
  typeof value === "number" ? value : value.toDecimalPlaces(precision, halfUp);
