// A network that reads one step at a time: it says what the whole sequence says, and goes on from any state.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellKinds, cellStateSize } from "../../../src/engine/engine.js";
import { adamRule, Optimizer } from "../../../src/index.js";
import type { Floats, Nested, SequenceStream } from "../../../src/nn/index.js";
import { Embedding, Linear, LSTM, SequenceNetwork, tensor, toNested } from "../../../src/nn/index.js";
import { numbers, relativeError, unitsFor } from "../engine/numbers.js";
import { moduleOf } from "./fixtures.js";

const outputs = "every";

const anyNetwork = fc.record({
  cell: fc.constantFrom(...cellKinds),
  inputSize: fc.integer({ min: 1, max: 5 }),
  hiddenSize: fc.integer({ min: 1, max: 40 }),
  numLayers: fc.integer({ min: 1, max: 3 }),
  biases: fc.constantFrom(0 as const, 1 as const, 2 as const),
  dtype: fc.constantFrom("float64" as const, "float32" as const),
  embedded: fc.boolean(),
  T: fc.integer({ min: 1, max: 12 }),
  B: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
});

type Drawn = typeof anyNetwork extends fc.Arbitrary<infer Value> ? Value : never;

/** The network, and steps of B sequences: rows of features, or indices. */
function networkAndSteps({ cell, embedded, T, B, ...drawnOptions }: Drawn) {
  const hiddenSize = unitsFor(cell, drawnOptions.hiddenSize);
  const options = { ...drawnOptions, hiddenSize };
  const { inputSize: I, dtype, seed } = options;
  const rnn = moduleOf(cell, options);
  const head = new Linear({ inputSize: hiddenSize, outputSize: 3, dtype, seed });
  const embedding = embedded ? new Embedding({ numEmbeddings: 7, embeddingDim: I, dtype, seed }) : undefined;
  const network = new SequenceNetwork({ rnn, head, outputs, ...(embedding && { embedding }) });
  const drawn = numbers(T * B * I, seed);
  const steps = Array.from({ length: T }, (_, t) =>
    Array.from({ length: B }, (_, b) =>
      embedded
        ? Math.floor((drawn[t * B + b] + 1) * 3)
        : Array.from(drawn.slice((t * B + b) * I, (t * B + b + 1) * I)),
    ),
  );
  return { network, steps: steps as Nested[] };
}

const predictionsOf = (stream: SequenceStream, steps: readonly Nested[]) =>
  steps.flatMap((x) => [...stream.step(x)]);

test("a stream says at every step what predict says of the whole sequence", () => {
  fc.assert(
    fc.property(anyNetwork, (drawn) => {
      const { network, steps } = networkAndSteps(drawn);
      const whole = network.predict({ x: steps as Nested, batchFirst: false }).data;
      const came = predictionsOf(network.stream({ batchSize: drawn.B }), steps);
      if (drawn.dtype === "float32") expect(relativeError(came, whole)).toBeLessThanOrEqual(2e-6);
      else if (drawn.cell.endsWith("_scan")) expect(relativeError(came, whole)).toBeLessThanOrEqual(1e-13);
      else expect(came).toEqual([...whole]);
    }),
  );
});

test("in float32 too, to the last bit, where the batch is large enough for WebAssembly", () => {
  for (const cell of cellKinds.filter((cell) => !cell.endsWith("_scan"))) {
    const drawn = { cell, inputSize: 8, hiddenSize: 64, numLayers: 2, biases: 2 as const };
    const { network, steps } = networkAndSteps({
      ...drawn,
      dtype: "float32",
      embedded: false,
      T: 100,
      B: 1,
      seed: 1,
    });
    const rows = Array.from(steps, (step) => (step as number[][])[0]);
    const whole = network.rnn.forward(rows);
    const stream = network.stream();
    for (const x of rows) stream.step(x);
    expect(stream.state.h0.data, cell).toEqual(whole.hN.data);
    expect(stream.state.c0?.data, cell).toEqual(whole.cN?.data);
  }
});

test("step by step from the state before is the same again, and keeps nothing", () => {
  fc.assert(
    fc.property(anyNetwork, (drawn) => {
      const { network, steps } = networkAndSteps(drawn);
      const stream = network.stream({ batchSize: drawn.B });
      let state = {};
      for (const x of steps) {
        const before = state;
        const next = network.step(x, state);
        network.step(x); // another continuation in between
        const expected: Floats = stream.step(x);
        expect(relativeError(next.prediction.data, expected)).toBeLessThanOrEqual(
          drawn.dtype === "float64" ? 0 : 2e-6,
        );
        expect(next.prediction.shape).toEqual([drawn.B, 3]);
        expect(network.step(x, before)).toEqual(next);
        state = next.state;
      }
      expect(Object.keys(state)).toEqual(cellStateSize(drawn.cell, 1) > 0 ? ["h0", "c0"] : ["h0"]);
    }),
    { numRuns: 40 },
  );
});

const lstm = (options: { numLayers?: number; bidirectional?: boolean } = {}) =>
  new SequenceNetwork({
    rnn: new LSTM({ inputSize: 2, hiddenSize: 3, ...options }),
    head: new Linear({ inputSize: options.bidirectional ? 6 : 3, outputSize: 1 }),
    outputs,
    loss: "meanSquaredError",
  });
const x = numbers(20, 5);
const sequence = Array.from({ length: 10 }, (_, t) => [x[2 * t], x[2 * t + 1]]);

describe("a stream", () => {
  test("starts in the middle from the state of another, of predict or of a step", () => {
    const network = lstm({ numLayers: 2 });
    const whole = predictionsOf(network.stream(), sequence);
    const first = network.stream();
    predictionsOf(first, sequence.slice(0, 4));
    expect(first.steps).toBe(4);
    const { state } = first;
    expect(predictionsOf(network.stream(state), sequence.slice(4))).toEqual(whole.slice(4));
    expect(predictionsOf(first, sequence.slice(4))).toEqual(whole.slice(4));
    expect([...network.predict({ x: sequence.slice(4), ...state }).data]).toEqual(whole.slice(4));
    expect([...network.step(sequence[4], state).prediction.data]).toEqual([whole[4]]);
  });

  test("starts anew after reset, from zeros or from a state", () => {
    const network = lstm();
    const stream = network.stream({ h0: [[1, 2, 3]], c0: [[1, 1, 1]] });
    const [from, c0] = [predictionsOf(stream, sequence), stream.state];
    stream.reset();
    expect(stream.steps).toBe(0);
    expect(predictionsOf(stream, sequence)).toEqual(predictionsOf(network.stream(), sequence));
    stream.reset({ h0: [[1, 2, 3]], c0: [[1, 1, 1]] });
    expect(predictionsOf(stream, sequence)).toEqual(from);
    expect(stream.state).toEqual(c0);
  });

  test("keeps the weights it was opened with while the network is trained", () => {
    const network = lstm();
    const [before, twin] = [network.stream(), network.stream()];
    const half = predictionsOf(before, sequence.slice(0, 5));
    const optimizer = new Optimizer(adamRule(), network.parameters);
    network.lossAndGradients({ x: sequence, y: sequence.map(() => [1]) });
    optimizer.step(0.1);
    const rest = predictionsOf(before, sequence.slice(5));
    expect([...half, ...rest]).toEqual(predictionsOf(twin, sequence));
    expect(predictionsOf(network.stream(), sequence)).not.toEqual([...half, ...rest]);
  });

  test("takes rows of any kind of array, and a tensor", () => {
    const stream = () => lstm().stream();
    const expected = [...stream().step([0.5, -0.25])];
    for (const row of [Float32Array.of(0.5, -0.25), Float64Array.of(0.5, -0.25), tensor([0.5, -0.25])]) {
      expect([...stream().step(row)]).toEqual(expected);
    }
    expect(toNested(lstm().step(tensor([0.5, -0.25])).prediction)).toEqual(expected);
  });
});

describe("what does not fit is refused, and the state stays as it was", () => {
  const network = lstm();
  test.each<[name: string, step: (stream: SequenceStream) => void, message: string]>([
    [
      "a feature too many",
      (s) => s.step([1, 2, 3]),
      "SequenceStream.step: x has 3 features, but inputSize is 2",
    ],
    ["NaN", (s) => s.step([1, NaN]), "SequenceStream.step: x contains NaN, but must be finite"],
    ["a number alone", (s) => s.step(1), "SequenceStream.step: x is a number, but must be [2]"],
    [
      "text",
      (s) => s.step(["1", "2"] as never),
      'SequenceStream.step: x contains "1", but must contain numbers',
    ],
    [
      "an unknown key",
      (s) => {
        s.reset({ h: [1] } as never);
      },
      'SequenceStream.reset: option "h" is unknown',
    ],
    [
      "a state of two",
      (s) => {
        s.reset({ h0: [[1, 2]] });
      },
      "SequenceStream.reset: h0 has 2 elements, but hiddenSize is 3",
    ],
    [
      "half a state",
      (s) => {
        s.reset({ h0: [[1, 2, 3]], c0: [[1, 2, NaN]] });
      },
      "SequenceStream.reset: c0 contains NaN",
    ],
  ])("%s", (_, step, message) => {
    const stream = network.stream();
    stream.step(sequence[0]);
    const { state } = stream;
    expect(() => step(stream)).toThrow(message);
    expect(stream.state).toEqual(state);
    expect(stream.steps).toBe(1);
  });

  test("a network that reads in both directions", () => {
    const both = lstm({ bidirectional: true });
    expect(() => both.stream()).toThrow(
      "SequenceNetwork.stream: the network reads in both directions, but must",
    );
    expect(() => both.step([1, 2])).toThrow("SequenceNetwork.step: the network reads in both directions");
  });

  test("an index beyond the table, and one index for a batch of two", () => {
    const { network: embedded } = networkAndSteps({
      cell: "gru",
      inputSize: 2,
      hiddenSize: 3,
      numLayers: 1,
      biases: 1,
      dtype: "float64",
      embedded: true,
      T: 1,
      B: 2,
      seed: 0,
    });
    expect(() => embedded.stream().step(7)).toThrow("x is 7, but must be an integer from 0 to 6");
    expect(() => embedded.stream({ batchSize: 2 }).step(1)).toThrow(
      "SequenceStream.step: x is 1, but must be 2 indices",
    );
    expect(() => embedded.stream({ batchSize: 2 }).step([1, 9])).toThrow("x is 9 (sample 1 of the batch)");
    expect(() => embedded.stream({ c0: [[1, 2, 3]] })).toThrow("c0 is given, but a GRU has no cell state");
  });

  test("a state that overflows is named with the step of the stream", () => {
    const explodes = networkAndSteps({
      cell: "rnn_identity",
      inputSize: 1,
      hiddenSize: 1,
      numLayers: 1,
      biases: 0,
      dtype: "float64",
      embedded: false,
      T: 1,
      B: 1,
      seed: 0,
    }).network;
    explodes.loadStateDict({
      ...explodes.stateDict(),
      "rnn.weight_hh_l0": [[1e200]],
      "rnn.weight_ih_l0": [[1e200]],
    });
    const stream = explodes.stream();
    stream.step([0]);
    stream.step([1]);
    expect(() => stream.step([1])).toThrow(
      "SequenceStream.forward: h contains Infinity at t = 3, but must be finite",
    );
    expect(stream.steps).toBe(2);
  });
});
