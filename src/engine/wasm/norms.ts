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

/** Gradients vanish: times this, 2⁴⁰, their squares stay far from the smallest float32. */
const scale: f32 = 1099511627776.0;
/** From here on a sum of squares has lost nothing to underflow. */
const smallest: f32 = 1e-24;

/**
 * ‖a‖ of each row. Four rows' squares are summed in float32, unless those of one of them underflow or
 * overflow: then, and of the last rows, in float64, where no square of a float32 does either.
 */
export function norms(rows: i32, columns: i32, a: usize, into: usize): void {
  const row = <usize>columns << 2;
  const whole = <usize>(columns & ~3) << 2;
  const scales = f32x4.splat(scale);
  // Four rows at a time, for each addition waits for the one before it.
  for (; rows >= 4; rows -= 4, a += 4 * row, into += 32) {
    const a1 = a + row;
    const a2 = a1 + row;
    const a3 = a2 + row;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let k: usize = 0;
    for (; k < whole; k += 16) {
      s0 = f32x4.add(s0, square(f32x4.mul(scales, v128.load(a + k))));
      s1 = f32x4.add(s1, square(f32x4.mul(scales, v128.load(a1 + k))));
      s2 = f32x4.add(s2, square(f32x4.mul(scales, v128.load(a2 + k))));
      s3 = f32x4.add(s3, square(f32x4.mul(scales, v128.load(a3 + k))));
    }
    const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
    const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
    let sums = f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
    for (; k < row; k += 4) {
      let column = v128.load32_zero(a + k);
      column = v128.load_lane<f32>(a1 + k, column, 1);
      column = v128.load_lane<f32>(a2 + k, column, 2);
      column = v128.load_lane<f32>(a3 + k, column, 3);
      sums = f32x4.add(sums, square(f32x4.mul(scales, column)));
    }
    const exact = v128.and(f32x4.gt(sums, f32x4.splat(smallest)), f32x4.lt(sums, f32x4.splat(Infinity)));
    if (i32x4.all_true(exact)) {
      const roots = f32x4.mul(f32x4.sqrt(sums), f32x4.splat(1.0 / scale));
      v128.store(into, f64x2.promote_low_f32x4(roots));
      v128.store(into, f64x2.promote_low_f32x4(v128.shuffle<f32>(roots, roots, 2, 3, 2, 3)), 16);
    } else for (let r: usize = 0; r < 4; r++) f64.store(into + 8 * r, norm(a + r * row, row));
  }
  for (; rows > 0; rows--, a += row, into += 8) f64.store(into, norm(a, row));
}

@inline
function square(a: v128): v128 {
  return f32x4.mul(a, a);
}

/** ‖a‖ of so many bytes, in float64. */
function norm(a: usize, bytes: usize): f64 {
  let sums = f64x2.splat(0);
  const end = a + bytes;
  for (; a + 8 <= end; a += 8) {
    const wide = f64x2.promote_low_f32x4(v128.load64_zero(a));
    sums = f64x2.add(sums, f64x2.mul(wide, wide));
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (a < end) {
    const value = <f64>f32.load(a);
    sum += value * value;
  }
  return sqrt(sum);
}

/**
 * Of a GRU: ‖∂L/∂z‖ of all gates from those of r, z and n, and the norm of a step's part of ∂L/∂W_h, whose
 * rows of n have another factor. `dWh` holds on entry the norm of what r multiplied, which is ∂L/∂z_n, or
 * with `resetBefore` h_{t−1}.
 */
export function gruNorms(rows: i32, resetBefore: bool, gates: usize, hPrev: usize, dWh: usize, dz: usize): void {
  for (; rows > 0; rows--, gates += 24, hPrev += 8, dWh += 8, dz += 8) {
    const r = f64.load(gates);
    const z = f64.load(gates, 8);
    const n = f64.load(gates, 16);
    const h = f64.load(hPrev);
    const rz = r * r + z * z;
    const hidden = f64.load(dWh) * (resetBefore ? n : h);
    f64.store(dz, sqrt(rz + n * n));
    f64.store(dWh, sqrt(rz * h * h + hidden * hidden));
  }
}

/** sums[t] = Σ a[t, k] b[t, k] over B numbers, or Σ a[t, k] where b is 0, in float64. */
export function stepSums(T: i32, B: i32, a: usize, b: usize, sums: usize): void {
  const step = <usize>B << 3;
  for (; T > 0; T--, sums += 8) {
    let sum: f64 = 0;
    const end = a + step;
    if (b == 0) for (; a < end; a += 8) sum += f64.load(a);
    else for (; a < end; a += 8, b += 8) sum += f64.load(a) * f64.load(b);
    f64.store(sums, sum);
  }
}
