// Which input mattered: against central differences of the loss, over every kind of model.

import { expect, test } from "vitest";
import type { InputRow } from "../../../src/index.js";
import {
  Dense,
  gradientFlow,
  inputGradients,
  LSTM,
  norm,
  numericalGradient,
  RNN,
  SequenceClassifier,
  SequenceRegressor,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";
import { numbers } from "../engine/numbers.js";

const sequence = (T: number, I: number, seed: number) => {
  const drawn = numbers(T * I, seed);
  return Array.from({ length: T }, (_, t) => Array.from(drawn.slice(t * I, (t + 1) * I)));
};

/** ∂L/∂x by central differences. */
function differences(x: number[][], loss: (x: number[][]) => number): number[][] {
  return x.map((row, t) => numericalGradient((changed) => loss(x.with(t, [...changed])), row));
}

/** What rows are to say of samples whose ∂L/∂x is known. */
function expected(samples: number[][][]): InputRow[] {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const last = Math.max(...samples.map(({ length }) => length));
  return Array.from({ length: last }, (_, index) => {
    const present = samples.flatMap((dx) => (dx[index] ? [dx[index]] : []));
    const t = index + 1;
    return [
      { t, norm: mean(present.map((row) => norm(row))) },
      ...present[0].map((_, feature) => ({
        t,
        feature,
        norm: mean(present.map((row) => Math.abs(row[feature]))),
      })),
    ];
  }).flat();
}

function expectRows(came: InputRow[], rows: InputRow[]) {
  expect(came.map(({ t, feature }) => [t, feature])).toEqual(rows.map(({ t, feature }) => [t, feature]));
  came.forEach(({ norm: value, t, feature }, k) => {
    expect(Math.abs(value - rows[k].norm), `t = ${t}, feature ${feature}`).toBeLessThan(1e-8);
  });
}

test("of the slides' models, whose samples differ in length", () => {
  const head = () => new Dense({ inputSize: 3, outputSize: 2, seed: 2 });
  const samples = [5, 3].map((T, k) => ({ x: sequence(T, 2, k), y: k === 0 ? [1, 0] : [0, 1] }));
  const lstm = new LSTM({ inputSize: 2, hiddenSize: 3, seed: 1 });
  const classifier = new SequenceClassifier({ layer: lstm, head: head() });
  const ofClassifier = samples.map(({ x, y }) =>
    differences(x, (changed) => classifier.forward({ x: changed, y }).loss),
  );
  expectRows(inputGradients(classifier, samples), expected(ofClassifier));
  const rnn = new RNN({ inputSize: 2, hiddenSize: 3, seed: 1 });
  const regressor = new SequenceRegressor({ layer: rnn, head: head() });
  const ofRegressor = samples.map(({ x, y }) =>
    differences(x, (changed) => regressor.forward({ x: changed, y }).loss),
  );
  expectRows(inputGradients(regressor, samples), expected(ofRegressor));
});

test.each(["lstm", "gru", "rnn"] as const)("of a network of two layers in both directions, %s", (cell) => {
  const Rnn = { lstm: nn.LSTM, gru: nn.GRU, rnn: nn.RNN }[cell];
  const network = new nn.SequenceNetwork({
    rnn: new Rnn({
      inputSize: 3,
      hiddenSize: 2,
      numLayers: 2,
      bidirectional: true,
      batchFirst: true,
      seed: 4,
    }),
    head: new nn.Linear({ inputSize: 4, outputSize: 2 }),
  });
  const lengths = [4, 6, 3];
  const padded = lengths.map((T, b) => [
    ...sequence(T, 3, b),
    ...sequence(6 - T, 3, 50).map(() => [NaN, NaN, NaN]),
  ]);
  const y = [0, 1, 1];
  const before = network.gradients.slice();
  const rows = inputGradients(network, { x: padded, y, lengths });
  expect(network.gradients).toEqual(before);
  const dx = lengths.map((T, b) =>
    differences(padded[b].slice(0, T), (x) => network.loss({ x: [x], y: [y[b]] })),
  );
  expectRows(rows, expected(dx));
  // Of samples of one size, the batch's size and what the loss is divided by change nothing.
  const sum = new nn.SequenceNetwork({
    rnn: new Rnn({ inputSize: 3, hiddenSize: 2, seed: 4 }),
    head: new nn.Linear({ inputSize: 2, outputSize: 2 }),
    reduction: "sum",
  });
  const x = sequence(5, 3, 1);
  const one = inputGradients(sum, { x, y: 1 });
  const twice = inputGradients(sum, { x: x.map((row) => [row, row]), y: [1, 1] });
  expectRows(twice, one);
});

test("of an embedding there are norms only, of the vectors that were read", () => {
  const network = new nn.SequenceNetwork({
    embedding: new nn.Embedding({ numEmbeddings: 5, embeddingDim: 3, seed: 2 }),
    rnn: new nn.GRU({ inputSize: 3, hiddenSize: 4, seed: 2 }),
    head: new nn.Linear({ inputSize: 4, outputSize: 2, seed: 2 }),
  });
  // Every index once: the gradient of its row of the table is that of the vector read.
  const x = [3, 0, 4, 1];
  const rows = inputGradients(network, { x, y: 1 });
  network.lossAndGradients({ x, y: 1 });
  const [{ grad }] = network.parameters;
  expectRows(
    rows,
    x.map((index, t) => ({ t: t + 1, norm: norm(Array.from(grad.slice(3 * index, 3 * index + 3))) })),
  );
});

test("training goes on as before, without the gradient at x", () => {
  const make = () =>
    new nn.SequenceNetwork({
      rnn: new nn.LSTM({ inputSize: 2, hiddenSize: 3 }),
      head: new nn.Linear({ inputSize: 3, outputSize: 2 }),
    });
  const [network, twin] = [make(), make()];
  const batch = { x: sequence(4, 2, 1), y: 1 };
  inputGradients(network, batch);
  expect(() => inputGradients(network, undefined as never)).toThrow(
    "inputGradients: batch is undefined, but must be given unless the network is made with observe: true",
  );
  expect(network.lossAndGradients(batch)).toBe(twin.lossAndGradients(batch));
  expect(network.gradients).toEqual(twin.gradients);
  expect(gradientFlow(network)).toEqual(gradientFlow(twin));
});

test("charts in both languages, with the names of the features", async () => {
  const model = new SequenceClassifier({
    layer: new LSTM({ inputSize: 2, hiddenSize: 3, seed: 1 }),
    head: new Dense({ inputSize: 3, outputSize: 2, seed: 2 }),
  });
  const rows = inputGradients(model, { x: sequence(12, 2, 3), y: [1, 0] });
  for (const language of ["en", "ko"] as const) {
    const chart = rows.chart({ language, features: ["temperature", "wind"] });
    const { svg, complaints } = await drawChart(chart);
    expect(complaints).toEqual([]);
    for (const label of ["temperature", "wind"]) expect(svg).toContain(`>${label}</text>`);
    expect(svg.match(/aria-roledescription="rect mark"/g)).toHaveLength(36);
    expect(chart.description).toMatch(language === "en" ? /each of 2 features/ : /특성 2개 각각/);
  }
  expect(() => rows.chart({ features: ["temperature"] })).toThrow(
    "inputGradientsChart: features has 1 names, but there must be one for each of 2 features",
  );
  expect(() => rows.chart({ features: ["a", "a"] })).toThrow(
    "features has a name twice, but each must be another",
  );
});
