import { expect, test } from "vitest";
import type { Matrix, Vector } from "../../../src/index.js";
import { Adam, Dense, LSTM, SequenceRegressor } from "../../../src/index.js";

const start = {
  W: [
    [0.5, -1, 2],
    [0.1, 0.2, -0.3],
  ],
  b: [0.7, -0.4],
};
const dense = () => {
  const model = new Dense({ inputSize: 3, outputSize: 2 });
  model.setParameters(start);
  return model;
};
/** A sequence of gradients without a pattern, and of sizes from 1e-6 to 1e3. */
const gradientAt = (n: number) => {
  const g = (k: number) => Math.sin(5 * n + 3.7 * k) * 10 ** (((2 * k) % 10) - 6);
  return {
    W: [
      [g(0), g(1), g(2)],
      [g(3), g(4), g(5)],
    ],
    b: [g(6), g(7)],
  };
};
const flat = ({ W, b }: { W: Matrix; b: Vector }) => [...W.flat(), ...b];

// m and v are weighted sums of all gradients so far; here they are summed anew at every update instead of
// carried on.
test("Adam follows its closed form over 40 updates", () => {
  const [lr, beta1, beta2, eps] = [0.01, 0.8, 0.95, 1e-6];
  const model = dense();
  const optimizer = new Adam(model, { lr, betas: [beta1, beta2], eps });
  const expected = flat(start);
  for (let n = 1; n <= 40; n++) {
    optimizer.step(gradientAt(n));
    expected.forEach((_, k) => {
      const past = Array.from({ length: n }, (_, index) => flat(gradientAt(index + 1))[k]);
      const mean = (beta: number, power: number) => {
        const weights = past.map((_, index) => beta ** (n - 1 - index));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        return past.reduce((sum, g, index) => sum + weights[index] * g ** power, 0) / total;
      };
      expected[k] -= (lr * mean(beta1, 1)) / (Math.sqrt(mean(beta2, 2)) + eps);
    });
    flat(model.parameters).forEach((w, k) => {
      expect(w, `element ${k} after update ${n}`).toBeCloseTo(expected[k], 12);
    });
  }
});

test("Adam's every update by one and the same gradient g is lr g / (|g| + eps), whatever its size", () => {
  const model = dense();
  const optimizer = new Adam(model);
  const gradient = gradientAt(1);
  for (let n = 1; n <= 5; n++) optimizer.step(gradient);
  flat(model.parameters).forEach((w, k) => {
    const g = flat(gradient)[k];
    expect(w).toBeCloseTo(flat(start)[k] - (5 * 1e-3 * g) / (Math.abs(g) + 1e-8), 12);
  });
});

test("Adam changes neither what has no gradient nor the gradients it is given", () => {
  const model = dense();
  const none = {
    W: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    b: [0, 1],
  };
  const before = JSON.stringify(none);
  new Adam(model, { lr: 0.1 }).step(none);
  expect(model.parameters.W).toEqual(start.W);
  expect(model.parameters.b[1]).toBeCloseTo(-0.5, 8);
  expect(JSON.stringify(none)).toBe(before);
});

test("Adam trains a regressor to continue a sine", () => {
  const model = new SequenceRegressor({
    layer: new LSTM({ inputSize: 1, hiddenSize: 4, seed: 1 }),
    head: new Dense({ inputSize: 4, outputSize: 1, seed: 1 }),
  });
  const batch = [0, 1, 2, 3].map((phase) => {
    const wave = Array.from({ length: 13 }, (_, t) => [Math.sin(0.5 * t + phase)]);
    return { x: wave.slice(0, 12), y: wave[12] };
  });
  const optimizer = new Adam(model, { lr: 0.03 });
  const first = model.loss(batch);
  for (let n = 0; n < 150; n++) optimizer.step(model.lossAndGradients(batch).gradients);
  expect(first).toBeGreaterThan(0.3);
  expect(model.loss(batch)).toBeLessThan(0.002);
});
