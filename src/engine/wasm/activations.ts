// The sigmoid and tanh of four floats, both from eˣ − 1: with x = n ln 2 + r and |r| ≤ ln 2 / 2, it is
// 2ⁿ (eʳ − 1) + (2ⁿ − 1), which stays exact to the last digits near x = 0, where tanh needs it. NaN stays NaN.

import { multiplyAdd, one } from "./lanes";

/** Adding 1.5 · 2²³ leaves the nearest integer in the lowest bits. */
const rounding: f32 = 12582912;
/** ln 2 as a number of ten bits, whose products with n are exact, and the rest. */
const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.12194440054690583e-4;

/** n of x, still with `rounding` added. */
@inline
function exponent(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(rounding));
}

/** eʳ − 1 by its series, whose next term is below 2·10⁻⁸ of it. */
@inline
function remainder(x: v128, exponent: v128): v128 {
  const n = f32x4.sub(exponent, f32x4.splat(rounding));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(ln2High)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(ln2Low)));
  let series = f32x4.splat(1.0 / 5040);
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 720));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 120));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 24));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 6));
  series = multiplyAdd(series, r, f32x4.splat(0.5));
  return multiplyAdd(f32x4.mul(r, r), series, r);
}

/** 2ⁿ: n becomes the exponent's bits. */
@inline
function power(exponent: v128): v128 {
  return i32x4.add(i32x4.shl(exponent, 23), i32x4.splat(0x3f800000));
}

/** Between ±limit. */
@inline
function clamp(x: v128, limit: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(-limit)), f32x4.splat(limit));
}

/** 1 / (1 + e⁻ᶻ) */
@inline
export function sigmoid(z: v128): v128 {
  const x = clamp(f32x4.neg(z), 87);
  const n = exponent(x);
  const scale = power(n);
  return f32x4.div(one(), f32x4.add(one(), multiplyAdd(scale, remainder(x, n), scale)));
}

/** (e²ᶻ − 1) / (e²ᶻ + 1) */
@inline
export function tanh(z: v128): v128 {
  const x = clamp(f32x4.add(z, z), 40);
  const n = exponent(x);
  const scale = power(n);
  const expm1 = multiplyAdd(scale, remainder(x, n), f32x4.sub(scale, one()));
  return f32x4.div(expm1, f32x4.add(expm1, f32x4.splat(2)));
}
