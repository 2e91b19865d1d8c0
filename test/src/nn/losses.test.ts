// The gradients of the losses themselves, number by number: of a sure answer they are tiny, but no less
// exact.

import { describe, expect, test } from "vitest";
import { javaScriptEngine } from "../../../src/engine/javascript.js";
import { simdEngine } from "../../../src/engine/simd.js";
import { adamRule, fit, stack } from "../../../src/index.js";
import { Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";
import type { LossName } from "../../../src/nn/losses.js";
import { lossFunctions } from "../../../src/nn/losses.js";
import { randomStream } from "../../../src/numbers/random.js";
import { torchVectors } from "./fixtures.js";

interface Case {
  name: string;
  z: number[][];
  y: number[];
  expected: { gradient: number[][]; float32: number[][] };
}

const engines = {
  float64: javaScriptEngine("float64"),
  "float32 in JavaScript": javaScriptEngine("float32"),
  "float32 in WebAssembly": simdEngine()!,
};
type EngineName = keyof typeof engines;

function gradientOf(name: EngineName, loss: LossName, z: number[][], y: number[]) {
  const engine = engines[name];
  const [N, K] = [z.length, z[0].length];
  const [predictions, gradient] = [engine.allocate(N * K), engine.allocate(N * K)];
  predictions.set(z.flat());
  const [targets, sums] = [Float64Array.from(y), new Float64Array(2 * N)];
  const weight = 1 / (loss === "crossEntropy" ? N : N * K);
  lossFunctions[loss](
    { engine, predictions, K, targets, counted: new Uint8Array(N).fill(1), gradient, sums },
    weight,
  );
  return gradient;
}

/** The largest error of one number, relative to itself; float32 holds numbers from about 1e-38 on. */
function worst(came: ArrayLike<number>, expected: number[]): number {
  return Math.max(
    ...expected.map((value, k) => Math.abs(came[k] - value) / Math.max(Math.abs(value), 1e-37)),
  );
}

const precision: Record<EngineName, number> = {
  float64: 1e-13,
  "float32 in JavaScript": 2e-7,
  "float32 in WebAssembly": 1e-6,
};

describe.each(Object.keys(engines) as EngineName[])("%s", (engine) => {
  test.each(torchVectors<Case>("cross_entropy"))(
    "has the gradient of cross-entropy ($name)",
    ({ z, y, expected }) => {
      const came = gradientOf(engine, "crossEntropy", z, y);
      expect(worst(came, expected.gradient.flat())).toBeLessThanOrEqual(precision[engine]);
      // PyTorch's own float32 is exact to the rounding of 1.
      const single = expected.float32.flat();
      const differences = single.map((value, k) => Math.abs(value - came[k]));
      expect(Math.max(...differences)).toBeLessThanOrEqual(2e-7 / y.length);
    },
  );

  test("has the right gradient of binary cross-entropy, also for sure answers", () => {
    const z = [-80, -37, -30, -9, -1, 0, 1, 9, 30, 37, 80].map(Math.fround);
    for (const y of [0, 1]) {
      const sigma = (u: number) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u)));
      const expected = z.map((u) => (y === 0 ? sigma(u) : -sigma(-u)) / z.length);
      const came = gradientOf(
        engine,
        "binaryCrossEntropy",
        z.map((u) => [u]),
        z.map(() => y),
      );
      expect(worst(came, expected)).toBeLessThanOrEqual(engine === "float64" ? 4e-16 : 1e-7);
    }
  });
});

test("leaves a sure answer where it is when training: no step goes back", () => {
  const net = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 1, dtype: "float32" }),
    head: new Linear({ inputSize: 1, outputSize: 2, dtype: "float32" }),
  });
  for (const { data } of net.parameters) data.fill(0);
  const bias = net.parameters.at(-1)!;
  bias.data.set([20, -20]);
  net.lossAndGradients({ x: [[[1], [1], [1]]], y: [0, 0, 0] });
  const others = Math.exp(-40);
  expect(bias.grad[0] / -others).toBeCloseTo(1, 6);
  expect(bias.grad[1] / others).toBeCloseTo(1, 6);
});

/**
 * Trains on sequences that are easily told apart; `sure` multiplies the head's weights, as if much was learnt
 * before.
 */
async function trained(B: number, sure: number, updates: number) {
  const random = randomStream(1);
  const samples = Array.from({ length: B }, (_, n) => ({
    x: Array.from({ length: 5 }, () => [(n % 2 === 0 ? 1 : -1) * (1 + random.uniform())]),
    y: n % 2,
  }));
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: 1, hiddenSize: 8, dtype: "float32", seed: 1 }),
    head: new Linear({ inputSize: 8, outputSize: 2, dtype: "float32", seed: 2 }),
  });
  const { data: weights } = network.head.parameters[0];
  weights.forEach((weight, k) => (weights[k] = sure * weight));
  const batch = stack(samples);
  await fit(network, { batches: [batch] }, { optimizer: adamRule({ lr: 0.01 }), updates }).finish();
  const largest = Math.max(...network.parameters.flatMap(({ data }) => [...data].map(Math.abs)));
  return { loss: network.loss(batch), largest };
}

test.each([24, 50])(
  "a network learns from %i sequences as from 32, whose mean float32 divides exactly",
  async (B) => {
    const [came, expected] = [await trained(B, 100, 4000), await trained(32, 100, 4000)];
    expect(expected.loss).toBeLessThan(1e-10);
    expect(Math.abs(came.largest - expected.largest)).toBeLessThan(1);
    expect(Math.abs(Math.log2(came.loss / expected.loss))).toBeLessThan(1);
  },
);

test.skipIf(!process.env.UNROLLED_LONG).each([24, 32, 50])(
  "a network keeps what it learnt from %i sequences",
  async (B) => {
    const { loss, largest } = await trained(B, 1, 40_000);
    expect(loss).toBeLessThan(1e-11);
    expect(largest).toBeLessThan(4.5);
  },
);
