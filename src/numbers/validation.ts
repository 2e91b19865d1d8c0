// Checks of what a caller passes in. Every message names the function, the argument, what came and what was
// expected, so that a wrong shape or the first NaN is found where it entered and not ten steps later.

import type { Matrix, Tensor, Vector } from "./linear_algebra.js";

/**
 * A vector of finite numbers, of `size` elements when given.
 *
 * @param sizeName what fixes the size, as in "hiddenSize is"; the message appends the number
 * @param at where in the sequence, as in " at t = 2"
 */
export function checkVector(
  where: string,
  name: string,
  v: Vector,
  size?: number,
  sizeName = "expected",
  at = "",
): void {
  if (!Array.isArray(v)) throw new Error(`${where}: ${name} is ${kind(v)}${at}, but must be a vector`);
  if (v.length === 0) throw new Error(`${where}: ${name} is empty${at}, but must be a vector`);
  if (size !== undefined && v.length !== size) {
    throw new Error(`${where}: ${name} has ${v.length} elements${at}, but ${sizeName} ${size}`);
  }
  checkFinite(where, name, v, at);
}

/** Every element is a finite number; otherwise the message names the tensor and where it first failed. */
export function checkFinite(where: string, name: string, a: Tensor, at = ""): void {
  for (const element of a) {
    if (Array.isArray(element)) checkFinite(where, name, element, at);
    else if (typeof element !== "number") {
      throw new Error(`${where}: ${name} contains ${shown(element)}${at}, but must contain numbers`);
    } else if (!Number.isFinite(element)) {
      throw new Error(`${where}: ${name} contains ${element}${at}, but must be finite`);
    }
  }
}

/** A sequence x: T ≥ 1 vectors of `inputSize` finite numbers. */
export function checkSequence(where: string, x: Matrix, inputSize: number): void {
  if (!Array.isArray(x)) throw new Error(`${where}: x is ${kind(x)}, but must be an array of T vectors`);
  if (x.length === 0) throw new Error(`${where}: x has no time steps, but needs at least one`);
  x.forEach((features, index) => {
    const at = ` at t = ${index + 1}`;
    if (!Array.isArray(features))
      throw new Error(`${where}: x is ${kind(features)}${at}, but must be a vector`);
    if (features.length !== inputSize) {
      throw new Error(`${where}: x has ${features.length} features${at}, but inputSize is ${inputSize}`);
    }
    checkFinite(where, "x", features, at);
  });
}

/** One local gradient a step: null, or a vector of `hiddenSize` finite numbers. */
export function checkLocalGradients(
  where: string,
  name: string,
  local: (Vector | null)[],
  steps: number,
  hiddenSize: number,
): void {
  if (!Array.isArray(local)) throw new Error(`${where}: ${name} is ${kind(local)}, but must be an array`);
  if (local.length !== steps) {
    throw new Error(`${where}: ${name} has ${local.length} steps, but the tape has ${steps}`);
  }
  local.forEach((d, index) => {
    if (d !== null) checkVector(where, name, d, hiddenSize, "hiddenSize is", ` at t = ${index + 1}`);
  });
}

/** An options object that holds no key but the allowed ones. */
export function checkOptions(where: string, options: object, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new Error(`${where}: the options are ${kind(options)}, but must be an object`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new Error(`${where}: unknown option "${key}"; the options are ${allowed.join(", ")}`);
    }
  }
}

/** A size such as hiddenSize: an integer of at least 1. */
export function checkSize(where: string, name: string, size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new Error(`${where}: ${name} is ${shown(size)}, but must be a positive integer`);
  }
}

/** "a number", "undefined", …: what came, for a message. */
export function kind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * A number or text as it would be written, `"16"` in quotes, and of everything else its kind: what came, for
 * a message.
 */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kind(value);
}

/** A seed: any integer. */
export function checkSeed(where: string, seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new Error(`${where}: seed is ${shown(seed)}, but must be an integer`);
}
