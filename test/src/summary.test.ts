// What an object says of itself in a cell or a console: one readable summary instead of its fields.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import * as library from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { readSafetensors, writeSafetensors } from "../../src/weights/index.js";

const slidesModel = () =>
  new library.SequenceClassifier({
    layer: new library.LSTM({ inputSize: 3, hiddenSize: 2 }),
    head: new library.Dense({ inputSize: 2, outputSize: 4 }),
  });
const network = () =>
  new nn.SequenceNetwork({
    embedding: new nn.Embedding({ numEmbeddings: 1000, embeddingDim: 8, dtype: "float32" }),
    rnn: new nn.GRU({ inputSize: 8, hiddenSize: 16, numLayers: 2, bidirectional: true, dtype: "float32" }),
    head: new nn.Linear({ inputSize: 32, outputSize: 1, bias: false, dtype: "float32" }),
    loss: "binaryCrossEntropy",
  });
const week = library.forecast(
  Array.from({ length: 20 }, (_, day) => ({ rain: day % 3, wind: day })),
  { inputs: ["rain", "wind"], targets: ["rain"], steps: 4, validation: 0 },
);

test.each<[string, () => object, string]>([
  [
    "the slides' RNN",
    () => new library.RNN({ inputSize: 2, hiddenSize: 3, nonlinearity: "relu" }),
    `
RNN(2 → 3, relu), float64, 18 parameters
  Wx [3, 2], Wh [3, 3], b [3]`,
  ],
  [
    "tied gates",
    () => new library.LSTM({ inputSize: 1, hiddenSize: 1, tiedGates: true }),
    `
LSTM(1 → 1, tied gates), float64, 3 parameters
  Wx [1, 1], Wh [1, 1], b [1]`,
  ],
  [
    "a model of the slides",
    slidesModel,
    `
SequenceClassifier, float64, 60 parameters
  layer: LSTM(3 → 2), float64, 48 parameters
    f: Wx [2, 3], Wh [2, 2], b [2]
    i: Wx [2, 3], Wh [2, 2], b [2]
    g: Wx [2, 3], Wh [2, 2], b [2]
    o: Wx [2, 3], Wh [2, 2], b [2]
  head: Dense(2 → 4), float64, 12 parameters
    W [4, 2], b [4]`,
  ],
  [
    "a layer with options",
    () => new nn.RNN({ inputSize: 1, hiddenSize: 1, biases: 0, batchFirst: true, nonlinearity: "identity" }),
    `
RNN(1 → 1, batchFirst, identity), float64, 2 parameters
  weight_ih_l0 [1, 1]
  weight_hh_l0 [1, 1]`,
  ],
  [
    "a GRU that resets before",
    () => new nn.GRU({ inputSize: 2, hiddenSize: 2, resetAfter: false, biases: 0 }),
    `
GRU(2 → 2, resetAfter false), float64, 24 parameters
  weight_ih_l0 [6, 2]
  weight_hh_l0 [6, 2]`,
  ],
  [
    "a MinGRU that scans",
    () => new nn.MinGRU({ inputSize: 2, hiddenSize: 2, parallel: true }),
    `
MinGRU(2 → 2, parallel), float64, 12 parameters
  weight_ih_l0 [4, 2]
  bias_l0 [4]`,
  ],
  [
    "an sLSTM with PyTorch's two biases",
    () => new nn.SLSTM({ inputSize: 1, hiddenSize: 2, biases: 2 }),
    `
SLSTM(1 → 2), float64, 40 parameters
  weight_ih_l0 [8, 1]
  weight_hh_l0 [8, 2]
  bias_ih_l0 [8]
  bias_hh_l0 [8]`,
  ],
  [
    "an mLSTM, whose i and f have one row each",
    () => new nn.MLSTM({ inputSize: 1, hiddenSize: 2 }),
    `
MLSTM(1 → 2), float64, 20 parameters
  weight_ih_l0 [10, 1]
  bias_l0 [10]`,
  ],
  [
    "an LSTM with peepholes",
    () => new nn.LSTM({ inputSize: 1, hiddenSize: 2, peepholes: true }),
    `
LSTM(1 → 2, peepholes), float64, 38 parameters
  weight_ih_l0 [8, 1]
  weight_hh_l0 [8, 2]
  weight_ch_l0 [6]
  bias_l0 [8]`,
  ],
  [
    "an LRU on a ring of its own",
    () => new nn.LRU({ inputSize: 1, hiddenSize: 2, minRadius: 0.9 }),
    `
LRU(1 → 2, |λ| from 0.9 to 1), float64, 5 parameters
  weight_ih_l0 [2, 1]
  lambda_l0 [3, 1]`,
  ],
  [
    "an LSTM with layer normalisation",
    () => new nn.LSTM({ inputSize: 1, hiddenSize: 2, layerNorm: true }),
    `
LSTM(1 → 2, layerNorm), float64, 52 parameters
  weight_ih_l0 [8, 1]
  weight_hh_l0 [8, 2]
  gain_ih_l0 [8]
  gain_hh_l0 [8]
  gain_ch_l0 [2]
  bias_l0 [8]
  bias_ch_l0 [2]`,
  ],
  [
    "an LSTM with projections",
    () => new nn.LSTM({ inputSize: 1, hiddenSize: 3, projSize: 2 }),
    `
LSTM(1 → 3, projSize 2), float64, 54 parameters
  weight_ih_l0 [12, 1]
  weight_hh_l0 [12, 2]
  bias_l0 [12]
  weight_hr_l0 [2, 3]`,
  ],
  [
    "a network",
    network,
    `
SequenceNetwork(binaryCrossEntropy of the last step, mean), float32, 15,200 parameters
  embedding: Embedding(1000 → 8), float32, 8,000 parameters
    weight [1000, 8]
  rnn: GRU(8 → 16, 2 layers, bidirectional), float32, 7,168 parameters
    weight_ih_l0 [48, 8]
    weight_hh_l0 [48, 16]
    bias_l0 [48]
    bias_hn_l0 [16]
    weight_ih_l0_reverse [48, 8]
    weight_hh_l0_reverse [48, 16]
    bias_l0_reverse [48]
    bias_hn_l0_reverse [16]
    weight_ih_l1 [48, 32]
    weight_hh_l1 [48, 16]
    bias_l1 [48]
    bias_hn_l1 [16]
    weight_ih_l1_reverse [48, 32]
    weight_hh_l1_reverse [48, 16]
    bias_l1_reverse [48]
    bias_hn_l1_reverse [16]
  head: Linear(32 → 1), float32, 32 parameters
    weight [1, 32]`,
  ],
  [
    "a task",
    () => library.addingProblem({ steps: 50 }),
    `
addingProblem(2 → 1, 50 steps), baseline 0.1667`,
  ],
  [
    "a text",
    () => library.characters("나는 나비", { steps: 3 }),
    `
characters: 5 characters, 4 of them different
  alphabet " 나는비"
  draws 3 steps, x as indices`,
  ],
  [
    "a series",
    () => week,
    `
forecast: 16 samples to train, 0 to validate
  x [4, 2] of rain, wind
  y [1] of rain, 1 row later`,
  ],
  [
    "a weight file",
    () => {
      const bias = nn.tensor([1, 2], "float32");
      return readSafetensors(writeSafetensors({ weight: nn.tensor([[1, 2]]), bias }, { format: "pt" }));
    },
    `
safetensors: 2 tensors, 4 numbers
  weight [1, 2] float64
  bias [2] float32
  format: "pt"`,
  ],
])("a console shows a summary of %s", (_, make, expected) => {
  expect(inspect(make())).toBe(expected.slice(1));
});

test("a training that is under way says how far it is", async () => {
  const model = slidesModel();
  const samples = [{ x: [[1, 2, 3]], y: [1, 0, 0, 0] }];
  const training = library.fit(model, samples, { optimizer: library.sgdRule({ lr: 1e-9 }), epochs: 2 });
  expect(inspect(training)).toBe("Training: update 0 of 2\n  SGD, lr 1e-9");
  await training.finish();
  const loss = model.loss(samples).toPrecision(4);
  expect(inspect(training)).toBe(
    `Training: update 2 of 2, ended by updates\n  epoch 2, loss ${loss}\n  SGD, lr 1e-9`,
  );
});

test("a summary inside another value is indented, and a plain object keeps its keys", () => {
  const task = library.addingProblem({ steps: 2 });
  expect(Reflect.ownKeys({ ...task })).toEqual(["inputSize", "outputSize", "steps", "baseline", "draw"]);
  expect(inspect({ head: new nn.Linear({ inputSize: 1, outputSize: 1, bias: false }) })).toBe(
    "{\n  head: Linear(1 → 1), float64, 1 parameter\n    weight [1, 1]\n}",
  );
});

test("a tensor's name from a file cannot pass for something else", () => {
  const name = "a\u001b]0;title\u0007\n  fake [1] float64";
  const file = readSafetensors(writeSafetensors({ [name]: { data: new Float32Array(1), shape: [1] } }));
  expect(inspect(file.tensors)).toBe(
    `${inspect(file.tensors).split("\n")[0]}\n  ${JSON.stringify(name)} [1] float32`,
  );
});

test("a weight file with something else put among its tensors can still be shown", () => {
  const file = readSafetensors(writeSafetensors({ a: { data: new Float32Array(1), shape: [1] } }));
  Object.assign(file.tensors, { b: 3 });
  expect(inspect(file)).toContain("a [1] float32");
});
