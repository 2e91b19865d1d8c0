import fc from "fast-check";
import { expect, test } from "vitest";
import {
  crossEntropy,
  Dense,
  hadamard,
  LSTM,
  matVec,
  meanSquaredError,
  norm,
  outer,
  RNN,
  scale,
  SequenceClassifier,
  SequenceRegressor,
  SGD,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  sub,
  tanh,
  transpose,
  transposedMatVec,
  zeros,
} from "../../../src/index.js";

const number = fc.double({ min: -100, max: 100, noNaN: true });
const vector = (n: number) => fc.array(number, { minLength: n, maxLength: n });
const matrix = (m: number, n: number) => fc.array(vector(n), { minLength: m, maxLength: m });
const dot = (a: number[], b: number[]) => hadamard(a, b).reduce((sum, value) => sum + value, 0);

test("⟨Wx, y⟩ = ⟨x, Wᵀy⟩, and Wᵀy is the transpose times y", () => {
  fc.assert(
    fc.property(matrix(3, 2), vector(2), vector(3), (W, x, y) => {
      expect(Math.abs(dot(matVec(W, x), y) - dot(x, transposedMatVec(W, y)))).toBeLessThan(1e-7);
      expect(transposedMatVec(W, y)).toEqual(matVec(transpose(W), y));
    }),
  );
});

test("abᵀ has a_i b_j in row i, column j", () => {
  expect(outer([1, 2, 3], [10, 20])).toEqual([
    [10, 20],
    [20, 40],
    [30, 60],
  ]);
  expect(zeros(2, 3)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(scale(2, [[1], [3]])).toEqual([[2], [6]]);
  expect(sub([3, 1], [1, 1])).toEqual([2, 0]);
});

test("a norm neither underflows nor overflows before its value does", () => {
  expect(norm([3e-200, 4e-200])).toBeCloseTo(5e-200, 210);
  expect(norm([3e-200, 4e-200]) / 5e-200).toBeCloseTo(1, 14);
  expect(norm([[3e200], [4e200]]) / 5e200).toBeCloseTo(1, 14);
  expect(norm([0, 0])).toBe(0);
});

test("σ and tanh stay right far from zero", () => {
  expect(sigmoid([0, 800, -800, -40])).toEqual([0.5, 1, 0, Math.exp(-40) / (1 + Math.exp(-40))]);
  expect(tanh(400)).toBe(1);
});

test("softmax is a distribution and does not notice a shift of all logits", () => {
  fc.assert(
    fc.property(vector(4), number, (logits, shift) => {
      const p = softmax(logits);
      expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      softmax(logits.map((z) => z + shift)).forEach((value, i) => {
        expect(value).toBeCloseTo(p[i], 10);
      });
    }),
  );
});

test("the loss from logits is the loss from probabilities, and exact where ŷ underflows", () => {
  const target = [0.2, 0.3, 0.5];
  const { probabilities, loss, dlogits } = softmaxCrossEntropy([1, -2, 0.5], target);
  expect(loss).toBeCloseTo(crossEntropy(probabilities, target), 14);
  dlogits.forEach((d, i) => {
    expect(d).toBeCloseTo(probabilities[i] - target[i], 15);
  });
  expect(softmaxCrossEntropy([0, -1000], [0, 1])).toEqual({
    probabilities: [1, 0],
    loss: 1000,
    dlogits: [1, -1],
  });
  expect(softmaxCrossEntropy([50, 0], [1, 0]).loss).toBeCloseTo(Math.exp(-50), 35);
  expect(softmaxCrossEntropy([0, 0], [2, 1]).dlogits).toEqual([-0.5, 0.5]);
});

test("the mean squared error and its gradient are those worked out by hand", () => {
  expect(meanSquaredError([1, 2, 5], [1, 4, 1])).toEqual({ loss: 20 / 3, dprediction: [0, -4 / 3, 8 / 3] });
  expect(meanSquaredError([3], [1])).toEqual({ loss: 4, dprediction: [4] });
});

test("a regressor predicts W h + b and sums its loss over the steps", () => {
  const layer = new RNN({ inputSize: 1, hiddenSize: 2 });
  const model = new SequenceRegressor({ layer, head: new Dense({ inputSize: 2, outputSize: 1 }) });
  const x = [[1], [2], [3]];
  const { outputs, loss } = model.forward({ x, y: [[0.5], null, [-1]] });
  const [first, , last] = layer.forward(x).h.map((h) => model.head.forward(h));
  expect(outputs.map((output) => output?.prediction)).toEqual([first, undefined, last]);
  expect(loss).toBeCloseTo((first[0] - 0.5) ** 2 + (last[0] + 1) ** 2, 14);
});

test("the same seed gives the same weights, another seed others, within ±1/√H", () => {
  const options = { inputSize: 3, hiddenSize: 4 };
  expect(new LSTM({ ...options, seed: 5 }).parameters).toEqual(new LSTM({ ...options, seed: 5 }).parameters);
  expect(new LSTM({ ...options, seed: 5 }).parameters).not.toEqual(new LSTM(options).parameters);
  const { Wx, Wh, b } = new RNN({ inputSize: 50, hiddenSize: 100 }).parameters;
  const all = [...Wx.flat(), ...Wh.flat(), ...b];
  expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(0.1);
  expect(Math.max(...all)).toBeGreaterThan(0.099);
  expect(Math.min(...all)).toBeLessThan(-0.099);
  expect(Math.abs(all.reduce((sum, w) => sum + w, 0) / all.length)).toBeLessThan(0.002);
});

test("weights come from the Mersenne Twister: its first two outputs for seed 0 are in the first weight", () => {
  const [first, second] = [2357136044, 2546248239]; // MT19937, init_genrand(0)
  const uniform = (first % 2 ** 26) * 2 ** -26 + (second % 2 ** 27) * 2 ** -53;
  const weight = new RNN({ inputSize: 1, hiddenSize: 1 }).parameters.Wx[0][0];
  expect(weight).toBeCloseTo(2 * uniform - 1, 15);
});

test("a layer and a head with the same seed do not start with the same numbers", () => {
  const { Wx } = new RNN({ inputSize: 2, hiddenSize: 2 }).parameters;
  expect(new Dense({ inputSize: 2, outputSize: 2 }).parameters.W[0]).not.toEqual(Wx[0]);
});

test("a state dict stored with the bias under PyTorch's first key still loads", () => {
  const layers = [
    [new LSTM({ inputSize: 3, hiddenSize: 2, seed: 1 }), new LSTM({ inputSize: 3, hiddenSize: 2, seed: 2 })],
    [new RNN({ inputSize: 3, hiddenSize: 2, seed: 1 }), new RNN({ inputSize: 3, hiddenSize: 2, seed: 2 })],
  ] as const;
  for (const [from, to] of layers) {
    const { bias_l0, ...others } = from.stateDict();
    const stored = JSON.stringify({ ...others, bias_ih_l0: bias_l0 });
    to.loadStateDict(JSON.parse(stored) as ReturnType<typeof from.stateDict>);
    expect(to.parameters).toEqual(from.parameters);
    // With the other of PyTorch's two biases it is one of them, and not all of b.
    const both = { ...others, bias_ih_l0: bias_l0, bias_hh_l0: bias_l0 };
    expect(() => to.loadStateDict(both as never)).toThrow('key "bias_ih_l0" is unknown');
  }
});

test("a state dict loads back, has PyTorch's shapes, and shares no memory with the layer", () => {
  const from = new LSTM({ inputSize: 3, hiddenSize: 2, seed: 1 });
  const state = from.stateDict();
  expect([state.weight_ih_l0.length, state.weight_ih_l0[0].length]).toEqual([8, 3]);
  expect([state.weight_hh_l0.length, state.bias_l0.length]).toEqual([8, 8]);
  expect(state.bias_l0.slice(2, 4)).toEqual(from.parameters.f.b);
  const to = new LSTM({ inputSize: 3, hiddenSize: 2, seed: 2 });
  to.loadStateDict(state);
  expect(to.parameters).toEqual(from.parameters);
  state.weight_ih_l0[0][0] = 99;
  expect(to.parameters).toEqual(from.parameters);
  const tied = new LSTM({ inputSize: 3, hiddenSize: 2, tiedGates: true });
  expect(Object.keys(tied.stateDict())).toEqual(["weight_x", "weight_h", "bias"]);
});

test("mean and sum of a batch differ by its size, also in the gradients", () => {
  const model = new SequenceClassifier({
    layer: new RNN({ inputSize: 2, hiddenSize: 3 }),
    head: new Dense({ inputSize: 3, outputSize: 2 }),
  });
  const batch = [
    { x: [[1, 2]], y: [1, 0] },
    {
      x: [
        [0, 1],
        [1, 1],
        [2, 0],
      ],
      y: [0, 1],
    },
  ];
  const mean = model.lossAndGradients(batch);
  const sum = model.lossAndGradients(batch, { reduction: "sum" });
  expect(mean.loss).toBe(model.loss(batch));
  expect(sum.loss).toBeCloseTo(2 * mean.loss, 14);
  expect(sum.loss).toBeCloseTo(model.loss(batch[0]) + model.loss(batch[1]), 14);
  expect(sum.gradients.layer.Wh).toEqual(scale(2, mean.gradients.layer.Wh));
});

test("a gradient that enters at C_t takes the path of the cell state", () => {
  const layer = new LSTM({ inputSize: 1, hiddenSize: 2, seed: 3 });
  const tape = layer.forward([[1], [-1]]);
  const { dc, dh } = layer.backward(tape, [null, null], { dcLocal: [null, [1, 2]] });
  expect(dh[1]).toEqual([0, 0]);
  expect(dc[1]).toEqual([1, 2]);
  expect(dc[0][0]).not.toBe(0);
});

test("SGD subtracts lr times the gradient and lowers the loss", () => {
  const model = new SequenceClassifier({
    layer: new LSTM({ inputSize: 2, hiddenSize: 3 }),
    head: new Dense({ inputSize: 3, outputSize: 2 }),
  });
  const sample = {
    x: [
      [1, 2],
      [2, 3],
    ],
    y: [1, 0],
  };
  const { loss, gradients } = model.lossAndGradients(sample);
  const [before, dW] = [model.parameters.head.W[0][1], gradients.head.W[0][1]];
  new SGD(model, { lr: 0.1 }).step(gradients);
  expect(model.parameters.head.W[0][1]).toBe(before - 0.1 * dW);
  expect(model.layer.parameters).toBe(model.parameters.layer);
  expect(model.loss(sample)).toBeLessThan(loss);
});
