// Everything that training carries on from update to update, as JSON: what it takes to continue exactly where
// it stopped.

import type { DType, Parameter } from "../numbers/tensor.js";
import { kind, shown } from "../numbers/validation.js";
import type { NetworkState } from "./trainable_network.js";

/** All that an optimizer carries on; JSON keeps every bit of it. */
export interface OptimizerState {
  rule: string;
  updates: number;
  slots: Record<string, number[][]>;
}

/** JSON keeps every bit of it. Batches and random numbers follow from the seed and the number of updates. */
export interface Checkpoint {
  format: "unrolled-checkpoint-1";
  /** how many updates were made */
  updates: number;
  /** what the order of the data follows from; training must be resumed with the same */
  data: {
    seed: number;
    batchSize: number;
    samples: number | null;
    updatesPerEpoch: number;
    /** only where samples are not shuffled */
    shuffle?: false;
  };
  /** of the parameters: in the other one the same numbers would continue differently */
  dtype: DType;
  parameters: Record<string, number[]>;
  optimizer: OptimizerState;
  schedule: Record<string, number>;
  network: NetworkState;
  /**
   * the best validation loss, how many epochs ago it was and, with `restoreBest`, the weights of that time
   */
  best: { loss: number; epochsAgo: number; parameters?: Record<string, number[]> } | null;
  /** the mean loss of the epoch that was not finished yet */
  epochLosses: number[];
}

/** The values of parameters by name. */
export function parameterValues(parameters: readonly Parameter[]): Checkpoint["parameters"] {
  return Object.fromEntries(parameters.map(({ name, data }) => [name, [...data]]));
}

/** The precision of parameters. */
export const dtypeOf = (parameters: readonly Parameter[]): DType =>
  parameters.some(({ data }) => data instanceof Float32Array) ? "float32" : "float64";

/**
 * Checks that a checkpoint is one, and of this network and data.
 *
 * @throws {TypeError} when it is not a checkpoint
 * @throws {RangeError} that names what differs
 */
export function checkCheckpoint(
  where: string,
  given: Checkpoint,
  parameters: readonly Parameter[],
  data: Checkpoint["data"],
): void {
  if ((given as Partial<Checkpoint> | null)?.format !== "unrolled-checkpoint-1") {
    const came =
      typeof given === "string"
        ? "a string: JSON.parse makes the object of it"
        : `${kind(given)} without that format`;
    throw new TypeError(`${where}: from is ${came}, but must be what checkpoint() returned`);
  }
  for (const key of ["data", "parameters", "optimizer", "schedule", "network"] as const) {
    if (typeof given[key] !== "object" || (given[key] as object | null) === null) {
      throw new TypeError(`${where}: from.${key} is ${kind(given[key])}, but must be an object`);
    }
  }
  if (!Array.isArray(given.epochLosses)) {
    throw new TypeError(`${where}: from.epochLosses is ${kind(given.epochLosses)}, but must be an array`);
  }
  checkAllFinite(where, "from.updates", [given.updates]);
  checkAllFinite(where, "from.epochLosses", given.epochLosses);
  for (const key of Object.keys({ ...given.data, ...data }) as (keyof typeof data)[]) {
    if (given.data[key] !== data[key]) {
      throw new RangeError(
        `${where}: the checkpoint has ${key} ${String(given.data[key])}, but here it is ${String(data[key])}`,
      );
    }
  }
  const dtype = dtypeOf(parameters);
  if (given.dtype !== dtype) {
    throw new RangeError(
      `${where}: the checkpoint is in ${String(given.dtype)}, but the network in ${dtype}`,
    );
  }
  const names = parameters.map(({ name }) => name);
  const unknown = Object.keys(given.parameters).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `${where}: parameter "${unknown}" of the checkpoint is unknown, but must be one of ${names.join(", ")}`,
    );
  }
  for (const stored of [given.parameters, given.best?.parameters]) {
    if (stored === undefined) continue;
    for (const { name, data: values } of parameters) {
      const count = stored[name]?.length ?? 0;
      if (count !== values.length) {
        throw new RangeError(
          `${where}: ${name} has ${count} numbers in the checkpoint, but ${values.length} in the network`,
        );
      }
      checkAllFinite(where, name, stored[name]);
    }
  }
}

/** JSON has no NaN or infinity: a checkpoint of such weights has null in their place. */
export function checkAllFinite(where: string, name: string, values: readonly unknown[]): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const value = values[wrong];
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(
    `${where}: ${name} contains ${shown(value)} in the checkpoint, but must contain finite numbers`,
  );
}
