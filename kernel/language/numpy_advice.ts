// What to write instead of NumPy's way to calculate with arrays: operators between them, `np.dot(a, b)`,
// `W.T`. The types that the compiler found decide, not the names, which may be anybody's.

import type * as TS from "typescript";
import { cellModules } from "../own_package.js";
import type { ConvertResult } from "./typescript.js";
import { ts } from "./typescript.js";

type Diagnostic = ConvertResult["diagnostics"][number];

/** Typed and readonly arrays, which the library's functions do not take, are `numbers`. */
type Kind = "number" | "vector" | "matrix" | "numbers";

const UNKNOWN_NAME = [2304, 2552];
const UNKNOWN_MEMBER = [2339, 2551];
// "… must be of type 'any', 'number', 'bigint' or an enum type", "Operator … cannot be applied to types …"
const NOT_NUMBERS = [2362, 2363, 2365];
const UNUSED_LEFT_OF_COMMA = 2695;
const DECLARATION_EXPECTED = 1146;

/** Which the kernel's own package comes without. */
const LIBRARY = "unrolled";

/** The library's functions for operators, by the kinds of a and b. */
const OPERATIONS: Record<string, string | undefined> = {
  "vector + vector": "add(a, b)",
  "matrix + matrix": "add(a, b)",
  "vector - vector": "sub(a, b)",
  "matrix - matrix": "sub(a, b)",
  "vector * vector": "hadamard(a, b)",
  "matrix * matrix": "hadamard(a, b)",
  "number * vector": "scale(a, b)",
  "number * matrix": "scale(a, b)",
  "vector * number": "scale(b, a)",
  "matrix * number": "scale(b, a)",
  // NumPy repeats the vector for each row; who writes it means the product.
  "matrix * vector": "matVec(a, b)",
  "matrix @ vector": "matVec(a, b)",
  "vector @ matrix": "transposedMatVec(b, a)",
  // One of them unknown, as W.T is.
  " @ vector": "matVec(a, b)",
  "matrix @ ": "matVec(a, b)",
};

/** The library's functions for NumPy's, and for members of its arrays. */
const FUNCTIONS: Record<string, string | undefined> = {
  T: "transpose(a)",
  transpose: "transpose(a)",
  shape: "shape(a)",
  outer: "outer(a, b)",
  add: "add(a, b)",
  subtract: "sub(a, b)",
  multiply: "hadamard(a, b)",
  zeros: "zeros(a)",
  tanh: "tanh(a)",
  "linalg.norm": "norm(a)",
};

/** JavaScript's own way for NumPy's functions of a vector. */
const REDUCTIONS: Record<string, string | undefined> = {
  sum: "a.reduce((sum, value) => sum + value, 0)",
  max: "Math.max(...a)",
  min: "Math.min(...a)",
};

const ARITHMETIC = /^([-+*/%]|\*\*)(=?)$/;
// `Math` has them by the same names.
const ELEMENTWISE = /^(?:abs|ceil|cos|cosh|exp|floor|log|log10|log2|sign|sin|sinh|sqrt|tan)$/;
const TYPED_ARRAY = /^(?:Float|Int|Uint)\d+(?:Clamped)?Array$/;
// Parameters of what is written here, which would hide the user's names.
const PARAMETERS = /\b(?:row|value|n|sum)\b/;
const NO_NUMPY = "NumPy is a library of Python. There is none in TypeScript.";

/** What the cell has written as NumPy has it, and what there is for it. */
export function numpyAdvice(diagnostics: Diagnostic[], program: TS.Program, cell: TS.SourceFile): string[] {
  const reader = new Reader(program.getTypeChecker(), cell);
  const lines = diagnostics.map(({ code, start, fileName }) => {
    if (fileName !== undefined) return undefined;
    // tslab puts a line in front.
    const position = cell.getPositionOfLineAndCharacter(start.line + 1, start.character);
    const node = ts.getTouchingPropertyName(cell, position);
    if (UNKNOWN_NAME.includes(code)) return reader.name(node);
    if (UNKNOWN_MEMBER.includes(code)) return reader.member(node);
    if (NOT_NUMBERS.includes(code)) return reader.operation(node, position);
    return code === UNUSED_LEFT_OF_COMMA ? reader.element(node) : undefined;
  });
  return [...new Set(lines.filter((line) => line !== undefined))];
}

/** The operator `@` does not parse, so nothing is known of what stands beside it. */
export function numpySyntaxAdvice(diagnostics: Diagnostic[], source: string): string[] {
  if (/^[ \t]*(?:import|from)[ \t]+numpy\b/m.test(source)) return [NO_NUMPY];
  const isProduct = diagnostics.some(
    ({ code, start: { offset } }) =>
      code === DECLARATION_EXPECTED && /[\p{ID_Continue}$)\]] *@ *\S+\s*$/u.test(source.slice(0, offset)),
  );
  if (!isProduct) return [];
  return [ofLibrary("W @ x", "matVec(W, x)") ?? "TypeScript has no operator @."];
}

const instead = (numpy: string, here: string, from = "") =>
  `Instead of ${oneLine(numpy)}, write ${oneLine(here)}${from}.`;
const oneLine = (code: string) => code.replace(/\s+/g, " ");

/** @param here calls a function of the library */
function ofLibrary(numpy: string, here: string): string | undefined {
  const name = here.slice(0, here.indexOf("(")).split(" ").at(-1);
  return cellModules.has(LIBRARY) ? instead(numpy, here, `, with ${name} from "${LIBRARY}"`) : undefined;
}

const fill = (template: string, a: string, b = "") =>
  template.replace(/\b[ab]\b/g, (name) => (name === "a" ? a : b));

const isFlat = (kind: Kind | undefined) => kind === "vector" || kind === "numbers";
const isArray = (kind: Kind | undefined) => isFlat(kind) || kind === "matrix";

/** Reads what the errors are about. */
class Reader {
  readonly #checker: TS.TypeChecker;
  readonly #cell: TS.SourceFile;

  constructor(checker: TS.TypeChecker, cell: TS.SourceFile) {
    this.#checker = checker;
    this.#cell = cell;
  }

  /** `np.dot(a, b)` where there is no `np` */
  name(node: TS.Node): string | undefined {
    if (!/^(?:np|numpy)$/.test(this.#text(node))) return undefined;
    const path: string[] = [];
    let member = node;
    while (ts.isPropertyAccessExpression(member.parent)) {
      path.push(member.parent.name.text);
      member = member.parent;
    }
    const call = member.parent;
    if (!ts.isCallExpression(call) || call.expression !== member || call.arguments.length === 0)
      return NO_NUMPY;
    return this.#function(call, path.join("."), [...call.arguments]) ?? NO_NUMPY;
  }

  /** `W.T`, `W.shape`, `a.dot(b)` of an array of numbers */
  member(name: TS.Node): string | undefined {
    const member = name.parent;
    if (!ts.isPropertyAccessExpression(member) || !isArray(this.#kind(member.expression))) return undefined;
    const { parent: call, expression } = member;
    return ts.isCallExpression(call) && call.expression === member
      ? this.#function(call, member.name.text, [expression, ...call.arguments])
      : this.#function(member, member.name.text, [expression]);
  }

  #function(whole: TS.Expression, name: string, [a, b]: TS.Expression[]): string | undefined {
    const numpy = this.#text(whole);
    if (b && (name === "dot" || name === "matmul")) return this.#calculated(whole, a, "@", b);
    if (name === "array") return instead(numpy, this.#argument(a));
    const here = FUNCTIONS[name];
    if (here !== undefined) return ofLibrary(numpy, fill(here, this.#argument(a), b && this.#argument(b)));
    const kind = this.#kind(a);
    if (kind === "number") {
      return ELEMENTWISE.test(name) ? instead(numpy, `Math.${name}(${this.#argument(a)})`) : undefined;
    }
    if (!isFlat(kind)) return undefined;
    const reduced = REDUCTIONS[name];
    if (reduced) return instead(numpy, fill(reduced, this.#receiver(a)));
    return ELEMENTWISE.test(name) ? instead(numpy, `${this.#receiver(a)}.map(Math.${name})`) : undefined;
  }

  /** `a * b` where one of the two is an array of numbers */
  operation(operand: TS.Node, position: number): string | undefined {
    for (let node = operand; !ts.isStatement(node); node = node.parent) {
      if (!ts.isBinaryExpression(node)) continue;
      const { left, right, operatorToken } = node;
      const [, operator, isAssigned] = ARITHMETIC.exec(this.#text(operatorToken)) ?? [];
      const isMeant = [left, right].some((side) => side.getStart(this.#cell) === position);
      if (!operator || !isMeant || ![left, right].some((side) => isArray(this.#kind(side)))) continue;
      return this.#calculated(node, left, operator, right, isAssigned ? `${this.#text(left)} = ` : "");
    }
    return undefined;
  }

  #calculated(
    whole: TS.Expression,
    left: TS.Expression,
    operator: string,
    right: TS.Expression,
    target = "",
  ): string | undefined {
    const kinds = [this.#kind(left), this.#kind(right)];
    const here = OPERATIONS[kinds.join(` ${operator} `)];
    const [a, b] = [this.#argument(left), this.#argument(right)];
    const called = here && ofLibrary(this.#text(whole), target + fill(here, a, b));
    if (called) return called;
    const mapped = this.#mapped(left, operator, right);
    return mapped && instead(this.#text(whole), target + mapped);
  }

  /** With JavaScript's own methods of arrays. */
  #mapped(left: TS.Expression, operator: string, right: TS.Expression): string | undefined {
    const [a, b] = [this.#receiver(left), this.#receiver(right)];
    const [kind, other] = [this.#kind(left), this.#kind(right)];
    if (PARAMETERS.test(`${a} ${b}`)) return undefined;
    const each = (array: string, of: Kind | undefined, result: string) =>
      of === "matrix"
        ? `${array}.map((row) => row.map((value) => ${result}))`
        : `${array}.map((value) => ${result})`;
    if (isFlat(kind) && isFlat(other)) {
      return operator === "@"
        ? `${a}.reduce((sum, value, n) => sum + value * ${b}[n], 0)`
        : `${a}.map((value, n) => value ${operator} ${b}[n])`;
    }
    if (operator === "@") return undefined;
    if (kind === "number" && isArray(other)) return each(b, other, `${a} ${operator} value`);
    return isArray(kind) && other === "number" ? each(a, kind, `value ${operator} ${b}`) : undefined;
  }

  /** `W[0, 1]` of an array of arrays */
  element(left: TS.Node): string | undefined {
    const { parent: comma } = left;
    const { parent: whole } = comma;
    if (!ts.isBinaryExpression(comma) || !ts.isElementAccessExpression(whole)) return undefined;
    if (this.#kind(whole.expression) !== "matrix") return undefined;
    const [W, i, j] = [whole.expression, comma.left, comma.right].map((each) => this.#text(each));
    return instead(this.#text(whole), `${W}[${i}][${j}]`);
  }

  /** Undefined for what is neither a number nor an array of numbers, and where another error hides it. */
  #kind(node: TS.Expression): Kind | undefined {
    if (ts.isParenthesizedExpression(node)) return this.#kind(node.expression);
    const isOperation = ts.isBinaryExpression(node) && ARITHMETIC.test(this.#text(node.operatorToken));
    const operands = isOperation
      ? [node.left, node.right]
      : ts.isPrefixUnaryExpression(node)
        ? [node.operand]
        : [];
    const isKnown = operands.every((operand) => this.#kind(operand) === "number");
    return isKnown ? this.#kindOf(this.#checker.getTypeAtLocation(node)) : undefined;
  }

  #kindOf(type: TS.Type): Kind | undefined {
    if ((this.#checker.getBaseTypeOfLiteralType(type).flags & ts.TypeFlags.NumberLike) !== 0) return "number";
    if (type.symbol && TYPED_ARRAY.test(type.symbol.name)) return "numbers";
    if (!this.#checker.isArrayType(type) && !this.#checker.isTupleType(type)) return undefined;
    const elements = this.#kindOf(type.getNumberIndexType()!);
    const isReadonly = !type.getProperty("push");
    if (elements === "number") return isReadonly ? "numbers" : "vector";
    return elements === "vector" && !isReadonly ? "matrix" : undefined;
  }

  /** As it stands before a member. */
  #receiver(node: TS.Expression): string {
    return ts.isLeftHandSideExpression(node) ? this.#text(node) : `(${this.#text(node)})`;
  }

  /** As it stands between commas. */
  #argument(node: TS.Expression): string {
    return ts.isParenthesizedExpression(node) ? this.#argument(node.expression) : this.#text(node);
  }

  #text(node: TS.Node): string {
    return node.getText(this.#cell);
  }
}
