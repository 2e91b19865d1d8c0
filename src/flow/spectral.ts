// Two sizes of a recurrent matrix that bound how fast a gradient can grow or fade through it.

import type { Matrix } from "../numbers/linear_algebra.js";
import { matVec, norm, shape, transpose } from "../numbers/linear_algebra.js";
import { checkFinite } from "../numbers/validation.js";

/**
 * ρ(W) = max |λ|, the largest absolute eigenvalue, by Gelfand's formula ρ = lim ‖Wᵏ‖^(1/k). Where W is
 * applied again and again and nothing saturates, ρᵏ is how a gradient grows or fades in the long run; over a
 * few steps it can be far from it (a nilpotent W has ρ = 0).
 *
 * @param W matrix [n, n]
 * @throws {TypeError} when W is not a matrix of numbers
 * @throws {RangeError} when W is not square or not finite
 */
export function spectralRadius(W: Matrix): number {
  const [rows, columns] = matrixShape("spectralRadius", W);
  if (rows !== columns) {
    throw new RangeError(`spectralRadius: W has shape [${rows}, ${columns}], but must be square`);
  }
  const size = norm(W);
  if (size === 0) return 0;
  // Squaring doubles k each time; at k = 2⁵³ the error has gone, which falls as (log k)/k. The powers are
  // kept at norm 1, and the factors divided out are summed as logarithms.
  let power = dividedBy(size, W);
  let logarithm = 0;
  for (let k = 2; k <= 2 ** 53; k *= 2) {
    power = product(power, power);
    const growth = norm(power);
    if (growth === 0) return 0;
    power = dividedBy(growth, power);
    logarithm += Math.log(growth) / k;
  }
  return size * Math.exp(logarithm);
}

/**
 * σ_max(W) = max ‖Wx‖ / ‖x‖, the largest singular value: the root of ρ(WᵀW). One step back,
 * ‖Wᵀ diag(φ′) ∂h‖ ≤ σ_max γ ‖∂h‖ with γ = max |φ′|, which is 1 for tanh: hence the bound (σ_max γ)ᵏ over k
 * steps (Pascanu, Mikolov and Bengio 2013).
 *
 * @param W matrix [m, n]
 * @throws {TypeError} when W is not a matrix of numbers
 * @throws {RangeError} when W is not finite, or its rows differ in length
 */
export function largestSingularValue(W: Matrix): number {
  matrixShape("largestSingularValue", W);
  const size = norm(W);
  if (size === 0) return 0;
  const scaled = dividedBy(size, W);
  return size * Math.sqrt(spectralRadius(product(transpose(scaled), scaled)));
}

function product(A: Matrix, B: Matrix): Matrix {
  const columns = transpose(B);
  return A.map((row) => matVec(columns, row));
}

/** W / size. A reciprocal of a subnormal size would overflow, so elements are divided. */
function dividedBy(size: number, W: Matrix): Matrix {
  return W.map((row) => row.map((w) => w / size));
}

function matrixShape(where: string, W: Matrix): number[] {
  const size = shape(W);
  if (size.length !== 2) throw new TypeError(`${where}: W is a vector, but must be a matrix`);
  checkFinite(where, "W", W);
  return size;
}
