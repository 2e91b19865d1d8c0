// .npy, NumPy's file of one array: a magic number, a version, the length of a header, the header as a Python
// dict, and the elements. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { product } from "../numbers/tensor.js";
import type { Tensor } from "../numbers/tensor.js";
import { checkBytes, elementTypes, isShape, readElements, viewOf } from "./elements.js";
import { refuse } from "./file_error.js";
import { fileKind } from "./file_kind.js";
import { gather } from "./layouts.js";
import type { MemoryLimit } from "./memory_limit.js";

const magic = [0x93, ..."NUMPY"].map((byte) => (typeof byte === "number" ? byte : byte.charCodeAt(0)));

/** NumPy's types, without the byte order. */
const types: Record<string, keyof typeof elementTypes> = {
  f8: "F64",
  f4: "F32",
  f2: "F16",
  i8: "I64",
  u8: "U64",
  i4: "I32",
  u4: "U32",
  i2: "I16",
  u2: "U16",
  i1: "I8",
  u1: "U8",
  b1: "BOOL",
};

/**
 * Reads a .npy file of format 1, 2 or 3, in either byte order and in C or Fortran order. Half and single
 * precision become float32; double precision, integers and booleans become float64: no value is rounded.
 *
 * @param bytes the whole file
 * @throws {TypeError} when bytes is not a Uint8Array
 * @throws {WeightFileError} for a file that does not follow the format, and for arrays of anything but
 *   numbers
 */
export function readNpy(bytes: Uint8Array): Tensor {
  checkBytes("readNpy", bytes);
  return arrayOf("readNpy", "array", bytes);
}

/** The array of a .npy file that is called `name`. */
export function arrayOf(where: string, name: string, bytes: Uint8Array, limit?: MemoryLimit): Tensor {
  const fail = (problem: string) => refuse(where, `tensor "${name}" ${problem}`);
  if (bytes.length < 10 || magic.some((byte, k) => bytes[k] !== byte)) {
    const kind = fileKind(bytes);
    return fail(`does not begin as a .npy file does${kind === undefined ? "" : `: ${kind}`}`);
  }
  const version = bytes[6];
  if (version < 1 || version > 3) return fail(`has format ${version}, but must have 1, 2 or 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) return fail("ends before its header");
  const length = version === 1 ? viewOf(bytes).getUint16(8, true) : viewOf(bytes).getUint32(8, true);
  const end = start + length;
  if (end > bytes.length) {
    return fail(`has a header of ${length} bytes, but the file has ${bytes.length - start} for it`);
  }
  const header = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, end));
  const { descr, fortranOrder, shape } = readHeader(header, fail);
  const type = types[descr.slice(1)];
  const elements = readElements(where, name, type, shape, bytes.subarray(end), {
    littleEndian: !descr.startsWith(">"),
    limit,
  });
  if (!fortranOrder) return elements;
  limit?.take(elements.data.byteLength, `tensor "${name}"`);
  // In Fortran's order the first index runs fastest.
  return gather(
    elements.data,
    shape,
    shape.map((_, axis) => product(shape.slice(0, axis))),
  );
}

interface Header {
  /** byte order and type, as in "<f8" */
  descr: string;
  fortranOrder: boolean;
  shape: number[];
}

/** The header, as in `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`. */
function readHeader(text: string, fail: (problem: string) => never): Header {
  const [, inside] = /^\{(.*)\}$/s.exec(text.trim()) ?? fail("has a header that is not a dict");
  const values: Record<string, string> = {};
  const item = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|\[.*\]|True|False|\([^()]*\))\s*(?:,\s*|$)/sy;
  while (item.lastIndex < inside.length) {
    const [, key, value] = item.exec(inside) ?? fail("has a header that is not as NumPy writes it");
    values[key] = value;
  }
  const { descr, fortran_order: order, shape } = values;
  const [, plain] = /^'([<>|].*)'$/s.exec(descr ?? "") ?? [];
  if (plain === undefined || !Object.hasOwn(types, plain.slice(1))) {
    return fail(
      `has elements of ${descr ?? "no type"}, but must have one of ${Object.keys(types).join(", ")}`,
    );
  }
  if (order !== "True" && order !== "False")
    return fail("has a fortran_order that is neither True nor False");
  const [, listed] =
    /^\(([\d,\s]*)\)$/.exec(shape ?? "") ?? fail("has a shape that is not a tuple of integers");
  const extents = listed
    .trimEnd()
    .replace(/,$/, "")
    .split(",")
    .map((extent) => (/^\s*\d+\s*$/.test(extent) ? Number(extent) : NaN));
  if (listed.trim() === "") extents.pop();
  if (!isShape(extents)) return fail("has a shape that is not a tuple of integers");
  return { descr: plain, fortranOrder: order === "True", shape: extents };
}
