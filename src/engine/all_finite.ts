// NaN and infinities.

/**
 * Whether there is neither NaN nor an infinity: 0 times either is NaN, and the sum stays NaN. Four sums,
 * because a single one would wait for each addition.
 */
export function allFinite(a: ArrayLike<number>): boolean {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length & ~3;
  for (let k = 0; k < whole; k += 4) {
    s0 += 0 * a[k];
    s1 += 0 * a[k + 1];
    s2 += 0 * a[k + 2];
    s3 += 0 * a[k + 3];
  }
  for (let k = whole; k < a.length; k++) s0 += 0 * a[k];
  return s0 + s1 + s2 + s3 === 0;
}
