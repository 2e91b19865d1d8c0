// A network as an ONNX file, for ONNX Runtime and what else runs such models. ONNX has W [D, G·H, I], R [D,
// G·H, H] and B [D, 2·G·H] for each layer, D directions in front, and its own orders of gates: i, o, f, c of
// an LSTM and z, r, h of a GRU. Source: https://onnx.ai/onnx/operators, operator set 17.

import { GRU, LSTM, RNN } from "../nn/layers.js";
import { isOfNumbers } from "../nn/losses.js";
import { SequenceNetwork } from "../nn/network.js";
import type { RecurrentModule } from "../nn/recurrent.js";
import { checkNotPatched } from "../nn/recurrent.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";
import { checkFlag, checkOptions, kind } from "../numbers/validation.js";
import { writeElements } from "./elements.js";
import { reorder, transpose } from "./layouts.js";
import type { AttributeValue } from "./onnx_proto_writer.js";
import { constant, message, node, value } from "./onnx_proto_writer.js";
import { twoBiases } from "./torch.js";

export interface OnnxOptions {
  /**
   * whether the model also reads the states to start from, h0 and c0 of an LSTM, and returns hN and cN, to
   * continue from: [numLayers · D, B, H] each; default false, which starts from zeros
   */
  states?: boolean;
  /**
   * whether the model also reads how many steps each sequence has, lengths [B] of int32; what it predicts
   * beyond a sequence's end means nothing; default false, all have T
   */
  lengths?: boolean;
}

const where = "writeOnnx";
/** The first version of ONNX with this operator set: onnx 1.12, of 2022. */
const [irVersion, operatorSet] = [8, 17];

/** Which of PyTorch's blocks is ONNX' k-th. */
const gateOrders: Record<string, readonly number[]> = { RNN: [0], LSTM: [0, 3, 1, 2], GRU: [1, 0, 2] };
/** The same of peepholes: i, o, f there. */
const peepholeOrder = [0, 2, 1];

/**
 * The network as an ONNX model, in float32: ONNX Runtime has no recurrent layer in float64, so weights of
 * float64 are rounded. It reads `x`, [T, B, I] of float32 or with an embedding [T, B] of int64, or [B, T, …]
 * if batchFirst, T and B of any size. It returns `prediction`, what {@link SequenceNetwork.predict} does, and
 * of a classifier its `probabilities` as well, by softmax or σ.
 *
 * @returns the whole file
 * @throws {TypeError} for what is not a SequenceNetwork, an unknown option, or a recurrent module
 *   or a nonlinearity that ONNX does not have
 * @throws {RangeError} when a parameter is not finite in float32
 * @throws {Error} when the network is patched
 */
export function writeOnnx(network: SequenceNetwork, options: OnnxOptions = {}): Uint8Array {
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: network is ${kind(network)}, but must be a SequenceNetwork`);
  }
  checkNotPatched(where, network.rnn);
  checkOptions(where, options, ["states", "lengths"]);
  const { states = false, lengths = false } = options;
  checkFlag(where, "states", states);
  checkFlag(where, "lengths", lengths);
  const operator = operatorOf(network.rnn);
  const graph = new Graph(network);
  graph.readInput(lengths, states);
  graph.addLayers(operator, states);
  graph.addHead();
  return message(
    [1, irVersion],
    [2, "unrolled"],
    [7, graph.message()],
    [8, message([1, ""], [2, operatorSet])],
  );
}

/** The operator of a module's layers. */
function operatorOf(rnn: RecurrentModule): string {
  if (rnn instanceof LSTM) {
    if (rnn.layerNorm) {
      throw new TypeError(`${where}: rnn has layerNorm, but ONNX' LSTM has no layer normalisation`);
    }
    if (rnn.projSize > 0) {
      throw new TypeError(`${where}: rnn has projSize, but ONNX' LSTM has no projections`);
    }
    return "LSTM";
  }
  if (rnn instanceof GRU) return "GRU";
  if (!(rnn instanceof RNN)) {
    throw new TypeError(`${where}: rnn is of class ${rnn.constructor.name}, but ONNX has RNN, LSTM and GRU`);
  }
  if (rnn.nonlinearity === "identity") {
    throw new TypeError(`${where}: rnn.nonlinearity is "identity", but ONNX has "tanh" and "relu"`);
  }
  return "RNN";
}

/** The graph as it grows, from the input to the head. */
class Graph {
  readonly #network: SequenceNetwork;
  readonly #weights: Record<string, Tensor>;
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];
  /** the name of what the next node reads */
  #last = "x";
  /** of lengths, if they are read */
  #lengths = "";

  constructor(network: SequenceNetwork) {
    this.#network = network;
    this.#weights = twoBiases(network.stateDict());
  }

  message(): Uint8Array {
    return message(
      ...this.#nodes.map((one) => [1, one] as const),
      [2, "SequenceNetwork"],
      ...this.#constants.map((one) => [5, one] as const),
      ...this.#inputs.map((one) => [11, one] as const),
      ...this.#outputs.map((one) => [12, one] as const),
    );
  }

  readInput(lengths: boolean, states: boolean): void {
    const { embedding, rnn } = this.#network;
    const steps = rnn.batchFirst ? ["B", "T"] : ["T", "B"];
    if (embedding) this.#inputs.push(value("x", "int64", steps));
    else this.#inputs.push(value("x", "float", [...steps, rnn.inputSize]));
    if (lengths) {
      this.#lengths = "lengths";
      this.#inputs.push(value(this.#lengths, "int32", ["B"]));
    }
    if (states) for (const name of this.#stateNames("0")) this.#inputs.push(this.#state(name));
    if (rnn.batchFirst)
      this.#add("Transpose", [this.#last], "steps", { perm: embedding ? [1, 0] : [1, 0, 2] });
    if (embedding) this.#add("Gather", [this.#weight("embedding.weight"), this.#last], "vectors");
  }

  addLayers(operator: string, states: boolean): void {
    const { rnn, outputs } = this.#network;
    const layers = Array.from({ length: rnn.numLayers }, (_, layer) => layer);
    const starts = states ? this.#stateNames("0").map((name) => this.#split(name)) : [];
    const ends = this.#stateNames("N").map((name) =>
      layers.map((layer) => (rnn.numLayers === 1 && states ? name : `${name}_l${layer}`)),
    );
    const isRelu = rnn instanceof RNN && rnn.nonlinearity === "relu";
    const directions = rnn.bidirectional ? 2 : 1;
    for (const layer of layers) {
      const [W, R, B, P] = this.#layerWeights(operator, layer);
      const isTop = layer === rnn.numLayers - 1;
      const output = isTop && outputs === "last" ? "" : `output_l${layer}`;
      const [h0 = "", c0 = ""] = starts.map((names) => names[layer]);
      const inputs = [this.#last, W, R, B, this.#lengths, h0, c0, P];
      while (inputs.at(-1) === "") inputs.pop();
      this.#nodes.push(
        node(operator, inputs, [output, ...ends.map((names) => names[layer])], {
          hidden_size: rnn.hiddenSize,
          direction: rnn.bidirectional ? "bidirectional" : "forward",
          ...(isRelu && { activations: Array.from({ length: directions }, () => "Relu") }),
          ...(rnn instanceof GRU && { linear_before_reset: rnn.resetAfter ? 1 : 0 }),
        }),
      );
      if (output === "") this.#sideBySide(ends[0][layer], [1, 0, 2], [0, -1], "last");
      else this.#sideBySide(output, [0, 2, 1, 3], [0, 0, -1], `h_l${layer}`);
    }
    if (!states) return;
    this.#stateNames("N").forEach((name, k) => {
      if (rnn.numLayers > 1) this.#nodes.push(node("Concat", ends[k], [name], { axis: 0 }));
      this.#outputs.push(this.#state(name));
    });
  }

  addHead(): void {
    const { head, rnn, outputs, lossName } = this.#network;
    this.#add("MatMul", [this.#last, this.#matrix("head.weight")], "product");
    if (head.options.bias) this.#add("Add", [this.#last, this.#weight("head.bias")], "sum");
    const isTurned = rnn.batchFirst && outputs === "every";
    if (isTurned) this.#add("Transpose", [this.#last], "prediction", { perm: [1, 0, 2] });
    else this.#add("Identity", [this.#last], "prediction");
    const steps = rnn.batchFirst ? ["B", "T"] : ["T", "B"];
    const shape = [...(outputs === "every" ? steps : ["B"]), head.outputSize];
    const given = [value("prediction", "float", shape)];
    if (!isOfNumbers(lossName)) {
      if (lossName === "crossEntropy") this.#add("Softmax", ["prediction"], "probabilities", { axis: -1 });
      else this.#add("Sigmoid", ["prediction"], "probabilities");
      given.push(value("probabilities", "float", shape));
    }
    this.#outputs.unshift(...given);
  }

  #add(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, AttributeValue> = {},
  ): void {
    this.#nodes.push(node(type, inputs, [output], attributes));
    this.#last = output;
  }

  /** The directions side by side: ONNX has them on an axis of their own. */
  #sideBySide(from: string, perm: number[], shape: number[], output: string): void {
    this.#add("Transpose", [from], `${output}_by_direction`, { perm });
    this.#add("Reshape", [this.#last, this.#integers(`${output}_shape`, shape)], output);
  }

  #stateNames(when: "0" | "N"): string[] {
    return this.#network.rnn instanceof LSTM ? [`h${when}`, `c${when}`] : [`h${when}`];
  }

  #state(name: string): Uint8Array {
    const { numLayers, bidirectional, hiddenSize } = this.#network.rnn;
    return value(name, "float", [numLayers * (bidirectional ? 2 : 1), "B", hiddenSize]);
  }

  /** A state of all layers as one of each. */
  #split(name: string): string[] {
    const { numLayers, bidirectional } = this.#network.rnn;
    if (numLayers === 1) return [name];
    const names = Array.from({ length: numLayers }, (_, layer) => `${name}_l${layer}`);
    const sizes = names.map(() => (bidirectional ? 2 : 1));
    this.#nodes.push(node("Split", [name, this.#integers(`${name}_sizes`, sizes)], names, { axis: 0 }));
    return names;
  }

  /** W, R, B and P of a layer; "" for a B or P that it does not have. */
  #layerWeights(operator: string, layer: number): string[] {
    const { rnn } = this.#network;
    const { bidirectional, biases } = rnn;
    const places = bidirectional ? [`l${layer}`, `l${layer}_reverse`] : [`l${layer}`];
    const stacked = (name: string, keys: string[], order = gateOrders[operator]): string => {
      const parts = places.flatMap((place) =>
        keys.map((key) => reorder(this.#weights[`rnn.${key}_${place}`], order)),
      );
      const [rows, ...columns] = parts[0].shape;
      return this.#float(
        name,
        [places.length, rows * keys.length, ...columns],
        parts.map(({ data }) => data),
      );
    };
    return [
      stacked(`W_l${layer}`, ["weight_ih"]),
      stacked(`R_l${layer}`, ["weight_hh"]),
      biases === 0 ? "" : stacked(`B_l${layer}`, ["bias_ih", "bias_hh"]),
      rnn instanceof LSTM && rnn.peepholes ? stacked(`P_l${layer}`, ["weight_ch"], peepholeOrder) : "",
    ];
  }

  #weight(key: string): string {
    const { shape, data } = this.#weights[key];
    return this.#float(key, shape, [data]);
  }

  #matrix(key: string): string {
    const { shape, data } = transpose(this.#weights[key]);
    return this.#float(key, shape, [data]);
  }

  #float(name: string, shape: readonly number[], parts: readonly Floats[]): string {
    const data = new Float32Array(product(shape));
    parts.forEach((part, k) => {
      data.set(part, k * part.length);
    });
    const wrong = data.findIndex((element) => !Number.isFinite(element));
    if (wrong >= 0) {
      throw new RangeError(`${where}: ${name} contains ${data[wrong]} in float32, but must be finite`);
    }
    const bytes = new Uint8Array(data.byteLength);
    writeElements({ shape: [...shape], data }, bytes);
    this.#constants.push(constant(name, "float", shape, bytes));
    return name;
  }

  #integers(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(8 * values.length);
    const view = new DataView(bytes.buffer);
    values.forEach((element, k) => {
      view.setBigInt64(8 * k, BigInt(element), true);
    });
    this.#constants.push(constant(name, "int64", [values.length], bytes));
    return name;
  }
}
