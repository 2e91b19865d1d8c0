import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { PathRow, Sample } from "../../../src/index.js";
import {
  add,
  crossEntropy,
  Dense,
  gradientFlow,
  gradientMap,
  gradientPaths,
  hadamard,
  LSTM,
  matVec,
  norm,
  normalInitializer,
  numericalGradient,
  RNN,
  SequenceClassifier,
  sigmoid,
  softmax,
  tanh,
} from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";
import { findPython } from "../../support/python.js";

const python = findPython(["torch"], "python3-torch");

const draw = normalInitializer({ seed: 3 });
const [T, I, H] = [6, 2, 3];
const layer = new LSTM({ inputSize: I, hiddenSize: H, seed: 1 });
const head = new Dense({ inputSize: H, outputSize: 2, seed: 2 });
const model = new SequenceClassifier({ layer, head });
const classes = [0, 1, 1, 0, 1, 0].map((k) => (k === 0 ? [1, 0] : [0, 1]));
const everyStep: Sample = { x: draw.matrix(T, I), y: classes, h0: draw.vector(H), c0: draw.vector(H) };
const lastStep: Sample = { ...everyStep, y: [1, 0] };
const rnnModel = new SequenceClassifier({ layer: new RNN({ inputSize: I, hiddenSize: H, seed: 4 }), head });

const find = (rows: PathRow[], path: PathRow["path"], t: number, place: Partial<PathRow> = {}) =>
  rows.find(
    (row) =>
      row.path === path &&
      row.t === t &&
      Object.entries(place).every(([key, value]) => row[key as keyof PathRow] === value),
  );

/** That the shares add up, and the totals are those of gradient flow. */
function expectWhole(rows: PathRow[], flow: ReturnType<typeof gradientFlow>) {
  const totals = rows.filter(({ path }) => path === "total");
  expect(totals.length).toBeGreaterThan(T);
  for (const total of totals) {
    const { t, layer, direction, quantity } = total;
    const here = { layer, direction };
    const parts = (["keep", "recurrent", "output"] as const).map((path) => find(rows, path, t, here));
    const sum = parts.reduce((shares, part) => shares + (part?.share ?? 0), 0);
    expect(sum, `t = ${t}`).toBeCloseTo(1, 12);
    expect(total.share).toBeCloseTo(1, 12);
    const expected = flow.find(
      (row) => row.t === t && row.quantity === quantity && row.layer === layer && row.direction === direction,
    )!;
    expect(Math.abs(total.norm - expected.norm)).toBeLessThan(1e-12 * expected.norm);
  }
}

test("the parts of the slides' models add up to gradient flow's totals", () => {
  expectWhole(gradientPaths(model, everyStep), gradientFlow(model, everyStep));
  expectWhole(gradientPaths(model, lastStep), gradientFlow(model, lastStep));
  const plain: Sample = { x: everyStep.x, y: classes };
  expectWhole(gradientPaths(rnnModel, plain), gradientFlow(rnnModel, plain));
  const shorter: Sample = { x: everyStep.x.slice(2), y: classes.slice(2) };
  expectWhole(gradientPaths(model, [everyStep, shorter]), gradientFlow(model, [everyStep, shorter]));
});

test("an RNN keeps nothing, and a loss at the last step reads no other", () => {
  const rows = gradientPaths(rnnModel, { x: everyStep.x, y: [1, 0] });
  expect(rows.some(({ path }) => path === "keep")).toBe(false);
  for (let t = 0; t < T; t++) expect(find(rows, "output", t)!.norm).toBe(0);
  expect(find(rows, "output", T)!.share).toBeCloseTo(1, 14);
});

/** The loss of everyStep, with three copies of C_t: one for each path. */
function lossWithCopies(t: number, moved: { keep?: number[]; recurrent?: number[]; output?: number[] }) {
  const { f, i, g, o } = layer.parameters;
  let [toGates, C, loss] = [everyStep.h0!, everyStep.c0!, 0];
  everyStep.x.forEach((x, index) => {
    const copy = (path: keyof typeof moved, state: number[], step: number) =>
      step === t && moved[path] ? add(state, moved[path]) : state;
    const z = [f, i, g, o].map(({ Wx, Wh, b }) => add(matVec(Wx, x), matVec(Wh, toGates), b));
    C = add(hadamard(sigmoid(z[0]), copy("keep", C, index)), hadamard(sigmoid(z[1]), tanh(z[2])));
    const h = (path: keyof typeof moved) => hadamard(sigmoid(z[3]), tanh(copy(path, C, index + 1)));
    toGates = h("recurrent");
    loss += crossEntropy(
      softmax(add(matVec(head.parameters.W, h("output")), head.parameters.b)),
      classes[index],
    );
  });
  return loss;
}

test("each part is the slope of the loss where only that copy of C_t moves", () => {
  const rows = gradientPaths(model, everyStep);
  for (let t = 1; t < T; t++) {
    for (const path of ["keep", "recurrent", "output"] as const) {
      const slope = numericalGradient((by: number[]) => lossWithCopies(t, { [path]: by }), [0, 0, 0]);
      expect(find(rows, path, t)!.norm, `${path}, t = ${t}`).toBeCloseTo(norm(slope), 8);
    }
  }
});

test.skipIf(!python)("PyTorch's autograd gives the same parts, and the same map", () => {
  const script = fileURLToPath(new URL("gradient_paths.py", import.meta.url));
  const input = JSON.stringify({ cell: layer.parameters, head: head.parameters, ...everyStep });
  const { stdout, stderr } = spawnSync(python!, [script], { input, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const torch = JSON.parse(stdout) as {
    parts: Record<string, number[] | null>[];
    alone: { s: number; c: number[] }[];
  };
  const rows = gradientPaths(model, everyStep);
  torch.parts.forEach((step, index) => {
    for (const path of ["keep", "recurrent", "output", "total"] as const) {
      const expected = norm(step[path] ?? [0]);
      expect(find(rows, path, index + 1)!.norm).toBeCloseTo(expected, 13);
    }
  });
  const map = gradientMap(model, everyStep);
  expect(torch.alone.map(({ s }) => s)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { s, c } of torch.alone) {
    const ours = map.filter((row) => row.s === s && row.quantity === "c");
    expect(ours.map(({ t }) => t)).toEqual(c.map((_, t) => t));
    ours.forEach(({ norm }, t) => expect(norm).toBeCloseTo(c[t], 13));
  }
});

test.skipIf(!python)("PyTorch's autograd gives the same parts of an LSTM with peepholes", () => {
  const rnn = new nn.LSTM({ inputSize: I, hiddenSize: H, peepholes: true });
  const peepholes = { i: [0.5, -0.4, 0.3], f: [-0.6, 0.2, 0.7], o: [0.8, -0.3, 0.4] };
  rnn.loadStateDict({ ...layer.stateDict(), weight_ch_l0: Object.values(peepholes).flat() });
  const linear = new nn.Linear({ inputSize: H, outputSize: 2 });
  linear.loadStateDict({ weight: head.parameters.W, bias: head.parameters.b });
  const network = new nn.SequenceNetwork({ rnn, head: linear, outputs: "every", reduction: "sum" });
  const y = classes.map(([first]) => (first === 1 ? 0 : 1));
  const { x, h0, c0 } = everyStep;
  const rows = gradientPaths(network, { x, y, h0: [h0!], c0: [c0!] });
  const script = fileURLToPath(new URL("gradient_paths.py", import.meta.url));
  const input = JSON.stringify({ cell: layer.parameters, head: head.parameters, peepholes, ...everyStep });
  const { stdout, stderr } = spawnSync(python!, [script], { input, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const torch = JSON.parse(stdout) as { parts: Record<string, number[] | null>[] };
  torch.parts.forEach((step, index) => {
    for (const path of ["keep", "recurrent", "output", "total"] as const) {
      const expected = norm(step[path] ?? [0]);
      expect(find(rows, path, index + 1)!.norm, `${path} at ${index + 1}`).toBeCloseTo(expected, 13);
    }
  });
});

const stacked = {
  inputSize: I,
  hiddenSize: H,
  numLayers: 2,
  bidirectional: true,
  batchFirst: true,
  seed: 5,
};
const kinds = {
  LSTM: () => new nn.LSTM(stacked),
  "LSTM with peepholes": () => new nn.LSTM({ ...stacked, peepholes: true }),
  RNN: () => new nn.RNN(stacked),
  GRU: () => new nn.GRU(stacked),
  "GRU that resets before": () => new nn.GRU({ ...stacked, resetAfter: false }),
};

test.each(Object.entries(kinds))(
  "the parts add up in networks of nn: %s, stacked, both ways, ragged",
  (_, make) => {
    for (const outputs of ["every", "last"] as const) {
      const rnn = make();
      const network = new nn.SequenceNetwork({
        rnn,
        head: new nn.Linear({ inputSize: 2 * H, outputSize: 2, seed: 6 }),
        outputs,
      });
      const x = [everyStep.x, draw.matrix(T, I)];
      const y = outputs === "last" ? [0, 1] : [classes.map(([k]) => k), [1, 0, 1, null, null, null]];
      const batch = { x, y, lengths: [T, 4] };
      expectWhole(gradientPaths(network, batch), gradientFlow(network, batch));
    }
  },
);

test("nn's LSTM gives what the slides' LSTM gives", () => {
  const rnn = new nn.LSTM({ inputSize: I, hiddenSize: H, batchFirst: true });
  rnn.loadStateDict({ ...layer.stateDict() });
  const linear = new nn.Linear({ inputSize: H, outputSize: 2 });
  linear.loadStateDict({ weight: head.parameters.W, bias: head.parameters.b });
  const network = new nn.SequenceNetwork({ rnn, head: linear, outputs: "every", reduction: "sum" });
  const y = classes.map(([first]) => (first === 1 ? 0 : 1));
  const batch = { x: [everyStep.x], y: [y], h0: [[everyStep.h0!]], c0: [[everyStep.c0!]] };
  const ours = gradientPaths(network, batch);
  gradientPaths(model, everyStep).forEach((row, index) => {
    expect(ours[index]).toMatchObject({ t: row.t, path: row.path, quantity: "c" });
    expect(ours[index].norm).toBeCloseTo(row.norm, 13);
    expect(ours[index].share).toBeCloseTo(row.share, 12);
  });
  const before = network.gradients.slice();
  const map = gradientMap(network, batch);
  expect(network.gradients).toEqual(before);
  const expected = gradientMap(model, everyStep);
  expect(map.length).toBe(expected.length);
  map.forEach((row, index) => {
    const { norm, ...place } = expected[index];
    expect(row).toMatchObject(place);
    expect(row.norm).toBeCloseTo(norm, 13);
  });
});

test("a row of the map is the gradient flow of that loss alone", () => {
  const map = gradientMap(rnnModel, { x: everyStep.x, y: classes });
  for (let s = 1; s <= T; s++) {
    const y = classes.map((target, index) => (index === s - 1 ? target : null));
    const flow = gradientFlow(rnnModel, { x: everyStep.x, y });
    for (const { t, norm } of map.filter((row) => row.s === s)) {
      expect(t).toBeLessThanOrEqual(s);
      expect(norm).toBe(flow.find((row) => row.quantity === "h" && row.t === t)!.norm);
    }
  }
});

test("a model or batch that makes no sense is refused", () => {
  expect(() => gradientMap(model, lastStep)).toThrow(
    "gradientMap: the loss is read at t = 6 alone, but must be at two steps or more",
  );
  const rnn = new nn.GRU({ inputSize: I, hiddenSize: H, batchFirst: true });
  const network = new nn.SequenceNetwork({ rnn, head: new nn.Linear({ inputSize: H, outputSize: 2 }) });
  expect(() => gradientMap(network, { x: [everyStep.x], y: [0] })).toThrow(
    "gradientMap: the loss is read at the last step alone, but must be at two steps or more",
  );
  expect(() => gradientPaths({} as never, lastStep)).toThrow("gradientPaths: model is");
  expect(() => gradientPaths(model, [])).toThrow("gradientPaths: the batch is empty");
});

test("the charts in both languages have shares that reach 1 and a cell for every pair of steps", async () => {
  const rnn = new nn.LSTM({ ...stacked, seed: 7 });
  const head = new nn.Linear({ inputSize: 2 * H, outputSize: 2, seed: 8 });
  const network = new nn.SequenceNetwork({ rnn, head, outputs: "every" });
  const batch = { x: [everyStep.x], y: [classes.map(([k]) => k)] };
  for (const language of ["en", "ko"] as const) {
    const paths = gradientPaths(model, everyStep).chart({ language });
    const shares = (paths.data as { values: { t: number; share: number }[] }).values;
    expect(shares.filter(({ t }) => t === 3).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const map = gradientMap(model, everyStep).chart({ language });
    expect((map.data as { values: unknown[] }).values).toHaveLength(27); // s = 1 … 6, t = 0 … s
    expect(map.description).toContain("s = 6");
    const ofNetwork = [gradientPaths(network, batch), gradientMap(network, batch)];
    for (const chart of [paths, map, ...ofNetwork.map((rows) => rows.chart({ language }))]) {
      const { svg, complaints } = await drawChart(chart);
      expect(complaints).toEqual([]);
      for (const words of [svg, chart.description]) {
        expect(/\p{Script=Hangul}/u.test(words)).toBe(language === "ko");
      }
      if (language === "ko") expect(chart.description).not.toMatch(/[a-z]{4}/i);
    }
  }
  expect(() => gradientMap(rnnModel, { x: everyStep.x, y: classes }).chart({ quantity: "c" })).toThrow(
    "gradientMapChart: rows has nothing of c to draw",
  );
  const map = gradientMap(model, everyStep);
  expect(JSON.stringify(map.chart({ domain: [1e-10, 1] }))).toContain('"domain":[1e-10,1]');
  expect(() => map.chart({ domain: [0, 1] })).toThrow(
    "gradientMapChart: domain is [0, 1], but must be two positive norms, the smaller one first",
  );
});

test("a gradient that is 0 everywhere is still drawn, in grey", async () => {
  const dead = new RNN({ inputSize: I, hiddenSize: H, nonlinearity: "relu" });
  const none = new Dense({ inputSize: H, outputSize: 2 });
  none.setParameters({
    W: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    b: [0, 0],
  });
  const still = new SequenceClassifier({ layer: dead, head: none });
  const rows = gradientPaths(still, { x: everyStep.x, y: classes });
  expect(rows.every(({ norm, share }) => norm === 0 && share === 0)).toBe(true);
  const { svg, complaints } = await drawChart(gradientMap(still, { x: everyStep.x, y: classes }).chart());
  expect(complaints).toEqual([]);
  expect(svg.toLowerCase()).toContain("#bbbbbb");
});
