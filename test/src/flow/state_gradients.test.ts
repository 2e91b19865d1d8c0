// The gradient at single states and units: against central differences from the state on, and against the
// norms that gradientFlow takes of the same pass.

import { expect, test } from "vitest";
import type { FlowRow, QuantileRow, SequenceModel, UnitRow } from "../../../src/index.js";
import {
  Dense,
  gradientFlow,
  gradientQuantiles,
  hadamard,
  LSTM,
  norm,
  normalInitializer,
  numericalGradient,
  RNN,
  SequenceClassifier,
  SequenceRegressor,
  tanh,
  unitGradients,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { quantile } from "../../../src/numbers/quantile.js";
import { drawChart } from "../../support/draw_chart.js";
import { numbers } from "../engine/numbers.js";

const draw = normalInitializer({ seed: 5 });
const [I, H] = [2, 3];
const head = new Dense({ inputSize: H, outputSize: 2, seed: 2 });
const lstm = new SequenceClassifier({ layer: new LSTM({ inputSize: I, hiddenSize: H, seed: 1 }), head });
const rnn = new SequenceRegressor({ layer: new RNN({ inputSize: I, hiddenSize: H, seed: 1 }), head });
const samples = [6, 4, 5].map((T, k) => ({
  x: draw.matrix(T, I),
  y: k === 1 ? [1, 0] : [0, 1],
  h0: draw.vector(H),
}));

const key = ({ layer, direction, quantity, t }: Pick<FlowRow, "layer" | "direction" | "quantity" | "t">) =>
  `${layer} ${direction} ${quantity} ${t}`;
const ofStates = (rows: FlowRow[]) => rows.filter(({ quantity }) => quantity === "h" || quantity === "c");
const sizeOf = (units: UnitRow[], quantity: "h" | "c", t: number) =>
  units.filter((row) => row.quantity === quantity && row.t === t).map((row) => row.norm);

test("quantiles are NumPy's", () => {
  const ascending = [0.3, 1.7, 2.9, 0.11, 5.03, 0.02, 8.4].sort((a, b) => a - b);
  // numpy.quantile(…, [0, 0.1, 0.5, 0.9, 1]), NumPy 1.24
  const expected = [0.02, 0.074, 1.7, 6.378, 8.4];
  [0, 0.1, 0.5, 0.9, 1].forEach((p, k) => expect(quantile(ascending, p)).toBeCloseTo(expected[k], 12));
  expect([0.1, 0.5, 0.9].map((p) => quantile([3, 7], p))).toEqual([3.4, 5, 6.6]);
  expect([0, 0.3, 1].map((p) => quantile([4], p))).toEqual([4, 4, 4]);
});

test("each unit's gradient is the difference that the state makes from there on", () => {
  const [{ x, y, h0 }] = samples;
  const { h, c, steps } = lstm.forward({ x, y, h0 }).layer;
  const rows = unitGradients(lstm, { x, y, h0 });
  for (let t = 1; t < x.length; t++) {
    const lossFrom = (h0: number[], c0: number[]) => lstm.forward({ x: x.slice(t), y, h0, c0 }).loss;
    const { o } = steps[t - 1];
    const expected = {
      h: numericalGradient((changed) => lossFrom([...changed], c[t - 1]), h[t - 1]),
      c: numericalGradient((changed) => lossFrom(hadamard(o, tanh([...changed])), [...changed]), c[t - 1]),
    };
    for (const quantity of ["h", "c"] as const) {
      sizeOf(rows, quantity, t).forEach((size, unit) => {
        expect(Math.abs(size - Math.abs(expected[quantity][unit])), `${quantity}, t = ${t}`).toBeLessThan(
          1e-9,
        );
      });
    }
  }
});

test.each<[string, SequenceModel]>([
  ["a classifier of the slides", lstm],
  ["a regressor of the slides", rnn],
])("of %s: squares of the units add up to the norm's, and means are gradientFlow's", (_, model) => {
  for (const sample of samples) {
    const units = unitGradients(model, sample);
    const flow = ofStates(gradientFlow(model, sample));
    expect(units).toHaveLength(flow.length * H);
    for (const row of flow) expect(norm(sizeOf(units, row.quantity as "h", row.t))).toBeCloseTo(row.norm, 14);
  }
  expectQuantiles(
    gradientQuantiles(model, samples),
    ofStates(gradientFlow(model, samples)),
    samples.map((sample) => ofStates(gradientFlow(model, sample))),
  );
  const units = unitGradients(model, samples);
  const single = samples.map((sample) => unitGradients(model, sample));
  for (const { quantity, t, unit, norm: size } of units) {
    const sizes = single.flatMap((rows) => sizeOf(rows, quantity, t)[unit] ?? []);
    expect(size).toBeCloseTo(sizes.reduce((sum, value) => sum + value, 0) / sizes.length, 14);
  }
});

/** That quantiles of a batch are those of the norms of each sample alone. */
function expectQuantiles(rows: QuantileRow[], batch: FlowRow[], single: FlowRow[][], tolerance = 1e-13) {
  expect(rows.map(key)).toEqual(batch.map(key));
  rows.forEach((row, k) => {
    const norms = single.flatMap((of) => of.find((one) => key(one) === key(row))?.norm ?? []);
    norms.sort((a, b) => a - b);
    const near = (came: number, expected: number) =>
      expect(Math.abs(came - expected), key(row)).toBeLessThanOrEqual(tolerance * expected);
    near(row.mean, batch[k].norm);
    near(row.min, norms[0]);
    near(row.max, norms[norms.length - 1]);
    near(row.median, norms.length % 2 ? norms[(norms.length - 1) / 2] : (norms[0] + norms[1]) / 2);
    near(row.q10, quantile(norms, 0.1));
    near(row.q90, quantile(norms, 0.9));
  });
}

test.each(["lstm", "gru", "rnn"] as const)("of a network of two layers in both directions, %s", (cell) => {
  const Rnn = { lstm: nn.LSTM, gru: nn.GRU, rnn: nn.RNN }[cell];
  for (const dtype of ["float64", "float32"] as const) {
    const options = { inputSize: I, hiddenSize: H, numLayers: 2, bidirectional: true, dtype, seed: 4 };
    const network = new nn.SequenceNetwork({
      rnn: new Rnn({ ...options, batchFirst: true }),
      head: new nn.Linear({ inputSize: 2 * H, outputSize: 2, dtype }),
    });
    const lengths = [4, 6, 3];
    const x = lengths.map((_, b) =>
      Array.from({ length: 6 }, (_, t) => numbers(I, 10 * b + t).map((value) => 2 * value)),
    );
    const y = [0, 1, 1];
    const alone = lengths.map((T, b) => ({ x: [x[b].slice(0, T)], y: [y[b]] }));
    const single = alone.map((batch) => ofStates(gradientFlow(network, batch)));
    const batch = { x, y, lengths };
    const flow = ofStates(gradientFlow(network, batch));
    const tolerance = dtype === "float64" ? 1e-13 : 1e-5;
    expectQuantiles(gradientQuantiles(network, batch), flow, single, tolerance);
    alone.forEach((batch, b) => {
      const units = unitGradients(network, batch);
      for (const row of single[b]) {
        const here = units.filter((unit) => key(unit) === key(row)).map((unit) => unit.norm);
        expect(here).toHaveLength(H);
        expect(Math.abs(norm(here) - row.norm)).toBeLessThanOrEqual(tolerance * row.norm);
      }
    });
    // Without a batch, of the step of training that was just made.
    network.lossAndGradients(batch);
    const own = gradientQuantiles(network);
    const ownUnits = unitGradients(network);
    expect(own).toEqual(gradientQuantiles(network, batch));
    expect(ownUnits).toEqual(unitGradients(network, batch));
  }
});

test("a network without a batch says so", () => {
  const network = new nn.SequenceNetwork({
    rnn: new nn.GRU({ inputSize: I, hiddenSize: H }),
    head: new nn.Linear({ inputSize: H, outputSize: 2 }),
  });
  expect(() => gradientQuantiles(network)).toThrow(
    "gradientQuantiles: batch is undefined, but must be given unless",
  );
  expect(() => unitGradients(network)).toThrow("unitGradients: batch is undefined, but must be given unless");
  expect(() => unitGradients({} as nn.SequenceNetwork)).toThrow(
    "unitGradients: model is an object, but must be a SequenceNetwork, SequenceClassifier or SequenceRegressor",
  );
});

test("quantiles are drawn as bands, with a panel for each layer and direction", async () => {
  const stacked = new nn.SequenceNetwork({
    rnn: new nn.LSTM({ inputSize: I, hiddenSize: H, bidirectional: true }),
    head: new nn.Linear({ inputSize: 2 * H, outputSize: 2 }),
  });
  const x = Array.from({ length: 5 }, (_, t) => [0, 1, 2].map((b) => numbers(I, 10 * b + t)));
  for (const language of ["en", "ko"] as const) {
    const one = await drawChart(gradientQuantiles(lstm, samples).chart({ language }));
    expect(one.complaints).toEqual([]);
    expect(one.svg.match(/aria-roledescription="area mark"/g)).toHaveLength(2);
    expect(one.svg).toContain(language === "en" ? ">10th to 90th percentile</text>" : "백분위수");
    const two = await drawChart(gradientQuantiles(stacked, { x, y: [0, 1, 1] }).chart({ language }));
    expect(two.complaints).toEqual([]);
    expect(two.svg.match(/aria-roledescription="area mark"/g)).toHaveLength(4);
  }
  const { description } = gradientQuantiles(lstm, samples).chart({ quantity: "h" });
  const [row] = gradientQuantiles(lstm, samples).filter(({ quantity }) => quantity === "h");
  expect(description).toContain(
    `smallest to largest: ${Number(row.min.toPrecision(3))} – ${Number(row.max.toPrecision(3))} at t = 0`,
  );
  expect(() => gradientQuantiles(rnn, samples).chart({ quantity: "c" })).toThrow(
    "gradientQuantilesChart: rows has nothing of c to draw",
  );
  expect(() => gradientQuantiles(rnn, samples).chart({ quantity: "z" as "c" })).toThrow(
    'gradientQuantilesChart: quantity is "z", but must be "h" or "c"',
  );
});

test("where a gradient vanishes in part of the batch, its band reaches the floor", async () => {
  const rows = [0, 1, 2].map((t) => ({
    ...{ t, layer: 0, direction: "forward" as const, quantity: "h" as const },
    ...{ mean: 0.1, min: t === 0 ? 0 : 0.01, q10: 0.02, median: 0.05, q90: 0.2, max: 0.4 },
  }));
  const { gradientQuantilesChart } = await import("../../../src/charts/gradient_quantiles.js");
  const { complaints, svg } = await drawChart(gradientQuantilesChart(rows));
  expect(complaints).toEqual([]);
  expect(svg.match(/aria-roledescription="area mark"/g)).toHaveLength(2);
  expect(svg).not.toContain("NaN");
});

test("units are drawn as a heatmap, and the largest named", async () => {
  const rows = unitGradients(lstm, samples);
  for (const language of ["en", "ko"] as const) {
    const chart = rows.chart({ language });
    const { svg, complaints } = await drawChart(chart);
    expect(complaints).toEqual([]);
    expect(svg.match(/aria-roledescription="rect mark"/g)).toHaveLength(H * 7);
    expect(chart.description).toMatch(language === "en" ? /each of 3 units/ : /유닛 3개 각각/);
  }
  const sums = [0, 1, 2].map((unit) =>
    rows.reduce((sum, row) => sum + (row.quantity === "c" && row.unit === unit ? row.norm : 0), 0),
  );
  const largest = sums.indexOf(Math.max(...sums));
  expect(rows.chart().description).toContain(`The largest on average: unit ${largest}:`);
});
