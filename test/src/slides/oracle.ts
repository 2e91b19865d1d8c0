// The deck computed with 64 decimal digits by mathjs's BigNumber, sharing no code with the library. Gradients
// are central differences of that loss, which at 64 digits are exact to forty.

import type { BigNumber } from "mathjs";
import { all, create } from "mathjs";
import { vectorFile } from "./golden.js";

const math = create(all, { number: "BigNumber", precision: 64 });
export const big = (value: number | string) => math.bignumber(value);
const sum = (terms: BigNumber[]) => terms.reduce((a, b) => a.plus(b));
const sigma = (z: BigNumber) => big(1).div(z.neg().exp().plus(1));

/** Wx (4 numbers), Wh (4), b (2), W_hy (4), b_y (2). */
export function forward(weights: BigNumber[], x: number[][]) {
  const row = (first: number, v: BigNumber[]) => sum(v.map((vj, j) => weights[first + j].times(vj)));
  let h = [big(0), big(0)];
  let c = [big(0), big(0)];
  const states = x.map((xt) => {
    const xBig = xt.map(big);
    const z = [0, 1].map((k) => sum([row(2 * k, xBig), row(4 + 2 * k, h), weights[8 + k]]));
    const gate = z.map(sigma);
    c = z.map((zk, k) => gate[k].times(c[k]).plus(gate[k].times(zk.tanh())));
    h = c.map((ck, k) => gate[k].times(ck.tanh()));
    return { h, c };
  });
  const logits = [0, 1].map((k) => row(10 + 2 * k, h).plus(weights[14 + k]));
  const exponentials = logits.map((z) => z.exp());
  const probabilities = exponentials.map((e) => e.div(sum(exponentials)));
  return { states, logits, probabilities, loss: probabilities[0].ln().neg() };
}

export const { Wx, Wh, b, Why, by, x, y } = vectorFile<{ inputs: Record<string, number[] & number[][]> }>(
  "deck_vectors",
).inputs;
/** Wx, Wh, b, W_hy and b_y of slide 35, one after the other. */
export const weights = [Wx, Wh, b, Why, by].flat(2).map(big);

const step = big("1e-20");

/** ∂L/∂weight of all 16 weights. */
export const gradients = () =>
  weights.map((_, k) => {
    const moved = (by: BigNumber) => weights.map((weight, index) => (index === k ? weight.plus(by) : weight));
    return forward(moved(step), x)
      .loss.minus(forward(moved(step.neg()), x).loss)
      .div(step.times(2));
  });
