// Derivatives by the rules of calculus, done by mathjs, with the lines of a derivation held against the
// result: each line must have the value of the derivative at the given point and at points around it.

import { createRequire } from "node:module";
import type { MathNode, SymbolNode } from "mathjs";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { numericalGradient } from "../../src/index.js";
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
  /** The abbreviations that the lines below use. */
  where: Abbreviation[];
  /** The coordinates of the point that matter here. */
  at: Coordinate[];
  /** The rules of calculus applied and nothing else, such as the quotient rule of slide 63. */
  rule: DerivationLine;
  /** What mathjs makes of it. */
  simplified: DerivationLine;
  steps: DerivationLine[];
  /** The derivative at the point. */
  value: number;
  /** The same by finite differences, from values of the function alone. */
  numeric: number;
}

export interface Abbreviation {
  name: string;
  meaning: string;
  tex: string;
}

export interface Coordinate {
  name: string;
  value: number;
  tex: string;
}

const require = createRequire(import.meta.url);

/**
 * mathjs without its matrices and big numbers. Loading it takes longer than loading all the rest of the
 * workbook, so that waits until there is something to derive.
 */
const mathjs = () =>
  require("mathjs/number") as Pick<typeof import("mathjs"), "derivative" | "parse" | "simplify">;

/** Points tried around the given one, besides the point itself. */
export const pointsTried = 8;

/** Lines that are equal as formulas differ by rounding only. */
const agreement = 1e-9;

/** A finite difference is good to 1e-8 or so; a wrong derivative is off by far more than this. */
const numericAgreement = 1e-6;

/**
 * What differentiation leaves behind: factors 1, terms 0, doubled signs. Nothing else is rewritten, so the
 * rule stays visible. mathjs knows that sums and products commute.
 */
const tidying = [
  ...["1 * n -> n", "n + 0 -> n", "n - 0 -> n", "0 - n -> -n"],
  ...["-1 * n -> -n", "-(-n1 / n2) -> n1 / n2", "n1 * (1 / n2) -> n1 / n2"],
];

/**
 * ∂formula/∂variable, symbolically, and the lines by hand that should equal it.
 *
 * @param formula in mathjs's notation: `"exp(z_1) / (exp(z_1) + exp(z_2))"`; `log` is the natural logarithm
 * @throws {RangeError} when a formula cannot be read or differentiated, a variable has no value or two,
 *   abbreviations go in a circle, or the derivative is not finite at the point
 */
export function differentiate(formula: string, variable: string, options: DerivativeOptions): Derivation {
  const { at, where = {}, steps = [] } = options;
  const meaning = abbreviations(where);
  for (const [name, value] of Object.entries(at)) {
    if (Object.hasOwn(where, name))
      complain(`"${name}" stands in both at and where, but must stand in one of them`);
    if (!Number.isFinite(value)) complain(`at.${name} is ${value}, but must be finite`);
  }
  if (!Object.hasOwn(at, variable)) {
    complain(`variable is "${variable}", but must be one of at: ${Object.keys(at).join(", ")}`);
  }
  const written = read(formula, "formula");
  const full = meaning(written);
  const fold = abbreviated(where, meaning);
  const rule = fold(mathjs().simplify(differentiated(full, variable, false), tidying));
  const lines = steps.map((step, k) => read(step, `steps[${k}]`));

  const points = [at, ...pointsAround(at)];
  const valuesOf = (line: MathNode) => points.map(evaluator(meaning(line)));
  const expected = valuesOf(rule);
  if (!Number.isFinite(expected[0])) {
    complain(`∂(${formula})/∂${variable} is ${expected[0]} at the point, but must be finite`);
  }
  const f = evaluator(full);
  const numeric = points.map((point) => slope(f, variable, point));
  const held = (line: MathNode): DerivationLine => {
    const values = valuesOf(line);
    return {
      formula: line.toString(),
      tex: formulaToTex(line),
      value: values[0],
      equal: values.every((value, k) => agree(value, expected[k], agreement)),
    };
  };
  const simplified = fold(differentiated(full, variable, true));
  const shown = [written, rule, simplified, ...lines];
  const used = new Set(shown.flatMap((line) => namesIn(line, where)));
  const needed = new Set([variable, ...[full, ...lines.map(meaning)].flatMap((line) => namesIn(line, {}))]);
  return {
    function: formula,
    functionTex: formulaToTex(written),
    variableTex: symbolToTex(variable),
    where: Object.entries(where)
      .filter(([name]) => used.has(name))
      .map(([name, meaning]) => ({
        name,
        meaning,
        tex: `${symbolToTex(name)} = ${formulaToTex(mathjs().parse(meaning))}`,
      })),
    at: Object.entries(at)
      .filter(([name]) => needed.has(name))
      .map(([name, value]) => ({ name, value, tex: `${symbolToTex(name)} = ${pointText(value)}` })),
    rule: {
      ...held(rule),
      equal: expected.every((value, k) => agree(value, numeric[k], numericAgreement)),
    },
    simplified: held(simplified),
    steps: lines.map(held),
    value: expected[0],
    numeric: numeric[0],
  };
}

/** Six significant digits: enough to know the point by. */
export const pointText = (value: number) => String(Number(value.toPrecision(6)));

function complain(problem: string): never {
  throw new RangeError(`book.derivative: ${problem}`);
}

function read(formula: string, which: string): MathNode {
  try {
    return mathjs().parse(formula);
  } catch (error) {
    return complain(
      `${which} is "${formula}", but must be what mathjs can read: ${(error as Error).message}`,
    );
  }
}

function differentiated(formula: MathNode, variable: string, simplified: boolean): MathNode {
  try {
    return mathjs().derivative(formula, variable, { simplify: simplified });
  } catch (error) {
    return complain(`mathjs cannot differentiate ${formula.toString()}: ${(error as Error).message}`);
  }
}

/** A function that replaces abbreviations by what they stand for, also inside one another. */
function abbreviations(where: Record<string, string>): (formula: MathNode) => MathNode {
  const parsed = new Map(Object.entries(where).map(([name, text]) => [name, read(text, `where.${name}`)]));
  const expand = (formula: MathNode, open: string[]): MathNode =>
    formula.transform((node, path) => {
      const name = path !== "fn" && node.type === "SymbolNode" ? (node as SymbolNode).name : "";
      const meaning = parsed.get(name);
      if (!meaning) return node;
      if (open.includes(name))
        return complain(`where goes ${[...open, name].join(" → ")}, but must not go in a circle`);
      return expand(meaning, [...open, name]);
    });
  return (formula) => expand(formula, []);
}

/** A function that writes abbreviations again wherever a part of a formula is what one of them stands for. */
function abbreviated(
  where: Record<string, string>,
  meaning: (formula: MathNode) => MathNode,
): (formula: MathNode) => MathNode {
  const names = new Map(Object.keys(where).map((name) => [meaning(mathjs().parse(name)).toString(), name]));
  return (formula) =>
    formula.transform((node) => {
      const name = names.get(node.toString());
      return name === undefined ? node : mathjs().parse(name);
    });
}

type Evaluator = (point: Record<string, number>) => number;

/** The formula as a function of the point, which has to give every name a value. */
function evaluator(formula: MathNode): Evaluator {
  const names = namesIn(formula, {});
  const compiled = formula.compile();
  return (point) => {
    const missing = names.find((name) => !Object.hasOwn(point, name));
    if (missing !== undefined) {
      complain(`at has no value of "${missing}", but must have one: it has ${Object.keys(point).join(", ")}`);
    }
    const value: unknown = compiled.evaluate({ ...point });
    return typeof value === "number"
      ? value
      : complain(`${formula.toString()} is not a real number near the point, but must be one`);
  };
}

/**
 * Points that move every coordinate by up to half of itself (zero by up to a half), so that signs stay and
 * logarithms remain defined. The same points every time.
 */
function pointsAround(at: Record<string, number>): Record<string, number>[] {
  const random = mersenne(61);
  const moved = (value: number) =>
    value + (uniformFloat64(random) - 0.5) * (value === 0 ? 1 : Math.abs(value));
  return Array.from({ length: pointsTried }, () =>
    Object.fromEntries(Object.entries(at).map(([name, value]) => [name, moved(value)])),
  );
}

/**
 * ∂f/∂variable by finite differences, in steps small enough to keep the variable's sign; next to 0, where
 * such steps would drown in rounding, in ordinary ones.
 */
function slope(f: Evaluator, variable: string, point: Record<string, number>): number {
  const along = ([moved]: number[]) => f({ ...point, [variable]: moved });
  const near = Math.abs(point[variable]) / 4;
  return numericalGradient(along, [point[variable]], near > 1e-5 ? Math.min(1e-3, near) : 1e-3)[0];
}

/** The names in a formula, and those in the abbreviations it uses. */
function namesIn(formula: MathNode, where: Record<string, string>): string[] {
  return formula
    .filter((node, path) => path !== "fn" && node.type === "SymbolNode")
    .flatMap((node) => {
      const { name } = node as SymbolNode;
      return Object.hasOwn(where, name) ? [name, ...namesIn(mathjs().parse(where[name]), where)] : [name];
    });
}

const agree = (a: number, b: number, relative: number) =>
  Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b)) + 1e-11;
