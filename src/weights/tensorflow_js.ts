// What TensorFlow.js saves: model.json, which describes the weights in its weightsManifest, and shards, whose
// bytes in a row are the weights one after another. Source: tfjs-core, io/types.ts and io/io_utils.ts.

import { product } from "../numbers/tensor.js";
import type { Tensor } from "../numbers/tensor.js";
import { isFiniteNumber, isRecord, kind } from "../numbers/validation.js";
import { checkBytes, elementTypes, isShape, readElements } from "./elements.js";
import { refuse } from "./file_error.js";
import { fileKind } from "./file_kind.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import { fileOf } from "./summary.js";

const where = "readTensorFlowJs";

type Element = keyof typeof elementTypes;

/** What is kept as it is, and what stands for it in a shard of fewer bytes. */
const plainTypes: Record<string, Element> = { float32: "F32", int32: "I32", bool: "BOOL" };
const quantizedTypes: Record<string, Element> = { uint8: "U8", uint16: "U16", float16: "F16" };

/** Some shards, which together hold some weights. */
interface Group {
  paths: string[];
  weights: unknown[];
}

/**
 * Reads the weights of a model of TensorFlow.js, or of one that its converter made, by their names, as in
 * "lstm/kernel". Those of one layer are in the order in which {@link fromKeras} takes them:
 * `fromKeras("lstm", Object.values(partOf(weights, "lstm/")))`. float32 stays as it is; int32 and bool become
 * float64. Where weights are quantized to uint8 or uint16, v stands for v · scale + min, rounded to float32,
 * or to an integer, as TensorFlow.js does.
 *
 * @param modelJson the bytes of model.json
 * @param shards the bytes of its other files, under the names that it has for them, as in
 *   "group1-shard1of1.bin"
 * @throws {TypeError} when a file is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for what is not a model.json, weights of texts or complex numbers, shards that
 *   are missing or have another length, and for files that take more memory than `maxBytes`
 */
export function readTensorFlowJs(
  modelJson: Uint8Array,
  shards: Record<string, Uint8Array>,
  options: ReadOptions = {},
): Record<string, Tensor> {
  checkBytes(where, modelJson, "modelJson");
  if (!isRecord(shards)) {
    throw new TypeError(`${where}: shards is ${kind(shards)}, but must be an object of files by their names`);
  }
  const all = Object.entries(shards);
  for (const [path, bytes] of all) checkBytes(where, bytes, `shards["${path}"]`);
  const length = all.reduce((sum, [, bytes]) => sum + bytes.length, modelJson.length);
  const limit = new MemoryLimit(where, { length }, options);
  const weights = new Map<string, Tensor>();
  for (const group of groupsIn(modelJson)) {
    const bytes = join(group, shards, limit);
    let at = 0;
    for (const described of group.weights) {
      const { name, shape, element, restore } = readWeight(described);
      if (weights.has(name)) refuse(where, `two weights are called "${name}"`);
      const end = at + product(shape) * elementTypes[element].size;
      if (!(end <= bytes.length)) {
        refuse(where, `weight "${name}" ends at ${end}, but its shards at ${bytes.length}`);
      }
      const came = readElements(where, name, element, shape, bytes.subarray(at, end), { limit });
      weights.set(name, restore(came));
      at = end;
    }
    if (at !== bytes.length) {
      refuse(
        where,
        `the shards ${group.paths.join(", ")} have ${bytes.length} bytes, but their weights ${at}`,
      );
    }
  }
  if (weights.size === 0) refuse(where, "the weightsManifest has no weights");
  return fileOf("TensorFlow.js", Object.fromEntries(weights));
}

function groupsIn(modelJson: Uint8Array): Group[] {
  let model: unknown;
  try {
    model = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(modelJson));
  } catch (error) {
    const hint = fileKind(modelJson) ?? (error as Error).message;
    return refuse(where, `model.json is not JSON: ${hint}`, error);
  }
  const manifest = isRecord(model) ? model.weightsManifest : undefined;
  if (!Array.isArray(manifest))
    return refuse(where, "model.json has no weightsManifest, as TensorFlow.js writes it");
  return manifest.map((group: unknown, k) => {
    const { paths, weights } = isRecord(group) ? group : {};
    const arePaths = Array.isArray(paths) && paths.every((path) => typeof path === "string");
    if (arePaths && Array.isArray(weights)) return { paths: paths, weights };
    return refuse(where, `weightsManifest[${k}] is ${kind(group)}, but must have paths and weights`);
  });
}

/** The shards of a group in a row. */
function join({ paths }: Group, shards: Record<string, Uint8Array>, limit: MemoryLimit): Uint8Array {
  const parts = paths.map((path) => {
    if (Object.hasOwn(shards, path)) return shards[path];
    return refuse(where, `shard "${path}" is missing, but model.json names it`);
  });
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  limit.take(length, "its shards in a row");
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

interface Described {
  name: string;
  shape: number[];
  element: Element;
  restore: (came: Tensor) => Tensor;
}

/** A weight as the manifest describes it. */
function readWeight(described: unknown): Described {
  const { name, shape, dtype, quantization } = isRecord(described) ? described : {};
  if (typeof name !== "string") return refuse(where, "a weight has no name");
  const fail = (problem: string) => refuse(where, `weight "${name}" ${problem}`);
  if (!isShape(shape)) return fail("has a shape that is not an array of integers from 0");
  if (typeof dtype !== "string" || !Object.hasOwn(plainTypes, dtype)) {
    const came = typeof dtype === "string" ? `"${dtype}"` : kind(dtype);
    return fail(`has dtype ${came}, but must have one of ${Object.keys(plainTypes).join(", ")}`);
  }
  if (quantization === undefined || quantization === null) {
    return { name, shape, element: plainTypes[dtype], restore: (came) => came };
  }
  const { dtype: as, scale, min } = isRecord(quantization) ? quantization : {};
  if (typeof as !== "string" || !Object.hasOwn(quantizedTypes, as) || dtype === "bool") {
    const came = typeof as === "string" ? `"${as}"` : kind(as);
    return fail(
      `is ${dtype} quantized to ${came}, but must be to one of ${Object.keys(quantizedTypes).join(", ")}`,
    );
  }
  const element = quantizedTypes[as];
  if (as === "float16") {
    return dtype === "float32"
      ? { name, shape, element, restore: (came) => came }
      : fail("is int32 quantized to float16, which TensorFlow.js does not do");
  }
  if (!isFiniteNumber(scale) || !isFiniteNumber(min)) return fail("is quantized without a scale and a min");
  const restored = (value: number) => value * scale + min;
  const restore = ({ data }: Tensor): Tensor =>
    dtype === "float32"
      ? { shape: [...shape], data: Float32Array.from(data, restored) }
      : { shape: [...shape], data: Float64Array.from(data, (value) => Math.round(restored(value))) };
  return { name, shape, element, restore };
}
