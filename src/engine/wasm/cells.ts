// One step of each cell, forward and backward, for a whole batch: what is left when the products with W_h are
// done. The formulas are those of ../cells.ts. All pointers are to the first row of the step; gates have rows
// of G·H. Each function has its formula in a function of its own, for four units or for the rest of a row.

import { sigmoids, tanhs } from "./activations";
import { load, store } from "./lanes";

const relu: i32 = 1;
const identity: i32 = 2;

/** h = φ(z), in place and into h; φ is tanh, or by its number. */
export function rnnForward(activation: i32, count: i32, gates: usize, h: usize): void {
  if (activation == relu) {
    for (; count > 0; count -= 4, gates += 16, h += 16) {
      const value = f32x4.max(load(gates, count), f32x4.splat(0));
      store(gates, value, count);
      store(h, value, count);
    }
    return;
  }
  if (activation != identity) tanhs(count, gates, gates);
  memory.copy(h, gates, <usize>count << 2);
}

/** ∂L/∂z = ∂L/∂h ⊙ φ′, into the gates. */
export function rnnBackward(activation: i32, count: i32, gates: usize, dh: usize): void {
  for (; count > 0; count -= 4, gates += 16, dh += 16) {
    const h = load(gates, count);
    let gradient = load(dh, count);
    if (activation == relu) gradient = v128.and(gradient, f32x4.gt(h, f32x4.splat(0)));
    else if (activation != identity) gradient = f32x4.mul(gradient, complement(f32x4.mul(h, h)));
    store(gates, gradient, count);
  }
}

export function lstmForward(B: i32, H: i32, gates: usize, cPrev: usize, c: usize, tanhC: usize, h: usize): void {
  const row = <usize>H << 2;
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    sigmoids(2 * H, gates, gates);
    tanhs(H, gates + 2 * row, gates + 2 * row);
    sigmoids(H, gates + 3 * row, gates + 3 * row);
    for (let k: usize = 0; k < end; k += 16) cellState(4, row, gates + k, cPrev + k, c + k);
    if (rest) cellState(rest, row, gates + end, cPrev + end, c + end);
    tanhs(H, c, tanhC);
    const o = gates + 3 * row;
    for (let k: usize = 0; k < end; k += 16) product(4, o + k, tanhC + k, h + k);
    if (rest) product(rest, o + end, tanhC + end, h + end);
    gates += 4 * row;
    cPrev += row;
    c += row;
    tanhC += row;
    h += row;
  }
}

/** C_t = f ⊙ C_{t−1} + i ⊙ g */
@inline
function cellState(n: i32, row: usize, gates: usize, cPrev: usize, c: usize): void {
  const kept = f32x4.mul(load(gates + row, n), load(cPrev, n));
  store(c, f32x4.add(kept, f32x4.mul(load(gates, n), load(gates + 2 * row, n))), n);
}

@inline
function product(n: i32, a: usize, b: usize, into: usize): void {
  store(into, f32x4.mul(load(a, n), load(b, n)), n);
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
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    for (let k: usize = 0; k < end; k += 16) {
      lstmGradient(4, row, gates + k, cPrev + k, tanhC + k, dh + k, dc + k, dcNext + k);
    }
    if (rest) lstmGradient(rest, row, gates + end, cPrev + end, tanhC + end, dh + end, dc + end, dcNext + end);
    gates += 4 * row;
    cPrev += row;
    tanhC += row;
    dh += row;
    dc += row;
    dcNext += row;
  }
}

@inline
function lstmGradient(
  n: i32,
  row: usize,
  gates: usize,
  cPrev: usize,
  tanhC: usize,
  dh: usize,
  dc: usize,
  dcNext: usize,
): void {
  const i = load(gates, n);
  const f = load(gates + row, n);
  const g = load(gates + 2 * row, n);
  const o = load(gates + 3 * row, n);
  const output = load(tanhC, n);
  const gradient = load(dh, n);
  const through = f32x4.mul(f32x4.mul(gradient, o), complement(f32x4.mul(output, output)));
  const total = f32x4.add(load(dcNext, n), through);
  store(dc, total, n);
  store(gates, f32x4.mul(f32x4.mul(total, g), slope(i)), n);
  store(gates + row, f32x4.mul(f32x4.mul(total, load(cPrev, n)), slope(f)), n);
  store(gates + 2 * row, f32x4.mul(f32x4.mul(total, i), complement(f32x4.mul(g, g))), n);
  store(gates + 3 * row, f32x4.mul(f32x4.mul(gradient, output), slope(o)), n);
  store(dcNext, f32x4.mul(total, f), n);
}

/** `hidden` holds W_hn h_{t−1} + b_hn. */
export function gruForward(B: i32, H: i32, gates: usize, hidden: usize, hPrev: usize, h: usize): void {
  const row = <usize>H << 2;
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    sigmoids(2 * H, gates, gates);
    for (let k: usize = 0; k < end; k += 16) addReset(4, row, gates + k, hidden + k);
    if (rest) addReset(rest, row, gates + end, hidden + end);
    candidate(H, gates, hPrev, h);
    gates += 3 * row;
    hidden += row;
    hPrev += row;
    h += row;
  }
}

/** z of n += r ⊙ hidden */
@inline
function addReset(n: i32, row: usize, gates: usize, hidden: usize): void {
  const reset = f32x4.mul(load(gates, n), load(hidden, n));
  store(gates + 2 * row, f32x4.add(load(gates + 2 * row, n), reset), n);
}

/** n = tanh(·) and h = (1 − z) ⊙ n + z ⊙ h_{t−1} of one row. */
@inline
function candidate(H: i32, gates: usize, hPrev: usize, h: usize): void {
  const row = <usize>H << 2;
  const end = row & ~15;
  const rest = H & 3;
  tanhs(H, gates + 2 * row, gates + 2 * row);
  for (let k: usize = 0; k < end; k += 16) mix(4, row, gates + k, hPrev + k, h + k);
  if (rest) mix(rest, row, gates + end, hPrev + end, h + end);
}

@inline
function mix(count: i32, row: usize, gates: usize, hPrev: usize, h: usize): void {
  const z = load(gates + row, count);
  const n = f32x4.mul(complement(z), load(gates + 2 * row, count));
  store(h, f32x4.add(n, f32x4.mul(z, load(hPrev, count))), count);
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
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    for (let k: usize = 0; k < end; k += 16) {
      gruGradient(4, row, gates + k, hidden + k, hPrev + k, dh + k, dhPrev + k);
    }
    if (rest) gruGradient(rest, row, gates + end, hidden + end, hPrev + end, dh + end, dhPrev + end);
    gates += 3 * row;
    hidden += row;
    hPrev += row;
    dh += row;
    dhPrev += row;
  }
}

@inline
function gruGradient(
  count: i32,
  row: usize,
  gates: usize,
  hidden: usize,
  hPrev: usize,
  dh: usize,
  dhPrev: usize,
): void {
  const r = load(gates, count);
  const dn = candidateGradient(count, row, gates, hPrev, dh, dhPrev);
  store(gates, f32x4.mul(f32x4.mul(dn, load(hidden, count)), slope(r)), count);
  store(hidden, f32x4.mul(dn, r), count);
}

/** ∂L/∂z of z and n, which is returned too; adds dh ⊙ z to dhPrev. */
@inline
function candidateGradient(
  count: i32,
  row: usize,
  gates: usize,
  hPrev: usize,
  dh: usize,
  dhPrev: usize,
): v128 {
  const z = load(gates + row, count);
  const n = load(gates + 2 * row, count);
  const gradient = load(dh, count);
  const difference = f32x4.sub(load(hPrev, count), n);
  store(gates + row, f32x4.mul(f32x4.mul(gradient, difference), slope(z)), count);
  const dn = f32x4.mul(f32x4.mul(gradient, complement(z)), complement(f32x4.mul(n, n)));
  store(gates + 2 * row, dn, count);
  store(dhPrev, f32x4.add(load(dhPrev, count), f32x4.mul(gradient, z)), count);
  return dn;
}

/** r and z, and r ⊙ h_{t−1} into `reset`: what the product with W_hn needs. */
export function resetForward(B: i32, H: i32, gates: usize, reset: usize, hPrev: usize): void {
  const row = <usize>H << 2;
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    sigmoids(2 * H, gates, gates);
    for (let k: usize = 0; k < end; k += 16) product(4, gates + k, hPrev + k, reset + k);
    if (rest) product(rest, gates + end, hPrev + end, reset + end);
    gates += 3 * row;
    reset += row;
    hPrev += row;
  }
}

/** n and h, after that product. */
export function candidateForward(B: i32, H: i32, gates: usize, hPrev: usize, h: usize): void {
  const row = <usize>H << 2;
  for (; B > 0; B--) {
    candidate(H, gates, hPrev, h);
    gates += 3 * row;
    hPrev += row;
    h += row;
  }
}

/** ∂L/∂z of z and n; adds dh ⊙ z to dhPrev. */
export function candidateBackward(B: i32, H: i32, gates: usize, hPrev: usize, dh: usize, dhPrev: usize): void {
  const row = <usize>H << 2;
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    for (let k: usize = 0; k < end; k += 16) candidateGradient(4, row, gates + k, hPrev + k, dh + k, dhPrev + k);
    if (rest) candidateGradient(rest, row, gates + end, hPrev + end, dh + end, dhPrev + end);
    gates += 3 * row;
    hPrev += row;
    dh += row;
    dhPrev += row;
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
  const end = row & ~15;
  const rest = H & 3;
  for (; B > 0; B--) {
    for (let k: usize = 0; k < end; k += 16) resetGradient(4, gates + k, product + k, hPrev + k, dhPrev + k);
    if (rest) resetGradient(rest, gates + end, product + end, hPrev + end, dhPrev + end);
    gates += 3 * row;
    product += row;
    hPrev += row;
    dhPrev += row;
  }
}

@inline
function resetGradient(n: i32, gates: usize, product: usize, hPrev: usize, dhPrev: usize): void {
  const r = load(gates, n);
  const gradient = load(product, n);
  store(gates, f32x4.mul(f32x4.mul(gradient, load(hPrev, n)), slope(r)), n);
  store(dhPrev, f32x4.add(load(dhPrev, n), f32x4.mul(gradient, r)), n);
}

/** 1 − a */
@inline
function complement(a: v128): v128 {
  return f32x4.sub(f32x4.splat(1), a);
}

/** σ′ of an activation: a (1 − a) */
@inline
function slope(a: v128): v128 {
  return f32x4.mul(a, complement(a));
}
