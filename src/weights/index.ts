// `unrolled/weights`: weights in the files and layouts of other libraries, to and from PyTorch's keys. Bytes
// come in and go out as Uint8Array, so it works in Node and in browsers.

export { readSafetensors, writeSafetensors } from "./safetensors.js";
export type { Safetensors } from "./safetensors.js";
export { loadModel, saveModel } from "./model.js";
export { WeightFileError } from "./file_error.js";
export type { ReadOptions } from "./memory_limit.js";
export { oneBias, partOf, twoBiases } from "./torch.js";
export { readNpy } from "./npy.js";
export { readNpz } from "./npz.js";
export { fromKeras, toKeras } from "./keras.js";
export type { KerasLayer } from "./keras.js";
export { readKeras } from "./keras_file.js";
export type { KerasFile } from "./keras_file.js";
export { readTensorFlowJs } from "./tensorflow_js.js";
export { readOnnx } from "./read_onnx.js";
export type { OnnxDense, OnnxEmbedding, OnnxLayer, OnnxRecurrent } from "./read_onnx.js";
export { writeOnnx } from "./write_onnx.js";
export type { OnnxOptions } from "./write_onnx.js";
export { exportWeights, importWeights } from "./slides.js";
export type { SlidesPart } from "./slides.js";
export { readTorch } from "./torch_file.js";
