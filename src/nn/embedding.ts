// A table of vectors, one for each of a vocabulary's words or characters, as torch.nn.Embedding.

import type { Initializer } from "../numbers/initializers.js";
import { normalInitializer } from "../numbers/initializers.js";
import { streamSeed, streams } from "../numbers/random.js";
import { checkOptions, checkSeed, checkSize, kind, shown } from "../numbers/validation.js";
import { Module } from "./module.js";
import type { Nested } from "./nested.js";
import { extents, plainAxes, readNested } from "./nested.js";
import { allocateParameters } from "./parameters.js";
import type { DType, Floats, Parameter, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

export interface EmbeddingOptions {
  /** how many vectors */
  numEmbeddings: number;
  /** the elements of each */
  embeddingDim: number;
  /** an index whose vector starts as zeros and is not trained */
  paddingIdx?: number;
  /** default "float64", for gradients to look at; "float32" trains about three times faster */
  dtype?: DType;
  /** of the initial vectors, default 0 */
  seed?: number;
}

/** What forward computed: the indices as they came, and the output, [..., embeddingDim]. */
export interface EmbeddingTape {
  indices: Int32Array;
  output: Tensor;
}

/**
 * Row x of a table [numEmbeddings, embeddingDim]. Initial vectors: N(0, 1), as in PyTorch.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx?: number;
  readonly #weight: Parameter;

  constructor(options: EmbeddingOptions) {
    checkOptions("Embedding", options, ["numEmbeddings", "embeddingDim", "paddingIdx", "dtype", "seed"]);
    const { numEmbeddings, embeddingDim, paddingIdx, dtype = "float64", seed = 0 } = options;
    checkSize("Embedding", "numEmbeddings", numEmbeddings);
    checkSize("Embedding", "embeddingDim", embeddingDim);
    checkSeed("Embedding", seed);
    if (paddingIdx !== undefined) checkIndex("Embedding", "paddingIdx is", paddingIdx, numEmbeddings);
    super("Embedding", dtype, (engine) => {
      const table = { ...(paddingIdx !== undefined && { paddingIdx }) };
      const shape = [numEmbeddings, embeddingDim];
      const arena = allocateParameters(engine, [{ name: "weight", shape, table }]);
      setTable(arena.data, shape, normalInitializer({ seed: streamSeed(seed, streams.embedding) }), table);
      return arena;
    });
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx;
    [this.#weight] = this.parameters;
  }

  /** The options that make such a table again, with initial vectors of its own. */
  get options(): Omit<EmbeddingOptions, "seed"> {
    const { numEmbeddings, embeddingDim, paddingIdx, dtype } = this;
    return { numEmbeddings, embeddingDim, ...(paddingIdx !== undefined && { paddingIdx }), dtype };
  }

  /**
   * @param x indices, in nested arrays of any depth or a tensor
   *
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} when arrays of one depth differ in length, or an index is not a row of the table
   */
  forward(x: Nested): EmbeddingTape {
    const where = "Embedding.forward";
    const shape = extents(x);
    if (shape.length === 0) throw new TypeError(`${where}: x is ${kind(x)}, but must be an array of indices`);
    const read = readNested(where, "x", x, plainAxes(shape), new Float64Array(product(shape)));
    read.forEach((index) => {
      checkIndex(where, "x contains", index, this.numEmbeddings);
    });
    const indices = Int32Array.from(read);
    const output = this.engine.allocate(indices.length * this.embeddingDim);
    this.forwardRows(indices, output);
    return { indices, output: { shape: [...shape, this.embeddingDim], data: output } };
  }

  /**
   * Adds to the gradients next to the table.
   *
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  backward({ indices, output }: EmbeddingTape, dOutput: Nested): void {
    const given = this.engine.allocate(output.data.length);
    readNested("Embedding.backward", "dOutput", dOutput, plainAxes(output.shape), given);
    this.backwardRows(indices, given);
  }

  protected override facts(): (string | false)[] {
    const { numEmbeddings, embeddingDim, paddingIdx } = this;
    return [`${numEmbeddings} → ${embeddingDim}`, paddingIdx !== undefined && `paddingIdx ${paddingIdx}`];
  }

  /**
   * `output` [N, embeddingDim] of N indices; zeros for an index of −1, which stands beyond a sequence's end.
   *
   * @internal
   */
  forwardRows(indices: Int32Array, output: Floats): void {
    const F = this.embeddingDim;
    const table = this.#weight.data;
    for (let row = 0; row < indices.length; row++) {
      const from = indices[row] * F;
      for (let j = 0; j < F; j++) output[row * F + j] = from < 0 ? 0 : table[from + j];
    }
  }

  /** @internal */
  backwardRows(indices: Int32Array, dOutput: Floats): void {
    const F = this.embeddingDim;
    const { grad } = this.#weight;
    for (let row = 0; row < indices.length; row++) {
      if (indices[row] < 0 || indices[row] === this.paddingIdx) continue;
      for (let j = 0; j < F; j++) grad[indices[row] * F + j] += dOutput[row * F + j];
    }
  }
}

/** Draws the vectors of a table [numEmbeddings, embeddingDim] again. */
export function setTable(
  data: Floats,
  [, embeddingDim]: readonly number[],
  initializer: Initializer,
  { paddingIdx }: NonNullable<Parameter["table"]> = {},
): void {
  data.set(initializer.vector(data.length));
  if (paddingIdx !== undefined) data.fill(0, paddingIdx * embeddingDim, (paddingIdx + 1) * embeddingDim);
}

/** Checks that an index is one of 0 … count − 1; an error says what came and where. */
export function checkIndex(where: string, came: string, index: number, count: number, at = () => ""): void {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    const Kind = typeof index === "number" ? RangeError : TypeError;
    throw new Kind(`${where}: ${came} ${shown(index)}${at()}, but must be an integer from 0 to ${count - 1}`);
  }
}
