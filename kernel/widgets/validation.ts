// What a widget's attribute can be, by its published model; a wrong value is named before a browser meets it.
import { inspect } from "node:util";
import { models, type Attribute, type ModelName } from "./models.js";

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

/** @throws TypeError if the model has no such attribute, or `value` is none of its values */
export function checkAttribute(model: ModelName, name: string, value: unknown): void {
  const attribute = (models[model] as Record<string, Attribute | undefined>)[name];
  if (!attribute) {
    const known = Object.keys(models[model]).filter((key) => !key.startsWith("_"));
    throw new TypeError(`${model}: it has no attribute "${name}"; it has ${known.join(", ")}`);
  }
  if (!fits(attribute, value)) {
    throw new TypeError(
      `${model}: ${name} is ${inspect(value, { depth: 0 })}, but ${expectation(attribute)} was expected`,
    );
  }
}

/**
 * A number, or each of a pair, lies between `min` and `max` where the model has them. A logarithmic slider's bounds are
 * exponents of its base.
 * @throws RangeError if not
 */
export function checkRange(model: ModelName, state: Record<string, unknown>): void {
  const { min, max, base, value } = state;
  if (typeof min !== "number" || typeof max !== "number") return;
  if (min > max) throw new RangeError(`${model}: min is ${min}, but max is ${max}`);
  const bound = (exponent: number) => (typeof base === "number" ? base ** exponent : exponent);
  const rounding = 1e-9 * Math.abs(bound(max) - bound(min));
  for (const number of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (typeof number !== "number") continue;
    if (number < bound(min) - rounding || number > bound(max) + rounding) {
      throw new RangeError(`${model}: value is ${number}, but it must lie in ${bound(min)} … ${bound(max)}`);
    }
  }
}
