// One step of each cell, forward and backward, for a whole batch: what is left when the products with W_h are done. The
// formulas are those of ../cells.ts. All pointers are to the first row of the step; gates have rows of G·H.

import { sigmoid, tanh } from "./activations";
import { load, one, store } from "./lanes";

const relu: i32 = 1;
const identity: i32 = 2;

/** h = φ(z), in place and into h; φ is tanh, or by its number. */
export function rnnForward(activation: i32, count: i32, gates: usize, h: usize): void {
  for (let k: usize = 0; count > 0; count -= 4, k += 16) {
    let value = load(gates + k, count);
    if (activation == relu) value = f32x4.max(value, f32x4.splat(0));
    else if (activation != identity) value = tanh(value);
    store(gates + k, value, count);
    store(h + k, value, count);
  }
}

/** ∂L/∂z = ∂L/∂h ⊙ φ′, into the gates. */
export function rnnBackward(activation: i32, count: i32, gates: usize, dh: usize): void {
  for (let k: usize = 0; count > 0; count -= 4, k += 16) {
    const h = load(gates + k, count);
    let gradient = load(dh + k, count);
    if (activation == relu) gradient = v128.and(gradient, f32x4.gt(h, f32x4.splat(0)));
    else if (activation != identity) gradient = f32x4.mul(gradient, complement(f32x4.mul(h, h)));
    store(gates + k, gradient, count);
  }
}

export function lstmForward(
  B: i32,
  H: i32,
  gates: usize,
  cPrev: usize,
  c: usize,
  tanhC: usize,
  h: usize,
): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 3 * row) {
    for (let n = H; n > 0; n -= 4) {
      const i = sigmoid(load(gates, n));
      const f = sigmoid(load(gates + row, n));
      const g = tanh(load(gates + 2 * row, n));
      const o = sigmoid(load(gates + 3 * row, n));
      store(gates, i, n);
      store(gates + row, f, n);
      store(gates + 2 * row, g, n);
      store(gates + 3 * row, o, n);
      const state = f32x4.add(f32x4.mul(f, load(cPrev, n)), f32x4.mul(i, g));
      const output = tanh(state);
      store(c, state, n);
      store(tanhC, output, n);
      store(h, f32x4.mul(o, output), n);
      const bytes = <usize>min(4, n) << 2;
      gates += bytes;
      cPrev += bytes;
      c += bytes;
      tanhC += bytes;
      h += bytes;
    }
  }
}

export function lstmBackward(
  B: i32,
  H: i32,
  gates: usize,
  cPrev: usize,
  tanhC: usize,
  dh: usize,
  dc: usize,
  dcNext: usize,
): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 3 * row) {
    for (let n = H; n > 0; n -= 4) {
      const i = load(gates, n);
      const f = load(gates + row, n);
      const g = load(gates + 2 * row, n);
      const o = load(gates + 3 * row, n);
      const output = load(tanhC, n);
      const dOutput = load(dh, n);
      const through = f32x4.mul(f32x4.mul(dOutput, o), complement(f32x4.mul(output, output)));
      const total = f32x4.add(load(dcNext, n), through);
      store(dc, total, n);
      store(gates, f32x4.mul(f32x4.mul(total, g), slope(i)), n);
      store(gates + row, f32x4.mul(f32x4.mul(total, load(cPrev, n)), slope(f)), n);
      store(gates + 2 * row, f32x4.mul(f32x4.mul(total, i), complement(f32x4.mul(g, g))), n);
      store(gates + 3 * row, f32x4.mul(f32x4.mul(dOutput, output), slope(o)), n);
      store(dcNext, f32x4.mul(total, f), n);
      const bytes = <usize>min(4, n) << 2;
      gates += bytes;
      cPrev += bytes;
      tanhC += bytes;
      dh += bytes;
      dc += bytes;
      dcNext += bytes;
    }
  }
}

/** `hidden` holds W_hn h_{t−1} + b_hn. */
export function gruForward(B: i32, H: i32, gates: usize, hidden: usize, hPrev: usize, h: usize): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const r = sigmoid(load(gates, count));
      const z = sigmoid(load(gates + row, count));
      const n = tanh(f32x4.add(load(gates + 2 * row, count), f32x4.mul(r, load(hidden, count))));
      store(gates, r, count);
      store(gates + row, z, count);
      store(gates + 2 * row, n, count);
      store(h, mixed(z, n, load(hPrev, count)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      hidden += bytes;
      hPrev += bytes;
      h += bytes;
    }
  }
}

/** Adds dh ⊙ z to dhPrev and leaves in `hidden` its gradient. */
export function gruBackward(
  B: i32,
  H: i32,
  gates: usize,
  hidden: usize,
  hPrev: usize,
  dh: usize,
  dhPrev: usize,
): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const r = load(gates, count);
      const z = load(gates + row, count);
      const n = load(gates + 2 * row, count);
      const gradient = load(dh, count);
      const dn = f32x4.mul(f32x4.mul(gradient, complement(z)), complement(f32x4.mul(n, n)));
      store(gates, f32x4.mul(f32x4.mul(dn, load(hidden, count)), slope(r)), count);
      const difference = f32x4.sub(load(hPrev, count), n);
      store(gates + row, f32x4.mul(f32x4.mul(gradient, difference), slope(z)), count);
      store(gates + 2 * row, dn, count);
      store(hidden, f32x4.mul(dn, r), count);
      store(dhPrev, f32x4.add(load(dhPrev, count), f32x4.mul(gradient, z)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      hidden += bytes;
      hPrev += bytes;
      dh += bytes;
      dhPrev += bytes;
    }
  }
}

/** r and z, and r ⊙ h_{t−1} into `reset`: what the product with W_hn needs. */
export function resetForward(B: i32, H: i32, gates: usize, reset: usize, hPrev: usize): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const r = sigmoid(load(gates, count));
      store(gates, r, count);
      store(gates + row, sigmoid(load(gates + row, count)), count);
      store(reset, f32x4.mul(r, load(hPrev, count)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      reset += bytes;
      hPrev += bytes;
    }
  }
}

/** n and h, after that product. */
export function candidateForward(B: i32, H: i32, gates: usize, hPrev: usize, h: usize): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const n = tanh(load(gates + 2 * row, count));
      store(gates + 2 * row, n, count);
      store(h, mixed(load(gates + row, count), n, load(hPrev, count)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      hPrev += bytes;
      h += bytes;
    }
  }
}

/** ∂L/∂z of z and n; adds dh ⊙ z to dhPrev. */
export function candidateBackward(
  B: i32,
  H: i32,
  gates: usize,
  hPrev: usize,
  dh: usize,
  dhPrev: usize,
): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const z = load(gates + row, count);
      const n = load(gates + 2 * row, count);
      const gradient = load(dh, count);
      const difference = f32x4.sub(load(hPrev, count), n);
      store(gates + row, f32x4.mul(f32x4.mul(gradient, difference), slope(z)), count);
      const dn = f32x4.mul(f32x4.mul(gradient, complement(z)), complement(f32x4.mul(n, n)));
      store(gates + 2 * row, dn, count);
      store(dhPrev, f32x4.add(load(dhPrev, count), f32x4.mul(gradient, z)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      hPrev += bytes;
      dh += bytes;
      dhPrev += bytes;
    }
  }
}

/** ∂L/∂z of r from `product`, ∂L/∂(r ⊙ h_{t−1}); adds product ⊙ r to dhPrev. */
export function resetBackward(
  B: i32,
  H: i32,
  gates: usize,
  product: usize,
  hPrev: usize,
  dhPrev: usize,
): void {
  const row = <usize>H << 2;
  for (; B > 0; B--, gates += 2 * row) {
    for (let count = H; count > 0; count -= 4) {
      const r = load(gates, count);
      const gradient = load(product, count);
      store(gates, f32x4.mul(f32x4.mul(gradient, load(hPrev, count)), slope(r)), count);
      store(dhPrev, f32x4.add(load(dhPrev, count), f32x4.mul(gradient, r)), count);
      const bytes = <usize>min(4, count) << 2;
      gates += bytes;
      product += bytes;
      hPrev += bytes;
      dhPrev += bytes;
    }
  }
}

/** 1 − a */
@inline
function complement(a: v128): v128 {
  return f32x4.sub(one(), a);
}

/** σ′ of an activation: a (1 − a) */
@inline
function slope(a: v128): v128 {
  return f32x4.mul(a, complement(a));
}

/** (1 − z) ⊙ n + z ⊙ h */
@inline
function mixed(z: v128, n: v128, h: v128): v128 {
  return f32x4.add(f32x4.mul(complement(z), n), f32x4.mul(z, h));
}
