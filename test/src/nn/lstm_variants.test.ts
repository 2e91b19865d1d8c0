// What the options of an LSTM change besides its numbers, which torch_layers.test.ts has.

import { expect, test } from "vitest";
import {
  gateProduct,
  gradientFlow,
  gradientMap,
  gradientPaths,
  lyapunovSpectrum,
  newtonStates,
  parallelBackward,
  patched,
  stepJacobians,
} from "../../../src/index.js";
import { Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";
import { numberTensor } from "../engine/numbers.js";

const sizes = { inputSize: 2, hiddenSize: 3 };
const batch = { x: numberTensor([6, 2, 2], 3), y: [0, 1], lengths: [6, 4] };
const normalised = () =>
  new SequenceNetwork({
    rnn: new LSTM({ ...sizes, numLayers: 2, layerNorm: true, seed: 1 }),
    head: new Linear({ inputSize: 3, outputSize: 2 }),
  });

test("peepholes and layerNorm are flags, and not given together", () => {
  expect(() => new LSTM({ ...sizes, peepholes: true, layerNorm: true })).toThrow(
    new TypeError("LSTM: peepholes and layerNorm are both given, but at most one may be given"),
  );
  expect(new LSTM({ ...sizes, peepholes: false, layerNorm: true }).layerNorm).toBe(true);
  expect(() => new LSTM({ ...sizes, layerNorm: 1 as unknown as boolean })).toThrow("LSTM: layerNorm is");
});

test("what normalisation takes away: h does not change with the scale of W_x, or where W_x is shifted", () => {
  const layer = new LSTM({ ...sizes, layerNorm: true, seed: 2 });
  const before = layer.forward(numberTensor([6, 2, 2], 4)).output.data;
  const Wx = layer.parameters.find(({ name }) => name === "weight_ih_l0")!.data;
  Wx.forEach((w, k) => (Wx[k] = 1000 * w + (k % 2 ? 50 : -20)));
  const after = layer.forward(numberTensor([6, 2, 2], 4)).output.data;
  const most = Math.max(...after.map((h, k) => Math.abs(h - before[k])));
  expect(most).toBeGreaterThan(0); // epsilon is not scaled
  expect(most).toBeLessThan(1e-3);
});

test("of layer normalisation gradients are followed; what looks into its steps says that it does not", () => {
  const network = normalised();
  const quantities = new Set(gradientFlow(network, batch).map(({ quantity }) => quantity));
  expect([...quantities].sort()).toEqual(["Wh", "Wx", "b", "c", "h"]);
  const everyStep = new SequenceNetwork({
    rnn: new LSTM({ ...sizes, layerNorm: true }),
    head: new Linear({ inputSize: 3, outputSize: 2 }),
    outputs: "every",
  });
  const y = Array.from({ length: 6 }, (_, t) => [t % 2, 1]);
  expect(gradientMap(everyStep, { ...batch, y }).every(({ norm }) => Number.isFinite(norm))).toBe(true);
  const looks = [
    stepJacobians,
    lyapunovSpectrum,
    gateProduct,
    gradientPaths,
    newtonStates,
    parallelBackward,
  ] as const;
  for (const look of looks) {
    expect(() => look(network, batch)).toThrow(
      new TypeError(
        `${look.name}: the layers are LSTMs with layer normalisation, but must be others: ` +
          "of an LSTM with layer normalisation only its gradients are followed",
      ),
    );
  }
  expect(() => patched(network, { f: { value: 1 } })).toThrow(
    "patched: network.rnn is an LSTM with layer normalisation, but must be an RNN, LSTM or GRU",
  );
});
