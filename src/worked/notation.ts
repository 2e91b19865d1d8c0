// A formula in LaTeX, with its symbols or with the numbers put in, and in plain text with its symbols.

import type { FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from "mathjs";
import { numberTex } from "./digits.js";
import { columnsThatFit, mayBreak } from "./layout.js";
import { sumTex, written } from "./symbols.js";

/** The numbers of a quantity as they are written: a scalar, a vector or a matrix of texts. */
export type Numbers = string | string[] | string[][];

/** Writes the parts of a formula; `walk` writes what is inside. */
interface Notation {
  symbol(key: string): string;
  group(inner: string): string;
  operators: Record<string, string>;
  functions: Record<string, (args: MathNode[], walk: (node: MathNode) => string) => string>;
}

function write(node: MathNode, notation: Notation): string {
  const walk = (inner: MathNode) => write(inner, notation);
  switch (node.type) {
    case "SymbolNode":
      return notation.symbol((node as SymbolNode).name);
    case "ParenthesisNode":
      return notation.group(walk((node as ParenthesisNode).content));
    case "OperatorNode": {
      const { op, args } = node as OperatorNode;
      if (Object.hasOwn(notation.functions, op)) return notation.functions[op](args, walk);
      return args.map(walk).join(notation.operators[op]);
    }
    case "FunctionNode": {
      const { fn, args } = node as FunctionNode<SymbolNode>;
      return notation.functions[fn.name](args, walk);
    }
    default:
      return node.toString();
  }
}

const keyOf = (node: MathNode) => (node as SymbolNode).name;
const brackets = (inner: string) => `\\left(${inner}\\right)`;

const texOperators = {
  "+": `${mayBreak}+ `,
  "-": `${mayBreak}- `,
  ".*": `${mayBreak}\\odot `,
  "*": "\\, ",
};

const symbolsTex: Notation = {
  symbol: (key) => written(key).tex,
  group: brackets,
  operators: texOperators,
  functions: {
    sigma: ([z], walk) => `\\sigma(${walk(z)})`,
    tanh: ([z], walk) => `\\tanh(${walk(z)})`,
    relu: ([z], walk) => `\\operatorname{relu}(${walk(z)})`,
    positive: ([h], walk) => `[${walk(h)} > 0]`,
    exp: ([z], walk) => `e^{${walk(z)}}`,
    log: ([p], walk) => `\\log ${walk(p)}`,
    sum: ([v]) => sumTex(written(keyOf(v), "k").tex),
    T: ([W], walk) => `${walk(W)}^{\\top}`,
    outer: ([a, b], walk) => `${walk(a)}\\, ${walk(b)}^{\\top}`,
    products: ([W, h], walk) => `${walk(W)}\\, ${walk(h)}`,
    rowSums: ([terms], walk) => walk(terms),
    crossEntropy: ([y, logs]) =>
      `-${sumTex(`${written(keyOf(y), "k").tex} ${written(keyOf(logs), "k").tex}`)}`,
    ".^": ([base, power], walk) =>
      walk(base).startsWith("\\tanh(")
        ? walk(base).replace("\\tanh", `\\tanh^${walk(power)}`)
        : `${walk(base)}^${walk(power)}`,
    "./": ([a, b], walk) => `\\frac{${walk(a)}}{${walk(b)}}`,
  },
};

/** The formula in LaTeX: f_1 \odot C_0. */
export const formulaTex = (node: MathNode) => write(node, symbolsTex);

const symbolsText: Notation = {
  symbol: (key) => written(key).text,
  group: (inner) => `(${inner.replaceAll(" ", "")})`,
  operators: { "+": " + ", "-": " − ", ".*": "⊙", "*": " " },
  functions: {
    sigma: ([z], walk) => `σ(${walk(z)})`,
    tanh: ([z], walk) => `tanh(${walk(z)})`,
    relu: ([z], walk) => `relu(${walk(z)})`,
    positive: ([h], walk) => `[${walk(h)}>0]`,
    exp: ([z], walk) => `e^${walk(z)}`,
    log: ([p], walk) => `log ${walk(p)}`,
    sum: ([v], walk) => `Σ ${walk(v)}`,
    T: ([W], walk) => `${walk(W)}ᵀ`,
    outer: ([a, b], walk) => `${walk(a)} ${walk(b)}ᵀ`,
    products: ([W, h], walk) => `${walk(W)}⊙${walk(h)}`,
    rowSums: ([terms], walk) => walk(terms).replace("⊙", " "),
    crossEntropy: ([y, logs], walk) => `−Σ ${walk(y)} ${walk(logs)}`,
    ".^": ([base], walk) => `${walk(base)}²`,
    "./": ([a, b], walk) => `${walk(a)} / ${walk(b)}`,
  },
};

/** The formula in plain text: f₁⊙C₀. */
export const formulaText = (node: MathNode) => write(node, symbolsText);

/** The formula in LaTeX with numbers for its symbols. */
export function numbersTex(node: MathNode, numbers: (key: string) => Numbers): string {
  const of = (inner: MathNode) => numbers(keyOf(inner));
  /** A quantity whose every number is written by f. */
  const elements = (inner: MathNode, f: (number: string) => string) => {
    const value = of(inner);
    return typeof value === "string" ? f(value) : columnTex(value as string[], f);
  };
  return write(node, {
    symbol: (key) => valueTex(numbers(key)),
    group: brackets,
    operators: texOperators,
    functions: {
      ...symbolsTex.functions,
      "*": ([a, b], walk) =>
        `${walk(a)}${a.type === "SymbolNode" && typeof of(a) === "string" ? " \\cdot " : mayBreak}${walk(b)}`,
      sigma: ([z], walk) => `\\sigma${walk(z)}`,
      tanh: ([z], walk) => `\\tanh${walk(z)}`,
      relu: ([z], walk) => `\\operatorname{relu}${walk(z)}`,
      positive: ([h], walk) => `\\left[${walk(h)} > 0\\right]`,
      exp: ([z]) => elements(z, (number) => `e^{${number}}`),
      log: ([p]) => elements(p, (number) => `\\log ${number}`),
      sum: ([v]) => additionTex(of(v) as string[]),
      T: ([W]) => valueTex(transposed(of(W) as string[][])),
      outer: ([a, b], walk) => `${walk(a)}${mayBreak}${valueTex([of(b) as string[]])}`,
      products: ([W, h], walk) => `${walk(W)}${mayBreak}${walk(h)}`,
      rowSums: ([terms], walk) =>
        terms.type === "SymbolNode" ? columnTex((of(terms) as string[][]).map(additionTex)) : walk(terms),
      crossEntropy: ([y, logs]) => crossEntropyTex(of(y) as string[], of(logs) as string[]),
      ".^": ([base, power]) => elements(base, (number) => `${signed(number)}^{${power.toString()}}`),
    },
  });
}

const transposed = (W: string[][]) => W[0].map((_, j) => W.map((row) => row[j]));

/** A negative number in brackets. */
const signed = (number: string) => (number.startsWith("-") ? `(${number})` : number);

const additionTex = (terms: string[]) =>
  elided(terms, Math.max(2, columnsThatFit(terms)), "\\cdots")
    .map((term, k) => (k === 0 || term.startsWith("-") ? numberTex(term) : `+ ${numberTex(term)}`))
    .join(" ");

const crossEntropyTex = (y: string[], logs: string[]) => {
  const terms = y.map((yk, k) => `${signed(numberTex(yk))} \\cdot ${signed(numberTex(logs[k]))}`);
  return `-${brackets(elided(terms, 4, "\\cdots").join(" + "))}`;
};

/** A scalar, a column vector or a matrix; one that is too wide or too high is shortened by dots. */
export function valueTex(value: Numbers): string {
  if (typeof value === "string") return numberTex(value);
  const rows = value.map((row) => (typeof row === "string" ? [row] : row));
  const columns = Math.max(2, Math.min(...rows.map(columnsThatFit)));
  return matrixTex(rows.map((row) => elided(row.map(numberTex), columns, "\\cdots")));
}

const columnTex = (value: string[], f: (number: string) => string = (number) => number) =>
  matrixTex(value.map((number) => [f(numberTex(number))]));

const highestMatrixRows = 8;

function matrixTex(rows: string[][]): string {
  const shown = elided(
    rows,
    highestMatrixRows,
    rows[0].map(() => "\\vdots"),
  );
  return `\\begin{pmatrix}${shown.map((row) => row.join(" & ")).join(" \\\\ ")}\\end{pmatrix}`;
}

/** At most `most` entries: the first ones, dots, the last one. */
function elided<T>(entries: T[], most: number, dots: T): T[] {
  return entries.length <= most
    ? entries
    : [...entries.slice(0, most - 1), dots, entries[entries.length - 1]];
}

/** A quantity in plain text: 0.8884, (0.6457, 0.7685) or [[0.1, 0.2], [0.3, 0.4]]. */
export function valueText(value: Numbers): string {
  if (typeof value === "string") return value;
  const entries = value.map((row) => (typeof row === "string" ? row : `[${listed(row)}]`));
  return typeof value[0] === "string" ? `(${listed(entries)})` : `[${listed(entries)}]`;
}

const listed = (entries: string[]) => elided(entries, highestMatrixRows, "…").join(", ");
