// The deck computed again with 64 decimal digits by mathjs, sharing no code with the library. Gradients are central
// differences of that loss, which at 64 digits are exact to forty.

import type { BigNumber } from "mathjs";
import { all, create } from "mathjs";
import { expect, test } from "vitest";
import { Dense, LSTM, SequenceClassifier } from "../../src/index.js";
import { vectorFile } from "./golden.js";

const math = create(all, { number: "BigNumber", precision: 64 });
const big = (value: number | string) => math.bignumber(value);
const sum = (terms: BigNumber[]) => terms.reduce((a, b) => a.plus(b));
const sigma = (z: BigNumber) => big(1).div(z.neg().exp().plus(1));

/** Wx (4 numbers), Wh (4), b (2), W_hy (4), b_y (2). */
function forward(weights: BigNumber[], x: number[][]) {
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

const { Wx, Wh, b, Why, by, x, y } = vectorFile<{ inputs: Record<string, number[] & number[][]> }>(
  "deck_vectors",
).inputs;
const layer = new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true });
layer.setParameters({ Wx, Wh, b });
const head = new Dense({ inputSize: 2, outputSize: 2 });
head.setParameters({ W: Why, b: by });
const model = new SequenceClassifier({ layer, head });
const weights = [Wx, Wh, b, Why, by].flat(2).map(big);

function agree(computed: number[], exact: BigNumber[], tolerance: number): void {
  expect(computed).toHaveLength(exact.length);
  computed.forEach((value, index) => {
    const error = big(value).minus(exact[index]).abs().div(exact[index].abs()).toNumber();
    expect(error, `element ${index}`).toBeLessThan(tolerance);
  });
}

test("the deck forward agrees with 64 digits to 1e-14", () => {
  const exact = forward(weights, x);
  const tape = model.forward({ x, y });
  exact.states.forEach(({ h, c }, index) => {
    agree(tape.layer.h[index], h, 1e-14);
    agree(tape.layer.c[index], c, 1e-14);
  });
  agree(tape.outputs[1]!.logits, exact.logits, 1e-14);
  agree(tape.outputs[1]!.probabilities, exact.probabilities, 1e-14);
  agree([tape.loss], [exact.loss], 1e-14);
});

test("all 16 gradients of the deck agree with differences at 64 digits to 1e-13", () => {
  const step = big("1e-20");
  const exact = weights.map((_, k) => {
    const moved = (by: BigNumber) => weights.map((weight, index) => (index === k ? weight.plus(by) : weight));
    return forward(moved(step), x)
      .loss.minus(forward(moved(step.neg()), x).loss)
      .div(step.times(2));
  });
  const { gradients } = model.lossAndGradients({ x, y });
  const { layer: dLayer, head: dHead } = gradients;
  agree([dLayer.Wx, dLayer.Wh, dLayer.b, dHead.W, dHead.b].flat(2), exact, 1e-13);
});
