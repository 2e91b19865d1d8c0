// Files in Keras' layouts, written by h5py: their layers compute what TensorFlow.js and Keras' formula do.

import { zipSync, zlibSync } from "fflate";
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

test.each([...wholeModels, "keras_2.weights.h5", "keras_2_compressed.weights.h5", "keras_3.weights.h5"])(
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

test.each(["hdf5_chunks.h5", "hdf5_chunks_latest.h5"])("the chunks of %s are put together", (name) => {
  const { layer } = readKeras(file(name)).layers;
  const matrix = [5, 7];
  const shapes = [matrix, matrix, matrix, [3, 4, 5], matrix, [300], [1100], [0, 3], matrix];
  expect(layer.map(({ shape }) => shape)).toEqual(shapes);
  for (const { data } of layer) expect(Array.from(data)).toEqual(Array.from(data.keys()));
});

/** Where the deflated chunk of all 35 numbers is, and where that is said. */
function deflatedChunk(bytes: Uint8Array): { from: number; to: number; key: number } {
  const text = Buffer.from(bytes);
  for (let tree = text.indexOf("TREE"); tree >= 0; tree = text.indexOf("TREE", tree + 1)) {
    // Behind a head of 24 bytes are the chunk's size, a mask, three starts and its address, which counts from
    // behind the user's block.
    const key = tree + 24;
    const from = 512 + text.readUint32LE(key + 32);
    // Deflate says by 0x78da that it took the most trouble, as that of this weight alone.
    if (text.readUint16BE(tree + 4) === 0x0100 && text.readUint16BE(from) === 0x78da) {
      return { from, to: from + text.readUint32LE(key), key };
    }
  }
  throw new Error("there is no such chunk");
}

test("a chunk with another bit is refused, wherever the bit is", () => {
  const bytes = file("hdf5_chunks.h5");
  const { from, to } = deflatedChunk(bytes);
  expect(to - from).toBeGreaterThan(30);
  expect(to - from).toBeLessThan(200);
  const whole = readKeras(bytes);
  for (let at = from; at < to; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[at] ^= 1 << bit;
      let passed: unknown;
      try {
        passed = readKeras(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(WeightFileError);
        continue;
      }
      // Some bits stand for nothing, as the window and the preset of the header do here.
      expect(passed, `bit ${bit} of ${at - from}`).toEqual(whole);
    }
  }
});

test("a chunk that is not compressed has a checksum too", () => {
  const numbers = Buffer.alloc(8 * 35);
  for (let k = 0; k < 35; k++) numbers.writeDoubleBE(k, 8 * k);
  const from = Buffer.from(file("hdf5_chunks.h5")).indexOf(numbers);
  for (const at of [from, from + 1, from + 150, from + 8 * 35 - 1, from + 8 * 35]) {
    const changed = Uint8Array.from(file("hdf5_chunks.h5"));
    changed[at] ^= 1;
    expect(() => readKeras(changed)).toThrow('dataset "/layer/0/w2" has a chunk with a wrong checksum');
  }
});

/** With 40 MB of zeros in place of a chunk of 140 bytes; the file grows by what they are deflated. */
function bomb(): Uint8Array {
  const bytes = file("hdf5_chunks.h5");
  const zeros = zlibSync(new Uint8Array(40_000_000), { level: 9 });
  const changed = new Uint8Array(Buffer.concat([bytes, zeros]));
  const { key } = deflatedChunk(bytes);
  const view = new DataView(changed.buffer);
  view.setUint32(key, zeros.length, true);
  view.setUint32(key + 32, bytes.length - 512, true);
  return changed;
}

/** With the first weight's second chunk where the first one is. */
function twice(): Uint8Array {
  const bytes = Uint8Array.from(file("hdf5_chunks.h5"));
  // Nine chunks; a key has a size, a mask and three starts, and then comes an address.
  const keys = Buffer.from(bytes).indexOf("5452454501000900", 0, "hex") + 24;
  bytes.copyWithin(keys + 40, keys, keys + 32);
  return bytes;
}

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
    "a weight compressed by something else",
    file("hdf5_lzf.h5"),
    'dataset "/layer/w" is compressed by lzf, but must be by deflate, called gzip in h5py, or not at all',
  ],
  [
    "a scaled weight",
    file("hdf5_scaled.h5"),
    'dataset "/layer/w0" is compressed by scaleoffset, but must be',
  ],
  [
    "a weight that can grow",
    file("hdf5_growing.h5"),
    'dataset "/layer/w0" can grow, and its newest layout is',
  ],
  [
    "a weight that can grow twice",
    file("hdf5_growing_both.h5"),
    'dataset "/layer/w0" can grow, and its newest',
  ],
  ["a weight with holes", file("hdf5_part.h5"), 'dataset "/layer/w" has 6 of 9 chunks: the others were not'],
  ["a chunk that is there twice", twice(), 'dataset "/layer/0/w0" has a chunk twice'],
  ["a chunk that bursts", bomb(), 'dataset "/layer/1/w4" has a chunk of more than 140 bytes'],
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
  // Of 4 MB there are the chunk inflated, all chunks together, and the tensor.
  const zeros = file("hdf5_zeros.h5");
  expect(zeros.length).toBeLessThan(20_000);
  expect(readKeras(zeros, { maxBytes: 12_100_000 }).layers.layer[0].shape).toEqual([1_000_000]);
  for (const [maxBytes, what] of [
    [3_900_000, "its chunks"],
    [7_900_000, "a chunk"],
    [11_900_000, 'tensor "/layer/w"'],
  ] as const) {
    expect(() => readKeras(zeros, { maxBytes })).toThrow(`readKeras: with ${what} the file takes`);
  }
});

test("a changed file is read or refused, never more", () => {
  // The root group, its names and its first layers are in front.
  expect(expectRefusals(file("keras_2.weights.h5"), readKeras, 3000)).toBeGreaterThan(300);
  expect(expectRefusals(file("hdf5_latest.h5"), readKeras, 1000)).toBeGreaterThan(300);
  expect(expectRefusals(file("hdf5_chunks.h5"), readKeras, 30_000)).toBeGreaterThan(300);
  expect(expectRefusals(file("hdf5_chunks_latest.h5"), readKeras, 10_000)).toBeGreaterThan(300);
});
