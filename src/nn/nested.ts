// Reads what a caller passes, nested arrays or a tensor, into flat memory. An error says where in the
// sequence and in the batch the first misfit is.

import { allFinite } from "../engine/all_finite.js";
import { kind, shown } from "../numbers/validation.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

/** Numbers in nested arrays or typed arrays of any depth, or a tensor. */
export type Nested = Tensor | NestedArray;
export type NestedArray = ArrayLike<number | boolean | null> | readonly (NestedArray | null)[];

/** One axis of what is read. */
export interface Axis {
  /** what is counted along it, as in "features" */
  of: string;
  size: number;
  /** what fixes the size, as in "inputSize is" */
  because: string;
  /** how far elements lie apart in the memory that is written; row-major where not given */
  stride?: number;
  /** how a message names an index of the axis, as in " at t = 1" */
  at?: (index: number) => string;
}

const isFlat = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "shape" in value && "data" in value;
}

/** The extents of a tensor, or of nested arrays judged by the first element that is not null. */
export function extents(value: unknown): number[] {
  return isTensor(value) ? [...value.shape] : extentsOf(value).extents;
}

function extentsOf(value: unknown): { extents: number[]; isMissing: boolean } {
  if (!isFlat(value)) return { extents: [], isMissing: value === null };
  let first: number[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const inner = extentsOf(value[index]);
    if (!inner.isMissing) return { extents: [value.length, ...inner.extents], isMissing: false };
    first ??= inner.extents;
  }
  return { extents: [value.length, ...(first ?? [])], isMissing: value.length > 0 };
}

/** "[5, 3, 2]" */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

/** The axes of a tensor of which only the shape is known. */
export function plainAxes(shape: readonly number[]): Axis[] {
  return shape.map((size, axis) => ({
    of: axis === shape.length - 1 ? "elements" : "rows",
    size,
    because: `of ${shapeText(shape)} there must be`,
    ...(axis < shape.length - 1 && { at: (index: number) => ` in row ${index}` }),
  }));
}

export interface ReadOptions {
  /** what null becomes, also every number of a row that is null; an error where this is not given */
  ofNull?: number;
  /** whether true and false are 1 and 0, as in a mask; an error where this is not given */
  booleans?: boolean;
  /**
   * where, by its indices, an element may be anything, since it is not read: what is not a number becomes 0
   */
  unread?: (path: readonly number[]) => boolean;
}

/**
 * Copies `value` to `into`, element by element.
 *
 * @throws {TypeError} for what is not an array or a number: it names the argument, says what came and where
 * @throws {RangeError} for a wrong shape or a number that cannot be stored: it also says what was expected
 */
export function readNested<T extends Floats | Int32Array>(
  where: string,
  name: string,
  value: Nested,
  axes: readonly Axis[],
  into: T,
  { ofNull, booleans, unread }: ReadOptions = {},
): T {
  // For an array that is not typed, set would turn null and texts into numbers.
  if (isTensor(value) && isTyped(value.data) && liesAlike(value, axes)) {
    into.set(value.data);
    if (allFinite(into)) return into;
  }
  const sizes = axes.map(({ size }) => size);
  const strides = rowMajorStrides(axes);
  const path: number[] = [];
  const at = () => path.map((index, axis) => axes[axis].at?.(index) ?? "").join("");
  const fail = (problem: string, Kind = RangeError): never => {
    throw new Kind(`${where}: ${name} ${problem}`);
  };

  const put = (element: unknown, target: number): void => {
    if (booleans && typeof element === "boolean") into[target] = Number(element);
    else if (element === null && ofNull !== undefined) into[target] = ofNull;
    else {
      const expected = expectedOf(element);
      if (expected === undefined) into[target] = element as number;
      else if (unread?.(path)) into[target] = 0;
      else
        fail(
          `contains ${shown(element)}${at()}, but must ${expected}`,
          typeof element === "number" ? RangeError : TypeError,
        );
    }
  };
  /** What an element that cannot be stored would have to do. */
  const expectedOf = (element: unknown): string | undefined => {
    if (typeof element !== "number") return "contain numbers";
    if (!Number.isFinite(element)) return "be finite";
    const overflows = into instanceof Float32Array && !Number.isFinite(Math.fround(element));
    return overflows ? "be within float32" : undefined;
  };
  const copy = (part: ArrayLike<unknown> | null, axis: number, target: number, first = 0): void => {
    const [size, stride] = [sizes[axis], strides[axis]];
    const length = product(sizes.slice(axis + 1));
    path.push(0);
    for (let index = 0; index < size; index++, target += stride) {
      path[axis] = index;
      if (axis === axes.length - 1) put(part === null ? null : part[first + index], target);
      else if (part === null) copy(null, axis + 1, target);
      else if (isTensor(value)) copy(part, axis + 1, target, first + index * length);
      else copy(checked(part[index], axis + 1), axis + 1, target);
    }
    path.pop();
  };
  const checked = (part: unknown, axis: number): ArrayLike<unknown> | null => {
    if (part === null && axis > 0 && ofNull !== undefined) return null;
    if (!isFlat(part))
      return fail(`is ${kind(part)}${at()}, but must be ${shapeText(sizes.slice(axis))}`, TypeError);
    const { of, size, because } = axes[axis];
    return part.length === size ? part : fail(`has ${part.length} ${of}${at()}, but ${because} ${size}`);
  };

  if (!isTensor(value)) {
    copy(checked(value, 0), 0, 0);
    return into;
  }
  const { shape, data } = value;
  if (!isFlat(data)) {
    const ofJson = "JSON makes an object of a typed array: write [...data] instead";
    fail(`has data that is ${kind(data)}, but must be an array or a typed array (${ofJson})`, TypeError);
  }
  if (shape.length !== sizes.length || data.length !== product(shape)) {
    fail(`is ${shapeText(shape)} of ${data.length} numbers, but must be ${shapeText(sizes)}`);
  }
  axes.forEach(({ of, size, because }, axis) => {
    if (shape[axis] !== size) fail(`has ${shape[axis]} ${of}, but ${because} ${size}`);
  });
  copy(data, 0, 0);
  return into;
}

const isTyped = (data: unknown) =>
  ArrayBuffer.isView(data) && !(data instanceof BigInt64Array || data instanceof BigUint64Array);

/**
 * Whether a tensor has the sizes of the axes, and its elements are in the order of the memory that is
 * written.
 */
function liesAlike({ shape, data }: Tensor, axes: readonly Axis[]): boolean {
  if (shape.length !== axes.length) return false;
  let stride = 1;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== axes[axis].size || (axes[axis].stride ?? stride) !== stride) return false;
    stride *= shape[axis];
  }
  return data.length === stride;
}

function rowMajorStrides(axes: readonly Axis[]): number[] {
  return axes.map(({ stride }, axis) => stride ?? product(axes.slice(axis + 1).map(({ size }) => size)));
}
