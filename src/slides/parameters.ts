// Parameters are nested records of tensors, such as { layer: { f: { Wx, Wh, b }, … }, head: { W, b } };
// gradients have the same structure. This file holds the operations on all tensors of such a tree.

import type { Tensor } from "../numbers/linear_algebra.js";
import { isMatrix } from "../numbers/linear_algebra.js";
import { checkFinite, isRecord, kind } from "../numbers/validation.js";

/** Something with parameters that can be trained: a layer, a head or a whole model. */
export interface Trainable {
  readonly parameters: object;
  setParameters(parameters: object): void;
}

/** Every tensor of a tree with its path, such as "layer.f.Wx", in the order of the keys. */
export function tensors(tree: object, prefix = ""): [path: string, tensor: Tensor][] {
  return Object.entries(tree).flatMap(([key, value]: [string, Tensor | object]) =>
    isRecord(value) ? tensors(value, `${prefix}${key}.`) : [[prefix + key, value as Tensor]],
  );
}

/** Applies f to the tensors at the same place in trees of one structure. */
export function mapTensors<P extends object>(f: (...at: Tensor[]) => Tensor, ...trees: P[]): P {
  const entries = Object.entries(trees[0]).map(([key, first]: [string, Tensor | object]) => {
    const values = trees.map((tree) => (tree as Record<string, Tensor | object>)[key]);
    return [key, isRecord(first) ? mapTensors(f, ...(values as object[])) : f(...(values as Tensor[]))];
  });
  return Object.fromEntries(entries) as P;
}

/** A deep copy of a vector or matrix. */
export function copy<T extends Tensor>(a: T): T {
  return (isMatrix(a) ? a.map((row) => [...row]) : [...a]) as T;
}

/**
 * Checks that `given` has the structure, the shapes and only finite numbers that `expected` has.
 *
 * @param name what a tensor is called in the message, "parameter" or "gradient"
 */
export function checkTensors(where: string, name: string, given: object, expected: object): void {
  if (!isRecord(given))
    throw new TypeError(`${where}: the ${name}s are ${kind(given)}, but must be an object`);
  const wanted = new Map(tensors(expected));
  const came = new Map(tensors(given));
  for (const path of came.keys()) {
    if (!wanted.has(path)) {
      throw new TypeError(
        `${where}: ${name} "${path}" is unknown, but must be one of ${[...wanted.keys()].join(", ")}`,
      );
    }
  }
  for (const [path, tensor] of wanted) {
    const value = came.get(path);
    if (value === undefined) throw new TypeError(`${where}: ${name} "${path}" is missing, but must be given`);
    const [shape, expectedShape] = [shapeText(value), shapeText(tensor)];
    if (shape !== expectedShape) {
      const Kind = Array.isArray(value) ? RangeError : TypeError;
      throw new Kind(`${where}: ${path} is ${shape}, but must be ${expectedShape}`);
    }
    checkFinite(where, path, value);
  }
}

/** Every number of a tree is finite; otherwise the message names the first tensor that has another. */
export function checkFiniteTensors(where: string, tree: object, at = ""): void {
  for (const [path, tensor] of tensors(tree)) checkFinite(where, path, tensor, at);
}

/** "a vector [2]", "a matrix [2, 3]", or what else came. */
function shapeText(a: Tensor): string {
  if (!Array.isArray(a)) return kind(a);
  if (!isMatrix(a)) return `a vector [${a.length}]`;
  const columns = new Set(a.map((row) => (Array.isArray(row) ? row.length : undefined)));
  return columns.size > 1 ? "a matrix with rows of unequal length" : `a matrix [${a.length}, ${a[0].length}]`;
}
