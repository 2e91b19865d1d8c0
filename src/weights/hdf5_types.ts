// What HDF5 says about elements: their type and their shape.

import type { elementTypes } from "./elements.js";
import type { Hdf5Cursor } from "./hdf5_bytes.js";

export type Hdf5Type =
  | { kind: "numbers"; name: string; size: number; element: keyof typeof elementTypes; littleEndian: boolean }
  /** texts of one size, texts in a heap, or what is not read */
  | { kind: "text" | "heapText" | "other"; name: string; size: number };

const classes = [
  "integers",
  "floats",
  "times",
  "texts",
  "bits",
  "opaque bytes",
  "compounds",
  "references",
  "enumerations",
  "lists",
  "arrays",
];

/** Floats by the bits of their exponent and of their fraction. */
const floats: Record<string, keyof typeof elementTypes> = {
  "5 10": "F16",
  "8 7": "BF16",
  "8 23": "F32",
  "11 52": "F64",
};

export function readType(cursor: Hdf5Cursor): Hdf5Type {
  const kind = cursor.uint(1) & 15;
  const bits = cursor.uint(1);
  cursor.skip(2);
  const size = cursor.uint(4);
  const name = `${size}-byte ${classes[kind] ?? "unknown things"}`;
  const littleEndian = (bits & 1) === 0;
  if (kind === 0 && [1, 2, 4, 8].includes(size)) {
    const element = `${bits & 8 ? "I" : "U"}${8 * size}` as keyof typeof elementTypes;
    return { kind: "numbers", name, size, element, littleEndian };
  }
  if (kind === 1) {
    cursor.skip(5);
    const exponent = cursor.uint(1);
    cursor.skip(1);
    const element = floats[`${exponent} ${cursor.uint(1)}`];
    if (element !== undefined && [2, 4, 8].includes(size) && 8 * size === Number(/\d+/.exec(element)?.[0])) {
      return { kind: "numbers", name, size, element, littleEndian };
    }
  }
  if (kind === 3) return { kind: "text", name, size };
  if (kind === 9 && (bits & 15) === 1) return { kind: "heapText", name, size: 16 };
  return { kind: "other", name, size };
}

/** A shape; empty for a single element, and not of integers where the file is of another version. */
export function readSpace(cursor: Hdf5Cursor): number[] {
  const version = cursor.uint(1);
  const rank = cursor.uint(1);
  cursor.skip(1);
  const kind = version === 2 ? cursor.uint(1) : 1;
  if (version === 1) cursor.skip(5);
  else if (version !== 2) return [NaN];
  if (kind === 2) return [0];
  return Array.from({ length: rank }, () => cursor.uint(8));
}
