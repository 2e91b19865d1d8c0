// The LSTM of the slides in small lines, each one line of their formulas. A broken LSTM is this one with one
// line changed. The six pieces that notebook 08 asks for are made of these lines too, right or broken.

import {
  add,
  hadamard,
  matVec,
  outer,
  scale,
  sigmoid,
  sigmoidPrime,
  softmaxCrossEntropy,
  tanh,
  tanhPrime,
  transposedMatVec,
  zeros,
} from "../../../src/index.js";
import type { CellParameters, Matrix, PerGate, Tensor, Vector } from "../../../src/index.js";
import type {
  LstmBack,
  LstmImplementation,
  LstmParameters,
  LstmPieces,
  LstmSample,
  LstmStep,
} from "../lstm_implementation.js";

export type Gate = keyof PerGate<unknown>;

/** Every line as it should be. */
export const rightLines = {
  // forward
  start: (state: Vector) => state,
  weights: (parameters: LstmParameters, gate: Gate): CellParameters => parameters[gate],
  recurrent: (Wh: Matrix, hPrev: Vector) => matVec(Wh, hPrev),
  bias: (b: Vector) => b,
  candidate: (z: Vector) => tanh(z),
  cell: ({ f, i, g }: PerGate<Vector>, cPrev: Vector) => add(hadamard(f, cPrev), hadamard(i, g)),
  hidden: (o: Vector, c: Vector) => hadamard(o, tanh(c)),
  hasLoss: (t: number, T: number) => t <= T,
  shareOfLoss: (T: number): number => T / T,

  // back through the dense layer and into h_t and C_t
  headBack: (Why: Matrix, dlogits: Vector) => transposedMatVec(Why, dlogits),
  arriving: (local: Vector | null, next: Vector) => (local === null ? next : add(local, next)),
  cellFromHidden: (dh: Vector, { o }: LstmStep, tanhSlope: Vector) => hadamard(dh, o, tanhSlope),
  cellTotal: (dcNext: Vector, fromHidden: Vector) => add(dcNext, fromHidden),

  // back through the gates
  dO: (dh: Vector, { c }: LstmStep) => hadamard(dh, tanh(c)),
  dF: (dc: Vector, { cPrev }: LstmStep) => hadamard(dc, cPrev),
  dI: (dc: Vector, { g }: LstmStep) => hadamard(dc, g),
  dG: (dc: Vector, { i }: LstmStep) => hadamard(dc, i),
  forgetSlope: (f: Vector) => sigmoidPrime(f),
  /** Of what tanh has given. */
  tanhSlope: (h: Vector) => tanhPrime(h),
  candidateSlope: (_: Vector, tanhSlope: Vector) => tanhSlope,

  // to the weights
  dWh: (dz: Vector, { hPrev }: LstmStep) => outer(dz, hPrev),
  sumOfBiases: (later: Vector, atThisStep: Vector) => add(later, atThisStep),
  sumOfWeights: (later: Matrix, atThisStep: Matrix) => add(later, atThisStep),
  biasFrom: (gate: Gate) => gate,

  // to the step before
  gatesToHidden: ["f", "i", "g", "o"] as Gate[],
  hiddenBack: (Wh: Matrix, dz: Vector) => transposedMatVec(Wh, dz),
  dhPrev: (fromGates: Vector) => fromGates,
  dcPrev: (dc: Vector, { f }: LstmStep) => hadamard(dc, f),

  // the update
  move: (eta: number) => -eta,
};

export type Lines = typeof rightLines;

const gates = ["f", "i", "g", "o"] as const;
const perGate = <T>(formula: (gate: Gate) => T): PerGate<T> => ({
  f: formula("f"),
  i: formula("i"),
  g: formula("g"),
  o: formula("o"),
});

/** The six pieces; right unless a line is changed. */
export function piecesFrom(changed: Partial<Lines> = {}): LstmPieces {
  const lines = { ...rightLines, ...changed };
  return {
    gates(parameters, x, hPrev) {
      const z = perGate((gate) => {
        const { Wx, Wh, b } = lines.weights(parameters, gate);
        return add(matVec(Wx, x), lines.recurrent(Wh, hPrev), lines.bias(b));
      });
      return { f: sigmoid(z.f), i: sigmoid(z.i), g: lines.candidate(z.g), o: sigmoid(z.o) };
    },

    stepForward(a, cPrev) {
      const c = lines.cell(a, cPrev);
      return { c, h: lines.hidden(a.o, c) };
    },

    stepBackward(parameters, step, dh, dcNext) {
      const { f, i, g, o, c } = step;
      const dc = lines.cellTotal(dcNext, lines.cellFromHidden(dh, step, lines.tanhSlope(tanh(c))));
      const dz = {
        f: hadamard(lines.dF(dc, step), lines.forgetSlope(f)),
        i: hadamard(lines.dI(dc, step), sigmoidPrime(i)),
        g: hadamard(lines.dG(dc, step), lines.candidateSlope(g, lines.tanhSlope(g))),
        o: hadamard(lines.dO(dh, step), sigmoidPrime(o)),
      };
      const back = (gate: Gate) => lines.hiddenBack(lines.weights(parameters, gate).Wh, dz[gate]);
      return {
        dc,
        dz,
        dhPrev: lines.dhPrev(lines.gatesToHidden.map(back).reduce((a, b) => add(a, b))),
        dcPrev: lines.dcPrev(dc, step),
      };
    },

    backThroughTime(parameters, steps, dlogits, stepBackward) {
      const back: LstmBack[] = [];
      const nothing = zeros(steps[0].h.length);
      let [dhNext, dcNext] = [nothing, nothing];
      for (let t = steps.length - 1; t >= 0; t--) {
        const local = dlogits[t];
        const fromHead = local && lines.headBack(parameters.Why, local);
        const dh = lines.arriving(fromHead, dhNext);
        const at = stepBackward(parameters, steps[t], dh, dcNext);
        back.unshift({ dh, ...at });
        [dhNext, dcNext] = [at.dhPrev, at.dcPrev];
      }
      return back;
    },

    gateGradients(dz, steps) {
      const last = dz.length - 1;
      const sum = {
        Wx: outer(dz[last], steps[last].x),
        Wh: lines.dWh(dz[last], steps[last]),
        b: dz[last],
      };
      for (let t = last - 1; t >= 0; t--) {
        sum.Wx = lines.sumOfWeights(sum.Wx, outer(dz[t], steps[t].x));
        sum.Wh = lines.sumOfWeights(sum.Wh, lines.dWh(dz[t], steps[t]));
        sum.b = lines.sumOfBiases(sum.b, dz[t]);
      }
      return sum;
    },

    update: <W extends Tensor>(W: W, dW: W, eta: number): W => add(W, scale(lines.move(eta), dW)),
  };
}

/** The LSTM of slides 29–57 with untied gates; right unless a line is changed. */
export function lstmFrom(changed: Partial<Lines> = {}): LstmImplementation {
  const lines = { ...rightLines, ...changed };
  const pieces = piecesFrom(changed);

  function run(parameters: LstmParameters, { x, y, h0, c0 }: LstmSample) {
    const steps: LstmStep[] = [];
    let [hPrev, cPrev] = [lines.start(h0), lines.start(c0)];
    for (const xt of x) {
      const a = pieces.gates(parameters, xt, hPrev);
      const { c, h } = pieces.stepForward(a, cPrev);
      steps.push({ x: xt, hPrev, cPrev, ...a, c, h });
      [hPrev, cPrev] = [h, c];
    }
    const T = x.length;
    const share = lines.shareOfLoss(T);
    const losses = y.map((target, t) => {
      if (target === null || !lines.hasLoss(t + 1, T)) return null;
      const logits = add(matVec(parameters.Why, steps[t].h), parameters.by);
      const { loss, dlogits } = softmaxCrossEntropy(logits, target);
      return { loss: share * loss, dlogits: scale(share, dlogits) };
    });
    return { steps, losses };
  }

  return {
    forward(parameters, sample) {
      const { steps, losses } = run(parameters, sample);
      const loss = losses.reduce((sum, at) => sum + (at?.loss ?? 0), 0);
      return { h: steps.map(({ h }) => h), c: steps.map(({ c }) => c), loss };
    },

    backward(parameters, sample) {
      const { steps, losses } = run(parameters, sample);
      const dlogits = losses.map((at) => at?.dlogits ?? null);
      const back = pieces.backThroughTime(parameters, steps, dlogits, pieces.stepBackward);
      const of = perGate((gate) =>
        pieces.gateGradients(
          back.map(({ dz }) => dz[gate]),
          steps,
        ),
      );
      const { Why, by } = parameters;
      let [dWhy, dby] = [zeros(by.length, Why[0].length), zeros(by.length)];
      for (const [t, d] of dlogits.entries()) {
        if (d) [dWhy, dby] = [add(dWhy, outer(d, steps[t].h)), add(dby, d)];
      }
      const intoX = ({ dz }: LstmBack) =>
        gates
          .map((gate) => transposedMatVec(lines.weights(parameters, gate).Wx, dz[gate]))
          .reduce((a, b) => add(a, b));
      return {
        dh: back.map(({ dh }) => dh),
        dc: back.map(({ dc }) => dc),
        dx: back.map(intoX),
        dh0: back[0].dhPrev,
        dc0: back[0].dcPrev,
        gradients: {
          ...perGate((gate) => ({ ...of[gate], b: of[lines.biasFrom(gate)].b })),
          Why: dWhy,
          by: dby,
        },
      };
    },
  };
}
