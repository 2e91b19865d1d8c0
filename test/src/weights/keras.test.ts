// Keras' and TensorFlow.js's layouts: layers of theirs and ours compute the same with the same weights.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type { NestedNumbers, Tensor } from "../../../src/numbers/tensor.js";
import { tensor } from "../../../src/numbers/tensor.js";
import type { KerasLayer } from "../../../src/weights/index.js";
import { fromKeras, oneBias, toKeras, twoBiases } from "../../../src/weights/index.js";
import { relativeError } from "../engine/numbers.js";
import { file, folder, havePeers } from "./files.js";
import { dense, recurrent } from "./forward.js";

interface Case {
  weights: { shape: number[]; data: number[] }[];
  x: number[][][];
  output: NestedNumbers;
}
const read = (name: string) => JSON.parse(new TextDecoder().decode(file(name))) as Record<string, Case>;
const tfjs = read("tfjs.json");
const keras = read("keras.json");
const tensors = (
  { weights }: Case,
  floats: Float32ArrayConstructor | Float64ArrayConstructor = Float32Array,
): Tensor[] => weights.map(({ shape, data }) => ({ shape, data: floats.from(data) }));
/** From [B, T, F] to [T, B, F], and back. */
const swapped = (x: number[][][]) => x[0].map((_, t) => x.map((sequence) => sequence[t]));

test.skipIf(!havePeers())("TensorFlow.js writes the committed file again", () => {
  const again = mkdtempSync(join(tmpdir(), "tfjs-"));
  execFileSync(process.execPath, [join(folder, "write_tfjs.js"), again], { stdio: "pipe" });
  const now = JSON.parse(readFileSync(join(again, "tfjs.json"), "utf8")) as Record<string, Case>;
  expect(Object.keys(now)).toEqual(Object.keys(tfjs));
  for (const [name, { weights, x, output }] of Object.entries(now)) {
    expect({ weights, x }).toEqual({ weights: tfjs[name].weights, x: tfjs[name].x });
    expect(relativeError(tensor(output).data, tensor(tfjs[name].output).data)).toBeLessThanOrEqual(1e-6);
  }
});

test.each<[string, KerasLayer, CellKind]>([
  ["lstm", "lstm", "lstm"],
  ["lstm_bidirectional", "lstm", "lstm"],
  ["gru", "gru", "gru_reset_before"],
  ["gru_bidirectional", "gru", "gru_reset_before"],
  ["rnn", "rnn", "rnn_tanh"],
])("an %s of TensorFlow.js computes the same here", (name, kind, cell) => {
  const { x, output } = tfjs[name];
  const stateDict = fromKeras(kind, tensors(tfjs[name]));
  const h = recurrent(cell, stateDict, swapped(x));
  expect(relativeError(h.data, tensor(swapped(output as number[][][])).data)).toBeLessThanOrEqual(2e-6);
});

test("layers of Keras without a bias are read too", () => {
  const { x, output } = tfjs.lstm_without_bias;
  const stateDict = fromKeras("lstm", tensors(tfjs.lstm_without_bias));
  expect(Object.keys(stateDict)).toEqual(["weight_ih_l0", "weight_hh_l0"]);
  const h = recurrent("lstm", stateDict, swapped(x));
  expect(relativeError(h.data, tensor(swapped(output as number[][][])).data)).toBeLessThanOrEqual(2e-6);
});

test("a Dense and an Embedding compute the same here", () => {
  const { x, output } = tfjs.dense;
  const { data } = dense(fromKeras("dense", tensors(tfjs.dense)), tensor(x));
  expect(relativeError(data, tensor(output).data)).toBeLessThanOrEqual(2e-6);
  const { weight } = fromKeras("embedding", tensors(tfjs.embedding));
  const rows = tfjs.embedding.x
    .flat()
    .map((index) => weight.data.subarray(4 * Number(index), 4 * Number(index) + 4));
  expect(rows.flatMap((row) => [...row])).toEqual([...tensor(tfjs.embedding.output).data]);
});

test("a bidirectional GRU of Keras with reset_after computes the same here, and keeps its two biases", () => {
  const stateDict = fromKeras("gru", tensors(keras.gru, Float64Array));
  expect(Object.entries(stateDict).map(([key, { shape }]) => `${key} ${shape.join("×")}`)).toEqual([
    "weight_ih_l0 9×2",
    "weight_hh_l0 9×3",
    "bias_ih_l0 9",
    "bias_hh_l0 9",
    "weight_ih_l0_reverse 9×2",
    "weight_hh_l0_reverse 9×3",
    "bias_ih_l0_reverse 9",
    "bias_hh_l0_reverse 9",
  ]);
  for (const either of [stateDict, oneBias(stateDict)]) {
    const h = recurrent("gru", either, keras.gru.x);
    expect(relativeError(h.data, tensor(keras.gru.output).data)).toBeLessThanOrEqual(1e-14);
  }
});

test("toKeras gives the same weights back, from any layer of a stack", () => {
  for (const [name, one] of Object.entries(tfjs)) {
    const kind = name.replace(/_.*/, "") as KerasLayer;
    const weights = tensors(one);
    expect(toKeras(kind, fromKeras(kind, weights, { layer: 2 }), { layer: 2, resetAfter: false })).toEqual(
      weights,
    );
  }
  const weights = tensors(keras.gru, Float64Array);
  const stateDict = fromKeras("gru", weights);
  expect(toKeras("gru", stateDict)).toEqual(weights);

  // The GRU with one bias outside and n's inside has other biases with the same sums.
  const single = toKeras("gru", oneBias(stateDict));
  const h = recurrent("gru", fromKeras("gru", single), keras.gru.x);
  expect(relativeError(h.data, tensor(keras.gru.output).data)).toBeLessThanOrEqual(1e-14);

  const lstm = fromKeras("lstm", tensors(tfjs.lstm));
  expect(toKeras("lstm", twoBiases(lstm))).toEqual(tensors(tfjs.lstm));
});

const zeros = (...shape: number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

test("fromKeras and toKeras name what does not fit", () => {
  const from =
    (kind: KerasLayer, ...weights: Tensor[]) =>
    () =>
      fromKeras(kind, weights);
  expect(from("conv" as KerasLayer)).toThrow(
    'fromKeras: kind is "conv", but must be "rnn", "lstm", "gru", "dense" or "embedding"',
  );
  expect(from("lstm", zeros(1, 4))).toThrow(
    'fromKeras("lstm"): weights has 1 tensors, but must have 2, 3, 4, 6: kernel,',
  );
  expect(from("lstm", zeros(2, 12), zeros(3, 9))).toThrow("recurrent_kernel is [3, 9], but must be [H, 4H]");
  expect(from("lstm", zeros(2, 9), zeros(3, 12))).toThrow("kernel is [2, 9], but must be [I, 12]");
  expect(from("lstm", zeros(2, 12), zeros(3, 12), zeros(2, 12))).toThrow("bias is [2, 12], but must be [12]");
  expect(from("gru", zeros(2, 9), zeros(3, 9), zeros(18))).toThrow("bias is [18], but must be [9] or [2, 9]");
  expect(from("rnn", zeros(), zeros())).toThrow("recurrent_kernel is [], but must be [H, 1H]");
  expect(from("dense", zeros(2, 3), zeros(2))).toThrow('fromKeras("dense"): bias is [2], but must be [O]');
  expect(() => fromKeras("rnn", [], { layer: -1 })).toThrow(
    'fromKeras("rnn"): layer is -1, but must be an integer',
  );

  const gru = { weight_ih_l0: zeros(6, 1), weight_hh_l0: zeros(6, 2), bias_l0: zeros(6) };
  expect(() => toKeras("lstm", gru)).toThrow('toKeras("lstm"): weight_hh_l0 is [6, 2], but must be [4H, H]');
  expect(() => toKeras("gru", gru)).toThrow('toKeras("gru"): key "bias_hn_l0" is missing');
  expect(() => toKeras("gru", { ...gru, bias_hn_l0: zeros(2) }, { resetAfter: false })).toThrow(
    'key "bias_hn_l0" is given, but must not be: only a GRU with resetAfter has it',
  );
  const peepholes = { weight_ih_l0: zeros(8, 1), weight_hh_l0: zeros(8, 2), weight_ch_l0: zeros(6) };
  expect(() => toKeras("lstm", peepholes)).toThrow(
    new TypeError('toKeras("lstm"): key "weight_ch_l0" is given, but no layer of Keras has it'),
  );
  const { weight_ih_l0, weight_hh_l0 } = peepholes;
  for (const key of ["gain_ih_l0", "gain_ch_l0_reverse", "bias_ch_l1", "weight_hr_l0"]) {
    expect(() => toKeras("lstm", { weight_ih_l0, weight_hh_l0, [key]: zeros(2) })).toThrow(
      new TypeError(`toKeras("lstm"): key "${key}" is given, but no layer of Keras has it`),
    );
  }
  expect(() => toKeras("gru", gru, { layer: 1 })).toThrow(
    '"weight_hh_l1" is missing, but must be one of the keys, weight_ih_l0,',
  );
  expect(() => toKeras("dense", { weight: zeros(2, 3), bias: zeros(3) })).toThrow(
    "bias is [3], but must be [O]",
  );
});
