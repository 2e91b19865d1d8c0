// Bad input is answered with the argument's name, what came and what was expected: with a TypeError where it
// is of a wrong kind, with a RangeError where it is out of its range.

import { expect, test } from "vitest";
import type { LSTMParameters, Sample } from "../../src/index.js";
import {
  Adam,
  add,
  Dense,
  gradientFlow,
  gradientMap,
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
const everyStep = { x, y: [y, y] };
const withGate = (change: object): LSTMParameters => ({
  ...lstm.parameters,
  f: { ...lstm.parameters.f, ...change },
});

const cases: [kind: ErrorConstructor, message: string, call: () => unknown][] = [
  // shapes
  [
    RangeError,
    "LSTM.forward: x has 3 features at t = 1, but inputSize is 2",
    () => lstm.forward([[1, 2, 3]]),
  ],
  [
    RangeError,
    "RNN.forward: x has 1 features at t = 2, but inputSize is 2",
    () => rnn.forward([[1, 2], [1]]),
  ],
  [
    RangeError,
    "RNN.forward: h0 has 3 elements, but hiddenSize is 2",
    () => rnn.forward(x, { h0: [1, 2, 3] }),
  ],
  [RangeError, "LSTM.forward: c0 has 1 elements, but hiddenSize is 2", () => lstm.forward(x, { c0: [1] })],
  [TypeError, "LSTM.forward: x is a number, but must be an array of T vectors", () => lstm.forward(any(7))],
  [TypeError, "LSTM.forward: x is a number at t = 1, but must be a vector", () => lstm.forward(any([1, 2]))],
  [
    RangeError,
    "LSTM.backward: dhLocal has 1 steps, but the tape has 2",
    () => lstm.backward(lstm.forward(x), [null]),
  ],
  [
    RangeError,
    "LSTM.backward: dcLocal has 3 elements at t = 2, but hiddenSize is 2",
    () => lstm.backward(lstm.forward(x), [null, null], { dcLocal: [null, [1, 2, 3]] }),
  ],
  [
    RangeError,
    "rnnForward: x has 1 elements, but the columns of Wx are 2",
    () => rnnForward(rnn.parameters, [1], [0, 0]),
  ],
  [
    RangeError,
    "lstmForward: cPrev has 1 elements, but hPrev has 2",
    () => lstmForward(lstm.parameters, [1, 2], [0, 0], [0]),
  ],
  [RangeError, "Dense.forward: h has 3 elements, but inputSize is 2", () => head.forward([1, 2, 3])],
  [
    RangeError,
    "Dense.backward: dlogits has 1 elements, but outputSize is 2",
    () => head.backward([1, 2], [1]),
  ],
  [RangeError, "matVec: x has 1 elements, but W has 2 columns", () => matVec(x, [1])],
  [RangeError, "add: shapes [2] and [3] differ, but must be equal", () => add([1, 2], [1, 2, 3])],
  [RangeError, "spectralRadius: W has shape [1, 2], but must be square", () => spectralRadius([[1, 2]])],
  [
    TypeError,
    "SequenceClassifier: layer is an object, but must be an RNN or LSTM of unrolled; those of unrolled/nn belong in a SequenceNetwork",
    () => new SequenceClassifier({ layer: any(new FlatLSTM(sizes)), head }),
  ],
  [
    TypeError,
    "SequenceClassifier: head is an object, but must be a Dense of unrolled",
    () => new SequenceClassifier({ layer: lstm, head: any({ inputSize: 2 }) }),
  ],
  [
    TypeError,
    "Adam: model is an object, but must be a layer or model of the slides; networks of unrolled/nn are trained by fit",
    () => new Adam(any({ lr: 0.1 })),
  ],
  // not finite
  [
    RangeError,
    "LSTM.forward: x contains NaN at t = 2, but must be finite",
    () =>
      lstm.forward([
        [1, 2],
        [NaN, 1],
      ]),
  ],
  [
    RangeError,
    "RNN.forward: h0 contains Infinity, but must be finite",
    () => rnn.forward(x, { h0: [0, Infinity] }),
  ],
  [
    RangeError,
    "softmaxCrossEntropy: logits contains NaN, but must be finite",
    () => softmaxCrossEntropy([NaN, 1], [1, 0]),
  ],
  [
    RangeError,
    "LSTM.setParameters: f.b contains NaN, but must be finite",
    () => lstm.setParameters(withGate({ b: [0, NaN] })),
  ],
  [
    RangeError,
    "numericalGradient: f is NaN near 1, but must be finite",
    () => numericalGradient(() => NaN, [1]),
  ],
  // empty
  [RangeError, "RNN.forward: x has no time steps, but needs at least one", () => rnn.forward([])],
  [
    RangeError,
    "SequenceClassifier.loss: the batch is empty, but needs at least one sample",
    () => model.loss([]),
  ],
  [
    RangeError,
    "gradientFlow: the batch is empty, but needs at least one sample",
    () => gradientFlow(model, []),
  ],
  [
    TypeError,
    "gradientFlow: batch is undefined, but must be a sample { x, y }",
    () => gradientFlow(model, any(undefined)),
  ],
  [
    TypeError,
    "gradientFlow: sample 1 of the batch is null, but must be a sample { x, y }",
    () => gradientFlow(model, [{ x: [[1, 2, 3]], y: [1, 0] }, any(null)]),
  ],
  // nothing to read or draw
  [
    RangeError,
    "gradientMap: the loss is read at t = 2 alone, but must be at two steps or more",
    () => gradientMap(model, { x, y }),
  ],
  [
    RangeError,
    "gradientMapChart: rows has nothing of c to draw",
    () => gradientMap(regressor, everyStep).chart({ quantity: "c" }),
  ],
  // options
  [
    TypeError,
    'LSTM: option "hidden_size" is unknown, but must be one of inputSize, hiddenSize, tiedGates, seed',
    () => new LSTM(any({ ...sizes, hidden_size: 3 })),
  ],
  [
    TypeError,
    'RNN.forward: option "c0" is unknown, but must be one of h0',
    () => rnn.forward(x, any({ c0: [0, 0] })),
  ],
  [
    RangeError,
    "RNN: hiddenSize is 0, but must be a positive integer",
    () => new RNN({ inputSize: 2, hiddenSize: 0 }),
  ],
  [
    TypeError,
    "LSTM: inputSize is undefined, but must be a positive integer",
    () => new LSTM(any({ hiddenSize: 2 })),
  ],
  [
    RangeError,
    "Dense: seed is 0.5, but must be an integer",
    () => new Dense({ inputSize: 2, outputSize: 2, seed: 0.5 }),
  ],
  [
    RangeError,
    'RNN: nonlinearity is "gelu", but must be "tanh", "relu" or "identity"',
    () => new RNN({ ...sizes, nonlinearity: any("gelu") }),
  ],
  [TypeError, "LSTM: the options are undefined, but must be an object", () => new LSTM(any(undefined))],
  [
    RangeError,
    'SequenceClassifier.lossAndGradients: reduction is "none", but must be "mean" or "sum"',
    () => model.lossAndGradients({ x, y }, { reduction: any("none") }),
  ],
  [RangeError, "SGD: lr is 0, but must be a positive number", () => new SGD(model, { lr: 0 })],
  [RangeError, "Adam: lr is -1, but must be a positive number", () => new Adam(model, { lr: -1 })],
  [RangeError, "Adam: eps is NaN, but must be a positive number", () => new Adam(model, { eps: NaN })],
  [
    RangeError,
    "Adam: betas is [0.9,1], but must be two numbers in [0, 1)",
    () => new Adam(model, { betas: [0.9, 1] }),
  ],
  [
    TypeError,
    'Adam: option "learningRate" is unknown, but must be one of lr, betas, eps, weightDecay',
    () => new Adam(model, any({ learningRate: 0.1 })),
  ],
  // parameters and gradients
  [
    RangeError,
    "LSTM.setParameters: f.Wx is a matrix [2, 1], but must be a matrix [2, 2]",
    () => lstm.setParameters(withGate({ Wx: [[1], [2]] })),
  ],
  [
    RangeError,
    "LSTM.setParameters: f.Wx is a matrix with rows of unequal length, but must be a matrix [2, 2]",
    () => lstm.setParameters(withGate({ Wx: [[1, 2], [2]] })),
  ],
  [
    TypeError,
    'LSTM.setParameters: parameter "f.W" is unknown, but must be one of f.Wx, f.Wh, f.b, i.Wx, i.Wh, i.b, g.Wx, g.Wh, g.b, o.Wx, o.Wh, o.b',
    () => lstm.setParameters(withGate({ W: x })),
  ],
  [
    TypeError,
    "LSTM.setParameters: the parameters are null, but must be an object",
    () => tied.setParameters(any(null)),
  ],
  [
    TypeError,
    'RNN.setParameters: parameter "b" is missing, but must be given',
    () => rnn.setParameters(any({ Wx: rnn.parameters.Wx, Wh: rnn.parameters.Wh })),
  ],
  [
    TypeError,
    'LSTM.loadStateDict: key "bias_hh_l0" is unknown, but must be one of weight_ih_l0, weight_hh_l0, bias_l0',
    () => lstm.loadStateDict(any({ ...lstm.stateDict(), bias_hh_l0: lstm.stateDict().bias_l0 })),
  ],
  [
    RangeError,
    "SGD.step: head.W is a vector [2], but must be a matrix [2, 2]",
    () => {
      const { layer } = model.parameters;
      new SGD(model, { lr: 1 }).step({ layer, head: { W: any([1, 2]), b: [1, 2] } });
    },
  ],
  [
    TypeError,
    'Adam.step: gradient "layer.f.Wx" is missing, but must be given',
    () => new Adam(model).step(any({ head: model.parameters.head })),
  ],
  // the model
  [
    RangeError,
    "SequenceClassifier: head.inputSize is 3, but layer.hiddenSize is 2",
    () => new SequenceClassifier({ layer: lstm, head: new Dense({ inputSize: 3, outputSize: 2 }) }),
  ],
  [
    RangeError,
    "SequenceClassifier.forward: y has 1 steps, but x has 2",
    () => model.forward({ x, y: [[1, 0]] }),
  ],
  [
    RangeError,
    "SequenceClassifier.forward: y has no target at any step, but needs at least one",
    () => model.forward({ x, y: [null, null] }),
  ],
  [
    RangeError,
    "SequenceClassifier.forward: y has 3 elements at t = 2, but outputSize is 2",
    () => model.forward({ x, y: [1, 0, 0] }),
  ],
  [
    TypeError,
    "SequenceClassifier.forward: y is undefined, but must be a vector or an array of targets",
    () => model.forward(any({ x })),
  ],
  [
    TypeError,
    'SequenceClassifier.forward: option "target" is unknown, but must be one of x, y, h0, c0',
    () => model.forward(any({ x, y, target: y })),
  ],
  [
    RangeError,
    "SequenceRegressor: head.inputSize is 3, but layer.hiddenSize is 2",
    () => new SequenceRegressor({ layer: rnn, head: new Dense({ inputSize: 3, outputSize: 2 }) }),
  ],
  [
    RangeError,
    "SequenceRegressor.forward: y has 1 elements at t = 2, but outputSize is 2",
    () => regressor.forward({ x, y: [1] }),
  ],
  [
    RangeError,
    "SequenceRegressor.loss: the batch is empty, but needs at least one sample",
    () => regressor.loss([]),
  ],
  [
    RangeError,
    "meanSquaredError: target has 1 elements, but prediction has 2",
    () => meanSquaredError([1, 2], [1]),
  ],
  [
    RangeError,
    "LSTM.forward: x has 1 features at t = 1, but inputSize is 2 (sample 1 of the batch)",
    () =>
      model.loss([
        { x, y },
        { x: [[1]], y },
      ] satisfies Sample[]),
  ],
];

test.each(cases.map(([kind, message, call]) => [kind.name, message, call] as const))(
  "a wrong call throws a %s: %s",
  (...expected) => {
    const [name, message, call] = expected;
    expect(call).toThrow(expect.objectContaining({ name, message }));
  },
);

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

test("parameters that were rejected have changed nothing", () => {
  const before = JSON.stringify(lstm.parameters);
  expect(() => lstm.setParameters(withGate({ b: [9, NaN] }))).toThrow();
  expect(JSON.stringify(lstm.parameters)).toBe(before);
});
