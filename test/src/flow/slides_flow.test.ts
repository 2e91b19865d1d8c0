import fc from "fast-check";
import { expect, test } from "vitest";
import type { FlowQuantity, FlowRow, RecurrentLayer } from "../../../src/index.js";
import {
  decayByLag,
  Dense,
  gradientFlow,
  largestSingularValue,
  LSTM,
  matVec,
  norm,
  RNN,
  SequenceClassifier,
  spectralRadius,
  transpose,
} from "../../../src/index.js";
import { vectorFile } from "../slides/golden.js";

const deck = vectorFile<{ inputs: Record<string, number[] & number[][]> }>("deck_vectors").inputs;
const sample = { x: deck.x, y: deck.y as number[] };

function deckModel<Layer extends RecurrentLayer>(layer: Layer, parameters: object) {
  layer.setParameters(parameters);
  const head = new Dense({ inputSize: 2, outputSize: 2 });
  head.setParameters({ W: deck.Why, b: deck.by });
  return new SequenceClassifier({ layer, head });
}

const sizes = { inputSize: 2, hiddenSize: 2 };
const tiedLSTM = () =>
  deckModel(new LSTM({ ...sizes, tiedGates: true }), { Wx: deck.Wx, Wh: deck.Wh, b: deck.b });
const rnn = (Wh: number[][], nonlinearity: "tanh" | "identity" = "tanh") =>
  deckModel(new RNN({ ...sizes, nonlinearity }), { Wx: deck.Wx, Wh, b: deck.b });

const at = (rows: FlowRow[], quantity: FlowQuantity, t: number) =>
  rows.find((row) => row.quantity === quantity && row.t === t)!.norm;
const oneStepBack = (rows: FlowRow[], quantity: FlowQuantity) =>
  at(rows, quantity, 1) / at(rows, quantity, 2);

test("one step back on the deck, h keeps .096 of its gradient and C .912", () => {
  expect(oneStepBack(gradientFlow(tiedLSTM(), sample), "h")).toBeCloseTo(0.0961, 4);
  expect(oneStepBack(gradientFlow(tiedLSTM(), sample), "c")).toBeCloseTo(0.9118, 4);
  expect(oneStepBack(gradientFlow(tiedLSTM(), sample), "Wx")).toBeCloseTo(0.3809, 4);
  const vanishing = gradientFlow(
    rnn([
      [0.1, 0.1],
      [0.1, 0.1],
    ]),
    sample,
  );
  expect(oneStepBack(vanishing, "h")).toBeCloseTo(0.0462, 4);
  expect(at(vanishing, "h", 2)).toBeCloseTo(0.172625, 6);
  expect(at(vanishing, "h", 0)).toBeCloseTo(0.000812, 6);
  expect(oneStepBack(gradientFlow(rnn(deck.Wh), sample), "h")).toBeCloseTo(0.0664, 4);
  expect(
    oneStepBack(
      gradientFlow(
        rnn(
          [
            [2, 2],
            [2, 2],
          ],
          "identity",
        ),
        sample,
      ),
      "h",
    ),
  ).toBeCloseTo(4, 12);
  expect(
    oneStepBack(
      gradientFlow(
        rnn([
          [3, -3],
          [3, -3],
        ]),
        sample,
      ),
      "h",
    ),
  ).toBeCloseTo(4.2402, 4);
});

test("states have rows for t = 0 … T, parameters for t = 1 … T, and an RNN has no cell state", () => {
  const keys = (rows: FlowRow[]) => rows.map((row) => `${row.quantity}${row.t}`).join(" ");
  expect(keys(gradientFlow(tiedLSTM(), sample))).toBe("h0 h1 h2 c0 c1 c2 Wx1 Wx2 Wh1 Wh2 b1 b2");
  expect(keys(gradientFlow(rnn(deck.Wh), sample))).toBe("h0 h1 h2 Wx1 Wx2 Wh1 Wh2 b1 b2");
});

test("the asymmetric vector has L2 norms of ∂h_t and ∂c_t, and Frobenius norms over all gates of step t's part", () => {
  const file = vectorFile<Record<string, number[][] & number[]> & { params: Record<string, never> }>(
    "asymmetric_vector",
  );
  const layer = new LSTM({ inputSize: 2, hiddenSize: 3 });
  const { c: g, ...others } = file.params;
  layer.setParameters({ ...others, g } as never);
  const head = new Dense({ inputSize: 3, outputSize: 3 });
  head.setParameters({ W: file.Why, b: file.by });
  const model = new SequenceClassifier({ layer, head });
  const rows = gradientFlow(model, { x: file.x, y: file.y, h0: file.h0, c0: file.c0 });
  const length = (...values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const dz = file.dz as unknown as Record<"f" | "i" | "c" | "o", number[][]>;
  [1, 2, 3].forEach((t) => {
    const dzt = [dz.f, dz.i, dz.c, dz.o].flatMap((gate) => gate[t - 1]);
    const hPrev = t === 1 ? file.h0 : file.h[t - 2];
    expect(at(rows, "h", t)).toBeCloseTo(length(...file.dh[t - 1]), 14);
    expect(at(rows, "c", t)).toBeCloseTo(length(...file.dc[t - 1]), 14);
    expect(at(rows, "b", t)).toBeCloseTo(length(...dzt), 14);
    expect(at(rows, "Wx", t)).toBeCloseTo(
      length(...dzt.flatMap((a) => file.x[t - 1].map((xi) => a * xi))),
      14,
    );
    expect(at(rows, "Wh", t)).toBeCloseTo(length(...dzt.flatMap((a) => hPrev.map((hi) => a * hi))), 14);
  });
  expect(at(rows, "h", 0)).toBeCloseTo(length(...file.dh0), 14);
  expect(at(rows, "c", 0)).toBeCloseTo(length(...file.dc0), 14);
});

test("a batch gives the mean of its samples' norms, and short samples count where they reach", () => {
  const model = tiedLSTM();
  const other = {
    x: [
      [-1, 0.5],
      [2, 1],
      [0.3, -2],
    ],
    y: [0, 1],
  };
  const [one, two] = [gradientFlow(model, sample), gradientFlow(model, other)];
  expect(gradientFlow(model, [sample, sample, sample, sample])).toEqual(one);
  const both = gradientFlow(model, [sample, other]);
  for (const quantity of ["h", "c", "Wx", "Wh", "b"] as const) {
    expect(at(both, quantity, 2)).toBeCloseTo((at(one, quantity, 2) + at(two, quantity, 2)) / 2, 15);
    expect(at(both, quantity, 3)).toBe(at(two, quantity, 3));
  }
});

test("rows of gradient flow serialise as plain data", () => {
  const flow = gradientFlow(tiedLSTM(), sample);
  const [first] = JSON.parse(JSON.stringify(flow)) as FlowRow[];
  expect(first).toEqual({ t: 0, layer: 0, direction: "forward", quantity: "h", norm: flow[0].norm });
  expect(Object.keys(flow)).toEqual(flow.map((_, index) => String(index)));
});

test("decayByLag gives the norms from T back, relative to T, whatever the order of the rows", () => {
  const flow = gradientFlow(
    rnn(
      [
        [2, 2],
        [2, 2],
      ],
      "identity",
    ),
    { x: Array.from({ length: 10 }, () => [1, 2]), y: sample.y },
  );
  const decay = decayByLag(flow);
  expect(decay.map(({ k }) => k)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  decay.forEach(({ k, ratio }) => expect(ratio / 4 ** k).toBeCloseTo(1, 14));
  expect(decayByLag([...flow].reverse())).toEqual(decay);
  const cell = gradientFlow(tiedLSTM(), sample);
  expect(decayByLag(cell, "c")[1].ratio).toBe(oneStepBack(cell, "c"));
});

test("decayByLag names what is wrong with its rows", () => {
  const row = { layer: 0, direction: "forward", quantity: "h" } as const;
  expect(() => decayByLag(gradientFlow(rnn(deck.Wh), sample), "c")).toThrow(
    "decayByLag: rows has nothing of c",
  );
  expect(() =>
    decayByLag([
      { ...row, t: 1, norm: 1 },
      { ...row, t: 1, layer: 1, norm: 1 },
    ]),
  ).toThrow("decayByLag: rows has h at t = 1 twice, but must be of one layer");
  expect(() => decayByLag([{ ...row, t: 3, norm: 0 }])).toThrow("the norm of h is 0 at t = 3");
});

test("spectral radius and largest singular value are right for matrices where both are known", () => {
  expect(
    spectralRadius([
      [0.1, 0.1],
      [0.1, 0.1],
    ]),
  ).toBeCloseTo(0.2, 15);
  expect(spectralRadius(deck.Wh)).toBeCloseTo((0.5 + Math.sqrt(0.33)) / 2, 14); // λ² − 0.5 λ − 0.02 = 0
  expect(
    spectralRadius([
      [0, -3],
      [3, 0],
    ]),
  ).toBeCloseTo(3, 14); // ±3i
  expect(
    spectralRadius([
      [2, 1],
      [0, 2],
    ]),
  ).toBeCloseTo(2, 13); // one eigenvector only
  expect(
    spectralRadius([
      [3, -3],
      [3, -3],
    ]),
  ).toBe(0); // nilpotent
  expect(
    spectralRadius([
      [1e-300, 0],
      [0, -4e-300],
    ]) / 4e-300,
  ).toBeCloseTo(1, 14);
  expect(
    largestSingularValue([
      [3, -3],
      [3, -3],
    ]),
  ).toBeCloseTo(6, 13);
  expect(largestSingularValue([[3, 4]])).toBeCloseTo(5, 13);
  expect(largestSingularValue([[3e200], [4e200]]) / 5e200).toBeCloseTo(1, 14);
  expect(largestSingularValue([[0, 0]])).toBe(0);
});

test("ρ(W) = ρ(Wᵀ) ≤ σ_max(W) = σ_max(Wᵀ), and no vector is stretched by more than σ_max", () => {
  const vector = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(vector, { minLength: 3, maxLength: 3 }), vector, (W, x) => {
      const sigma = largestSingularValue(W);
      expect(largestSingularValue(transpose(W))).toBeCloseTo(sigma, 10);
      expect(norm(matVec(W, x))).toBeLessThanOrEqual(sigma * norm(x) * (1 + 1e-12) + 1e-300);
      expect(spectralRadius(W)).toBeLessThanOrEqual(sigma * (1 + 1e-12));
      // Eigenvalues that coincide are known to a root of the rounding only: ∛ε for three.
      expect(Math.abs(spectralRadius(transpose(W)) - spectralRadius(W))).toBeLessThanOrEqual(1e-4 * sigma);
    }),
  );
});
