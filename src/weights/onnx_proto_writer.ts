// The messages that an ONNX file is written of. Field numbers and types: onnx.proto of
// https://github.com/onnx/onnx.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** What a field holds: a text, bytes or a message, an integer, or integers one after the other. */
type Content = string | Uint8Array | number | readonly number[];

export function message(...fields: (readonly [number: number, content: Content])[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, content] of fields) {
    if (typeof content === "string") writer.tag(number, WireType.LengthDelimited).string(content);
    else if (content instanceof Uint8Array) writer.tag(number, WireType.LengthDelimited).bytes(content);
    else {
      for (const value of [content].flat()) writer.tag(number, WireType.Varint).int64(value);
    }
  }
  return writer.finish();
}

/** TensorProto.DataType. */
export const dataTypes = { float: 1, int32: 6, int64: 7 } as const;
type DataType = keyof typeof dataTypes;

/** AttributeProto.AttributeType, by what an attribute holds. */
const attributeTypes = { integer: 2, text: 3, integers: 7, texts: 8 };
export type AttributeValue = number | string | readonly number[] | readonly string[];

const utf8 = new TextEncoder();

function attribute(name: string, value: AttributeValue): Uint8Array {
  const { integer, text, integers, texts } = attributeTypes;
  if (typeof value === "number") return message([1, name], [3, value], [20, integer]);
  if (typeof value === "string") return message([1, name], [4, value], [20, text]);
  const isText = (element: unknown) => typeof element === "string";
  return value.some(isText)
    ? message([1, name], ...(value as string[]).map((one) => [9, utf8.encode(one)] as const), [20, texts])
    : message([1, name], [8, value as number[]], [20, integers]);
}

/** A NodeProto. An input or output that is left out has the name "". */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, AttributeValue> = {},
): Uint8Array {
  return message(
    ...inputs.map((name) => [1, name] as const),
    ...outputs.map((name) => [2, name] as const),
    [3, outputs.find((name) => name !== "") ?? ""],
    [4, type],
    ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)] as const),
  );
}

/** A TensorProto: elements little-endian, one after the other. */
export function constant(
  name: string,
  type: DataType,
  shape: readonly number[],
  elements: Uint8Array,
): Uint8Array {
  return message([1, shape], [2, dataTypes[type]], [8, name], [9, elements]);
}

/** A ValueInfoProto: what goes into the graph or comes out; an extent by name is any. */
export function value(name: string, type: DataType, shape: readonly (number | string)[]): Uint8Array {
  const dimensions = shape.map(
    (extent) => [1, message([typeof extent === "number" ? 1 : 2, extent])] as const,
  );
  const tensorType = message([1, dataTypes[type]], [2, message(...dimensions)]);
  return message([1, name], [2, message([1, tensorType])]);
}
