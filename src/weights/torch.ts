// PyTorch's recurrent layers add two biases, b_ih and b_hh; one is enough, as on the slides. These functions
// convert one to the other, under the keys of the layers here: `bias_l0`, and `bias_hn_l0` for the one of a
// GRU that stands inside r ⊙ (·).

import type { Tensor } from "../numbers/tensor.js";
import { checkOptions } from "../numbers/validation.js";
import { checkTensorRecord } from "./elements.js";

const pairKey = /^((?:.*\.)?)bias_(ih|hh)_(l\d+(?:_reverse)?)$/;
const singleKey = /^((?:.*\.)?)bias_(l\d+(?:_reverse)?)$/;

/**
 * Part of a state dict: the tensors whose keys begin with `prefix`, under what follows it.
 *
 * @throws {RangeError} when there are none
 */
export function partOf(stateDict: Record<string, Tensor>, prefix: string): Record<string, Tensor> {
  const part = Object.entries(stateDict).filter(([key]) => key.startsWith(prefix));
  if (part.length === 0) {
    throw new RangeError(
      `partOf: prefix is "${prefix}", but must begin one of the keys, ${Object.keys(stateDict).join(", ")}`,
    );
  }
  return Object.fromEntries(part.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
}

/**
 * b = b_ih + b_hh for every pair of biases; everything else stays as it is. In a GRU, r's and z's are added,
 * while n's two remain: b_n, and b_hn in n = tanh(W_xn x + b_n + r ⊙ (W_hn h + b_hn)), PyTorch's
 * torch.nn.GRU.
 *
 * @param options resetAfter: false for a GRU that resets before the product with W_h, where all are added;
 * default true
 * @throws {TypeError} when a pair or its weight_hh is incomplete
 * @throws {RangeError} when shapes do not fit
 */
export function oneBias(
  stateDict: Record<string, Tensor>,
  options: { resetAfter?: boolean } = {},
): Record<string, Tensor> {
  const where = "oneBias";
  checkTensorRecord(where, stateDict);
  checkOptions(where, options, ["resetAfter"]);
  const { resetAfter = true } = options;
  return Object.fromEntries(
    Object.entries(stateDict).flatMap(([key, tensor]): [string, Tensor][] => {
      const [, prefix, side, place] = pairKey.exec(key) ?? [];
      if (side === undefined) return [[key, tensor]];
      const { rows, H } = sizeOf(where, stateDict, prefix, place);
      const other = key.replace(/_(ih|hh)_/, side === "ih" ? "_hh_" : "_ih_");
      if (!Object.hasOwn(stateDict, other))
        throw new TypeError(`${where}: key "${other}" is missing, but must be given with "${key}"`);
      checkVector(where, key, tensor, rows);
      checkVector(where, other, stateDict[other], rows);
      if (side === "hh") return [];
      const hidden = stateDict[other].data;
      const data = tensor.data.slice();
      const added = rows === 3 * H && resetAfter ? 2 * H : rows;
      for (let k = 0; k < added; k++) data[k] += hidden[k];
      const sum: [string, Tensor] = [`${prefix}bias_${place}`, { shape: [rows], data }];
      if (added === rows) return [sum];
      return [sum, [`${prefix}bias_hn_${place}`, { shape: [H], data: hidden.slice(2 * H) }]];
    }),
  );
}

/**
 * PyTorch's two biases for every single one: b_ih = b and b_hh = 0, except b_hn in n's part of a GRU's b_hh.
 * Everything else stays as it is.
 *
 * @throws {TypeError} when a bias has no weight_hh
 * @throws {RangeError} when shapes do not fit
 */
export function twoBiases(stateDict: Record<string, Tensor>): Record<string, Tensor> {
  const where = "twoBiases";
  checkTensorRecord(where, stateDict);
  return Object.fromEntries(
    Object.entries(stateDict).flatMap(([key, tensor]): [string, Tensor][] => {
      if (/(^|\.)bias_hn_l\d+(_reverse)?$/.test(key)) return [];
      const [, prefix, place] = singleKey.exec(key) ?? [];
      if (place === undefined) return [[key, tensor]];
      const { rows, H } = sizeOf(where, stateDict, prefix, place);
      checkVector(where, key, tensor, rows);
      const data = tensor.data.slice().fill(0);
      const inside = `${prefix}bias_hn_${place}`;
      if (Object.hasOwn(stateDict, inside)) {
        checkVector(where, inside, stateDict[inside], H);
        data.set(stateDict[inside].data, 2 * H);
      }
      return [
        [`${prefix}bias_ih_${place}`, { shape: [rows], data: tensor.data.slice() }],
        [`${prefix}bias_hh_${place}`, { shape: [rows], data }],
      ];
    }),
  );
}

/** G·H rows and H of a layer, by its weight_hh, or its weight_hr where h is projected. */
function sizeOf(
  where: string,
  stateDict: Record<string, Tensor>,
  prefix: string,
  place: string,
): { rows: number; H: number } {
  const key = `${prefix}weight_hh_${place}`;
  if (!Object.hasOwn(stateDict, key))
    throw new TypeError(`${where}: key "${key}" is missing, but must be given with its bias`);
  const [rows, columns, ...others] = stateDict[key].shape;
  const projection = `${prefix}weight_hr_${place}`;
  const H = Object.hasOwn(stateDict, projection) ? stateDict[projection].shape[1] : columns;
  if (others.length > 0 || ![H, 3 * H, 4 * H].includes(rows)) {
    const came = stateDict[key].shape.join(", ");
    throw new RangeError(
      `${where}: "${key}" is [${came}], but must be [H, H], [3H, H] of a GRU or [4H, H] of an LSTM`,
    );
  }
  return { rows, H };
}

function checkVector(where: string, key: string, { shape }: Tensor, length: number): void {
  if (shape.length !== 1 || shape[0] !== length) {
    throw new RangeError(`${where}: "${key}" is [${shape.join(", ")}], but must be [${length}] by weight_hh`);
  }
}
