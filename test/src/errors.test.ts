// Bad input is answered with the argument's name, what came and what was expected.

import { expect, test } from "vitest";
import type { LSTMParameters, Sample } from "../../src/index.js";
import {
  Adam,
  add,
  Dense,
  gradientFlow,
  LSTM,
  lstmForward,
  matVec,
  meanSquaredError,
  numericalGradient,
  RNN,
  rnnForward,
  SequenceClassifier,
  SequenceRegressor,
  SGD,
  softmaxCrossEntropy,
  spectralRadius,
} from "../../src/index.js";
import { LSTM as FlatLSTM } from "../../src/nn/index.js";

const sizes = { inputSize: 2, hiddenSize: 2 };
const lstm = new LSTM(sizes);
const tied = new LSTM({ ...sizes, tiedGates: true });
const rnn = new RNN(sizes);
const head = new Dense({ inputSize: 2, outputSize: 2 });
const model = new SequenceClassifier({ layer: lstm, head });
const regressor = new SequenceRegressor({ layer: rnn, head });
const x = [
  [1, 2],
  [2, 3],
];
const y = [1, 0];
const any = (value: unknown) => value as never;
const withGate = (change: object): LSTMParameters => ({
  ...lstm.parameters,
  f: { ...lstm.parameters.f, ...change },
});

const cases: [message: string, call: () => unknown][] = [
  // shapes
  ["LSTM.forward: x has 3 features at t = 1, but inputSize is 2", () => lstm.forward([[1, 2, 3]])],
  ["RNN.forward: x has 1 features at t = 2, but inputSize is 2", () => rnn.forward([[1, 2], [1]])],
  ["RNN.forward: h0 has 3 elements, but hiddenSize is 2", () => rnn.forward(x, { h0: [1, 2, 3] })],
  ["LSTM.forward: c0 has 1 elements, but hiddenSize is 2", () => lstm.forward(x, { c0: [1] })],
  ["LSTM.forward: x is a number, but must be an array of T vectors", () => lstm.forward(any(7))],
  ["LSTM.forward: x is a number at t = 1, but must be a vector", () => lstm.forward(any([1, 2]))],
  ["LSTM.backward: dhLocal has 1 steps, but the tape has 2", () => lstm.backward(lstm.forward(x), [null])],
  [
    "LSTM.backward: dcLocal has 3 elements at t = 2, but hiddenSize is 2",
    () => lstm.backward(lstm.forward(x), [null, null], { dcLocal: [null, [1, 2, 3]] }),
  ],
  [
    "rnnForward: x has 1 elements, but the columns of Wx are 2",
    () => rnnForward(rnn.parameters, [1], [0, 0]),
  ],
  [
    "lstmForward: cPrev has 1 elements, but hPrev has 2",
    () => lstmForward(lstm.parameters, [1, 2], [0, 0], [0]),
  ],
  ["Dense.forward: h has 3 elements, but inputSize is 2", () => head.forward([1, 2, 3])],
  ["Dense.backward: dlogits has 1 elements, but outputSize is 2", () => head.backward([1, 2], [1])],
  ["matVec: x has 1 elements, but W has 2 columns", () => matVec(x, [1])],
  ["add: shapes [2] and [3] differ, but must be equal", () => add([1, 2], [1, 2, 3])],
  ["spectralRadius: W has shape [1, 2], but must be square", () => spectralRadius([[1, 2]])],
  [
    "SequenceClassifier: layer must be an RNN or LSTM of unrolled; those of unrolled/nn belong in a SequenceNetwork",
    () => new SequenceClassifier({ layer: any(new FlatLSTM(sizes)), head }),
  ],
  [
    "SequenceClassifier: head is an object, but must be a Dense of unrolled",
    () => new SequenceClassifier({ layer: lstm, head: any({ inputSize: 2 }) }),
  ],
  [
    "Adam: model is an object, but must be a layer or model of the slides; networks of unrolled/nn are trained by fit",
    () => new Adam(any({ lr: 0.1 })),
  ],
  // not finite
  [
    "LSTM.forward: x contains NaN at t = 2, but must be finite",
    () =>
      lstm.forward([
        [1, 2],
        [NaN, 1],
      ]),
  ],
  ["RNN.forward: h0 contains Infinity, but must be finite", () => rnn.forward(x, { h0: [0, Infinity] })],
  [
    "softmaxCrossEntropy: logits contains NaN, but must be finite",
    () => softmaxCrossEntropy([NaN, 1], [1, 0]),
  ],
  [
    "LSTM.setParameters: f.b contains NaN, but must be finite",
    () => lstm.setParameters(withGate({ b: [0, NaN] })),
  ],
  ["numericalGradient: f is NaN near 1, but must be finite", () => numericalGradient(() => NaN, [1])],
  // empty
  ["RNN.forward: x has no time steps, but needs at least one", () => rnn.forward([])],
  ["SequenceClassifier.loss: the batch is empty, but needs at least one sample", () => model.loss([])],
  ["gradientFlow: the batch is empty, but needs at least one sample", () => gradientFlow(model, [])],
  // options
  [
    'LSTM: unknown option "hidden_size"; the options are inputSize, hiddenSize, tiedGates, seed',
    () => new LSTM(any({ ...sizes, hidden_size: 3 })),
  ],
  ['RNN.forward: unknown option "c0"; the options are h0', () => rnn.forward(x, any({ c0: [0, 0] }))],
  ["RNN: hiddenSize is 0, but must be a positive integer", () => new RNN({ inputSize: 2, hiddenSize: 0 })],
  ["LSTM: inputSize is undefined, but must be a positive integer", () => new LSTM(any({ hiddenSize: 2 }))],
  ["Dense: seed is 0.5, but must be an integer", () => new Dense({ inputSize: 2, outputSize: 2, seed: 0.5 })],
  [
    'RNN: nonlinearity is "gelu", but must be tanh, relu, identity',
    () => new RNN({ ...sizes, nonlinearity: any("gelu") }),
  ],
  ["LSTM: the options are undefined, but must be an object", () => new LSTM(any(undefined))],
  [
    'SequenceClassifier.lossAndGradients: reduction is "none", but must be "mean" or "sum"',
    () => model.lossAndGradients({ x, y }, { reduction: any("none") }),
  ],
  ["SGD: lr is 0, but must be a positive number", () => new SGD(model, { lr: 0 })],
  ["Adam: lr is -1, but must be a positive number", () => new Adam(model, { lr: -1 })],
  ["Adam: eps is NaN, but must be a positive number", () => new Adam(model, { eps: NaN })],
  ["Adam: betas is [0.9,1], but must be two numbers in [0, 1)", () => new Adam(model, { betas: [0.9, 1] })],
  [
    'Adam: unknown option "learningRate"; the options are lr, betas, eps, weightDecay',
    () => new Adam(model, any({ learningRate: 0.1 })),
  ],
  // parameters and gradients
  [
    "LSTM.setParameters: f.Wx is a matrix [2, 1], but must be a matrix [2, 2]",
    () => lstm.setParameters(withGate({ Wx: [[1], [2]] })),
  ],
  [
    "LSTM.setParameters: f.Wx is a matrix with rows of unequal length, but must be a matrix [2, 2]",
    () => lstm.setParameters(withGate({ Wx: [[1, 2], [2]] })),
  ],
  [
    'LSTM.setParameters: unknown parameter "f.W"; the parameters are f.Wx, f.Wh, f.b, i.Wx, i.Wh, i.b, g.Wx, g.Wh, g.b, o.Wx, o.Wh, o.b',
    () => lstm.setParameters(withGate({ W: x })),
  ],
  ["LSTM.setParameters: the parameters are null, but must be an object", () => tied.setParameters(any(null))],
  [
    'RNN.setParameters: parameter "b" is missing',
    () => rnn.setParameters(any({ Wx: rnn.parameters.Wx, Wh: rnn.parameters.Wh })),
  ],
  [
    'LSTM.loadStateDict: unknown key "bias_hh_l0"; the keys are weight_ih_l0, weight_hh_l0, bias_l0',
    () => lstm.loadStateDict(any({ ...lstm.stateDict(), bias_hh_l0: lstm.stateDict().bias_l0 })),
  ],
  [
    "SGD.step: head.W is a vector [2], but must be a matrix [2, 2]",
    () => {
      const { layer } = model.parameters;
      new SGD(model, { lr: 1 }).step({ layer, head: { W: any([1, 2]), b: [1, 2] } });
    },
  ],
  [
    'Adam.step: gradient "layer.f.Wx" is missing',
    () => new Adam(model).step(any({ head: model.parameters.head })),
  ],
  // the model
  [
    "SequenceClassifier: head.inputSize is 3, but layer.hiddenSize is 2",
    () => new SequenceClassifier({ layer: lstm, head: new Dense({ inputSize: 3, outputSize: 2 }) }),
  ],
  ["SequenceClassifier.forward: y has 1 steps, but x has 2", () => model.forward({ x, y: [[1, 0]] })],
  ["SequenceClassifier.forward: y has no target at any step", () => model.forward({ x, y: [null, null] })],
  [
    "SequenceClassifier.forward: y has 3 elements at t = 2, but outputSize is 2",
    () => model.forward({ x, y: [1, 0, 0] }),
  ],
  [
    "SequenceClassifier.forward: y is undefined, but must be a vector or an array of targets",
    () => model.forward(any({ x })),
  ],
  [
    'SequenceClassifier.forward: unknown option "target"; the options are x, y, h0, c0',
    () => model.forward(any({ x, y, target: y })),
  ],
  [
    "SequenceRegressor: head.inputSize is 3, but layer.hiddenSize is 2",
    () => new SequenceRegressor({ layer: rnn, head: new Dense({ inputSize: 3, outputSize: 2 }) }),
  ],
  [
    "SequenceRegressor.forward: y has 1 elements at t = 2, but outputSize is 2",
    () => regressor.forward({ x, y: [1] }),
  ],
  ["SequenceRegressor.loss: the batch is empty, but needs at least one sample", () => regressor.loss([])],
  ["meanSquaredError: target has 1 elements, but prediction has 2", () => meanSquaredError([1, 2], [1])],
  [
    "LSTM.forward: x has 1 features at t = 1, but inputSize is 2 (sample 1 of the batch)",
    () =>
      model.loss([
        { x, y },
        { x: [[1]], y },
      ] satisfies Sample[]),
  ],
];

test.each(cases)("%s", (message, call) => {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Error);
  expect((thrown as Error).message).toBe(message);
});

test("an exploding linear RNN stops at the first step that overflows, forward and backward", () => {
  const exploding = new RNN({ inputSize: 1, hiddenSize: 1, nonlinearity: "identity" });
  exploding.setParameters({ Wx: [[1]], Wh: [[1e100]], b: [0] });
  const ones = (T: number) => Array.from({ length: T }, () => [1]);
  expect(() => exploding.forward(ones(10))).toThrow(
    "RNN.forward: z contains Infinity at t = 5, but must be finite",
  );
  const zeros = Array.from({ length: 10 }, () => [0]);
  const tape = exploding.forward(zeros);
  const dhLocal = zeros.map((_, index) => (index === 9 ? [1] : null));
  expect(() => exploding.backward(tape, dhLocal)).toThrow(
    "RNN.backward: dhPrev contains Infinity at t = 7, but must be finite",
  );
});

test("what was rejected has changed nothing", () => {
  const before = JSON.stringify(lstm.parameters);
  expect(() => lstm.setParameters(withGate({ b: [9, NaN] }))).toThrow();
  expect(JSON.stringify(lstm.parameters)).toBe(before);
});
