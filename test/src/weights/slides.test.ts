// The slides' networks to state dicts and back, held against PyTorch's files and the engine.

import { expect, test } from "vitest";
import { Dense, LSTM, RNN, SequenceClassifier } from "../../../src/index.js";
import { tensor, toNested } from "../../../src/numbers/tensor.js";
import {
  exportWeights,
  importWeights,
  partOf,
  readSafetensors,
  twoBiases,
  writeSafetensors,
} from "../../../src/weights/index.js";
import { relativeError } from "../engine/numbers.js";
import { file, outputs } from "./files.js";
import { dense, recurrent } from "./forward.js";

const x = Array.from({ length: 6 }, (_, t) => [Math.sin(t), Math.cos(2 * t), t / 6]);
const batch = x.map((features) => [features]);

test.each([false, true])("an LSTM computes the same on the engine (tied gates: %s)", (tiedGates) => {
  const layer = new LSTM({ inputSize: 3, hiddenSize: 2, tiedGates, seed: 5 });
  const h = recurrent("lstm", exportWeights(layer), batch);
  expect(relativeError(h.data, layer.forward(x).h.flat())).toBeLessThanOrEqual(1e-14);
});

test("an RNN and a head compute the same on the engine", () => {
  const layer = new RNN({ inputSize: 3, hiddenSize: 4, seed: 5 });
  const head = new Dense({ inputSize: 4, outputSize: 2, seed: 6 });
  const model = new SequenceClassifier({ layer, head });
  const stateDict = exportWeights(model);
  expect(Object.keys(stateDict)).toEqual([
    "rnn.weight_ih_l0",
    "rnn.weight_hh_l0",
    "rnn.bias_l0",
    "head.weight",
    "head.bias",
  ]);
  const logits = dense(partOf(stateDict, "head."), recurrent("rnn_tanh", partOf(stateDict, "rnn."), batch));
  const own = layer.forward(x).h.flatMap((h) => head.forward(h));
  expect(relativeError(logits.data, own)).toBeLessThanOrEqual(1e-14);
});

test.each([false, true])(
  "weights go through a file and PyTorch's two biases into another model (tied gates: %s)",
  (tiedGates) => {
    const make = (seed: number) =>
      new SequenceClassifier({
        layer: new LSTM({ inputSize: 3, hiddenSize: 4, tiedGates, seed }),
        head: new Dense({ inputSize: 4, outputSize: 2, seed }),
      });
    const [one, other] = [make(1), make(2)];
    const bytes = writeSafetensors(twoBiases(exportWeights(one)), { format: "pt" });
    importWeights(other, readSafetensors(bytes).tensors);
    expect(other.parameters).toEqual(one.parameters);
  },
);

test("PyTorch's weights compute in the slides' LSTM what they compute in PyTorch", () => {
  const { tensors } = readSafetensors(file("characters.safetensors"));
  const layer = new LSTM({ inputSize: 3, hiddenSize: 4 });
  const head = new Dense({ inputSize: 4, outputSize: 6 });
  const { "embedding.weight": embedding, ...stateDict } = tensors;
  importWeights({ layer, head }, stateDict);
  const vectors = toNested(embedding) as number[][];
  const { x, output } = outputs("torch.json").characters as { x: number[][]; output: number[][][] };
  for (const b of [0, 1]) {
    const { h } = layer.forward(x.map((characters) => vectors[characters[b]]));
    const logits = h.flatMap((ht) => head.forward(ht));
    expect(
      relativeError(
        logits,
        output.flatMap((of) => of[b]),
      ),
    ).toBeLessThanOrEqual(1e-14);
  }
});

test("what does not fit is named, and nothing is changed", () => {
  const layer = new LSTM({ inputSize: 3, hiddenSize: 2, seed: 5 });
  const head = new Dense({ inputSize: 2, outputSize: 2 });
  const before = exportWeights({ layer, head });
  const zeros = (...shape: number[]) => ({
    shape,
    data: new Float64Array(shape.reduce((product, extent) => product * extent, 1)),
  });
  const of = { weight_ih_l0: zeros(8, 3), weight_hh_l0: zeros(8, 2), bias_l0: zeros(8) };
  const model = (more: object) => ({
    ...Object.fromEntries(Object.entries(of).map(([key, value]) => [`rnn.${key}`, value])),
    "head.weight": zeros(2, 2),
    "head.bias": zeros(2),
    ...more,
  });
  expect(() => importWeights(layer, { ...of, weight_ih_l1: zeros(8, 2) })).toThrow(
    'importWeights: key "weight_ih_l1" is unknown, but must be one of weight_ih_l0, weight_hh_l0, bias_l0',
  );
  expect(() => importWeights(layer, { weight_ih_l0: zeros(8, 3), weight_hh_l0: zeros(8, 2) })).toThrow(
    'importWeights: key "bias_l0" is missing, but must be given',
  );
  expect(() => importWeights(layer, { ...of, weight_ih_l0: zeros(8, 4) })).toThrow("LSTM.loadStateDict");
  expect(() => importWeights({ layer, head }, model({ "head.bias": zeros(3) }))).toThrow(
    "Dense.loadStateDict",
  );
  expect(() =>
    importWeights(
      { layer, head },
      model({
        "head.weight": tensor([
          [NaN, 1],
          [1, 1],
        ]),
      }),
    ),
  ).toThrow("NaN");
  expect(() => importWeights({ layer, head }, model({ "embedding.weight": zeros(2, 3) }))).toThrow(
    'key "embedding.weight" is unknown, but must begin with "rnn." or "head."',
  );
  expect(exportWeights({ layer, head })).toEqual(before);

  const tied = new LSTM({ inputSize: 3, hiddenSize: 2, tiedGates: true });
  expect(() =>
    importWeights(tied, { ...of, weight_hh_l0: tensor([0, 0, 0, 0, 0, 1, 0, 0].map((v) => [v, 0])) }),
  ).toThrow("importWeights: row 5 of weight_hh_l0 differs from row 1, but tiedGates needs equal gates");
  expect(() => exportWeights({} as LSTM)).toThrow(
    "exportWeights: the network is an object, but must be an RNN, LSTM or",
  );
});
