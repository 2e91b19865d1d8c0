import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sample, SequenceSample } from "../../../src/index.js";
import {
  adamRule,
  addingProblem,
  characters,
  Dense,
  fit,
  forecast,
  fromCsv,
  LSTM,
  oneHot,
  randomStream,
  seattleWeather,
  SequenceRegressor,
  stack,
  toCsv,
} from "../../../src/index.js";
import { GRU, Linear, SequenceNetwork } from "../../../src/nn/index.js";
import { heldMemory } from "../../support/memory.js";

// The first quatrain of Shakespeare's sonnet 18, and a line of Yun Dong-ju's (1941).
const sonnet = `Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;`;
const line = "죽는 날까지 하늘을 우러러 한 점 부끄럼이 없기를";

test("characters draws text as x and the character after each as y", () => {
  for (const text of [sonnet, line, line.normalize("NFD")]) {
    const data = characters(text, { steps: 12 });
    const composed = text.normalize("NFC");
    expect(data.decode(data.indices)).toBe(composed);
    expect(data.decode(data.encode(composed.slice(0, 9).normalize("NFD")))).toBe(composed.slice(0, 9));
    const { x, y } = data.draw(randomStream(1), 5);
    expect([x.shape, y.shape]).toEqual([
      [12, 5],
      [12, 5],
    ]);
    for (let b = 0; b < 5; b++) {
      const read = ({ data: indices }: { data: ArrayLike<number> }) =>
        data.decode(Array.from({ length: 12 }, (_, t) => indices[t * 5 + b]));
      expect(composed).toContain(read(x) + read(y).slice(-1));
      expect(read(x).slice(1)).toBe(read(y).slice(0, -1));
    }
  }
  expect(characters("ab".repeat(9), { steps: 3 }).alphabet).toEqual(["a", "b"]);
  expect(characters("🌊abc", { steps: 3 }).size).toBe(4);
});

test("streams of characters go through the whole text, and one-hot x says the same", () => {
  const data = characters(sonnet, { steps: 12 });
  const { x, y } = data.streams(3);
  const length = Math.floor((sonnet.length - 1) / 3);
  const column = (indices: ArrayLike<number>, b: number) =>
    data.decode(Array.from({ length }, (_, t) => indices[t * 3 + b]));
  expect([0, 1, 2].map((b) => column(x.data, b)).join("")).toBe(sonnet.slice(0, 3 * length));
  expect(column(y.data, 1)).toBe(sonnet.slice(length + 1, 2 * length + 1));
  const hot = characters(sonnet, { steps: 12, oneHot: true }).draw(randomStream(2), 4);
  const plain = data.draw(randomStream(2), 4);
  expect(hot.x).toEqual(oneHot(plain.x, data.size));
  expect(hot.x.shape).toEqual([12, 4, data.size]);
});

test("characters names the argument that does not fit", () => {
  expect(() => characters("abc", { steps: 3 })).toThrow(
    "characters: text has 3 characters, but with 3 steps must have 4 or more",
  );
  expect(() => characters("abcd", { steps: 3 }).encode("abx")).toThrow(
    'characters.encode: text contains "x", but must contain only characters of the alphabet',
  );
  expect(() => oneHot({ shape: [1], data: Float64Array.of(3) }, 3)).toThrow("oneHot: an element is 3");
});

test("fromCsv reads numbers, words, quotes and empty cells", () => {
  const rows = fromCsv(
    '\uFEFFday,temp,"note, if any"\r\n2012-01-01,12.8,"rain, ""drizzle"""\n2012-01-02,,fog\n',
  );
  expect(rows).toEqual([
    { day: "2012-01-01", temp: 12.8, "note, if any": 'rain, "drizzle"' },
    { day: "2012-01-02", temp: null, "note, if any": "fog" },
  ]);
  expect(fromCsv(toCsv(rows))).toEqual(rows);
  expect(() => fromCsv("a,b\n1,2,3")).toThrow("fromCsv: row 1 has 3 cells, but there are 2 columns");
  expect(() => fromCsv("a,a\n1,2")).toThrow("but must name every column once");
  expect(() => fromCsv("")).toThrow("but must name every column once");
});

test("fromCsv reads what other programs and countries write", () => {
  expect(fromCsv("day;price\n1;1,5\n2;-0,25\n", { decimal: "," })).toEqual([
    { day: 1, price: 1.5 },
    { day: 2, price: -0.25 },
  ]);
  expect(fromCsv('"a;b"\tc\n1\t2')).toEqual([{ "a;b": 1, c: 2 }]);
  expect(fromCsv("a,b;c\n1,2")).toEqual([{ a: 1, "b;c": 2 }]);
  expect(fromCsv("a|b\n1|x,y", { separator: "|" })).toEqual([{ a: 1, b: "x,y" }]);
  const sums = '"sum"\n"1,234,567.5"\n999\n-12,000';
  expect(fromCsv(sums, { separator: ";", thousands: "," }).map(({ sum }) => sum)).toEqual([
    1234567.5, 999, -12000,
  ]);
  expect(fromCsv("sum\n1.234,5", { separator: ";", decimal: ",", thousands: "." })).toEqual([
    { sum: 1234.5 },
  ]);
  // Not groups of three: words.
  for (const cell of ["1,2", "1,2345", "12345,678", ",123"]) {
    expect(fromCsv(`sum\n${cell}`, { separator: ";", thousands: "," })).toEqual([{ sum: cell }]);
  }
  expect(fromCsv("a;b\n1.5;1,5", { decimal: "," })).toEqual([{ a: "1.5", b: 1.5 }]);
  // Words that stand for a missing number leave a column of words alone.
  expect(fromCsv("temp,land\nNA,NA\n1,DE\n NaN ,null")).toEqual([
    { temp: null, land: "NA" },
    { temp: 1, land: "DE" },
    { temp: null, land: "null" },
  ]);
  expect(fromCsv("temp\n-999\n1\nNA", { missing: ["-999"] }).map(({ temp }) => temp)).toEqual([
    "-999",
    "1",
    "NA",
  ]);
  expect(fromCsv("temp\n-999\n1", { missing: ["-999"] })).toEqual([{ temp: null }, { temp: 1 }]);
});

test.each([
  [{ decimal: "·" }, RangeError, 'decimal is "·", but must be "." or ","'],
  [{ separator: "" }, RangeError, 'separator is "", but must be one character'],
  [{ separator: 1 }, TypeError, "separator is 1, but must be one character"],
  [{ thousands: ".." }, RangeError, 'thousands is "..", but must be one character'],
  [
    { thousands: ",", decimal: "," },
    RangeError,
    'thousands is ",", but must be another character than decimal',
  ],
  [{ missing: "NA" }, TypeError, 'missing is "NA", but must be an array of strings'],
  [{ sep: ";" }, TypeError, 'option "sep" is unknown'],
])("fromCsv refuses %o", (options, Kind, message) => {
  expect(() => fromCsv("a\n1", options as never)).toThrow(Kind);
  expect(() => fromCsv("a\n1", options as never)).toThrow(`fromCsv: ${message}`);
});

test.each([
  ["1,5", { decimal: "," }, '{ decimal: "," }'],
  ["1,234", { thousands: "," }, '{ thousands: "," }'],
  ["1.234,5", { decimal: ",", thousands: "." }, '{ decimal: ",", thousands: "." }'],
  ["--", { missing: ["--"] }, '{ missing: ["--"] }'],
] as const)("a table with %s says how to read it", (cell, options, written) => {
  const text = `day;price\n${Array.from({ length: 20 }, (_, k) => `${k};${k === 7 ? cell : k}`).join("\n")}`;
  const read = () => forecast(text, { inputs: ["price"], steps: 3 });
  expect(read).toThrow(
    `forecast: price is "${cell}" in row 8, but must be a number; fromCsv(text, ${written}) reads it`,
  );
  const rows = fromCsv(text, options);
  expect(
    forecast(rows, { inputs: ["price"], steps: 3, missing: "previous" }).training.length,
  ).toBeGreaterThan(5);
});

test("forecast carries the last number on where one is missing, and forecasts none that is", () => {
  const values = [null, 2, 4, null, null, 8, 10, 12, null, 14, 16, 18, 20, null, 22, 24];
  const rows = values.map((a, k) => ({ a, b: k }));
  expect(() => forecast(rows, { inputs: ["a"], steps: 2 })).toThrow(
    'forecast: a is null in row 1, but must be a number; missing: "previous" carries the last one on',
  );
  const data = forecast(rows, {
    inputs: ["a", "b"],
    targets: ["a"],
    steps: 2,
    missing: "previous",
    validation: 0.25,
  });
  const restored = (y: unknown) => data.restore(y as number[])[0];
  // The first window begins with row 1; rows 3, 4, 8 and 13 have no target.
  expect(data.training.map(({ y }) => Math.round(restored(y)))).toEqual([8, 10, 12, 14, 16, 18]);
  expect(data.validationRows).toEqual([12, 14, 15]);
  const seen = (sample: { x: number[][] }) => sample.x.map(([a]) => Math.round(restored([a])));
  expect(seen(data.training[0])).toEqual([4, 4]);
  expect(seen(data.training[3])).toEqual([12, 12]);
  // Mean and deviation are of the training rows' own numbers.
  const own = [2, 4, 8, 10, 12, 14, 16, 18];
  expect(restored([0])).toBeCloseTo(own.reduce((sum, value) => sum + value) / own.length, 12);
  expect(() =>
    forecast({ a: [null, null, null, null, 1] }, { inputs: ["a"], steps: 1, missing: "previous" }),
  ).toThrow("forecast: a has no number in the 4 training rows, but must have one");
  expect(() => forecast(rows, { inputs: ["a"], steps: 2, missing: "mean" as never })).toThrow(
    'forecast: missing is "mean", but must be "previous"',
  );
});

test("CSV keeps every bit of a number", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
      const back = fromCsv(toCsv(values.map((loss, n) => ({ update: n + 1, loss }))));
      expect(back.map(({ loss }) => loss)).toEqual(values.map((value) => value + 0)); // -0 is written as 0
    }),
  );
});

const table = Array.from({ length: 20 }, (_, k) => ({ day: `d${k}`, a: 3 * k + 1, b: Math.sin(k) }));

test("forecast cuts windows by the horizon and does not look into the rows kept for validation", () => {
  const options = { inputs: ["a", "b"], targets: ["b"], steps: 4, horizon: 2, validation: 0.25 };
  const data = forecast(table, options);
  expect(data.training).toHaveLength(15 - 4 - 2 + 1);
  expect(data.validationRows).toEqual([15, 16, 17, 18, 19]);
  const mean = table.slice(0, 15).reduce((sum, { a }) => sum + a, 0) / 15;
  const deviation = Math.sqrt(table.slice(0, 15).reduce((sum, { a }) => sum + (a - mean) ** 2, 0) / 15);
  // The sample of row 15 has seen rows 10 to 13.
  data.validation[0].x.forEach(([a], t) => expect(a).toBeCloseTo((table[10 + t].a - mean) / deviation, 13));
  expect(data.restore(data.validation[0].y as number[])[0]).toBeCloseTo(Math.sin(15), 13);
  expect(data.restore(data.training[0].y as number[])[0]).toBeCloseTo(Math.sin(5), 13);
  const changed = table.map((row, k) => (k < 15 ? row : { ...row, b: 1e6 }));
  expect(forecast(changed, options).training).toEqual(data.training);
  const b = data.restore([1])[0] - data.restore([0])[0];
  const squared = [15, 16, 17, 18, 19].map((k) => ((Math.sin(k) - Math.sin(k - 2)) / b) ** 2);
  expect(data.persistence).toBeCloseTo(squared.reduce((sum, v) => sum + v) / 5, 13);
});

test("forecast gives the same data for CSV text, rows and columns", () => {
  const options = { inputs: ["a"], steps: 3 };
  const columns = { a: Float64Array.from(table, ({ a }) => a) };
  expect(forecast(toCsv(table), options).training).toEqual(forecast(table, options).training);
  expect(forecast(columns, options).training).toEqual(forecast(table, options).training);
  expect(forecast({ a: Array(9).fill(2) }, options).training[0].y).toEqual([0]); // no change, no NaN
  expect(forecast(table, { ...options, validation: 0 }).persistence).toBeUndefined();
});

test("forecast names the option, column or row that does not fit", () => {
  const of =
    (data: never, options = {}) =>
    () =>
      forecast(data, { inputs: ["a"], steps: 3, ...options });
  expect(of(table as never, { inputs: ["c"] })).toThrow(
    'forecast: column "c" is unknown, but must be one of day, a, b',
  );
  expect(of(table as never, { inputs: ["day"] })).toThrow(
    'forecast: day is "d0" in row 1, but must be a number',
  );
  expect(of("a,b\n1,2\n,4\n" as never)).toThrow("forecast: a is null in row 2, but must be a number");
  expect(of({ a: [1, 2, 3, 4, 5, 6], b: [1] } as never, { inputs: ["a", "b"] })).toThrow(
    "forecast: b has 1 rows, but a has 6",
  );
  expect(of(table as never, { steps: 17 })).toThrow("forecast: 16 of 20 rows are for training");
  expect(of(7 as never)).toThrow("forecast: the table is a number, but must be CSV text, rows or columns");
});

test("Seattle's weather has 1461 days, as vega-datasets' file", () => {
  const days = seattleWeather();
  expect(days).toHaveLength(1461);
  expect(days[0]).toEqual({
    date: "2012-01-01",
    precipitation: 0,
    temperatureMax: 12.8,
    temperatureMin: 5,
    wind: 4.7,
  });
  expect(days[1460]).toEqual({
    date: "2015-12-31",
    precipitation: 0,
    temperatureMax: 5.6,
    temperatureMin: -2.1,
    wind: 3.5,
  });
  const sum = (name: "precipitation" | "temperatureMax" | "temperatureMin" | "wind") =>
    days.reduce((total, day) => total + day[name], 0);
  // summed from the file itself
  expect(sum("precipitation")).toBeCloseTo(4426, 8);
  expect(sum("temperatureMax")).toBeCloseTo(24017.5, 8);
  expect(sum("temperatureMin")).toBeCloseTo(12031, 8);
  expect(sum("wind")).toBeCloseTo(4735.3, 8);
});

test("an LSTM forecasts Seattle's temperature better than tomorrow being like today", async () => {
  const data = forecast(seattleWeather().slice(0, 500), { inputs: ["temperatureMax"], steps: 7 });
  const model = new SequenceRegressor({
    layer: new LSTM({ inputSize: 1, hiddenSize: 6, seed: 1 }),
    head: new Dense({ inputSize: 6, outputSize: 1, seed: 1 }),
  });
  await fit(model, data.training, { optimizer: adamRule({ lr: 0.02 }), epochs: 6, seed: 1 }).finish();
  expect(model.loss(data.validation)).toBeLessThan(data.persistence!);
});

test("stack puts samples side by side and says how long they are", () => {
  const samples: Sample[] = [
    { x: [[1, 2]], y: [5] },
    {
      x: [
        [3, 4],
        [6, 7],
      ],
      y: [8],
    },
  ];
  expect(stack(samples)).toEqual({
    x: { shape: [2, 2, 2], data: Float64Array.of(1, 2, 3, 4, 0, 0, 6, 7) },
    y: { shape: [2, 1], data: Float64Array.of(5, 8) },
    outputs: "last",
    batchFirst: false,
    lengths: [1, 2],
  });
  expect(stack(samples.slice(1))).not.toHaveProperty("lengths");
  expect(() => stack([...samples, { x: [[1]], y: [1] }])).toThrow(
    "stack: x has 1 features at t = 1 (sample 2 of the batch), but the first has 2",
  );
  expect(() => stack([{ x: [[1]], y: [null] }])).toThrow("stack: y has no target, but needs at least one");
});

test("stack takes a class, numbers, or numbers of each step", async () => {
  const x = [[1], [2], [3]];
  expect(
    stack([
      { x, y: 2 },
      { x, y: 0 },
    ]).y,
  ).toEqual({ shape: [2], data: Float64Array.of(2, 0) });
  const steps = stack([
    { x, y: [[1], [2], [0]] },
    { x: x.slice(1), y: [[2], [1]] },
  ]);
  expect(steps.y).toEqual({ shape: [3, 2, 1], data: Float64Array.of(1, 2, 2, 1, 0, 0) });
  expect(() =>
    stack([
      { x, y: 1 },
      { x, y: [1] },
    ]),
  ).toThrow("stack: y has 1 elements (sample 1 of the batch), but the first is a number");
  expect(() => stack([{ x, y: [[1], [2]] }])).toThrow(
    "stack: y has 2 steps (sample 0 of the batch), but x has 3",
  );
  expect(() => stack([{ x, y: [[1], [2, 3], [4]] }])).toThrow(
    "stack: y has 2 elements at t = 2 (sample 0 of the batch), but the first has 1",
  );
  // Every form trains a classifier, whatever the layout of its own.
  const classifier = (outputs: "last" | "every") =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 4, batchFirst: true }),
      head: new Linear({ inputSize: 4, outputSize: 3 }),
      outputs,
    });
  for (const [outputs, samples] of [
    [
      "last",
      [
        { x, y: 2 },
        { x: x.slice(1), y: 0 },
      ],
    ],
    [
      "last",
      [
        { x, y: [2] },
        { x: x.slice(1), y: [0] },
      ],
    ],
    [
      "every",
      [
        { x, y: [[1], [2], [0]] },
        { x: x.slice(1), y: [[2], [1]] },
      ],
    ],
  ] as [outputs: "last" | "every", samples: SequenceSample[]][]) {
    const network = classifier(outputs);
    const before = network.loss(stack(samples));
    await fit(network, samples, { optimizer: adamRule({ lr: 0.05 }), epochs: 30, collate: stack }).finish();
    expect(network.loss(stack(samples))).toBeLessThan(before / 2);
    expect(network.predict(stack(samples)).shape).toEqual(outputs === "last" ? [2, 3] : [3, 2, 3]);
    expect(() => network.loss(samples as never)).toThrow(
      "SequenceNetwork.loss: the batch is an array, but must be { x, y }, as `collate: stack` makes of samples",
    );
  }
});

test("stack refuses an element that is not a number", () => {
  const of = (x: unknown, y: unknown = 0) => [
    { x: [[1, 2]], y: y as never },
    { x: x as never, y: y as never },
  ];
  for (const [value, said] of [
    [null, "null"],
    [undefined, "undefined"],
    ["", '""'],
    ["3", '"3"'],
    [true, "true"],
  ] as const) {
    const last = "(sample 1 of the batch), but must contain numbers";
    expect(() => stack(of([[1, value]]))).toThrow(`stack: x contains ${said} at t = 1 ${last}`);
    const y = (wrong: unknown) => [{ x: [[1]], y: wrong as never }];
    const first = "(sample 0 of the batch), but must contain numbers";
    expect(() => stack(y([[value]]))).toThrow(`stack: y contains ${said} at t = 1 ${first}`);
    if (value === null) continue;
    expect(() => stack(y(value))).toThrow(`stack: y contains ${said} ${first}`);
    expect(() => stack(y([1, value]))).toThrow(`stack: y contains ${said} ${first}`);
  }
  expect(() => stack(of([1, 2]))).toThrow(
    "stack: x is a number at t = 1 (sample 1 of the batch), but the first has 2",
  );
  expect(() => stack([{ x: [1, 2, 3] as never, y: 0 }])).toThrow(
    "stack: x is a number at t = 1 (sample 0 of the batch), but must be a vector, as in x: [[1], …]",
  );
  expect(() => stack([{ x: 7 as never, y: 0 }])).toThrow("stack: x is a number (sample 0 of the batch)");
  expect(() => stack([{ x: [[1]], y: [1, null] as never }])).toThrow("stack: y contains null");
  expect(stack([{ x: [Float32Array.of(1, 2)], y: Float64Array.of(3) }])).toEqual(
    stack([{ x: [[1, 2]], y: [3] }]),
  );
});

test("stack takes targets that are missing", () => {
  const x = [[1], [2], [3]];
  const network = (outputs: "last" | "every", outputSize: number) =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 2 }),
      head: new Linear({ inputSize: 2, outputSize }),
      outputs,
      loss: "meanSquaredError",
    });
  const every = stack([
    { x, y: [null, [1], null] },
    { x: x.slice(1), y: [[2], [3]] },
    { x, y: null },
  ]);
  expect(every).toMatchObject({
    y: [
      [null, [2], null],
      [[1], [3], null],
      [null, [0], null], // beyond the end: not read
    ],
    outputs: "every",
    lengths: [3, 2, 3],
  });
  const counted = network("every", 1);
  const alone = (samples: SequenceSample[]) => counted.loss(stack(samples));
  const two = alone([{ x: x.slice(1), y: [[2], [3]] }]);
  expect(counted.loss(every)).toBeCloseTo((2 * two + alone([{ x, y: [null, [1], null] }])) / 3, 14);
  const last = stack([
    { x, y: null },
    { x, y: [1, 2] },
  ]);
  expect(last).toMatchObject({ y: [null, [1, 2]], outputs: "last" });
  const head = network("last", 2);
  expect(head.loss(last)).toBeCloseTo(head.loss(stack([{ x, y: [1, 2] }])), 14);
});

test("targets of the last step do not pass for those of every step, nor the other way round", () => {
  const x = [[1], [2], [3]];
  const network = (outputs: "last" | "every") =>
    new SequenceNetwork({
      rnn: new GRU({ inputSize: 1, hiddenSize: 2 }),
      head: new Linear({ inputSize: 2, outputSize: 3 }),
      outputs,
    });
  // As many sequences as steps: as a tensor it could be either.
  const flat = stack([0, 1, 2].map((shift) => ({ x, y: [0, 1, 2].map((k) => (k + shift) % 3) })));
  expect(() => network("every").loss(flat)).toThrow(
    'SequenceNetwork.loss: y is of the last step, but the network\'s outputs are "every": it must have a target for each step, as in y: [[0], [1], [2]] of a sample',
  );
  expect(() => network("last").loss(stack([{ x, y: [[0], [1], [2]] }]))).toThrow(
    'y is of every step, but the network\'s outputs are "last": it must have a target for each sequence',
  );
});

test("stack takes as many samples as there are", () => {
  const sample = { x: [[0]], y: 0 };
  expect(stack(new Array<typeof sample>(200_000).fill(sample)).x.shape).toEqual([1, 200_000, 1]);
});

test("a time-major batch is read as one by a network of another layout", () => {
  const sizes = { inputSize: 2, hiddenSize: 3, seed: 4 };
  const network = (batchFirst: boolean) =>
    new SequenceNetwork({
      rnn: new GRU({ ...sizes, batchFirst }),
      head: new Linear({ inputSize: 3, outputSize: 1, seed: 4 }),
      loss: "meanSquaredError",
    });
  const { x, y } = addingProblem({ steps: 6 }).draw(randomStream(1, 1), 6);
  const batch = { x, y, batchFirst: false };
  expect(network(true).loss(batch)).toBe(network(false).loss(batch));
  expect(() => network(true).loss({ ...batch, batchFirst: "no" as never })).toThrow(
    'SequenceNetwork.loss: batchFirst is "no", but must be true or false',
  );
});

test("a forecast goes back to the table's units as it comes out of a network", () => {
  const data = forecast({ a: [1, 2, 3, 4, 5, 6] }, { inputs: ["a"], steps: 2, validation: 0 });
  expect(data.restore(Float64Array.of(0))).toEqual(data.restore([0]));
});

test("a word in a column of numbers is named with its row, and blank lines do not count", () => {
  const options = { inputs: ["a"], steps: 1 };
  expect(() => forecast("a\n1\n2\nNA\n4\n5\n", options)).toThrow(
    "forecast: a is null in row 3, but must be a number",
  );
  expect(fromCsv("a,b\n1,2\n\n3,4\n\n")).toEqual([
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ]);
  expect(fromCsv("a\n1\n\n3\n")).toEqual([{ a: 1 }, { a: null }, { a: 3 }]);
});

test("windows of a forecast are made when they are read, and are plain samples then", () => {
  const rows = Array.from({ length: 50 }, (_, k) => ({ a: k % 7, b: k * k }));
  const { training, validation } = forecast(rows, {
    inputs: ["b", "a"],
    targets: ["a"],
    steps: 3,
    horizon: 2,
  });
  const alone = forecast(rows, { inputs: ["a"], steps: 1 }).training;
  const a = (row: number) => (row === 0 ? alone[0].x[0][0] : (alone[row - 1].y as number[])[0]);
  training.forEach(({ x, y }, k) => {
    expect(x.map((row) => row[1])).toEqual([a(k), a(k + 1), a(k + 2)]);
    expect(y).toEqual([a(k + 4)]);
  });
  const [first, second] = training;
  expect(first.x).toBe(first.x);
  expect(first.x[1]).toEqual(second.x[0]);
  for (const copy of [{ ...first }, structuredClone(first), JSON.parse(JSON.stringify(first)) as Sample]) {
    expect(Object.entries(copy)).toEqual([
      ["x", first.x],
      ["y", first.y],
    ]);
  }
  expect(stack([first, second])).toEqual(stack([{ ...first }, { ...second }]));
  expect(inspect(first)).toBe(inspect({ ...first }));
  expect(validation[0]).toEqual({ x: validation[0].x, y: validation[0].y });
});

test("a forecast with long windows takes at most three times the memory of its numbers", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const table = Object.fromEntries(names.map((name) => [name, Array.from({ length: 20_000 }, Math.random)]));
  const held = () => {
    const { heapUsed, external } = heldMemory();
    return heapUsed + external;
  };
  const before = held();
  const data = forecast(table, { inputs: names, steps: 168 });
  const bytes = held() - before;
  expect(data.training[0].x).toHaveLength(168);
  expect(bytes).toBeLessThan(3 * 8 * 20_000 * names.length);
});

test("forecast standardises large numbers and refuses too large ones", () => {
  const of = (scale: number) => ({ a: Array.from({ length: 20 }, (_, k) => scale * Math.sin(k)) });
  const [usual, ...others] = [1, 1e160, 1e-160].map((scale) =>
    forecast(of(scale), { inputs: ["a"], steps: 3 }),
  );
  for (const { training } of others) {
    training.forEach(({ x }, n) =>
      x.forEach(([value], t) => expect(value).toBeCloseTo(usual.training[n].x[t][0], 12)),
    );
  }
  expect(() => forecast({ a: Array(20).fill(1.7e308) as number[] }, { inputs: ["a"], steps: 3 })).toThrow(
    "forecast: the numbers of a are too large, but must have a finite mean and standard deviation",
  );
});

test("a path is not a table, and an index beyond the alphabet is not a character", () => {
  expect(() => forecast("data.csv", { inputs: ["a"], steps: 3 })).toThrow(
    'forecast: the table is "data.csv", but must be CSV text, such as readFileSync(path, "utf8")',
  );
  const data = characters("abcab", { steps: 2 });
  expect(() => data.decode([0, 7])).toThrow(
    "characters.decode: indices contains 7, but must be an integer from 0 to 2",
  );
});
