// A whole network in one safetensors file: its parameters as tensors, and in the metadata what it takes to
// make the network again.

import { cellKinds, classOf, hasWh } from "../engine/cell_kinds.js";
import type { EmbeddingOptions } from "../nn/embedding.js";
import { Embedding } from "../nn/embedding.js";
import { GRU, LSTM, RNN } from "../nn/layers.js";
import type { LinearOptions } from "../nn/linear.js";
import { Linear } from "../nn/linear.js";
import { LRU } from "../nn/lru.js";
import { MinGRU } from "../nn/min_gru.js";
import { MinLSTM } from "../nn/min_lstm.js";
import { MLSTM } from "../nn/mlstm.js";
import type { SequenceNetworkOptions } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import type { RecurrentModule, RecurrentOptions } from "../nn/recurrent.js";
import { checkNotPatched } from "../nn/recurrent.js";
import { SLSTM } from "../nn/slstm.js";
import type { Tensor } from "../numbers/tensor.js";
import { isFiniteNumber, isRecord, kind } from "../numbers/validation.js";
import { checkBytes } from "./elements.js";
import { refuse } from "./file_error.js";
import { checkTexts, readSafetensors, writeSafetensors } from "./safetensors.js";

/** What the metadata has under {@link metadataKey}, as JSON. */
interface Architecture extends Omit<
  SequenceNetworkOptions,
  "embedding" | "rnn" | "head" | "classWeights" | "posWeight"
> {
  format: typeof format;
  embedding?: EmbeddingOptions;
  rnn: RecurrentOptions & { type: string; projSize?: number };
  head: LinearOptions;
  classWeights?: readonly number[];
  posWeight?: readonly number[];
}

const format = "unrolled-model-1";
const metadataKey = "unrolled";

/** The modules that can be in a file, under their names there. */
const modules: Record<string, new (options: never) => RecurrentModule> = {
  RNN,
  LSTM,
  GRU,
  MinGRU,
  MinLSTM,
  SLSTM,
  MLSTM,
  LRU,
};
const withWh = new Set(cellKinds.filter(hasWh).map((cell) => classOf[cell]));

/**
 * The network as a file: its architecture, its loss and its parameters in their precision. The tensors have
 * the keys of its state dict, as in "rnn.weight_ih_l0", for whatever else reads safetensors. Training goes on
 * from a checkpoint of {@link fit} instead, which has the optimizer's state as well.
 *
 * @param metadata texts to keep with it, such as a vocabulary; {@link readSafetensors} reads them
 * @returns the whole safetensors file
 * @throws {TypeError} for what is not a SequenceNetwork of this library's modules, or a text of the metadata
 * @throws {RangeError} when a parameter is not finite, or the metadata has a text under "unrolled"
 * @throws {Error} when the network is patched: the file would not have what is fixed
 */
export function saveModel(network: SequenceNetwork, metadata: Record<string, string> = {}): Uint8Array {
  const where = "saveModel";
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: network is ${kind(network)}, but must be a SequenceNetwork`);
  }
  checkNotPatched(where, network.rnn);
  checkTexts(where, metadata);
  if (Object.hasOwn(metadata, metadataKey)) {
    throw new RangeError(
      `${where}: metadata has a text under "${metadataKey}", but the architecture is there`,
    );
  }
  for (const { name, data } of network.parameters) {
    const value = data.find((element) => !Number.isFinite(element));
    if (value !== undefined) {
      throw new RangeError(`${where}: ${name} contains ${value}, but must be finite`);
    }
  }
  return writeSafetensors(network.stateDict(), {
    ...metadata,
    [metadataKey]: JSON.stringify(architectureOf(where, network)),
  });
}

function architectureOf(where: string, network: SequenceNetwork): Architecture {
  const { embedding, rnn, head, outputs, lossOptions } = network;
  const type = Object.keys(modules).find((name) => rnn.constructor === modules[name]);
  if (type === undefined) {
    const known = Object.keys(modules).join(", ");
    throw new TypeError(`${where}: rnn is of class ${rnn.constructor.name}, but must be one of ${known}`);
  }
  return {
    format,
    ...(embedding && { embedding: embedding.options }),
    rnn: { type, ...rnn.options },
    head: head.options,
    outputs,
    ...lossOptions,
  };
}

/**
 * The network of a file that {@link saveModel} wrote, with equal parameters: it predicts the same to the last
 * bit.
 *
 * @param bytes the whole file
 * @throws {TypeError} when bytes is not a Uint8Array
 * @throws {WeightFileError} for a file that does not follow the format, that has tensors but no architecture,
 *   or whose tensors do not fit it
 */
export function loadModel(bytes: Uint8Array): SequenceNetwork {
  const where = "loadModel";
  checkBytes(where, bytes);
  const { tensors, metadata } = readSafetensors(bytes);
  const { embedding, rnn, head, ...others } = readArchitecture(where, metadata);
  const { type, ...options } = rnn;
  checkSizes(where, rnn, head, embedding, tensors);
  try {
    const network = new SequenceNetwork({
      ...(embedding && { embedding: new Embedding(embedding) }),
      // A file says what a network is, not how busy it keeps the machine.
      rnn: new modules[type]({ ...options, threads: undefined } as never),
      head: new Linear(head),
      ...others,
    });
    network.loadStateDict(tensors);
    return network;
  } catch (error) {
    return refuse(
      where,
      `the file's architecture and tensors do not fit: ${(error as Error).message}`,
      error,
    );
  }
}

function readArchitecture(
  where: string,
  { [metadataKey]: text }: Record<string, string | undefined>,
): Omit<Architecture, "format"> {
  if (text === undefined) {
    const remedy = "make the network and give the tensors of readSafetensors to its loadStateDict";
    return refuse(where, `the file has tensors, but no architecture in its metadata: ${remedy}`);
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    refuse(where, `the architecture is not JSON: ${(error as Error).message}`, error);
  }
  if (!isRecord(read)) return refuse(where, `the architecture is ${kind(read)}, but must be an object`);
  if (read.format !== format) {
    const came = typeof read.format === "string" ? `"${read.format}"` : kind(read.format);
    return refuse(where, `the architecture's format is ${came}, but must be "${format}"`);
  }
  for (const part of ["rnn", "head", ...(read.embedding === undefined ? [] : ["embedding"])]) {
    if (!isRecord(read[part])) {
      refuse(where, `the architecture's ${part} is ${kind(read[part])}, but must be an object`);
    }
  }
  const { type } = read.rnn as Record<string, unknown>;
  if (typeof type !== "string" || !Object.hasOwn(modules, type)) {
    const came = typeof type === "string" ? `"${type}"` : kind(type);
    return refuse(where, `rnn.type is ${came}, but must be one of ${Object.keys(modules).join(", ")}`);
  }
  delete read.format;
  return read as unknown as Omit<Architecture, "format">;
}

/**
 * Compares the sizes with the tensors before any memory is taken: a few bytes of a stranger's file must not
 * ask for more than the file holds.
 */
function checkSizes(
  where: string,
  { type, hiddenSize, projSize, numLayers = 1, bidirectional, inputSize }: Architecture["rnn"],
  { inputSize: headInput, outputSize }: Architecture["head"],
  embedding: Architecture["embedding"],
  tensors: Record<string, Tensor>,
): void {
  const check = (name: string, columns: number, rows?: number) => {
    const shape = Object.hasOwn(tensors, name) ? tensors[name].shape : undefined;
    if (shape?.length === 2 && shape[1] === columns && (rows === undefined || shape[0] === rows)) return;
    const came = shape === undefined ? "missing" : `[${shape.join(", ")}]`;
    const expected = rows === undefined ? `have ${columns} columns` : `be [${rows}, ${columns}]`;
    refuse(where, `${name} is ${came}, but must ${expected} by the architecture`);
  };
  if (!isFiniteNumber(numLayers)) refuse(where, `rnn.numLayers is ${kind(numLayers)}, but must be a number`);
  const ofH = projSize === undefined || projSize === 0 ? hiddenSize : projSize;
  const width = bidirectional ? 2 * ofH : ofH;
  for (let layer = 0; layer < numLayers; layer++) {
    for (const suffix of bidirectional ? ["", "_reverse"] : [""]) {
      check(`rnn.weight_ih_l${layer}${suffix}`, layer === 0 ? inputSize : width);
      if (withWh.has(type)) check(`rnn.weight_hh_l${layer}${suffix}`, ofH);
      if (projSize) check(`rnn.weight_hr_l${layer}${suffix}`, hiddenSize, projSize);
    }
  }
  check("head.weight", headInput, outputSize);
  if (embedding) check("embedding.weight", embedding.embeddingDim, embedding.numEmbeddings);
}
