// One step of the plain recurrent cell (slide 7) and its backward pass (slides 17–18), float64.

import { relu, reluPrime, tanh, tanhPrime } from "../activations.js";
import type { Matrix, Vector } from "../../numbers/linear_algebra.js";
import { add, hadamard, matVec, outer, transposedMatVec } from "../../numbers/linear_algebra.js";
import { checkVector } from "../../numbers/validation.js";

/** W_x [H, I], W_h [H, H] and b [H] of z = W_x x + W_h h + b. */
export interface CellParameters {
  Wx: Matrix;
  Wh: Matrix;
  b: Vector;
}

/** The function applied to z. The slides use tanh; "identity" is the linear cell of the exploding example. */
export type Nonlinearity = "tanh" | "relu" | "identity";

/** What one step forward computed, all a step back needs. */
export interface RNNStep {
  /** x_t, vector [I] */
  x: Vector;
  /** h_{t−1}, vector [H] */
  hPrev: Vector;
  /** z_t, vector [H] */
  z: Vector;
  /** h_t, vector [H] */
  h: Vector;
}

/** The gradients of the loss at one step. */
export interface RNNStepGradients {
  /** ∂L/∂z_t, vector [H] */
  dz: Vector;
  /** ∂L/∂x_t, vector [I] */
  dx: Vector;
  /** what goes back to h_{t−1}, vector [H] */
  dhPrev: Vector;
  /** this step's part of ∂L/∂W_x, matrix [H, I] */
  dWx: Matrix;
  /** this step's part of ∂L/∂W_h, matrix [H, H] */
  dWh: Matrix;
  /** this step's part of ∂L/∂b, vector [H] */
  db: Vector;
}

const functions = { tanh, relu, identity: (z: Vector) => z };
const derivatives = { tanh: tanhPrime, relu: reluPrime, identity: (h: Vector) => h.map(() => 1) };

/** The nonlinearities a cell knows. */
export const nonlinearities = Object.keys(functions) as Nonlinearity[];

/**
 * h_t = tanh(W_x x_t + W_h h_{t−1} + b), slide 7.
 *
 * @param x x_t, vector [I]
 * @param hPrev h_{t−1}, vector [H]
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when a shape does not fit or an input is not finite
 */
export function rnnForward(
  params: CellParameters,
  x: Vector,
  hPrev: Vector,
  nonlinearity: Nonlinearity = "tanh",
): RNNStep {
  checkVector("rnnForward", "x", x, params.Wx[0].length, "the columns of Wx are");
  checkVector("rnnForward", "hPrev", hPrev, params.Wh[0].length, "the columns of Wh are");
  const z = add(matVec(params.Wx, x), matVec(params.Wh, hPrev), params.b);
  const h = functions[nonlinearity](z);
  return { x, hPrev, z, h };
}

/**
 * One step back, slides 17–18: ∂z_t = ∂h_t ⊙ (1 − h_t²), ∂W_x = ∂z_t x_tᵀ, ∂W_h = ∂z_t h_{t−1}ᵀ, ∂b = ∂z_t,
 * ∂h_{t−1} = W_hᵀ ∂z_t.
 *
 * @param step what {@link rnnForward} returned
 * @param dh ∂L/∂h_t, vector [H]: the loss at t and everything later
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when a shape does not fit or a gradient is not finite
 */
export function rnnBackward(
  params: CellParameters,
  step: RNNStep,
  dh: Vector,
  nonlinearity: Nonlinearity = "tanh",
): RNNStepGradients {
  checkVector("rnnBackward", "dh", dh, step.h.length, "h has");
  const dz = hadamard(dh, derivatives[nonlinearity](step.h));
  return {
    dz,
    dx: transposedMatVec(params.Wx, dz),
    dhPrev: transposedMatVec(params.Wh, dz),
    dWx: outer(dz, step.x),
    dWh: outer(dz, step.hPrev),
    db: dz,
  };
}
