// State dicts of PyTorch's, from its own files to its own outputs; and its two biases as one.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type { Tensor } from "../../../src/nn/index.js";
import { Embedding, Linear, LSTM, SequenceNetwork, tensor } from "../../../src/nn/index.js";
import {
  oneBias,
  partOf,
  readSafetensors,
  readTorch,
  twoBiases,
  writeSafetensors,
} from "../../../src/weights/index.js";
import { findPython } from "../../support/python.js";
import { relativeError } from "../engine/numbers.js";
import { file, folder, outputs } from "./files.js";
import { dense, recurrent } from "./forward.js";

const python = findPython(["torch"], "python3-torch libopenblas0-pthread");

function readOrRefused(bytes: Buffer): unknown {
  try {
    return readTorch(bytes);
  } catch (error) {
    return String(error);
  }
}

test.skipIf(python === undefined)("PyTorch and NumPy write the committed files again", () => {
  const again = mkdtempSync(join(tmpdir(), "weights-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  execFileSync(python!, ["-W", "ignore", join(folder, "write.py"), again], { env, stdio: "pipe" });
  const names = readdirSync(again);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const [before, now] = [folder, again].map((directory) => readFileSync(join(directory, name)));
    // Before 1.6 storages were named, and ordered, by where they lay in memory.
    if (name.startsWith("legacy_")) expect(readOrRefused(now), name).toEqual(readOrRefused(before));
    else if (!name.endsWith(".json")) expect(now.equals(before), name).toBe(true);
    else {
      // The order of a sum, and with it the last bits, may differ from one machine's BLAS to another's.
      const numbers = (text: Buffer) => (text.toString().match(/-?\d[\d.e-]*/g) ?? []).map(Number);
      expect(relativeError(numbers(now), numbers(before)), name).toBeLessThanOrEqual(1e-14);
    }
  }
});

const models = outputs("torch.json");

test.each<[string, CellKind]>([
  ["lstm", "lstm"],
  ["gru", "gru"],
  ["rnn", "rnn_relu"],
])("an %s's file computes what PyTorch computes, with its two biases and with one", (name, cell) => {
  const tensors = readTorch(file(`${name}.pt`));
  const own = partOf(tensors, "rnn.");
  for (const either of [own, oneBias(own)]) {
    const { data } = dense(partOf(tensors, "head."), recurrent(cell, either, tensor(models[name].x)));
    expect(relativeError(data, tensor(models[name].output).data)).toBeLessThanOrEqual(1e-14);
  }
});

test("a whole network takes PyTorch's state dict, computes the same, and gives it back", () => {
  const make = (seed: number) =>
    new SequenceNetwork({
      embedding: new Embedding({ numEmbeddings: 6, embeddingDim: 3, seed }),
      rnn: new LSTM({ inputSize: 3, hiddenSize: 4, biases: 2, seed }),
      head: new Linear({ inputSize: 4, outputSize: 6, seed }),
      outputs: "every",
    });
  const network = make(1);
  network.loadStateDict(readTorch(file("characters.pt")));
  const { x, output } = models.characters;
  const predictions = network.predict({ x: tensor(x) });
  expect(relativeError(predictions.data, tensor(output).data)).toBeLessThanOrEqual(1e-14);

  const other = make(2);
  other.loadStateDict(readSafetensors(writeSafetensors(network.stateDict())).tensors);
  expect(other.predict({ x: tensor(x) })).toEqual(predictions);
  expect(other.stateDict()).toEqual(readTorch(file("characters.pt")));
});

test("float32 weights in float32 modules are PyTorch's to single precision", () => {
  const { tensors } = readSafetensors(file("lstm_f32.safetensors"));
  const rnn = new LSTM({
    inputSize: 3,
    hiddenSize: 4,
    numLayers: 2,
    bidirectional: true,
    biases: 2,
    dtype: "float32",
  });
  const head = new Linear({ inputSize: 8, outputSize: 2, dtype: "float32" });
  rnn.loadStateDict(partOf(tensors, "rnn."));
  head.loadStateDict(partOf(tensors, "head."));
  const { data } = head.forward(rnn.forward(tensor(models.lstm.x)).output).output;
  expect(data).toBeInstanceOf(Float32Array);
  expect(relativeError(data, tensor(models.lstm.output).data)).toBeLessThanOrEqual(2e-6);
});

const ones = (...shape: number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(1),
});

test("oneBias adds two biases, and twoBiases makes two of one", () => {
  const gru = {
    "rnn.weight_hh_l0": ones(6, 2),
    "rnn.bias_ih_l0": tensor([1, 2, 3, 4, 5, 6]),
    "rnn.bias_hh_l0": tensor([10, 20, 30, 40, 50, 60]),
    "head.bias": tensor([1]),
  };
  const single = oneBias(gru);
  expect(single).toEqual({
    "rnn.weight_hh_l0": gru["rnn.weight_hh_l0"],
    "rnn.bias_l0": tensor([11, 22, 33, 44, 5, 6]),
    "rnn.bias_hn_l0": tensor([50, 60]),
    "head.bias": tensor([1]),
  });
  expect(twoBiases(single)).toEqual({
    ...gru,
    "rnn.bias_ih_l0": tensor([11, 22, 33, 44, 5, 6]),
    "rnn.bias_hh_l0": tensor([0, 0, 0, 0, 50, 60]),
  });
  expect(oneBias(twoBiases(single))).toEqual(single);
  expect(oneBias(gru, { resetAfter: false })["rnn.bias_l0"]).toEqual(tensor([11, 22, 33, 44, 55, 66]));
  expect(oneBias(gru, { resetAfter: false })).not.toHaveProperty(["rnn.bias_hn_l0"]);
});

test("oneBias, twoBiases and partOf name what does not fit", () => {
  const rnn = { weight_hh_l0: ones(2, 2), bias_ih_l0: ones(2), bias_hh_l0: ones(2) };
  const without = (key: string) => Object.fromEntries(Object.entries(rnn).filter(([name]) => name !== key));
  expect(() => oneBias(without("bias_hh_l0"))).toThrow(
    'oneBias: key "bias_hh_l0" is missing, but must be given with "bias_ih_l0"',
  );
  expect(() => oneBias(without("bias_ih_l0"))).toThrow(
    'oneBias: key "bias_ih_l0" is missing, but must be given with "bias_hh_l0"',
  );
  expect(() => oneBias(without("weight_hh_l0"))).toThrow(
    '"weight_hh_l0" is missing, but must be given with its bias',
  );
  expect(() => oneBias({ ...rnn, bias_hh_l0: ones(3) })).toThrow(
    '"bias_hh_l0" is [3], but must be [2] by weight_hh',
  );
  expect(() => oneBias({ ...rnn, weight_hh_l0: ones(4, 2) })).toThrow(
    '"weight_hh_l0" is [4, 2], but must be [H, H]',
  );
  expect(() => twoBiases({ weight_hh_l0: ones(2, 2), bias_l0: ones(3) })).toThrow('"bias_l0" is [3]');
  expect(() => partOf(rnn, "lstm.")).toThrow('partOf: prefix is "lstm.", but must begin one of the keys');
});
