// A whole network goes into a file and comes out the same; what else a file may hold is refused.

import { expect, test } from "vitest";
import type { NetworkBatch, SequenceNetworkOptions } from "../../../src/nn/index.js";
import {
  Embedding,
  GRU,
  Linear,
  LSTM,
  LRU,
  MinGRU,
  MinLSTM,
  MLSTM,
  RNN,
  SequenceNetwork,
  SLSTM,
} from "../../../src/nn/index.js";
import {
  loadModel,
  readSafetensors,
  saveModel,
  WeightFileError,
  writeSafetensors,
} from "../../../src/weights/index.js";
import { expectRefusals } from "./hostile.js";

const x = [
  [
    [0.5, -1],
    [1, 0.25],
  ],
  [
    [0, 2],
    [-0.5, -0.125],
  ],
  [
    [1.5, 1],
    [0.25, -2],
  ],
];
const indices = [
  [0, 4],
  [2, 1],
  [3, 3],
];

const cases: Record<string, { options: SequenceNetworkOptions; batch: NetworkBatch }> = {
  "an LSTM with all that it can have": {
    options: {
      rnn: new LSTM({
        inputSize: 2,
        hiddenSize: 3,
        numLayers: 2,
        bidirectional: true,
        dropout: 0.25,
        batchFirst: true,
        biases: 2,
        dtype: "float32",
        seed: 7,
      }),
      head: new Linear({ inputSize: 6, outputSize: 3, bias: false, dtype: "float32", seed: 1 }),
      outputs: "every",
      classWeights: [1, 2.5, 0.5],
      labelSmoothing: 0.125,
      ignoreIndex: -100,
    },
    batch: {
      x,
      y: [
        [0, -100],
        [2, 1],
        [1, 1],
      ],
    },
  },
  "characters into a GRU": {
    options: {
      embedding: new Embedding({ numEmbeddings: 5, embeddingDim: 4, paddingIdx: 1, seed: 3 }),
      rnn: new GRU({ inputSize: 4, hiddenSize: 3, resetAfter: false, biases: 0, seed: 2 }),
      head: new Linear({ inputSize: 3, outputSize: 1, seed: 5 }),
      loss: "binaryCrossEntropy",
      reduction: "sum",
    },
    batch: { x: indices, y: [1, 0] },
  },
  "a MinGRU that scans, of two layers": {
    options: {
      rnn: new MinGRU({ inputSize: 2, hiddenSize: 3, numLayers: 2, parallel: true, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "a MinLSTM": {
    options: {
      rnn: new MinLSTM({ inputSize: 2, hiddenSize: 3, biases: 0, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an LSTM with peepholes": {
    options: {
      rnn: new LSTM({ inputSize: 2, hiddenSize: 3, peepholes: true, bidirectional: true, seed: 6 }),
      head: new Linear({ inputSize: 6, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an LSTM with layer normalisation": {
    options: {
      rnn: new LSTM({ inputSize: 2, hiddenSize: 3, layerNorm: true, biases: 2, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an LSTM with projections": {
    options: {
      rnn: new LSTM({ inputSize: 2, hiddenSize: 3, projSize: 2, numLayers: 2, bidirectional: true, seed: 6 }),
      head: new Linear({ inputSize: 4, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an SLSTM": {
    options: {
      rnn: new SLSTM({ inputSize: 2, hiddenSize: 3, biases: 2, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an MLSTM": {
    options: {
      rnn: new MLSTM({ inputSize: 2, hiddenSize: 3, biases: 0, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "an LRU": {
    options: {
      rnn: new LRU({ inputSize: 2, hiddenSize: 4, minRadius: 0.9, seed: 6 }),
      head: new Linear({ inputSize: 4, outputSize: 2, seed: 4 }),
    },
    batch: { x, y: [1, 0] },
  },
  "Huber's loss with a delta": {
    options: {
      rnn: new GRU({ inputSize: 2, hiddenSize: 3, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 1, seed: 4 }),
      loss: "huber",
      delta: 0.25,
    },
    batch: { x, y: [[1], [0]] },
  },
  "binary cross-entropy with weights of 1": {
    options: {
      rnn: new GRU({ inputSize: 2, hiddenSize: 3, seed: 6 }),
      head: new Linear({ inputSize: 3, outputSize: 2, seed: 4 }),
      loss: "binaryCrossEntropy",
      posWeight: Float32Array.of(3, 0.5),
    },
    batch: {
      x,
      y: [
        [1, 1],
        [0, 1],
      ],
    },
  },
  "an RNN of its own nonlinearity": {
    options: {
      rnn: new RNN({ inputSize: 2, hiddenSize: 4, nonlinearity: "relu", seed: 9 }),
      head: new Linear({ inputSize: 4, outputSize: 2, seed: 4 }),
      loss: "meanSquaredError",
    },
    batch: {
      x,
      y: [
        [0.5, 1],
        [-1, 2],
      ],
    },
  },
};

test.each(Object.keys(cases))("%s comes back whole", (name) => {
  const { options, batch } = cases[name];
  const network = new SequenceNetwork(options);
  const again = loadModel(saveModel(network));
  expect(again.stateDict()).toEqual(network.stateDict());
  expect(again.rnn.options).toEqual(network.rnn.options);
  expect(again.head.options).toEqual(network.head.options);
  expect(again.embedding?.options).toEqual(network.embedding?.options);
  expect(again.predict(batch)).toEqual(network.predict(batch));
  // With dropout as well: the masks follow from the seed.
  for (let step = 0; step < 3; step++) {
    expect(again.lossAndGradients(batch)).toBe(network.lossAndGradients(batch));
    expect(again.gradients).toEqual(network.gradients);
  }
});

const saved = saveModel(
  new SequenceNetwork({
    embedding: new Embedding({ numEmbeddings: 5, embeddingDim: 4 }),
    rnn: new LSTM({ inputSize: 4, hiddenSize: 3, numLayers: 2 }),
    head: new Linear({ inputSize: 3, outputSize: 5 }),
  }),
  { vocabulary: "abcde" },
);

test("the file is a safetensors file with the state dict's keys and the caller's texts", () => {
  const { tensors, metadata } = readSafetensors(saved);
  expect(metadata.vocabulary).toBe("abcde");
  expect(Object.keys(tensors).sort()).toEqual(
    [
      "embedding.weight",
      ...[0, 1].flatMap((layer) => ["weight_ih", "weight_hh", "bias"].map((key) => `rnn.${key}_l${layer}`)),
      "head.weight",
      "head.bias",
    ].sort(),
  );
  expect(loadModel(saved).predict({ x: indices }).shape).toEqual([2, 5]);
});

test("a file without an architecture says what to do with its tensors", () => {
  const { tensors } = readSafetensors(saved);
  expect(() => loadModel(writeSafetensors(tensors, { format: "pt" }))).toThrow(
    new WeightFileError(
      "loadModel: the file has tensors, but no architecture in its metadata: make the network and give the tensors of readSafetensors to its loadStateDict",
    ),
  );
});

/** The saved file with another architecture. */
function altered(change: (architecture: Record<string, Record<string, unknown>>) => unknown): Uint8Array {
  const { tensors, metadata } = readSafetensors(saved);
  const architecture = JSON.parse(metadata.unrolled) as Record<string, Record<string, unknown>>;
  const changed = change(architecture) ?? architecture;
  return writeSafetensors(tensors, {
    unrolled: typeof changed === "string" ? changed : JSON.stringify(changed),
  });
}

test.each<[string, (architecture: Record<string, Record<string, unknown>>) => unknown, string]>([
  ["no JSON", () => "{", "the architecture is not JSON: "],
  ["an array", () => [], "the architecture is an array, but must be an object"],
  [
    "another format",
    (all) => ({ ...all, format: "unrolled-model-9" }),
    'the architecture\'s format is "unrolled-model-9", but must be "unrolled-model-1"',
  ],
  ["no head", (all) => ({ ...all, head: 3 }), "the architecture's head is a number, but must be an object"],
  [
    "a class that is none",
    (all) => void (all.rnn.type = "constructor"),
    'rnn.type is "constructor", but must be one of RNN, LSTM, GRU, MinGRU, MinLSTM, SLSTM, MLSTM, LRU',
  ],
  [
    "more units than the file holds",
    (all) => void (all.rnn.hiddenSize = 200_000),
    "rnn.weight_hh_l0 is [12, 3], but must have 200000 columns by the architecture",
  ],
  [
    "more layers than the file holds",
    (all) => void (all.rnn.numLayers = 1e12),
    "rnn.weight_ih_l2 is missing, but must have 3 columns by the architecture",
  ],
  [
    "more rows than the file holds",
    (all) => void (all.embedding.numEmbeddings = 1e9),
    "embedding.weight is [5, 4], but must be [1000000000, 4] by the architecture",
  ],
  [
    "an unknown option",
    (all) => void (all.rnn.colour = "red"),
    "the file's architecture and tensors do not fit: LSTM: ",
  ],
  [
    "another cell",
    (all) => void (all.rnn.type = "RNN"),
    "the file's architecture and tensors do not fit: SequenceNetwork.loadStateDict: rnn.weight_ih_l0 ",
  ],
])("%s is refused", (_, change, message) => {
  const file = altered(change);
  expect(() => loadModel(file)).toThrow(WeightFileError);
  expect(() => loadModel(file)).toThrow(`loadModel: ${message}`);
});

test("a damaged file is read or refused, and nothing else", () => {
  expect(expectRefusals(saved, loadModel, 1500)).toBeGreaterThan(100);
});

test("what is no file says so", () => {
  expect(() => loadModel("model.safetensors" as unknown as Uint8Array)).toThrow(
    new TypeError("loadModel: bytes is a string, but must be a Uint8Array with the contents of a file"),
  );
});

test("what cannot be saved says so", () => {
  expect(() => saveModel({} as SequenceNetwork)).toThrow(
    new TypeError("saveModel: network is an object, but must be a SequenceNetwork"),
  );
  const spoilt = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 1 }),
    head: new Linear({ inputSize: 1, outputSize: 2 }),
  });
  spoilt.values[0] = NaN;
  expect(() => saveModel(spoilt)).toThrow(
    new RangeError("saveModel: rnn.weight_ih_l0 contains NaN, but must be finite"),
  );
  spoilt.values[0] = 0;
  expect(() => saveModel(spoilt, { unrolled: "mine" })).toThrow(
    new RangeError('saveModel: metadata has a text under "unrolled", but the architecture is there'),
  );
  expect(() => saveModel(spoilt, "mine" as unknown as Record<string, string>)).toThrow(
    new TypeError("saveModel: metadata is a string, but must be an object of texts"),
  );
  class Mine extends LSTM {}
  const own = new SequenceNetwork({
    rnn: new Mine({ inputSize: 1, hiddenSize: 1 }),
    head: new Linear({ inputSize: 1, outputSize: 2 }),
  });
  expect(() => saveModel(own)).toThrow(
    new TypeError(
      "saveModel: rnn is of class Mine, but must be one of RNN, LSTM, GRU, MinGRU, MinLSTM, SLSTM, MLSTM, LRU",
    ),
  );
});
