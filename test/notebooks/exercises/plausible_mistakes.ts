// Wrong answers as people give them, worked out here with plain arithmetic and not from the exercises' own
// lists: wrong formula, swapped, sign, missed factor, wrong step, transposed, before or after the activation.

import type { Value } from "../../../notebooks/workbook/lecture/quantity.js";

type V = number[];
type M = number[][];

const map = (f: (value: number) => number) => (v: V) => v.map(f);
const zip = (f: (a: number, b: number) => number) => (a: V, b: V) => a.map((value, k) => f(value, b[k]));
const plus = (...terms: V[]) => terms.reduce(zip((a, b) => a + b));
const minus = zip((a, b) => a - b);
const times = (...factors: V[]) => factors.reduce(zip((a, b) => a * b));
const by = (factor: number, v: V) => v.map((value) => factor * value);
const mv = (W: M, v: V) => W.map((row) => row.reduce((sum, w, k) => sum + w * v[k], 0));
const T = (W: M) => W[0].map((_, j) => W.map((row) => row[j]));
const mtv = (W: M, v: V) => mv(T(W), v);
const mm = (A: M, B: M) => A.map((row) => mtv(B, row));
const out = (a: V, b: V) => a.map((ai) => by(ai, b));
const all = (f: (value: number) => number) => (W: M) => W.map(map(f));
const length = (v: V) => Math.hypot(...v);

const sig = (z: number) => 1 / (1 + Math.exp(-z));
const sigma = map(sig);
const tanh = map(Math.tanh);
const softmax = (z: V) => {
  const e = z.map(Math.exp);
  return by(1 / e.reduce((a, b) => a + b), e);
};
const one = map((value) => 1 - value);
/** s(1 − s) and 1 − t², of what the activation has given. */
const ds = map((s) => s * (1 - s));
const dt = map((t) => 1 - t * t);
const neg = map((value) => -value);
const swapped = (v: V) => [...v].reverse();

const W = [
  [0.1, 0.2],
  [0.3, 0.4],
];
const b = [0.1, 0.1];
const Why = [
  [0.2, 0.3],
  [0.4, 0.5],
];
const bias = [0.1, 0.2];
const [x1, x2, y] = [
  [1, 2],
  [2, 3],
  [1, 0],
];
const zero = [0, 0];
const Wsmall = [
  [0.1, 0.1],
  [0.1, 0.1],
];

// The plain RNN.
const rz1 = plus(mv(W, x1), b);
const rh1 = tanh(rz1);
const rz2 = plus(mv(W, x2), mv(Wsmall, rh1), b);
const rh2 = tanh(rz2);
const rHat = softmax(plus(mv(Why, rh2), bias));
const rdh2 = mtv(Why, minus(rHat, y));
const rdz2 = times(rdh2, dt(rh2));
const rdh1 = mtv(Wsmall, rdz2);

// The LSTM with tied gates.
const z1 = plus(mv(W, x1), b);
const [s1, g1] = [sigma(z1), tanh(z1)];
const C1 = times(s1, g1);
const h1 = times(s1, tanh(C1));
const z2 = plus(mv(W, x2), mv(W, h1), b);
const [s2, g2] = [sigma(z2), tanh(z2)];
const C2 = plus(times(s2, C1), times(s2, g2));
const tC2 = tanh(C2);
const h2 = times(s2, tC2);
const logit = plus(mv(Why, h2), bias);
const yHat = softmax(logit);
const e = minus(yHat, y);
const dh2 = mtv(Why, e);
const dO2 = times(dh2, tC2);
const dC2 = times(dh2, s2, dt(tC2));
const [dF2, dI2, dG2] = [times(dC2, C1), times(dC2, g2), times(dC2, s2)];
const [zf, zi, zg, zo] = [times(dF2, ds(s2)), times(dI2, ds(s2)), times(dG2, dt(g2)), times(dO2, ds(s2))];
const dz2 = plus(zf, zi, zg, zo);
const dh1 = mtv(W, dz2);
const dCprev = times(dC2, s2);
const dC1 = plus(dCprev, times(dh1, s1, dt(tanh(C1))));
const dz1 = plus(times(dh1, tanh(C1), ds(s1)), times(dC1, g1, ds(s1)), times(dC1, s1, dt(g1)));
const next = [0.02, 0.01];
const [W1, W2] = [out(dz1, x1), out(dz2, x2)];
const Wsum = W1.map((row, k) => plus(row, W2[k]));
const size = (A: M) => length(A.flat());

// Notebook 09: three classes, and a batch of two rows.
const z3 = [0.2, 1.1, -0.4];
const p = softmax(z3);
const jac = p.map((pi, i) => p.map((pj, j) => (i === j ? pi * (1 - pi) : -pi * pj)));
const third = [0, 0, 1];
const e3 = minus(p, third);
const hh = [0.4926, 0.8001];
const H = [hh, [0.2152, 0.4347]];
const Y = [
  [1, 0],
  [0, 1],
];
const Wv = T(Why);
const P = mm(H, Wv).map((row) => softmax(plus(row, bias)));
const dZ = P.map((row, k) => minus(row, Y[k]));

/** The exercise, what went wrong, and the answer that it leads to. */
export const plausibleMistakes: [id: string, what: string, answer: Value][] = [
  ["00-1", "components swapped", [1.1, 0.5]],
  ["00-1", "sign", [-0.5, -1.1]],
  ["00-1", "columns for rows", mtv(W, x1)],
  ["00-1", "bias added", z1],
  ["00-1", "component by component with the diagonal", [0.1, 0.8]],
  ["00-1", "the last term of each sum only", [0.4, 0.8]],
  ["00-1", "the first term of each sum only", [0.1, 0.3]],
  ["00-1", "NumPy's *, a matrix", [times(W[0], x1), times(W[1], x1)]],
  ["00-1", "all added up", 1.6],
  ["00-1", "gone on to tanh", tanh([0.5, 1.1])],
  ["00-1", "gone on to the gate", s1],
  ["00-1", "the second input", mv(W, x2)],
  ["00-1", "x₁ with its components swapped", mv(W, [2, 1])],
  ["00-1", "rows added up, without x₁", [0.3, 0.7]],

  ["01-1", "bias missing", tanh(mv(W, x1))],
  ["01-1", "bias subtracted", tanh(minus(mv(W, x1), b))],
  ["01-1", "bias twice", tanh(plus(z1, b))],
  ["01-1", "bias after tanh", plus(tanh(mv(W, x1)), b)],
  ["01-1", "before tanh", z1],
  ["01-1", "tanh twice", tanh(tanh(z1))],
  ["01-1", "sigmoid", sigma(z1)],
  ["01-1", "softmax", softmax(z1)],
  ["01-1", "transposed", tanh(plus(mtv(W, x1), b))],
  ["01-1", "h₀ of ones", tanh(plus(z1, mv(Wsmall, [1, 1])))],
  ["01-1", "the second input", tanh(plus(mv(W, x2), b))],
  ["01-1", "a step too far, h₂", rh2],
  ["01-1", "the slope", dt(rh1)],
  ["01-1", "swapped", swapped(rh1)],
  ["01-1", "sign", neg(rh1)],
  ["01-1", "W_h in place of W_x", tanh(plus(mv(Wsmall, x1), b))],

  ["01-2", "nothing comes of silence", zero],
  ["01-2", "the state kept", rh1],
  ["01-2", "bias missing", tanh(mv(Wsmall, rh1))],
  ["01-2", "before tanh", plus(mv(Wsmall, rh1), b)],
  ["01-2", "past missing", tanh(b)],
  ["01-2", "W_h missing", tanh(plus(rh1, b))],
  ["01-2", "the lecture's second input", rh2],
  ["01-2", "the first input again", tanh(plus(mv(W, x1), mv(Wsmall, rh1), b))],
  ["01-2", "W_x in place of W_h", tanh(plus(mv(W, rh1), b))],
  ["01-2", "bias twice", tanh(plus(mv(Wsmall, rh1), b, b))],
  ["01-2", "bias after tanh", plus(tanh(mv(Wsmall, rh1)), b)],
  ["01-2", "sigmoid", sigma(plus(mv(Wsmall, rh1), b))],
  ["01-2", "z₁ in place of h₁", tanh(plus(mv(Wsmall, rz1), b))],
  ["01-2", "one component only", tanh(plus(mv(Wsmall, rh1), b))[0]],
  ["01-2", "a step too far, h₃", tanh(plus(mv(Wsmall, tanh(plus(mv(Wsmall, rh1), b))), b))],

  ["01-3", "once a step", 4500],
  ["01-3", "no bias", 40],
  ["01-3", "no W_h", 20],
  ["01-3", "no W_x", 30],
  ["01-3", "W_h as wide as the input", 29],
  ["01-3", "two biases", 50],
  ["01-3", "an MLP on all inputs", 1505],
  ["01-3", "W_x alone", 15],
  ["01-3", "W_h alone", 25],
  ["01-3", "as many as an LSTM", 180],
  ["01-3", "one bias for all", 41],
  ["01-3", "a bias for each input too", 48],
  ["01-3", "the units and inputs counted", 8],
  ["01-3", "one off", 46],

  ["01-4", "inverse", 1 / dt(rh1)[0]],
  ["01-4", "z put in", 1 - 0.6 ** 2],
  ["01-4", "the sigmoid's slope", ds(rh1)[0]],
  ["01-4", "the sigmoid's slope at z", sig(0.6) * (1 - sig(0.6))],
  ["01-4", "no square", 1 - rh1[0]],
  ["01-4", "the square", rh1[0] ** 2],
  ["01-4", "the output", rh1[0]],
  ["01-4", "the second unit", dt(rh1)[1]],
  ["01-4", "both units", dt(rh1)],
  ["01-4", "plus for minus", 1 + rh1[0] ** 2],
  ["01-4", "tanh twice", 1 - Math.tanh(rh1[0]) ** 2],
  ["01-4", "sign", -dt(rh1)[0]],
  ["01-4", "the root", Math.sqrt(dt(rh1)[0])],

  ["02-1", "slope missing", mtv(Wsmall, rdh2)],
  ["02-1", "divided by the slope", mtv(Wsmall, zip((a, c) => a / c)(rdh2, dt(rh2)))],
  ["02-1", "slope of t = 1", mtv(Wsmall, times(rdh2, dt(rh1)))],
  ["02-1", "sigmoid's slope", mtv(Wsmall, times(rdh2, ds(rh2)))],
  ["02-1", "no square in the slope", mtv(Wsmall, times(rdh2, one(rh2)))],
  ["02-1", "z in the slope", mtv(Wsmall, times(rdh2, dt(rz2)))],
  ["02-1", "stopped at z₂", rdz2],
  ["02-1", "through W_x", mtv(W, rdz2)],
  ["02-1", "sign", neg(rdh1)],
  ["02-1", "a step too far, ∂z₁", times(rdh1, dt(rh1))],
  ["02-1", "a step too far, ∂h₀", mtv(Wsmall, times(rdh1, dt(rh1)))],
  ["02-1", "not moved, ∂h₂", rdh2],
  ["02-1", "the error of the logits", minus(rHat, y)],
  ["02-1", "the mean of two", by(0.5, rdh1)],
  ["02-1", "the weights' gradient", out(rdz2, rh1)],
  ["02-1", "without the dense layer", mtv(Wsmall, times(minus(rHat, y), dt(rh2)))],
  ["02-1", "the slope, too, of tanh's output twice", mtv(Wsmall, times(rdh2, dt(rh2), dt(rh2)))],

  ["02-2", "the bound", 9],
  ["02-2", "one step carried on", 5],
  ["02-2", "one too many", 7],

  ["04-1", "columns swapped", sig(0.8 * 2 - 0.5 * 0.5 + 1)],
  ["04-1", "bias missing", sig(-0.6)],
  ["04-1", "bias after the sigmoid", sig(-0.6) + 1],
  ["04-1", "bias subtracted", sig(-1.6)],
  ["04-1", "before the sigmoid", 0.4],
  ["04-1", "tanh", Math.tanh(0.4)],
  ["04-1", "what is forgotten", sig(-0.4)],
  ["04-1", "past missing", sig(-0.5 * 2 + 1)],
  ["04-1", "input missing", sig(0.8 * 0.5 + 1)],
  ["04-1", "the minus lost", sig(0.4 + 1 + 1)],
  ["04-1", "the slope", sig(0.4) * sig(-0.4)],
  ["04-1", "sigmoid twice", sig(sig(0.4))],
  ["04-1", "e^−z alone", Math.exp(-0.4)],
  ["04-1", "in percent", 100 * sig(0.4)],

  ["04-2", "the old memory", 0.8],
  ["04-2", "both", 0.5],
  ["04-2", "nothing", 0],
  ["04-2", "tanh once more", Math.tanh(-0.3)],
  ["04-2", "sign", 0.3],
  ["04-2", "multiplied", -0.24],
  ["04-2", "difference", 1.1],
  ["04-2", "half of each", 0.25],

  ["04-3", "tanh missing", 0.6],
  ["04-3", "tanh last", Math.tanh(0.6)],
  ["04-3", "gate missing", Math.tanh(1.2)],
  ["04-3", "sigmoid for tanh", 0.5 * sig(1.2)],
  ["04-3", "the gate through a sigmoid", sig(0.5) * Math.tanh(1.2)],
  ["04-3", "divided by the gate", Math.tanh(1.2) / 0.5],
  ["04-3", "the cell state", 1.2],
  ["04-3", "added", 0.5 + Math.tanh(1.2)],
  ["04-3", "the slope of tanh", 0.5 * (1 - Math.tanh(1.2) ** 2)],
  ["04-3", "sign", -0.5 * Math.tanh(1.2)],
  ["04-3", "the gate alone", 0.5],

  ["04-4", "the share itself", 0.9],
  ["04-4", "σ(0.9)", sig(0.9)],
  ["04-4", "sign", -Math.log(9)],
  ["04-4", "tanh's inverse", Math.atanh(0.9)],
  ["04-4", "ln 0.9", Math.log(0.9)],
  ["04-4", "base 10", Math.log10(9)],
  ["04-4", "base 2", Math.log2(9)],
  ["04-4", "no logarithm", 9],
  ["04-4", "upside down, no logarithm", 1 / 9],
  ["04-4", "ln 10", Math.log(10)],
  ["04-4", "the slope there", 0.09],

  ["04-5", "one gate", 10],
  ["04-5", "three gates", 30],
  ["04-5", "five", 50],
  ["04-5", "no biases", 32],
  ["04-5", "two biases", 48],
  ["04-5", "one matrix a gate", 24],
  ["04-5", "W_x only", 16],
  ["04-5", "tied biases", 34],
  ["04-5", "one bias a gate", 36],
  ["04-5", "twice", 80],
  ["04-5", "the dense layer too", 46],

  ["05-1", "bias missing", sigma(mv(W, x1))],
  ["05-1", "bias twice", sigma(plus(z1, b))],
  ["05-1", "bias subtracted", sigma(minus(mv(W, x1), b))],
  ["05-1", "bias after the sigmoid", plus(sigma(mv(W, x1)), b)],
  ["05-1", "before the sigmoid", z1],
  ["05-1", "tanh", g1],
  ["05-1", "softmax", softmax(z1)],
  ["05-1", "transposed", sigma(plus(mtv(W, x1), b))],
  ["05-1", "swapped", swapped(s1)],
  ["05-1", "what is forgotten", one(s1)],
  ["05-1", "sign", neg(s1)],
  ["05-1", "the slope", ds(s1)],
  ["05-1", "sigmoid twice", sigma(s1)],
  ["05-1", "the second step's gate", s2],
  ["05-1", "the second input", sigma(plus(mv(W, x2), b))],
  ["05-1", "one component", s1[0]],

  ["05-2", "candidate alone", g1],
  ["05-2", "tanh missing", times(s1, z1)],
  ["05-2", "sigmoid for the candidate", times(s1, s1)],
  ["05-2", "f₁ added", plus(s1, C1)],
  ["05-2", "gate added", plus(s1, g1)],
  ["05-2", "a step too far", tanh(C1)],
  ["05-2", "two steps too far, h₁", h1],
  ["05-2", "swapped", swapped(C1)],
  ["05-2", "sign", neg(C1)],
  ["05-2", "the gate alone", s1],
  ["05-2", "1 − f as the input gate", times(one(s1), g1)],
  ["05-2", "three gates multiplied", times(s1, s1, g1)],
  ["05-2", "no bias", times(sigma(mv(W, x1)), tanh(mv(W, x1)))],
  ["05-2", "transposed", times(sigma(plus(mtv(W, x1), b)), tanh(plus(mtv(W, x1), b)))],
  ["05-2", "the second step", C2],
  ["05-2", "f₁ kept of itself", times(s1, plus(s1, g1))],

  ["05-3", "tanh missing", times(s1, C1)],
  ["05-3", "gate missing", tanh(C1)],
  ["05-3", "tanh last", tanh(times(s1, C1))],
  ["05-3", "candidate for the cell state", times(s1, g1)],
  ["05-3", "tanh of the candidate", times(s1, tanh(g1))],
  ["05-3", "sigmoid for tanh", times(s1, sigma(C1))],
  ["05-3", "gate added", plus(s1, tanh(C1))],
  ["05-3", "the gate alone", s1],
  ["05-3", "the cell state", C1],
  ["05-3", "swapped", swapped(h1)],
  ["05-3", "sign", neg(h1)],
  ["05-3", "the second step", h2],
  ["05-3", "1 − o", times(one(s1), tanh(C1))],
  ["05-3", "the slope of tanh", times(s1, dt(tanh(C1)))],

  ["05-4", "past missing", plus(mv(W, x2), b)],
  ["05-4", "bias missing", plus(mv(W, x2), mv(W, h1))],
  ["05-4", "bias twice", plus(z2, b)],
  ["05-4", "bias subtracted", minus(z2, by(2, b))],
  ["05-4", "C₁ for h₁", plus(mv(W, x2), mv(W, C1), b)],
  ["05-4", "the first input", plus(mv(W, x1), mv(W, h1), b)],
  ["05-4", "W_h transposed", plus(mv(W, x2), mtv(W, h1), b)],
  ["05-4", "W_x transposed", plus(mtv(W, x2), mv(W, h1), b)],
  ["05-4", "both transposed", plus(mtv(W, x2), mtv(W, h1), b)],
  ["05-4", "W_h missing", plus(mv(W, x2), h1, b)],
  ["05-4", "input missing", plus(mv(W, h1), b)],
  ["05-4", "a step too far, σ", s2],
  ["05-4", "a step too far, tanh", g2],
  ["05-4", "swapped", swapped(z2)],
  ["05-4", "sign", neg(z2)],
  ["05-4", "the first step", z1],
  ["05-4", "W_x x₂ alone", mv(W, x2)],
  ["05-4", "the RNN's z₂", rz2],

  ["05-5", "past missing", times(s2, g2)],
  ["05-5", "forget gate missing", plus(C1, times(s2, g2))],
  ["05-5", "f₁ for f₂", plus(times(s1, C1), times(s2, g2))],
  ["05-5", "h₁ for C₁", plus(times(s2, h1), times(s2, g2))],
  ["05-5", "input gate missing", plus(times(s2, C1), g2)],
  ["05-5", "tanh missing", plus(times(s2, C1), times(s2, z2))],
  ["05-5", "sigmoid for the candidate", plus(times(s2, C1), times(s2, s2))],
  ["05-5", "forget gate on all", times(s2, plus(C1, times(s2, g2)))],
  ["05-5", "the first candidate", plus(times(s2, C1), times(s2, g1))],
  ["05-5", "the first step's news", plus(times(s2, C1), times(s1, g1))],
  ["05-5", "new missing", times(s2, C1)],
  ["05-5", "coupled gates", plus(times(s2, C1), times(one(s2), g2))],
  ["05-5", "gates changed places", plus(times(one(s2), C1), times(s2, g2))],
  ["05-5", "subtracted", minus(times(s2, g2), times(s2, C1))],
  ["05-5", "both gates missing", plus(C1, g2)],
  ["05-5", "a step too far, tanh", tC2],
  ["05-5", "two steps too far, h₂", h2],
  ["05-5", "swapped", swapped(C2)],
  ["05-5", "sign", neg(C2)],
  ["05-5", "the first step", C1],

  ["05-6", "tanh missing", times(s2, C2)],
  ["05-6", "gate missing", tC2],
  ["05-6", "o₁ for o₂", times(s1, tC2)],
  ["05-6", "C₁ for C₂", times(s2, tanh(C1))],
  ["05-6", "tanh last", tanh(times(s2, C2))],
  ["05-6", "candidate for the cell state", times(s2, g2)],
  ["05-6", "sigmoid for tanh", times(s2, sigma(C2))],
  ["05-6", "gate added", plus(s2, tC2)],
  ["05-6", "the cell state", C2],
  ["05-6", "the gate", s2],
  ["05-6", "the first step", h1],
  ["05-6", "swapped", swapped(h2)],
  ["05-6", "sign", neg(h2)],
  ["05-6", "1 − o", times(one(s2), tC2)],

  ["05-7", "sigmoid", sigma(logit)],
  ["05-7", "bias missing", softmax(mv(Why, h2))],
  ["05-7", "logits", logit],
  ["05-7", "logits without bias", mv(Why, h2)],
  ["05-7", "divided by the sum", by(1 / (logit[0] + logit[1]), logit)],
  ["05-7", "transposed", softmax(plus(mtv(Why, h2), bias))],
  ["05-7", "h₁", softmax(plus(mv(Why, h1), bias))],
  ["05-7", "C₂", softmax(plus(mv(Why, C2), bias))],
  ["05-7", "e^logit", logit.map(Math.exp)],
  ["05-7", "swapped", swapped(yHat)],
  ["05-7", "sign", neg(yHat)],
  ["05-7", "a step too far, ŷ − y", e],
  ["05-7", "the logarithms", yHat.map(Math.log)],
  ["05-7", "softmax twice", softmax(yHat)],
  ["05-7", "softmax of −logit", softmax(neg(logit))],
  ["05-7", "tanh", tanh(logit)],
  ["05-7", "the loss", -Math.log(yHat[0])],
  ["05-7", "the first class alone", yHat[0]],

  ["05-8", "sign", Math.log(yHat[0])],
  ["05-8", "base 2", -Math.log2(yHat[0])],
  ["05-8", "base 10", -Math.log10(yHat[0])],
  ["05-8", "the other class", -Math.log(yHat[1])],
  ["05-8", "both classes", -Math.log(yHat[0] * yHat[1])],
  ["05-8", "mean over the classes", -Math.log(yHat[0]) / 2],
  ["05-8", "1 − ŷ₁", 1 - yHat[0]],
  ["05-8", "squared error", e[0] ** 2 + e[1] ** 2],
  ["05-8", "mean squared error", (e[0] ** 2 + e[1] ** 2) / 2],
  ["05-8", "half the squared error", 0.5 * e[0] ** 2],
  ["05-8", "the probability", yHat[0]],
  ["05-8", "absolute error", Math.abs(e[0]) + Math.abs(e[1])],
  ["05-8", "the logit", -logit[0]],
  ["05-8", "entropy", -yHat.reduce((sum, q) => sum + q * Math.log(q), 0)],
  ["05-8", "sigmoid and binary", -Math.log(sig(logit[0]))],

  ["05-9", "as printed", 0.8711],
  ["05-9", "exact value", 0.8701],
  ["05-9", "another slip", 0.3335],
  ["05-9", "another slip", 0.5655],
  ["05-9", "another slip", 0.9726],
  ["05-9", "off by one in the last digit", 0.5733],
  ["05-9", "the difference", 0.0008],
  ["05-9", "the cell state that it goes into", 1.4432],

  ["06-1", "tanh missing", times(dh2, C2)],
  ["06-1", "the gate itself", times(dh2, s2)],
  ["06-1", "a step too far", zo],
  ["06-1", "the slope of tanh", times(dh2, dt(tC2))],
  ["06-1", "h₂ as the factor", times(dh2, h2)],
  ["06-1", "the factor alone", tC2],
  ["06-1", "not moved", dh2],
  ["06-1", "from ∂C₂", times(dC2, tC2)],
  ["06-1", "C₁ as the factor", times(dh2, tanh(C1))],
  ["06-1", "sigmoid's slope in place of tanh(C)", times(dh2, ds(s2))],
  ["06-1", "swapped", swapped(dO2)],
  ["06-1", "sign", neg(dO2)],
  ["06-1", "divided", zip((a, c) => a / c)(dh2, tC2)],
  ["06-1", "from the error", times(e, tC2)],

  ["06-2", "∂C_next missing", dC2],
  ["06-2", "∂C_next alone", next],
  ["06-2", "slope missing", plus(next, times(dh2, s2))],
  ["06-2", "gate missing", plus(next, times(dh2, dt(tC2)))],
  ["06-2", "C in the slope", plus(next, times(dh2, s2, dt(C2)))],
  ["06-2", "h₂ in the slope", plus(next, times(dh2, s2, dt(h2)))],
  ["06-2", "no square", plus(next, times(dh2, s2, one(tC2)))],
  ["06-2", "sigmoid's slope", plus(next, times(dh2, s2, ds(tC2)))],
  ["06-2", "f₂ on ∂C_next", plus(times(next, s2), dC2)],
  ["06-2", "subtracted", minus(dC2, next)],
  ["06-2", "multiplied", times(dC2, next)],
  ["06-2", "gate and slope missing", plus(next, dh2)],
  ["06-2", "tanh(C) for the slope", plus(next, times(dh2, s2, tC2))],
  ["06-2", "the first step's gate", plus(next, times(dh2, s1, dt(tC2)))],
  ["06-2", "∂C_next through the slope too", times(plus(next, times(dh2, s2)), dt(tC2))],
  ["06-2", "swapped", swapped(plus(next, dC2))],
  ["06-2", "sign", neg(plus(next, dC2))],

  ["06-3", "C₂ for C₁", times(dC2, C2)],
  ["06-3", "the candidate", dI2],
  ["06-3", "h₁ for C₁", times(dC2, h1)],
  ["06-3", "from ∂h₂", times(dh2, C1)],
  ["06-3", "a step too far", zf],
  ["06-3", "the gate itself", times(dC2, s2)],
  ["06-3", "tanh(C₁)", times(dC2, tanh(C1))],
  ["06-3", "the factor alone", C1],
  ["06-3", "not moved", dC2],
  ["06-3", "swapped", swapped(dF2)],
  ["06-3", "sign", neg(dF2)],
  ["06-3", "C₀ for C₁", zero],
  ["06-3", "the output gate's", dO2],

  ["06-4", "slope missing", dI2],
  ["06-4", "the forget gate's", zf],
  ["06-4", "tanh's slope", times(dI2, dt(s2))],
  ["06-4", "half of the slope", times(dI2, s2)],
  ["06-4", "the other half", times(dI2, one(s2))],
  ["06-4", "z in the slope", times(dI2, ds(z2))],
  ["06-4", "the first candidate", times(dC2, g1, ds(s2))],
  ["06-4", "from ∂h₂", times(dh2, g2, ds(s2))],
  ["06-4", "the gate for the candidate", times(dC2, s2, ds(s2))],
  ["06-4", "the slope of the first step", times(dI2, ds(s1))],
  ["06-4", "candidate missing", times(dC2, ds(s2))],
  ["06-4", "the output gate's", zo],
  ["06-4", "swapped", swapped(zi)],
  ["06-4", "sign", neg(zi)],
  ["06-4", "divided by the slope", zip((a, c) => a / c)(dI2, ds(s2))],

  ["06-5", "slope missing", dG2],
  ["06-5", "sigmoid's slope", times(dG2, ds(g2))],
  ["06-5", "divided by the slope", zip((a, c) => a / c)(dG2, dt(g2))],
  ["06-5", "no square", times(dG2, one(g2))],
  ["06-5", "tanh twice", times(dG2, dt(tanh(g2)))],
  ["06-5", "the candidate itself", times(dC2, g2, dt(g2))],
  ["06-5", "gate missing", times(dC2, dt(g2))],
  ["06-5", "z in the slope", times(dG2, dt(z2))],
  ["06-5", "tanh(C₂) in the slope", times(dG2, dt(tC2))],
  ["06-5", "from ∂h₂", times(dh2, s2, dt(g2))],
  ["06-5", "the gate's slope", times(dG2, ds(s2))],
  ["06-5", "the gate in tanh's slope", times(dG2, dt(s2))],
  ["06-5", "the input gate's", zi],
  ["06-5", "swapped", swapped(zg)],
  ["06-5", "sign", neg(zg)],

  ["06-6", "all slopes missing", plus(dF2, dI2, dG2, dO2)],
  ["06-6", "σ′ missing on f", plus(dF2, zi, zg, zo)],
  ["06-6", "σ′ missing on o", plus(zf, zi, zg, dO2)],
  ["06-6", "tanh′ missing", plus(zf, zi, dG2, zo)],
  ["06-6", "sigmoid's slope for the candidate", plus(zf, zi, times(dG2, ds(g2)), zo)],
  ["06-6", "f missing", plus(zi, zg, zo)],
  ["06-6", "o missing", plus(zf, zi, zg)],
  ["06-6", "the candidate missing", plus(zf, zi, zo)],
  ["06-6", "i twice, f missing", plus(zi, zi, zg, zo)],
  ["06-6", "f twice, i missing", plus(zf, zf, zg, zo)],
  ["06-6", "mean", by(0.25, dz2)],
  ["06-6", "product", times(zf, zi, zg, zo)],
  ["06-6", "swapped", swapped(dz2)],
  ["06-6", "sign", neg(dz2)],
  ["06-6", "one gate only", zg],
  ["06-6", "the cell's three, without the hidden path", plus(zf, zi, zg)],
  ["06-6", "a step too far, ∂h₁", dh1],
  ["06-6", "the first step's", dz1],
  ["06-6", "σ′ on all four", plus(zf, zi, times(dG2, ds(s2)), zo)],

  ["06-7", "transposed", out(x2, dz2)],
  ["06-7", "the first input", out(dz2, x1)],
  ["06-7", "∂W_h", out(dz2, h1)],
  ["06-7", "component by component", times(dz2, x2)],
  ["06-7", "one gate only", out(zo, x2)],
  ["06-7", "both steps", Wsum],
  ["06-7", "the first step", W1],
  ["06-7", "a number", dz2[0] * x2[0] + dz2[1] * x2[1]],
  ["06-7", "sign", all((a) => -a)(W2)],
  ["06-7", "with the update's rate", all((a) => 0.1 * a)(W2)],
  ["06-7", "of the gates, without slopes", out(plus(dF2, dI2, dG2, dO2), x2)],
  ["06-7", "rows swapped", [W2[1], W2[0]]],
  ["06-7", "with h₂", out(dz2, h2)],
  ["06-7", "of ∂h₂", out(dh2, x2)],
  ["06-7", "of ∂C₂", out(dC2, x2)],
  ["06-7", "without the input", out(dz2, [1, 1])],

  ["06-8", "not transposed", mv(W, dz2)],
  ["06-8", "nothing carried", zero],
  ["06-8", "one gate only", mtv(W, zf)],
  ["06-8", "another slope", mtv(W, times(dz2, dt(h2)))],
  ["06-8", "from ∂h₂", mtv(W, dh2)],
  ["06-8", "the cell state's road", times(dh2, s2)],
  ["06-8", "from ∂C₂", mtv(W, dC2)],
  ["06-8", "not moved, ∂z₂", dz2],
  ["06-8", "swapped", swapped(dh1)],
  ["06-8", "sign", neg(dh1)],
  ["06-8", "a step too far, ∂o₁", times(dh1, tanh(C1))],
  ["06-8", "both roads", plus(dh1, dCprev)],
  ["06-8", "W_hy for W_h", mtv(Why, dz2)],
  ["06-8", "of the gates, without slopes", mtv(W, plus(dF2, dI2, dG2, dO2))],
  ["06-8", "∂C_prev", dCprev],

  ["06-9", "gate missing", dC2],
  ["06-9", "nothing carried", zero],
  ["06-9", "the gate's slope", times(dC2, ds(s2))],
  ["06-9", "from ∂h₂", times(dh2, s2)],
  ["06-9", "∂f₂", dF2],
  ["06-9", "the first step's gate", times(dC2, s1)],
  ["06-9", "through a matrix", mtv(W, dC2)],
  ["06-9", "all of ∂C₁", dC1],
  ["06-9", "1 − f", times(dC2, one(s2))],
  ["06-9", "swapped", swapped(dCprev)],
  ["06-9", "sign", neg(dCprev)],
  ["06-9", "divided", zip((a, c) => a / c)(dC2, s2)],
  ["06-9", "added", plus(dC2, s2)],
  ["06-9", "tanh's slope too", times(dC2, s2, dt(tC2))],

  ["06-10", "as printed", 0.04],
  ["06-10", "exact value", dC1[0]],
  ["06-10", "the other component", 0.026],
  ["06-10", "slope missing", 0.0347 + 0.0083 * 0.6457],
  ["06-10", "∂C_next missing", 0.0083 * 0.6457 * (1 - 0.3333 ** 2)],
  ["06-10", "the difference", 0.0005],
  ["06-10", "no square", 0.0347 + 0.0083 * 0.6457 * (1 - 0.3333)],
  ["06-10", "gate missing", 0.0347 + 0.0083 * (1 - 0.3333 ** 2)],

  ["06-11", "upside down", size(W2) / size(W1)],
  ["06-11", "of the sum", size(W1) / size(Wsum)],
  ["06-11", "no root", (size(W1) / size(W2)) ** 2],
  ["06-11", "of ∂z", length(dz1) / length(dz2)],
  ["06-11", "in percent", (100 * size(W1)) / size(W2)],
  ["06-11", "of the sizes added", size(W1) / (size(W1) + size(W2))],
  ["06-11", "the norm alone", size(W1)],
  ["06-11", "what is left of ∂h", length(dh1) / length(dh2)],
  ["06-11", "the part of t = 2", 1 - size(W1) / size(W2)],
  ["06-11", "of ∂b", length(dz1) / length(dz2)],
  ["06-11", "what is left of ∂C", length(dC1) / length(dC2)],
  ["06-11", "the first elements", W1[0][0] / W2[0][0]],
  ["06-11", "the matrix of shares", W1.map((row, i) => row.map((w, j) => w / W2[i][j]))],
  ["06-11", "the RNN's", size(out(times(rdh1, dt(rh1)), x1)) / size(out(rdz2, x2))],

  ["07-1", "the tied update", 0.7607],
  ["07-1", "before the update", 0.8884],
  ["07-2", "from zero", 1],
  ["07-2", "one too many", 3],

  ["09-1", "sign", neg(ds(p))],
  ["09-1", "case 2", p.map((q) => -q * q)],
  ["09-1", "squares", p.map((q) => q * q)],
  ["09-1", "sigmoid", ds(sigma(z3))],
  ["09-1", "numerator only", p],
  ["09-1", "tanh's slope", dt(p)],
  ["09-1", "1 − ŷ", one(p)],
  ["09-1", "order", [ds(p)[1], ds(p)[0], ds(p)[2]]],
  ["09-1", "of z", ds(z3)],
  ["09-1", "the Jacobian", jac],
  ["09-1", "e^z", z3.map(Math.exp)],
  ["09-1", "1/ŷ", p.map((q) => 1 / q)],

  ["09-2", "case 2 everywhere", p.map((pi) => p.map((pj) => -pi * pj))],
  ["09-2", "sign off the diagonal", jac.map((row, i) => row.map((v, j) => (i === j ? v : -v)))],
  ["09-2", "all signs", all((v) => -v)(jac)],
  ["09-2", "diagonal only", jac.map((row, i) => row.map((v, j) => (i === j ? v : 0)))],
  ["09-2", "case 1 everywhere", p.map((pi) => p.map((pj) => pi * (1 - pj)))],
  ["09-2", "products, no sign", p.map((pi) => p.map((pj) => pi * pj))],
  ["09-2", "the diagonal as a vector", ds(p)],
  ["09-2", "ŷ on the diagonal", jac.map((row, i) => row.map((v, j) => (i === j ? p[i] : v)))],
  ["09-2", "sigmoid's diagonal", jac.map((row, i) => row.map((_, j) => (i === j ? ds(sigma(z3))[i] : 0)))],

  ["09-3", "order", out(hh, e3)],
  ["09-3", "sign", out(neg(e3), hh)],
  ["09-3", "target missing", out(p, hh)],
  ["09-3", "another target", out(minus(p, [1, 0, 0]), hh)],
  ["09-3", "sigmoid", out(minus(sigma(z3), third), hh)],
  ["09-3", "stopped at ŷ", out([0, 0, -1 / p[2]], hh)],
  ["09-3", "slope twice", out(times(e3, ds(p)), hh)],
  ["09-3", "input missing", out(e3, [1, 1])],
  ["09-3", "the logits for ŷ", out(minus(z3, third), hh)],
  ["09-3", "mean over classes", all((v) => v / 3)(out(e3, hh))],
  ["09-3", "rows in another order", [out(e3, hh)[2], out(e3, hh)[1], out(e3, hh)[0]]],

  ["09-4", "V not transposed", mm(dZ, Wv)],
  ["09-4", "order", mm(Wv, dZ)],
  ["09-4", "one column a sample", T(mm(dZ, T(Wv)))],
  ["09-4", "sign", all((v) => -v)(mm(dZ, T(Wv)))],
  ["09-4", "target missing", mm(P, T(Wv))],
  ["09-4", "mean", all((v) => v / 2)(mm(dZ, T(Wv)))],
  ["09-4", "one sample", mtv(Why, dZ[0])],
  ["09-4", "samples changed places", [...mm(dZ, T(Wv))].reverse()],
  ["09-4", "the error itself", dZ],

  ["09-5", "order", mm(T(dZ), H)],
  ["09-5", "H not transposed", mm(H, dZ)],
  ["09-5", "mean", all((v) => v / 2)(mm(T(H), dZ))],
  ["09-5", "the first sample", out(H[0], dZ[0])],
  ["09-5", "sign", all((v) => -v)(mm(T(H), dZ))],
  ["09-5", "target missing", mm(T(H), P)],
  ["09-5", "dZ transposed too", mm(T(H), T(dZ))],
  ["09-5", "the error itself", dZ],
];
