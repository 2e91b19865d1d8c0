// Numbers as the fast library holds them: flat typed arrays in row-major order, in either precision.

import { checkChoice, kind } from "./validation.js";

export type DType = "float64" | "float32";

export type Floats = Float64Array | Float32Array;

/** A contiguous, row-major array: of shape [2, 3], element (i, j) is `data[3 i + j]`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Floats;
}

/** One parameter: its value and the gradient of the loss, views into one arena of the model. */
export interface Parameter {
  /** PyTorch's key, as in weight_ih_l0 */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Floats;
  readonly grad: Floats;
  /** of an embedding: its rows are looked up, and the one at paddingIdx stays zeros */
  readonly table?: { readonly paddingIdx?: number };
  /** H, of W_x where there is no W_h to tell it */
  readonly units?: number;
  /** of an LRU: where its λ is drawn from */
  readonly ring?: Readonly<Record<"minRadius" | "maxRadius" | "maxPhase", number>>;
  /** what all elements are at first, where they are not drawn */
  readonly initial?: number;
}

/** Numbers in nested arrays of equal length. */
export type NestedNumbers = number | Floats | readonly NestedNumbers[];

/**
 * @throws {TypeError} when it is not a text
 * @throws {RangeError} when it is another one; both name what has the dtype
 */
export function checkDType(where: string, dtype: unknown): void {
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
}

/** How many elements an array of this shape has; 1 if it has no axes. */
export function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1);
}

/** Zeros. */
export function allocate(dtype: DType, length: number): Floats {
  return dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/**
 * A tensor of nested arrays: `tensor([[1, 2], [3, 4]])` is of shape [2, 2]. The innermost may be typed.
 *
 * @throws {TypeError} for what is neither a number nor an array
 * @throws {RangeError} for another dtype, or when arrays of one depth differ in length
 */
export function tensor(nested: NestedNumbers, dtype: DType = "float64"): Tensor {
  checkDType("tensor", dtype);
  const shape: number[] = [];
  for (let inner = nested; isArray(inner); inner = inner[0]) shape.push(inner.length);
  const flat: number[] = [];
  flatten(nested, shape, 0, flat);
  const data = allocate(dtype, flat.length);
  data.set(flat);
  return { shape, data };
}

function flatten(nested: NestedNumbers, shape: number[], depth: number, into: number[]): void {
  if (depth === shape.length) {
    if (typeof nested !== "number") {
      throw new TypeError(`tensor: an element is ${kind(nested)}, but must be a number`);
    }
    into.push(nested);
    return;
  }
  if (!isArray(nested) || nested.length !== shape[depth]) {
    const expected = `an array of ${shape[depth]}, as the first one`;
    if (!isArray(nested)) {
      throw new TypeError(`tensor: what is at depth ${depth} is ${kind(nested)}, but must be ${expected}`);
    }
    throw new RangeError(
      `tensor: what is at depth ${depth} is an array of ${nested.length}, but must be ${expected}`,
    );
  }
  for (const inner of nested) flatten(inner, shape, depth + 1, into);
}

function isArray(nested: NestedNumbers): nested is Floats | readonly NestedNumbers[] {
  return Array.isArray(nested) || nested instanceof Float64Array || nested instanceof Float32Array;
}

/** The elements in nested arrays. */
export function toNested({ shape, data }: Tensor): NestedNumbers {
  if (shape.length === 0) return data[0];
  const build = (depth: number, first: number, length: number): NestedNumbers => {
    if (depth === shape.length - 1) return Array.from(data.subarray(first, first + length));
    const part = length / shape[depth];
    return Array.from({ length: shape[depth] }, (_, index) => build(depth + 1, first + index * part, part));
  };
  return build(0, 0, data.length);
}
