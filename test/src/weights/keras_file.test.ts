// Files in Keras' layouts, written by h5py: their layers compute what TensorFlow.js and Keras' formula do.

import { zipSync } from "fflate";
import { expect, test } from "vitest";
import type { NestedNumbers, Tensor } from "../../../src/numbers/tensor.js";
import { tensor, toNested } from "../../../src/numbers/tensor.js";
import { fromKeras, readKeras, WeightFileError } from "../../../src/weights/index.js";
import { relativeError } from "../engine/numbers.js";
import { file } from "./files.js";
import { dense, recurrent } from "./forward.js";
import { expectRefusals } from "./hostile.js";

interface Case {
  weights: { shape: number[]; data: number[] }[];
  x: number[][][];
  output: NestedNumbers;
}
const casesIn = (name: string) => JSON.parse(new TextDecoder().decode(file(name))) as Record<string, Case>;
const tfjs = casesIn("tfjs.json");
const { gru } = casesIn("keras.json");

const weightsOf = ({ weights }: Case, floats: Float32ArrayConstructor | Float64ArrayConstructor): Tensor[] =>
  weights.map(({ shape, data }) => ({ shape, data: floats.from(data) }));
/** From [B, T, F] to [T, B, F], and back. */
const swapped = (x: number[][][]) => x[0].map((_, t) => x.map((sequence) => sequence[t]));

const wholeModels = ["keras_2_model.h5", "keras_3.keras"];

test.each([...wholeModels, "keras_2.weights.h5", "keras_3.weights.h5"])(
  "%s has its layers' weights",
  (name) => {
    const { layers, config } = readKeras(file(name));
    const denseName = name.startsWith("keras_3") ? "sequential/dense" : "dense";
    expect(layers).toEqual({
      embedding: weightsOf(tfjs.embedding, Float32Array),
      lstm: weightsOf(tfjs.lstm, Float32Array),
      bidirectional: weightsOf(gru, Float64Array),
      lstm_1: weightsOf(tfjs.lstm_without_bias, Float32Array),
      simple_rnn: weightsOf(tfjs.rnn, Float32Array),
      [denseName]: weightsOf(tfjs.dense, Float32Array),
    });
    const described = { class_name: "Sequential", config: { name: "모델" } };
    if (wholeModels.includes(name)) expect(config).toMatchObject(described);
    else expect(config).toBeUndefined();
  },
);

test.each(wholeModels)("the layers of %s compute what they do there", (name) => {
  const { layers } = readKeras(file(name));
  const lstm = recurrent("lstm", fromKeras("lstm", layers.lstm), swapped(tfjs.lstm.x));
  const expected = tensor(swapped(tfjs.lstm.output as number[][][])).data;
  expect(relativeError(lstm.data, expected)).toBeLessThanOrEqual(2e-6);
  const both = recurrent("gru", fromKeras("gru", layers.bidirectional), gru.x);
  expect(relativeError(both.data, tensor(gru.output).data)).toBeLessThanOrEqual(1e-14);
  const head = layers.dense ?? layers["sequential/dense"];
  const { data } = dense(fromKeras("dense", head), tensor(tfjs.dense.x));
  expect(relativeError(data, tensor(tfjs.dense.output).data)).toBeLessThanOrEqual(2e-6);
});

test("every type of numbers is read, in both byte orders", () => {
  const kinds = ["f4", "f8", "f4", "f8", "f8", "f8", "f4", "f8", "f8", "f8"];
  const { all, ...others } = readKeras(file("hdf5_kinds.h5")).layers;
  expect(others).toEqual({});
  expect(all.slice(0, 10).map((one) => toNested(one))).toEqual(kinds.map(() => [[1, 0, 100]]));
  expect(all.slice(0, 10).map(({ data }) => `f${data.BYTES_PER_ELEMENT}`)).toEqual(kinds);
  expect(all.slice(10)).toEqual([
    { shape: [], data: Float32Array.of(2.5) },
    { shape: [0, 3], data: new Float32Array() },
  ]);
  const latest = readKeras(file("hdf5_latest.h5")).layers.all;
  expect(latest).toEqual([...all.slice(0, 6), ...all.slice(10)]);
});

/** With the root's tree of names pointing at itself. */
function circle(): Uint8Array {
  const bytes = Uint8Array.from(file("keras_2.weights.h5"));
  const tree = Buffer.from(bytes).indexOf("TREE");
  new DataView(bytes.buffer).setBigUint64(tree + 32, BigInt(tree), true);
  return bytes;
}

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "the file is not HDF5"],
  ["text", new TextEncoder().encode("{}"), "the file is not HDF5: it looks like text"],
  [
    "safetensors",
    file("gru.safetensors"),
    "the file is not HDF5: it looks like safetensors: readSafetensors",
  ],
  ["a ZIP of something else", file("gru.npz"), 'the ZIP has no "model.weights.h5", as a .keras has'],
  [
    "a ZIP without a model",
    zipSync({ "model.weights.h5": file("keras_3.weights.h5") }),
    'the ZIP has no "config.json", as a .keras has',
  ],
  [
    "a config that is not JSON",
    zipSync({ "model.weights.h5": file("keras_3.weights.h5"), "config.json": new Uint8Array(1) }),
    "config.json is not JSON",
  ],
  [
    "half a file",
    file("keras_2.weights.h5").subarray(0, 9000),
    "the HDF5 file has 9000 bytes, but refers to",
  ],
  [
    "a compressed weight",
    file("hdf5_compressed.h5"),
    'dataset "/layer/w" is in chunks, but must be in one piece',
  ],
  [
    "a weight of texts",
    file("hdf5_texts.h5"),
    'dataset "/layer/w" has elements of 3-byte texts, but must have',
  ],
  [
    "a weight without numbers",
    file("hdf5_unwritten.h5"),
    'dataset "/layer/w" has no numbers: none were written',
  ],
  ["a group in a heap", file("hdf5_crowded.h5"), '"/all" keeps its links in a heap, as h5py does by libver='],
  [
    "a group in itself",
    file("hdf5_circle.h5"),
    'group "layers/lstm/layers" contains itself, or is in two others',
  ],
  ["a link to elsewhere", file("hdf5_linked.h5"), '"/" has "layers" elsewhere, but must have it itself'],
  ["a tree in itself", circle(), "the HDF5 file refers to the same places again and again"],
])("%s is refused", (_, bytes, problem) => {
  expect(() => readKeras(bytes)).toThrow(WeightFileError);
  expect(() => readKeras(bytes)).toThrow(`readKeras: ${problem}`);
});

test("no more memory is taken than is allowed", () => {
  const bytes = file("keras_3.weights.h5");
  expect(readKeras(bytes, { maxBytes: 100_000 })).toEqual(readKeras(bytes));
  expect(() => readKeras(bytes, { maxBytes: 10_000 })).toThrow(/^readKeras: with .* but maxBytes is 10000$/);
});

test("a changed file is read or refused, never more", () => {
  // The root group, its names and its first layers are in front.
  expect(expectRefusals(file("keras_2.weights.h5"), readKeras, 3000)).toBeGreaterThan(300);
  expect(expectRefusals(file("hdf5_latest.h5"), readKeras, 1000)).toBeGreaterThan(300);
});
