// Gradient flow of networks: the slides' rows for the slides' models, and what it leaves alone.

import { expect, test } from "vitest";
import * as slides from "../../../src/index.js";
import { gradientFlow } from "../../../src/index.js";
import type { DType } from "../../../src/nn/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { numbers } from "../engine/numbers.js";

const sizes = { inputSize: 2, hiddenSize: 3 };

test.each(["LSTM", "RNN"] as const)(
  "the rows of %s are those of the slides' model, for any batch size",
  (kind) => {
    const layer = new slides[kind]({ ...sizes, seed: 1 });
    const head = new slides.Dense({ inputSize: 3, outputSize: 4, seed: 2 });
    const network = new SequenceNetwork({
      rnn: new { LSTM, RNN }[kind]({ ...sizes, batchFirst: true }),
      head: new Linear({ inputSize: 3, outputSize: 4 }),
      loss: "meanSquaredError",
    });
    const { weight_ih_l0, weight_hh_l0, bias_l0 } = layer.stateDict();
    network.loadStateDict({
      "rnn.weight_ih_l0": weight_ih_l0,
      "rnn.weight_hh_l0": weight_hh_l0,
      "rnn.bias_l0": bias_l0,
      "head.weight": head.parameters.W,
      "head.bias": head.parameters.b,
    });
    const samples = [7, 4, 5].map((T, b) => ({
      x: Array.from({ length: T }, (_, t) => numbers(2, 10 * b + t)),
      y: numbers(4, 90 + b),
    }));
    const expected = gradientFlow(new slides.SequenceRegressor({ layer, head }), samples);
    const lengths = samples.map(({ x }) => x.length);
    const x = samples.map((sample) => [
      ...sample.x,
      ...new Array<number[]>(7 - sample.x.length).fill([0, 0]),
    ]);
    const rows = gradientFlow(network, { x, lengths, y: samples.map(({ y }) => y) });
    expect(rows).toHaveLength(expected.length);
    rows.forEach((row, index) => {
      expect(row).toMatchObject({ ...expected[index], norm: expect.any(Number) as number });
      const { norm } = expected[index];
      expect(Math.abs(row.norm - norm)).toBeLessThanOrEqual(1e-12 * norm);
    });
  },
);

const makeGru = (dtype: DType = "float64") =>
  new SequenceNetwork({
    rnn: new GRU({ ...sizes, numLayers: 2, dropout: 0.4, seed: 3, dtype }),
    head: new Linear({ inputSize: 3, outputSize: 2, dtype }),
  });
const batch = { x: Array.from({ length: 5 }, (_, t) => [numbers(2, t), numbers(2, 50 + t)]), y: [0, 1] };

test("gradientFlow leaves the gradients, the parameters and dropout as they are", () => {
  const network = makeGru();
  network.lossAndGradients(batch);
  const [gradients, parameters, state] = [
    network.gradients.slice(),
    network.stateDict(),
    { ...network.state },
  ];
  const flow = gradientFlow(network, batch);
  expect(gradientFlow(network, batch)).toEqual(flow);
  expect(network.gradients).toEqual(gradients);
  expect(network.stateDict()).toEqual(parameters);
  expect(network.state).toEqual(state);
  expect(() => gradientFlow(network, { ...batch, y: [0, 5] })).toThrow("gradientFlow: y contains 5");
  expect(network.gradients).toEqual(gradients);
});

test("gradientFlow says what came instead of a model", () => {
  const rnn = new LSTM(sizes);
  expect(() => gradientFlow(rnn as never)).toThrow(
    "gradientFlow: model is an object, but must be a SequenceNetwork, SequenceClassifier or SequenceRegressor",
  );
  expect(() => slides.stepJacobians(undefined as never, [])).toThrow("stepJacobians: model is undefined");
});

test("another batch of the size that goes through rnn alone takes the last one's place", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM(sizes),
    head: new Linear({ inputSize: 3, outputSize: 1 }),
    loss: "meanSquaredError",
  });
  const x = Array.from({ length: 5 }, (_, t) => [numbers(2, t)]);
  network.lossAndGradients({ x, y: [[1]] });
  expect(gradientFlow(network)).toHaveLength(6 + 6 + 15);
  expect(network.statesAfter(5).h0.shape).toEqual([1, 1, 3]);
  network.rnn.forward(x);
  expect(() => gradientFlow(network)).toThrow("gradientFlow: batch is undefined, but must be given");
  expect(() => network.statesAfter(5)).toThrow(
    "the batch is gone, but must be the last of its size that the network has seen",
  );
});

test("without a batch the flow is that of the last training step, and only right after it", () => {
  const network = makeGru();
  expect(() => gradientFlow(network)).toThrow("gradientFlow: batch is undefined, but must be given");
  network.lossAndGradients(batch);
  const withDropout = gradientFlow(network);
  expect(withDropout).not.toEqual(gradientFlow(network, batch));
  expect(() => gradientFlow(network)).toThrow("batch is undefined");
  network.lossAndGradients(batch);
  network.loss(batch);
  expect(() => gradientFlow(network)).toThrow("batch is undefined");
  network.lossAndGradients(batch);
  expect(() => network.lossAndGradients({ x: batch.x.slice(1), y: [] })).toThrow("y has");
  expect(() => gradientFlow(network)).toThrow("batch is undefined");
  expect(() => gradientFlow(network, null as never)).toThrow("the batch is null, but must be { x, y }");
});

test("norms are right below the root of the smallest number and where float32 gradients underflow", () => {
  for (const [dtype, end] of [
    ["float64", 1e-300],
    ["float32", 0],
  ] as const) {
    const network = new SequenceNetwork({
      rnn: new RNN({ inputSize: 1, hiddenSize: 2, nonlinearity: "identity", dtype }),
      head: new Linear({ inputSize: 2, outputSize: 2, dtype }),
    });
    network.loadStateDict({
      "rnn.weight_ih_l0": [[0], [0]],
      "rnn.weight_hh_l0": [
        [1e-3, 0],
        [0, 1e-3],
      ],
      "rnn.bias_l0": [0, 0],
      "head.weight": [
        [1, 0],
        [0, 0],
      ],
      "head.bias": [0, 0],
    });
    const rows = gradientFlow(network, { x: new Array<number[]>(100).fill([1]), y: 0 });
    const ofH = rows.filter(({ quantity }) => quantity === "h");
    const [first] = ofH;
    if (dtype === "float64") {
      // 0.5 at t = T, a thousandth of it at each step back, exact also where its square is subnormal.
      for (const { t, norm } of ofH) expect(norm / (0.5 * 10 ** (-3 * (100 - t)))).toBeCloseTo(1, 12);
    }
    expect(first.norm).toBeLessThanOrEqual(end);
  }
});

test("the chart has a curve for every layer and direction, and the fixed colours where there is one", () => {
  const network = new SequenceNetwork({
    rnn: new LSTM({ ...sizes, numLayers: 2, bidirectional: true }),
    head: new Linear({ inputSize: 6, outputSize: 2 }),
  });
  const flow = gradientFlow(network, batch);
  interface Drawn {
    description: string;
    data: { values: { curve: string }[] };
  }
  const curves = (chart: unknown) => [...new Set((chart as Drawn).data.values.map(({ curve }) => curve))];
  expect(curves(flow.chart())).toEqual([
    "‖∂L/∂hₜ‖ hidden state, layer 0",
    "‖∂L/∂hₜ‖ hidden state, layer 0, reverse",
    "‖∂L/∂hₜ‖ hidden state, layer 1",
    "‖∂L/∂hₜ‖ hidden state, layer 1, reverse",
  ]);
  expect(curves(flow.chart({ quantities: ["c", "Wh"], language: "ko" }))).toHaveLength(8);
  const alone = flow.filter((row) => row.layer === 1 && row.direction === "forward");
  expect(curves(slides.gradientFlowChart(alone))).toEqual([
    "‖∂L/∂hₜ‖ hidden state",
    "‖∂L/∂Cₜ‖ cell state",
    "‖∂L/∂Wₓ‖ part of step t",
    "‖∂L/∂Wₕ‖ part of step t",
    "‖∂L/∂b‖ part of step t",
  ]);
});
