// Checks of what a caller passes in. Every message names the function, the argument, what came and what was
// expected, so that a wrong shape or the first NaN is found where it entered and not ten steps later. As in
// JavaScript itself, what is of a wrong kind is a TypeError, and what is out of its range a RangeError. An
// object that is not in the state for a call throws a plain Error.

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
  if (!Array.isArray(v)) throw new TypeError(`${where}: ${name} is ${kind(v)}${at}, but must be a vector`);
  if (v.length === 0) throw new RangeError(`${where}: ${name} is empty${at}, but must be a vector`);
  if (size !== undefined && v.length !== size) {
    throw new RangeError(`${where}: ${name} has ${v.length} elements${at}, but ${sizeName} ${size}`);
  }
  checkFinite(where, name, v, at);
}

/** Every element is a finite number; otherwise the message names the tensor and where it first failed. */
export function checkFinite(where: string, name: string, a: Tensor, at = ""): void {
  for (const element of a) {
    if (Array.isArray(element)) checkFinite(where, name, element, at);
    else if (typeof element !== "number") {
      throw new TypeError(`${where}: ${name} contains ${shown(element)}${at}, but must contain numbers`);
    } else if (!Number.isFinite(element)) {
      throw new RangeError(`${where}: ${name} contains ${element}${at}, but must be finite`);
    }
  }
}

/** A sequence x: T ≥ 1 vectors of `inputSize` finite numbers. */
export function checkSequence(where: string, x: Matrix, inputSize: number): void {
  if (!Array.isArray(x)) throw new TypeError(`${where}: x is ${kind(x)}, but must be an array of T vectors`);
  if (x.length === 0) throw new RangeError(`${where}: x has no time steps, but needs at least one`);
  x.forEach((features, index) => {
    const at = ` at t = ${index + 1}`;
    if (!Array.isArray(features))
      throw new TypeError(`${where}: x is ${kind(features)}${at}, but must be a vector`);
    if (features.length !== inputSize) {
      throw new RangeError(`${where}: x has ${features.length} features${at}, but inputSize is ${inputSize}`);
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
  if (!Array.isArray(local)) throw new TypeError(`${where}: ${name} is ${kind(local)}, but must be an array`);
  if (local.length !== steps) {
    throw new RangeError(`${where}: ${name} has ${local.length} steps, but the tape has ${steps}`);
  }
  local.forEach((d, index) => {
    if (d !== null) checkVector(where, name, d, hiddenSize, "hiddenSize is", ` at t = ${index + 1}`);
  });
}

/** An options object that holds no key but the allowed ones. */
export function checkOptions(where: string, options: unknown, allowed: readonly string[]): void {
  if (!isRecord(options)) {
    throw new TypeError(`${where}: the options are ${kind(options)}, but must be an object`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new TypeError(`${where}: option "${key}" is unknown, but must be one of ${allowed.join(", ")}`);
    }
  }
}

/** A size such as hiddenSize: an integer of at least 1. */
export function checkSize(where: string, name: string, size: unknown): void {
  if (!(isInteger(size) && size >= 1)) throw misfit(where, name, size, "a positive integer");
}

/** A count such as patience: an integer of at least 0. */
export function checkCount(where: string, name: string, count: unknown): void {
  if (!(isInteger(count) && count >= 0)) throw misfit(where, name, count, "an integer of at least 0");
}

/** A seed: any integer. */
export function checkSeed(where: string, seed: unknown): void {
  if (!Number.isSafeInteger(seed)) throw misfit(where, "seed", seed, "an integer");
}

/** A finite number above 0. */
export function checkPositive(where: string, name: string, value: unknown): void {
  if (!(isFiniteNumber(value) && value > 0)) throw misfit(where, name, value, "a positive number");
}

/** A finite number of at least 0. */
export function checkNotNegative(where: string, name: string, value: unknown): void {
  if (!(isFiniteNumber(value) && value >= 0)) throw misfit(where, name, value, "a number of at least 0");
}

/** true or false. */
export function checkFlag(where: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") throw misfit(where, name, value, "true or false", "boolean");
}

/** One of a few texts. */
export function checkChoice(where: string, name: string, value: unknown, choices: readonly string[]): void {
  if (typeof value === "string" && choices.includes(value)) return;
  const quoted = choices.map((choice) => JSON.stringify(choice));
  const last = quoted.pop()!;
  const all = quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
  throw misfit(where, name, value, all, "string");
}

/** Of two arguments that exclude each other one is given; or neither, where neither is needed. */
export function checkEither(where: string, pair: Record<string, unknown>, isNeeded = true): void {
  const given = Object.values(pair).filter((value) => value !== undefined).length;
  if (given === 1 || (given === 0 && !isNeeded)) return;
  const came = given === 0 ? "undefined" : "given";
  const most = isNeeded ? "exactly one must be given" : "at most one may be given";
  throw new TypeError(`${where}: ${Object.keys(pair).join(" and ")} are both ${came}, but ${most}`);
}

/**
 * The error about a value that does not fit, "where: name is Y, but must be Z": a RangeError where it is of
 * the type that is wanted, a TypeError where it is of another.
 */
export function misfit(
  where: string,
  name: string,
  value: unknown,
  mustBe: string,
  type: "number" | "string" | "boolean" = "number",
): TypeError | RangeError {
  const message = `${where}: ${name} is ${shown(value)}, but must be ${mustBe}`;
  return typeof value === type ? new RangeError(message) : new TypeError(message);
}

/** An error with a longer message: of the same kind, and with the first one as its cause. */
export function retold(error: Error, message: string): Error {
  const Kind = [TypeError, RangeError].find((kind) => error instanceof kind) ?? Error;
  return new Kind(message, { cause: error });
}

/** An object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** "a number", "undefined", …: what came, for a message. */
export function kind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * A number or text as it would be written, `"16"` in quotes, and the kind of everything else: what came, for
 * a message.
 */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kind(value);
}

const isInteger = (value: unknown): value is number => Number.isInteger(value);
export const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
