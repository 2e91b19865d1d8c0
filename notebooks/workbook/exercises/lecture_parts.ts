// The lecture's quantities under the names that formulas use, for what may have been put in the place of
// what.

import { add, matVec, transposedMatVec } from "../../../src/index.js";
import type { Part } from "./formula.js";
import { lectureLstm, lectureRnn, overGates, slide35 } from "./lecture_networks.js";

const { Wx, Wh, Why, by, b, x1, x2 } = slide35;
const rnn = lectureRnn();
const lstm = lectureLstm();
const { step1, step2, back1, back2 } = lstm;
const given = { Wx, Why, by, b, x1, x2 };

const inputs = {
  "W_x x_1": matVec(Wx, x1),
  "W_x x_2": matVec(Wx, x2),
  "W_x x_2 + b": add(matVec(Wx, x2), b),
  "W_x^\\top x_1 + b": add(transposedMatVec(Wx, x1), b),
  "W_x^\\top x_2": transposedMatVec(Wx, x2),
};

/** Of the plain RNN. */
export const rnnParts = {
  ...given,
  ...inputs,
  Wh: rnn.cell.Wh,
  h1: rnn.step1.h,
  h2: rnn.step2.h,
  z1: rnn.step1.z,
  z2: rnn.step2.z,
  dh2: rnn.dh,
  dz2: rnn.back2.dz,
  dh1: rnn.back2.dhPrev,
  dz1: rnn.back1.dz,
  "\\partial L/\\partial \\text{logit}": rnn.dlogit,
} satisfies Record<string, Part>;

/** Of the LSTM with tied gates; f, i and o are equal there. */
export const lstmParts = {
  ...given,
  ...inputs,
  Wh,
  f1: step1.f,
  f2: step2.f,
  g1: step1.g,
  g2: step2.g,
  C1: step1.c,
  C2: step2.c,
  tanhC1: step1.tanhC,
  tanhC2: step2.tanhC,
  h1: step1.h,
  h2: step2.h,
  z1: step1.z.f,
  z2: step2.z.f,
  "\\text{logit}": lstm.logit,
  "\\hat y": lstm.yHat,
  "\\partial L/\\partial \\text{logit}": lstm.dlogit,
  dh2: lstm.dh,
  do2: back2.do,
  dC2: back2.dc,
  df2: back2.df,
  di2: back2.di,
  "\\partial C_2 \\odot f_2": back2.dcPrev,
  dg2: back2.dg,
  "\\partial f_2 + \\partial i_2 + \\partial \\tilde C_2 + \\partial o_2": add(
    back2.df,
    back2.di,
    back2.dg,
    back2.do,
  ),
  "\\partial z_{f_2}": back2.dz.f,
  "\\partial z_{i_2}": back2.dz.i,
  "\\partial z_{c_2}": back2.dz.g,
  "\\partial z_{o_2}": back2.dz.o,
  dz2: overGates(back2.dz),
  dh1: back2.dhPrev,
  dC1: back1.dc,
  dz1: overGates(back1.dz),
} satisfies Record<string, Part>;
