// The dense layer, as torch.nn.Linear: z = W x + b for every row.

import { checkFlag, checkOptions, checkSeed, checkSize, kind } from "../numbers/validation.js";
import { Module, uniformParameters } from "./module.js";
import type { Nested } from "./nested.js";
import { extents, plainAxes, readNested } from "./nested.js";
import type { DType, Floats, Parameter, Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";

export interface LinearOptions {
  /** the elements of each x: torch.nn's in_features */
  inputSize: number;
  /** the elements of each z: torch.nn's out_features */
  outputSize: number;
  /** default true */
  bias?: boolean;
  /** default "float64", for gradients to look at; "float32" trains about three times faster */
  dtype?: DType;
  /** of the initial weights, default 0 */
  seed?: number;
}

/** What forward computed: x, [..., inputSize], and the output, [..., outputSize]. */
export interface LinearTape {
  x: Tensor;
  output: Tensor;
}

/**
 * z = W x + b with W [outputSize, inputSize]; slide 41. Initial weights: U(−1/√inputSize, 1/√inputSize),
 * as in PyTorch.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class Linear extends Module {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly #weight: Parameter;
  readonly #bias?: Parameter;

  constructor(options: LinearOptions) {
    checkOptions("Linear", options, ["inputSize", "outputSize", "bias", "dtype", "seed"]);
    const { inputSize, outputSize, bias = true, dtype = "float64", seed = 0 } = options;
    checkSize("Linear", "inputSize", inputSize);
    checkSize("Linear", "outputSize", outputSize);
    checkSeed("Linear", seed);
    checkFlag("Linear", "bias", bias);
    const shapes = [
      { name: "weight", shape: [outputSize, inputSize] },
      ...(bias ? [{ name: "bias", shape: [outputSize] }] : []),
    ];
    super("Linear", dtype, (engine) =>
      uniformParameters(engine, shapes, { seed, part: "head", n: inputSize }),
    );
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    [this.#weight, this.#bias] = this.parameters;
  }

  /** The options that make such a layer again, with initial weights of their own. */
  get options(): Required<Omit<LinearOptions, "seed">> {
    const { inputSize, outputSize, dtype } = this;
    return { inputSize, outputSize, bias: this.#bias !== undefined, dtype };
  }

  /**
   * @param x [..., inputSize], nested arrays or a tensor
   *
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  forward(x: Nested): LinearTape {
    const shape = extents(x);
    if (shape.length === 0)
      throw new TypeError(`Linear.forward: x is ${kind(x)}, but must be [..., inputSize]`);
    const outer = shape.slice(0, -1);
    const N = product(outer);
    const rows = this.engine.allocate(N * this.inputSize);
    const features = { of: "features", size: this.inputSize, because: "inputSize is" };
    readNested("Linear.forward", "x", x, [...plainAxes(shape).slice(0, -1), features], rows);
    const output = this.engine.allocate(N * this.outputSize);
    this.forwardRows(rows, N, output);
    return { x: { shape, data: rows }, output: { shape: [...outer, this.outputSize], data: output } };
  }

  /**
   * Adds to the gradients next to the parameters.
   *
   * @returns ∂L/∂x
   * @throws {TypeError} for what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  backward({ x, output }: LinearTape, dOutput: Nested): Tensor {
    const given = this.engine.allocate(output.data.length);
    readNested("Linear.backward", "dOutput", dOutput, plainAxes(output.shape), given);
    const dx = this.engine.allocate(x.data.length);
    this.backwardRows(x.data, x.data.length / this.inputSize, given, dx);
    return { shape: x.shape, data: dx };
  }

  protected override facts(): string[] {
    return [`${this.inputSize} → ${this.outputSize}`];
  }

  /**
   * `output` [N, outputSize] of x [N, inputSize].
   *
   * @internal
   */
  forwardRows(x: Floats, N: number, output: Floats): void {
    const K = this.outputSize;
    if (this.#bias) for (let row = 0; row < N; row++) output.set(this.#bias.data, row * K);
    this.engine.gemm(
      false,
      true,
      N,
      K,
      this.inputSize,
      x,
      this.#weight.data,
      output,
      this.#bias !== undefined,
    );
  }

  /**
   * Adds to the gradients of weight and bias, and writes dx [N, inputSize].
   *
   * @internal
   */
  backwardRows(x: Floats, N: number, dOutput: Floats, dx: Floats): void {
    const [I, K] = [this.inputSize, this.outputSize];
    this.engine.gemm(true, false, K, I, N, dOutput, x, this.#weight.grad, true);
    if (this.#bias) this.engine.addColumnSums(K, dOutput, this.#bias.grad);
    this.engine.gemm(false, false, N, I, K, dOutput, this.#weight.data, dx, false);
  }
}
