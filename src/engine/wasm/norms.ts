// What is asked of whole arrays: whether they are finite, and what gradient flow needs of every row.

import { load } from "./lanes";

/** Whether there is neither NaN nor an infinity: 0 times either is NaN, and stays so in the sum. */
export function allFinite(count: i32, a: usize): bool {
  const zero = f32x4.splat(0);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  for (; count >= 16; count -= 16, a += 64) {
    s0 = f32x4.add(s0, f32x4.mul(zero, v128.load(a)));
    s1 = f32x4.add(s1, f32x4.mul(zero, v128.load(a, 16)));
    s2 = f32x4.add(s2, f32x4.mul(zero, v128.load(a, 32)));
    s3 = f32x4.add(s3, f32x4.mul(zero, v128.load(a, 48)));
  }
  for (; count > 0; count -= 4, a += 16) s0 = f32x4.add(s0, f32x4.mul(zero, load(a, count)));
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return i32x4.all_true(f32x4.eq(sum, zero));
}

/**
 * ‖a‖ of each row, in float64, where no square of a float32 is too small or too large; in the order of ../norms.ts, so that
 * both give the same bits.
 */
export function norms(rows: i32, columns: i32, a: usize, into: usize): void {
  const row = <usize>columns << 2;
  const whole = <usize>(columns & ~3) << 2;
  // Two rows at a time, for each addition waits for the one before it.
  for (; rows > 1; rows -= 2, a += 2 * row, into += 16) {
    let s01 = f64x2.splat(0);
    let s23 = s01;
    let t01 = s01;
    let t23 = s01;
    for (let k = a; k < a + whole; k += 16) {
      const s = v128.load(k);
      const t = v128.load(k + row);
      s01 = f64x2.add(s01, squares(s));
      s23 = f64x2.add(s23, squares(v128.shuffle<f32>(s, s, 2, 3, 0, 1)));
      t01 = f64x2.add(t01, squares(t));
      t23 = f64x2.add(t23, squares(v128.shuffle<f32>(t, t, 2, 3, 0, 1)));
    }
    f64.store(into, norm(s01, s23, a + whole, a + row));
    f64.store(into, norm(t01, t23, a + row + whole, a + 2 * row), 8);
  }
  if (rows == 0) return;
  let s01 = f64x2.splat(0);
  let s23 = s01;
  for (let k = a; k < a + whole; k += 16) {
    const s = v128.load(k);
    s01 = f64x2.add(s01, squares(s));
    s23 = f64x2.add(s23, squares(v128.shuffle<f32>(s, s, 2, 3, 0, 1)));
  }
  f64.store(into, norm(s01, s23, a + whole, a + row));
}

/** Of the first two. */
@inline
function squares(a: v128): v128 {
  const wide = f64x2.promote_low_f32x4(a);
  return f64x2.mul(wide, wide);
}

/** Of the four sums and what is left of the row. */
@inline
function norm(s01: v128, s23: v128, a: usize, end: usize): f64 {
  let sum = f64x2.extract_lane(s01, 0);
  for (; a < end; a += 4) {
    const value = <f64>f32.load(a);
    sum += value * value;
  }
  return sqrt(sum + f64x2.extract_lane(s01, 1) + f64x2.extract_lane(s23, 0) + f64x2.extract_lane(s23, 1));
}
