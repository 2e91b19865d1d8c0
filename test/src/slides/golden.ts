// The golden vectors: every exact value of the slides' vectors against what a library computes. The library
// is passed in, so that the same assertions judge the real one and its mutants.

import { readFileSync } from "node:fs";
import type * as unrolled from "../../../src/index.js";

export type Library = typeof unrolled;
type Tree = number | readonly Tree[] | { readonly [key: string]: Tree };
type Matrix = unrolled.Matrix;
type Vector = unrolled.Vector;

/** A vector file: what goes in, and what must come out. */
interface GateFile {
  f: unrolled.CellParameters;
  i: unrolled.CellParameters;
  c: unrolled.CellParameters;
  o: unrolled.CellParameters;
}
interface DeckInputs {
  Wx: Matrix;
  Wh: Matrix;
  b: Vector;
  Why: Matrix;
  by: Vector;
  x: Matrix;
  y: Vector;
  eta: number;
}

export function vectorFile<T>(name: string): T {
  const file = new URL(`../../../notebooks/workbook/data/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/** How many numbers a tree holds. */
export function countNumbers(tree: Tree): number {
  if (typeof tree === "number") return 1;
  return Object.values(tree).reduce((sum: number, branch: Tree) => sum + countNumbers(branch), 0);
}

/**
 * Both trees have the same keys and lengths, and every number agrees to 1e-12 of its size (1e-15 for a zero).
 *
 * @returns how many numbers were compared
 */
export function compare(path: string, computed: Tree, exact: Tree): number {
  if (typeof exact === "number") {
    const tolerance = exact === 0 ? 1e-15 : 1e-12 * Math.abs(exact);
    if (typeof computed === "number" && Math.abs(computed - exact) <= tolerance) return 1;
    throw new Error(`${path}: computed ${JSON.stringify(computed)}, exact ${exact}`);
  }
  const [keys, exactKeys] = [Object.keys(computed), Object.keys(exact)];
  const differing = [...keys, ...exactKeys].filter((key) => !(keys.includes(key) && exactKeys.includes(key)));
  if (differing.length > 0) throw new Error(`${path}: ${differing.join(", ")} on one side only`);
  return exactKeys.reduce(
    (sum, key) =>
      sum +
      compare(
        `${path}.${key}`,
        (computed as Record<string, Tree>)[key],
        (exact as Record<string, Tree>)[key],
      ),
    0,
  );
}

/** The file without its inputs: all that must be computed. */
export function exactPart(file: object, inputs: string[]): Record<string, Tree> {
  const missing = inputs.filter((key) => !(key in file));
  if (missing.length > 0) throw new Error(`the vector file has no ${missing.join(", ")}`);
  return Object.fromEntries(Object.entries(file).filter(([key]) => !inputs.includes(key)));
}

/**
 * Rows of the gates stacked in PyTorch's order i, f, g, o, written down here independently of the library.
 */
function packed({ f, i, c, o }: GateFile): unrolled.PackedStateDict {
  return {
    weight_ih_l0: [...i.Wx, ...f.Wx, ...c.Wx, ...o.Wx],
    weight_hh_l0: [...i.Wh, ...f.Wh, ...c.Wh, ...o.Wh],
    bias_l0: [...i.b, ...f.b, ...c.b, ...o.b],
  };
}

/** The files call the candidate c; the library calls it g. */
function candidateAsC<T>({ f, i, g, o }: unrolled.PerGate<T>) {
  return { f, i, c: g, o };
}

function tree(value: object): Tree {
  return value as Tree;
}

function dense(library: Library, W: Matrix, b: Vector): unrolled.Dense {
  const head = new library.Dense({ inputSize: W[0].length, outputSize: W.length });
  head.loadStateDict({ weight: W, bias: b });
  return head;
}

function tiedDeck(library: Library) {
  const { inputs } = vectorFile<{ inputs: DeckInputs }>("deck_vectors");
  const layer = new library.LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true });
  layer.loadStateDict({ weight_x: inputs.Wx, weight_h: inputs.Wh, bias: inputs.b });
  const model = new library.SequenceClassifier({ layer, head: dense(library, inputs.Why, inputs.by) });
  return { inputs, model, sample: { x: inputs.x, y: inputs.y } };
}

function untiedDeck(library: Library) {
  const { inputs } = vectorFile<{ inputs: DeckInputs }>("deck_vectors");
  const layer = new library.LSTM({ inputSize: 2, hiddenSize: 2 });
  layer.loadStateDict(packed({ f: inputs, i: inputs, c: inputs, o: inputs }));
  const model = new library.SequenceClassifier({ layer, head: dense(library, inputs.Why, inputs.by) });
  return { inputs, model, sample: { x: inputs.x, y: inputs.y } };
}

/** The slides' network (tied gates, two steps, one loss): every line of slides 36 to 59. */
export function assertDeck(library: Library): number {
  const { add, crossEntropy, hadamard, matVec, SGD } = library;
  const { inputs, model, sample } = tiedDeck(library);
  const { Wx, Wh, Why, x, y, eta } = inputs;
  const tape = model.forward(sample);
  const gradients = model.backward(tape);
  const [s1, s2] = tape.layer.steps;
  const [g1, g2] = gradients.layer.steps;
  const [p1, p2] = gradients.layer.stepParameters;
  const total = gradients.layer.parameters;
  const output = tape.outputs[1]!;
  const exponentials = output.logits.map((z) => Math.exp(z));
  const overGates = ({ f, i, g, o }: unrolled.PerGate<Vector>) => add(f, i, g, o);

  const update = tiedDeck(library).model;
  new SGD(update, { lr: eta }).step(update.lossAndGradients(sample).gradients);
  const updated = { ...update.parameters.layer, ...update.parameters.head };

  const computed = {
    "Wx x1": matVec(Wx, x[0]),
    "Wh h0": matVec(Wh, s1.hPrev),
    z1: s1.z.f,
    "f1=i1=o1": s1.f,
    "C~1": s1.g,
    "f1*C0": hadamard(s1.f, s1.cPrev),
    "i1*C~1": hadamard(s1.i, s1.g),
    C1: s1.c,
    "tanh C1": s1.tanhC,
    h1: s1.h,
    "Wx x2": matVec(Wx, x[1]),
    "Wh h1": matVec(Wh, s2.hPrev),
    z2: s2.z.f,
    "f2=i2=o2": s2.f,
    "C~2": s2.g,
    "f2*C1": hadamard(s2.f, s2.cPrev),
    "i2*C~2": hadamard(s2.i, s2.g),
    C2: s2.c,
    "tanh C2": s2.tanhC,
    h2: s2.h,
    "dense terms row1": hadamard(Why[0], s2.h),
    "dense terms row2": hadamard(Why[1], s2.h),
    "Why h2": matVec(Why, s2.h),
    logits: output.logits,
    exp: exponentials,
    "sum exp": [exponentials[0] + exponentials[1]],
    p: output.probabilities,
    "log p1": [-crossEntropy(output.probabilities, y)],
    loss: [tape.loss],
    dlogit: output.dlogits,
    dWhy: gradients.head.W,
    dby: gradients.head.b,
    dh2: gradients.layer.dh[1],
    do2: g2.do,
    dzo2: g2.dz.o,
    dc2: gradients.layer.dc[1],
    df2: g2.df,
    dzf2: g2.dz.f,
    di2: g2.di,
    dzi2: g2.dz.i,
    "dC~2": g2.dg,
    dzc2: g2.dz.g,
    dz2: overGates(g2.dz),
    "dWx(2)": p2.Wx,
    "dWh(2)": p2.Wh,
    "db(2)": p2.b,
    dh1: gradients.layer.dh[0],
    "dC1 (from t=2)": g2.dcPrev,
    do1: g1.do,
    dzo1: g1.dz.o,
    dc1: gradients.layer.dc[0],
    df1: g1.df,
    dzf1: g1.dz.f,
    di1: g1.di,
    dzi1: g1.dz.i,
    "dC~1": g1.dg,
    dzc1: g1.dz.g,
    dz1: overGates(g1.dz),
    "dWx(1)": p1.Wx,
    "dWh(1)": p1.Wh,
    "db(1)": p1.b,
    dWx: total.Wx,
    dWh: total.Wh,
    db: total.b,
    "Wx new": update.parameters.layer.Wx,
    "Wh new": update.parameters.layer.Wh,
    "b new": update.parameters.layer.b,
    "Why new": updated.W,
    "by new": update.parameters.head.b,
  };
  const { exact } = vectorFile<{ exact: Record<string, Tree> }>("deck_vectors");
  const compared = compare("deck_vectors", computed, exact);
  // The slides write the equal gates once; here they are computed one by one.
  for (const gate of ["i", "o"] as const) {
    compare(`deck_vectors ${gate}1`, s1[gate], exact["f1=i1=o1"]);
    compare(`deck_vectors ${gate}2`, s2[gate], exact["f2=i2=o2"]);
  }
  return compared;
}

function trainedLosses(
  library: Library,
  { model, sample, inputs }: ReturnType<typeof tiedDeck> | ReturnType<typeof untiedDeck>,
): Record<string, number> {
  const optimizer = new library.SGD(model, { lr: inputs.eta });
  const losses: Record<string, number> = {};
  for (let step = 0; step <= 200; step++) {
    const { loss, gradients } = model.lossAndGradients(sample);
    if ([0, 1, 2, 5, 10, 20, 50, 100, 200].includes(step)) losses[step] = loss;
    optimizer.step(gradients);
  }
  return losses;
}

/** The deck with a gradient of its own for each gate, and 200 steps of training, tied and untied. */
export function assertUntiedDeck(library: Library): number {
  const { model, sample, inputs } = untiedDeck(library);
  const { layer, head } = model.backward(model.forward(sample));
  const updated = untiedDeck(library).model;
  new library.SGD(updated, { lr: inputs.eta }).step(updated.lossAndGradients(sample).gradients);
  const computed = {
    loss: model.loss(sample),
    grads: tree(candidateAsC(layer.parameters)),
    dWhy: head.W,
    dby: head.b,
    dh: layer.dh,
    dc: layer.dc,
    dx: layer.dx,
    dh0: layer.dh0,
    dc0: layer.dc0,
    losses_tied: trainedLosses(library, tiedDeck(library)),
    losses_untied: trainedLosses(library, untiedDeck(library)),
    updated: tree(candidateAsC(updated.parameters.layer)),
  };
  return compare("deck_untied_vectors", computed, exactPart(vectorFile("deck_untied_vectors"), ["note"]));
}

/** Untied gates, T = 3, I = 2, H = K = 3, a loss at every step, h_0 and C_0 not zero: nothing cancels. */
export function assertAsymmetric(library: Library): number {
  const file = vectorFile<{
    params: GateFile;
    Why: Matrix;
    by: Vector;
    x: Matrix;
    y: Matrix;
    h0: Vector;
    c0: Vector;
  }>("asymmetric_vector");
  const layer = new library.LSTM({ inputSize: 2, hiddenSize: 3 });
  layer.loadStateDict(packed(file.params));
  const model = new library.SequenceClassifier({ layer, head: dense(library, file.Why, file.by) });
  const tape = model.forward({ x: file.x, y: file.y, h0: file.h0, c0: file.c0 });
  const { layer: gradients, head } = model.backward(tape);
  const overSteps = (gate: "f" | "i" | "g" | "o") => gradients.steps.map((step) => step.dz[gate]);
  const computed = {
    loss: tape.loss,
    C: tape.layer.c,
    h: tape.layer.h,
    grads: tree(candidateAsC(gradients.parameters)),
    dWhy: head.W,
    dby: head.b,
    dh: gradients.dh,
    dc: gradients.dc,
    dz: { f: overSteps("f"), i: overSteps("i"), c: overSteps("g"), o: overSteps("o") },
    dx: gradients.dx,
    dh0: gradients.dh0,
    dc0: gradients.dc0,
  };
  const inputs = ["note", "params", "Why", "by", "x", "y", "h0", "c0"];
  return compare("asymmetric_vector", computed, exactPart(file, inputs));
}

interface RNNFile {
  Wx: Matrix;
  Wh: Matrix;
  b: Vector;
  Why: Matrix;
  by: Vector;
  x: Matrix;
  y: Vector | Matrix;
  h0?: Vector;
}

/**
 * The plain RNN: the deck's vanishing case, the linear exploding one, two with saturation, and an asymmetric
 * one.
 */
export function assertRNN(library: Library): number {
  const { inputs: deck } = vectorFile<{ inputs: DeckInputs }>("deck_vectors");
  const cases = Object.entries(vectorFile<Record<string, RNNFile | string>>("rnn_vectors"));
  return cases.reduce((compared, [name, file]) => {
    if (typeof file === "string") return compared; // the note
    const { Wx, Wh, b, Why, by, x, y, h0 } = { ...deck, ...file };
    const [hiddenSize, inputSize] = [Wx.length, Wx[0].length];
    const nonlinearity = name === "deck_exploding_linear" ? "identity" : "tanh";
    const layer = new library.RNN({ inputSize, hiddenSize, nonlinearity });
    layer.loadStateDict({ weight_ih_l0: Wx, weight_hh_l0: Wh, bias_l0: b });
    const model = new library.SequenceClassifier({ layer, head: dense(library, Why, by) });
    const tape = model.forward({ x, y, ...(h0 && { h0 }) });
    const { layer: gradients, head } = model.backward(tape);
    const computed = {
      h: tape.layer.h,
      z: tape.layer.steps.map((step) => step.z),
      logits: tape.outputs[x.length - 1]!.logits,
      loss: tape.loss,
      dh: gradients.dh,
      dz: gradients.steps.map((step) => step.dz),
      dh0: gradients.dh0,
      dx: gradients.dx,
      dWx: gradients.parameters.Wx,
      dWh: gradients.parameters.Wh,
      db: gradients.parameters.b,
      dWhy: head.W,
      dby: head.b,
    };
    const inputs = name.startsWith("deck_") ? ["Wh"] : ["Wx", "Wh", "b", "Why", "by", "x", "h0", "y"];
    return compared + compare(`rnn_vectors.${name}`, computed, exactPart(file, inputs));
  }, 0);
}

/** All four files. @returns how many numbers were compared */
export function assertGolden(library: Library): number {
  return assertDeck(library) + assertUntiedDeck(library) + assertAsymmetric(library) + assertRNN(library);
}
