// The product of packed panels in float64: what ../panels.ts does in JavaScript, to the last bit.

/**
 * C [M, N] = A B. A lies in panels of four rows, in which the four elements at one k are side by side, B in
 * panels of four columns, likewise; M and N are multiples of four. Each sum begins at 0 and takes one product
 * after the other, rounded twice. 16 sums in eight registers; twelve, or two rows by eight, are no faster.
 */
export function multiplyPanels(M: i32, N: i32, K: i32, a: usize, b: usize, c: usize): void {
  const panel = <usize>K << 5;
  const row = <usize>N << 3;
  for (let n = 0; n < N; n += 4, b += panel, c += 32) {
    let p = a;
    let c0 = c;
    for (let m = 0; m < M; m += 4) {
      let q = b;
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      let s20 = f64x2.splat(0);
      let s21 = f64x2.splat(0);
      let s30 = f64x2.splat(0);
      let s31 = f64x2.splat(0);
      for (const end = p + panel; p < end; p += 32, q += 32) {
        const a3 = v128.load64_splat(p, 24);
        const a2 = v128.load64_splat(p, 16);
        const a1 = v128.load64_splat(p, 8);
        const a0 = v128.load64_splat(p);
        const right = v128.load(q, 16);
        s31 = f64x2.add(s31, f64x2.mul(a3, right));
        s21 = f64x2.add(s21, f64x2.mul(a2, right));
        s11 = f64x2.add(s11, f64x2.mul(a1, right));
        s01 = f64x2.add(s01, f64x2.mul(a0, right));
        const left = v128.load(q);
        s30 = f64x2.add(s30, f64x2.mul(a3, left));
        s20 = f64x2.add(s20, f64x2.mul(a2, left));
        s10 = f64x2.add(s10, f64x2.mul(a1, left));
        s00 = f64x2.add(s00, f64x2.mul(a0, left));
      }
      v128.store(c0, s00);
      v128.store(c0, s01, 16);
      c0 += row;
      v128.store(c0, s10);
      v128.store(c0, s11, 16);
      c0 += row;
      v128.store(c0, s20);
      v128.store(c0, s21, 16);
      c0 += row;
      v128.store(c0, s30);
      v128.store(c0, s31, 16);
      c0 += row;
    }
  }
}
