// Dropout of h_{t−1} in the products with W_h, the same at all steps of a sequence.

import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import { gradientFlow, parallelBackward, stepJacobians } from "../../../src/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork, SLSTM } from "../../../src/nn/index.js";
import type { RecurrentOptions } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import { loadModel, saveModel } from "../../../src/weights/index.js";
import { numberTensor, relativeError } from "../engine/numbers.js";
import type { NestedValues } from "./fixtures.js";
import { expectClose, moduleOf, tolerancesOf, torchVectors } from "./fixtures.js";

interface Case {
  name: string;
  cell: CellKind;
  options: RecurrentOptions & { recurrentDropout: number };
  parameters: Record<string, NestedArray>;
  x: NestedArray;
  h0?: NestedArray;
  c0?: NestedArray;
  lengths?: number[];
  dropoutMasks?: NestedArray[];
  recurrentDropoutMasks: NestedArray;
  dOutput: NestedArray;
  dhN: NestedArray;
  dcN?: NestedArray;
  expected: Record<"output" | "hN" | "dx" | "dh0", NestedValues> & {
    cN?: NestedValues;
    dc0?: NestedValues;
    parameters: Record<string, NestedValues>;
  };
}

const cases = torchVectors<Case>("recurrent_dropout");

test.each(cases)("a layer computes what PyTorch's loop computes: $cell, $name", (of) => {
  const { cell, expected, h0, c0, lengths, dropoutMasks, recurrentDropoutMasks } = of;
  for (const dtype of ["float64", "float32"] as const) {
    for (const recomputeSteps of [undefined, 2]) {
      const { forward, gradient } = tolerancesOf(cell, dtype);
      const layer = moduleOf(cell, { ...of.options, dtype, recomputeSteps });
      layer.loadStateDict(of.parameters);
      layer.backward(layer.forward(of.x, { training: true }), { output: of.dOutput });
      layer.zeroGrad();
      const tape = layer.forward(of.x, { h0, c0, lengths, dropoutMasks, recurrentDropoutMasks });
      const back = layer.backward(tape, { output: of.dOutput, hN: of.dhN, cN: of.dcN });
      expectClose("output", tape.output, expected.output, forward);
      expectClose("hN", tape.hN, expected.hN, forward);
      expectClose("dx", back.dx, expected.dx, gradient);
      expectClose("dh0", back.dh0, expected.dh0, gradient);
      if (expected.cN !== undefined) expectClose("cN", tape.cN!, expected.cN, forward);
      if (expected.dc0 !== undefined) expectClose("dc0", back.dc0!, expected.dc0, gradient);
      for (const { name, shape, grad } of layer.parameters) {
        expectClose(name, { shape, data: grad }, expected.parameters[name], gradient);
      }
    }
  }
});

const modules = { RNN, LSTM, GRU };
const sizes = { inputSize: 2, hiddenSize: 3, recurrentDropout: 0.5, seed: 4 };
const x = numberTensor([6, 2, 2], 3);

test.each(Object.entries(modules))("masks of an %s follow from the seed and the draw alone", (_, Rnn) => {
  const outputs = (rnn: RNN | LSTM | GRU) =>
    Array.from({ length: 3 }, () => [...rnn.forward(x, { training: true }).output.data]);
  const rnn = new Rnn(sizes);
  const [first, second, third] = outputs(rnn);
  expect(second).not.toEqual(first);
  expect(outputs(new Rnn(sizes))).toEqual([first, second, third]);
  const resumed = new Rnn(sizes);
  resumed.state.dropoutDraws = 2;
  expect(outputs(resumed)[0]).toEqual(third);
  const plain = new Rnn({ ...sizes, recurrentDropout: 0 }).forward(x).output.data;
  expect(rnn.forward(x).output.data).toEqual(plain);
  expect(first).not.toEqual([...plain]);
});

test("several threads compute as one", () => {
  const make = (threads: number) =>
    new LSTM({ inputSize: 250, hiddenSize: 200, recurrentDropout: 0.5, threads, seed: 1 });
  const large = numberTensor([10, 7, 250], 5);
  const [one, three] = [1, 3].map((threads) => {
    const rnn = make(threads);
    const tape = rnn.forward(large, { training: true });
    const { dx } = rnn.backward(tape, { hN: numberTensor([1, 7, 200], 6) });
    return { h: tape.output.data, dx: dx.data, Wh: rnn.parameters[1].grad };
  });
  expect(three.h).toEqual(one.h);
  expect(relativeError(three.dx, one.dx)).toBeLessThan(1e-13);
  expect(relativeError(three.Wh, one.Wh)).toBeLessThan(1e-13);
});

test("a network has it while training alone, in files and in streams as any other", () => {
  const make = () =>
    new SequenceNetwork({ rnn: new GRU(sizes), head: new Linear({ inputSize: 3, outputSize: 2 }) });
  const network = make();
  const batch = { x, y: [0, 1] };
  const trained = network.lossAndGradients(batch);
  expect(trained).not.toBe(network.loss(batch));
  expect(network.state).toEqual({ dropoutDraws: 1 });
  const again = loadModel(saveModel(network));
  expect(again.rnn.recurrentDropout).toBe(0.5);
  expect(again.lossAndGradients(batch)).toBe(trained);
  const stream = again.stream({ batchSize: 2 });
  const last = Array.from({ length: 6 }, (_, t) =>
    stream.step({ shape: [2, 2], data: x.data.slice(4 * t, 4 * t + 4) }),
  );
  expect([...last[5]]).toEqual([...network.predict({ x }).data]);
  const recurrentDropoutMasks = { shape: [1, 2, 3], data: new Float64Array(6).fill(1) };
  expect(network.loss({ ...batch, recurrentDropoutMasks })).toBe(network.loss(batch));
  for (const look of [stepJacobians, parallelBackward] as const) {
    expect(() => look(network, { ...batch, recurrentDropoutMasks })).toThrow(
      new TypeError(
        `${look.name}: recurrentDropoutMasks is given, but must not be: steps are looked into without`,
      ),
    );
  }
});

test("gradient flow has the norm of what W_h reads, masked", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM(sizes),
    head: new Linear({ inputSize: 3, outputSize: 2 }),
  });
  const masks = { shape: [1, 1, 3], data: Float64Array.of(2, 0, 2) };
  const h0 = numberTensor([1, 1, 3], 7);
  network.lossAndGradients({ x: [[[1, 2]]], y: [1], h0, recurrentDropoutMasks: masks });
  const Wh = network.parameters.find(({ name }) => name === "rnn.weight_hh_l0")!.grad;
  const row = gradientFlow(network).find(({ quantity }) => quantity === "Wh")!;
  expect(row.norm).toBeCloseTo(Math.hypot(...Wh), 14);
  expect([...Wh].filter((_, k) => k % 3 === 1).every((value) => value === 0)).toBe(true);
});

test("a recurrence has masks only where its size and its cell do", () => {
  const engine = engineFor("float64");
  const size = { cell: "slstm", T: 1, B: 1, I: 1, H: 1, hasMask: true } as const;
  expect(() => engine.recurrence(size)).toThrow(
    new TypeError("recurrence: hasMask is true, but must be false: slstm has no masks"),
  );
  const [one, four] = [1, 4].map((length) => engine.allocate(length));
  const plain = engine.recurrence({ ...size, cell: "lstm", hasMask: false });
  expect(() => plain.forward(one, { Wx: four, Wh: four, b: four }, { hMask: one })).toThrow(
    new TypeError("Recurrence.forward: hMask is given, but the size has no masks"),
  );
});

test("what makes no sense is refused", () => {
  for (const recurrentDropout of [1, -0.1, NaN]) {
    expect(() => new LSTM({ ...sizes, recurrentDropout })).toThrow("LSTM: recurrentDropout is");
  }
  const masks = { shape: [1, 2, 3], data: new Float64Array(6) };
  expect(() =>
    new RNN({ ...sizes, recurrentDropout: 0 }).forward(x, { recurrentDropoutMasks: masks }),
  ).toThrow("RNN.forward: recurrentDropoutMasks is given, but recurrentDropout is 0");
  expect(() => new RNN(sizes).forward(x, { recurrentDropoutMasks: [[[1, 2]]] })).toThrow(
    "RNN.forward: recurrentDropoutMasks has 1 sequences in layer 0, but the sequences of x are 2",
  );
  expect(() => new SLSTM(sizes)).toThrow('SLSTM: option "recurrentDropout" is unknown');
});
