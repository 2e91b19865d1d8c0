// Inference by ONNX Runtime Web, of the models that PyTorch exported to a folder. Arguments: "one" thread or as
// many as it takes by itself, and the folder.

import * as ort from "onnxruntime-web/wasm";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answer, uniform } from "./answer.js";

const [threads, folder] = process.argv.slice(2);
if (threads === "one") ort.env.wasm.numThreads = 1;

await answer(async ({ B, T, I }, name) => {
  const session = await ort.InferenceSession.create(readFileSync(join(folder, `${name}.onnx`)));
  const feeds = { x: new ort.Tensor("float32", uniform(T * B * I), [T, B, I]) };
  return {
    infer: async () => {
      await session.run(feeds);
    },
  };
});
