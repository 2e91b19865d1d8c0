// Writes tfjs.json: weights of layers of TensorFlow.js as getWeights() gives them, and what the layers
// compute with them.
//
//     npm ci --prefix bench && node test/vectors/weights/write_tfjs.js FOLDER

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const tf = createRequire(new URL("../../../bench/package.json", import.meta.url))("@tensorflow/tfjs");

/** Multiples of 1/64 in [−1, 1): exact in float32, and the same on every machine. */
function numbers(seed) {
  let state = seed;
  return (length) =>
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return ((state >>> 25) - 64) / 64;
    });
}

const recurrent = { returnSequences: true, recurrentActivation: "sigmoid", recurrentInitializer: "glorotNormal" };
const simple = { returnSequences: true, recurrentInitializer: "glorotNormal" };
const cases = {
  lstm: () => tf.layers.lstm({ ...recurrent, units: 4 }),
  lstm_without_bias: () => tf.layers.lstm({ ...recurrent, units: 3, useBias: false }),
  lstm_bidirectional: () =>
    tf.layers.bidirectional({ layer: tf.layers.lstm({ ...recurrent, units: 2 }), mergeMode: "concat" }),
  gru: () => tf.layers.gru({ ...recurrent, units: 4 }),
  gru_bidirectional: () =>
    tf.layers.bidirectional({ layer: tf.layers.gru({ ...recurrent, units: 2 }), mergeMode: "concat" }),
  rnn: () => tf.layers.simpleRNN({ ...simple, units: 5 }),
  dense: () => tf.layers.dense({ units: 2 }),
  embedding: () => tf.layers.embedding({ inputDim: 3, outputDim: 4 }),
};

const result = {};
for (const [index, [name, make]] of Object.entries(cases).entries()) {
  const draw = numbers(index + 1);
  const [B, T, I] = [2, 6, 3];
  const indices = name === "embedding";
  const layer = make();
  const input = tf.input({ shape: indices ? [T] : [T, I] });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) });
  layer.setWeights(layer.getWeights().map(({ shape, size }) => tf.tensor(draw(size), shape)));
  const x = indices
    ? tf.tensor(draw(B * T).map((value) => Math.floor(1.5 * (value + 1))), [B, T])
    : tf.tensor(draw(B * T * I), [B, T, I]);
  result[name] = {
    weights: layer.getWeights().map((weight) => ({ shape: weight.shape, data: [...weight.dataSync()] })),
    x: x.arraySync(),
    output: model.predict(x).arraySync(),
  };
}
const lines = Object.entries(result).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
writeFileSync(join(process.argv[2], "tfjs.json"), `{\n${lines.join(",\n")}\n}\n`);
