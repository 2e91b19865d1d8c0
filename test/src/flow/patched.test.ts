// A network with parts of its cells fixed: forward against the slides' cells, gradients against central
// differences, cut paths against the parts that gradientPaths has, which PyTorch confirms.

import { expect, test } from "vitest";
import type { FlowRow, Patches } from "../../../src/index.js";
import {
  gateHistograms,
  gateProduct,
  gradientFlow,
  gradientPaths,
  lstmForward,
  lyapunovSpectrum,
  norm,
  pascanuBound,
  patched,
  stepJacobians,
  unitGradients,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { saveModel, writeOnnx } from "../../../src/weights/index.js";
import { numbers } from "../engine/numbers.js";

const [T, B, I, H] = [6, 2, 2, 3];
const x = Array.from({ length: T }, (_, t) => Array.from({ length: B }, (_, b) => numbers(I, 10 * t + b, 2)));
const cells = {
  rnn: (options: nn.RecurrentOptions) => new nn.RNN(options),
  lstm: (options: nn.RecurrentOptions) => new nn.LSTM(options),
  gru: (options: nn.RecurrentOptions) => new nn.GRU(options),
  gruBefore: (options: nn.RecurrentOptions) => new nn.GRU({ ...options, resetAfter: false }),
};
type Cell = keyof typeof cells;

function networkOf(
  cell: Cell,
  options: Partial<nn.RecurrentOptions> = {},
  outputs: "last" | "every" = "last",
) {
  const rnn = cells[cell]({ inputSize: I, hiddenSize: H, seed: 3, ...options });
  return new nn.SequenceNetwork({
    rnn,
    head: new nn.Linear({ inputSize: rnn.outputSize, outputSize: 2, seed: 4, dtype: rnn.dtype }),
    outputs,
  });
}
const batch = { x, y: [1, 0] };
const everyStep = { x, y: Array.from({ length: T }, (_, t) => [t % 2, 1]) };

const everyCell = Object.keys(cells) as Cell[];
const gatesOf: Record<Cell, string[]> = {
  rnn: ["h"],
  lstm: ["i", "f", "g", "o", "c", "h"],
  gru: ["r", "z", "n", "h"],
  gruBefore: ["r", "z", "n", "h"],
};

/** What the cell computes itself, as patches. */
function ownValues(network: nn.SequenceNetwork, names: string[], layer = 0): Patches {
  const tape = network.rnn.forward(x).layers.find((lane) => lane.layer === layer)!;
  const valueOf = (name: string) => (name === "h" ? tape.h : name === "c" ? tape.c! : tape.gates[name]);
  return Object.fromEntries(names.map((name) => [name, { value: valueOf(name), layer }]));
}

test.each(everyCell)("with the values that a %s has anyway, nothing changes, to the last bit", (cell) => {
  const network = networkOf(cell, { numLayers: 2 }, "every");
  const loss = network.loss(everyStep);
  const predictions = network.predict({ x });
  for (const name of gatesOf[cell]) {
    const fixed = patched(network, ownValues(network, [name], 1));
    expect(fixed.loss(everyStep), name).toBe(loss);
    expect(fixed.predict({ x }), name).toEqual(predictions);
  }
  // Nothing is fixed beyond the last step: forward and gradients are the same.
  const [name] = gatesOf[cell];
  const nothing = patched(network, { [name]: { value: 0.5, from: T + 1 } });
  expect(nothing.lossAndGradients(everyStep)).toBe(network.lossAndGradients(everyStep));
  expect(nothing.gradients).toEqual(network.gradients);
  expect(gradientFlow(nothing, everyStep)).toEqual(gradientFlow(network, everyStep));
});

test("an LSTM goes on as the slides' cell does with that gate or state", () => {
  const network = networkOf("lstm");
  const { weight_ih_l0: Wx, weight_hh_l0: Wh, bias_l0: bias } = network.rnn.stateDict();
  const rows = (of: { shape: readonly number[]; data: ArrayLike<number> }, from: number) =>
    Array.from({ length: H }, (_, j) =>
      Array.from(of.data).slice((from + j) * of.shape[1], (from + j + 1) * of.shape[1]),
    );
  const gate = (index: number) => ({
    Wx: rows(Wx, index * H),
    Wh: rows(Wh, index * H),
    b: Array.from(bias.data).slice(index * H, (index + 1) * H),
  });
  const cell = { i: gate(0), f: gate(1), g: gate(2), o: gate(3) };
  const patches: Patches = {
    f: { value: [1, 0.25, 0.5], from: 3, units: [0, 2] },
    o: { value: 0.75, from: 2, to: 4 },
    c: { value: -0.5, from: 5, to: 5, units: [1] },
    h: { value: 0.125, from: 4, to: 4 },
  };
  const fixed = patched(network, patches);
  const tape = fixed.rnn.forward(x).layers[0];
  for (let b = 0; b < B; b++) {
    let [h, c] = [new Array<number>(H).fill(0), new Array<number>(H).fill(0)];
    for (let t = 1; t <= T; t++) {
      const step = lstmForward(cell, x[t - 1][b], h, c);
      const f = step.f.map((value, j) => (t >= 3 && j !== 1 ? [1, 0.25, 0.5][j] : value));
      const o = step.o.map((value) => (t >= 2 && t <= 4 ? 0.75 : value));
      c = c.map((value, j) => (t === 5 && j === 1 ? -0.5 : f[j] * value + step.i[j] * step.g[j]));
      h = o.map((value, j) => (t === 4 ? 0.125 : value * Math.tanh(c[j])));
      const at = ((t - 1) * B + b) * H;
      Array.from(tape.h.data.slice(at, at + H)).forEach((value, j) => expect(value).toBeCloseTo(h[j], 14));
      Array.from(tape.c!.data.slice(at, at + H)).forEach((value, j) => expect(value).toBeCloseTo(c[j], 14));
    }
  }
});

const mixed: Record<Cell, Patches[]> = {
  rnn: [{ h: { value: 0.3, from: 3, to: 4, units: [1] } }],
  lstm: [
    { f: { value: 0.9, from: 2 } },
    { i: { value: 0.5 }, o: { value: [0.2, 0.7, 1], from: 3 }, g: { value: -0.4, units: [0], to: 5 } },
    { c: { value: 0.3, from: 3, to: 3 }, h: { value: 0.25, from: 4, to: 4, units: [2] } },
  ],
  gru: [
    { z: { value: 0.9, from: 2 } },
    { r: { value: 0.3, from: 2, units: [0, 1] }, n: { value: 0.4, from: 3, to: 3 } },
    { h: { value: 0.3, from: 3, to: 3, units: [1] } },
  ],
  gruBefore: [
    { z: { value: 0.9, from: 2 } },
    { r: { value: 0.3, from: 2, units: [0, 1] }, n: { value: 0.4, from: 3, to: 3 } },
    { h: { value: 0.3, from: 3, to: 3, units: [1] } },
  ],
};

test.each(everyCell)("gradients of a patched %s are central differences of its loss", (cell) => {
  for (const patches of mixed[cell]) {
    const options = { numLayers: 2, bidirectional: true };
    const fixed = patched(networkOf(cell, options, "every"), patches);
    const ragged = { ...everyStep, lengths: [T, 4] };
    fixed.lossAndGradients(ragged);
    const gradients = fixed.gradients.slice();
    fixed.values.forEach((value, k) => {
      const lossAt = (changed: number) => {
        fixed.values[k] = changed;
        return fixed.loss(ragged);
      };
      const difference = (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5;
      fixed.values[k] = value;
      expect(Math.abs(gradients[k] - difference), `${k} of ${JSON.stringify(patches)}`).toBeLessThan(1e-8);
    });
    expect(gradients.some((gradient) => Math.abs(gradient) > 1e-3)).toBe(true);
  }
});

const sizeAt = (rows: FlowRow[], quantity: string, t: number) =>
  rows.find((row) => row.quantity === quantity && row.t === t)!.norm;

test.each(["lstm", "gru", "gruBefore"] as const)(
  "with a path of a %s cut, what arrives is the other path's part",
  (cell) => {
    const network = networkOf(cell);
    const quantity = cell === "lstm" ? "c" : "h";
    const one = { x: x.map((step) => [step[0]]), y: [1] };
    const parts = gradientPaths(network, one);
    const part = (path: string, t: number) => parts.find((row) => row.path === path && row.t === t)!.norm;
    for (let t = 1; t < T; t++) {
      // The steps behind are as they were; at t the gradient comes from t + 1 alone.
      const place = { from: t + 1, to: t + 1 };
      const kept = gradientFlow(patched(network, { cut: { recurrent: place } }), one);
      const recurrent = gradientFlow(patched(network, { cut: { keep: place } }), one);
      const none = gradientFlow(patched(network, { cut: { keep: place, recurrent: place } }), one);
      expect(sizeAt(kept, quantity, t)).toBeCloseTo(part("keep", t), 14);
      expect(sizeAt(recurrent, quantity, t)).toBeCloseTo(part("recurrent", t), 14);
      expect(sizeAt(none, quantity, t)).toBe(0);
      expect(part("keep", t)).toBeGreaterThan(1e-4);
      expect(sizeAt(kept, quantity, t + 1)).toBeCloseTo(part("total", t + 1), 14);
    }
  },
);

test("without a way through h, ∂L/∂C_t of an LSTM is ∂L/∂C_T times the forget gates", () => {
  const network = networkOf("lstm");
  const one = { x: x.map((step) => [step[0]]), y: [1] };
  const units = unitGradients(patched(network, { cut: { recurrent: {} } }), one);
  const { f } = network.rnn.forward(one.x).layers[0].gates;
  const of = (t: number) => units.filter((row) => row.quantity === "c" && row.t === t).map((row) => row.norm);
  let expected = of(T);
  for (let t = T - 1; t >= 0; t--) {
    expected = expected.map((value, j) => value * f.data[t * H + j]);
    of(t).forEach((value, j) => expect(value).toBeCloseTo(expected[j], 15));
  }
  expect(norm(of(0))).toBeGreaterThan(0);
  // The loss is as before: nothing is cut on the way forward.
  expect(patched(network, { cut: { recurrent: {} } }).loss(one)).toBe(network.loss(one));
});

test("an RNN whose way through h is cut learns from the last step alone", () => {
  const flow = gradientFlow(patched(networkOf("rnn"), { cut: { recurrent: {} } }), batch);
  for (let t = 0; t < T; t++) expect(sizeAt(flow, "h", t)).toBe(0);
  expect(sizeAt(flow, "h", T)).toBeGreaterThan(0);
});

test("a place may be one layer or direction; what reads the gates sees what is fixed", () => {
  const network = networkOf("lstm", { numLayers: 2, bidirectional: true, dtype: "float32" });
  const fixed = patched(network, { f: { value: 1, layer: 1, direction: "reverse" } });
  expect(fixed.dtype).toBe("float64");
  const rows = gateProduct(fixed, { x }).filter((row) => row.statistic === "mean" && row.k === T);
  for (const { layer, direction, product } of rows) {
    if (layer === 1 && direction === "reverse") expect(product).toBe(1);
    else expect(product).toBeLessThan(0.5);
  }
  const open = gateHistograms(fixed, { x }).filter(
    (row) => row.layer === 1 && row.direction === "reverse" && row.gate === "f" && row.to === 1,
  );
  expect(open.map(({ share }) => share)).toEqual(new Array(T).fill(1));
  const before = network.values.slice();
  fixed.values.fill(0);
  expect(network.values).toEqual(before);
});

test("what cannot be fixed is named", () => {
  const lstm = networkOf("lstm");
  const wrong =
    (patches: unknown, network = lstm) =>
    () =>
      patched(network, patches as Patches);
  expect(wrong({}, {} as nn.SequenceNetwork)).toThrow(
    "patched: network is an object, but must be a SequenceNetwork of unrolled/nn",
  );
  expect(wrong({ z: { value: 1 } })).toThrow(
    "patched: z is given, but the layers are LSTMs, which have i, f, g, o, h, c",
  );
  expect(wrong({ f: { value: 1 } }, networkOf("gru"))).toThrow(
    "patched: f is given, but the layers are GRUs, which have r, z, n, h",
  );
  expect(wrong({ c: { value: 1 } }, networkOf("rnn"))).toThrow(
    "patched: c is given, but the layers are RNNs, which have h",
  );
  expect(wrong({ cut: { keep: {} } }, networkOf("rnn"))).toThrow(
    "patched: cut.keep is given, but an RNN has no gate that keeps: its path is recurrent",
  );
  expect(wrong({ gate: { value: 1 } })).toThrow('patched: option "gate" is unknown, but must be one of f, i');
  expect(wrong({ f: { value: "1" } })).toThrow('patched: f.value is "1", but must be a finite number');
  expect(wrong({ f: { value: NaN } })).toThrow("patched: f.value is NaN, but must be a finite number");
  expect(wrong({ f: {} })).toThrow("patched: f.value is undefined, but must be a finite number");
  expect(wrong({ f: { value: 1, from: 0 } })).toThrow("patched: f.from is 0, but must be a positive integer");
  expect(wrong({ f: { value: 1, from: 5, to: 3 } })).toThrow(
    "patched: f.to is 3, but must be at least f.from, 5",
  );
  expect(wrong({ f: { value: 1, units: [3] } })).toThrow(
    "patched: a unit of f.units is 3, but must be an integer from 0 to below hiddenSize 3",
  );
  expect(wrong({ f: { value: 1, units: 3 } })).toThrow(
    "patched: f.units is a number, but must be an array of integers",
  );
  expect(wrong({ f: { value: 1, layer: 1 } })).toThrow(
    "patched: f.layer is 1, but must be an integer from 0 to below numLayers 1",
  );
  expect(wrong({ f: { value: 1, direction: "reverse" } })).toThrow(
    'patched: f.direction is "reverse", but must be "forward"',
  );
  expect(wrong({ f: { value: 1, start: 2 } })).toThrow('patched: f: option "start" is unknown');
  expect(() => patched(lstm, { f: { value: [1, 2] } }).loss(batch)).toThrow(
    "patched: f.value has shape [2], but must be a number, [3] or, of this batch, [6, 2, 3]",
  );
  for (const [article, name, Rnn] of [
    ["a", "MinGRU", nn.MinGRU],
    ["an", "SLSTM", nn.SLSTM],
    ["an", "MLSTM", nn.MLSTM],
  ] as const) {
    const other = new nn.SequenceNetwork({
      rnn: new Rnn({ inputSize: I, hiddenSize: H }),
      head: new nn.Linear({ inputSize: H, outputSize: 2 }),
    });
    expect(wrong({ z: { value: 1 } }, other)).toThrow(
      `patched: network.rnn is ${article} ${name}, but must be an RNN, LSTM or GRU`,
    );
  }
  const peepholes = new nn.SequenceNetwork({
    rnn: new nn.LSTM({ inputSize: I, hiddenSize: H, peepholes: true }),
    head: new nn.Linear({ inputSize: H, outputSize: 2 }),
  });
  expect(wrong({ f: { value: 1 } }, peepholes)).toThrow(
    "patched: network.rnn is an LSTM with peepholes, but must be an RNN, LSTM or GRU",
  );
});

test("what would not see what is fixed refuses a patched network", () => {
  const fixed = patched(networkOf("lstm"), { f: { value: 1 } });
  const rnn = patched(networkOf("rnn"), { h: { value: 1, to: 1 } });
  for (const [name, call] of Object.entries({
    stepJacobians: () => stepJacobians(fixed, batch),
    lyapunovSpectrum: () => lyapunovSpectrum(fixed, batch),
    pascanuBound: () => pascanuBound(rnn, batch),
    gradientPaths: () => gradientPaths(fixed, batch),
    "SequenceNetwork.stream": () => fixed.stream(),
    "SequenceNetwork.step": () => fixed.step([1, 2]),
    patched: () => patched(fixed, { o: { value: 1 } }),
    saveModel: () => saveModel(fixed),
    writeOnnx: () => writeOnnx(fixed),
  }))
    expect(call, name).toThrow(`${name}: the network is patched, but must be as it was`);
});
