// The golden vectors in the shape of an LSTM implementation. The numbers are those the library's own tests
// use.

import type { CellParameters, Matrix, PerGate, Vector } from "../../src/index.js";
import { readData } from "./data.js";
import type { LstmBackward, LstmForward, LstmParameters, LstmSample } from "./lstm_implementation.js";

/** Inputs, and what must come out of them. */
export interface GoldenVector {
  parameters: LstmParameters;
  sample: LstmSample;
  truth: {
    forward: LstmForward;
    backward: LstmBackward;
    /** ∂L/∂z of each gate, [T, H] */
    dz: PerGate<Matrix>;
  };
}

/** The slides' numbers with a set of weights for each gate. */
export interface DeckVector extends GoldenVector {
  /** the loss before the first and after some updates by gradient descent with η = 0.1 */
  losses: Record<string, number>;
}

/** The files call the candidate c. */
interface FileGates<T> {
  f: T;
  i: T;
  c: T;
  o: T;
}
interface FileGradients extends Omit<LstmBackward, "gradients"> {
  grads: FileGates<CellParameters>;
  dWhy: Matrix;
  dby: Vector;
}
interface AsymmetricFile extends FileGradients, LstmSample {
  params: FileGates<CellParameters>;
  Why: Matrix;
  by: Vector;
  loss: number;
  C: Matrix;
  h: Matrix;
  dz: FileGates<Matrix>;
}
interface UntiedFile extends FileGradients {
  loss: number;
  losses_untied: Record<string, number>;
}
interface DeckFile {
  inputs: CellParameters & { Why: Matrix; by: Vector; x: Matrix; y: Vector };
  exact: Record<string, Vector>;
}

const read = <T>(name: string) => JSON.parse(readData(`vectors/${name}.json`)) as T;
const asG = <T>({ f, i, c, o }: FileGates<T>): PerGate<T> => ({ f, i, g: c, o });
const backwardOf = ({ grads, dWhy, dby, dh, dc, dx, dh0, dc0 }: FileGradients): LstmBackward => ({
  dh,
  dc,
  dx,
  dh0,
  dc0,
  gradients: { ...asG(grads), Why: dWhy, by: dby },
});

function asymmetric(): GoldenVector {
  const file = read<AsymmetricFile>("asymmetric_vector");
  const { params, Why, by, x, y, h0, c0, h, C, loss } = file;
  return {
    parameters: { ...asG(params), Why, by },
    sample: { x, y, h0, c0 },
    truth: { forward: { h, c: C, loss }, backward: backwardOf(file), dz: asG(file.dz) },
  };
}

function deck(): DeckVector {
  const { inputs, exact } = read<DeckFile>("deck_vectors");
  const untied = read<UntiedFile>("deck_untied_vectors");
  const { Wx, Wh, b, Why, by, x, y } = inputs;
  const gate = () => structuredClone({ Wx, Wh, b });
  const bothSteps = (name: string) => [exact[`${name}1`], exact[`${name}2`]];
  return {
    parameters: { f: gate(), i: gate(), g: gate(), o: gate(), Why, by },
    sample: { x, y: [null, y], h0: [0, 0], c0: [0, 0] },
    truth: {
      forward: { h: bothSteps("h"), c: bothSteps("C"), loss: untied.loss },
      backward: backwardOf(untied),
      dz: { f: bothSteps("dzf"), i: bothSteps("dzi"), g: bothSteps("dzc"), o: bothSteps("dzo") },
    },
    losses: untied.losses_untied,
  };
}

/**
 * "deck": the slides' two steps with untied gates. "asymmetric": I = 2, H = K = T = 3, all weights different,
 * a loss at every step, h_0 and C_0 not zero, so that no two paths can be confused.
 * @throws {RangeError} for another name
 */
export function golden(name: "deck"): DeckVector;
export function golden(name: "asymmetric"): GoldenVector;
export function golden(name: "deck" | "asymmetric"): GoldenVector {
  if (name === "deck") return deck();
  if (name === "asymmetric") return asymmetric();
  throw new RangeError(`book.golden: name is "${String(name)}", but must be "deck" or "asymmetric"`);
}
