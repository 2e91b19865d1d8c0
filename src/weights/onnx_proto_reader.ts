// The messages of an ONNX file. Only the fields are read that say which weights a network has and what reads
// them. Field numbers: onnx.proto of https://github.com/onnx/onnx (IR version 3 and later).

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

export interface OnnxGraph {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
}

export interface OnnxNode {
  name: string;
  /** as in "LSTM"; with the domain in front where it is not ONNX's own */
  type: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, OnnxAttribute>;
}

export interface OnnxAttribute {
  f?: number;
  i?: number;
  s?: string;
  t?: OnnxTensor;
  strings: string[];
  /** whether it holds a graph, as those of If and Loop do */
  hasGraph: boolean;
}

/** A tensor: its elements are bytes, or numbers of whichever of the lists its type uses. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  dataType: number;
  raw?: Uint8Array;
  floats: number[];
  doubles: number[];
  /** also the bits of FLOAT16 and BFLOAT16 */
  ints: number[];
  /** whether its elements are in another file */
  external: boolean;
}

/** How a field is read: of which wire type it is, and by what. Repeated numbers may be packed. */
interface Field {
  wire: WireType;
  packable?: boolean;
  read: (reader: BinaryReader) => void;
}
type Fields = Record<number, Field>;

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;
const text = (set: (value: string) => void): Field => ({
  wire: LengthDelimited,
  read: (reader) => set(reader.string()),
});
const bytes = (set: (value: Uint8Array) => void): Field => ({
  wire: LengthDelimited,
  read: (reader) => set(reader.bytes()),
});
const integer = (set: (value: number) => void, packable = false): Field => ({
  wire: Varint,
  packable,
  read: (reader) => set(Number(reader.int64())),
});
const float = (set: (value: number) => void, packable = false): Field => ({
  wire: Bit32,
  packable,
  read: (reader) => set(reader.float()),
});
const double = (set: (value: number) => void): Field => ({
  wire: Bit64,
  packable: true,
  read: (reader) => set(reader.double()),
});

function readMessage(message: string, data: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (!Object.hasOwn(fields, number)) {
      reader.skip(wire, number);
      continue;
    }
    const field = fields[number];
    if (wire === field.wire) field.read(reader);
    else if (wire === LengthDelimited && field.packable) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) field.read(packed);
    } else
      throw new Error(`field ${number} of ${message} has wire type ${wire}, but must have ${field.wire}`);
    if (reader.pos > reader.len) throw new Error(`field ${number} of ${message} ends beyond it`);
  }
}

/**
 * The graph of a ModelProto.
 *
 * @throws {Error} when the bytes are not such a message, or it has no graph
 */
export function readModel(data: Uint8Array): OnnxGraph {
  let graph: OnnxGraph | undefined;
  readMessage("ModelProto", data, { 7: bytes((value) => (graph = readGraph(value))) });
  if (graph === undefined) throw new Error("ModelProto has no graph");
  return graph;
}

function readGraph(data: Uint8Array): OnnxGraph {
  const graph: OnnxGraph = { nodes: [], initializers: [] };
  readMessage("GraphProto", data, {
    1: bytes((value) => graph.nodes.push(readNode(value))),
    5: bytes((value) => graph.initializers.push(readTensor(value))),
  });
  return graph;
}

function readNode(data: Uint8Array): OnnxNode {
  const node: OnnxNode = { name: "", type: "", inputs: [], outputs: [], attributes: new Map() };
  let domain = "";
  readMessage("NodeProto", data, {
    1: text((value) => node.inputs.push(value)),
    2: text((value) => node.outputs.push(value)),
    3: text((value) => (node.name = value)),
    4: text((value) => (node.type = value)),
    5: bytes((value) => node.attributes.set(...readAttribute(value))),
    7: text((value) => (domain = value)),
  });
  if (domain !== "" && domain !== "ai.onnx") node.type = `${domain}.${node.type}`;
  return node;
}

function readAttribute(data: Uint8Array): [name: string, OnnxAttribute] {
  let name = "";
  const attribute: OnnxAttribute = { strings: [], hasGraph: false };
  const graph = bytes(() => (attribute.hasGraph = true));
  readMessage("AttributeProto", data, {
    1: text((value) => (name = value)),
    2: float((value) => (attribute.f = value)),
    3: integer((value) => (attribute.i = value)),
    4: text((value) => (attribute.s = value)),
    5: bytes((value) => (attribute.t = readTensor(value))),
    6: graph,
    9: text((value) => attribute.strings.push(value)),
    11: graph,
  });
  return [name, attribute];
}

function readTensor(data: Uint8Array): OnnxTensor {
  const tensor: OnnxTensor = {
    name: "",
    dims: [],
    dataType: 0,
    floats: [],
    doubles: [],
    ints: [],
    external: false,
  };
  readMessage("TensorProto", data, {
    1: integer((value) => tensor.dims.push(value), true),
    2: integer((value) => (tensor.dataType = value)),
    4: float((value) => tensor.floats.push(value), true),
    5: integer((value) => tensor.ints.push(value), true),
    8: text((value) => (tensor.name = value)),
    9: bytes((value) => (tensor.raw = value)),
    10: double((value) => tensor.doubles.push(value)),
    14: integer((value) => (tensor.external = value === 1)),
  });
  return tensor;
}
