// The LSTM of the slides as a set of small pieces, each one line of their formulas. A broken LSTM is this one
// with one piece changed.

import {
  add,
  hadamard,
  matVec,
  outer,
  sigmoid,
  sigmoidPrime,
  softmaxCrossEntropy,
  tanh,
  tanhPrime,
  transposedMatVec,
  zeros,
} from "../../../src/index.js";
import type { CellParameters, Matrix, PerGate, Vector } from "../../../src/index.js";
import type { LstmBackward, LstmImplementation, LstmParameters, LstmSample } from "../lstm_implementation.js";

export type Gate = keyof PerGate<unknown>;

/** What one step forward computed. */
export interface Step extends PerGate<Vector> {
  x: Vector;
  hPrev: Vector;
  cPrev: Vector;
  c: Vector;
  tanhC: Vector;
  h: Vector;
}

/** Every piece as it should be. */
export const rightPieces = {
  // forward
  weights: (parameters: LstmParameters, gate: Gate): CellParameters => parameters[gate],
  recurrent: (Wh: Matrix, hPrev: Vector) => matVec(Wh, hPrev),
  hidden: (o: Vector, c: Vector) => hadamard(o, tanh(c)),

  // back through the dense layer and into h_t and C_t
  headBack: (Why: Matrix, dlogits: Vector) => transposedMatVec(Why, dlogits),
  arriving: (local: Vector | null, next: Vector) => (local === null ? next : add(local, next)),
  cellFromHidden: (dh: Vector, { o }: Step, tanhSlope: Vector) => hadamard(dh, o, tanhSlope),
  cellTotal: (dcNext: Vector, fromHidden: Vector) => add(dcNext, fromHidden),

  // back through the gates
  dO: (dh: Vector, { tanhC }: Step) => hadamard(dh, tanhC),
  dF: (dc: Vector, { cPrev }: Step) => hadamard(dc, cPrev),
  dI: (dc: Vector, { g }: Step) => hadamard(dc, g),
  dG: (dc: Vector, { i }: Step) => hadamard(dc, i),
  forgetSlope: (f: Vector) => sigmoidPrime(f),
  tanhSlope: (h: Vector) => tanhPrime(h),

  // to the weights
  dWh: (dz: Vector, { hPrev }: Step) => outer(dz, hPrev),
  sumOfBiases: (later: Vector, atThisStep: Vector) => add(later, atThisStep),

  // to the step before
  gatesToHidden: ["f", "i", "g", "o"] as Gate[],
  hiddenBack: (Wh: Matrix, dz: Vector) => transposedMatVec(Wh, dz),
  dhPrev: (fromGates: Vector) => fromGates,
  dcPrev: (dc: Vector, { f }: Step) => hadamard(dc, f),
};

export type Pieces = typeof rightPieces;

const gates = ["f", "i", "g", "o"] as const;
const perGate = <T>(formula: (gate: Gate) => T): PerGate<T> => ({
  f: formula("f"),
  i: formula("i"),
  g: formula("g"),
  o: formula("o"),
});

/** The LSTM of slides 29–57 with untied gates; right unless a piece is changed. */
export function lstmFrom(changed: Partial<Pieces> = {}): LstmImplementation {
  const pieces = { ...rightPieces, ...changed };

  function run(parameters: LstmParameters, { x, y, h0, c0 }: LstmSample) {
    const steps: Step[] = [];
    let [hPrev, cPrev] = [h0, c0];
    for (const xt of x) {
      const z = perGate((gate) => {
        const { Wx, Wh, b } = pieces.weights(parameters, gate);
        return add(matVec(Wx, xt), pieces.recurrent(Wh, hPrev), b);
      });
      const [f, i, g, o] = [sigmoid(z.f), sigmoid(z.i), tanh(z.g), sigmoid(z.o)];
      const c = add(hadamard(f, cPrev), hadamard(i, g));
      const h = pieces.hidden(o, c);
      steps.push({ x: xt, hPrev, cPrev, f, i, g, o, c, tanhC: tanh(c), h });
      [hPrev, cPrev] = [h, c];
    }
    const losses = y.map((target, t) =>
      target === null
        ? null
        : softmaxCrossEntropy(add(matVec(parameters.Why, steps[t].h), parameters.by), target),
    );
    return { steps, losses };
  }

  function backStep(parameters: LstmParameters, step: Step, dh: Vector, dcNext: Vector) {
    const { f, i, g, o, tanhC, x } = step;
    const dc = pieces.cellTotal(dcNext, pieces.cellFromHidden(dh, step, pieces.tanhSlope(tanhC)));
    const dz = {
      f: hadamard(pieces.dF(dc, step), pieces.forgetSlope(f)),
      i: hadamard(pieces.dI(dc, step), sigmoidPrime(i)),
      g: hadamard(pieces.dG(dc, step), pieces.tanhSlope(g)),
      o: hadamard(pieces.dO(dh, step), sigmoidPrime(o)),
    };
    const back = (gate: Gate) => pieces.hiddenBack(pieces.weights(parameters, gate).Wh, dz[gate]);
    const intoX = (gate: Gate) => transposedMatVec(pieces.weights(parameters, gate).Wx, dz[gate]);
    return {
      dc,
      dx: gates.map(intoX).reduce((a, b) => add(a, b)),
      dhPrev: pieces.dhPrev(pieces.gatesToHidden.map(back).reduce((a, b) => add(a, b))),
      dcPrev: pieces.dcPrev(dc, step),
      parts: perGate((gate) => ({
        Wx: outer(dz[gate], x),
        Wh: pieces.dWh(dz[gate], step),
        b: dz[gate],
      })),
    };
  }

  return {
    forward(parameters, sample) {
      const { steps, losses } = run(parameters, sample);
      const loss = losses.reduce((sum, at) => sum + (at?.loss ?? 0), 0);
      return { h: steps.map(({ h }) => h), c: steps.map(({ c }) => c), loss };
    },

    backward(parameters, sample) {
      const { steps, losses } = run(parameters, sample);
      const { Why, by } = parameters;
      const [K, H] = [by.length, Why[0].length];
      let gradients: LstmParameters | undefined;
      let [dWhy, dby] = [zeros(K, H), zeros(K)];
      const found: Pick<LstmBackward, "dh" | "dc" | "dx"> = { dh: [], dc: [], dx: [] };
      let [dhNext, dcNext] = [zeros(H), zeros(H)];
      for (let t = steps.length - 1; t >= 0; t--) {
        const dlogits = losses[t]?.dlogits;
        if (dlogits) {
          dWhy = add(dWhy, outer(dlogits, steps[t].h));
          dby = add(dby, dlogits);
        }
        const dh = pieces.arriving(dlogits ? pieces.headBack(Why, dlogits) : null, dhNext);
        const { dc, dx, dhPrev, dcPrev, parts } = backStep(parameters, steps[t], dh, dcNext);
        const sum = gradients;
        const total = perGate((gate) => ({
          Wx: sum ? add(sum[gate].Wx, parts[gate].Wx) : parts[gate].Wx,
          Wh: sum ? add(sum[gate].Wh, parts[gate].Wh) : parts[gate].Wh,
          b: sum ? pieces.sumOfBiases(sum[gate].b, parts[gate].b) : parts[gate].b,
        }));
        gradients = { ...total, Why: dWhy, by: dby };
        found.dh.unshift(dh);
        found.dc.unshift(dc);
        found.dx.unshift(dx);
        [dhNext, dcNext] = [dhPrev, dcPrev];
      }
      return { ...found, dh0: dhNext, dc0: dcNext, gradients: gradients! };
    },
  };
}
