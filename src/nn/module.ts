// What every module has in common: named parameters in one arena, and PyTorch's state dict.

import { uniformInitializer } from "../numbers/initializers.js";
import type { Engine } from "../engine/engine.js";
import { engineFor } from "../engine/engine_for.js";
import type { Nested } from "./nested.js";
import type { Arena, ParameterShape, StateDict } from "./parameters.js";
import { allocateParameters, loadParameters, stateDictOf } from "./parameters.js";
import type { DType, Parameter } from "../numbers/tensor.js";
import { checkDType, product } from "../numbers/tensor.js";
import { heading, inspectCustom, named, summary } from "../numbers/summary.js";

export abstract class Module {
  readonly dtype: DType;
  readonly parameters: readonly Parameter[];
  protected readonly name: string;
  protected readonly engine: Engine;

  /** @param name the module's, for messages */
  protected constructor(name: string, dtype: DType, make: (engine: Engine) => Arena) {
    checkDType(name, dtype);
    this.name = name;
    this.dtype = dtype;
    this.engine = engineFor(dtype);
    this.parameters = make(this.engine).parameters;
  }

  /** Sets all gradients to zero. Backward adds to them, as in PyTorch. */
  zeroGrad(): void {
    for (const { grad } of this.parameters) grad.fill(0);
  }

  /** Copies of the parameters under PyTorch's keys. */
  stateDict(): StateDict {
    return stateDictOf(this.parameters);
  }

  /**
   * Takes the parameters from a state dict of tensors or nested arrays. Nothing is changed unless everything
   * fits.
   *
   * @throws {TypeError} when a key is missing or unknown, or its value is not an array of numbers: it names
   *   the key
   * @throws {RangeError} when a shape does not fit or a number is not finite: it names the key
   */
  loadStateDict(stateDict: Record<string, Nested>): void {
    loadParameters(`${this.name}.loadStateDict`, this.parameters, stateDict);
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    return summary(this.#heading(), this.parts());
  }

  /** sizes and options, for the heading of the summary */
  protected abstract facts(): (string | false)[];

  /** the lines of the summary */
  protected parts(): string[] {
    return this.parameters.map(({ name, shape }) => named(name, shape));
  }

  #heading(): string {
    const count = this.parameters.reduce((sum, { shape }) => sum + product(shape), 0);
    return heading(this.name, this.facts(), this.dtype, count);
  }
}

/** Parameters from U(−1/√n, 1/√n), PyTorch's default, or as they are initially. */
export function uniformParameters(
  engine: Engine,
  shapes: readonly ParameterShape[],
  draw: { seed: number; part: "layer" | "head"; n: number },
): Arena {
  const arena = allocateParameters(engine, shapes);
  arena.data.set(uniformInitializer(draw.seed, draw.part, draw.n).vector(arena.data.length));
  for (const { data, initial } of arena.parameters) if (initial !== undefined) data.fill(initial);
  return arena;
}
