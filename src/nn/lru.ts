// The linear recurrent unit. The formulas of a step are in engine/lru_cell.ts.

import { randomStream, streams } from "../numbers/random.js";
import type { Parameter } from "../numbers/tensor.js";
import { checkOptions, misfit } from "../numbers/validation.js";
import { drawLru } from "./lru_parameters.js";
import type { RecurrentOptions, RecurrentOptionsOf } from "./recurrent.js";
import { RecurrentModule, recurrentOptions } from "./recurrent.js";

export interface LRUOptions extends RecurrentOptions {
  /** none, the default and the only choice */
  biases?: 0;
  /** the smallest |λ| at the beginning; default 0 */
  minRadius?: number;
  /** the largest |λ| at the beginning; default 1 */
  maxRadius?: number;
  /** the largest phase of λ at the beginning, in radians; default 2π */
  maxPhase?: number;
}

/**
 * h_t = λ ⊙ h_{t−1} + γ ⊙ W_x x_t with λ = exp(−e^ν + i e^θ): the linear recurrent unit of Orvieto et al.
 * (2023), "Resurrecting Recurrent Neural Networks for Long Sequences". h is H/2 complex units, their real
 * parts before the imaginary ones, so that H is even; the head, or the next layer's W_x, is the paper's C. No
 * gate and no nonlinearity: a stack of them is linear in x, and ∂h_t/∂h_{t−1} is the same at every step. |λ|
 * is below 1, so no gradient explodes.
 *
 *     new LRU({ inputSize: 2, hiddenSize: 64, minRadius: 0.9, maxRadius: 0.999 });
 *
 * Weights: the real parts of the paper's B above the imaginary ones in weight_ih_l0 [H, I], initially from
 * N(0, 1 / 2I), and the rows ν, θ and log γ in lambda_l0 [3, H/2]: initially λ is uniform on the ring between
 * the radii, and γ is √(1 − |λ|²). In float32 it is computed by JavaScript.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value that an option cannot have
 */
export class LRU extends RecurrentModule {
  readonly ring: Required<Parameter>["ring"];

  constructor(options: LRUOptions) {
    checkOptions("LRU", options, [...recurrentOptions, "minRadius", "maxRadius", "maxPhase"]);
    const { minRadius = 0, maxRadius = 1, maxPhase = 2 * Math.PI, ...others } = options;
    const ring = checkedRing(minRadius, maxRadius, maxPhase);
    super("LRU", "lru", { biases: 0, ...others }, ring);
    this.ring = ring;
    this.parameters.forEach((parameter, index) => {
      drawLru(parameter, randomStream(others.seed ?? 0, streams.lru, index));
    });
  }

  override get options(): RecurrentOptionsOf<LRUOptions> {
    return { ...super.options, biases: 0, ...this.ring };
  }

  protected override facts(): (string | false)[] {
    const { minRadius, maxRadius } = this.ring;
    return [...super.facts(), (minRadius > 0 || maxRadius < 1) && `|λ| from ${minRadius} to ${maxRadius}`];
  }
}

function checkedRing(minRadius: number, maxRadius: number, maxPhase: number): LRU["ring"] {
  const check = (name: string, value: number, isIn: (value: number) => boolean, expected: string) => {
    if (typeof value !== "number" || !isIn(value)) throw misfit("LRU", name, value, expected);
  };
  check("maxRadius", maxRadius, (value) => value > 0 && value <= 1, "a number above 0, at most 1");
  const least = `a number from 0 to below maxRadius = ${maxRadius}`;
  check("minRadius", minRadius, (value) => value >= 0 && value < maxRadius, least);
  check("maxPhase", maxPhase, (value) => value > 0 && value <= 2 * Math.PI, "a number above 0, at most 2π");
  return { minRadius, maxRadius, maxPhase };
}
