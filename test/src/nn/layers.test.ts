// The modules of `unrolled/nn`: shapes and central differences for any options, the slides' classes, and what
// errors say.

import fc from "fast-check";
import { expect, test } from "vitest";
import { cellKinds, cellStateSize } from "../../../src/engine/engine.js";
import * as slides from "../../../src/index.js";
import { packGates } from "../../../src/slides/layers/state_dict.js";
import type { PackedStateDict } from "../../../src/slides/layers/state_dict.js";
import type { LaneTape, Nested, RecurrentModule, RecurrentOptions, Tensor } from "../../../src/nn/index.js";
import { drawDropoutMask } from "../../../src/nn/dropout.js";
import { Embedding, GRU, LSTM, RNN, tensor, toNested } from "../../../src/nn/index.js";
import { normalInitializer } from "../../../src/numbers/initializers.js";
import { streamSeed } from "../../../src/numbers/random.js";
import { numberTensor, relativeError, unitsFor } from "../engine/numbers.js";
import { cellState, moduleOf } from "./fixtures.js";

const options = fc
  .record({
    cell: fc.constantFrom(...cellKinds),
    I: fc.integer({ min: 1, max: 4 }),
    H: fc.integer({ min: 1, max: 4 }),
    numLayers: fc.integer({ min: 1, max: 3 }),
    bidirectional: fc.boolean(),
    batchFirst: fc.boolean(),
    biases: fc.constantFrom(0 as const, 1 as const, 2 as const),
    dropout: fc.constantFrom(0, 0.3),
    lengths: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    seed: fc.integer(),
  })
  .map(({ cell, I, H, lengths, dropout, ...others }) => ({
    cell,
    lengths,
    T: Math.max(...lengths),
    B: lengths.length,
    options: {
      inputSize: I,
      hiddenSize: unitsFor(cell, H),
      dropout: others.numLayers > 1 ? dropout : 0,
      ...others,
    } satisfies RecurrentOptions,
  }));

/** Σ weights ⊙ what forward returned, whose gradients are the weights. */
function weighted(layer: RecurrentModule, x: Nested, forward: object, weights: Record<string, Tensor>) {
  const tape = layer.forward(x, forward);
  return Object.entries(weights).reduce((sum, [key, { data }]) => {
    const values = tape[key as "output" | "hN" | "cN"]!.data;
    for (let k = 0; k < data.length; k++) sum += data[k] * values[k];
    return sum;
  }, 0);
}

/** Whether |nᵀq| is near to 1 in a row. */
const isDivisorNearKink = ({ gates, c }: LaneTape) => {
  const H = gates.q.shape[2];
  const S = H * H + H + 1;
  return gates.i.data.some((_, row) => {
    const state = c!.data.subarray(row * S, (row + 1) * S);
    const q = gates.q.data.subarray(row * H, (row + 1) * H);
    const read = Array.from(q).reduce((sum, value, j) => sum + value * state[H * H + j], 0);
    return Math.abs(Math.abs(read) * Math.exp(state[S - 1]) - 1) < 0.05;
  });
};

test("the shapes are torch.nn's for any options, and gradients agree with central differences", () => {
  fc.assert(
    fc.property(options, ({ cell, lengths, T, B, options }) => {
      const layer = moduleOf(cell, options);
      const { inputSize: I, hiddenSize: H, numLayers, bidirectional, batchFirst, dropout } = options;
      const D = bidirectional ? 2 : 1;
      const outer = batchFirst ? [B, T] : [T, B];
      const states = [numLayers * D, B, H];
      const x = numberTensor([...outer, I], 1);
      const mask = () => ({
        shape: [...outer, D * H],
        data: numberTensor([...outer, D * H], 9).data.map((v) => (v < 0 ? 0 : 1 / 0.7)),
      });
      const dropoutMasks = dropout > 0 ? Array.from({ length: numLayers - 1 }, mask) : undefined;
      const h0 = numberTensor(states, 2);
      const S = cellStateSize(cell, H);
      const c0 = S > 0 ? cellState(numberTensor([numLayers * D, B, S], 3), cell) : undefined;
      const forward = { lengths, h0, c0, dropoutMasks };
      const weights = {
        output: numberTensor([...outer, D * H], 4),
        hN: numberTensor(states, 5),
        // m is the larger of two, with a kink of its own; h does not depend on it.
        ...(c0 && cell === "lstm" && { cN: numberTensor([numLayers * D, B, S], 6) }),
      };
      const tape = layer.forward(x, forward);
      expect(tape.output.shape).toEqual([...outer, D * H]);
      expect(tape.hN.shape).toEqual(states);
      expect(tape.cN?.shape).toEqual(c0?.shape);
      expect(tape.layers.map((lane) => lane.h.shape)).toEqual(
        Array.from({ length: numLayers * D }, () => [T, B, H]),
      );
      const back = layer.backward(tape, weights);
      expect(back.dx.shape).toEqual(x.shape);

      const analytic: number[] = [];
      const numerical: number[] = [];
      // Layer normalisation bends within √10⁻⁵, where what it normalises varies little.
      const h = cell === "lstm_layer_norm" ? 2e-5 : 1e-3;
      const compare = (values: Tensor["data"], gradient: Tensor["data"]) => {
        for (let k = 0; k < values.length; k += 1 + Math.floor(values.length / 3)) {
          const value = values[k];
          const at = (step: number) => {
            values[k] = value + step;
            const loss = weighted(layer, x, forward, weights);
            values[k] = value;
            return loss;
          };
          analytic.push(gradient[k]);
          numerical.push((at(-2 * h) - at(2 * h) + 8 * (at(h) - at(-h))) / (12 * h));
        }
      };
      // A ReLU, the candidate of a MinGRU and the divisor of an MLSTM have no derivative at their kinks,
      // which differences may step over.
      const atKink = (g: number) => Math.abs(g - 0.5) < 0.01;
      const isNearKink = cell.startsWith("min") && tape.layers.some(({ gates }) => gates.g.data.some(atKink));
      if (cell === "rnn_relu" || isNearKink || (cell === "mlstm" && tape.layers.some(isDivisorNearKink)))
        return;
      compare(x.data, back.dx.data);
      compare(h0.data, back.dh0.data);
      if (c0) compare(c0.data, back.dc0!.data);
      for (const { data, grad } of layer.parameters) compare(data, grad);
      expect(relativeError(analytic, numerical)).toBeLessThan(1e-7);
    }),
    { numRuns: 60 },
  );
});

test("a batch gives what its sequences give one by one, and padding is never read", () => {
  fc.assert(
    fc.property(options, ({ cell, lengths, T, B, options }) => {
      const layer = moduleOf(cell, options);
      const { inputSize: I, batchFirst, bidirectional, hiddenSize } = options;
      const F = hiddenSize * (bidirectional ? 2 : 1);
      const outer = batchFirst ? [B, T] : [T, B];
      const x = numberTensor([...outer, I], 7);
      const place = (b: number, t: number) => (batchFirst ? b * T + t : t * B + b);
      const output = layer.forward(x, { lengths }).output.data;
      const noise = x.data.slice();
      lengths.forEach((length, b) => {
        for (let t = length; t < T; t++) noise.fill(NaN, place(b, t) * I, (place(b, t) + 1) * I);
      });
      const { output: again } = layer.forward({ shape: x.shape, data: noise }, { lengths });
      expect(again.data).toEqual(output);
      lengths.forEach((length, b) => {
        const rows = Array.from({ length }, (_, t) => [
          ...x.data.subarray(place(b, t) * I, (place(b, t) + 1) * I),
        ]);
        const alone = layer.forward(rows).output.data;
        const inBatch = Array.from({ length: T }, (_, t) => [
          ...output.subarray(place(b, t) * F, (place(b, t) + 1) * F),
        ]);
        expect(relativeError(inBatch.slice(0, length).flat(), alone)).toBeLessThanOrEqual(1e-14);
        expect(
          inBatch
            .slice(length)
            .flat()
            .every((value) => value === 0),
        ).toBe(true);
      });
    }),
    { numRuns: 60 },
  );
});

test.each(["tanh", "relu", "identity"] as const)("an RNN with %s is the slides' RNN", (nonlinearity) => {
  const sizes = { inputSize: 3, hiddenSize: 4, nonlinearity };
  const slide = new slides.RNN({ ...sizes, seed: 5 });
  const layer = new RNN({ ...sizes, batchFirst: true });
  const { weight_ih_l0, weight_hh_l0, bias_l0 } = slide.stateDict();
  layer.loadStateDict({ weight_ih_l0, weight_hh_l0, bias_l0 });
  const x = toNested(numberTensor([6, 3], 1)) as number[][];
  const local = toNested(numberTensor([6, 4], 2)) as number[][];
  const [h0] = toNested(numberTensor([1, 4], 3)) as number[][];
  const slideTape = slide.forward(x, { h0 });
  const slideBack = slide.backward(slideTape, local);
  const tape = layer.forward([x], { h0: [h0] });
  const back = layer.backward(tape, { output: [local] });
  const of = (name: string) => layer.parameters.find((parameter) => parameter.name === name)!.grad;
  expect(relativeError(tape.output.data, slideTape.h.flat())).toBeLessThanOrEqual(1e-15);
  expect(relativeError(back.layers[0].dh.data, slideBack.dh.flat())).toBeLessThanOrEqual(1e-15);
  expect(relativeError(of("weight_hh_l0"), slideBack.parameters.Wh.flat())).toBeLessThanOrEqual(1e-14);
});

test("nn's LSTM computes what the slides' LSTM computes", () => {
  const slide = new slides.LSTM({ inputSize: 3, hiddenSize: 4, seed: 5 });
  const layer = new LSTM({ inputSize: 3, hiddenSize: 4 });
  const { weight_ih_l0, weight_hh_l0, bias_l0 } = slide.stateDict();
  layer.loadStateDict({ weight_ih_l0, weight_hh_l0, bias_l0 });
  const x = toNested(numberTensor([7, 3], 1)) as number[][];
  const local = toNested(numberTensor([7, 4], 2)) as number[][];
  const slideTape = slide.forward(x);
  const slideBack = slide.backward(slideTape, local);
  const tape = layer.forward(x);
  const back = layer.backward(tape, { output: local });
  expect(relativeError(tape.layers[0].c!.data, slideTape.c.flat())).toBeLessThanOrEqual(1e-15);
  for (const gate of ["f", "i", "g", "o"] as const) {
    const ofSlide = slideTape.steps.flatMap((step) => step[gate]);
    expect(relativeError(tape.layers[0].gates[gate].data, ofSlide)).toBeLessThanOrEqual(1e-15);
  }
  expect(relativeError(back.layers[0].dc!.data, slideBack.dc.flat())).toBeLessThanOrEqual(1e-15);
  const packed = packGates(slideBack.parameters) as PackedStateDict;
  const expected = [packed.weight_ih_l0.flat(), packed.weight_hh_l0.flat(), packed.bias_l0];
  layer.parameters.forEach(({ name, grad }, index) => {
    expect(relativeError(grad, expected[index]), name).toBeLessThanOrEqual(1e-14);
  });
});

test("the same seed starts with the same weights, within PyTorch's bound", () => {
  const all = (seed: number) =>
    new GRU({ inputSize: 3, hiddenSize: 9, numLayers: 2, seed }).parameters.flatMap(({ data }) => [...data]);
  expect(all(1)).toEqual(all(1));
  expect(all(1)).not.toEqual(all(2));
  expect(Math.max(...all(1).map(Math.abs))).toBeLessThanOrEqual(1 / 3);
  expect(Math.max(...all(1).map(Math.abs))).toBeGreaterThan(0.33);
});

test("dropout is drawn by seed while training only: p of the elements are dropped, the others scaled up", () => {
  const make = (seed: number) =>
    new RNN({ inputSize: 1, hiddenSize: 40, numLayers: 2, dropout: 0.25, nonlinearity: "identity", seed });
  const x = numberTensor([50, 4, 1], 3);
  const [a, b] = [make(1), make(1)];
  const plain = a.forward(x).output.data;
  const dropped = a.forward(x, { training: true }).output.data;
  expect(dropped).not.toEqual(plain);
  expect(b.forward(x, { training: true }).output.data).toEqual(dropped);
  expect(a.forward(x, { training: true }).output.data).not.toEqual(dropped);
  expect(a.forward(x).output.data).toEqual(plain);
  // With ones out of the first layer and the identity in the second, outputs are the masks.
  const eye = (n: number, k = 1) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? k : 0)));
  b.loadStateDict({
    weight_ih_l0: Array.from({ length: 40 }, () => [1]),
    weight_hh_l0: eye(40, 0),
    bias_l0: new Float64Array(40),
    weight_ih_l1: eye(40),
    weight_hh_l1: eye(40, 0),
    bias_l1: new Float64Array(40),
  });
  const ones = { shape: [50, 4, 1], data: new Float64Array(200).fill(1) };
  const mask = b.forward(ones, { training: true }).output.data;
  const zeros = mask.filter((value) => value === 0).length / mask.length;
  expect(zeros).toBeGreaterThan(0.23);
  expect(zeros).toBeLessThan(0.27);
  expect([...new Set(mask)].sort()).toEqual([0, 1 / 0.75]);
});

test("a mask of steps says where sequences end, as lengths do", () => {
  const layer = new LSTM({ inputSize: 2, hiddenSize: 3, bidirectional: true, batchFirst: true });
  const x = numberTensor([2, 3, 2], 1);
  const byMask = layer.forward(x, {
    mask: [
      [true, true, false],
      [1, 1, 1],
    ] as unknown as Nested,
  });
  expect(byMask.output).toEqual(layer.forward(x, { lengths: [2, 3] }).output);
});

test("errors name the argument, what came, and what was expected", () => {
  const layer = new LSTM({ inputSize: 2, hiddenSize: 3 });
  expect(() => layer.forward([[1, 2, 3]])).toThrow(
    "LSTM.forward: x has 3 features at t = 1, but inputSize is 2",
  );
  expect(() =>
    layer.forward([
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 2], [3]],
    ]),
  ).toThrow("LSTM.forward: x has 1 features at t = 2 (sample 1 of the batch), but inputSize is 2");
  expect(() => layer.forward(numberTensor([5, 1, 3], 1))).toThrow(
    "LSTM.forward: x has 3 features, but inputSize is 2",
  );
  expect(() => layer.forward([1, 2])).toThrow("LSTM.forward: x is [2], but must be [T, B, inputSize]");
  expect(() =>
    layer.forward([
      [1, 2],
      [3, NaN],
    ]),
  ).toThrow("LSTM.forward: x contains NaN at t = 2, but must be finite");
  expect(() => layer.forward([[1, "2" as unknown as number]])).toThrow('x contains "2" at t = 1');
  expect(() => layer.forward([[[1, 2]]], { lengths: [2] })).toThrow(
    "LSTM.forward: lengths contains 2, but must be from 1 to T = 1",
  );
  expect(() => layer.forward([[[1, 2]]], { lengths: [1, 1] })).toThrow("lengths has 2 elements");
  expect(() => layer.forward([[[1, 2]]], { h0: [[1, 2]] })).toThrow(
    "LSTM.forward: h0 has 2 elements, but hiddenSize is 3",
  );
  expect(() => layer.forward([[[1, 2]]], { states: [] } as object)).toThrow('option "states" is unknown');
  expect(() => layer.forward([[[1, 2]]], { mask: [[0]], lengths: [1] })).toThrow(
    "lengths and mask are both given, but at most one may be given",
  );
  expect(() => new GRU({ inputSize: 2, hiddenSize: 3 }).forward([[1, 2]], { c0: [[1, 2, 3]] })).toThrow(
    "GRU.forward: c0 is given, but a GRU has no cell state",
  );
  expect(() => new LSTM({ inputSize: 2, hiddenSize: 0 })).toThrow(
    "LSTM: hiddenSize is 0, but must be a positive integer",
  );
  expect(() => new LSTM({ inputSize: 2, hiddenSize: 1, dropout: 0.5 })).toThrow("numLayers is 1");
  expect(() => new LSTM({ inputSize: 2, hiddenSize: 1, numLayers: 2, dropout: 1 })).toThrow("dropout is 1");
  expect(() => new RNN({ inputSize: 2, hiddenSize: 1, nonlinearity: "sin" as "tanh" })).toThrow(
    'RNN: nonlinearity is "sin", but must be "tanh", "relu" or "identity"',
  );
  expect(() => new RNN({ inputSize: 2, hiddenSize: 1, dtype: "float16" as "float32" })).toThrow("float16");
  expect(() => new GRU({ inputSize: 2, hiddenSize: 1, biases: 3 as 2 })).toThrow("GRU: biases is 3");
});

test("a tape is read once, and not after another batch of its size", () => {
  const layer = new GRU({ inputSize: 1, hiddenSize: 2 });
  const first = layer.forward([[1], [2]]);
  const other = layer.forward([[1], [2], [3]]);
  layer.backward(first, { hN: [1, 1] });
  expect(() => layer.backward(first, { hN: [1, 1] })).toThrow("GRU.backward: tape was read already");
  layer.forward([[1], [2], [4]]);
  expect(() => layer.backward(other, {})).toThrow("tape is of an earlier batch of this size");
  const early = layer.forward(new Array<number[]>(4).fill([1]));
  for (let T = 10; T < 40; T++) layer.forward(new Array<number[]>(T).fill([1]));
  expect(layer.backward(early, { hN: [1, 1] }).dx.shape).toEqual([4, 1]);
  expect(() => layer.backward({ ...other }, {})).toThrow(
    "tape is an object, but must be what GRU.forward returned with a tape",
  );
});

test("the first NaN or infinity stops with its tensor, step and sample", () => {
  const layer = new RNN({ inputSize: 1, hiddenSize: 1, nonlinearity: "identity", numLayers: 2 });
  layer.loadStateDict({
    weight_ih_l0: [[1]],
    weight_hh_l0: [[1e200]],
    bias_l0: [0],
    weight_ih_l1: [[1]],
    weight_hh_l1: [[0]],
    bias_l1: [0],
  });
  const x = [
    [[0], [1]],
    [[0], [1]],
    [[0], [1]],
  ];
  expect(() => layer.forward(x)).toThrow(
    "RNN.forward: h contains Infinity in layer 0 at t = 3 (sample 1 of the batch)",
  );
  const tape = layer.forward([[0], [0], [0], [0]]);
  expect(() => layer.backward(tape, { hN: [[0], [1e-300]] })).not.toThrow();
  const again = layer.forward([[0], [0], [0], [0]]);
  expect(() => layer.backward(again, { hN: [[0], [1]] })).toThrow(
    "RNN.backward: dh contains Infinity in layer 0 at t = 2",
  );
  expect(() => new LSTM({ inputSize: 1, hiddenSize: 1, dtype: "float32" }).forward([[1e39]])).toThrow(
    "LSTM.forward: x contains 1e+39 at t = 1, but must be within float32",
  );
});

test("nothing of a state dict is loaded unless everything fits", () => {
  const layer = new LSTM({ inputSize: 1, hiddenSize: 1, dtype: "float32" });
  const before = layer.stateDict();
  const good = { weight_ih_l0: [[1], [2], [3], [4]], weight_hh_l0: [[1], [2], [3], [4]] };
  expect(() => layer.loadStateDict({ ...good })).toThrow(
    'LSTM.loadStateDict: key "bias_l0" is missing, but must be given',
  );
  expect(() => layer.loadStateDict({ ...good, bias_l0: [1, 2, 3] })).toThrow(
    "LSTM.loadStateDict: bias_l0 has 3 elements, but of [4] there must be 4",
  );
  expect(() => layer.loadStateDict({ ...good, bias_l0: [1, 2, 3, 4], more: [] })).toThrow(
    'key "more" is unknown',
  );
  expect(layer.stateDict()).toEqual(before);
  layer.loadStateDict({ ...good, bias_l0: tensor([1, 2, 3, 4]) });
  expect(layer.stateDict().bias_l0).toEqual(tensor([1, 2, 3, 4], "float32"));
});

test("backward refuses weights that changed after forward", () => {
  const layer = new LSTM({ inputSize: 1, hiddenSize: 2 });
  const tape = layer.forward([[1], [2]]);
  layer.parameters[1].data[3] += 1;
  expect(() => layer.backward(tape, { hN: [[1, 1]] })).toThrow(
    "LSTM.backward: weight_hh_l0 was changed after forward, but the tape is of the weights before",
  );
  layer.parameters[1].data[3] -= 1;
  layer.backward(layer.forward([[1], [2]]), { hN: [[1, 1]] });
});

test("forward without a tape gives the same output, and nothing for backward", () => {
  const layer = new LSTM({ inputSize: 1, hiddenSize: 2, numLayers: 2 });
  const x = [[[1], [2]]];
  const { output, hN, cN } = layer.forward(x);
  const tape = layer.forward(x, { tape: false });
  expect(tape).toEqual({ output, hN, cN, layers: [] });
  expect(() => layer.backward(tape, { hN })).toThrow(
    "tape is an object, but must be what LSTM.forward returned with a tape",
  );
  expect(() => layer.forward(x, { tape: 0 as never })).toThrow(
    "LSTM.forward: tape is 0, but must be true or false",
  );
});

test("embedding, dropout, layers and heads of one seed do not begin with the same numbers", () => {
  const bits = new Float32Array(64);
  drawDropoutMask(bits, 0.5, 0, 0);
  const { data } = new Embedding({ numEmbeddings: 4, embeddingDim: 4, seed: 0 }).parameters[0];
  // What the table would be if it were drawn from the generator of any mask.
  for (let draw = 0; draw < 20; draw++) {
    const mask = new Float32Array(64);
    drawDropoutMask(mask, 0.5, 0, draw);
    if (draw > 0) expect(mask).not.toEqual(bits);
  }
  const seeds = [streamSeed(0, 0x64726f70, 0), streamSeed(0, 0x656d6264)];
  expect(new Set(seeds).size).toBe(2);
  const other = normalInitializer({ seed: seeds[0] }).vector(16);
  expect([...data]).not.toEqual(other);
  expect([...data]).toEqual(normalInitializer({ seed: seeds[1] }).vector(16));
});
