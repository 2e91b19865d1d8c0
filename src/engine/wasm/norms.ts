// What gradient flow needs of every row.

/**
 * Σ a² of each row, in float64, where the squares of vanishing gradients still live; in the order of ../../flow/norms.ts, so
 * that both give the same bits.
 */
export function squares(rows: i32, columns: i32, a: usize, into: usize): void {
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
      const value = <f64>load<f32>(a);
      sum += value * value;
    }
    sum += f64x2.extract_lane(s01, 1);
    sum += f64x2.extract_lane(s23, 0);
    store<f64>(into, sum + f64x2.extract_lane(s23, 1));
  }
}
