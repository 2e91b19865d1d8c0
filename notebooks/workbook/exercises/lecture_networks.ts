// The lecture's two networks, computed with the library, for exercises to take their answers and mistakes
// from.

import { rnnBackward, rnnForward, lstmBackward, lstmForward } from "../../../src/index.js";
import { add, matVec, softmaxCrossEntropy, transposedMatVec } from "../../../src/index.js";
import type { CellParameters, Matrix, PerGate, Vector } from "../../../src/index.js";

/** Slide 35: the LSTM's parameters, inputs and target; the RNN's but for W_h. */
export const slide35 = {
  Wx: [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  Wh: [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  b: [0.1, 0.1],
  Why: [
    [0.2, 0.3],
    [0.4, 0.5],
  ],
  by: [0.1, 0.2],
  x1: [1, 2],
  x2: [2, 3],
  y: [1, 0],
  zero: [0, 0],
};

const { Wx, Why, by, y, zero, b } = slide35;

/** The output layer and the loss behind the last hidden state. */
export function head(h: Vector) {
  const logit = add(matVec(Why, h), by);
  const { probabilities: yHat, loss, dlogits: dlogit } = softmaxCrossEntropy(logit, y);
  return { logit, yHat, loss, dlogit, dh: transposedMatVec(Why, dlogit) };
}

/** The plain RNN of slides 12–19 (reconstruction), two steps forward and back. */
export function lectureRnn(
  Wh: Matrix = [
    [0.1, 0.1],
    [0.1, 0.1],
  ],
) {
  const cell: CellParameters = { Wx, Wh, b };
  const step1 = rnnForward(cell, slide35.x1, zero);
  const step2 = rnnForward(cell, slide35.x2, step1.h);
  const out = head(step2.h);
  const back2 = rnnBackward(cell, step2, out.dh);
  const back1 = rnnBackward(cell, step1, back2.dhPrev);
  return { cell, step1, step2, ...out, back2, back1 };
}

/**
 * The LSTM of slides 35–57 with the given inputs, two steps forward and back; the gates share their
 * parameters.
 */
export function lectureLstm(x1: Vector = slide35.x1, x2: Vector = slide35.x2) {
  const shared: CellParameters = { Wx, Wh: slide35.Wh, b };
  const cell = { f: shared, i: shared, g: shared, o: shared };
  const step1 = lstmForward(cell, x1, zero, zero);
  const step2 = lstmForward(cell, x2, step1.h, step1.c);
  const out = head(step2.h);
  const back2 = lstmBackward(cell, step2, out.dh, zero);
  const back1 = lstmBackward(cell, step1, back2.dhPrev, back2.dcPrev);
  return { cell, step1, step2, ...out, back2, back1 };
}

/** Σ over the gates, which is the gradient of what they share. */
export const overGates = <T extends Vector | Matrix>({ f, i, g, o }: PerGate<T>): T => add<T>(f, i, g, o);
