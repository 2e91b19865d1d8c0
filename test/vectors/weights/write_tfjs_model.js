// Writes tfjs_model.json and its shards by TensorFlow.js, with weights of tfjs.json; and tfjs_quantized.json,
// whose weights are quantized as tensorflowjs_converter does it, with what TensorFlow.js reads in it.
//
//     npm ci --prefix bench && node test/vectors/weights/write_tfjs_model.js FOLDER

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const tf = createRequire(new URL("../../../bench/package.json", import.meta.url))("@tensorflow/tfjs");
const cases = JSON.parse(readFileSync(new URL("tfjs.json", import.meta.url), "utf8"));
const folder = process.argv[2];

const input = tf.input({ shape: [6, 3], name: "input" });
const recurrent = { returnSequences: true, recurrentActivation: "sigmoid" };
const layers = {
  lstm: tf.layers.lstm({ ...recurrent, units: 4, name: "lstm" }),
  lstm_without_bias: tf.layers.lstm({ ...recurrent, units: 3, useBias: false, name: "lstm_1" }),
  gru_bidirectional: tf.layers.bidirectional({
    layer: tf.layers.gru({ ...recurrent, units: 2, name: "gru" }),
    mergeMode: "concat",
    name: "bidirectional",
  }),
  dense: tf.layers.dense({ units: 2, name: "dense" }),
};
const model = tf.model({ inputs: input, outputs: Object.values(layers).map((layer) => layer.apply(input)) });
for (const [name, layer] of Object.entries(layers)) {
  layer.setWeights(cases[name].weights.map(({ shape, data }) => tf.tensor(data, shape)));
}
await model.save({
  save: ({ weightData, weightSpecs, modelTopology, format, generatedBy, convertedBy }) => {
    const bytes = new Uint8Array(Array.isArray(weightData) ? Buffer.concat(weightData) : weightData);
    // Shards end anywhere, within a weight too.
    const paths = ["tfjs_model.1of2.bin", "tfjs_model.2of2.bin"];
    writeFileSync(join(folder, paths[0]), bytes.subarray(0, 101));
    writeFileSync(join(folder, paths[1]), bytes.subarray(101));
    const weightsManifest = [{ paths, weights: weightSpecs }];
    const json = { format, generatedBy, convertedBy, modelTopology, weightsManifest };
    writeFileSync(join(folder, "tfjs_model.json"), `${JSON.stringify(json, undefined, 1)}\n`);
    return { modelArtifactsInfo: {} };
  },
});

const quantized = {
  plain: { dtype: "float32", bytes: new Uint8Array(Float32Array.of(0.5, -1.25, 3).buffer) },
  uint8: { dtype: "float32", bytes: Uint8Array.of(0, 7, 255), scale: 0.013, min: -1.1, as: "uint8" },
  uint16: {
    dtype: "float32",
    bytes: new Uint8Array(Uint16Array.of(0, 777, 65535).buffer),
    scale: 0.00003,
    min: -0.7,
    as: "uint16",
  },
  float16: { dtype: "float32", bytes: new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001).buffer), as: "float16" },
  integers: { dtype: "int32", bytes: Uint8Array.of(1, 2, 3), scale: 2.3, min: -4, as: "uint8" },
  plain_integers: { dtype: "int32", bytes: new Uint8Array(Int32Array.of(-1, 0, 2 ** 31 - 1).buffer) },
  truths: { dtype: "bool", bytes: Uint8Array.of(1, 0, 1) },
};
const weights = Object.entries(quantized).map(([name, { dtype, scale, min, as }]) => ({
  name,
  shape: [1, 3],
  dtype,
  ...(as && { quantization: { dtype: as, ...(scale && { scale, min }), original_dtype: dtype } }),
}));
const bytes = Buffer.concat(Object.values(quantized).map((one) => one.bytes));
const read = tf.io.decodeWeights(new Uint8Array(bytes).buffer, weights);
const values = Object.fromEntries(Object.entries(read).map(([name, tensor]) => [name, [...tensor.dataSync()].map(Number)]));
writeFileSync(join(folder, "tfjs_quantized.bin"), bytes);
const json = { format: "graph-model", weightsManifest: [{ paths: ["tfjs_quantized.bin"], weights }], values };
writeFileSync(join(folder, "tfjs_quantized.json"), `${JSON.stringify(json, undefined, 1)}\n`);
