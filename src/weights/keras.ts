// Keras' and TensorFlow.js's layouts, to and from PyTorch's keys. Theirs multiply from the right, x W, so
// matrices are transposed: kernel [I, G·H], recurrent_kernel [H, G·H]. Gates: i, f, c, o of an LSTM, as
// PyTorch's i, f, g, o; but z, r, h of a GRU, where PyTorch has r, z, n. A GRU with reset_after has two
// biases, [2, 3H]; everything else has one. Source: keras.layers.LSTM, GRU, SimpleRNN, Dense, Embedding;
// tf.layers of TensorFlow.js.

import type { Tensor } from "../numbers/tensor.js";
import { checkChoice, checkCount, checkOptions, kind as typeOf } from "../numbers/validation.js";
import { checkTensorRecord } from "./elements.js";
import { reorder, transpose } from "./layouts.js";
import { oneBias, twoBiases } from "./torch.js";

const recurrentKinds = ["rnn", "lstm", "gru"] as const;
const kinds = [...recurrentKinds, "dense", "embedding"] as const;
type RecurrentKind = (typeof recurrentKinds)[number];

/** A layer of Keras; "rnn" is SimpleRNN. */
export type KerasLayer = (typeof kinds)[number];

/** Which block of Keras' is PyTorch's k-th, and the other way round. */
const gateOrders: Record<RecurrentKind, readonly number[]> = {
  rnn: [0],
  lstm: [0, 1, 2, 3],
  gru: [1, 0, 2],
};

/**
 * The weights of one layer of Keras or TensorFlow.js under PyTorch's keys, as `loadStateDict` takes them. A
 * single bias becomes `bias_l0`; the two of a GRU with reset_after become `bias_ih_l0` and `bias_hh_l0`, see
 * {@link oneBias}. Weights do not say which activations they are for: a layer with others than tanh and the
 * sigmoid, such as TensorFlow.js's default recurrentActivation "hardSigmoid", computes something else here.
 *
 * @param weights in the order of the layer's `getWeights()`, as {@link readKeras} has them: kernel,
 *   recurrent_kernel and bias, if there is one; of a Bidirectional those forward and then those backward; of
 *   a Dense kernel and bias; of an Embedding its matrix
 * @param options layer: which of a stack's layers it becomes, default 0
 * @throws {TypeError} for an unknown option, or what is not a tensor
 * @throws {RangeError} for an unknown kind, or when the number of weights or a shape does not fit
 */
export function fromKeras(
  kind: KerasLayer,
  weights: readonly Tensor[],
  options: { layer?: number } = {},
): Record<string, Tensor> {
  const where = checkKind("fromKeras", kind);
  checkWeights(where, weights);
  checkOptions(where, options, ["layer"]);
  const { layer = 0 } = options;
  checkCount(where, "layer", layer);
  switch (kind) {
    case "embedding":
      checkLength(where, weights, [1], "1, the matrix");
      checkShape(where, "embeddings", weights[0], [null, null], "[V, E]");
      return { weight: copy(weights[0]) };
    case "dense": {
      checkLength(where, weights, [1, 2], "kernel and bias, if there is one");
      const [kernel, bias] = weights;
      checkShape(where, "kernel", kernel, [null, null], "[I, O]");
      if (bias === undefined) return { weight: transpose(kernel) };
      checkShape(where, "bias", bias, [kernel.shape[1]], "[O]");
      return { weight: transpose(kernel), bias: copy(bias) };
    }
    default: {
      checkLength(
        where,
        weights,
        [2, 3, 4, 6],
        "kernel, recurrent_kernel and bias, if there is one, for each direction",
      );
      if (weights.length < 4) return directionFromKeras(where, kind, weights, `l${layer}`);
      const half = weights.length / 2;
      return {
        ...directionFromKeras(where, kind, weights.slice(0, half), `l${layer}`),
        ...directionFromKeras(where, kind, weights.slice(half), `l${layer}_reverse`),
      };
    }
  }
}

function directionFromKeras(
  where: string,
  kind: RecurrentKind,
  [kernel, recurrent, bias]: readonly Tensor[],
  place: string,
): Record<string, Tensor> {
  const order = gateOrders[kind];
  const H = recurrent.shape[0];
  const rows = order.length * H;
  checkShape(where, "recurrent_kernel", recurrent, [H, rows], `[H, ${order.length}H]`);
  checkShape(where, "kernel", kernel, [null, rows], `[I, ${rows}]`);
  const matrices = {
    [`weight_ih_${place}`]: reorder(transpose(kernel), order),
    [`weight_hh_${place}`]: reorder(transpose(recurrent), order),
  };
  if (bias === undefined) return matrices;
  if (kind === "gru" && bias.shape.length === 2) {
    checkShape(where, "bias", bias, [2, rows], `[2, ${rows}]`);
    const [ih, hh] = [bias.data.subarray(0, rows), bias.data.subarray(rows)];
    return {
      ...matrices,
      [`bias_ih_${place}`]: reorder({ shape: [rows], data: ih }, order),
      [`bias_hh_${place}`]: reorder({ shape: [rows], data: hh }, order),
    };
  }
  checkShape(where, "bias", bias, [rows], kind === "gru" ? `[${rows}] or [2, ${rows}]` : `[${rows}]`);
  return { ...matrices, [`bias_${place}`]: reorder(bias, order) };
}

/**
 * The weights that `setWeights()` of a layer of Keras or TensorFlow.js takes. Two biases are added where
 * theirs is one.
 *
 * @param stateDict PyTorch's keys without a prefix: see {@link partOf}
 * @param options layer: which of a stack's layers it is, default 0; both directions come out if it has two.
 *   resetAfter: whether the bias of a GRU is that of reset_after, [2, 3H]; default true
 * @throws {TypeError} when a key is missing, for an unknown option, what is not a tensor, or a weight that no
 *   layer of Keras has
 * @throws {RangeError} for an unknown kind, or when a shape does not fit
 */
export function toKeras(
  kind: KerasLayer,
  stateDict: Record<string, Tensor>,
  options: { layer?: number; resetAfter?: boolean } = {},
): Tensor[] {
  const where = checkKind("toKeras", kind);
  checkTensorRecord(where, stateDict);
  checkOptions(where, options, ["layer", "resetAfter"]);
  const { layer = 0, resetAfter = true } = options;
  checkCount(where, "layer", layer);
  switch (kind) {
    case "embedding": {
      const weight = get(where, stateDict, "weight");
      checkShape(where, "weight", weight, [null, null], "[V, E]");
      return [copy(weight)];
    }
    case "dense": {
      const weight = get(where, stateDict, "weight");
      checkShape(where, "weight", weight, [null, null], "[O, I]");
      if (!Object.hasOwn(stateDict, "bias")) return [transpose(weight)];
      checkShape(where, "bias", stateDict.bias, [weight.shape[0]], "[O]");
      return [transpose(weight), copy(stateDict.bias)];
    }
    default: {
      const foreign = Object.keys(stateDict).find((key) =>
        /^(weight_ch|weight_hr|gain_\w\w|bias_ch)_/.test(key),
      );
      if (foreign !== undefined) {
        throw new TypeError(`${where}: key "${foreign}" is given, but no layer of Keras has it`);
      }
      const forward = directionToKeras(where, kind, stateDict, `l${layer}`, resetAfter);
      if (!Object.hasOwn(stateDict, `weight_hh_l${layer}_reverse`)) return forward;
      return [...forward, ...directionToKeras(where, kind, stateDict, `l${layer}_reverse`, resetAfter)];
    }
  }
}

function directionToKeras(
  where: string,
  kind: RecurrentKind,
  stateDict: Record<string, Tensor>,
  place: string,
  resetAfter: boolean,
): Tensor[] {
  const order = gateOrders[kind];
  const [ih, hh] = [`weight_ih_${place}`, `weight_hh_${place}`];
  const recurrent = get(where, stateDict, hh);
  const H = recurrent.shape[1];
  const rows = order.length * H;
  checkShape(where, hh, recurrent, [rows, H], `[${order.length}H, H]`);
  const input = get(where, stateDict, ih);
  checkShape(where, ih, input, [rows, null], `[${rows}, I]`);
  const matrices = [transpose(reorder(input, order)), transpose(reorder(recurrent, order))];

  const own = Object.fromEntries(
    [hh, ...["bias", "bias_hn", "bias_ih", "bias_hh"].map((key) => `${key}_${place}`)]
      .filter((key) => Object.hasOwn(stateDict, key))
      .map((key) => [key, stateDict[key]]),
  );
  if (Object.keys(own).length === 1) return matrices;
  const bias = (of: Record<string, Tensor>, key: string): Tensor => {
    const vector = get(where, of, `${key}_${place}`);
    checkShape(where, `${key}_${place}`, vector, [rows], `[${rows}]`);
    return reorder(vector, order);
  };
  if (kind !== "gru" || !resetAfter) {
    if (`bias_hn_${place}` in own) {
      throw new TypeError(
        `${where}: key "bias_hn_${place}" is given, but must not be: only a GRU with resetAfter has it`,
      );
    }
    return [...matrices, bias(oneBias(own, { resetAfter: false }), "bias")];
  }
  if (`bias_${place}` in own) get(where, own, `bias_hn_${place}`);
  const pair = `bias_${place}` in own ? twoBiases(own) : own;
  return [...matrices, stack(bias(pair, "bias_ih"), bias(pair, "bias_hh"))];
}

/** Two vectors as the rows of a matrix. */
function stack(one: Tensor, two: Tensor): Tensor {
  const length = one.data.length;
  const data = one.data instanceof Float64Array ? new Float64Array(2 * length) : new Float32Array(2 * length);
  data.set(one.data);
  data.set(two.data, length);
  return { shape: [2, length], data };
}

function copy({ shape, data }: Tensor): Tensor {
  return { shape: [...shape], data: data.slice() };
}

function get(where: string, stateDict: Record<string, Tensor>, key: string): Tensor {
  if (Object.hasOwn(stateDict, key)) return stateDict[key];
  throw new TypeError(
    `${where}: key "${key}" is missing, but must be one of the keys, ${Object.keys(stateDict).join(", ")}`,
  );
}

function checkKind(where: string, kind: KerasLayer): string {
  checkChoice(where, "kind", kind, kinds);
  return `${where}("${kind}")`;
}

function checkWeights(where: string, weights: unknown): void {
  if (!Array.isArray(weights)) {
    throw new TypeError(`${where}: weights is ${typeOf(weights)}, but must be an array of tensors`);
  }
  const named = weights.map((weight: Tensor, k) => [`weights[${k}]`, weight] as const);
  checkTensorRecord(where, Object.fromEntries(named));
}

function checkLength(where: string, weights: readonly Tensor[], counts: number[], what: string): void {
  if (counts.includes(weights.length)) return;
  throw new RangeError(
    `${where}: weights has ${weights.length} tensors, but must have ${counts.join(", ")}: ${what}`,
  );
}

/** @param expected the extents, null for any */
function checkShape(
  where: string,
  name: string,
  { shape }: Tensor,
  expected: readonly (number | null)[],
  text: string,
): void {
  const fits =
    shape.length === expected.length && expected.every((size, k) => size === null || size === shape[k]);
  if (!fits) throw new RangeError(`${where}: ${name} is [${shape.join(", ")}], but must be ${text}`);
}
