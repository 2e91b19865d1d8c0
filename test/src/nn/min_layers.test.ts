// MinGRU and MinLSTM: step by step and by a scan of logarithms they are the same, for states of any sign and
// gates that are as good as shut or open.

import fc from "fast-check";
import { expect, test } from "vitest";
import { gateProduct, gradientFlow, gradientPaths, initialize, stepJacobians } from "../../../src/index.js";
import type { RecurrentModule } from "../../../src/nn/index.js";
import { Linear, MinGRU, MinLSTM, SequenceNetwork } from "../../../src/nn/index.js";
import { scan } from "../../../src/numbers/scan.js";
import { readSafetensors, writeSafetensors } from "../../../src/weights/index.js";
import { numberTensor, relativeError } from "../engine/numbers.js";

const modules = [
  ["MinGRU", MinGRU],
  ["MinLSTM", MinLSTM],
] as const;
test("a scan has every prefix, of any length", () => {
  for (let n = 0; n < 70; n++) {
    const words = Array.from({ length: n }, (_, k) => [k]);
    let combinations = 0;
    const rounds = scan(n, (earlier, later) => {
      words[later] = [...words[earlier], ...words[later]];
      combinations++;
    });
    expect(words).toEqual(Array.from({ length: n }, (_, k) => Array.from({ length: k + 1 }, (_, j) => j)));
    expect(combinations).toBeLessThanOrEqual(2 * n);
    expect(rounds).toBeLessThanOrEqual(n < 2 ? 0 : 2 * Math.ceil(Math.log2(n)) - 1);
  }
});

test.each(modules)("%s is the same step by step and by a scan, in all that it returns", (_, Module) => {
  fc.assert(
    fc.property(
      fc.record({
        lengths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
        H: fc.integer({ min: 1, max: 5 }),
        numLayers: fc.integer({ min: 1, max: 2 }),
        bidirectional: fc.boolean(),
        scale: fc.constantFrom(1, 10, 300, 3000),
        seed: fc.nat(),
      }),
      ({ lengths, H, numLayers, bidirectional, scale, seed }) => {
        const [T, B, D] = [Math.max(...lengths), lengths.length, bidirectional ? 2 : 1];
        const options = { inputSize: 2, hiddenSize: H, numLayers, bidirectional, seed };
        const x = numberTensor([T, B, 2], seed + 1, scale);
        const h0 = numberTensor([numLayers * D, B, H], seed + 2, 5);
        const gradients = {
          output: numberTensor([T, B, D * H], seed + 3),
          hN: numberTensor([numLayers * D, B, H], seed + 4),
        };
        const run = (layer: RecurrentModule) => {
          const tape = layer.forward(x, { h0, lengths });
          const { dx, dh0, layers } = layer.backward(tape, gradients);
          const dh = layers.map((lane) => lane.dh);
          return [tape.output, tape.hN, dx, dh0, ...dh].concat(
            layer.parameters.map(({ shape, grad }) => ({ shape, data: grad })),
          );
        };
        const [steps, scanned] = [false, true].map((parallel) => run(new Module({ ...options, parallel })));
        steps.forEach(({ data }, index) => {
          expect(relativeError(scanned[index].data, data)).toBeLessThanOrEqual(1e-12);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test.each(modules)("element by element too, over 20 000 steps and where little is added", (_, Module) => {
  const [steps, scanned] = [false, true].map((parallel) => {
    const layer = new Module({ inputSize: 1, hiddenSize: 3, parallel, seed: 4 });
    // Shares of 1, of e⁻⁴⁰ and of e⁻⁷⁰⁰, at which the others have lost all digits of what is kept.
    layer.parameters[1].data.set([0, -40, -700]);
    return layer.forward(numberTensor([20_000, 1, 1], 3), { h0: [[-1, 0, 0]] }).output.data;
  });
  steps.forEach((h, k) => {
    expect(Math.abs(scanned[k] - h)).toBeLessThanOrEqual(1e-12 * Math.abs(h));
  });
});

test("gates that underflow leave a number: a MinLSTM forgets in the ratio of its gates", () => {
  for (const parallel of [false, true]) {
    const layer = new MinLSTM({ inputSize: 1, hiddenSize: 1, parallel });
    // i = σ(−1000) and f = σ(−1000 + log 3), both 0 in float64: f′ = 3/4. g(1.5) = 2.
    layer.loadStateDict({ weight_ih_l0: [[0], [0], [0]], bias_l0: [-1000, -1000 + Math.log(3), 1.5] });
    const tape = layer.forward([[0], [0]], { h0: [[8]] });
    expect([...tape.output.data].map((h) => h.toFixed(10))).toEqual(["6.5000000000", "5.3750000000"]);
    expect(layer.backward(tape, { hN: [[1]] }).dh0.data[0]).toBeCloseTo(9 / 16, 12);
  }
});

test.each(modules)("%s: of two steps every number follows from the paper's formulas", (name, Module) => {
  const layer = new Module({ inputSize: 2, hiddenSize: 3, seed: 2 });
  const x = [
    [0.5, -2],
    [1, 3],
  ];
  const { weight_ih_l0: W, bias_l0: b } = layer.stateDict();
  const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));
  let h = [1, -1, 0.25];
  for (const [first, second] of x) {
    const k = Array.from(
      b.data,
      (bias, row) => W.data[2 * row] * first + W.data[2 * row + 1] * second + bias,
    );
    h = h.map((before, j) => {
      const candidate = k[k.length - 3 + j];
      const g = candidate >= 0 ? candidate + 0.5 : sigmoid(candidate);
      if (name === "MinGRU") return (1 - sigmoid(k[j])) * before + sigmoid(k[j]) * g;
      const [i, f] = [sigmoid(k[j]), sigmoid(k[3 + j])];
      return (f / (f + i)) * before + (i / (f + i)) * g;
    });
  }
  expect(relativeError(layer.forward(x, { h0: [[1, -1, 0.25]] }).hN.data, h)).toBeLessThanOrEqual(1e-15);
});

const networkOf = (Module: typeof MinGRU | typeof MinLSTM, parallel = false) =>
  new SequenceNetwork({
    rnn: new Module({ inputSize: 2, hiddenSize: 3, numLayers: 2, parallel, seed: 1 }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed: 2 }),
    outputs: "every",
  });
const batch = { x: numberTensor([5, 2, 2], 7), y: numberTensor([5, 2], 8), lengths: [5, 3] };
batch.y.data.forEach((value, k) => (batch.y.data[k] = value < 0 ? 0 : 1));

test.each(modules)("the Jacobian of %s is what is kept, and the only way back through time", (_, Module) => {
  for (const parallel of [false, true]) {
    const network = networkOf(Module, parallel);
    const sequence = { x: numberTensor([5, 1, 2], 7), y: [[0], [1], [1], [0], [1]] };
    const jacobians = stepJacobians(network, sequence);
    const products = gateProduct(network, sequence);
    network.rnn.forward(sequence.x).layers.forEach(({ layer, gates: { i, f, z } }) => {
      const kept = z ? z.data.map((share) => 1 - share) : f.data.map((of, k) => of / (of + i.data[k]));
      for (let t = 1; t <= 5; t++) {
        const values = jacobians.filter(
          (r) => r.layer === layer && r.t === t && r.quantity !== "spectralRadius",
        );
        const expected = kept
          .slice(3 * t - 3, 3 * t)
          .sort()
          .reverse();
        expect(
          relativeError(
            values.map(({ value }) => value),
            expected,
          ),
        ).toBeLessThanOrEqual(1e-14);
      }
      const last = products.filter((row) => row.layer === layer && row.k === 1);
      const [least, most] = ["min", "max"].map((name) => last.find((row) => row.statistic === name)!.product);
      const ofLast = kept.slice(12);
      expect(relativeError([least, most], [Math.min(...ofLast), Math.max(...ofLast)])).toBeLessThan(1e-15);
    });
    const paths = gradientPaths(network, batch);
    for (const { t, layer, norm } of paths.filter(({ path }) => path === "total")) {
      const parts = paths.filter((row) => row.t === t && row.layer === layer && row.path !== "total");
      expect(parts.find(({ path }) => path === "recurrent")!.norm).toBe(0);
      if (norm > 0) expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    const quantities = new Set(gradientFlow(network, batch).map(({ quantity }) => quantity));
    expect([...quantities].sort()).toEqual(["Wx", "b", "h"]);
  }
});

test.each(modules)("%s goes to a safetensors file and back, under names of its own", (_, Module) => {
  const [trained, other] = [networkOf(Module), networkOf(Module)];
  initialize(trained.parameters, { seed: 5 });
  const { tensors } = readSafetensors(writeSafetensors(trained.stateDict()));
  expect(Object.keys(tensors).sort()).toEqual(
    ["head.bias", "head.weight"].concat([
      "rnn.bias_l0",
      "rnn.bias_l1",
      "rnn.weight_ih_l0",
      "rnn.weight_ih_l1",
    ]),
  );
  other.loadStateDict(tensors);
  expect(other.predict(batch)).toEqual(trained.predict(batch));
});

test("initialize draws W_x gate by gate, and has no forget bias for gates that read x alone", () => {
  const { parameters } = networkOf(MinLSTM);
  const matrices: number[][] = [];
  const ones = {
    matrix: (rows: number, columns: number) => {
      matrices.push([rows, columns]);
      return Array.from({ length: rows }, () => new Array<number>(columns).fill(matrices.length));
    },
  };
  initialize(parameters, { inputWeights: ones, biases: 0 });
  expect(matrices).toEqual([...new Array<number[]>(3).fill([3, 2]), ...new Array<number[]>(3).fill([3, 3])]);
  expect(Array.from(parameters[0].data)).toEqual([1, 2, 3].flatMap((k) => new Array<number>(6).fill(k)));
  expect(() => {
    initialize(parameters, { forgetBias: 1 });
  }).toThrow("initialize: forgetBias is given, but there is no layer with such a gate");
});

test("errors name what a layer without W_h cannot have", () => {
  const sizes = { inputSize: 2, hiddenSize: 3 };
  expect(() => new MinGRU({ ...sizes, biases: 2 as 1 })).toThrow("MinGRU: biases is 2, but must be 0 or 1");
  expect(() => new MinLSTM({ ...sizes, parallel: 1 as never })).toThrow(
    "MinLSTM: parallel is 1, but must be true or false",
  );
  expect(() => new MinGRU({ ...sizes, nonlinearity: "tanh" } as never)).toThrow(
    'MinGRU: option "nonlinearity" is unknown',
  );
  expect(() => new MinLSTM(sizes).forward([[1, 2]], { c0: [[1, 2, 3]] })).toThrow(
    "MinLSTM.forward: c0 is given, but a MinLSTM has no cell state",
  );
});
