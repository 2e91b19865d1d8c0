// Where the activations of the gates lie, and which units saturate: against slopes by central differences,
// and against the activations on the tapes.

import { expect, test } from "vitest";
import type { GateName, HistogramRow } from "../../../src/index.js";
import {
  Dense,
  gateHistograms,
  gateSaturation,
  LSTM,
  normalInitializer,
  RNN,
  SequenceClassifier,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";
import { numbers } from "../engine/numbers.js";

const draw = normalInitializer({ seed: 8 });
const [I, H] = [2, 4];
const sequence = (T: number) => draw.matrix(T, I).map((row) => row.map((value) => 4 * value));
const head = new Dense({ inputSize: H, outputSize: 2 });
const lstm = new SequenceClassifier({ layer: new LSTM({ inputSize: I, hiddenSize: H, seed: 3 }), head });
const samples = [7, 5].map((T) => ({ x: sequence(T), y: [1, 0] }));

const network = (rnn: nn.RecurrentModule) =>
  new nn.SequenceNetwork({
    rnn,
    head: new nn.Linear({ inputSize: rnn.outputSize, outputSize: 2, dtype: rnn.dtype }),
  });

test("saturated is where the slope of the activation is below a tenth of its largest", () => {
  const grid = Array.from({ length: 401 }, (_, k) => (k - 200) / 40);
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const slope = (f: (z: number) => number, z: number) => (f(z + 1e-5) - f(z - 1e-5)) / 2e-5;
  // One unit that reads x alone, in every gate.
  const reading = (rnn: nn.RecurrentModule) => {
    const one = network(rnn);
    for (const { name, data } of rnn.parameters) data.fill(name.startsWith("weight_ih") ? 1 : 0);
    return gateSaturation(one, { x: grid.map((z) => [z]) });
  };
  const sizes = { inputSize: 1, hiddenSize: 1 };
  const rows = [...reading(new nn.LSTM(sizes)), ...reading(new nn.GRU(sizes)), ...reading(new nn.RNN(sizes))];
  expect(rows.map(({ gate }) => gate)).toEqual([..."figorznh"]);
  for (const { gate, low, high } of rows) {
    const f = "gnh".includes(gate) ? Math.tanh : sigmoid;
    const flat = grid.filter((z) => slope(f, z) < 0.1 * slope(f, 0));
    expect([gate, low, high]).toEqual([
      gate,
      flat.filter((z) => z < 0).length / grid.length,
      flat.filter((z) => z > 0).length / grid.length,
    ]);
    expect(flat.length).toBeGreaterThan(100);
  }
  const [relu] = reading(new nn.RNN({ ...sizes, nonlinearity: "relu" }));
  expect([relu.low, relu.high]).toEqual([201 / 401, 0]);
  for (const [Rnn, gates] of [
    [nn.MinGRU, "gz"],
    [nn.MinLSTM, "fig"],
  ] as const) {
    const ofMin = reading(new Rnn(sizes));
    expect(ofMin.map(({ gate }) => gate).join("")).toBe(gates);
    const candidate = (k: number) => (k >= 0 ? k + 0.5 : sigmoid(k));
    const { low, high } = ofMin.find(({ gate }) => gate === "g")!;
    expect(low).toBe(grid.filter((k) => slope(candidate, k) < 0.1).length / grid.length);
    expect(high).toBe(0);
  }
  const [identity] = reading(new nn.RNN({ ...sizes, nonlinearity: "identity" }));
  expect([identity.low, identity.high]).toEqual([0, 0]);
});

/** The rows counted one by one from activations by step: of all samples and units there. */
function counted(gate: GateName, atStep: number[][], low: number, high: number): HistogramRow[] {
  return atStep.flatMap((values, index) =>
    Array.from({ length: 20 }, (_, bin) => {
      const edge = (k: number) => low + (k / 20) * (high - low);
      const inside = values.filter(
        (value) => value >= edge(bin) && (value < edge(bin + 1) || (bin === 19 && value <= high)),
      );
      const slope = (value: number) => (low === 0 ? 4 * value * (1 - value) : 1 - value ** 2);
      return {
        ...{
          t: index + 1,
          layer: 0,
          direction: "forward" as const,
          gate,
          from: edge(bin),
          to: edge(bin + 1),
        },
        share: inside.length / values.length,
        saturated: inside.filter((value) => slope(value) < 0.1).length / values.length,
      };
    }),
  );
}

function expectHistograms(came: HistogramRow[], expected: HistogramRow[]) {
  expect(came).toHaveLength(expected.length);
  came.forEach((row, k) => {
    const { share, saturated, from, to, ...place } = row;
    const other = expected[k];
    expect(place).toEqual({ t: other.t, layer: other.layer, direction: other.direction, gate: other.gate });
    for (const [a, b] of [
      [share, other.share],
      [saturated, other.saturated],
      [from, other.from],
      [to, other.to],
    ])
      expect(a).toBeCloseTo(b, 12);
  });
}

test("histograms of the slides' LSTM count what is on its tapes", () => {
  const tapes = samples.map((sample) => lstm.forward(sample).layer);
  const expected = (["f", "i", "g", "o"] as const).flatMap((gate) => {
    const atStep = Array.from({ length: 7 }, (_, t) => tapes.flatMap(({ steps }) => steps[t]?.[gate] ?? []));
    return counted(gate, atStep, gate === "g" ? -1 : 0, 1);
  });
  const rows = gateHistograms(lstm, samples);
  expectHistograms(rows, expected);
  expect(rows.some(({ saturated }) => saturated > 0)).toBe(true);
  // What saturates, whether counted by step or by unit, is the same.
  const byUnit = gateSaturation(lstm, samples[0]);
  for (const gate of ["f", "i", "g", "o"] as const) {
    const ofBins = gateHistograms(lstm, samples[0]).filter((row) => row.gate === gate);
    const ofUnits = byUnit.filter((row) => row.gate === gate);
    expect(ofUnits).toHaveLength(H);
    const mean = ofUnits.reduce((sum, { low, high }) => sum + low + high, 0) / H;
    expect(ofBins.reduce((sum, { saturated }) => sum + saturated, 0) / 7).toBeCloseTo(mean, 12);
  }
});

test.each(["float64", "float32"] as const)(
  "histograms of a network count its tape, in both directions and %s",
  (dtype) => {
    const rnn = new nn.GRU({ inputSize: I, hiddenSize: H, bidirectional: true, batchFirst: true, dtype });
    const lengths = [3, 6];
    const x = lengths.map((_, b) => Array.from({ length: 6 }, (_, t) => numbers(I, 10 * b + t, 5)));
    const tape = rnn.forward(x, { lengths });
    const expected = tape.layers.flatMap(({ gates, direction }) =>
      (["r", "z", "n"] as const).flatMap((gate) => {
        const atStep = Array.from({ length: 6 }, (_, t) =>
          lengths.flatMap((length, b) =>
            t < length ? Array.from(gates[gate].data.slice((t * 2 + b) * H, (t * 2 + b + 1) * H)) : [],
          ),
        );
        return counted(gate, atStep, gate === "n" ? -1 : 0, 1).map((row) => ({ ...row, direction }));
      }),
    );
    expectHistograms(gateHistograms(network(rnn), { x, lengths }), expected);
  },
);

test("of an RNN without an upper end, the bins reach as far as it got", () => {
  const x = sequence(6);
  for (const [nonlinearity, low] of [
    ["relu", 0],
    ["identity", -1],
  ] as const) {
    const rnn = new nn.RNN({ inputSize: I, hiddenSize: H, nonlinearity, seed: 2 });
    const h = rnn.forward(x).layers[0].h.data;
    const most = Math.max(...Array.from(h, Math.abs));
    const rows = gateHistograms(network(rnn), { x });
    expect(rows[0].from).toBeCloseTo(low * most, 12);
    expect(rows.at(-1)!.to).toBeCloseTo(most, 12);
    for (const t of [1, 6]) {
      const shares = rows.filter((row) => row.t === t).reduce((sum, { share }) => sum + share, 0);
      expect(shares).toBeCloseTo(1, 12);
    }
  }
  const still = new SequenceClassifier({
    layer: new RNN({ inputSize: I, hiddenSize: H, nonlinearity: "relu" }),
    head,
  });
  const [first] = gateHistograms(still, { x: [[0, 0]], y: [1, 0], h0: [0, 0, 0, 0] });
  expect(first.from).toBe(0);
});

test("both are drawn with a panel for each gate, in both languages", async () => {
  for (const language of ["en", "ko"] as const) {
    const histograms = gateHistograms(lstm, samples).chart({ language });
    const drawn = await drawChart(histograms);
    expect(drawn.complaints).toEqual([]);
    expect(drawn.svg.match(/aria-roledescription="rect mark"/g)).toHaveLength(4 * 7 * 20);
    expect(drawn.svg).toContain(language === "en" ? ">f forget gate, " : ">f 망각 게이트, 포화 ");
    const bars = await drawChart(gateSaturation(lstm, samples).chart({ language }));
    expect(bars.complaints).toEqual([]);
    expect(bars.svg.match(/aria-roledescription="bar"/g)).toHaveLength(4 * H * 2);
    expect(bars.svg).toContain(language === "en" ? ">o output gate<" : ">o 출력 게이트<");
  }
  const { description } = gateHistograms(lstm, samples).chart();
  expect(description).toMatch(/f forget gate, [\d.]+% saturated; i input gate, /);
  expect(() => gateSaturation(lstm, samples).chart({ colour: "red" } as never)).toThrow(
    'gateSaturationChart: option "colour" is unknown, but must be one of language, title',
  );
  const stacked = network(new nn.LSTM({ inputSize: I, hiddenSize: H, numLayers: 2 }));
  const { svg, complaints } = await drawChart(gateSaturation(stacked, { x: sequence(4) }).chart());
  expect(complaints).toEqual([]);
  expect(svg).toContain(">f forget gate, layer 1<");
});
