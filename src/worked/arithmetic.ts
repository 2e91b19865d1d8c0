// The arithmetic of a worked solution: mathjs with float64 numbers or with BigNumbers, and the functions that
// the formulas of the outline use. Loading mathjs takes a while, so this file is imported when a solution is
// asked for.

import type { BigNumber } from "mathjs";
import {
  addDependencies,
  bignumberDependencies,
  create,
  derivativeDependencies,
  divideDependencies,
  dotDivideDependencies,
  dotMultiplyDependencies,
  dotPowDependencies,
  expDependencies,
  formatDependencies,
  isPositiveDependencies,
  logDependencies,
  multiplyDependencies,
  parseDependencies,
  subtractDependencies,
  sumDependencies,
  tanhDependencies,
  transposeDependencies,
  unaryMinusDependencies,
} from "mathjs";

export type Scalar = number | BigNumber;
export type Value = Scalar | Scalar[] | Scalar[][];

/** The activations, as mathjs reads them. They are evaluated, shown and differentiated from here. */
export const definitions = { sigma: "1 / (1 + exp(-z))", tanh: "tanh(z)" };

export type Arithmetic = ReturnType<typeof withDigits>;

const ready = new Map<number | undefined, Arithmetic>();

/** @param digits significant digits of a BigNumber; float64 when not given */
export function arithmetic(digits?: number): Arithmetic {
  const made = ready.get(digits) ?? withDigits(digits);
  ready.set(digits, made);
  return made;
}

function withDigits(digits?: number) {
  const math = create(
    {
      addDependencies,
      bignumberDependencies,
      derivativeDependencies,
      divideDependencies,
      dotDivideDependencies,
      dotMultiplyDependencies,
      dotPowDependencies,
      expDependencies,
      formatDependencies,
      isPositiveDependencies,
      logDependencies,
      multiplyDependencies,
      parseDependencies,
      subtractDependencies,
      sumDependencies,
      tanhDependencies,
      transposeDependencies,
      unaryMinusDependencies,
    },
    { matrix: "Array", number: digits === undefined ? "number" : "BigNumber", precision: digits ?? 64 },
  );
  const sigma = math.parse(definitions.sigma).compile();
  const tanh = math.parse(definitions.tanh).compile();
  const scalar = (value: number | string) => math.bignumber(value) as Scalar;
  const zero = digits === undefined ? 0 : scalar(0);
  const one = digits === undefined ? 1 : scalar(1);
  const times = (a: Scalar, b: Scalar) => math.multiply(a, b) as Scalar;
  const total = (terms: Scalar[]) => math.sum(terms as number[]) as Scalar;

  /** Of a BigNumber, decimal.js takes as long for tanh z as z is large; for e^z it does not. */
  const tanhOf = (z: Scalar): Scalar => {
    if (digits === undefined || Math.abs(Number(z)) < 20) return tanh.evaluate({ z }) as Scalar;
    const isNegative = Number(z) < 0;
    const small = math.exp(times(z, scalar(isNegative ? 2 : -2)) as number);
    const size = math.divide(math.subtract(1, small), math.add(1, small)) as Scalar;
    return isNegative ? math.unaryMinus(size as number) : size;
  };

  /** What a formula may call besides + − * .* ./ .^ */
  const functions = {
    sigma: each((z) => sigma.evaluate({ z }) as Scalar),
    tanh: each(tanhOf),
    relu: each((z) => (math.isPositive(z) ? z : zero)),
    positive: each((h) => (math.isPositive(h) ? one : zero)),
    exp: each((z) => math.exp(z as number) as Scalar),
    log: each((p) => math.log(p as number) as Scalar),
    sum: total,
    T: (W: Scalar[][]) => math.transpose(W as number[][]) as Scalar[][],
    outer: (a: Scalar[], b: Scalar[]) => a.map((ai) => b.map((bj) => times(ai, bj))),
    /** W h before the sums: row k holds the terms of component k, as slide 42 writes them. */
    products: (W: Scalar[][], h: Scalar[]) => W.map((row) => row.map((w, j) => times(w, h[j]))),
    rowSums: (terms: Scalar[][]) => terms.map(total),
    /** −Σ y_k log ŷ_k; a class with y_k = 0 counts nothing, however small ŷ_k. */
    crossEntropy: (y: Scalar[], logs: Scalar[]) =>
      math.unaryMinus(
        total(y.map((yk, k) => (Number(yk) === 0 ? zero : times(yk, logs[k])))) as number,
      ) as Scalar,
  };

  return {
    math,
    functions,
    /** A number of the caller's; 0.1 is taken as the decimal fraction it is written as. */
    given: each((value) => (digits === undefined ? value : scalar(value as number))),
  };
}

/** f of every element of a scalar, vector or matrix. */
export function each<R>(f: (element: Scalar) => R) {
  function apply(value: Scalar): R;
  function apply(value: Scalar[]): R[];
  function apply(value: Scalar[][]): R[][];
  function apply(value: Value): R | R[] | R[][];
  function apply(value: Value): R | R[] | R[][] {
    if (!Array.isArray(value)) return f(value);
    return value.map((row) => (Array.isArray(row) ? row.map(f) : f(row))) as R[] | R[][];
  }
  return apply;
}
