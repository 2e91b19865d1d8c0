// LSTM with projSize against torch.nn.LSTM with proj_size, and what else the library does with it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RecurrenceSize } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import {
  gateHistograms,
  gateProduct,
  gateSaturation,
  gradientFlow,
  gradientPaths,
  initialize,
  lyapunovSpectrum,
  newtonStates,
  orthogonalInitializer,
  parallelBackward,
  pascanuBound,
  patched,
  stepJacobians,
  unitGradients,
} from "../../../src/index.js";
import type { LSTMOptions } from "../../../src/nn/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import { loadModel, oneBias, partOf, readTorch, saveModel, twoBiases } from "../../../src/weights/index.js";
import { findPython } from "../../support/python.js";
import { numberTensor, relativeError } from "../engine/numbers.js";
import type { NestedValues } from "./fixtures.js";
import { expectClose, tolerances, torchVectors } from "./fixtures.js";

interface Case {
  name: string;
  options: LSTMOptions;
  parameters: Record<string, NestedArray>;
  x: NestedArray;
  h0?: NestedArray;
  c0?: NestedArray;
  lengths?: number[];
  dropoutMasks?: NestedArray[];
  recurrentDropoutMasks?: NestedArray;
  dOutput: NestedArray;
  dhN: NestedArray;
  dcN: NestedArray;
  expected: Record<"output" | "hN" | "cN" | "dx" | "dh0" | "dc0", NestedValues> & {
    parameters: Record<string, NestedValues>;
    steps?: Record<"h" | "dh" | "c" | "dc", NestedValues>[];
  };
}

const cases = torchVectors<Case>("lstm_projected");

test.each(cases)("a layer computes what torch.nn.LSTM with proj_size computes: $name", (of) => {
  const { expected, h0, c0, lengths, dropoutMasks, recurrentDropoutMasks } = of;
  for (const dtype of ["float64", "float32"] as const) {
    for (const recomputeSteps of [undefined, 2]) {
      const { forward, gradient } = tolerances[dtype];
      const layer = new LSTM({ ...of.options, dtype, recomputeSteps });
      expect(layer.parameters.map(({ name }) => name)).toEqual(Object.keys(of.parameters));
      layer.loadStateDict(of.parameters);
      // The same memory serves several batches: what the first left must not reach the second.
      layer.backward(layer.forward(of.x, { training: true }), { output: of.dOutput });
      layer.zeroGrad();
      const tape = layer.forward(of.x, { h0, c0, lengths, dropoutMasks, recurrentDropoutMasks });
      const back = layer.backward(tape, { output: of.dOutput, hN: of.dhN, cN: of.dcN });
      for (const name of ["output", "hN", "cN"] as const) {
        expectClose(name, tape[name]!, expected[name], forward);
      }
      for (const name of ["dx", "dh0", "dc0"] as const) {
        expectClose(name, back[name]!, expected[name], gradient);
      }
      for (const { name, shape, grad } of layer.parameters) {
        expectClose(name, { shape, data: grad }, expected.parameters[name], gradient);
      }
      if (recomputeSteps !== undefined) continue;
      expected.steps?.forEach((steps, place) => {
        expectClose("h", tape.layers[place].h, steps.h, forward);
        expectClose("c", tape.layers[place].c!, steps.c, forward);
        expectClose("dh", back.layers[place].dh, steps.dh, gradient);
        expectClose("dc", back.layers[place].dc!, steps.dc, gradient);
      });
    }
  }
});

const sizes = { inputSize: 2, hiddenSize: 5, projSize: 3, seed: 1 };
const x = numberTensor([6, 2, 2], 3);
const batch = { x, y: [0, 1], lengths: [6, 4] };
const make = (options: Partial<LSTMOptions> = {}) =>
  new SequenceNetwork({
    rnn: new LSTM({ ...sizes, numLayers: 2, ...options }),
    head: new Linear({ inputSize: 3, outputSize: 2 }),
  });

const python = findPython(["torch"], "python3-torch libopenblas0-pthread");

test.skipIf(python === undefined)("the state dict of a file of PyTorch is loaded as it is", () => {
  const path = join(mkdtempSync(join(tmpdir(), "projections-")), "lstm.pt");
  const program = `
import sys, torch
rnn = torch.nn.LSTM(2, 5, 2, bidirectional=True, proj_size=3).double()
x = torch.randn(6, 2, 2).double()
torch.save({"rnn": rnn.state_dict(), "x": x, "output": rnn(x)[0].detach()}, sys.argv[1])`;
  execFileSync(python!, ["-W", "ignore", "-c", program, path]);
  const { x, output, ...parameters } = readTorch(readFileSync(path));
  const rnn = new LSTM({ ...sizes, numLayers: 2, bidirectional: true, biases: 2 });
  expect(Object.keys(parameters)).toEqual(rnn.parameters.map(({ name }) => `rnn.${name}`));
  rnn.loadStateDict(partOf(parameters, "rnn."));
  expect(relativeError(rnn.forward(x).output.data, output.data)).toBeLessThan(1e-14);
});

test("several threads compute as one", () => {
  const large = numberTensor([10, 7, 250], 5);
  const [one, three] = [1, 3].map((threads) => {
    const rnn = new LSTM({
      ...{ inputSize: 250, hiddenSize: 200, projSize: 120, biases: 2, recurrentDropout: 0.5, threads },
    });
    const tape = rnn.forward(large, { training: true, lengths: [10, 7, 3, 10, 1, 9, 10] });
    const { dx, dh0, dc0 } = rnn.backward(tape, {
      hN: numberTensor([1, 7, 120], 6),
      cN: numberTensor([1, 7, 200], 7),
    });
    return { tape, gradients: [dx, dh0, dc0!].map(({ data }) => data), parameters: rnn.parameters };
  });
  expect(three.tape).toEqual(one.tape);
  three.gradients.forEach((data, k) => {
    expect(relativeError(data, one.gradients[k])).toBeLessThan(1e-13);
  });
  three.parameters.forEach(({ name, grad }, k) => {
    expect(relativeError(grad, one.parameters[k].grad), name).toBeLessThan(1e-13);
  });
});

test("streams and steps continue from states of P and H elements as the whole sequence does", () => {
  const network = make();
  const whole = network.predict({ x });
  network.loss({ x, y: [0, 1] });
  const after = network.statesAfter(4);
  expect([after.h0.shape, after.c0!.shape]).toEqual([
    [2, 2, 3],
    [2, 2, 5],
  ]);
  const at = (t: number) => ({ shape: [2, 2], data: x.data.slice(4 * t, 4 * t + 4) });
  const rest = { shape: [2, 2, 2], data: x.data.slice(16) };
  expect(network.predict({ x: rest, ...after }).data).toEqual(whole.data);

  const stream = network.stream({ batchSize: 2 });
  let state = {};
  for (let t = 0; t < 6; t++) {
    const prediction = stream.step(at(t));
    const step = network.step(at(t), state);
    expect(step.prediction.data).toEqual(prediction.slice());
    expect(step.state).toEqual(stream.state);
    if (t === 3) expect(stream.state).toEqual(after);
    if (t === 5) expect(prediction).toEqual(whole.data);
    state = step.state;
  }
  const again = network.stream({ batchSize: 2, ...after });
  again.step(at(4));
  expect(again.step(at(5))).toEqual(whole.data);
  expect(() => network.stream({ batchSize: 2, h0: numberTensor([2, 2, 5], 1) })).toThrow(
    "SequenceNetwork.stream: h0 has 5 elements, but projSize is 3",
  );
  expect(() => network.predict({ x, c0: numberTensor([2, 2, 3], 1) })).toThrow("but hiddenSize is 5");
});

test("a network of both directions trains, observed and in a file", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM({ ...sizes, bidirectional: true, biases: 2 }),
    head: new Linear({ inputSize: 6, outputSize: 2 }),
    observe: true,
  });
  const loss = network.lossAndGradients(batch);
  const ofStep = [gateSaturation(network), gateHistograms(network)] as const;
  expect(ofStep).toEqual([gateSaturation(network, batch), gateHistograms(network, batch)]);
  expect(ofStep[0]).toHaveLength(2 * 4 * 5);
  for (const parameter of network.parameters) {
    const { data, grad, name } = parameter;
    const [value, analytic] = [data[1], grad[1]];
    const at = (d: number) => {
      data[1] = value + d;
      return network.loss(batch);
    };
    expect((at(1e-5) - at(-1e-5)) / 2e-5, name).toBeCloseTo(analytic, 9);
    data[1] = value;
  }
  const again = loadModel(saveModel(network));
  expect((again.rnn as LSTM).projSize).toBe(3);
  expect(again.lossAndGradients(batch)).toBe(loss);
});

test("a file whose projection is larger than its tensor is refused", () => {
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  const written = text(saveModel(make()));
  const changed = written.replace('\\"projSize\\":3', '\\"projSize\\":4');
  expect(changed).not.toBe(written);
  expect(() => loadModel(Uint8Array.from(changed, (one) => one.charCodeAt(0)))).toThrow(
    "loadModel: rnn.weight_hh_l0 is [20, 3], but must have 4 columns by the architecture",
  );
});

test("initial weights are from U(−1/√H, 1/√H), initialize's too", () => {
  const rnn = new LSTM({ inputSize: 1, hiddenSize: 100, projSize: 4, biases: 2 });
  const most = (name: string) => {
    const { data } = rnn.parameters.find((parameter) => parameter.name === name)!;
    return Math.max(...Array.from(data, Math.abs));
  };
  const drawn = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "weight_hr_l0"];
  for (const draw of [() => undefined, () => initialize(rnn.parameters, { seed: 3 })]) {
    draw();
    for (const name of drawn) {
      expect(most(name), name).toBeGreaterThan(0.095);
      expect(most(name), name).toBeLessThanOrEqual(0.1);
    }
  }
  initialize(rnn.parameters, { recurrentWeights: orthogonalInitializer(), forgetBias: 1 });
  const Wh = rnn.parameters[1].data;
  for (let gate = 0; gate < 4; gate++) {
    const column = Array.from({ length: 100 }, (_, j) => Wh[(gate * 100 + j) * 4]);
    expect(Math.hypot(...column)).toBeCloseTo(1, 12);
  }
  const bias = rnn.parameters.find(({ name }) => name === "bias_ih_l0")!.data;
  expect([bias[99], bias[100], bias[199], bias[200]].map((b) => b === 1)).toEqual([false, true, true, false]);
});

test("two biases become one and back", () => {
  const pair = new LSTM({ ...sizes, biases: 2 });
  const one = new LSTM({ ...sizes, biases: 1 });
  one.loadStateDict(oneBias(pair.stateDict()));
  expect(relativeError(one.forward(x).output.data, pair.forward(x).output.data)).toBeLessThan(1e-14);
  const back = new LSTM({ ...sizes, biases: 2 });
  back.loadStateDict(twoBiases(one.stateDict()));
  expect(back.forward(x).output.data).toEqual(one.forward(x).output.data);
});

test("gradients and gates are followed; what looks into steps says that it does not", () => {
  const network = make();
  expect(new Set(gradientFlow(network, batch).map(({ quantity }) => quantity)).size).toBe(5);
  const units = (quantity: string) =>
    new Set(unitGradients(network, batch).flatMap((row) => (row.quantity === quantity ? [row.unit] : [])))
      .size;
  expect([units("h"), units("c")]).toEqual([3, 5]);
  const looks = [
    stepJacobians,
    pascanuBound,
    lyapunovSpectrum,
    gateProduct,
    gradientPaths,
    newtonStates,
    parallelBackward,
  ] as const;
  for (const look of looks) {
    expect(() => look(network, batch)).toThrow(
      new TypeError(
        `${look.name}: the layers are LSTMs with projections, but must be others: ` +
          "of an LSTM with projections only its gradients and gates are followed",
      ),
    );
  }
  expect(() => patched(network, { f: { value: 1 } })).toThrow(
    new RangeError("patched: network.rnn is an LSTM with projections, but must be an RNN, LSTM or GRU"),
  );
});

test("projSize is from 0 to below hiddenSize, of an LSTM without other variants", () => {
  expect(new LSTM({ inputSize: 2, hiddenSize: 5, projSize: 0 }).stateDict()).toEqual(
    new LSTM({ inputSize: 2, hiddenSize: 5 }).stateDict(),
  );
  for (const projSize of [5, 6, -1, 1.5, NaN]) {
    expect(() => new LSTM({ ...sizes, projSize })).toThrow(
      new RangeError(`LSTM: projSize is ${projSize}, but must be an integer from 0 to below hiddenSize 5`),
    );
  }
  expect(() => new LSTM({ ...sizes, projSize: "3" as unknown as number })).toThrow(TypeError);
  for (const option of ["peepholes", "layerNorm"]) {
    expect(() => new LSTM({ ...sizes, [option]: true })).toThrow(
      new TypeError(`LSTM: ${option} and projSize are both given, but at most one may be given`),
    );
    expect(new LSTM({ ...sizes, [option]: true, projSize: 0 }).outputSize).toBe(5);
  }
  for (const Rnn of [GRU, RNN]) {
    expect(() => new Rnn(sizes)).toThrow(`${Rnn.name}: option "projSize" is unknown`);
  }
  const head = new Linear({ inputSize: 5, outputSize: 2 });
  expect(() => new SequenceNetwork({ rnn: new LSTM(sizes), head })).toThrow(
    "SequenceNetwork: head.inputSize is 5, but the outputs of rnn have 3 elements",
  );
  const size = { cell: "gru", T: 1, B: 1, I: 1, H: 2, P: 1 } as const;
  const recurrence = (of: RecurrenceSize) => engineFor("float64").recurrence(of);
  expect(() => recurrence(size)).toThrow("recurrence: P is given, but must not be: gru has no projections");
  expect(() => recurrence({ ...size, cell: "lstm", P: 2 })).toThrow(
    "recurrence: P is 2, but must be below H = 2",
  );
});
