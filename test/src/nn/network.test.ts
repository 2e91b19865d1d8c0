// SequenceNetwork, Linear and Embedding: central differences for any network, the slides' models, targets,
// and what errors say.

import fc from "fast-check";
import { expect, test } from "vitest";
import { simdKinds } from "../../../src/engine/engine.js";
import * as slides from "../../../src/index.js";
import type { NetworkBatch, SequenceNetworkOptions } from "../../../src/nn/index.js";
import {
  Embedding,
  GRU,
  Linear,
  LSTM,
  RNN,
  SequenceNetwork,
  tensor,
  toNested,
} from "../../../src/nn/index.js";
import type { RecurrentStack } from "../../../src/nn/stack.js";
import { numbers, relativeError } from "../engine/numbers.js";
import { moduleOf } from "./fixtures.js";

const anyNetwork = fc
  .record({
    cell: fc.constantFrom(...simdKinds.filter((cell) => cell !== "rnn_relu")),
    I: fc.integer({ min: 1, max: 3 }),
    H: fc.integer({ min: 1, max: 4 }),
    K: fc.integer({ min: 1, max: 3 }),
    numLayers: fc.integer({ min: 1, max: 2 }),
    bidirectional: fc.boolean(),
    batchFirst: fc.boolean(),
    embedded: fc.boolean(),
    outputs: fc.constantFrom("last" as const, "every" as const),
    loss: fc.constantFrom(
      "crossEntropy" as const,
      "binaryCrossEntropy" as const,
      "meanSquaredError" as const,
    ),
    reduction: fc.constantFrom("mean" as const, "sum" as const),
    lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    seed: fc.nat(),
  })
  .map(({ cell, I, H, K: count, embedded, outputs, loss, reduction, lengths, seed, ...rnn }) => {
    const K = loss === "crossEntropy" ? count + 1 : count;
    const [T, B] = [Math.max(...lengths), lengths.length];
    const drawn = numbers(1000, seed + 1);
    let next = 0;
    const draw = () => drawn[next++ % drawn.length];
    const grid = <Value>(value: () => Value): Value[][] =>
      rnn.batchFirst
        ? Array.from({ length: B }, () => Array.from({ length: T }, value))
        : Array.from({ length: T }, () => Array.from({ length: B }, value));
    const vector = (n: number, value = draw) => Array.from({ length: n }, value);
    const zeroOrOne = () => (draw() < 0 ? 0 : 1);
    const target: () => unknown = {
      crossEntropy: () => Math.floor(((draw() + 1) / 2) * K),
      binaryCrossEntropy: () => vector(K, zeroOrOne),
      meanSquaredError: () => vector(K),
    }[loss];
    const network = new SequenceNetwork({
      ...(embedded && { embedding: new Embedding({ numEmbeddings: 4, embeddingDim: I, seed }) }),
      rnn: moduleOf(cell, { inputSize: I, hiddenSize: H, seed, ...rnn }),
      head: new Linear({ inputSize: H * (rnn.bidirectional ? 2 : 1), outputSize: K, seed }),
      outputs,
      loss,
      reduction,
    });
    const x = embedded ? grid(() => Math.floor((draw() + 1) * 2)) : grid(() => vector(I));
    const y = outputs === "every" ? grid(target) : Array.from({ length: B }, target);
    return { network, batch: { x, y, lengths } as NetworkBatch };
  });

test("gradients of any network agree with central differences", () => {
  fc.assert(
    fc.property(anyNetwork, ({ network, batch }) => {
      network.lossAndGradients(batch);
      const [analytic, numerical]: number[][] = [[], []];
      for (const { data, grad } of network.parameters) {
        for (let k = 0; k < data.length; k += 1 + Math.floor(data.length / 4)) {
          const value = data[k];
          const at = (step: number) => {
            data[k] = value + step;
            return network.loss(batch);
          };
          analytic.push(grad[k]);
          numerical.push((at(-2e-3) - at(2e-3) + 8 * (at(1e-3) - at(-1e-3))) / 12e-3);
          data[k] = value;
        }
      }
      expect(relativeError(analytic, numerical)).toBeLessThan(1e-7);
    }),
    { numRuns: 80 },
  );
});

test("a network computes what the slides' classifier and regressor compute", () => {
  const sizes = { inputSize: 2, hiddenSize: 3 };
  const layer = new slides.LSTM({ ...sizes, seed: 1 });
  const head = new slides.Dense({ inputSize: 3, outputSize: 4, seed: 2 });
  const samples = [1, 2].map((seed) => ({
    x: [0, 1, 2, 3, 4].map((t) => numbers(2, 10 * seed + t)),
    targets: numbers(4, 50 + seed),
  }));
  const { weight_ih_l0, weight_hh_l0, bias_l0 } = layer.stateDict();
  const network = (loss: SequenceNetworkOptions["loss"]) => {
    const own = new SequenceNetwork({
      rnn: new LSTM({ ...sizes, batchFirst: true }),
      head: new Linear({ inputSize: 3, outputSize: 4 }),
      loss,
    });
    own.loadStateDict({
      "rnn.weight_ih_l0": weight_ih_l0,
      "rnn.weight_hh_l0": weight_hh_l0,
      "rnn.bias_l0": bias_l0,
      "head.weight": head.parameters.W,
      "head.bias": head.parameters.b,
    });
    return own;
  };
  const x = samples.map((sample) => sample.x);
  const headGradient = (own: SequenceNetwork) =>
    toNested({ shape: [4, 3], data: own.parameters.find(({ name }) => name === "head.weight")!.grad });

  const classifier = new slides.SequenceClassifier({ layer, head });
  const oneHot = (k: number) => [0, 1, 2, 3].map((index) => Number(index === k));
  const classes = [3, 1];
  const ofClasses = classifier.lossAndGradients(samples.map((s, b) => ({ x: s.x, y: oneHot(classes[b]) })));
  const own = network("crossEntropy");
  expect(own.lossAndGradients({ x, y: classes })).toBeCloseTo(ofClasses.loss, 14);
  const close = (a: unknown, b: number[][]) =>
    expect(relativeError((a as number[][]).flat(), b.flat())).toBeLessThan(1e-13);
  close(headGradient(own), ofClasses.gradients.head.W);

  const regressor = new slides.SequenceRegressor({ layer, head });
  const ofNumbers = regressor.lossAndGradients(samples.map((s) => ({ x: s.x, y: s.targets })));
  const forecast = network("meanSquaredError");
  const y = samples.map((sample) => sample.targets);
  expect(forecast.lossAndGradients({ x, y })).toBeCloseTo(ofNumbers.loss, 14);
  close(headGradient(forecast), ofNumbers.gradients.head.W);
});

test("a target of one number needs no array, and one sequence no batch", () => {
  const network = new SequenceNetwork({
    rnn: new GRU({ inputSize: 2, hiddenSize: 3, seed: 3 }),
    head: new Linear({ inputSize: 3, outputSize: 1 }),
    loss: "meanSquaredError",
  });
  const x = [
    [1, 2],
    [3, 4],
  ];
  const batched = x.map((row) => [row]);
  const loss = network.loss({ x: batched, y: [[0.5]] });
  expect(network.loss({ x: batched, y: [0.5] })).toBe(loss);
  expect(network.loss({ x, y: [0.5] })).toBe(loss);
  expect(network.loss({ x, y: 0.5 })).toBe(loss);
  expect(network.predict({ x }).shape).toEqual([1]);
  expect(network.predict({ x: batched }).shape).toEqual([1, 1]);
});

test("numbers beyond the end of a sequence may be anything: NaN, null, an index that does not exist", () => {
  const makeOf = (embedding: boolean, batchFirst: boolean) =>
    new SequenceNetwork({
      ...(embedding && { embedding: new Embedding({ numEmbeddings: 3, embeddingDim: 2, seed: 1 }) }),
      rnn: new LSTM({ inputSize: 2, hiddenSize: 3, batchFirst, bidirectional: true, seed: 2 }),
      head: new Linear({ inputSize: 6, outputSize: 2, seed: 3 }),
    });
  const lengths = [3, 1];
  for (const batchFirst of [true, false]) {
    for (const embedding of [true, false]) {
      const network = makeOf(embedding, batchFirst);
      const xOf = (padding: unknown) => {
        const step = (k: number) => (embedding ? k : [k, -k]);
        const padded = embedding ? padding : [padding, padding];
        const [first, second] = [
          [step(0), step(1), step(2)],
          [step(2), padded, padded],
        ];
        return batchFirst ? [first, second] : first.map((_, t) => [first[t], second[t]]);
      };
      const run = (padding: unknown) => {
        const batch = { x: xOf(padding), y: [0, 1], lengths } as NetworkBatch;
        const loss = network.lossAndGradients(batch);
        return [loss, ...network.gradients, ...slides.gradientFlow(network).map(({ norm }) => norm)];
      };
      const expected = run(0);
      for (const padding of [NaN, null, Infinity, "none", undefined, 1])
        expect(run(padding)).toEqual(expected);
      expect(() => network.loss({ x: xOf(NaN), y: [0, 1], lengths: [3, 2] } as NetworkBatch)).toThrow(
        /x contains NaN.* at t = 2.*, but must be finite/,
      );
    }
  }
});

test("lossAndGradients replaces gradients; loss and predict leave them", () => {
  const network = new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 2, seed: 3 }),
    head: new Linear({ inputSize: 2, outputSize: 2 }),
  });
  const batch = { x: [[[1]], [[2]]], y: [1] };
  network.lossAndGradients(batch);
  const first = network.gradients.slice();
  expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.01);
  network.loss({ ...batch, y: [0] });
  network.predict({ x: batch.x });
  expect(network.gradients).toEqual(first);
  network.lossAndGradients(batch);
  expect(network.gradients).toEqual(first);
  for (const { data, grad } of network.parameters) {
    expect(grad.buffer).toBe(network.gradients.buffer);
    expect(data.buffer).toBe(network.values.buffer);
  }
  // The part's own parameters are the same memory.
  expect(network.rnn.parameters[0].data).toEqual(network.parameters[0].data);
  network.parameters[0].data[0] = 7;
  expect(network.rnn.parameters[0].data[0]).toBe(7);
});

test("dropout is on in lossAndGradients alone, and the state says which mask comes next", () => {
  const make = () =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 8, numLayers: 2, dropout: 0.5, seed: 3 }),
      head: new Linear({ inputSize: 8, outputSize: 2 }),
    });
  const [a, b] = [make(), make()];
  const batch = { x: [[[1]], [[2]], [[3]]], y: [1] };
  const plain = a.loss(batch);
  const [first, second] = [a.lossAndGradients(batch), a.lossAndGradients(batch)];
  expect(first).not.toBe(plain);
  expect(second).not.toBe(first);
  expect(a.loss(batch)).toBe(plain);
  Object.assign(b.state, { dropoutDraws: 1 });
  expect(b.lossAndGradients(batch)).toBe(second);
  expect(b.state).toEqual(a.state);
});

test("batches of many sizes do not pile up in memory", () => {
  // The library's types leave it out.
  const stackOf = (module: object) => (module as { stack: RecurrentStack }).stack;
  const stack = stackOf(new RNN({ inputSize: 1, hiddenSize: 1 }));
  const first = stack.pass(1, 1);
  for (let T = 2; T <= 16; T++) stack.pass(T, 1);
  expect(stack.pass(1, 1) === first).toBe(true);
  for (let T = 2; T <= 17; T++) stack.pass(T, 1);
  expect(stack.pass(1, 1) === first).toBe(false);
  // Of large ones two are kept.
  const large = stackOf(new LSTM({ inputSize: 1, hiddenSize: 64, dtype: "float32" }));
  const [a, b] = [large.pass(300, 128), large.pass(301, 128)];
  expect(large.pass(300, 128) === a).toBe(true);
  expect(large.pass(301, 128) === b).toBe(true);
  large.pass(302, 128);
  expect(large.pass(301, 128) === b).toBe(true);
  expect(large.pass(300, 128) === a).toBe(false);
});

test("a Linear computes z = W x + b, and its gradients", () => {
  const linear = new Linear({ inputSize: 2, outputSize: 3 });
  linear.loadStateDict({
    weight: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    bias: [0.5, 0, -1],
  });
  const tape = linear.forward([[[1, 1]], [[2, 0]]]);
  expect(toNested(tape.output)).toEqual([[[3.5, 7, 10]], [[2.5, 6, 9]]]);
  expect(toNested(linear.backward(tape, [[[1, 0, 0]], [[0, 1, 2]]]))).toEqual([[[1, 2]], [[13, 16]]]);
  expect([...linear.parameters[0].grad]).toEqual([1, 1, 2, 0, 4, 0]);
  expect([...linear.parameters[1].grad]).toEqual([1, 1, 2]);
  linear.zeroGrad();
  expect([...linear.parameters[0].grad]).toEqual([0, 0, 0, 0, 0, 0]);
  const alone = new Linear({ inputSize: 2, outputSize: 3, bias: false });
  expect(alone.parameters.map(({ name }) => name)).toEqual(["weight"]);
  alone.loadStateDict({ weight: linear.stateDict().weight });
  expect(toNested(alone.forward([1, 1]).output)).toEqual([3, 7, 11]);
  expect(() => linear.forward([[1, 2, 3]])).toThrow(
    "Linear.forward: x has 3 features in row 0, but inputSize is 2",
  );
  expect(() => linear.forward(3 as never)).toThrow(
    "Linear.forward: x is a number, but must be [..., inputSize]",
  );
  expect(() => new Linear({ inputSize: 2, outputSize: 0 })).toThrow("Linear: outputSize is 0");
});

test("an Embedding looks up rows of its table and trains them, except that of the padding index", () => {
  const embedding = new Embedding({ numEmbeddings: 3, embeddingDim: 2, paddingIdx: 1 });
  expect(toNested(embedding.stateDict().weight)).toMatchObject({ 1: [0, 0] });
  embedding.loadStateDict({
    weight: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  });
  const tape = embedding.forward([[2, 1, 2, 0]]);
  expect(toNested(tape.output)).toEqual([
    [
      [5, 6],
      [3, 4],
      [5, 6],
      [1, 2],
    ],
  ]);
  embedding.backward(tape, [
    [
      [1, 2],
      [10, 10],
      [3, 4],
      [7, 8],
    ],
  ]);
  expect([...embedding.parameters[0].grad]).toEqual([7, 8, 0, 0, 4, 6]);
  expect(() => embedding.forward([3])).toThrow(
    "Embedding.forward: x contains 3, but must be an integer from 0 to 2",
  );
  expect(() => new Embedding({ numEmbeddings: 3, embeddingDim: 2, paddingIdx: 3 })).toThrow(
    "paddingIdx is 3",
  );
});

test("a class that ignoreIndex names is no target, as null is", () => {
  const parts = (seed: number) => ({
    rnn: new GRU({ inputSize: 1, hiddenSize: 3, seed }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed }),
    outputs: "every" as const,
  });
  const x = [
    [[1], [2]],
    [[3], [4]],
  ];
  const [withNull, withIndex] = [
    new SequenceNetwork(parts(1)),
    new SequenceNetwork({ ...parts(1), ignoreIndex: -100 }),
  ];
  const expected = withNull.lossAndGradients({
    x,
    y: [
      [0, null],
      [1, 1],
    ] as never,
  });
  const y = { shape: [2, 2], data: Int32Array.of(0, -100, 1, 1) as never };
  expect(withIndex.lossAndGradients({ x, y })).toBe(expected);
  expect(withIndex.gradients).toEqual(withNull.gradients);
  expect(() => withNull.loss({ x, y })).toThrow("y contains -100 at t = 1 (sample 1 of the batch)");
});

test("what belongs to a loss is refused where they do not fit", () => {
  const parts = { inputSize: 2, hiddenSize: 3 };
  const make = (options: object) => () =>
    new SequenceNetwork({
      rnn: new LSTM(parts),
      head: new Linear({ inputSize: 3, outputSize: 2 }),
      ...options,
    });
  expect(make({ classWeights: [1, 2, 3] })).toThrow(
    "SequenceNetwork: classWeights has 3 numbers, but head.outputSize is 2",
  );
  expect(make({ classWeights: [1, -1] })).toThrow(
    "an element of classWeights is -1, but must be a number of at least 0",
  );
  expect(make({ classWeights: [1, NaN] })).toThrow("classWeights contains NaN, but must be finite");
  expect(make({ labelSmoothing: 1 })).toThrow("labelSmoothing is 1, but must be a number from 0 to below 1");
  expect(make({ labelSmoothing: "0.1" })).toThrow(TypeError);
  expect(make({ ignoreIndex: 0.5 })).toThrow("ignoreIndex is 0.5, but must be an integer");
  expect(make({ loss: "meanSquaredError", labelSmoothing: 0.1 })).toThrow(
    "SequenceNetwork: labelSmoothing is given, but is of crossEntropy, and loss is meanSquaredError",
  );
  expect(make({ loss: "meanAbsoluteError", delta: 2 })).toThrow(
    "SequenceNetwork: delta is given, but is of huber, and loss is meanAbsoluteError",
  );
  expect(make({ loss: "huber", delta: 0 })).toThrow("SequenceNetwork: delta is 0, but must be a positive");
  expect(make({ posWeight: [1, 2] })).toThrow("posWeight is given, but is of binaryCrossEntropy");
  expect(make({ loss: "binaryCrossEntropy", posWeight: [2] })).toThrow(
    "SequenceNetwork: posWeight has 1 numbers, but head.outputSize is 2",
  );
  expect(() => make({ classWeights: [0, 1] })().loss({ x: [[1, 2]], y: 0 })).toThrow(
    "SequenceNetwork.loss: classWeights are 0 for every target of y, but one must count",
  );
});

test("errors name the part, what came, and what was expected", () => {
  const parts = () => ({
    rnn: new LSTM({ inputSize: 2, hiddenSize: 3 }),
    head: new Linear({ inputSize: 3, outputSize: 4 }),
  });
  const network = new SequenceNetwork(parts());
  const x = [[[1, 2]], [[3, 4]]];
  const loss = (batch: object) => () => network.loss(batch as NetworkBatch);
  expect(loss({ x: [[1, 2, 3]], y: 0 })).toThrow(
    "SequenceNetwork.loss: x has 3 features at t = 1, but inputSize is 2",
  );
  expect(loss({ x, y: [4] })).toThrow(
    "SequenceNetwork.loss: y contains 4, but must be an integer from 0 to 3",
  );
  expect(loss({ x, y: [0, 1] })).toThrow("y has 2 targets, but the sequences of x are 1");
  expect(loss({ x, y: [null] })).toThrow("y has no target at any step, but needs at least one");
  expect(loss({ x })).toThrow("SequenceNetwork.loss: y is undefined, but must be [1]");
  expect(loss({ x, y: [1], Y: 1 })).toThrow('option "Y" is unknown');
  const every = new SequenceNetwork({ ...parts(), outputs: "every", loss: "binaryCrossEntropy" });
  expect(() => every.loss({ x, y: [[[0, 1, 1, 0]]] })).toThrow("y has 1 steps, but the steps of x are 2");
  expect(() => every.loss({ x, y: [[[0, 1, 1, 0]], [[0, 1, 3, 0]]] })).toThrow(
    "y contains 3 at t = 2, but must be from 0 to 1",
  );
  expect(() => every.loss({ x, y: [[[0, 1, 1, null]], [null]] as never })).toThrow(
    "y contains null among numbers at t = 1, but must be null as a whole",
  );
  const embedded = new SequenceNetwork({
    ...parts(),
    embedding: new Embedding({ numEmbeddings: 5, embeddingDim: 2 }),
  });
  expect(() => embedded.loss({ x: [[1, 5]], y: [0, 0] })).toThrow(
    "SequenceNetwork.loss: x contains 5 at t = 1 (sample 1 of the batch), but must be an integer from 0 to 4",
  );
  expect(
    embedded.loss({
      x: [
        [1, 2],
        [0, 9],
      ],
      y: [0, 0],
      lengths: [2, 1],
    }),
  ).toBeGreaterThan(0);
  const make = (options: object) => () => new SequenceNetwork({ ...parts(), ...options });
  expect(make({ head: new Linear({ inputSize: 4, outputSize: 4 }) })).toThrow(
    "SequenceNetwork: head.inputSize is 4, but the outputs of rnn have 3 elements",
  );
  expect(make({ head: new Linear({ inputSize: 3, outputSize: 4, dtype: "float32" }) })).toThrow(
    'head.dtype is "float32", but rnn.dtype is "float64"',
  );
  expect(make({ embedding: new Embedding({ numEmbeddings: 3, embeddingDim: 1 }) })).toThrow(
    "embedding.embeddingDim is 1, but rnn.inputSize is 2",
  );
  expect(make({ loss: "hinge" })).toThrow(
    'loss is "hinge", but must be "crossEntropy", "binaryCrossEntropy", "meanSquaredError", "meanAbsoluteError" or "huber"',
  );
  expect(make({ rnn: new slides.LSTM({ inputSize: 2, hiddenSize: 3 }) })).toThrow(
    "rnn is an object, but must be a recurrent module of unrolled/nn, such as an LSTM",
  );
  expect(make({ rnn: network.rnn })).toThrow("rnn is part of a network already");
  network.parameters.at(-1)!.data[1] = Infinity;
  expect(loss({ x, y: [1] })).toThrow("SequenceNetwork.loss: the head's output contains Infinity");
});

test("tensors in any kind of array are read, and wrong dtypes, shapes and values are refused", () => {
  expect(tensor([Float64Array.of(1, 2), [3, 4]])).toEqual({
    shape: [2, 2],
    data: Float64Array.of(1, 2, 3, 4),
  });
  expect(() => tensor([1], "f64" as never)).toThrow(
    'tensor: dtype is "f64", but must be "float64" or "float32"',
  );
  expect(() => new LSTM({ inputSize: 1, hiddenSize: 1, dtype: "float16" as never })).toThrow(
    'LSTM: dtype is "float16"',
  );
  expect(() => new LSTM({ inputSize: 1, hiddenSize: 1, numLayers: 2, dropout: "0.5" as never })).toThrow(
    'LSTM: dropout is "0.5", but must be a probability',
  );
  const plain = { shape: [2, 3, 1], data: [1, 2, 3, 4, 5, 6] };
  const layer = new LSTM({ inputSize: 1, hiddenSize: 2, batchFirst: true });
  expect(layer.forward(plain as never).output).toEqual(
    layer.forward(
      tensor([
        [[1], [2], [3]],
        [[4], [5], [6]],
      ]),
    ).output,
  );
  const two = new LSTM({ inputSize: 1, hiddenSize: 1, biases: 2 }).stateDict();
  expect(() => {
    new LSTM({ inputSize: 1, hiddenSize: 1 }).loadStateDict(two);
  }).toThrow("a layer of biases: 2 has bias_ih and bias_hh, as PyTorch's");
});

test("the first target may be missing, as any other may", () => {
  const one = (outputs: "last" | "every", loss: "meanSquaredError" | "binaryCrossEntropy") =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 2 }),
      head: new Linear({ inputSize: 2, outputSize: 1 }),
      outputs,
      loss,
    });
  for (const loss of ["meanSquaredError", "binaryCrossEntropy"] as const) {
    const every = one("every", loss);
    const x = [[[1]], [[2]]];
    expect(every.loss({ x, y: [[null], [[1]]] })).toBe(every.loss({ x, y: [[null], [1]] }));
    expect(every.loss({ x, y: [null, [[1]]] })).toBe(every.loss({ x, y: [[null], [1]] }));
    const last = one("last", loss);
    const sequences = [[[1], [2]]];
    expect(last.loss({ x: sequences, y: [null, [1]] })).toBe(last.loss({ x: sequences, y: [null, 1] }));
    expect(() => last.loss({ x: sequences, y: [null, [[1]]] as never })).toThrow("y contains an array");
  }
});

test("what is not a number is refused in a tensor too", () => {
  const network = new SequenceNetwork({
    rnn: new GRU({ inputSize: 1, hiddenSize: 2 }),
    head: new Linear({ inputSize: 2, outputSize: 2 }),
  });
  for (const [value, said] of [
    [null, "null"],
    ["1", '"1"'],
    [true, "true"],
  ] as const) {
    const x = { shape: [1, 1, 1], data: [value] as never };
    expect(() => network.predict({ x })).toThrow(`x contains ${said} at t = 1, but must contain numbers`);
    expect(() => network.predict({ x: [[[value as never]]] })).toThrow(`x contains ${said} at t = 1`);
  }
  expect(() => network.predict({ x: { shape: [1, 1, 1], data: BigInt64Array.of(1n) as never } })).toThrow(
    "x contains a bigint at t = 1",
  );
  const weights = JSON.parse(JSON.stringify(network.stateDict())) as never;
  expect(() => network.loadStateDict(weights)).toThrow(
    "SequenceNetwork.loadStateDict: rnn.weight_ih_l0 has data that is an object, but must be an array or a typed array (JSON makes an object of a typed array: write [...data] instead)",
  );
});

test("the states after a step of a ragged batch are the last ones of the sequences that have ended", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 2, numLayers: 2 }),
    head: new Linear({ inputSize: 2, outputSize: 2 }),
  });
  const x = [
    [[1], [2]],
    [[3], [4]],
    [[5], [0]],
  ];
  network.lossAndGradients({ x, y: [0, 1], lengths: [3, 2] });
  const { h0, c0 } = network.statesAfter(3);
  const { hN, cN } = network.rnn.forward(x, { lengths: [3, 2] });
  expect([h0, c0]).toEqual([hN, cN]);
});

test("cross-entropy refuses a head of one class", () => {
  const network = new SequenceNetwork({
    rnn: new GRU({ inputSize: 1, hiddenSize: 2 }),
    head: new Linear({ inputSize: 2, outputSize: 1 }),
  });
  expect(() => network.loss({ x: [[[1]]], y: [0] })).toThrow(
    "SequenceNetwork.loss: head.outputSize is 1, but crossEntropy needs at least 2 classes",
  );
  expect(network.predict({ x: [[[1]]] }).shape).toEqual([1, 1]);
});
