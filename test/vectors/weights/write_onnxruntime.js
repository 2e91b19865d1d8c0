// Writes onnxruntime.json: what ONNX Runtime Web computes with each .onnx file of this folder.
//
//     npm ci --prefix bench && node test/vectors/weights/write_onnxruntime.js FOLDER

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ort = createRequire(new URL("../../../bench/package.json", import.meta.url))("onnxruntime-web/wasm");
const here = dirname(fileURLToPath(import.meta.url));
ort.env.wasm.numThreads = 1;

const features = { lstm_last: 3, gru_last: 3, lstm: 3, gru: 2, rnn: 4, characters: 0, gru_reset_before: 3, rnn_last: 2 };
const [T, B] = [6, 2];
const lines = [];
for (const name of readdirSync(here).filter((file) => file.endsWith(".onnx")).map((file) => file.slice(0, -5))) {
  const I = features[name];
  const session = await ort.InferenceSession.create(readFileSync(join(here, `${name}.onnx`)));
  // Multiples of 1/8, and every character.
  const x =
    I === 0
      ? new ort.Tensor("int64", BigInt64Array.from({ length: T * B }, (_, k) => BigInt((5 * k + 2) % 6)), [T, B])
      : new ort.Tensor("float32", Float32Array.from({ length: T * B * I }, (_, k) => ((7 * k + 3) % 23) / 8 - 1.25), [
          T,
          B,
          I,
        ]);
  const { output } = await session.run({ x });
  const values = ({ dims, data }) => ({ shape: dims, data: Array.from(data, Number) });
  lines.push(`${JSON.stringify(name)}:${JSON.stringify({ x: values(x), output: values(output) })}`);
}
writeFileSync(join(process.argv[2], "onnxruntime.json"), `{\n${lines.join(",\n")}\n}\n`);
