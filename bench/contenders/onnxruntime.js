// Inference by ONNX Runtime Web with one thread (in Node it starts no more), of the models that PyTorch
// exported to the folder given as second argument.

import * as ort from "onnxruntime-web/wasm";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answer, uniform } from "./answer.js";

ort.env.wasm.numThreads = 1;
const folder = process.argv[3];

await answer(async ({ B, T, I }, name) => {
  const session = await ort.InferenceSession.create(readFileSync(join(folder, `${name}.onnx`)));
  const feeds = { x: new ort.Tensor("float32", uniform(T * B * I), [T, B, I]) };
  return {
    infer: async () => {
      await session.run(feeds);
    },
  };
});
