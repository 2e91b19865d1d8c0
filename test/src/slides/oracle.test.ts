// The library against the deck computed with 64 decimal digits.

import type { BigNumber } from "mathjs";
import { expect, test } from "vitest";
import { Dense, LSTM, SequenceClassifier } from "../../../src/index.js";
import { b, big, by, forward, gradients as exactGradients, weights, Wh, Why, Wx, x, y } from "./oracle.js";

const layer = new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true });
layer.setParameters({ Wx, Wh, b });
const head = new Dense({ inputSize: 2, outputSize: 2 });
head.setParameters({ W: Why, b: by });
const model = new SequenceClassifier({ layer, head });

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
  const exact = exactGradients();
  const { gradients } = model.lossAndGradients({ x, y });
  const { layer: dLayer, head: dHead } = gradients;
  agree([dLayer.Wx, dLayer.Wh, dLayer.b, dHead.W, dHead.b].flat(2), exact, 1e-13);
});
