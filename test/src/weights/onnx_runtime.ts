// ONNX Runtime, as installed with the benchmarks: what it computes with a model.

import { createRequire } from "node:module";

type Data = Float32Array | Int32Array | BigInt64Array;
interface OrtTensor {
  dims: readonly number[];
  data: Data;
}
interface Ort {
  env: { wasm: { numThreads: number } };
  Tensor: new (type: string, data: Data, dims: readonly number[]) => OrtTensor;
  InferenceSession: {
    create(model: Uint8Array): Promise<{
      inputNames: readonly string[];
      outputNames: readonly string[];
      run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
    }>;
  };
}

/** The numbers that go in; integers where the model wants them. */
export type Feeds = Record<string, { shape: readonly number[]; data: Data }>;

/** All outputs of a model by name, in the model's order. */
export async function runOnnx(
  model: Uint8Array,
  feeds: Feeds,
): Promise<Record<string, { shape: number[]; data: number[] }>> {
  const require = createRequire(new URL("../../../bench/package.json", import.meta.url));
  const ort = require("onnxruntime-web/wasm") as Ort;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model);
  const typeOf = (data: Data) =>
    data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "int64";
  const tensors = Object.entries(feeds).map(([name, { shape, data }]) => [
    name,
    new ort.Tensor(typeOf(data), data, shape),
  ]);
  const outputs = await session.run(Object.fromEntries(tensors) as Record<string, OrtTensor>);
  return Object.fromEntries(
    session.outputNames.map((name) => {
      const { dims, data } = outputs[name];
      return [name, { shape: [...dims], data: Array.from(data as Float32Array, Number) }];
    }),
  );
}
