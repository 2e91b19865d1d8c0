import { expect, test } from "vitest";
import type { RecurrentLayer, Sample } from "../../../src/index.js";
import {
  Dense,
  gradcheck,
  LSTM,
  numericalGradient,
  RNN,
  SequenceClassifier,
  SequenceRegressor,
} from "../../../src/index.js";

// No two sizes are equal, so that a transposed or mixed-up axis cannot pass.
const sizes = { inputSize: 3, hiddenSize: 4 };
const wave = (length: number, phase: number) =>
  Array.from({ length }, (_, index) => Math.sin(1.7 * index + phase));
const x = (T: number, phase: number) => Array.from({ length: T }, (_, t) => wave(3, phase + t));
const oneHot = (k: number) => [0, 1, 2, 3, 4].map((index) => (index === k ? 1 : 0));

/** Lengths differ; losses at the end, at a subset of steps, and with a target that is no one-hot vector. */
function batch(withCell: boolean): Sample[] {
  const initial = (phase: number) => ({
    h0: wave(4, phase),
    ...(withCell && { c0: wave(4, phase + 1) }),
  });
  return [
    { x: x(4, 0.1), y: oneHot(2), ...initial(0.3) },
    { x: x(5, 0.9), y: [null, oneHot(0), null, [0.1, 0.2, 0.3, 0.3, 0.1], null], ...initial(0.7) },
    { x: x(3, 1.3), y: [oneHot(4), oneHot(1), oneHot(3)] },
  ];
}

const layers: [string, RecurrentLayer, boolean][] = [
  ["RNN tanh", new RNN({ ...sizes, seed: 3 }), false],
  ["RNN relu", new RNN({ ...sizes, nonlinearity: "relu", seed: 4 }), false],
  ["RNN identity", new RNN({ ...sizes, nonlinearity: "identity", seed: 5 }), false],
  ["LSTM", new LSTM({ ...sizes, seed: 6 }), true],
  ["LSTM with tied gates", new LSTM({ ...sizes, tiedGates: true, seed: 7 }), true],
];

test.each(layers)("every gradient of %s agrees with central differences to 1e-7", (_, layer, withCell) => {
  const model = new SequenceClassifier({ layer, head: new Dense({ inputSize: 4, outputSize: 5, seed: 1 }) });
  const rows = gradcheck(model, batch(withCell));
  for (const { parameter, maxRelativeError } of rows) expect(maxRelativeError, parameter).toBeLessThan(1e-7);
  expect(Math.max(...rows.map((row) => row.maxRelativeError))).toBeGreaterThan(0);
});

test.each(layers)(
  "every gradient of the mean squared error of %s agrees with central differences too",
  (_, layer, withCell) => {
    const model = new SequenceRegressor({ layer, head: new Dense({ inputSize: 4, outputSize: 5, seed: 2 }) });
    for (const { parameter, maxRelativeError } of gradcheck(model, batch(withCell))) {
      expect(maxRelativeError, parameter).toBeLessThan(1e-7);
    }
  },
);

test("every parameter, x, h0 and c0 has a row, and nothing of the model is changed", () => {
  const layer = new LSTM(sizes);
  const model = new SequenceClassifier({ layer, head: new Dense({ inputSize: 4, outputSize: 5 }) });
  const before = JSON.stringify(model.parameters);
  const gates = ["f", "i", "g", "o"].flatMap((gate) =>
    ["Wx", "Wh", "b"].map((name) => `layer.${gate}.${name}`),
  );
  const [sample] = batch(true);
  const rows = gradcheck(model, sample);
  expect(rows.map((row) => row.parameter)).toEqual([...gates, "head.W", "head.b", "x", "h0", "c0"]);
  expect(rows.find((row) => row.parameter === "x")?.shape).toEqual([4, 3]);
  expect(JSON.stringify(model.parameters)).toBe(before);
  expect(gradcheck(model, [sample, sample]).map((row) => row.parameter)).toContain("batch[1].c0");
});

test("a wrong gradient is found, and only that one", () => {
  class Wrong extends LSTM {
    override backward(...args: Parameters<LSTM["backward"]>) {
      const gradients = super.backward(...args);
      gradients.parameters.i.Wh[2][1] *= 1.001;
      return gradients;
    }
  }
  const head = new Dense({ inputSize: 4, outputSize: 5 });
  const rows = gradcheck(new SequenceClassifier({ layer: new Wrong(sizes), head }), batch(true));
  expect(rows.filter((row) => row.maxRelativeError > 1e-7).map((row) => row.parameter)).toEqual([
    "layer.i.Wh",
  ]);
});

test("numericalGradient is exact to 1e-9 on functions whose derivative is known", () => {
  const [a, b] = numericalGradient(([u, v]) => Math.exp(u) * Math.sin(v), [0.3, 1.1]);
  expect(a).toBeCloseTo(Math.exp(0.3) * Math.sin(1.1), 10);
  expect(b).toBeCloseTo(Math.exp(0.3) * Math.cos(1.1), 10);
  const at = [[1, 2]];
  const [[c, d]] = numericalGradient(([[u, v]]) => u * u * v, at);
  expect(c).toBeCloseTo(4, 9);
  expect(d).toBeCloseTo(1, 9);
  expect(at).toEqual([[1, 2]]);
});
