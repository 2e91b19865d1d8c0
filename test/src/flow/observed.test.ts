// An observed network: what can be seen of the step just made is what a pass of its own over the batch shows.

import { expect, test } from "vitest";
import {
  adamRule,
  Dense,
  gateHistograms,
  gateSaturation,
  inputGradients,
  LSTM,
  Optimizer,
  SequenceClassifier,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { numbers } from "../engine/numbers.js";

const [T, B, I] = [6, 5, 3];
const x = { shape: [T, B, I], data: Float64Array.from(numbers(T * B * I, 1, 4)) };
const batch = { x, y: [0, 1, 0, 1, 1], lengths: [6, 2, 5, 6, 1] };

const network = (rnn: nn.RecurrentModule, observe: boolean) =>
  new nn.SequenceNetwork({
    rnn,
    head: new nn.Linear({ inputSize: rnn.outputSize, outputSize: 2, dtype: rnn.dtype }),
    observe,
  });

const looks = [gateHistograms, gateSaturation, inputGradients] as const;

test.each(["LSTM", "GRU", "RNN", "MinGRU", "MinLSTM"] as const)("an %s of two layers", (cell) => {
  for (const dtype of ["float64", "float32"] as const) {
    const options = { inputSize: I, hiddenSize: 4, numLayers: 2, bidirectional: true, dtype };
    const [observed, plain] = [true, false].map((observe) => network(new nn[cell](options), observe));
    const expected = looks.map((look) => look(plain, batch));
    expect(observed.lossAndGradients(batch)).toBe(plain.lossAndGradients(batch));
    expect(observed.gradients).toEqual(plain.gradients);
    // An update comes before a row of fit does, and changes the weights, not what is seen.
    new Optimizer(adamRule({ lr: 0.1 }), observed.parameters).step();
    looks.forEach((look, index) => {
      expect(look(observed)).toEqual(expected[index]);
    });
    // And with a batch it is what the weights are now that counts.
    expect(inputGradients(observed, batch)).not.toEqual(expected[2]);
  }
});

test("of an embedding, and of the gates that dropout has reached", () => {
  const embedded = new nn.SequenceNetwork({
    embedding: new nn.Embedding({ numEmbeddings: 7, embeddingDim: I }),
    rnn: new nn.LSTM({ inputSize: I, hiddenSize: 4 }),
    head: new nn.Linear({ inputSize: 4, outputSize: 2 }),
    observe: true,
  });
  const words = {
    x: [
      [1, 6],
      [2, 0],
      [3, 3],
    ],
    y: [1, 0],
  };
  const expected = inputGradients(embedded, words);
  embedded.lossAndGradients(words);
  expect(inputGradients(embedded)).toEqual(expected);

  const deep = { inputSize: I, hiddenSize: 4, numLayers: 2, dropout: 0.5 };
  const dropped = network(new nn.LSTM(deep), true);
  const without = gateHistograms(dropped, batch);
  dropped.lossAndGradients(batch);
  const rows = gateHistograms(dropped);
  const ofLayer = (all: typeof rows, layer: number) => all.filter((row) => row.layer === layer);
  expect(ofLayer(rows, 0)).toEqual(ofLayer(without, 0));
  expect(ofLayer(rows, 1)).not.toEqual(ofLayer(without, 1));
});

test("there must be a step to look at", () => {
  const plain = network(new nn.LSTM({ inputSize: I, hiddenSize: 4 }), false);
  const observed = network(new nn.LSTM({ inputSize: I, hiddenSize: 4 }), true);
  plain.lossAndGradients(batch);
  for (const look of looks) {
    expect(() => look(plain)).toThrow(
      `${look.name}: batch is undefined, but must be given unless the network is made with observe: true`,
    );
    expect(() => look(observed)).toThrow(`${look.name}: batch is undefined, but must be given unless`);
  }
  observed.lossAndGradients(batch);
  observed.loss({ ...batch, y: [1, 1, 1, 1, 1] });
  for (const look of looks) expect(() => look(observed)).toThrow(/has seen no batch of that size since/);
  const slstm = network(new nn.SLSTM({ inputSize: I, hiddenSize: 4 }), true);
  slstm.lossAndGradients(batch);
  expect(() => gateHistograms(slstm)).toThrow("gateHistograms: the layers are SLSTMs");
  expect(inputGradients(slstm)).toHaveLength(T * (1 + I));
  const model = new SequenceClassifier({
    layer: new LSTM({ inputSize: I, hiddenSize: 4 }),
    head: new Dense({ inputSize: 4, outputSize: 2 }),
  });
  expect(() => gateHistograms(model as never)).toThrow(
    new TypeError("gateHistograms: batch is undefined, but must be given for a model of the slides"),
  );
  expect(() => network(new nn.LSTM({ inputSize: I, hiddenSize: 4 }), "yes" as never)).toThrow(
    'SequenceNetwork: observe is "yes"',
  );
});
