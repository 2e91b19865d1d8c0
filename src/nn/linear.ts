// The dense layer, as torch.nn.Linear: z = W x + b for every row.

import { checkOptions, checkSeed, checkSize, kind } from "../numbers/validation.js";
import { Module, uniformParameters } from "./module.js";
import type { Nested } from "./nested.js";
import { extents, plainAxes, readNested } from "./nested.js";
import type { DType, Floats, Parameter, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

export interface LinearOptions {
  inFeatures: number;
  outFeatures: number;
  /** default true */
  bias?: boolean;
  /** default "float64", for gradients to look at; "float32" trains about ten times faster */
  dtype?: DType;
  /** of the initial weights, default 0 */
  seed?: number;
}

/** What forward computed: x, [..., inFeatures], and the output, [..., outFeatures]. */
export interface LinearTape {
  x: Tensor;
  output: Tensor;
}

/**
 * z = W x + b with W [outFeatures, inFeatures]; slide 41. Initial weights: U(−1/√inFeatures, 1/√inFeatures),
 * as in PyTorch.
 *
 * @throws Error for an unknown option or a value that an option cannot have
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly #weight: Parameter;
  readonly #bias?: Parameter;

  constructor(options: LinearOptions) {
    checkOptions("Linear", options, ["inFeatures", "outFeatures", "bias", "dtype", "seed"]);
    const { inFeatures, outFeatures, bias = true, dtype = "float64", seed = 0 } = options;
    checkSize("Linear", "inFeatures", inFeatures);
    checkSize("Linear", "outFeatures", outFeatures);
    checkSeed("Linear", seed);
    if (typeof bias !== "boolean")
      throw new Error(`Linear: bias is ${kind(bias)}, but must be true or false`);
    const shapes = [
      { name: "weight", shape: [outFeatures, inFeatures] },
      ...(bias ? [{ name: "bias", shape: [outFeatures] }] : []),
    ];
    super("Linear", dtype, (engine) =>
      uniformParameters(engine, shapes, { seed, part: "head", n: inFeatures }),
    );
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    [this.#weight, this.#bias] = this.parameters;
  }

  /** @param x [..., inFeatures], nested arrays or a tensor */
  forward(x: Nested): LinearTape {
    const shape = extents(x);
    if (shape.length === 0) throw new Error(`Linear.forward: x is ${kind(x)}, but must be [..., inFeatures]`);
    const outer = shape.slice(0, -1);
    const N = product(outer);
    const rows = this.engine.allocate(N * this.inFeatures);
    const features = { of: "features", size: this.inFeatures, because: "inFeatures is" };
    readNested("Linear.forward", "x", x, [...plainAxes(shape).slice(0, -1), features], rows);
    const output = this.engine.allocate(N * this.outFeatures);
    this.forwardRows(rows, N, output);
    return { x: { shape, data: rows }, output: { shape: [...outer, this.outFeatures], data: output } };
  }

  /** Adds to the gradients next to the parameters. @returns ∂L/∂x */
  backward({ x, output }: LinearTape, dOutput: Nested): Tensor {
    const given = this.engine.allocate(output.data.length);
    readNested("Linear.backward", "dOutput", dOutput, plainAxes(output.shape), given);
    const dx = this.engine.allocate(x.data.length);
    this.backwardRows(x.data, x.data.length / this.inFeatures, given, dx);
    return { shape: x.shape, data: dx };
  }

  protected override facts(): string[] {
    return [`${this.inFeatures} → ${this.outFeatures}`];
  }

  /**
   * `output` [N, outFeatures] of x [N, inFeatures].
   *
   * @internal
   */
  forwardRows(x: Floats, N: number, output: Floats): void {
    const K = this.outFeatures;
    if (this.#bias) for (let row = 0; row < N; row++) output.set(this.#bias.data, row * K);
    this.engine.gemm(
      false,
      true,
      N,
      K,
      this.inFeatures,
      x,
      this.#weight.data,
      output,
      this.#bias !== undefined,
    );
  }

  /**
   * Adds to the gradients of weight and bias, and writes dx [N, inFeatures].
   *
   * @internal
   */
  backwardRows(x: Floats, N: number, dOutput: Floats, dx: Floats): void {
    const [I, K] = [this.inFeatures, this.outFeatures];
    this.engine.gemm(true, false, K, I, N, dOutput, x, this.#weight.grad, true);
    if (this.#bias) this.engine.addColumnSums(K, dOutput, this.#bias.grad);
    this.engine.gemm(false, false, N, I, K, dOutput, this.#weight.data, dx, false);
  }
}
