// The linear recurrent unit: what it begins with, what it computes in closed form, and what is refused.

import { expect, test } from "vitest";
import {
  gateSaturation,
  gradientPaths,
  initialize,
  lyapunovSpectrum,
  newtonStates,
  normalInitializer,
  parallelBackward,
  patched,
  stepJacobians,
} from "../../../src/index.js";
import type { Parameter } from "../../../src/nn/index.js";
import { Linear, LRU, SequenceNetwork } from "../../../src/nn/index.js";
import { numberTensor, relativeError } from "../engine/numbers.js";

const sizes = { inputSize: 2, hiddenSize: 4 };
const ring = { minRadius: 0.5, maxRadius: 0.8, maxPhase: 0.3 };

/** |λ|, its phase and γ of each unit. */
function unitsOf({ data, shape: [, units] }: Pick<Parameter, "data" | "shape">) {
  return Array.from({ length: units }, (_, j) => ({
    radius: Math.exp(-Math.exp(data[j])),
    phase: Math.exp(data[units + j]),
    gamma: Math.exp(data[2 * units + j]),
  }));
}

test("what an input leaves after k steps is λᵏ γ W_x x", () => {
  const layer = new LRU({ ...sizes, seed: 1 });
  const T = 30;
  const x = Array.from({ length: T }, (_, t) => (t === 0 ? [0.5, -2] : [0, 0]));
  const { output } = layer.forward(x);
  const [W, lambda] = layer.parameters;
  unitsOf(lambda).forEach(({ radius, phase, gamma }, j) => {
    const [re, im] = [j, j + 2].map((row) => gamma * (0.5 * W.data[2 * row] - 2 * W.data[2 * row + 1]));
    for (let t = 0; t < T; t++) {
      const [size, angle] = [radius ** t, phase * t];
      const expected = [
        size * (re * Math.cos(angle) - im * Math.sin(angle)),
        size * (re * Math.sin(angle) + im * Math.cos(angle)),
      ];
      const came = [output.data[4 * t + j], output.data[4 * t + j + 2]];
      expect(relativeError(came, expected)).toBeLessThanOrEqual(1e-13);
    }
  });
});

const begins = {
  "at first": (options: typeof ring) => new LRU({ inputSize: 8, hiddenSize: 4000, ...options }).parameters,
  "drawn again": (options: typeof ring) => {
    const layer = new LRU({ inputSize: 8, hiddenSize: 4000, ...options });
    const head = new Linear({ inputSize: 4000, outputSize: 1 });
    const { parameters } = new SequenceNetwork({ rnn: layer, head });
    for (const { data } of layer.parameters) data.fill(7);
    initialize(parameters, { seed: 3 });
    return layer.parameters;
  },
};

test.each(Object.entries(begins))(
  "λ is uniform on a ring, and γ and W_x keep the variance: %s",
  (_, begin) => {
    const [W, lambda] = begin(ring);
    const units = unitsOf(lambda);
    for (const { radius, phase, gamma } of units) {
      expect(radius).toBeGreaterThan(0.5);
      expect(radius).toBeLessThan(0.8);
      expect(phase).toBeLessThan(0.3);
      expect(gamma).toBeCloseTo(Math.sqrt(1 - radius ** 2), 12);
    }
    const mean = (values: Iterable<number>) => {
      const all = Array.from(values);
      return all.reduce((sum, value) => sum + value, 0) / all.length;
    };
    // Uniform on the area: |λ|² is uniform. Three standard errors of 2000 units, of 32 000 weights.
    expect(Math.abs(mean(units.map(({ radius }) => radius ** 2)) - 0.445)).toBeLessThan(0.008);
    expect(Math.abs(mean(units.map(({ phase }) => phase)) - 0.15)).toBeLessThan(0.006);
    expect(Math.abs(mean(W.data.map((w) => w * w)) - 1 / 16)).toBeLessThan(0.0015);
  },
);

test("the same seed begins with the same numbers, another one and another layer with others", () => {
  const dataOf = (seed: number) =>
    new LRU({ ...sizes, seed, numLayers: 2 }).parameters.map(({ data }) => data);
  const [one, again, other] = [dataOf(1), dataOf(1), dataOf(2)];
  expect(one).toEqual(again);
  one.forEach((data, index) => {
    expect(data).not.toEqual(other[index]);
  });
  expect(one[1]).not.toEqual(one[3]);
});

test("W_x may be drawn otherwise, λ stays on its ring", () => {
  const { parameters } = new LRU({ ...sizes, ...ring });
  const before = parameters.map(({ data }) => data.slice());
  initialize(parameters, { inputWeights: normalInitializer({ std: 100, seed: 1 }), seed: 9, biases: 4 });
  expect(Math.max(...parameters[0].data)).toBeGreaterThan(20);
  expect(parameters[1].data).not.toEqual(before[1]);
  for (const { radius } of unitsOf(parameters[1])) expect(radius).toBeGreaterThan(0.5);
});

const networkOf = () =>
  new SequenceNetwork({
    rnn: new LRU({ ...sizes, ...ring, bidirectional: true, numLayers: 2 }),
    head: new Linear({ inputSize: 8, outputSize: 2 }),
  });
const batch = { x: numberTensor([9, 2, 2], 3), y: [0, 1], lengths: [9, 5] };

test("the exponents are the logarithms of |λ|, and a step's Jacobian is the same at every step", () => {
  const network = networkOf();
  const spectrum = lyapunovSpectrum(network, batch);
  const rows = stepJacobians(network, batch);
  for (const layer of [0, 1]) {
    for (const direction of ["forward", "reverse"] as const) {
      const name = `rnn.lambda_l${layer}${direction === "reverse" ? "_reverse" : ""}`;
      const radii = unitsOf(network.parameters.find((parameter) => parameter.name === name)!)
        .map(({ radius }) => radius)
        .sort((a, b) => b - a);
      const isHere = (row: { layer: number; direction: string }) =>
        row.layer === layer && row.direction === direction;
      const exponents = spectrum.filter(isHere).map(({ exponent }) => exponent);
      const expected = radii.flatMap((radius) => [Math.log(radius), Math.log(radius)]);
      expect(relativeError(exponents, expected)).toBeLessThanOrEqual(1e-12);
      const radius = rows.filter((row) => isHere(row) && row.quantity === "spectralRadius");
      expect(radius).toHaveLength(9);
      for (const { value } of radius) expect(value).toBeCloseTo(radii[0], 12);
    }
  }
});

test("all states are found by one step of Newton's method, and gradients by a scan", () => {
  const network = networkOf();
  const { lanes } = newtonStates(network, batch);
  const tape = network.rnn.forward(batch.x, { lengths: batch.lengths });
  lanes.forEach(({ outcome, h }, index) => {
    expect(outcome).toBe("converged");
    expect(relativeError(h.data, tape.layers[index].h.data)).toBeLessThanOrEqual(1e-13);
  });
  expect(Math.max(...newtonStates(network, batch).map(({ iteration }) => iteration))).toBeLessThanOrEqual(2);
  const { loss, gradients } = parallelBackward(network, batch);
  expect(loss).toBeCloseTo(network.lossAndGradients(batch), 14);
  for (const { name, grad } of network.parameters) {
    expect(relativeError(gradients[name].data, grad), name).toBeLessThanOrEqual(1e-12);
  }
});

test("without gates and paths there is nothing to split or fix; h is never saturated", () => {
  const network = networkOf();
  expect(gateSaturation(network, batch).every(({ low, high }) => low === 0 && high === 0)).toBe(true);
  expect(() => gradientPaths(network, batch)).toThrow(
    "gradientPaths: the layers are LRUs, but must be others: there is one path, through λ",
  );
  expect(() => patched(network, { h: { value: 0 } })).toThrow(
    "patched: network.rnn is an LRU, but must be an RNN, LSTM or GRU",
  );
});

test("errors name what an LRU cannot be", () => {
  const wrong = (options: object) => () => new LRU({ ...sizes, ...options });
  expect(wrong({ hiddenSize: 3 })).toThrow(new RangeError("LRU: hiddenSize is 3, but must be even"));
  expect(wrong({ biases: 1 })).toThrow("LRU: biases is 1, but must be 0");
  expect(wrong({ maxRadius: 1.5 })).toThrow("LRU: maxRadius is 1.5, but must be a number above 0, at most 1");
  expect(wrong({ minRadius: 0.9, maxRadius: 0.9 })).toThrow(
    "LRU: minRadius is 0.9, but must be a number from 0 to below maxRadius = 0.9",
  );
  expect(wrong({ maxPhase: 7 })).toThrow("LRU: maxPhase is 7, but must be a number above 0, at most 2π");
  expect(wrong({ maxPhase: "1" })).toThrow(TypeError);
  expect(wrong({ gates: 1 })).toThrow('LRU: option "gates" is unknown');
  expect(() => new LRU(sizes).forward([[1, 2]], { c0: [[1]] })).toThrow(
    "LRU.forward: c0 is given, but an LRU has no cell state",
  );
});
