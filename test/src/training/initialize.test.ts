import fc from "fast-check";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { expect, test } from "vitest";
import type { InitializeOptions, Parameter } from "../../../src/index.js";
import {
  glorotInitializer,
  identityInitializer,
  initialize,
  normalInitializer,
  orthogonalInitializer,
} from "../../../src/index.js";
import { Embedding, GRU, Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";

const singularValues = (matrix: number[][]) =>
  new SingularValueDecomposition(new Matrix(matrix), { autoTranspose: true }).diagonal;
const parameter = (name: string, ...shape: number[]): Parameter => {
  const size = shape.reduce((product, n) => product * n, 1);
  return { name, shape, data: new Float64Array(size).fill(NaN), grad: new Float64Array(size) };
};
const H = 40;
/** An embedding, a layer of G gates with one bias or two, and a head. */
const network = (G: number, biases = 1) => [
  { ...parameter("embedding.weight", 30, 50), table: {} },
  parameter("rnn.weight_ih_l0", G * H, 50),
  parameter("rnn.weight_hh_l0", G * H, H),
  ...(biases === 2 ? ["rnn.bias_ih_l0", "rnn.bias_hh_l0"] : ["rnn.bias_l0"]).map((name) =>
    parameter(name, G * H),
  ),
  ...(G === 3 && biases === 1 ? [parameter("rnn.bias_hn_l0", H)] : []),
  parameter("head.weight", 25, H),
  parameter("head.bias", 25),
];
const initialized = (G: number, options: InitializeOptions = {}, biases = 1) => {
  const parameters = network(G, biases);
  initialize(parameters, options);
  return Object.fromEntries(parameters.map(({ name, data }) => [name.replace(/^rnn\./, ""), [...data]]));
};
const gate = (values: number[], index: number) =>
  values.slice((index * values.length) / 4, ((index + 1) * values.length) / 4);
const rows = (values: number[], columns: number) =>
  Array.from({ length: values.length / columns }, (_, k) => values.slice(k * columns, (k + 1) * columns));
const within = (values: number[], bound: number) => {
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan((1 - 20 / values.length) * bound); // fails once in e²⁰
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * values.length));
};
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

test.each([1, 3, 4])("without options, %i gates are drawn as by PyTorch", (G) => {
  const weights = initialized(G);
  const { "embedding.weight": embedding, "head.weight": head, "head.bias": headBias, ...layer } = weights;
  for (const values of Object.values(layer)) within(values, 1 / Math.sqrt(H));
  within(head, 1 / Math.sqrt(H));
  expect(headBias.every((v) => Math.abs(v) <= 1 / Math.sqrt(H))).toBe(true);
  expect(Math.abs(deviation(embedding) - 1)).toBeLessThan(0.1);
  expect(new Set(Object.values(weights).flat()).size).toBe(Object.values(weights).flat().length);
  expect(initialized(G)).toEqual(weights);
  expect(initialized(G, { seed: 1 })["head.bias"]).not.toEqual(headBias);
});

test("orthogonal weights are orthogonal in every gate's W_h by itself, times the gain", () => {
  const options = { recurrentWeights: orthogonalInitializer({ gain: 0.9, seed: 2 }) };
  const { weight_hh_l0: Wh, weight_ih_l0: Wx } = initialized(4, options);
  for (const index of [0, 1, 2, 3]) {
    for (const value of singularValues(rows(gate(Wh, index), H))) expect(value).toBeCloseTo(0.9, 12);
  }
  expect(gate(Wh, 0)).not.toEqual(gate(Wh, 1));
  expect(Wx).toEqual(initialized(4).weight_ih_l0); // the others as before
});

test("orthogonal matrices of any shape have equal singular values, and no preferred sign", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer(),
      (r, c, seed) => {
        const matrix = orthogonalInitializer({ seed, gain: 2 }).matrix(r, c);
        expect([matrix.length, matrix[0].length]).toEqual([r, c]);
        for (const value of singularValues(matrix)) expect(value).toBeCloseTo(2, 12);
      },
    ),
  );
  const diagonals = Array.from(
    { length: 400 },
    (_, seed) => orthogonalInitializer({ seed }).matrix(3, 3)[0][0],
  );
  expect(Math.abs(diagonals.reduce((sum, v) => sum + v, 0) / 400)).toBeLessThan(3 / Math.sqrt(3 * 400));
  // An element of a random rotation of three dimensions is uniform in [−1, 1] (Archimedes).
  expect(Math.abs(deviation(diagonals) - 1 / Math.sqrt(3))).toBeLessThan(0.06);
});

test("Glorot's weights have the bound and the deviation of the paper", () => {
  const { weight_ih_l0: Wx, "head.weight": head } = initialized(4, {
    inputWeights: glorotInitializer({ gain: 2 }),
    denseWeights: glorotInitializer({ distribution: "normal", seed: 1 }),
  });
  within(Wx, 2 * Math.sqrt(6 / (H + 50))); // of one gate, [H, 50]
  expect(Math.abs(deviation(head) / Math.sqrt(2 / (25 + H)) - 1)).toBeLessThan(
    4 / Math.sqrt(2 * head.length),
  );
});

test("an IRNN gets the identity, small input weights and biases of 0", () => {
  const weights = initialized(1, {
    inputWeights: normalInitializer({ std: 0.001 }),
    recurrentWeights: identityInitializer(),
    biases: 0,
  });
  expect(rows(weights.weight_hh_l0, H)).toEqual(identityInitializer().matrix(H, H));
  expect(identityInitializer({ gain: 0.5 }).matrix(2, 3)).toEqual([
    [0.5, 0, 0],
    [0, 0.5, 0],
  ]);
  expect(new Set([...weights.bias_l0, ...weights["head.bias"]])).toEqual(new Set([0]));
  expect(deviation(weights.weight_ih_l0)).toBeCloseTo(0.001, 4);
});

test("the forget bias is that of f alone, and the sum where there are two biases", () => {
  const { bias_l0: b } = initialized(4, { forgetBias: 1 });
  expect(new Set(gate(b, 1))).toEqual(new Set([1]));
  for (const index of [0, 2, 3]) expect(gate(b, index)).toEqual(gate(initialized(4).bias_l0, index));
  const { bias_ih_l0, bias_hh_l0 } = initialized(4, { forgetBias: 1.5 }, 2);
  expect(gate(bias_ih_l0, 1).map((v, j) => v + gate(bias_hh_l0, 1)[j])).toEqual(Array(H).fill(1.5));
  expect(new Set(gate(bias_hh_l0, 0)).size).toBe(H);
  expect(gate(initialized(4, { forgetBias: 2, biases: 0 }).bias_l0, 0)).toEqual(Array(H).fill(0));
});

test("chrono spreads the time scales 1 / (1 − f) evenly up to T_max", () => {
  const T = 500;
  const many = Array.from({ length: 30 }, (_, seed) => initialized(4, { chrono: T, seed }).bias_l0);
  const times = many.flatMap((b) => gate(b, 1)).map((bf) => Math.exp(bf));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...times)).toBeLessThanOrEqual(T - 1);
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  expect(Math.abs(mean - T / 2)).toBeLessThan((4 * T) / Math.sqrt(12 * times.length));
  for (const b of many) expect(gate(b, 0)).toEqual(gate(b, 1).map((bf) => -bf));
  const { bias_ih_l0, bias_hh_l0 } = initialized(3, { chrono: T }, 2);
  expect(bias_ih_l0.slice(H, 2 * H).every((bz) => bz >= 0 && bz <= Math.log(T))).toBe(true);
  expect(bias_hh_l0.slice(H, 2 * H)).toEqual(Array(H).fill(0));
  expect(bias_ih_l0.slice(0, H)).toEqual(initialized(3, {}, 2).bias_ih_l0.slice(0, H));
});

test("what does not fit is named, and nothing is changed", () => {
  const wrong = (options: object, parameters = network(4)) => {
    const run = () => {
      try {
        initialize(parameters, options);
      } finally {
        expect(parameters[0].data.every(Number.isNaN)).toBe(true);
      }
    };
    return expect(run);
  };
  wrong({ forgetBias: 1, chrono: 9 }).toThrow(
    "initialize: forgetBias and chrono are both given, but at most one may be given",
  );
  wrong({ chrono: 2 }).toThrow("initialize: chrono is 2, but must be a number greater than 2");
  wrong({ forgetBias: 1 }, network(3)).toThrow("initialize: forgetBias is given, but there is no layer");
  wrong({ recurrentWeights: "orthogonal" }).toThrow(
    "initialize: recurrentWeights is a string, but must be an initialiser",
  );
  wrong({ biases: "zeros" }).toThrow(
    'initialize: biases is "zeros", but must be a number, or an initialiser',
  );
  wrong({ recurrent: 1 }).toThrow('initialize: option "recurrent" is unknown');
  wrong({}, [...network(4), parameter("layer.f.Wx", 2, 2)]).toThrow(
    'initialize: a parameter\'s name is "layer.f.Wx", but must be one such as',
  );
  expect(() => orthogonalInitializer({ gain: 0 })).toThrow("orthogonalInitializer: gain is 0");
  expect(() => glorotInitializer({ distribution: "even" } as never)).toThrow(
    'glorotInitializer: distribution is "even", but must be "uniform" or "normal"',
  );
});

test("an embedding is known by its table, and its padding row stays zeros", () => {
  const embedding = new Embedding({ numEmbeddings: 200, embeddingDim: 10, paddingIdx: 3 });
  initialize(embedding.parameters);
  const [{ data }] = embedding.parameters;
  expect(Math.abs(deviation([...data]) - 1)).toBeLessThan(0.1);
  expect([...data.slice(30, 40)]).toEqual(new Array(10).fill(0));
  const network = new SequenceNetwork({
    embedding,
    rnn: new GRU({ inputSize: 10, hiddenSize: 4 }),
    head: new Linear({ inputSize: 4, outputSize: 2 }),
  });
  initialize(network.parameters, { seed: 2 });
  expect([...network.embedding!.parameters[0].data.slice(30, 40)]).toEqual(new Array(10).fill(0));
  expect(() => {
    initialize(network as never);
  }).toThrow("initialize: parameters is an object, but must be an array such as network.parameters");
});

test("an embedding does not start with the numbers of a layer of the same seed", () => {
  const [table] = new Embedding({ numEmbeddings: 1, embeddingDim: 2 }).parameters;
  const [first, second] = normalInitializer().vector(2);
  expect([...table.data]).not.toEqual([first, second]);
});

test("peepholes are drawn as the other weights, and forgetBias and chrono are not theirs", () => {
  const { parameters } = new LSTM({ inputSize: 2, hiddenSize: 40, peepholes: true });
  const [, , peepholes, bias] = parameters;
  initialize(parameters, { forgetBias: 2, recurrentWeights: orthogonalInitializer(), biases: 0, seed: 3 });
  within([...peepholes.data], 1 / Math.sqrt(40));
  expect(new Set(gate([...bias.data], 1))).toEqual(new Set([2]));
  initialize(parameters, { chrono: 50, seed: 3 });
  within([...peepholes.data], 1 / Math.sqrt(40));
});

test("gains of layer normalisation begin at 1 and the shift of C at 0, whatever is given for the others", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 2, hiddenSize: 4, layerNorm: true }),
    head: new Linear({ inputSize: 4, outputSize: 2 }),
  });
  const of = (name: string) => [...network.parameters.find((one) => one.name === `rnn.${name}_l0`)!.data];
  const expectGains = () => {
    for (const name of ["gain_ih", "gain_hh"]) expect(of(name)).toEqual(new Array(16).fill(1));
    expect(of("gain_ch")).toEqual([1, 1, 1, 1]);
  };
  expectGains();
  expect(of("bias_ch")).toEqual([0, 0, 0, 0]);
  network.values.fill(7);
  initialize(network.parameters, { forgetBias: 1, recurrentWeights: orthogonalInitializer() });
  expectGains();
  expect(of("bias_ch")).toEqual([0, 0, 0, 0]);
  expect(of("bias").slice(4, 8)).toEqual([1, 1, 1, 1]);
  initialize(network.parameters, { biases: 0.5 });
  expectGains();
  expect(of("bias_ch")).toEqual([0.5, 0.5, 0.5, 0.5]);
});
