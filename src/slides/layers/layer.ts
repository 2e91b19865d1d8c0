// What a model needs of a recurrent layer with any cell: forward over a whole sequence, which returns a tape
// of all that was computed, and backward, which reads the tape (backpropagation through time).

import type { Matrix, Vector } from "../../numbers/linear_algebra.js";
import { add } from "../../numbers/linear_algebra.js";
import { mapTensors } from "../parameters.js";
import type { Trainable } from "../parameters.js";

/** The state before the first step; zeros where not given. Only an LSTM has a cell state. */
export interface InitialState {
  /** h_0, vector [H] */
  h0?: Vector;
  /** C_0, vector [H] */
  c0?: Vector;
}

/** What forward computed. Arrays count from 0: `h[0]` is h_1. */
export interface Tape {
  /** x_1 … x_T, [T, I] */
  x: Matrix;
  h0: Vector;
  c0?: Vector;
  /** h_1 … h_T, [T, H] */
  h: Matrix;
  /** C_1 … C_T, [T, H] */
  c?: Matrix;
}

/** What backward computed. */
export interface LayerGradients<Parameters extends object = object> {
  /** ∂L/∂h_t in total, [T, H]: the loss at t and everything later */
  dh: Matrix;
  /** ∂L/∂C_t in total, [T, H] */
  dc?: Matrix;
  /** ∂L/∂x_t, [T, I] */
  dx: Matrix;
  /** ∂L/∂h_0 */
  dh0: Vector;
  /** ∂L/∂C_0 */
  dc0?: Vector;
  /** each step's part of the gradients of the parameters, T of them */
  stepParameters: Parameters[];
  /** the gradients of the parameters: the sum of all steps' parts */
  parameters: Parameters;
}

/** A layer over whole sequences. */
export interface RecurrentLayer extends Trainable {
  readonly inputSize: number;
  readonly hiddenSize: number;
  forward(x: Matrix, initial?: InitialState): Tape;
  backward(tape: Tape, dhLocal: (Vector | null)[]): LayerGradients;
}

/**
 * The gradient that arrives at a state: the local one, where the loss reads the state, and the one from t+1.
 */
export function arriving(local: Vector | null, next: Vector): Vector {
  return local === null ? next : add(local, next);
}

/** Σ_t of the steps' parts: the weights are the same at all steps, so their gradients add up. Slide 57. */
export function sumOverSteps<P extends object>(parts: P[]): P {
  return parts.reduce((sum, part) => mapTensors((a, b) => add(a, b), sum, part));
}
