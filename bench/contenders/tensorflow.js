// The same networks by TensorFlow.js' layers on its WebAssembly backend with SIMD.

import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { fileURLToPath } from "node:url";
import { answer } from "./answer.js";

setWasmPaths(fileURLToPath(new URL("../node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url)));
await tf.setBackend("wasm");
if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("no SIMD");

function make({ B, T, I, H, classes }) {
  const everyStep = classes > 0;
  const model = tf.sequential();
  model.add(
    tf.layers.lstm({
      units: H,
      inputShape: [T, I],
      recurrentActivation: "sigmoid",
      recurrentInitializer: "glorotNormal", // the default, orthogonal, takes minutes
      returnSequences: everyStep,
    }),
  );
  const head = tf.layers.dense({ units: classes || 1, activation: everyStep ? "softmax" : "linear" });
  model.add(everyStep ? tf.layers.timeDistributed({ layer: head }) : head);
  model.compile({
    optimizer: tf.train.adam(1e-3),
    loss: everyStep ? "categoricalCrossentropy" : "meanSquaredError",
  });
  const x = tf.randomUniform([B, T, I], -1, 1);
  const y = everyStep
    ? tf.tidy(() => tf.oneHot(tf.randomUniform([B, T], 0, classes, "int32"), classes))
    : tf.randomUniform([B, 1]);
  return {
    train: async () => {
      await model.trainOnBatch(x, y);
    },
    infer: async () => {
      const output = model.predict(x);
      await output.data();
      output.dispose();
    },
  };
}

await answer(make);
