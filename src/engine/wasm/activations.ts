// The sigmoid, tanh and the exponential, all from eˣ − 1: with x = n ln 2 + r and |r| ≤ ln 2 / 2, it is 2ⁿ
// (eʳ − 1) + (2ⁿ − 1), which stays exact to the last digits near x = 0, where tanh needs it. NaN stays NaN.

import { load, multiplyAdd, store } from "./lanes";

/**
 * What the formulas need, read once before a loop: V8 makes a constant of four floats anew at each use, in
 * three instructions. ln 2 is a number of ten bits, whose products with n are exact, and the rest; adding 1.5
 * · 2²³ leaves the nearest integer in the lowest bits; the series of (eʳ − 1 − r) / r² ends where the next
 * term is below 2·10⁻⁸ of eʳ − 1.
 */
const numbers = memory.data<f32>([
  1.44269504088896341, 12582912, 0.693359375, -2.12194440054690583e-4, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
  1.0 / 24, 1.0 / 6, 0.5, 1, 2, 87, 40,
]);
const rest = memory.data(16, 16);

const sigmoid: i32 = 0;
const tanh: i32 = 1;
const exponential: i32 = 2;

@inline
function number(index: usize): v128 {
  return v128.load32_splat(numbers + 4 * index);
}

/** 1 / (1 + e⁻ᶻ) of `count` numbers, also in place. */
export function sigmoids(count: i32, from: usize, into: usize): void {
  const none = f32x4.splat(0);
  each(sigmoid, count >> 2, from, into, none);
  const whole = <usize>(count & ~3) << 2;
  if (!(count &= 3)) return;
  v128.store(rest, load(from + whole, count));
  each(sigmoid, 1, rest, rest, none);
  store(into + whole, v128.load(rest), count);
}

/** (e²ᶻ − 1) / (e²ᶻ + 1) of `count` numbers, also in place. */
export function tanhs(count: i32, from: usize, into: usize): void {
  const none = f32x4.splat(0);
  each(tanh, count >> 2, from, into, none);
  const whole = <usize>(count & ~3) << 2;
  if (!(count &= 3)) return;
  v128.store(rest, load(from + whole, count));
  each(tanh, 1, rest, rest, none);
  store(into + whole, v128.load(rest), count);
}

/**
 * weight · softmax(z) of rows of `count` numbers, also in place. `sums` gets two numbers in float64 for each
 * row: max z, and Σ e^(z − max z) over the others, which keeps the digits of log Σ eᶻ where one number is far
 * above them.
 */
export function softmax(rows: i32, count: i32, weight: f64, from: usize, into: usize, sums: usize): void {
  const row = <usize>count << 2;
  const whole = row & ~15;
  const one = f32x4.splat(1);
  for (; rows > 0; rows--, from += row, into += row, sums += 16) {
    let top = v128.load32_splat(from);
    for (let k: usize = 0; k < whole; k += 16) top = f32x4.pmax(top, v128.load(from + k));
    for (let k = whole; k < row; k += 4) top = f32x4.pmax(top, v128.load32_splat(from + k));
    top = f32x4.pmax(top, v128.shuffle<f32>(top, top, 2, 3, 0, 1));
    top = f32x4.pmax(top, v128.shuffle<f32>(top, top, 1, 0, 3, 2));
    each(exponential, count >> 2, from, into, top);
    if (count & 3) {
      v128.store(rest, load(from + whole, count & 3));
      each(exponential, 1, rest, rest, top);
      store(into + whole, v128.load(rest), count & 3);
    }
    let below = f64x2.splat(0);
    let tops = i32x4.splat(0);
    for (let k: usize = 0; k < row; k += 16) {
      const power = k < whole ? v128.load(into + k) : load(into + whole, count & 3);
      const isTop = f32x4.eq(power, one);
      const smaller = v128.andnot(power, isTop);
      below = f64x2.add(below, f64x2.promote_low_f32x4(smaller));
      below = f64x2.add(below, f64x2.promote_low_f32x4(v128.shuffle<f32>(smaller, smaller, 2, 3, 0, 1)));
      tops = i32x4.sub(tops, isTop);
    }
    const ties =
      i32x4.extract_lane(tops, 0) + i32x4.extract_lane(tops, 1) + i32x4.extract_lane(tops, 2) + i32x4.extract_lane(tops, 3);
    const others = f64x2.extract_lane(below, 0) + f64x2.extract_lane(below, 1) + <f64>(ties - 1);
    const scale = f32x4.splat(<f32>(weight / (1 + others)));
    for (let k: usize = 0; k < whole; k += 16) v128.store(into + k, f32x4.mul(v128.load(into + k), scale));
    if (count & 3) store(into + whole, f32x4.mul(load(into + whole, count & 3), scale), count & 3);
    v128.store(sums, f64x2.replace_lane(f64x2.splat(f32x4.extract_lane(top, 0)), 1, others));
  }
}

/** `origin` is what the exponential takes away from z first. */
@inline
function each(what: i32, vectors: i32, from: usize, into: usize, origin: v128): void {
  const log2e = number(0);
  const rounding = number(1);
  const ln2High = number(2);
  const ln2Low = number(3);
  const c5 = number(4);
  const c4 = number(5);
  const c3 = number(6);
  const c2 = number(7);
  const c1 = number(8);
  const c0 = number(9);
  const one = number(10);
  const two = number(11);
  const limit = number(what == tanh ? 13 : 12);
  const low = f32x4.neg(limit);
  for (; vectors > 0; vectors--, from += 16, into += 16) {
    const z = v128.load(from);
    const exact = what == tanh ? f32x4.add(z, z) : what == sigmoid ? f32x4.neg(z) : f32x4.sub(z, origin);
    const x = f32x4.pmin(f32x4.pmax(exact, low), limit);
    const exponent = f32x4.add(f32x4.mul(x, log2e), rounding);
    const n = f32x4.sub(exponent, rounding);
    const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2High)), f32x4.mul(n, ln2Low));
    const square = f32x4.mul(r, r);
    // In pairs, not one after the other: what takes time is waiting for the term before.
    let series = multiplyAdd(c5, r, c4);
    series = multiplyAdd(series, square, multiplyAdd(c3, r, c2));
    series = multiplyAdd(series, square, multiplyAdd(c1, r, c0));
    series = multiplyAdd(series, square, r);
    // 2ⁿ: n becomes the exponent's bits.
    const scale = i32x4.add(i32x4.shl(exponent, 23), one);
    if (what == tanh) {
      const expm1 = multiplyAdd(scale, series, f32x4.sub(scale, one));
      v128.store(into, f32x4.div(expm1, f32x4.add(expm1, two)));
    } else {
      const power = multiplyAdd(scale, series, scale);
      v128.store(into, what == sigmoid ? f32x4.div(one, f32x4.add(one, power)) : power);
    }
  }
}
