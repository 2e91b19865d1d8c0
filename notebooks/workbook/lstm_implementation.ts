// What an LSTM has to offer to be compared with the golden vectors: the learner's own, the right one and the
// broken ones all look like this. Gates are untied, the candidate C̃ is called g, arrays count from 0.

import type { CellParameters, Matrix, PerGate, Tensor, Vector } from "../../src/index.js";

/** W_x [H, I], W_h [H, H] and b [H] of each gate, W_hy [K, H] and b_y [K] of the dense layer. */
export interface LstmParameters extends PerGate<CellParameters> {
  Why: Matrix;
  by: Vector;
}

/** One sequence, its targets and the state it starts from. */
export interface LstmSample {
  /** x_1 … x_T, [T, I] */
  x: Matrix;
  /** T one-hot targets [K]; null where the step has no loss */
  y: (Vector | null)[];
  h0: Vector;
  c0: Vector;
}

/** What the forward pass finds. */
export interface LstmForward {
  /** h_1 … h_T, [T, H] */
  h: Matrix;
  /** C_1 … C_T, [T, H] */
  c: Matrix;
  /** softmax and cross-entropy, summed over the steps that have a target */
  loss: number;
}

/** What the backward pass finds. */
export interface LstmBackward {
  /** ∂L/∂h_t in total, [T, H] */
  dh: Matrix;
  /** ∂L/∂C_t in total, [T, H] */
  dc: Matrix;
  /** ∂L/∂x_t, [T, I] */
  dx: Matrix;
  dh0: Vector;
  dc0: Vector;
  /** ∂L/∂ of every parameter, in the structure of the parameters */
  gradients: LstmParameters;
}

/** An LSTM with a dense layer behind it. `backward` runs forward itself, then goes back. */
export interface LstmImplementation {
  readonly forward: (parameters: LstmParameters, sample: LstmSample) => LstmForward;
  readonly backward: (parameters: LstmParameters, sample: LstmSample) => LstmBackward;
}

/** The gates f, i, o and the candidate g of one step, each [H]. */
export type LstmGates = PerGate<Vector>;

/** What one step forward has read and computed. */
export interface LstmStep extends LstmGates {
  x: Vector;
  hPrev: Vector;
  cPrev: Vector;
  c: Vector;
  h: Vector;
}

/** What one step back finds: ∂C_t in total, ∂z of each gate, and what goes to the step before. */
export interface LstmStepBack {
  dc: Vector;
  dz: LstmGates;
  dhPrev: Vector;
  dcPrev: Vector;
}

/** The same with ∂h_t in total, of one step of a sequence. */
export interface LstmBack extends LstmStepBack {
  dh: Vector;
}

/** The six pieces of an LSTM that notebook 08 asks for, one after the other. */
export interface LstmPieces {
  gates(this: void, parameters: LstmParameters, x: Vector, hPrev: Vector): LstmGates;
  stepForward(this: void, gates: LstmGates, cPrev: Vector): { c: Vector; h: Vector };
  stepBackward(
    this: void,
    parameters: LstmParameters,
    step: LstmStep,
    dh: Vector,
    dcNext: Vector,
  ): LstmStepBack;
  /** @param dlogits ∂L/∂logit of each step, null where the step has no loss */
  backThroughTime(
    this: void,
    parameters: LstmParameters,
    steps: LstmStep[],
    dlogits: (Vector | null)[],
    stepBackward: LstmPieces["stepBackward"],
  ): LstmBack[];
  /** The gradients of one gate's parameters. @param dz ∂z of that gate, step by step */
  gateGradients(this: void, dz: Vector[], steps: LstmStep[]): CellParameters;
  update<W extends Tensor>(this: void, weights: W, gradient: W, eta: number): W;
}
