// One step of the LSTM (slides 29–33) and its backward pass (slides 46–52), float64, in the slides' names.
// `g` is the slides' candidate C̃.

import { sigmoid, sigmoidPrime, tanh, tanhPrime } from "../activations.js";
import type { Matrix, Vector } from "../../numbers/linear_algebra.js";
import { add, hadamard, matVec, outer, transposedMatVec } from "../../numbers/linear_algebra.js";
import { checkVector } from "../../numbers/validation.js";
import type { CellParameters } from "./rnn.js";

/** One T for each gate: forget f, input i, candidate g (C̃ on the slides), output o. */
export interface PerGate<T> {
  f: T;
  i: T;
  g: T;
  o: T;
}

/** The gates in the order of the slides. */
export const gates = ["f", "i", "g", "o"] as const;

/** W_x [H, I], W_h [H, H] and b [H] of each gate. */
export type LSTMCellParameters = PerGate<CellParameters>;

/** What one step forward computed, all a step back needs. Vectors [H], except x [I]. */
export interface LSTMStep {
  x: Vector;
  hPrev: Vector;
  cPrev: Vector;
  /** the gates' pre-activations */
  z: PerGate<Vector>;
  f: Vector;
  i: Vector;
  g: Vector;
  o: Vector;
  c: Vector;
  tanhC: Vector;
  h: Vector;
}

/** The gradients of the loss at one step. */
export interface LSTMStepGradients {
  do: Vector;
  /** ∂L/∂C_t in total: through h_t and through C_{t+1} */
  dc: Vector;
  df: Vector;
  di: Vector;
  dg: Vector;
  dz: PerGate<Vector>;
  dx: Vector;
  /** what goes back to h_{t−1} */
  dhPrev: Vector;
  /** what goes back to C_{t−1}: "∂C_next" of the step before */
  dcPrev: Vector;
  /** this step's part of ∂L/∂W_x, one matrix [H, I] a gate */
  dWx: PerGate<Matrix>;
  /** this step's part of ∂L/∂W_h, one matrix [H, H] a gate */
  dWh: PerGate<Matrix>;
  /** this step's part of ∂L/∂b, one vector [H] a gate */
  db: PerGate<Vector>;
}

/** f, i, g and o from one formula. */
export function perGate<T>(formula: (gate: keyof PerGate<T>) => T): PerGate<T> {
  return { f: formula("f"), i: formula("i"), g: formula("g"), o: formula("o") };
}

/**
 * One step forward, slides 29–33.
 *
 * f = σ(z_f), i = σ(z_i), C̃ = tanh(z_g), o = σ(z_o), each z = W_x x_t + W_h h_{t−1} + b of its gate;
 * C_t = f ⊙ C_{t−1} + i ⊙ C̃; h_t = o ⊙ tanh C_t.
 *
 * @param x x_t, vector [I]
 * @param hPrev h_{t−1}, vector [H]
 * @param cPrev C_{t−1}, vector [H]
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when a shape does not fit or an input is not finite
 */
export function lstmForward(params: LSTMCellParameters, x: Vector, hPrev: Vector, cPrev: Vector): LSTMStep {
  checkVector("lstmForward", "x", x, params.f.Wx[0].length, "the columns of f.Wx are");
  checkVector("lstmForward", "hPrev", hPrev, params.f.Wh[0].length, "the columns of f.Wh are");
  checkVector("lstmForward", "cPrev", cPrev, hPrev.length, "hPrev has");
  const preActivation = ({ Wx, Wh, b }: CellParameters) => add(matVec(Wx, x), matVec(Wh, hPrev), b);
  const z = {
    f: preActivation(params.f),
    i: preActivation(params.i),
    g: preActivation(params.g),
    o: preActivation(params.o),
  };
  const f = sigmoid(z.f);
  const i = sigmoid(z.i);
  const g = tanh(z.g);
  const o = sigmoid(z.o);
  const c = add(hadamard(f, cPrev), hadamard(i, g));
  const tanhC = tanh(c);
  const h = hadamard(o, tanhC);
  return { x, hPrev, cPrev, z, f, i, g, o, c, tanhC, h };
}

/**
 * One step back, slides 46–52.
 *
 * @param step what {@link lstmForward} returned
 * @param dh ∂L/∂h_t, vector [H]: the loss at t and everything later
 * @param dcNext the gradient that arrives at C_t from step t+1, vector [H]; zeros at t = T
 * @throws {TypeError} for what is not an array of numbers
 * @throws {RangeError} when a shape does not fit or a gradient is not finite
 */
export function lstmBackward(
  params: LSTMCellParameters,
  step: LSTMStep,
  dh: Vector,
  dcNext: Vector,
): LSTMStepGradients {
  const { x, hPrev, cPrev, f, i, g, o, tanhC } = step;
  checkVector("lstmBackward", "dh", dh, step.h.length, "h has");
  checkVector("lstmBackward", "dcNext", dcNext, step.c.length, "c has");

  const dO = hadamard(dh, tanhC); // slide 46
  const dc = add(dcNext, hadamard(dh, o, tanhPrime(tanhC))); // slide 47
  const df = hadamard(dc, cPrev); // slide 48
  const di = hadamard(dc, g); // slide 49
  const dg = hadamard(dc, i); // slide 50
  const dz = {
    f: hadamard(df, sigmoidPrime(f)),
    i: hadamard(di, sigmoidPrime(i)),
    g: hadamard(dg, tanhPrime(g)),
    o: hadamard(dO, sigmoidPrime(o)),
  };

  const back = (W: "Wx" | "Wh", gate: keyof typeof dz) => transposedMatVec(params[gate][W], dz[gate]);
  return {
    do: dO,
    dc,
    df,
    di,
    dg,
    dz,
    dx: add(back("Wx", "f"), back("Wx", "i"), back("Wx", "g"), back("Wx", "o")),
    dhPrev: add(back("Wh", "f"), back("Wh", "i"), back("Wh", "g"), back("Wh", "o")), // slide 52
    dcPrev: hadamard(dc, f), // slide 52
    dWx: perGate((gate) => outer(dz[gate], x)), // slide 51
    dWh: perGate((gate) => outer(dz[gate], hPrev)), // slide 51; its sum over tied gates is the layer's
    db: dz,
  };
}
