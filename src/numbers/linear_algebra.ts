// The few operations of linear algebra that the slides use, on plain arrays: a vector is `number[]`, a matrix
// is an array of rows. They return new arrays and never change their arguments.

import { scaledNorm } from "./norms.js";
import { kind } from "./validation.js";

/** A column vector. */
export type Vector = number[];

/** A matrix as an array of rows: `W[i][j]` is row i, column j. */
export type Matrix = number[][];

/** A vector or a matrix. */
export type Tensor = Vector | Matrix;

/**
 * The shape of a vector `[n]` or a matrix `[rows, columns]`.
 *
 * @throws {RangeError} when the rows of a matrix differ in length
 */
export function shape(a: Tensor): number[] {
  if (!isMatrix(a)) return [a.length];
  const ragged = a.findIndex((row) => row.length !== a[0].length);
  if (ragged >= 0) {
    throw new RangeError(
      `shape: row ${ragged} has ${a[ragged].length} elements, but row 0 has ${a[0].length}; a matrix needs equal rows`,
    );
  }
  return [a.length, a[0].length];
}

export function isMatrix(a: Tensor): a is Matrix {
  return Array.isArray(a[0]);
}

/**
 * Wx: matrix [m, n] times vector [n], giving a vector [m].
 *
 * @throws {TypeError} when W is not a matrix
 * @throws {RangeError} when the columns of W and the elements of x differ in number
 */
export function matVec(W: Matrix, x: Vector): Vector {
  const [, columns] = matrixShape("matVec", "W", W);
  if (x.length !== columns) {
    throw new RangeError(`matVec: x has ${x.length} elements, but W has ${columns} columns`);
  }
  return W.map((row) => dot(row, x));
}

/**
 * Wᵀy: transposed matrix [m, n] times vector [m], giving a vector [n]. Slides 45, 52 and 71: an error goes
 * back through Wᵀ.
 *
 * @throws {TypeError} when W is not a matrix
 * @throws {RangeError} when the rows of W and the elements of y differ in number
 */
export function transposedMatVec(W: Matrix, y: Vector): Vector {
  const [rows] = matrixShape("transposedMatVec", "W", W);
  if (y.length !== rows) {
    throw new RangeError(`transposedMatVec: y has ${y.length} elements, but W has ${rows} rows`);
  }
  return transpose(W).map((column) => dot(column, y));
}

/** abᵀ: vectors [m] and [n], giving a matrix [m, n] with a_i b_j in row i, column j. Slide 69. */
export function outer(a: Vector, b: Vector): Matrix {
  return a.map((ai) => b.map((bj) => ai * bj));
}

/**
 * Wᵀ: matrix [m, n] to matrix [n, m].
 *
 * @throws {TypeError} when W is not a matrix
 * @throws {RangeError} when the rows of W differ in length
 */
export function transpose(W: Matrix): Matrix {
  const [, columns] = matrixShape("transpose", "W", W);
  return Array.from({ length: columns }, (_, j) => W.map((row) => row[j]));
}

/**
 * a + b + …, element by element, of vectors or matrices of one shape.
 *
 * @throws {RangeError} when the shapes differ
 */
export function add(a: Vector, b: Vector, ...more: Vector[]): Vector;
export function add(a: Matrix, b: Matrix, ...more: Matrix[]): Matrix;
export function add<T extends Tensor>(a: T, b: T, ...more: T[]): T;
export function add(...terms: Tensor[]): Tensor {
  return terms.reduce((a, b) => combine("add", a, b, (ai, bi) => ai + bi));
}

/**
 * a − b, element by element.
 *
 * @throws {RangeError} when the shapes differ
 */
export function sub(a: Vector, b: Vector): Vector;
export function sub(a: Matrix, b: Matrix): Matrix;
export function sub<T extends Tensor>(a: T, b: T): T;
export function sub(a: Tensor, b: Tensor): Tensor {
  return combine("sub", a, b, (ai, bi) => ai - bi);
}

/**
 * a ⊙ b ⊙ …, the product element by element.
 *
 * @throws {RangeError} when the shapes differ
 */
export function hadamard(a: Vector, b: Vector, ...more: Vector[]): Vector;
export function hadamard(a: Matrix, b: Matrix, ...more: Matrix[]): Matrix;
export function hadamard(...factors: Tensor[]): Tensor {
  return factors.reduce((a, b) => combine("hadamard", a, b, (ai, bi) => ai * bi));
}

/** k·a, every element times the number k. */
export function scale(k: number, a: Vector): Vector;
export function scale(k: number, a: Matrix): Matrix;
export function scale<T extends Tensor>(k: number, a: T): T;
export function scale(k: number, a: Tensor): Tensor {
  return isMatrix(a) ? a.map((row) => row.map((ai) => k * ai)) : a.map((ai) => k * ai);
}

/** ‖a‖ = √Σa²: the L2 norm of a vector, the Frobenius norm of a matrix. */
export function norm(a: Tensor): number {
  return lengthOf(isMatrix(a) ? a.flat() : a);
}

/** ‖a‖ of numbers in any array. */
export function lengthOf(elements: ArrayLike<number>): number {
  return scaledNorm(elements, 0, elements.length);
}

/** Σ_i a_i / n of n numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A vector of n zeros, or a matrix of n rows and m columns of zeros. */
export function zeros(n: number): Vector;
export function zeros(n: number, m: number): Matrix;
export function zeros(n: number, m?: number): Tensor {
  const row = (length: number) => new Array<number>(length).fill(0);
  return m === undefined ? row(n) : Array.from({ length: n }, () => row(m));
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, ai, i) => sum + ai * b[i], 0);
}

function matrixShape(where: string, name: string, W: Matrix): [number, number] {
  if (!Array.isArray(W) || !isMatrix(W)) {
    throw new TypeError(
      `${where}: ${name} is ${Array.isArray(W) ? "a vector" : kind(W)}, but must be a matrix`,
    );
  }
  const columns = W[0].length;
  const ragged = W.findIndex((row) => row.length !== columns);
  if (ragged >= 0) {
    throw new RangeError(
      `${where}: row ${ragged} of ${name} has ${W[ragged].length} elements, but row 0 has ${columns}`,
    );
  }
  return [W.length, columns];
}

function combine(where: string, a: Tensor, b: Tensor, f: (ai: number, bi: number) => number): Tensor {
  const [shapeA, shapeB] = [shape(a), shape(b)];
  if (shapeA.join() !== shapeB.join()) {
    throw new RangeError(
      `${where}: shapes [${shapeA.join(", ")}] and [${shapeB.join(", ")}] differ, but must be equal`,
    );
  }
  if (isMatrix(a) && isMatrix(b)) return a.map((row, i) => row.map((aij, j) => f(aij, b[i][j])));
  return (a as Vector).map((ai, i) => f(ai, (b as Vector)[i]));
}
