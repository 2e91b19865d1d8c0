// The nonlinearities of the cells, element by element, and their derivatives. As on the slides, a derivative
// is written in terms of the function's output, so that the backward pass reuses what the forward pass
// computed.

import type { Vector } from "../numbers/linear_algebra.js";

/** A function that acts on a number, or on each element of a vector. */
export interface Elementwise {
  (z: number): number;
  (z: Vector): Vector;
}

function elementwise(f: (z: number) => number): Elementwise {
  return ((z: number | Vector) => (Array.isArray(z) ? z.map((zi) => f(zi)) : f(z))) as Elementwise;
}

/** σ(z) = 1 / (1 + e⁻ᶻ), slides 29–32; written so that e^|z| never overflows. */
export const sigmoid = elementwise((z) =>
  z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)),
);

/** σ′ = s (1 − s), where s = σ(z) is the output. Slide 46. */
export const sigmoidPrime = elementwise((s) => s * (1 - s));

/** tanh(z). Slides 7 and 30. */
export const tanh = elementwise(Math.tanh);

/** tanh′ = 1 − h², where h = tanh(z) is the output. Slides 47 and 50. */
export const tanhPrime = elementwise((h) => 1 - h ** 2);

/** max(0, z). */
export const relu = elementwise((z) => Math.max(0, z));

/** relu′ = 1 where the output h is positive, else 0. */
export const reluPrime = elementwise((h) => (h > 0 ? 1 : 0));
