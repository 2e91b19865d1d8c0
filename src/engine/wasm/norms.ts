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
  const whole = <usize>(columns & ~3) << 2;
  const rest = <usize>(columns & 3) << 2;
  for (; rows > 0; rows--, into += 8) {
    let s01 = f64x2.splat(0);
    let s23 = f64x2.splat(0);
    for (const end = a + whole; a < end; a += 16) {
      const values = v128.load(a);
      const low = f64x2.promote_low_f32x4(values);
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 0, 1));
      s01 = f64x2.add(s01, f64x2.mul(low, low));
      s23 = f64x2.add(s23, f64x2.mul(high, high));
    }
    let sum = f64x2.extract_lane(s01, 0);
    for (const end = a + rest; a < end; a += 4) {
      const value = <f64>f32.load(a);
      sum += value * value;
    }
    sum += f64x2.extract_lane(s01, 1);
    sum += f64x2.extract_lane(s23, 0);
    f64.store(into, sqrt(sum + f64x2.extract_lane(s23, 1)));
  }
}
