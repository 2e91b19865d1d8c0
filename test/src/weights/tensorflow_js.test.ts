// Models that TensorFlow.js saved: their weights, and what it reads of those that are quantized.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { NestedNumbers } from "../../../src/numbers/tensor.js";
import { tensor } from "../../../src/numbers/tensor.js";
import { fromKeras, partOf, readTensorFlowJs, WeightFileError } from "../../../src/weights/index.js";
import { relativeError } from "../engine/numbers.js";
import { file, folder, havePeers } from "./files.js";
import { recurrent } from "./forward.js";
import { expectRefusals } from "./hostile.js";

interface Case {
  weights: { shape: number[]; data: number[] }[];
  x: number[][][];
  output: NestedNumbers;
}
const json = (name: string): unknown => JSON.parse(new TextDecoder().decode(file(name)));
const tfjs = json("tfjs.json") as Record<string, Case>;
const swapped = (x: number[][][]) => x[0].map((_, t) => x.map((sequence) => sequence[t]));

const shards = Object.fromEntries(
  ["tfjs_model.1of2.bin", "tfjs_model.2of2.bin"].map((name) => [name, file(name)]),
);
const model = file("tfjs_model.json");

test("a saved model has its layers' weights, which compute the same here", () => {
  const weights = readTensorFlowJs(model, shards);
  const layer = (name: string) => Object.values(partOf(weights, `${name}/`));
  const layers = {
    lstm: "lstm",
    lstm_1: "lstm_without_bias",
    bidirectional: "gru_bidirectional",
    dense: "dense",
  };
  for (const [name, of] of Object.entries(layers)) {
    const expected = tfjs[of].weights.map(({ shape, data }) => ({ shape, data: Float32Array.from(data) }));
    expect(layer(name)).toEqual(expected);
  }
  const { x, output } = tfjs.lstm;
  const h = recurrent("lstm", fromKeras("lstm", layer("lstm")), swapped(x));
  expect(relativeError(h.data, tensor(swapped(output as number[][][])).data)).toBeLessThanOrEqual(2e-6);
});

test("quantized weights are what TensorFlow.js reads", () => {
  const bytes = file("tfjs_quantized.bin");
  const read = readTensorFlowJs(file("tfjs_quantized.json"), { "tfjs_quantized.bin": bytes });
  const { values } = json("tfjs_quantized.json") as { values: Record<string, number[]> };
  expect(Object.fromEntries(Object.entries(read).map(([name, { data }]) => [name, [...data]]))).toEqual(
    values,
  );
  expect(read.uint8).toMatchObject({ shape: [1, 3], data: Float32Array.from(values.uint8) });
});

test.skipIf(!havePeers())("TensorFlow.js writes the committed model again", () => {
  const again = mkdtempSync(join(tmpdir(), "tfjs-"));
  execFileSync(process.execPath, [join(folder, "write_tfjs_model.js"), again], { stdio: "pipe" });
  for (const name of ["tfjs_quantized.json", "tfjs_quantized.bin", ...Object.keys(shards)]) {
    expect(readFileSync(join(again, name)), name).toEqual(file(name));
  }
});

interface Quantization {
  dtype: string;
  scale?: number;
}
const described = (more: {
  name?: string;
  shape?: number[];
  dtype?: string;
  quantization?: Quantization;
}) => ({
  name: "w",
  shape: [2],
  dtype: "float32",
  ...more,
});
const manifest = (...weights: unknown[]) =>
  new TextEncoder().encode(JSON.stringify({ weightsManifest: [{ paths: ["a.bin"], weights }] }));
const text = (value: string) => new TextEncoder().encode(value);

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "model.json is not JSON"],
  ["safetensors", file("gru.safetensors"), "model.json is not JSON: it looks like safetensors"],
  ["another JSON", text("[1]"), "model.json has no weightsManifest"],
  [
    "a group without paths",
    text('{"weightsManifest":[{}]}'),
    "weightsManifest[0] is an object, but must have",
  ],
  ["no weights", text('{"weightsManifest":[]}'), "the weightsManifest has no weights"],
  ["a missing shard", model, 'shard "tfjs_model.1of2.bin" is missing, but model.json names it'],
  ["a weight without a name", manifest({}), "a weight has no name"],
  [
    "a negative shape",
    manifest(described({ shape: [-1] })),
    'weight "w" has a shape that is not an array of',
  ],
  ["texts", manifest(described({ dtype: "string" })), 'weight "w" has dtype "string", but must have one of'],
  [
    "another quantization",
    manifest(described({ quantization: { dtype: "int4" } })),
    'weight "w" is float32 quantized to "int4", but must be to one of uint8, uint16, float16',
  ],
  [
    "a quantization without a min",
    manifest(described({ quantization: { dtype: "uint8", scale: 1 } })),
    'weight "w" is quantized without a scale and a min',
  ],
  [
    "a long weight",
    manifest(described({ shape: [2 ** 40] })),
    'weight "w" ends at 4398046511104, but its shards',
  ],
  ["a long shard", manifest(described({ shape: [1] })), "the shards a.bin have 8 bytes, but their weights 4"],
  ["two of a name", manifest(described({ shape: [1] }), described({})), 'two weights are called "w"'],
])("%s is refused", (_, bytes, problem) => {
  const read = () => readTensorFlowJs(bytes, { "a.bin": new Uint8Array(8) });
  expect(read).toThrow(WeightFileError);
  expect(read).toThrow(`readTensorFlowJs: ${problem}`);
});

test("what is not a file is told from a file that is wrong", () => {
  expect(() => readTensorFlowJs("model.json" as never, {})).toThrow(
    new TypeError(
      "readTensorFlowJs: modelJson is a string, but must be a Uint8Array with the contents of a file",
    ),
  );
  expect(() => readTensorFlowJs(model, { a: [1] as never })).toThrow(
    'readTensorFlowJs: shards["a"] is an array, but must be a Uint8Array',
  );
  expect(() => readTensorFlowJs(model, shards, { maxBytes: 2000 })).toThrow("but maxBytes is 2000");
});

test("a changed model.json is read or refused, never more", () => {
  const bytes = file("tfjs_quantized.json");
  const read = (changed: Uint8Array) =>
    readTensorFlowJs(changed, { "tfjs_quantized.bin": file("tfjs_quantized.bin") });
  expect(expectRefusals(bytes, read, bytes.length)).toBeGreaterThan(700);
});
