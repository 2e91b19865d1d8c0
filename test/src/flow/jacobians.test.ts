// Step Jacobians and what follows from them: against differences of the slides' cells, where the answer is
// known, and where theory bounds it.

import fc from "fast-check";
import { Matrix, determinant } from "ml-matrix";
import { expect, test } from "vitest";
import type { JacobianRow } from "../../../src/index.js";
import * as slides from "../../../src/index.js";
import {
  gateProduct,
  largestSingularValue,
  lstmForward,
  lyapunovSpectrum,
  pascanuBound,
  rnnForward,
  spectralRadius,
  stepJacobians,
} from "../../../src/index.js";
import { GRU, Linear, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { numbers } from "../engine/numbers.js";

const T = 5;
const sample = {
  x: Array.from({ length: T }, (_, t) => numbers(2, t + 1)),
  y: [1, 0],
  h0: numbers(3, 20),
};
const sizes = { inputSize: 2, hiddenSize: 3, seed: 1 };
const head = () => new slides.Dense({ inputSize: 3, outputSize: 2 });
const lstm = new slides.LSTM(sizes);
const ofLstm = new slides.SequenceClassifier({ layer: lstm, head: head() });

/** ∂f/∂s by central differences on five points. */
function differences(f: (s: number[]) => number[], s: number[]): number[][] {
  const step = 1e-3;
  const columns = s.map((_, k) => {
    const at = (n: number) => f(s.map((value, j) => (j === k ? value + n * step : value)));
    const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
    return a.map((value, j) => (value - d[j] + 8 * (c[j] - b[j])) / (12 * step));
  });
  return columns[0].map((_, j) => columns.map((column) => column[j]));
}

const valuesAt = (rows: JacobianRow[], t: number, quantity: JacobianRow["quantity"]) =>
  rows.filter((row) => row.t === t && row.quantity === quantity).map(({ value }) => value);

function expectJacobians(rows: JacobianRow[], jacobians: number[][][]) {
  jacobians.forEach((J, index) => {
    const singular = valuesAt(rows, index + 1, "singularValue");
    expect(singular).toHaveLength(J.length);
    expect(singular[0]).toBeCloseTo(largestSingularValue(J), 9);
    const frobenius = Math.sqrt(singular.reduce((sum, value) => sum + value ** 2, 0));
    expect(frobenius).toBeCloseTo(slides.norm(J), 9);
    expect(singular.reduce((product, value) => product * value, 1)).toBeCloseTo(
      Math.abs(determinant(new Matrix(J))),
      9,
    );
    expect(valuesAt(rows, index + 1, "spectralRadius")[0]).toBeCloseTo(spectralRadius(J), 7);
  });
}

test("the Jacobians of the slides' LSTM are differences of its cell, with h before C", () => {
  const c0 = numbers(3, 21);
  const rows = stepJacobians(ofLstm, { ...sample, c0 });
  const tape = lstm.forward(sample.x, { h0: sample.h0, c0 });
  const jacobians = sample.x.map((x, t) => {
    const before = t === 0 ? [...sample.h0, ...c0] : [...tape.h[t - 1], ...tape.c[t - 1]];
    return differences((s) => {
      const { h, c } = lstmForward(lstm.parameters, x, s.slice(0, 3), s.slice(3));
      return [...h, ...c];
    }, before);
  });
  expectJacobians(rows, jacobians);
});

test("the Jacobians of the slides' LSTM with tied gates are those of four equal gates", () => {
  const tied = new slides.LSTM({ ...sizes, tiedGates: true });
  const rows = stepJacobians(new slides.SequenceClassifier({ layer: tied, head: head() }), sample);
  const cell = { f: tied.parameters, i: tied.parameters, g: tied.parameters, o: tied.parameters };
  const first = differences(
    (s) => {
      const { h, c } = lstmForward(cell, sample.x[0], s.slice(0, 3), s.slice(3));
      return [...h, ...c];
    },
    [...sample.h0, 0, 0, 0],
  );
  expectJacobians(
    rows.filter(({ t }) => t === 1),
    [first],
  );
});

test.each(["tanh", "relu", "identity"] as const)(
  "the Jacobians of the slides' RNN with %s are differences of its cell",
  (nonlinearity) => {
    const layer = new slides.RNN({ ...sizes, nonlinearity });
    const rows = stepJacobians(new slides.SequenceClassifier({ layer, head: head() }), sample);
    const tape = layer.forward(sample.x, { h0: sample.h0 });
    const jacobians = sample.x.map((x, t) =>
      differences(
        (h) => rnnForward(layer.parameters, x, h, nonlinearity).h,
        t === 0 ? sample.h0 : tape.h[t - 1],
      ),
    );
    expectJacobians(rows, jacobians);
  },
);

/** An RNN without a nonlinearity, whose Jacobian is W_h at every step. */
function linear(Wh: number[][]) {
  const H = Wh.length;
  const network = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: H, nonlinearity: "identity", biases: 0 }),
    head: new Linear({ inputSize: H, outputSize: 1 }),
  });
  network.loadStateDict({
    ...network.stateDict(),
    "rnn.weight_ih_l0": Wh.map(() => [1]),
    "rnn.weight_hh_l0": Wh,
  });
  return network;
}

test("Lyapunov exponents of a linear RNN are the logarithms of the eigenvalues", () => {
  const x = new Array<number[]>(400).fill([0]);
  const exponents = (Wh: number[][]) => lyapunovSpectrum(linear(Wh), { x }).map(({ exponent }) => exponent);
  const triangular = exponents([
    [0.5, 7, 1],
    [0, 1.1, -3],
    [0, 0, 0.9],
  ]);
  [1.1, 0.9, 0.5].forEach((lambda, index) => expect(triangular[index]).toBeCloseTo(Math.log(lambda), 12));
  // Eigenvalues 1.2 and 0.3 in a basis that Q must turn into first: an error that falls with 1/T.
  const symmetric = exponents([
    [0.75, 0.45],
    [0.45, 0.75],
  ]);
  expect(Math.abs(symmetric[0] - Math.log(1.2))).toBeLessThan(2 / 400);
  expect(symmetric[0] + symmetric[1]).toBeCloseTo(Math.log(1.2 * 0.3), 12);
  const rotation = exponents([
    [0, -0.8],
    [0.8, 0],
  ]);
  rotation.forEach((exponent) => expect(exponent).toBeCloseTo(Math.log(0.8), 12));
  expect(exponents([[0]])).toEqual([-Infinity]);
});

test("Jacobians have any size, and one that overflows is an error", () => {
  for (const size of [1e-310, 1e-200, 1, 1e200]) {
    const rows = stepJacobians(
      linear([
        [3 * size, 0],
        [4 * size, 0],
      ]),
      { x: [[0]] },
    );
    const values = rows.map(({ value }) => value / size);
    [5, 0, 3].forEach((expected, index) => expect(values[index]).toBeCloseTo(expected, 12));
  }
  const layer = new slides.LSTM({ inputSize: 1, hiddenSize: 1 });
  const huge = { Wx: [[0]], Wh: [[1e308]], b: [0] };
  layer.setParameters({ f: huge, i: huge, g: huge, o: huge });
  const model = new slides.SequenceClassifier({
    layer,
    head: new slides.Dense({ inputSize: 1, outputSize: 2 }),
  });
  expect(() => stepJacobians(model, { x: [[0]], y: [1, 0], c0: [1e3] })).toThrow(
    "stepJacobians: the Jacobian contains",
  );
});

test("the sum of the exponents is the mean logarithm of the determinants", () => {
  const spectrum = lyapunovSpectrum(ofLstm, sample);
  expect(spectrum.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
  const rows = stepJacobians(ofLstm, sample);
  const logarithms = [1, 2, 3, 4, 5].map((t) =>
    valuesAt(rows, t, "singularValue").reduce((sum, value) => sum + Math.log(value), 0),
  );
  const sum = spectrum.reduce((total, { exponent }) => total + exponent, 0);
  expect(sum).toBeCloseTo(logarithms.reduce((a, b) => a + b, 0) / T, 10);
});

test("the bound holds for any RNN, and σ_max = 6 with ρ = 0 shows why ρᵏ is not one", () => {
  const element = fc.double({ min: -2, max: 2, noNaN: true });
  const matrix = fc.array(fc.array(element, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(matrix, fc.constantFrom("tanh" as const, "relu" as const), (Wh, nonlinearity) => {
      const layer = new slides.RNN({ ...sizes, nonlinearity });
      layer.setParameters({ ...layer.parameters, Wh });
      const rows = pascanuBound(new slides.SequenceClassifier({ layer, head: head() }), sample);
      const ratio = (series: string, k: number) =>
        rows.find((row) => row.series === series && row.k === k)!.ratio;
      for (let k = 0; k <= T; k++) {
        expect(ratio("actual", k)).toBeLessThanOrEqual(ratio("bound", k) * (1 + 1e-12) + 1e-300);
        expect(ratio("bound", k)).toBeCloseTo(largestSingularValue(Wh) ** k, 9);
      }
    }),
    {
      numRuns: 50,
      examples: [
        [
          [
            [5e-324, 7.65e-9, 0],
            [0, 0, 0],
            [2.5e-323, 0, 0],
          ],
          "relu",
        ],
      ],
    },
  );
  const nilpotent = linear([
    [3, -3],
    [3, -3],
  ]);
  const rows = pascanuBound(nilpotent, { x: [[0], [0]] });
  expect(rows.map(({ series, k }) => `${series} ${k}`)).toEqual([
    "actual 0",
    "actual 1",
    "actual 2",
    "bound 0",
    "bound 1",
    "bound 2",
    "reference 0",
    "reference 1",
    "reference 2",
  ]);
  const ratios = rows.map(({ ratio }) => ratio);
  [1, 6, 0, 1, 6, 36, 1, 0, 0].forEach((expected, index) => expect(ratios[index]).toBeCloseTo(expected, 12));
});

test("products of gates are those of the slides' LSTM's tape, and within a GRU's range of units", () => {
  const tape = lstm.forward(sample.x, { h0: sample.h0 });
  const rows = gateProduct(ofLstm, sample);
  for (let k = 0; k <= T; k++) {
    const product = [0, 1, 2].map((j) => tape.steps.slice(T - k).reduce((of, step) => of * step.f[j], 1));
    const at = (statistic: string) => rows.find((row) => row.k === k && row.statistic === statistic)!.product;
    expect(at("min")).toBeCloseTo(Math.min(...product), 15);
    expect(at("max")).toBeCloseTo(Math.max(...product), 15);
    expect(at("mean")).toBeCloseTo(product.reduce((a, b) => a + b) / 3, 15);
  }
});

test("a batch gives means over the samples that reach a step, and an empty or wrong one is named", () => {
  const network = new SequenceNetwork({
    rnn: new GRU({ ...sizes, batchFirst: true }),
    head: new Linear({ inputSize: 3, outputSize: 2 }),
  });
  const [a, b] = [sample.x, [...sample.x].reverse()];
  const [one, two] = [stepJacobians(network, { x: a }), stepJacobians(network, { x: b.slice(0, 3) })];
  const both = stepJacobians(network, { x: [a, b], lengths: [5, 3] });
  both.forEach((row, index) => {
    expect(row).toMatchObject({ ...one[index], value: expect.any(Number) as number });
    const expected = row.t <= 3 ? (one[index].value + two[index].value) / 2 : one[index].value;
    expect(row.value).toBeCloseTo(expected, 14);
  });
  expect(() => stepJacobians(ofLstm, [])).toThrow("stepJacobians: the batch is empty");
  expect(() => lyapunovSpectrum(network, { x: [[1, 2, 3]] })).toThrow(
    "lyapunovSpectrum: x has 3 features at t = 1, but inputSize is 2",
  );
});
