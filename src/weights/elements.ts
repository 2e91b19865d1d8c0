// The types in which files hold the elements of a tensor, and their conversion to the two that the library
// has: float32 for what float32 holds exactly and is meant as a float, float64 for everything else. No value
// is rounded.

import { product } from "../numbers/tensor.js";
import type { DType, Floats, Tensor } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import { kind } from "../numbers/validation.js";
import { refuse } from "./file_error.js";
import type { MemoryLimit } from "./memory_limit.js";

/** One type of elements. */
export interface ElementType {
  /** of one element, in bytes */
  size: number;
  /** what it is read as */
  dtype: DType;
  read: (view: DataView, at: number, littleEndian: boolean) => number;
}

export const elementTypes = {
  F64: { size: 8, dtype: "float64", read: (view, at, little) => view.getFloat64(at, little) },
  F32: { size: 4, dtype: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  F16: { size: 2, dtype: "float32", read: (view, at, little) => fromHalf(view.getUint16(at, little)) },
  BF16: { size: 2, dtype: "float32", read: (view, at, little) => fromBrain(view.getUint16(at, little)) },
  I64: { size: 8, dtype: "float64", read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  U64: { size: 8, dtype: "float64", read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  I32: { size: 4, dtype: "float64", read: (view, at, little) => view.getInt32(at, little) },
  U32: { size: 4, dtype: "float64", read: (view, at, little) => view.getUint32(at, little) },
  I16: { size: 2, dtype: "float64", read: (view, at, little) => view.getInt16(at, little) },
  U16: { size: 2, dtype: "float64", read: (view, at, little) => view.getUint16(at, little) },
  I8: { size: 1, dtype: "float64", read: (view, at) => view.getInt8(at) },
  U8: { size: 1, dtype: "float64", read: (view, at) => view.getUint8(at) },
  BOOL: { size: 1, dtype: "float64", read: (view, at) => view.getUint8(at) },
} satisfies Record<string, ElementType>;

/**
 * A file's elements of one tensor.
 *
 * @param name of the tensor, for messages
 * @throws {WeightFileError} when the bytes are not as many as the shape needs, or no number here holds an
 *   integer exactly, as most beyond ±2⁵³
 */
export function readElements(
  where: string,
  name: string,
  type: keyof typeof elementTypes,
  shape: readonly number[],
  bytes: Uint8Array,
  { littleEndian = true, limit }: { littleEndian?: boolean; limit?: MemoryLimit } = {},
): Tensor {
  const { size, dtype, read } = elementTypes[type];
  const count = product(shape);
  if (count * size !== bytes.length) {
    refuse(
      where,
      `tensor "${name}" has ${bytes.length} bytes, but [${shape.join(", ")}] of ${type} needs ${count * size}`,
    );
  }
  limit?.take(count * (dtype === "float64" ? 8 : 4), `tensor "${name}"`);
  const data: Floats = allocate(dtype, count);
  const view = viewOf(bytes);
  for (let k = 0; k < count; k++) data[k] = read(view, k * size, littleEndian);
  if (type === "I64" || type === "U64") {
    const exact = (k: number) =>
      type === "I64" ? view.getBigInt64(8 * k, littleEndian) : view.getBigUint64(8 * k, littleEndian);
    const rounded = data.findIndex((value, k) => !Number.isSafeInteger(value) && BigInt(value) !== exact(k));
    if (rounded >= 0) {
      const came = exact(rounded).toString();
      refuse(where, `tensor "${name}" has ${came} at ${rounded}, which float64 does not hold exactly`);
    }
  }
  return { shape: [...shape], data };
}

/** Element by element in little-endian order, in the precision that the tensor has. */
export function writeElements({ data }: Tensor, into: Uint8Array): void {
  const view = viewOf(into);
  if (data instanceof Float64Array) data.forEach((value, k) => view.setFloat64(8 * k, value, true));
  else data.forEach((value, k) => view.setFloat32(4 * k, value, true));
}

/** A shape as a file states it: extents that are integers from 0. */
export function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}

/** The bytes of a file, wherever they lie in their buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws {TypeError} for what is not a Uint8Array: an ArrayBuffer, a string or a path, most often */
export function checkBytes(where: string, bytes: unknown, name = "bytes"): asserts bytes is Uint8Array {
  if (bytes instanceof Uint8Array) return;
  const came = bytes instanceof ArrayBuffer ? "an ArrayBuffer" : kind(bytes);
  throw new TypeError(`${where}: ${name} is ${came}, but must be a Uint8Array with the contents of a file`);
}

/**
 * @throws {TypeError} unless `tensors` is an object of tensors
 * @throws {RangeError} unless their shapes fit their data
 */
export function checkTensorRecord(where: string, tensors: Record<string, Tensor>): void {
  if (typeof tensors !== "object" || tensors === null) {
    throw new TypeError(`${where}: tensors is ${kind(tensors)}, but must be an object of tensors`);
  }
  for (const [name, value] of Object.entries(tensors) as [string, Partial<Tensor> | null][]) {
    const data = value?.data;
    if (!(data instanceof Float64Array || data instanceof Float32Array) || !isShape(value?.shape)) {
      throw new TypeError(
        `${where}: "${name}" is not a tensor, but must have a shape and data in a Float64Array or Float32Array`,
      );
    }
    if (data.length !== product(value.shape)) {
      const needed = `[${value.shape.join(", ")}] has ${product(value.shape)}`;
      throw new RangeError(`${where}: "${name}" has ${data.length} elements, but its shape ${needed}`);
    }
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function fromBrain(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
