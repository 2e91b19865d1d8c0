import fc from "fast-check";
import { compile } from "vega-lite";
import { expect, test } from "vitest";
import type {
  Checkpoint,
  FitOptions,
  Parameter,
  Random,
  Sample,
  TrainableNetwork,
} from "../../../src/index.js";
import {
  adamRule,
  clipGradNorm,
  Dense,
  fit,
  fromCsv,
  LSTM,
  Optimizer,
  reduceOnPlateau,
  rmsPropRule,
  SequenceRegressor,
  SGD,
  sgdRule,
  stepDecay,
  toCsv,
  trainingChart,
  warmUp,
} from "../../../src/index.js";
import { GRU, Linear, SequenceNetwork } from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";
import { batchesOfEpoch } from "../../../src/training/batches.js";

const lstm = (seed = 1) =>
  new SequenceRegressor({
    layer: new LSTM({ inputSize: 1, hiddenSize: 4, seed }),
    head: new Dense({ inputSize: 4, outputSize: 1, seed }),
  });
const waves: Sample[] = Array.from({ length: 11 }, (_, k) => {
  const wave = Array.from({ length: 6 + (k % 3) }, (_, t) => [Math.sin(0.5 * t + k)]);
  return { x: wave.slice(0, -1), y: wave[wave.length - 1] };
});

/** A straight line through points, with dropout: it draws random numbers of its own, and knows how often. */
function noisyLine(array: typeof Float64Array | typeof Float32Array) {
  const parameter = (name: string, value: number): Parameter => ({
    name,
    shape: [1],
    data: array.of(value),
    grad: new array(1),
  });
  const [slope, intercept] = [parameter("slope", 0.1), parameter("intercept", 0)];
  type Batch = { x: number; y: number }[];
  const state = { draws: 0 };
  const run = (batch: Batch, noise: number) => {
    [slope.grad[0], intercept.grad[0]] = [0, 0];
    let loss = 0;
    for (const { x, y } of batch) {
      const error = slope.data[0] * x + intercept.data[0] + noise - y;
      loss += error ** 2 / batch.length;
      slope.grad[0] += (2 * error * x) / batch.length;
      intercept.grad[0] += (2 * error) / batch.length;
    }
    return loss;
  };
  const network: TrainableNetwork<Batch> = {
    parameters: [slope, intercept],
    state,
    lossAndGradients: (batch) => run(batch, 0.05 * Math.sin(++state.draws)),
    loss: (batch) => run(batch, 0),
  };
  return network;
}
const points = Array.from({ length: 13 }, (_, k) => ({ x: Math.cos(k), y: 2 * Math.cos(k) - 0.5 }));
const values = (network: TrainableNetwork<never>) => network.parameters.map(({ data }) => data[0]);

test("fit does what one would do by hand: batches, gradients, clipping, update", async () => {
  const [trained, byHand] = [lstm(), lstm()];
  const rows = await fit(trained, waves, {
    optimizer: sgdRule({ lr: 0.2 }),
    epochs: 2,
    batchSize: 4,
    seed: 7,
    clip: { maxNorm: 0.3 },
  }).finish();
  const optimizer = new SGD(byHand, { lr: 0.2 });
  const batches = [0, 1].flatMap((epoch) => batchesOfEpoch(waves.length, 4, 7, epoch));
  expect(rows).toHaveLength(6);
  batches.forEach((indices, n) => {
    const batch = indices.map((index) => waves[index]);
    const { loss, gradients } = byHand.lossAndGradients(batch);
    const { gradients: clipped, norm } = clipGradNorm(gradients, { maxNorm: 0.3 });
    optimizer.step(clipped);
    expect(rows[n]).toMatchObject({ update: n + 1, epoch: n < 3 ? 1 : 2, lr: 0.2 });
    expect(rows[n].loss).toBeCloseTo(loss, 13);
    expect(rows[n].gradientNorm).toBeCloseTo(norm, 13);
  });
  expect(trained.loss(waves)).toBeCloseTo(byHand.loss(waves), 13);
  expect(rows.some((row) => row.gradientNorm > 0.3)).toBe(true);
});

test("each row says how large the update of each tensor was next to the tensor", async () => {
  const trained = lstm();
  const norm = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  const tensors = () => [
    ...Object.entries(trained.layer.parameters).flatMap(([gate, of]) =>
      Object.entries(of as object).map(([name, tensor]): [string, number[]] => [
        `layer.${gate}.${name}`,
        [tensor as number[][]].flat(2),
      ]),
    ),
    ["head.W", trained.head.parameters.W.flat()] as [string, number[]],
    ["head.b", [...trained.head.parameters.b]] as [string, number[]],
  ];
  trained.setParameters({ ...trained.parameters, head: { ...trained.head.parameters, b: [0] } });
  let before = tensors();
  for await (const { update, updateRatios } of fit(trained, waves, { optimizer: adamRule(), updates: 4 })) {
    const after = tensors();
    const expected = before.flatMap(([name, w], k) =>
      norm(w) === 0 ? [] : [[name, norm(after[k][1].map((value, j) => value - w[j])) / norm(w)]],
    );
    // A bias of zeros has no ratio in the first row, and one from then on.
    expect(expected).toHaveLength(update === 1 ? 13 : 14);
    expect(Object.keys(updateRatios)).toEqual(expected.map(([name]) => name));
    for (const [name, ratio] of expected) expect(updateRatios[name]).toBeCloseTo(ratio as number, 12);
    before = after;
  }
});

test("of SGD the ratio is η ‖g‖ / ‖w‖, in float32 too, and a table has a column for each tensor", async () => {
  const make = () =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 3, dtype: "float32", seed: 2 }),
      head: new Linear({ inputSize: 3, outputSize: 2, dtype: "float32", seed: 2 }),
    });
  const [network, twin] = [make(), make()];
  const batch = { x: [[0.5], [-1], [2]], y: 1 };
  const options = { optimizer: sgdRule({ lr: 0.1 }), updates: 1 };
  const [row] = await fit(network, { batches: [batch] }, options).finish();
  twin.lossAndGradients(batch);
  const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  for (const { name, data, grad } of twin.parameters) {
    const ratio = (0.1 * norm(grad)) / norm(data);
    expect(Math.abs(row.updateRatios[name] - ratio)).toBeLessThan(1e-5 * ratio);
  }
  const [read] = fromCsv(toCsv([row]));
  expect(read["updateRatios.rnn.weight_hh_l0"]).toBe(row.updateRatios["rnn.weight_hh_l0"]);
  expect(read.gradientNorm).toBe(row.gradientNorm);
});

test.each(["en", "ko"] as const)(
  "the chart (%s) of the ratios has a curve for each tensor",
  async (language) => {
    const training = fit(lstm(), waves, { optimizer: adamRule({ lr: 2e-4 }), epochs: 3, batchSize: 4 });
    await training.finish();
    const chart = training.chart({ language, quantity: "updateRatios" });
    const { svg, complaints } = await drawChart(chart);
    expect(complaints).toEqual([]);
    expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(14);
    expect(svg).toContain(">layer.f.Wh</text>");
    expect(svg).toContain(language === "en" ? "a rule of thumb" : "어림값");
    expect(() => training.chart({ quantity: "weights" as "losses" })).toThrow(
      'trainingChart: quantity is "weights", but must be "losses", "updateRatios" or "metrics"',
    );
    expect(() => trainingChart([{ update: 1, loss: 1 }], { quantity: "updateRatios" })).toThrow(
      "trainingChart: rows has no updateRatios, but needs some to draw",
    );
  },
);

test("batches that are ready are used in their order, and resumed within an epoch", async () => {
  const batches = [points.slice(0, 2), points.slice(2, 9), points.slice(9)];
  const seen: number[] = [];
  const network = noisyLine(Float64Array);
  const whole = network.lossAndGradients.bind(network);
  const spied = Object.assign(network, {
    lossAndGradients(batch: typeof points) {
      seen.push(batches.indexOf(batch));
      return whole(batch);
    },
  });
  const options = { optimizer: adamRule({ lr: 0.1 }) };
  const rows = await fit(spied, { batches }, { ...options, epochs: 3 }).finish();
  expect(seen).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect(rows.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  const [first, second] = [noisyLine(Float64Array), noisyLine(Float64Array)];
  const half = fit(first, { batches }, { ...options, updates: 4 });
  await half.finish();
  await fit(second, { batches }, { ...options, updates: 9, from: half.checkpoint() }).finish();
  expect(values(second)).toEqual(values(network));
});

test("fit lowers the loss of an LSTM and gives a row for every update", async () => {
  const model = lstm();
  const before = model.loss(waves);
  await fit(model, waves, { optimizer: adamRule({ lr: 0.03 }), epochs: 60, batchSize: 4 }).finish();
  expect(model.loss(waves)).toBeLessThan(before / 50);
});

// 2N updates in one go against N, a checkpoint through JSON, a new network and N more.
type LineOptions = Partial<FitOptions<{ x: number; y: number }, { x: number; y: number }[]>>;
const everything: [string, () => LineOptions][] = [
  ["Adam, a warm-up", () => ({ optimizer: adamRule({ lr: 0.05 }), schedule: warmUp({ updates: 9 }) })],
  [
    "RMSProp, a plateau schedule, early stopping's memory",
    () => ({
      optimizer: rmsPropRule({ lr: 0.05, momentum: 0.5, centered: true }),
      schedule: reduceOnPlateau({ patience: 0, factor: 0.5, threshold: 0.5 }),
      validation: points.slice(0, 3),
      patience: 1000,
    }),
  ],
  [
    "SGD, momentum, clipping, batches by length",
    () => ({
      optimizer: sgdRule({ lr: 0.05, momentum: 0.9 }),
      schedule: stepDecay({ every: 5, factor: 0.9 }),
      clip: { maxValue: 0.5 },
      lengthOf: ({ x }) => Math.round(4 * x),
    }),
  ],
];
for (const array of [Float64Array, Float32Array]) {
  test.each(everything)(
    `${array.name}, %s: resumed training is the same, bit for bit`,
    async (_, options) => {
      const common = () => ({ optimizer: adamRule(), batchSize: 3, seed: 4, ...options() });
      const whole = noisyLine(array);
      const wholeRun = fit(whole, points, { ...common(), updates: 34 });
      await wholeRun.finish();

      const first = fit(noisyLine(array), points, { ...common(), updates: 17 }); // in the middle of an epoch
      await first.finish();
      const saved = JSON.parse(JSON.stringify(first.checkpoint())) as Checkpoint;
      const second = noisyLine(array);
      const resumed = fit(second, points, { ...common(), updates: 34, from: saved });
      await resumed.finish();

      expect(values(second)).toEqual(values(whole));
      expect(resumed.checkpoint()).toEqual(wholeRun.checkpoint());
      const facts = (rows: typeof wholeRun.rows) => rows.map((row) => ({ ...row, elapsed: 0 }));
      expect(facts([...first.rows, ...resumed.rows])).toEqual(facts(wholeRun.rows));
      expect(resumed.rows[0].update).toBe(18);
    },
  );
}

test("an LSTM on drawn data resumes bit for bit, and draws the same whatever came before", async () => {
  const draw = (random: Random, size: number): Sample[] =>
    Array.from({ length: size }, () => {
      const x = Array.from({ length: 4 }, () => [random.uniform()]);
      return { x, y: [x[0][0] - x[2][0]] };
    });
  const options = { optimizer: adamRule({ lr: 0.01 }), batchSize: 3, seed: 2, updatesPerEpoch: 5 };
  const [whole, half] = [lstm(), lstm()];
  await fit(whole, draw, { ...options, updates: 20 }).finish();
  const first = fit(half, draw, { ...options, updates: 10 });
  await first.finish();
  const other = lstm(99);
  const resumed = fit(other, draw, { ...options, updates: 20, from: first.checkpoint() });
  expect(other.parameters).toEqual(half.parameters); // at once, not only after the first update
  await resumed.finish();
  expect(other.parameters).toEqual(whole.parameters);
  expect(resumed.rows.at(-1)!.epoch).toBe(4);
});

test("a run left by break continues where it was, and its model has the weights of the last row", async () => {
  const [left, straight] = [lstm(), lstm()];
  const options = { optimizer: adamRule({ lr: 0.01 }), updates: 9, batchSize: 4 };
  const run = fit(left, waves, options);
  for await (const { update } of run) if (update === 4) break;
  expect(run.rows).toHaveLength(4);
  expect(run.ended).toBeUndefined();
  await fit(straight, waves, { ...options, updates: 4 }).finish();
  expect(left.parameters).toEqual(straight.parameters);
  for await (const { update } of run) expect(update).toBeGreaterThan(4);
  expect(run.rows.map((row) => row.update)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(run.ended).toBe("updates");
  expect(run.total).toBe(9);
});

test("a signal ends a run between two updates, and other work gets its turn", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 60);
  const run = fit(lstm(), waves, {
    optimizer: sgdRule({ lr: 0.01 }),
    updates: 1_000_000,
    signal: controller.signal,
  });
  await run.finish();
  expect(run.ended).toBe("signal");
  expect(run.rows.length).toBeGreaterThan(0);
  expect(run.checkpoint().updates).toBe(run.rows.length);
});

test("fit stops early when the validation loss does not become lower", async () => {
  const validation = waves.map(({ x }): Sample => ({ x, y: [-5] })); // training on waves makes this worse
  const model = lstm();
  const run = fit(model, waves, {
    optimizer: adamRule({ lr: 0.05 }),
    epochs: 500,
    batchSize: 4,
    validation,
    patience: 3,
  });
  await run.finish();
  expect(run.ended).toBe("patience");
  const losses = run.rows.flatMap((row) => row.validationLoss ?? []);
  const best = losses.indexOf(Math.min(...losses));
  expect(losses.length - 1 - best).toBe(4);
  expect(losses.at(-1)).toBeCloseTo(model.loss(validation), 14);
  expect(run.rows.filter((row) => row.validationLoss !== undefined).map((row) => row.update % 3)).toEqual(
    losses.map(() => 0),
  );
});

test("the first number that is not finite stops fit with its name, and does not reach the weights", async () => {
  const broken = (part: "grad" | "loss", at: number) => {
    const network = noisyLine(Float64Array);
    let calls = 0;
    const whole = network.lossAndGradients.bind(network);
    return Object.assign(network, {
      lossAndGradients(batch: typeof points) {
        const loss = whole(batch);
        if (++calls < at) return loss;
        if (part === "loss") return Infinity;
        network.parameters[1].grad[0] = NaN;
        return NaN;
      },
    });
  };
  const options = { optimizer: sgdRule({ lr: 0.1 }), updates: 10 };
  const network = broken("grad", 3);
  const run = fit(network, points, options);
  await expect(run.finish()).rejects.toThrow(
    "fit: the gradient of intercept contains NaN at update 3, but must be finite",
  );
  expect(values(network).every(Number.isFinite)).toBe(true);
  expect(run.checkpoint().updates).toBe(2);
  await expect(fit(broken("loss", 1), points, options).finish()).rejects.toThrow(
    "fit: the loss is Infinity at update 1, but must be finite",
  );
  const exploding = fit(noisyLine(Float32Array), points, { ...options, optimizer: sgdRule({ lr: 1e40 }) });
  await expect(exploding.finish()).rejects.toThrow(/fit: slope contains -?Infinity at update 1/);
});

test("every epoch has every sample once in another order, and lengthOf puts like with like", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      (n, size, seed) => {
        for (const lengthOf of [undefined, (index: number) => index % 7]) {
          const batches = batchesOfEpoch(n, size, seed, 3, { lengthOf });
          expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k));
          expect(batches).toHaveLength(Math.ceil(n / size));
          expect(batches).toEqual(batchesOfEpoch(n, size, seed, 3, { lengthOf }));
        }
      },
    ),
  );
  const orders = [0, 1, 2].map((epoch) => batchesOfEpoch(50, 8, 1, epoch).flat().join());
  expect(new Set([...orders, batchesOfEpoch(50, 8, 2, 0).flat().join()]).size).toBe(4);
  const spread = (batches: number[][]) =>
    batches.reduce(
      (sum, batch) => sum + Math.max(...batch.map((k) => k % 7)) - Math.min(...batch.map((k) => k % 7)),
      0,
    );
  expect(spread(batchesOfEpoch(70, 10, 1, 0, { lengthOf: (k) => k % 7 }))).toBeLessThanOrEqual(7);
  expect(spread(batchesOfEpoch(70, 10, 1, 0))).toBeGreaterThan(20);
});

test.each(["en", "ko"] as const)("the chart (%s) shows both losses, thinned for long runs", (language) => {
  const rows = Array.from({ length: 1000 }, (_, n) => ({
    update: n + 1,
    loss: 1 / (n + 1),
    ...(n % 100 === 99 && { validationLoss: 2 / (n + 1) }),
  }));
  const chart = trainingChart(rows, { language });
  expect(() => compile(chart as never)).not.toThrow();
  const drawn = (chart.data as { values: { update: number; value: number }[] }).values;
  expect(drawn).toHaveLength(250 + 10);
  expect(drawn[0]).toMatchObject({ update: 4, value: (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4 });
  expect(drawn[249].update).toBe(1000);
  expect((drawn as { marked?: boolean }[]).slice(250).every(({ marked }) => marked)).toBe(true); // few points: all
  expect(chart.description).toContain("1000");
  expect(chart.description).toContain(language === "en" ? "training" : "학습");
  expect(() => trainingChart([])).toThrow("trainingChart: rows is empty");
});

test("fit names the argument that does not fit", async () => {
  const options = { optimizer: sgdRule({ lr: 0.1 }), updates: 1 };
  const wrong =
    (changes: object, data: unknown = waves) =>
    () =>
      fit(lstm(), data as Sample[], { ...options, ...changes });
  expect(wrong({ learningRate: 1 })).toThrow('fit: option "learningRate" is unknown');
  expect(wrong({ optimizer: "adam" })).toThrow('fit: optimizer is "adam", but must be a rule such as');
  expect(wrong({ epochs: 1 })).toThrow(
    "fit: updates and epochs are both given, but exactly one must be given",
  );
  expect(wrong({ updates: 0 })).toThrow("fit: updates is 0, but must be a positive integer");
  expect(wrong({ patience: 2 })).toThrow("fit: validation is undefined, but must be given for patience");
  expect(wrong({ clip: { maxNorm: -1 } })).toThrow("fit: maxNorm is -1");
  expect(wrong({}, [])).toThrow("fit: data is empty");
  expect(wrong({}, 3)).toThrow("fit: data is a number, but must be an array of samples");
  expect(wrong({}, { batches: [] })).toThrow(
    "fit: data.batches is empty, but must be an array of at least one batch",
  );
  expect(wrong({ batchSize: 2 }, { batches: [waves] })).toThrow("fit: batchSize is given, but must not be");
  expect(wrong({ updatesPerEpoch: 3 })).toThrow("fit: updatesPerEpoch is given, but must not be");
  expect(wrong({ from: {} })).toThrow("but must be what checkpoint() returned");
  const run = fit(lstm(), waves, options);
  await run.finish();
  const saved = run.checkpoint();
  expect(wrong({ from: saved, seed: 5 })).toThrow("fit: the checkpoint has seed 0, but here it is 5");
  expect(wrong({ from: { ...saved, dtype: "float32" } })).toThrow(
    "fit: the checkpoint is in float32, but the network in float64",
  );
  expect(wrong({ from: saved, optimizer: adamRule() })).toThrow(
    "Optimizer.load: the state is of SGD, but the optimizer is Adam",
  );
  expect(() => fit(noisyLine(Float64Array), points.slice(0, 11), { ...options, from: saved })).toThrow(
    'fit: parameter "layer.',
  );
});

test("what is not a network, schedule, signal, function or rule is named", () => {
  const optimizer = adamRule();
  const options = { optimizer, updates: 1 };
  const throws = (given: object, message: string) => {
    expect(() => fit(lstm(), waves, { ...options, ...given })).toThrow(message);
  };
  throws({ schedule: () => 1 }, "fit: schedule is a function, but must be a schedule such as cosineDecay");
  throws({ collate: "stack" }, "fit: collate is a string, but must be a function");
  throws({ signal: new AbortController() }, "fit: signal is an object, but must be an AbortSignal");
  expect(() => fit(undefined as never, waves, options)).toThrow(
    "fit: network is undefined, but must have lossAndGradients",
  );
  expect(() => warmUp({ updates: 2, then: "cosine" as never })).toThrow("warmUp: then is a string");
  expect(() => new Optimizer([] as never, optimizer as never)).toThrow("Optimizer: rule is an array");
  expect(() => new Optimizer(optimizer, {} as never)).toThrow("Optimizer: parameters is an object");
});

test("a schedule that the earlier run did not have begins where the run is resumed", async () => {
  const before = fit(lstm(), waves, { optimizer: adamRule(), epochs: 1 });
  await before.finish();
  const from = JSON.parse(JSON.stringify(before.checkpoint())) as Checkpoint;
  const schedule = reduceOnPlateau({ patience: 0, factor: 0.5, threshold: 1 });
  const rows = await fit(lstm(), waves, { optimizer: adamRule(), epochs: 5, schedule, from }).finish();
  // The first epoch that is observed is the best so far, and no later one is better than nothing.
  expect(rows.map(({ lr }) => lr / 1e-3)).toEqual([1, 1, 0.5, 0.25]);
});

test("a checkpoint that lost its numbers is refused", () => {
  const checkpoint = () =>
    JSON.parse(
      JSON.stringify(fit(lstm(), waves, { optimizer: adamRule(), epochs: 2 }).checkpoint()),
    ) as Checkpoint;
  const resume = (from: Checkpoint) => fit(lstm(), waves, { optimizer: adamRule(), epochs: 2, from });
  expect(() => resume(checkpoint())).not.toThrow();
  const lost = checkpoint();
  const [name] = Object.keys(lost.parameters);
  lost.parameters[name][1] = null as never;
  expect(() => resume(lost)).toThrow(
    `fit: ${name} contains null in the checkpoint, but must contain finite numbers`,
  );
  const slots = checkpoint();
  slots.optimizer.slots[name][0][0] = "abc" as never;
  expect(() => resume(slots)).toThrow(
    `Optimizer.load: the state of ${name} contains "abc" in the checkpoint`,
  );
  for (const key of ["data", "optimizer", "epochLosses", "parameters"] as const) {
    const rest: Partial<Checkpoint> = checkpoint();
    delete rest[key];
    expect(() => resume(rest as Checkpoint)).toThrow(`fit: from.${key} is undefined`);
  }
});
