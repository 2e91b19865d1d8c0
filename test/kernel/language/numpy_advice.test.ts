// What NumPy has for arrays ends as an error of types, and the error says what to write instead: each line of
// the table in notebook 00.

import { expect, test } from "vitest";
import { plainTraceback, useKernel } from "../../support/kernel.js";

const kernel = useKernel();

const SETUP = `
import {
  add, hadamard, matVec, norm, outer, scale, shape, sub, tanh, transpose, transposedMatVec, zeros,
} from "unrolled";
let a = [1, 2];
const b = [3, 4];
const W = [[1, 2], [3, 4]];
const typed = Float64Array.of(1, 2);
const fixed: readonly number[] = [1, 2];
const k: 2 | 3 = 2;
`;

/** The advice about a cell that must not compile. */
async function advice(code: string): Promise<string[]> {
  await kernel.evaluate(SETUP);
  const { error } = await kernel.client.execute(code);
  expect(error?.ename, code).toMatch(/TypeScriptError|SyntaxError/);
  return plainTraceback(error).filter((line) => /^Instead of |NumPy/.test(line));
}

const fromLibrary = [
  ["a + b", "add(a, b)", [4, 6]],
  ["a - b", "sub(a, b)", [-2, -2]],
  ["a * b", "hadamard(a, b)", [3, 8]],
  [
    "W * W",
    "hadamard(W, W)",
    [
      [1, 4],
      [9, 16],
    ],
  ],
  ["3 * a", "scale(3, a)", [3, 6]],
  [
    "W * (1 + k)",
    "scale(1 + k, W)",
    [
      [3, 6],
      [9, 12],
    ],
  ],
  ["W * a", "matVec(W, a)", [5, 11]],
  ["a += b", "a = add(a, b)", [4, 6]],
  ["np.dot(W, a)", "matVec(W, a)", [5, 11]],
  ["np.dot(b, W)", "transposedMatVec(W, b)", [15, 22]],
  [
    "np.outer(a, b)",
    "outer(a, b)",
    [
      [3, 4],
      [6, 8],
    ],
  ],
  [
    "np.zeros((2, 3))",
    "zeros(2, 3)",
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ],
  ["np.linalg.norm(b)", "norm(b)", 5],
  ["numpy.multiply(a, b)", "hadamard(a, b)", [3, 8]],
  [
    "W.T",
    "transpose(W)",
    [
      [1, 3],
      [2, 4],
    ],
  ],
  ["W.dot(a)", "matVec(W, a)", [5, 11]],
  ["W.shape", "shape(W)", [2, 2]],
  ["a.shape()", "shape(a)", [2]],
] as const;

test.each(fromLibrary)("instead of %s, the error offers %s", async (written, instead, value) => {
  const [name] = /\w+(?=\()/.exec(instead)!;
  expect(await advice(written)).toEqual([
    `Instead of ${written}, write ${instead}, with ${name} from "unrolled".`,
  ]);
  expect(await kernel.evaluate(`JSON.stringify(${instead})`)).toBe(`'${JSON.stringify(value)}'`);
});

const inTypeScript = [
  ["1 - a", "a.map((value) => 1 - value)", [0, -1]],
  [
    "W / 2",
    "W.map((row) => row.map((value) => value / 2))",
    [
      [0.5, 1],
      [1.5, 2],
    ],
  ],
  ["a / b", "a.map((value, n) => value / b[n])", [1 / 3, 0.5]],
  ["(a ? b : a) ** 2", "(a ? b : a).map((value) => value ** 2)", [9, 16]],
  ["typed * 2", "typed.map((value) => value * 2)", { 0: 2, 1: 4 }],
  ["fixed + fixed", "fixed.map((value, n) => value + fixed[n])", [2, 4]],
  ["np.dot(a, b)", "a.reduce((sum, value, n) => sum + value * b[n], 0)", 11],
  ["a.sum()", "a.reduce((sum, value) => sum + value, 0)", 3],
  ["np.max(b)", "Math.max(...b)", 4],
  ["np.array([1, 2])", "[1, 2]", [1, 2]],
  ["np.sqrt(W[0][0])", "Math.sqrt(W[0][0])", 1],
  ["np.abs(a)", "a.map(Math.abs)", [1, 2]],
  ["W[0, 1]", "W[0][1]", 2],
] as const;

test.each(inTypeScript)("instead of %s, the error offers %s", async (written, instead, value) => {
  expect(await advice(written)).toEqual([`Instead of ${written}, write ${instead}.`]);
  expect(await kernel.evaluate(`JSON.stringify(${instead})`)).toBe(`'${JSON.stringify(value)}'`);
});

test("each calculation in a cell gets its line, the innermost first", async () => {
  const cell = "np.dot(W.T, b);\nconst z = b * (1 - b);\na + b;\na + b";
  expect(await advice(cell)).toEqual([
    `Instead of np.dot(W.T, b), write matVec(W.T, b), with matVec from "unrolled".`,
    `Instead of W.T, write transpose(W), with transpose from "unrolled".`,
    "Instead of 1 - b, write b.map((value) => 1 - value).",
    `Instead of a + b, write add(a, b), with add from "unrolled".`,
  ]);
});

test("the operator @ does not parse, and is explained all the same", async () => {
  const product = [`Instead of W @ x, write matVec(W, x), with matVec from "unrolled".`];
  expect(await advice("W @ a")).toEqual(product);
  expect(await advice("const z = W @ a + b;")).toEqual(product);
});

test("NumPy itself is said to be Python's", async () => {
  const none = ["NumPy is a library of Python. There is none in TypeScript."];
  expect(await advice("import numpy as np")).toEqual(none);
  expect(await advice("np.random.randn(2)")).toEqual(none);
  expect(await advice("np")).toEqual(none);
});

test("an error about anything else gets no such line", async () => {
  await kernel.evaluate(`
    class Series { values = [1, 2]; }
    const series = new Series();
    const words = ["one", "two"];
    const counts: Record<number, number> = {};
  `);
  for (const code of [
    "series * 2",
    "series.shape",
    "words * 2",
    "words.T",
    "words - words",
    "counts + counts",
    "counts.shape",
    "a.shap",
    '"2" * 2',
    "nq.dot(a, b)",
    "class A { @ }",
    "const value = [1]; 1 - value",
  ]) {
    expect(await advice(code), code).toEqual([]);
  }
});

test("a name np of the user's own is the user's", async () => {
  await kernel.evaluate("const np = { dot: (x: number, y: number) => x * y }");
  expect(await kernel.evaluate("np.dot(2, 3)")).toBe("6");
  expect(await advice("np.cross(2, 3)")).toEqual([]);
});
