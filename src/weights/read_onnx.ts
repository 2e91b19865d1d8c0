// ONNX: the weights of a network's recurrent layers, dense layers and embeddings, under PyTorch's keys and
// with the options that make the same layer here. ONNX has a dimension for the directions in front, W [D,
// G·H, I], R [D, G·H, H] and B [D, 2·G·H], and other orders of gates: i, o, f, c in an LSTM and z, r, h in a
// GRU. Source: https://onnx.ai/onnx/operators, RNN, LSTM, GRU, Gemm, MatMul, Gather.

import { product } from "../numbers/tensor.js";
import type { Tensor } from "../numbers/tensor.js";
import { checkBytes, elementTypes, isShape, readElements } from "./elements.js";
import { refuse } from "./file_error.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import { reorder, transpose } from "./layouts.js";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./onnx_proto_reader.js";
import { readModel } from "./onnx_proto_reader.js";
import { fileOf } from "./summary.js";

const where = "readOnnx";

/** RNN, LSTM or GRU, with all layers that follow each other. */
export interface OnnxRecurrent {
  kind: "rnn" | "lstm" | "gru";
  options: {
    inputSize: number;
    hiddenSize: number;
    numLayers: number;
    bidirectional: boolean;
    /** 2, as in ONNX; 0 without any */
    biases: 0 | 2;
    /** of an RNN */
    nonlinearity?: "tanh" | "relu";
    /** of an LSTM: where it has ONNX' P */
    peepholes?: true;
    /** of a GRU: ONNX' linear_before_reset */
    resetAfter?: boolean;
    /** where the file has batches first: ONNX' layout 1 */
    batchFirst?: true;
  };
  /**
   * where it only reads from the last step to the first: turn the steps of x round before it, and those of
   * its output after it
   */
  reverse?: true;
  stateDict: Record<string, Tensor>;
}

/** z = W x + b, from Gemm or MatMul and Add. */
export interface OnnxDense {
  kind: "dense";
  options: { inputSize: number; outputSize: number };
  /** weight [O, I] and, if there is one, bias [O] */
  stateDict: Record<string, Tensor>;
}

/** Rows of a matrix, from Gather. */
export interface OnnxEmbedding {
  kind: "embedding";
  options: { numEmbeddings: number; embeddingDim: number };
  /** weight [V, E] */
  stateDict: Record<string, Tensor>;
}

export type OnnxLayer = OnnxRecurrent | OnnxDense | OnnxEmbedding;

/** By TensorProto.DataType: FLOAT, FLOAT16, DOUBLE and BFLOAT16. */
const floatTypes: Record<number, "F32" | "F16" | "F64" | "BF16"> = {
  1: "F32",
  10: "F16",
  11: "F64",
  16: "BF16",
};

/** Which of ONNX' blocks is PyTorch's k-th, and ONNX' default activations. */
const recurrentTypes: Record<
  string,
  { kind: OnnxRecurrent["kind"]; order: readonly number[]; activations: string[] }
> = {
  RNN: { kind: "rnn", order: [0], activations: ["tanh"] },
  LSTM: { kind: "lstm", order: [0, 2, 3, 1], activations: ["sigmoid", "tanh", "tanh"] },
  GRU: { kind: "gru", order: [1, 0, 2], activations: ["sigmoid", "tanh"] },
};

/** What an exporter leaves between weights and layers where it does not fold constants. */
const rearranging = new Set(["Slice", "Concat", "Transpose", "Squeeze", "Unsqueeze", "Reshape", "Cast"]);

/** What lies between the layers of a stack: it moves numbers, or passes them on. */
const passing = new Set(["Transpose", "Squeeze", "Unsqueeze", "Reshape", "Flatten", "Identity", "Dropout"]);

/**
 * The layers of an ONNX file that have weights, in the order of its graph. What else the graph computes, such
 * as a softmax, is not read.
 *
 * @param bytes the whole file; weights that it keeps in other files are not read
 * @throws {TypeError} when bytes is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for a file that does not follow the format, for weights read by any other
 *   operator, and for what no layer here computes, such as clipped gates, or other activations: it names the
 *   node; also where the weights take more memory than `maxBytes`
 */
export function readOnnx(bytes: Uint8Array, options: ReadOptions = {}): OnnxLayer[] {
  checkBytes(where, bytes);
  const limit = new MemoryLimit(where, bytes, options);
  let graph: OnnxGraph;
  try {
    graph = readModel(bytes);
  } catch (error) {
    return refuse(where, `the file is not an ONNX model: ${(error as Error).message}`, error);
  }
  const constants = constantsOf(graph, limit);
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  const layers: OnnxLayer[] = [];
  const taken = new Set<OnnxNode>();
  /** the last node of each recurrent module */
  const tops = new Map<OnnxNode, OnnxRecurrent>();
  for (const node of graph.nodes) {
    if (Object.hasOwn(recurrentTypes, node.type)) {
      const one = readRecurrent(node, constants);
      const source = sourceOf(node.inputs[0], producers);
      const below = source && tops.get(source);
      if (source && below && continues(below, one)) {
        Object.assign(below.stateDict, atLayer(one.stateDict, below.options.numLayers++));
        tops.delete(source);
        tops.set(node, below);
      } else {
        layers.push(one);
        tops.set(node, one);
      }
    } else if (node.type === "Gemm" && constants.has(node.inputs[1])) layers.push(readGemm(node, constants));
    else if (node.type === "MatMul" && constants.has(node.inputs[1])) {
      const add = graph.nodes.find(({ type, inputs }) => type === "Add" && inputs.includes(node.outputs[0]));
      layers.push(readMatMul(node, add, constants));
      if (add) taken.add(add);
    } else if (node.type === "Gather" && isWeight(constants.get(node.inputs[0]))) {
      layers.push(readGather(node, constants));
    } else if (!taken.has(node)) checkNoWeights(node, constants);
  }
  for (const { stateDict } of layers) fileOf("ONNX", stateDict);
  return layers;
}

/** As a message calls it. */
function called({ type, name, outputs }: OnnxNode): string {
  return `${type} "${name || (outputs[0] ?? "")}"`;
}

/** The tensors of a graph by name, each of which any number of nodes may read. */
class Constants extends Map<string, OnnxTensor> {
  constructor(readonly limit: MemoryLimit) {
    super();
  }
}

/** Everything that the graph knows without its inputs, by name. */
function constantsOf({ nodes, initializers }: OnnxGraph, limit: MemoryLimit): Constants {
  const constants = new Constants(limit);
  for (const tensor of initializers) constants.set(tensor.name, tensor);
  for (const { type, inputs, outputs, attributes } of nodes) {
    const value = type === "Constant" ? attributes.get("value")?.t : undefined;
    const same = value ?? (type === "Identity" ? constants.get(inputs[0]) : undefined);
    if (same && outputs.length > 0) constants.set(outputs[0], same);
  }
  return constants;
}

/** The node that computes `name`, before it was moved around. */
function sourceOf(name: string | undefined, producers: Map<string, OnnxNode>): OnnxNode | undefined {
  const seen = new Set<OnnxNode>();
  let node = producers.get(name ?? "");
  while (node && passing.has(node.type) && !seen.has(node)) {
    seen.add(node);
    node = producers.get(node.inputs[0] ?? "");
  }
  return node;
}

/** Whether `one` is the next layer on top of a module. */
function continues({ kind, options, reverse }: OnnxRecurrent, one: OnnxRecurrent): boolean {
  const { hiddenSize, bidirectional, biases, nonlinearity, peepholes, resetAfter, batchFirst } = one.options;
  return (
    kind === one.kind &&
    reverse === one.reverse &&
    options.batchFirst === batchFirst &&
    options.hiddenSize === hiddenSize &&
    options.bidirectional === bidirectional &&
    options.biases === biases &&
    options.nonlinearity === nonlinearity &&
    options.peepholes === peepholes &&
    options.resetAfter === resetAfter &&
    one.options.inputSize === hiddenSize * (bidirectional ? 2 : 1)
  );
}

function atLayer(stateDict: Record<string, Tensor>, layer: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(stateDict).map(([key, tensor]) => [key.replace("_l0", `_l${layer}`), tensor]),
  );
}

function readRecurrent(node: OnnxNode, constants: Constants): OnnxRecurrent {
  const fail = (problem: string) => refuse(where, `${called(node)} ${problem}`);
  const { kind, order, activations } = recurrentTypes[node.type];
  const { attributes } = node;
  const direction = attributes.get("direction")?.s ?? "forward";
  if (!["forward", "reverse", "bidirectional"].includes(direction)) {
    return fail(`has direction "${direction}", but must have "forward", "reverse" or "bidirectional"`);
  }
  const D = direction === "bidirectional" ? 2 : 1;
  if (attributes.has("clip")) return fail("clips its gates, which no layer here does");
  if (attributes.get("input_forget")?.i)
    return fail("couples its input and forget gates, which no layer here does");
  const came = attributes.get("activations")?.strings.map((name) => name.toLowerCase()) ?? [];
  const expected = Array.from({ length: D }, () => activations).flat();
  const isRelu = kind === "rnn" && came.length === D && came.every((name) => name === "relu");
  if (came.length > 0 && !isRelu && came.join() !== expected.join()) {
    return fail(`has activations ${came.join(", ")}, but must have ${expected.join(", ")}`);
  }

  const [, nameW, nameR, nameB = "", , , , nameP = ""] = node.inputs;
  const W = weight(fail, "W", nameW, constants);
  const R = weight(fail, "R", nameR, constants);
  const [, rows, I] = W.shape;
  const H = R.shape[2];
  const shapes = { W: [D, order.length * H, I], R: [D, order.length * H, H] };
  if (W.shape.length !== 3 || String(W.shape) !== String(shapes.W)) {
    return fail(
      `has W of [${W.shape.join(", ")}], but must have [${D}, ${order.length}H, I] with H = ${H} by R`,
    );
  }
  if (String(R.shape) !== String(shapes.R)) {
    return fail(`has R of [${R.shape.join(", ")}], but must have [${D}, ${order.length}H, H]`);
  }
  const hiddenSize = attributes.get("hidden_size")?.i ?? H;
  if (hiddenSize !== H) return fail(`has hidden_size ${hiddenSize}, but R has ${H}`);
  const B = nameB === "" ? undefined : weight(fail, "B", nameB, constants);
  if (B && String(B.shape) !== String([D, 2 * rows])) {
    return fail(`has B of [${B.shape.join(", ")}], but must have [${D}, ${2 * rows}]`);
  }
  const P = nameP === "" ? undefined : weight(fail, "P", nameP, constants);
  if (P && String(P.shape) !== String([D, 3 * H])) {
    return fail(`has P of [${P.shape.join(", ")}], but must have [${D}, ${3 * H}]`);
  }
  for (const name of [node.inputs[5], node.inputs[6]].filter((name) => constants.has(name))) {
    if (weight(fail, "an initial state", name, constants).data.some((value) => value !== 0)) {
      return fail(`has an initial state of its own, "${name}", but a state dict has none`);
    }
  }

  const stateDict: Record<string, Tensor> = {};
  for (let d = 0; d < D; d++) {
    const place = d === 0 ? "l0" : "l0_reverse";
    stateDict[`weight_ih_${place}`] = reorder(part(W, [rows, I], D, d), order);
    stateDict[`weight_hh_${place}`] = reorder(part(R, [rows, H], D, d), order);
    // i, o, f there
    if (P) stateDict[`weight_ch_${place}`] = reorder(part(P, [3 * H], D, d), [0, 2, 1]);
    if (B) {
      stateDict[`bias_ih_${place}`] = reorder(part(B, [rows], 2 * D, 2 * d), order);
      stateDict[`bias_hh_${place}`] = reorder(part(B, [rows], 2 * D, 2 * d + 1), order);
    }
  }
  return {
    kind,
    options: {
      inputSize: I,
      hiddenSize: H,
      numLayers: 1,
      bidirectional: D === 2,
      biases: B ? 2 : 0,
      ...(kind === "rnn" && { nonlinearity: isRelu ? ("relu" as const) : ("tanh" as const) }),
      ...(P && { peepholes: true as const }),
      ...(kind === "gru" && { resetAfter: attributes.get("linear_before_reset")?.i === 1 }),
      ...(attributes.get("layout")?.i === 1 && { batchFirst: true }),
    },
    ...(direction === "reverse" && { reverse: true }),
    stateDict,
  };
}

/** One of equal parts that lie after each other. */
function part({ data }: Tensor, shape: number[], parts: number, index: number): Tensor {
  const length = data.length / parts;
  return { shape, data: data.subarray(index * length, (index + 1) * length) };
}

function readGemm(node: OnnxNode, constants: Constants): OnnxDense {
  const fail = (problem: string) => refuse(where, `${called(node)} ${problem}`);
  const { attributes, inputs } = node;
  if (attributes.get("transA")?.i) return fail("transposes what it reads, which no layer here does");
  for (const factor of ["alpha", "beta"]) {
    const value = attributes.get(factor)?.f ?? 1;
    if (value !== 1) return fail(`has ${factor} ${value}, but must have 1`);
  }
  const B = matrix(fail, "B", inputs[1], constants);
  const weights = attributes.get("transB")?.i ? B : transpose(B);
  return denseOf(fail, weights, inputs[2] ? weight(fail, "C", inputs[2], constants) : undefined);
}

function readMatMul(node: OnnxNode, add: OnnxNode | undefined, constants: Constants): OnnxDense {
  const fail = (problem: string) => refuse(where, `${called(node)} ${problem}`);
  const weights = transpose(matrix(fail, "B", node.inputs[1], constants));
  const added = add?.inputs.find((name) => constants.has(name));
  return denseOf(fail, weights, added === undefined ? undefined : weight(fail, "a bias", added, constants));
}

function denseOf(fail: (problem: string) => never, weights: Tensor, bias: Tensor | undefined): OnnxDense {
  const [O, I] = weights.shape;
  const options = { inputSize: I, outputSize: O };
  if (!bias) return { kind: "dense", options, stateDict: { weight: weights } };
  if (bias.data.length !== O || bias.shape.at(-1) !== O) {
    return fail(`has a bias of [${bias.shape.join(", ")}], but must have [${O}]`);
  }
  return { kind: "dense", options, stateDict: { weight: weights, bias: { shape: [O], data: bias.data } } };
}

function readGather(node: OnnxNode, constants: Constants): OnnxEmbedding {
  const fail = (problem: string) => refuse(where, `${called(node)} ${problem}`);
  const axis = node.attributes.get("axis")?.i ?? 0;
  if (axis !== 0) return fail(`takes from axis ${axis} of its weights, but must take from axis 0`);
  const weights = matrix(fail, "data", node.inputs[0], constants);
  const [numEmbeddings, embeddingDim] = weights.shape;
  return { kind: "embedding", options: { numEmbeddings, embeddingDim }, stateDict: { weight: weights } };
}

/**
 * Numbers that look trained: floats, more than one, and not all 0 as an initial state is.
 */
function isWeight(tensor: OnnxTensor | undefined): boolean {
  if (tensor === undefined || !(tensor.dataType in floatTypes)) return false;
  const { dims, external, raw, floats, doubles, ints } = tensor;
  if (!dims.some((extent) => extent > 1)) return false;
  return external || [raw ?? [], floats, doubles, ints].some((list) => list.some((value) => value !== 0));
}

/** A weight that no layer takes would be lost silently. */
function checkNoWeights(node: OnnxNode, constants: Constants): void {
  if (node.type === "Constant" || node.type === "Identity") return;
  for (const [name, { hasGraph }] of node.attributes) {
    if (hasGraph)
      refuse(where, `${called(node)} has a graph of its own in ${name}, whose weights cannot be read`);
  }
  const lost = node.inputs.find((input) => isWeight(constants.get(input)));
  if (lost === undefined) return;
  if (rearranging.has(node.type)) {
    const remedy = "export the model with constants folded, as torch.onnx.export does by default";
    refuse(where, `${called(node)} still rearranges the weights "${lost}": ${remedy}`);
  }
  const known = "RNN, LSTM, GRU, Gemm, MatMul with Add, and Gather";
  refuse(where, `${called(node)} reads the weights "${lost}", but only those of ${known} have a counterpart`);
}

function matrix(fail: (problem: string) => never, role: string, name: string, constants: Constants): Tensor {
  const tensor = weight(fail, role, name, constants);
  if (tensor.shape.length === 2) return tensor;
  return fail(`has ${role} of [${tensor.shape.join(", ")}], but must have a matrix`);
}

/** The elements of a constant, in the precision that the file has. */
function weight(
  fail: (problem: string) => never,
  role: string,
  name: string | undefined,
  constants: Constants,
): Tensor {
  const constant = constants.get(name ?? "");
  if (!constant) return fail(`computes ${role} from "${name ?? ""}", but must have it as a constant`);
  const { dims, dataType, raw, external } = constant;
  if (!Object.hasOwn(floatTypes, dataType)) {
    return fail(`has ${role} of data type ${dataType}, but must have FLOAT, DOUBLE, FLOAT16 or BFLOAT16`);
  }
  if (external) return fail(`has ${role}, "${name ?? ""}", in another file, but must have it in its own`);
  if (!isShape(dims)) return fail(`has ${role} of a shape that is not of integers from 0`);
  const type = floatTypes[dataType];
  if (raw) return readElements(where, name ?? "", type, dims, raw, { limit: constants.limit });
  const values = { F32: constant.floats, F64: constant.doubles, F16: constant.ints, BF16: constant.ints }[
    type
  ];
  const { size } = elementTypes[type];
  if (values.length !== product(dims)) {
    return fail(`has ${role} of ${values.length} elements, but [${dims.join(", ")}] has ${product(dims)}`);
  }
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, k) => {
    if (type === "F32") view.setFloat32(4 * k, value, true);
    else if (type === "F64") view.setFloat64(8 * k, value, true);
    else view.setUint16(2 * k, value, true);
  });
  return readElements(where, name ?? "", type, dims, bytes, { limit: constants.limit });
}
