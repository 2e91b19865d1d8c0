// The sigmoid and tanh in float64, two at a time: the formulas of fdlibm, whose exp and tanh JavaScript
// engines take too, in its order and with its numbers, so that not a bit differs from V8's Math. Where fdlibm
// branches, both results are computed and one of them is selected.

/**
 * By the indices below: ln 2 in two parts, of which the first has so few digits that its products with n are
 * exact; fdlibm's polynomials of exp and of expm1; what leaves an integer in the lowest bits when it
 * is added; and where fdlibm branches.
 */
const numbers = memory.data<f64>([
  1.44269504088896338700, 6.93147180369123816490e-1, 1.90821492927058770002e-10, 1.66666666666666019037e-1,
  -2.77777777770155933842e-3, 6.61375632143793436117e-5, -1.65339022054652515390e-6, 4.13813679705723846039e-8,
  -3.33333333333331316428e-2, 1.58730158725481460165e-3, -7.93650757867487942473e-5, 4.00821782732936239552e-6,
  -2.01099218183624371326e-7, 6755399441055744, 0.5, 1, 2, 3, 6, 0.3465735912322998,
  3.7252902984619140625e-9, 22, 710, -700, -2, 0,
]);
const invLn2: usize = 0;
const ln2High: usize = 1;
const ln2Low: usize = 2;
const ofExp: usize = 3;
const ofExpm1: usize = 8;
const rounding: usize = 13;
const half: usize = 14;
const one: usize = 15;
const two: usize = 16;
const three: usize = 17;
const six: usize = 18;
/** half of ln 2, of which fdlibm reads the upper 32 bits: from here on x is reduced */
const reduced: usize = 19;
/** 2⁻²⁸: below, tanh z is z, and eˣ is 1 + x */
const tiny: usize = 20;
/** from here on tanh is 1 */
const tanhLimit: usize = 21;
/** Beyond these, eˣ is infinite, or nothing next to 1. */
const expHigh: usize = 22;
const expLow: usize = 23;
const minusTwo: usize = 24;
const zero: usize = 25;

@inline
function number(index: usize): v128 {
  return v128.load64_splat(numbers + 8 * index);
}

@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

@inline
function plus(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

@inline
function minus(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

/** The sign bits. */
@inline
function sign(x: v128): v128 {
  return v128.and(x, i64x2.splat(0x8000000000000000));
}

/** n, of x = n ln 2 + r. */
@inline
function turns(x: v128): v128 {
  const n = f64x2.trunc(plus(times(x, number(invLn2)), v128.or(number(half), sign(x))));
  return v128.and(n, f64x2.ge(f64x2.abs(x), number(reduced)));
}

/** n in the place of a double's exponent. */
@inline
function exponent(n: v128): v128 {
  return i64x2.shl(plus(n, number(rounding)), 52);
}

@inline
function sigmoid(z: v128): v128 {
  const x = f64x2.pmin(f64x2.pmax(f64x2.neg(z), number(expLow)), number(expHigh));
  const n = turns(x);
  const high = minus(x, times(n, number(ln2High)));
  const low = times(n, number(ln2Low));
  const r = minus(high, low);
  const t = times(r, r);
  let series = plus(number(ofExp + 3), times(t, number(ofExp + 4)));
  series = plus(number(ofExp + 2), times(t, series));
  series = plus(number(ofExp + 1), times(t, series));
  series = plus(number(ofExp), times(t, series));
  const c = minus(r, times(t, series));
  const ratio = f64x2.div(times(r, c), minus(number(two), c));
  const y = minus(number(one), minus(minus(low, ratio), high));
  // 2 y 2ⁿ⁻¹: 2ⁿ itself may be too large.
  let power = times(plus(y, y), i64x2.add(exponent(minus(n, number(one))), number(one)));
  power = v128.bitselect(plus(number(one), x), power, f64x2.lt(f64x2.abs(x), number(tiny)));
  return f64x2.div(number(one), plus(number(one), power));
}

@inline
function tanh(z: v128): v128 {
  const size = f64x2.pmin(f64x2.abs(z), number(tanhLimit));
  const isLarge = f64x2.ge(size, number(one));
  // expm1 of 2|z|, or of −2|z| below 1
  const x = v128.bitselect(plus(size, size), f64x2.neg(plus(size, size)), isLarge);
  const n = turns(x);
  const high = minus(x, times(n, number(ln2High)));
  const low = times(n, number(ln2Low));
  const r = minus(high, low);
  const c = minus(minus(high, r), low);
  const halfR = times(number(half), r);
  const h = times(r, halfR);
  let series = plus(number(ofExpm1 + 3), times(h, number(ofExpm1 + 4)));
  series = plus(number(ofExpm1 + 2), times(h, series));
  series = plus(number(ofExpm1 + 1), times(h, series));
  series = plus(number(ofExpm1), times(h, series));
  series = plus(number(one), times(h, series));
  const t = minus(number(three), times(series, halfR));
  let rest = times(h, f64x2.div(minus(series, t), minus(number(six), times(r, t))));
  rest = minus(minus(times(r, minus(rest, c)), c), h);
  const bits = exponent(n);
  const scale = i64x2.add(number(one), bits);
  // expm1 is 2ⁿ (first + r − rest) + last.
  const ofNegative = v128.and(number(one), f64x2.le(n, number(minusTwo)));
  const ofPositive = minus(number(one), i64x2.sub(number(one), bits));
  const first = v128.bitselect(ofPositive, ofNegative, isLarge);
  const last = f64x2.pmax(f64x2.pmin(times(n, number(half)), number(zero)), f64x2.neg(number(one)));
  const power = plus(times(plus(first, minus(r, rest)), scale), last);
  const above = v128.bitselect(number(two), f64x2.neg(power), isLarge);
  const ratio = f64x2.div(above, plus(power, number(two)));
  const result = v128.bitselect(minus(number(one), ratio), ratio, isLarge);
  return v128.bitselect(z, v128.or(result, sign(z)), f64x2.lt(size, number(tiny)));
}

/** 1 / (1 + e⁻ᶻ) in place, of `columns` elements of each row; rows are `row` elements apart. */
export function doubleSigmoids(rows: i32, columns: i32, row: i32, z: usize): void {
  const end = <usize>(columns & ~1) << 3;
  for (; rows > 0; rows--, z += <usize>row << 3) {
    for (let k: usize = 0; k < end; k += 16) v128.store(z + k, sigmoid(v128.load(z + k)));
    if (columns & 1) v128.store64_lane(z + end, sigmoid(v128.load64_zero(z + end)), 0);
  }
}

/** tanh z, likewise. */
export function doubleTanhs(rows: i32, columns: i32, row: i32, z: usize): void {
  const end = <usize>(columns & ~1) << 3;
  for (; rows > 0; rows--, z += <usize>row << 3) {
    for (let k: usize = 0; k < end; k += 16) v128.store(z + k, tanh(v128.load(z + k)));
    if (columns & 1) v128.store64_lane(z + end, tanh(v128.load64_zero(z + end)), 0);
  }
}
