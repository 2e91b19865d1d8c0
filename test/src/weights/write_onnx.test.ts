// Networks written as ONNX: ONNX Runtime computes with them what they compute here, and they are read again.

import { expect, test } from "vitest";
import { randomStream } from "../../../src/numbers/random.js";
import { softmax } from "../../../src/slides/losses.js";
import type { SequenceNetworkOptions, Tensor } from "../../../src/nn/index.js";
import { Embedding, GRU, Linear, LSTM, MinGRU, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { readOnnx, twoBiases, writeOnnx } from "../../../src/weights/index.js";
import { havePeers } from "./files.js";
import type { Feeds } from "./onnx_runtime.js";
import { runOnnx } from "./onnx_runtime.js";

const [T, B] = [7, 3];
const random = randomStream(11);
const numbers = (count: number) => Float32Array.from({ length: count }, () => 4 * random.uniform() - 2);

interface Case {
  options: SequenceNetworkOptions;
  states?: true;
  lengths?: number[];
}

const sizes = { inputSize: 3, hiddenSize: 5 } as const;
const cases: Record<string, () => Case> = {
  "an LSTM of two layers in both directions, each step": () => ({
    options: {
      rnn: new LSTM({ ...sizes, numLayers: 2, bidirectional: true, biases: 2, dtype: "float32", seed: 1 }),
      head: new Linear({ inputSize: 10, outputSize: 4, dtype: "float32" }),
      outputs: "every",
    },
  }),
  "an LSTM of three layers, the last step, in float64": () => ({
    options: {
      rnn: new LSTM({ ...sizes, numLayers: 3, seed: 2 }),
      head: new Linear({ inputSize: 5, outputSize: 2 }),
      loss: "meanSquaredError",
    },
  }),
  "a GRU in both directions, the last step, batches first": () => ({
    options: {
      rnn: new GRU({ ...sizes, bidirectional: true, batchFirst: true, seed: 3 }),
      head: new Linear({ inputSize: 10, outputSize: 1, bias: false }),
      loss: "binaryCrossEntropy",
    },
  }),
  "a GRU that resets before, without biases, each step, batches first": () => ({
    options: {
      rnn: new GRU({ ...sizes, numLayers: 2, resetAfter: false, biases: 0, batchFirst: true, seed: 4 }),
      head: new Linear({ inputSize: 5, outputSize: 3 }),
      outputs: "every",
    },
  }),
  "an RNN with relu in both directions": () => ({
    options: {
      rnn: new RNN({ ...sizes, nonlinearity: "relu", bidirectional: true, biases: 2, seed: 5 }),
      head: new Linear({ inputSize: 10, outputSize: 2 }),
    },
  }),
  "characters into an RNN": () => ({
    options: {
      embedding: new Embedding({ numEmbeddings: 6, embeddingDim: 3, seed: 6 }),
      rnn: new RNN({ ...sizes, seed: 6 }),
      head: new Linear({ inputSize: 5, outputSize: 6 }),
      outputs: "every",
    },
  }),
  "characters into a GRU, batches first": () => ({
    options: {
      embedding: new Embedding({ numEmbeddings: 6, embeddingDim: 3, seed: 7 }),
      rnn: new GRU({ ...sizes, batchFirst: true, seed: 7 }),
      head: new Linear({ inputSize: 5, outputSize: 6 }),
    },
  }),
  "an LSTM of two layers that goes on from states": () => ({
    options: {
      rnn: new LSTM({ ...sizes, numLayers: 2, seed: 8 }),
      head: new Linear({ inputSize: 5, outputSize: 2 }),
    },
    states: true,
  }),
  "a GRU of one layer that goes on from states": () => ({
    options: {
      rnn: new GRU({ ...sizes, seed: 9 }),
      head: new Linear({ inputSize: 5, outputSize: 2 }),
      outputs: "every",
    },
    states: true,
  }),
  "an LSTM with peepholes of two layers in both directions, each step": () => ({
    options: {
      rnn: new LSTM({ ...sizes, numLayers: 2, bidirectional: true, peepholes: true, seed: 11 }),
      head: new Linear({ inputSize: 10, outputSize: 2 }),
      outputs: "every",
    },
  }),
  "an LSTM with peepholes with lengths and states": () => ({
    options: {
      rnn: new LSTM({ ...sizes, peepholes: true, biases: 0, seed: 12 }),
      head: new Linear({ inputSize: 5, outputSize: 2 }),
    },
    states: true,
    lengths: [7, 2, 5],
  }),
  "an LSTM in both directions with lengths and states": () => ({
    options: {
      rnn: new LSTM({ ...sizes, numLayers: 2, bidirectional: true, seed: 10 }),
      head: new Linear({ inputSize: 10, outputSize: 2 }),
    },
    states: true,
    lengths: [7, 2, 5],
  }),
};

function feedsOf(network: SequenceNetwork, { states, lengths }: Case): Feeds {
  const { rnn, embedding } = network;
  const steps = rnn.batchFirst ? [B, T] : [T, B];
  const lanes = rnn.numLayers * (rnn.bidirectional ? 2 : 1);
  const state = () => ({ shape: [lanes, B, rnn.hiddenSize], data: numbers(lanes * B * rnn.hiddenSize) });
  return {
    x: embedding
      ? { shape: steps, data: BigInt64Array.from({ length: T * B }, () => BigInt(random.below(6))) }
      : { shape: [...steps, rnn.inputSize], data: numbers(T * B * rnn.inputSize) },
    ...(lengths && { lengths: { shape: [B], data: Int32Array.from(lengths) } }),
    ...(states && { h0: state(), ...(rnn instanceof LSTM && { c0: state() }) }),
  };
}

/** The same numbers for the network here. */
const here = ({ shape, data }: Feeds[string]): Tensor => ({
  shape: [...shape],
  data: Float64Array.from(data as Float32Array, Number),
});

function expectClose(came: { shape: number[]; data: number[] }, wanted: Tensor): void {
  expect(came.shape).toEqual(wanted.shape);
  const most = Math.max(...came.data.map((value, k) => Math.abs(value - wanted.data[k])));
  expect(most).toBeLessThanOrEqual(1e-6);
}

test.skipIf(!havePeers()).each(Object.keys(cases))("ONNX Runtime runs %s", async (name) => {
  const of = cases[name]();
  const { states, lengths } = of;
  const network = new SequenceNetwork(of.options);
  const feeds = feedsOf(network, of);
  const outputs = await runOnnx(
    writeOnnx(network, { ...(states && { states }), ...(lengths && { lengths: true }) }),
    feeds,
  );
  const { rnn, embedding, lossName } = network;
  const input = {
    x: here(feeds.x),
    ...(lengths && { lengths }),
    ...(states && { h0: here(feeds.h0), ...("c0" in feeds && { c0: here(feeds.c0) }) }),
  };
  const prediction = network.predict(input);
  expectClose(outputs.prediction, prediction);
  expect(Object.keys(outputs)).toEqual([
    "prediction",
    ...(lossName === "meanSquaredError" ? [] : ["probabilities"]),
    ...(states ? ["hN"] : []),
    ...(states && rnn instanceof LSTM ? ["cN"] : []),
  ]);
  const K = network.head.outputSize;
  if (lossName === "crossEntropy") {
    const rows = Array.from({ length: prediction.data.length / K }, (_, row) =>
      softmax([...prediction.data.slice(row * K, (row + 1) * K)]),
    );
    expectClose(outputs.probabilities, { ...prediction, data: Float64Array.from(rows.flat()) });
  } else if (lossName === "binaryCrossEntropy") {
    const data = Float64Array.from(prediction.data, (z) => 1 / (1 + Math.exp(-z)));
    expectClose(outputs.probabilities, { ...prediction, data });
  }
  if (!states || embedding) return;
  const { x, ...others } = input;
  const { hN, cN } = rnn.forward(x, others);
  expectClose(outputs.hN, hN);
  if (cN) expectClose(outputs.cN, cN);
});

test.each(Object.keys(cases))("%s is read again with its weights", (name) => {
  const network = new SequenceNetwork(cases[name]().options);
  const { embedding, rnn, head } = network;
  const layers = readOnnx(writeOnnx(network));
  const single = (stateDict: Record<string, Tensor>) =>
    Object.fromEntries(
      Object.entries(stateDict).map(([key, { shape, data }]) => [
        key,
        { shape, data: Float32Array.from(data) },
      ]),
    );
  expect(layers.map(({ kind }) => kind)).toEqual([
    ...(embedding ? ["embedding"] : []),
    rnn instanceof LSTM ? "lstm" : rnn instanceof GRU ? "gru" : "rnn",
    "dense",
  ]);
  const wanted = [...(embedding ? [embedding] : []), rnn, head];
  layers.forEach(({ stateDict, options }, k) => {
    expect(stateDict).toEqual(single(twoBiases(wanted[k].stateDict())));
    expect({ ...wanted[k].options, biases: rnn.biases && 2, batchFirst: false }).toMatchObject(options);
  });
});

test("what ONNX does not have is refused", () => {
  const head = () => new Linear({ inputSize: 1, outputSize: 2 });
  const identity = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 1, nonlinearity: "identity" }),
    head: head(),
  });
  expect(() => writeOnnx(identity)).toThrow(
    new TypeError('writeOnnx: rnn.nonlinearity is "identity", but ONNX has "tanh" and "relu"'),
  );
  const scanned = new SequenceNetwork({ rnn: new MinGRU({ inputSize: 1, hiddenSize: 1 }), head: head() });
  expect(() => writeOnnx(scanned)).toThrow(
    new TypeError("writeOnnx: rnn is of class MinGRU, but ONNX has RNN, LSTM and GRU"),
  );
  const normalised = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 1, layerNorm: true }),
    head: head(),
  });
  expect(() => writeOnnx(normalised)).toThrow(
    new TypeError("writeOnnx: rnn has layerNorm, but ONNX' LSTM has no layer normalisation"),
  );
  const projected = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 2, projSize: 1 }),
    head: head(),
  });
  expect(() => writeOnnx(projected)).toThrow(
    new TypeError("writeOnnx: rnn has projSize, but ONNX' LSTM has no projections"),
  );
  const large = new SequenceNetwork({ rnn: new RNN({ inputSize: 1, hiddenSize: 1 }), head: head() });
  large.values[0] = 1e39;
  expect(() => writeOnnx(large)).toThrow(
    new RangeError("writeOnnx: W_l0 contains Infinity in float32, but must be finite"),
  );
  expect(() => writeOnnx(head() as unknown as SequenceNetwork)).toThrow(
    new TypeError("writeOnnx: network is an object, but must be a SequenceNetwork"),
  );
  expect(() => writeOnnx(identity, { states: 1 as unknown as boolean })).toThrow("writeOnnx: states is");
  expect(() => writeOnnx(identity, { state: true } as object)).toThrow(
    'writeOnnx: option "state" is unknown, but must be one of states, lengths',
  );
});
