// What a widget's attribute can be, by its published model; a wrong value is named before a browser meets it.

import { inspect } from "node:util";
import type { Attribute, ModelName } from "./models.generated.js";
import { models } from "./models.generated.js";

const isInteger = (value: unknown) => Number.isInteger(value);
const isNumber = (value: unknown) => typeof value === "number" && !Number.isNaN(value);
const isString = (value: unknown) => typeof value === "string";

const kinds: Record<string, { is: (value: unknown) => boolean; name: string }> = {
  int: { is: isInteger, name: "an integer" },
  float: { is: isNumber, name: "a number" },
  bool: { is: (value) => typeof value === "boolean", name: "true or false" },
  string: { is: isString, name: "a string" },
  reference: {
    is: (value) => typeof value === "object" && value !== null && "modelId" in value,
    name: "a widget",
  },
  object: { is: (value) => typeof value === "object" && value !== null, name: "an object" },
};

function expectation({ type, names, items, nullable }: Attribute): string {
  const element = items && kinds[items];
  const what = names
    ? `one of ${names.map((name) => JSON.stringify(name)).join(", ")}`
    : type === "array"
      ? `an array${element ? `, each element ${element.name}` : ""}`
      : (kinds[type]?.name ?? type);
  return nullable ? `${what}, or null` : what;
}

function fits({ type, names, items, nullable }: Attribute, value: unknown): boolean {
  if (value === null) return nullable === true;
  if (names) return names.includes(value as string);
  if (type !== "array") return kinds[type]?.is(value) ?? true;
  return Array.isArray(value) && (!items || value.every((element) => kinds[items]?.is(element) ?? true));
}

/** @throws {TypeError} when the model has no such attribute, or `value` is not one of its values */
export function checkAttribute(model: ModelName, name: string, value: unknown): void {
  const attribute = (models[model] as Record<string, Attribute | undefined>)[name];
  if (!attribute) {
    const known = Object.keys(models[model]).filter((key) => !key.startsWith("_"));
    throw new TypeError(`${model}: the attribute is "${name}", but must be one of ${known.join(", ")}`);
  }
  if (!fits(attribute, value)) {
    throw new TypeError(
      `${model}: ${name} is ${inspect(value, { depth: 0 })}, but must be ${expectation(attribute)}`,
    );
  }
}

/** The bounds of a value, if it has some. A logarithmic slider's are exponents of its base. */
function bounds({ min, max, base }: Record<string, unknown>): [number, number] | undefined {
  if (typeof min !== "number" || typeof max !== "number") return undefined;
  return typeof base === "number" ? [base ** min, base ** max] : [min, max];
}

/**
 * A number, or each of a pair, lies between `min` and `max` where the model has them.
 * @throws {RangeError} when it does not
 */
export function checkRange(model: ModelName, state: Record<string, unknown>): void {
  const range = bounds(state);
  if (!range) return;
  const [low, high] = range;
  if (low > high) {
    throw new RangeError(`${model}: min is ${String(state.min)}, but max is ${String(state.max)}`);
  }
  const rounding = 1e-9 * (high - low);
  for (const value of [state.value].flat()) {
    if (typeof value === "number" && (value < low - rounding || value > high + rounding)) {
      throw new RangeError(`${model}: value is ${value}, but must be from ${low} to ${high}`);
    }
  }
}

/** The value of `state`, or the nearest one within its bounds. */
export function withinRange(state: Record<string, unknown>): unknown {
  const range = bounds(state);
  const clamp = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clamp);
    return range && typeof value === "number" ? Math.max(range[0], Math.min(range[1], value)) : value;
  };
  return clamp(state.value);
}
