// The initial weights of a network in flat memory: PyTorch's names say how each parameter is drawn.

import type { Initializer, MatrixInitializer } from "../numbers/initializers.js";
import { normalInitializer } from "../numbers/initializers.js";
import { setTable } from "../nn/embedding.js";
import { drawLru } from "../nn/lru_parameters.js";
import type { Floats, Parameter } from "../numbers/tensor.js";
import { randomStream } from "../numbers/random.js";
import { checkEither, checkOptions, checkSeed, kind, misfit } from "../numbers/validation.js";
import { copyNumbers } from "./trainable_network.js";

export interface InitializeOptions {
  /** of everything for which no initialiser is given; any integer, default 0 */
  seed?: number;
  /** W_x of the recurrent layers, each gate's [H, I] by itself */
  inputWeights?: MatrixInitializer;
  /** W_h, each gate's [H, H] by itself */
  recurrentWeights?: MatrixInitializer;
  /** W of the dense layers */
  denseWeights?: MatrixInitializer;
  /** all biases; a number stands for itself */
  biases?: Initializer | number;
  /** b_f of the LSTMs (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015: 1) */
  forgetBias?: number;
  /**
   * T_max > 2, how many steps long something is to be remembered: b_f = log u with u from U(1, T_max − 1) and
   * b_i = −b_f, so that the cells forget at rates of all orders up to 1 / T_max (Tallec and Ollivier 2018).
   * In a GRU, where z keeps, b_z = log u.
   */
  chrono?: number;
}

/**
 * Draws all parameters again. Without options as PyTorch does: recurrent layers from U(−1/√H, 1/√H), dense
 * layers of n inputs from U(−1/√n, 1/√n), embeddings from N(0, 1); an LRU as it does itself, and gains of
 * layer normalisation are 1. The same seed and options give the same weights, whatever was there.
 *
 *     initialize(network.parameters, { recurrentWeights: orthogonalInitializer(), forgetBias: 1 });
 *
 * Where a layer has two biases, `forgetBias` and `chrono` are their sum: the second one is 0 there.
 *
 * @throws {TypeError} for an option that is unknown, of the wrong type, or without a layer to act on; nothing
 *   is changed then
 * @throws {RangeError} for an option out of its range, or a parameter of an unknown name; nothing is changed
 *   then
 */
export function initialize(parameters: readonly Parameter[], options: InitializeOptions = {}): void {
  const given: unknown = parameters;
  if (!Array.isArray(given)) {
    throw new TypeError(
      `initialize: parameters is ${kind(given)}, but must be an array such as network.parameters`,
    );
  }
  const { seed = 0, biases, forgetBias, chrono } = checked(options);
  const roles = parameters.map((parameter) => roleOf(parameter, parameters));
  for (const [name, given, gates] of [
    ["forgetBias", forgetBias, [4]],
    ["chrono", chrono, [3, 4]],
  ] as const) {
    if (given !== undefined && !roles.some((role) => role.readsState && gates.some((G) => G === role.G))) {
      throw new TypeError(`initialize: ${name} is given, but there is no layer with such a gate`);
    }
  }
  parameters.forEach((parameter, index) => {
    const { data, shape, table, ring, initial } = parameter;
    const { role, fanIn, G } = roles[index];
    const random = randomStream(seed, index);
    const isMatrix = role !== "bias" && role !== "embedding" && role !== "own";
    const given = isMatrix ? options[role] : undefined;
    if (given !== undefined) setByGate(data, given, G, shape);
    else if (role === "bias" && typeof biases === "number") data.fill(biases);
    else if (role === "bias" && typeof biases === "object")
      copyNumbers("initialize: biases", biases.vector(data.length), data);
    else if (ring !== undefined) drawLru(parameter, random);
    else if (role === "embedding")
      setTable(data, shape, normalInitializer({ seed: random.below(2 ** 32) }), table);
    else if (initial !== undefined) data.fill(initial);
    else {
      const bound = 1 / Math.sqrt(fanIn);
      for (let k = 0; k < data.length; k++) data[k] = bound * (2 * random.uniform() - 1);
    }
  });
  if (forgetBias === undefined && chrono === undefined) return;
  parameters.forEach(({ data, name }, index) => {
    const { readsState, role, G } = roles[index];
    if (!readsState || role !== "bias" || G < 3 || (forgetBias !== undefined && G !== 4)) return;
    const H = data.length / G;
    const [first, keeps] = [data.subarray(0, H), data.subarray(H, 2 * H)]; // i and f, or r and z
    const second = name.includes("bias_hh_");
    const random = randomStream(seed, index, 1);
    for (let j = 0; j < H; j++) {
      const logTime = chrono === undefined ? 0 : Math.log(1 + random.uniform() * (chrono - 2));
      keeps[j] = second ? 0 : (forgetBias ?? logTime);
      if (chrono !== undefined && G === 4) first[j] = second ? 0 : -logTime;
    }
  });
}

interface Role {
  role: "inputWeights" | "recurrentWeights" | "own" | "denseWeights" | "bias" | "embedding";
  /** of a recurrent layer whose gates read h: three of them are a GRU's, four an LSTM's */
  readsState: boolean;
  /** blocks of rows, one a gate; after them there may be single rows */
  G: number;
  /** what PyTorch's bound is made of: H of a recurrent layer, the inputs of a dense one */
  fanIn: number;
}

function roleOf({ name, shape, table }: Parameter, all: readonly Parameter[]): Role {
  const [, prefix, part, end] =
    /^(.*?)(weight_[ich]h|weight_hr|lambda|gain_[ich]h|bias_[ich]h|bias_hn|bias)(_l\d.*)$/.exec(name) ?? [];
  const recurrent = all.find((other) => other.name === `${prefix}weight_hh${end}`);
  const inputs = all.find((other) => other.name === `${prefix}weight_ih${end}`);
  const projected = all.find((other) => other.name === `${prefix}weight_hr${end}`);
  const H = (projected ?? recurrent)?.shape[1] ?? inputs?.units;
  if (H !== undefined) {
    if (part === "bias_ch") return { role: "bias", readsState: false, G: 1, fanIn: H };
    if (part === "weight_ch" || part === "weight_hr" || part === "lambda" || part.startsWith("gain"))
      return { role: "own", readsState: false, G: 3, fanIn: H };
    const role = part === "weight_ih" ? "inputWeights" : part === "weight_hh" ? "recurrentWeights" : "bias";
    return { role, readsState: recurrent !== undefined, G: Math.floor(shape[0] / H), fanIn: H };
  }
  if (table !== undefined) return { role: "embedding", readsState: false, G: 1, fanIn: shape[1] };
  if (/(^|\.)weight$/.test(name)) return { role: "denseWeights", readsState: false, G: 1, fanIn: shape[1] };
  const weight = all.find((other) => other.name === name.replace(/bias$/, "weight") && other.name !== name);
  if (weight !== undefined) return { role: "bias", readsState: false, G: 1, fanIn: weight.shape[1] };
  throw new RangeError(
    `initialize: a parameter's name is "${name}", but must be one such as weight_hh_l0, bias_l0, head.weight, embedding.weight`,
  );
}

/** Draws G blocks, and each row after them by itself. */
function setByGate(
  data: Floats,
  given: MatrixInitializer,
  G: number,
  [rows, columns]: readonly number[],
): void {
  const height = Math.floor(rows / G);
  for (let row = 0; row < rows;) {
    const count = row < G * height ? height : 1;
    const into = data.subarray(row * columns, (row += count) * columns);
    copyNumbers("initialize: a matrix", given.matrix(count, columns), into);
  }
}

function checked(options: InitializeOptions): InitializeOptions {
  const matrices = ["inputWeights", "recurrentWeights", "denseWeights"] as const;
  checkOptions("initialize", options, [...matrices, "seed", "biases", "forgetBias", "chrono"]);
  const { seed = 0, biases, forgetBias, chrono } = options;
  checkSeed("initialize", seed);
  for (const name of matrices) {
    const given = options[name] as Partial<MatrixInitializer> | undefined;
    if (given === undefined || typeof given.matrix === "function") continue;
    throw new TypeError(
      `initialize: ${name} is ${kind(given)}, but must be an initialiser such as orthogonalInitializer()`,
    );
  }
  const vector = (biases as Partial<Initializer> | undefined)?.vector;
  if (biases !== undefined && !Number.isFinite(biases) && typeof vector !== "function") {
    throw misfit("initialize", "biases", biases, "a number, or an initialiser such as normalInitializer()");
  }
  checkEither("initialize", { forgetBias, chrono }, false);
  if (forgetBias !== undefined && !Number.isFinite(forgetBias)) {
    throw misfit("initialize", "forgetBias", forgetBias, "a number");
  }
  if (chrono !== undefined && !(chrono > 2 && Number.isFinite(chrono))) {
    throw misfit("initialize", "chrono", chrono, "a number greater than 2");
  }
  return options;
}
