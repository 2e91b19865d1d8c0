// The parameters of a layer or a network: named tensors in one arena, their gradients in a second one of the
// same order, so that an optimiser or a norm can sweep over all of them at once.

import type { Engine } from "../engine/engine.js";
import { kind } from "../numbers/validation.js";
import type { Nested } from "./nested.js";
import { plainAxes, readNested } from "./nested.js";
import type { Floats, Parameter, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

/** The name and shape of a parameter to be made. */
export interface ParameterShape {
  name: string;
  shape: readonly number[];
  table?: Parameter["table"];
  units?: Parameter["units"];
  ring?: Parameter["ring"];
  initial?: Parameter["initial"];
}

/** A state dict: PyTorch's keys and the values, copies. */
export type StateDict = Record<string, Tensor>;

const joined = new WeakSet<Parameter>();

/** All parameters of a module, one after the other in memory, and all their gradients. */
export interface Arena {
  parameters: Parameter[];
  data: Floats;
  grad: Floats;
}

/** Parameters of zeros in an arena of their own. */
export function allocateParameters(engine: Engine, shapes: readonly ParameterShape[]): Arena {
  const total = shapes.reduce((sum, { shape }) => sum + product(shape), 0);
  const [data, grad] = [engine.allocate(total), engine.allocate(total)];
  let first = 0;
  const parameters = shapes.map((shape) => {
    const range = [first, (first += product(shape.shape))] as const;
    return { ...shape, data: data.subarray(...range), grad: grad.subarray(...range) };
  });
  return { parameters, data, grad };
}

/**
 * Moves the parameters of several parts into one arena. The parts continue to use theirs, which are views
 * into it from now on; a name gets its part's as a prefix, as in "rnn.weight_ih_l0".
 */
export function joinParameters(
  where: string,
  engine: Engine,
  parts: Record<string, readonly Parameter[]>,
): Arena {
  for (const [part, parameters] of Object.entries(parts)) {
    if (parameters.some((parameter) => joined.has(parameter))) {
      throw new Error(
        `${where}: ${part} is part of a network already, but its parameters can be in one only`,
      );
    }
  }
  const own = Object.values(parts).flat();
  const names = Object.entries(parts).flatMap(([part, of]) => of.map(({ name }) => `${part}.${name}`));
  const arena = allocateParameters(
    engine,
    own.map(({ shape, table, units, ring, initial }, index) => ({
      name: names[index],
      shape,
      ...(table && { table }),
      ...(units && { units }),
      ...(ring && { ring }),
      ...(initial !== undefined && { initial }),
    })),
  );
  own.forEach((parameter: { -readonly [K in keyof Parameter]: Parameter[K] }, index) => {
    const { data, grad } = arena.parameters[index];
    data.set(parameter.data);
    grad.set(parameter.grad);
    Object.assign(parameter, { data, grad });
    joined.add(parameter);
  });
  return arena;
}

/** Copies of the values under their names. */
export function stateDictOf(parameters: readonly Pick<Parameter, "name" | "shape" | "data">[]): StateDict {
  return Object.fromEntries(
    parameters.map(({ name, shape, data }) => [name, { shape: [...shape], data: data.slice() }]),
  );
}

/**
 * Takes the values from a state dict of tensors or nested arrays. Nothing is changed unless everything fits.
 *
 * @throws {TypeError} when a key is missing or unknown, or its value is not an array of numbers: it names the
 *   key
 * @throws {RangeError} when a shape does not fit or a number is not finite: it names the key
 */
export function loadParameters(
  where: string,
  parameters: readonly Parameter[],
  stateDict: Record<string, Nested>,
): void {
  if (typeof stateDict !== "object" || stateDict === null) {
    throw new TypeError(`${where}: the state dict is ${kind(stateDict)}, but must be an object`);
  }
  const names = parameters.map(({ name }) => name);
  for (const key of Object.keys(stateDict)) {
    if (!names.includes(key)) {
      const pair = /bias_[ih]h_/.test(key)
        ? " (a layer of biases: 2 has bias_ih and bias_hh, as PyTorch's)"
        : "";
      throw new TypeError(`${where}: key "${key}" is unknown, but must be one of ${names.join(", ")}${pair}`);
    }
  }
  const values = parameters.map(({ name, shape, data }) => {
    if (!(name in stateDict)) throw new TypeError(`${where}: key "${name}" is missing, but must be given`);
    return readNested(where, name, stateDict[name], plainAxes(shape), data.slice());
  });
  parameters.forEach(({ data }, index) => {
    data.set(values[index]);
  });
}
