// The weights of the slides' networks, RNN, LSTM, Dense and the models made of them, under the same keys as
// everything else, so that they can be written to a file, trained elsewhere, or come from there.

import { Dense } from "../slides/dense.js";
import { cellParameters, LSTM } from "../slides/layers/lstm.js";
import { RNN } from "../slides/layers/rnn.js";
import type { PackedStateDict } from "../slides/layers/state_dict.js";
import { packGates } from "../slides/layers/state_dict.js";
import type { Matrix, Vector } from "../numbers/linear_algebra.js";
import type { Tensor } from "../numbers/tensor.js";
import { tensor, toNested } from "../numbers/tensor.js";
import { kind } from "../numbers/validation.js";
import { checkTensorRecord } from "./elements.js";
import { oneBias, partOf } from "./torch.js";

/** A network of the slides, or a part of one. */
export type SlidesPart = RNN | LSTM<boolean> | Dense | { layer: RNN | LSTM<boolean>; head: Dense };

/**
 * The weights in float64: `weight_ih_l0`, `weight_hh_l0` and `bias_l0` of a layer, the LSTM's gates in
 * PyTorch's order i, f, g, o; `weight` and `bias` of a Dense; of a model the layer's behind "rnn." and the
 * head's behind "head.". Tied gates are written out: each of the four has a copy.
 *
 * @throws {TypeError} for anything else
 */
export function exportWeights(part: SlidesPart): Record<string, Tensor> {
  if (part instanceof Dense) {
    const { weight, bias } = part.stateDict();
    return { weight: tensor(weight), bias: tensor(bias) };
  }
  if (part instanceof RNN || part instanceof LSTM) {
    const stateDict =
      part instanceof RNN ? part.stateDict() : packGates<false>(cellParameters(part.parameters));
    return Object.fromEntries(
      Object.entries(stateDict).map(([key, value]: [string, Matrix | Vector]) => [key, tensor(value)]),
    );
  }
  checkModel("exportWeights", part);
  return { ...behind("rnn.", exportWeights(part.layer)), ...behind("head.", exportWeights(part.head)) };
}

/**
 * Gives a network of the slides the weights of a state dict with the keys of {@link exportWeights}, or with
 * PyTorch's two biases, which are added. Nothing is changed unless everything fits.
 *
 * @throws {TypeError} when a key is missing or unknown
 * @throws {RangeError} when a shape does not fit, or the gates of an LSTM with tied gates differ
 */
export function importWeights(part: SlidesPart, stateDict: Record<string, Tensor>): void {
  const where = "importWeights";
  checkTensorRecord(where, stateDict);
  if (part instanceof Dense) {
    const { weight, bias } = taken(where, stateDict, ["weight", "bias"]);
    part.loadStateDict({ weight: weight as Matrix, bias: bias as Vector });
    return;
  }
  if (part instanceof RNN || part instanceof LSTM) {
    const keys = ["weight_ih_l0", "weight_hh_l0", "bias_l0"];
    const packed = taken(where, oneBias(stateDict), keys) as unknown as PackedStateDict;
    if (part instanceof LSTM && part.tiedGates) {
      (part as LSTM<true>).loadStateDict({
        weight_x: shared(where, "weight_ih_l0", packed.weight_ih_l0, part.hiddenSize),
        weight_h: shared(where, "weight_hh_l0", packed.weight_hh_l0, part.hiddenSize),
        bias: shared(where, "the bias", packed.bias_l0, part.hiddenSize),
      });
    } else part.loadStateDict(packed);
    return;
  }
  checkModel(where, part);
  const unknown = Object.keys(stateDict).find((key) => !/^(rnn|head)\./.test(key));
  if (unknown !== undefined) {
    throw new TypeError(`${where}: key "${unknown}" is unknown, but must begin with "rnn." or "head."`);
  }
  const before = exportWeights(part.layer);
  importWeights(part.layer, partOf(stateDict, "rnn."));
  try {
    importWeights(part.head, partOf(stateDict, "head."));
  } catch (error) {
    importWeights(part.layer, before);
    throw error;
  }
}

/** The first of four equal blocks of H rows. */
function shared<T extends Vector | Matrix>(where: string, key: string, rows: T, H: number): T {
  const differs = rows.findIndex((row, k) => k >= H && String(row) !== String(rows[k % H]));
  if (differs >= 0) {
    throw new RangeError(
      `${where}: row ${differs} of ${key} differs from row ${differs % H}, but tiedGates needs equal gates`,
    );
  }
  if (rows.length !== 4 * H) {
    throw new RangeError(`${where}: ${key} has ${rows.length} rows, but must have 4 · hiddenSize = ${4 * H}`);
  }
  return rows.slice(0, H) as T;
}

/** The values of these keys, which must be all. */
function taken<Key extends string>(
  where: string,
  stateDict: Record<string, Tensor>,
  keys: readonly Key[],
): Record<Key, Vector | Matrix> {
  for (const key of Object.keys(stateDict)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw new TypeError(`${where}: key "${key}" is unknown, but must be one of ${keys.join(", ")}`);
    }
  }
  const values = keys.map((key) => {
    if (!Object.hasOwn(stateDict, key))
      throw new TypeError(`${where}: key "${key}" is missing, but must be given`);
    return [key, toNested(stateDict[key])];
  });
  return Object.fromEntries(values) as Record<Key, Vector | Matrix>;
}

function behind(prefix: string, stateDict: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(stateDict).map(([key, value]) => [prefix + key, value]));
}

function checkModel(where: string, part: unknown): void {
  const { layer, head } = (part ?? {}) as { layer?: unknown; head?: unknown };
  if (!(layer instanceof RNN || layer instanceof LSTM) || !(head instanceof Dense)) {
    throw new TypeError(
      `${where}: the network is ${kind(part)}, but must be an RNN, LSTM or Dense, or a model of them`,
    );
  }
}
