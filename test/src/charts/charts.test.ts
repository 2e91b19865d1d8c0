import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import * as vega from "vega";
import { compile } from "vega-lite";
import type { Chart, DecayRow, FlowRow, GradientFlowChartOptions } from "../../../src/index.js";
import {
  decayChart,
  decayCurvesChart,
  Dense,
  gateProduct,
  gradientFlow,
  gradientFlowChart,
  logCurvesChart,
  LSTM,
  lyapunovSpectrum,
  newtonStates,
  pascanuBound,
  RNN,
  SequenceClassifier,
  stepJacobians,
} from "../../../src/index.js";
import { GRU, Linear, SequenceNetwork } from "../../../src/nn/index.js";

const head = () => new Dense({ inputSize: 2, outputSize: 2 });
const lstm = new SequenceClassifier({ layer: new LSTM({ inputSize: 2, hiddenSize: 2 }), head: head() });
const flow = gradientFlow(lstm, {
  x: [
    [1, 2],
    [2, 3],
  ],
  y: [1, 0],
});

// Long and small enough for the gradient to underflow on its way back.
const fading = new RNN({ inputSize: 1, hiddenSize: 2 });
fading.setParameters({
  Wx: [[1], [1]],
  Wh: [
    [0.001, 0],
    [0, 0.001],
  ],
  b: [0, 0],
});
const vanished = gradientFlow(new SequenceClassifier({ layer: fading, head: head() }), {
  x: Array.from({ length: 120 }, () => [1]),
  y: [1, 0],
});

const stacked = new SequenceNetwork({
  rnn: new GRU({ inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true }),
  head: new Linear({ inputSize: 6, outputSize: 2 }),
});
const layers = gradientFlow(stacked, { x: Array.from({ length: 6 }, (_, t) => [t, 1]), y: 1 });

const inputs = { x: Array.from({ length: 6 }, (_, t) => [t, 1]) };
const jacobians = stepJacobians(stacked, inputs);
const gates = gateProduct(stacked, inputs);
const lyapunov = lyapunovSpectrum(stacked, inputs);
const newton = newtonStates(stacked, inputs);
const slideJacobians = stepJacobians(lstm, {
  x: [
    [1, 2],
    [2, 3],
  ],
  y: [1, 0],
});
// Also with zeros, of units that are off.
const off = new RNN({ inputSize: 1, hiddenSize: 2, nonlinearity: "relu" });
off.setParameters({ Wx: [[-1], [-1]], Wh: fading.parameters.Wh, b: [0, 0] });
const bound = pascanuBound(new SequenceClassifier({ layer: off, head: head() }), {
  x: [[-1], [1], [-1], [-1]],
  y: [1, 0],
});

const decay: DecayRow[] = [0, 10, 20, 50].flatMap((k) => [
  { k, series: "actual", ratio: 0.08 ** k },
  { k, series: "bound", ratio: 0.5 ** k },
  { k, series: "reference", ratio: 0.2 ** k },
]);

const growth = [0.5, 1.3].map((factor) => ({
  label: `× ${factor}`,
  ratios: Array.from({ length: 61 }, (_, k) => ({ k, ratio: factor ** k })),
}));

const charts: [string, (language: "en" | "ko") => Chart, number][] = [
  ["gradient flow of two steps", (language) => flow.chart({ language }), flow.length],
  ["gradient flow that vanishes", (language) => vanished.chart({ language }), vanished.length],
  [
    "gradient flow of two layers in two directions",
    (language) => layers.chart({ language }),
    layers.filter(({ quantity }) => quantity === "h").length,
  ],
  [
    "step Jacobians of two layers",
    (language) => jacobians.chart({ language }),
    jacobians.filter(({ quantity, index }) => quantity === "spectralRadius" || index === 1 || index === 3)
      .length,
  ],
  ["step Jacobians of one layer", (language) => slideJacobians.chart({ language }), 3 * 2],
  ["Pascanu's bound", (language) => bound.chart({ language }), bound.length],
  ["Lyapunov spectrum", (language) => lyapunov.chart({ language }), lyapunov.length],
  ["Newton's method", (language) => newton.chart({ language }), 2 * newton.length],
  ["products of gates", (language) => gates.chart({ language }), gates.length],
  ["decay", (language) => decayChart(decay, { language }), decay.length],
  ["decay of several networks", (language) => decayCurvesChart(growth, { language }), 2 * 61],
];

const require = createRequire(import.meta.url);
const schemaFile = require.resolve("vega-lite/build/vega-lite-schema.json");
const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as object;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

interface Mark {
  marktype?: string;
  role?: string;
  items?: Mark[];
  shape?: string;
  y?: number;
}

/** Compiles and runs a chart and returns what was drawn and what was warned of. */
async function draw(chart: Chart) {
  const warnings: string[] = [];
  const logger = vega.logger(vega.Warn, undefined, (_method, _level, input: readonly unknown[]) => {
    warnings.push(input.join(" "));
  });
  const { spec } = compile(chart as unknown as Parameters<typeof compile>[0], { logger });
  const view = new vega.View(vega.parse(spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  const marks = (mark: Mark): Mark[] => [mark, ...(mark.items ?? []).flatMap(marks)];
  const symbols = marks((view.scenegraph() as unknown as { root: Mark }).root)
    .filter((mark) => mark.marktype === "symbol" && mark.role === "mark")
    .flatMap((mark) => mark.items ?? []);
  return { svg, symbols, warnings };
}

const zeroRows = (rows: FlowRow[]) => rows.filter((row) => row.norm < 2 ** -1022);

test.each(charts)(
  "the chart of %s is valid Vega-Lite v5 and draws every row without a warning",
  async (_, make, rows) => {
    for (const language of ["en", "ko"] as const) {
      const chart = make(language);
      expect(chart.$schema).toBe("https://vega.github.io/schema/vega-lite/v5.json");
      expect(validate(JSON.parse(JSON.stringify(chart))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(
        true,
      );
      const { symbols, warnings } = await draw(chart);
      expect(warnings).toEqual([]);
      expect(symbols).toHaveLength(rows);
    }
  },
);

test.each(charts)(
  "the chart of %s has titles and a description in the language asked for",
  async (_, make) => {
    const [en, ko] = await Promise.all([draw(make("en")), draw(make("ko"))]);
    expect(make("en").description.length).toBeGreaterThan(100);
    expect(make("en").description).not.toMatch(/\p{Script=Hangul}/u);
    expect(en.svg).not.toMatch(/\p{Script=Hangul}/u);
    expect(make("ko").description).toMatch(/\p{Script=Hangul}/u);
    expect(ko.svg).toMatch(/\p{Script=Hangul}/u);
    // Nothing English is left but the notation and float32/float64.
    expect(make("ko").description.replaceAll(/float(32|64)/g, "")).not.toMatch(/[a-z]{4}/i);
  },
);

test("zeros and underflow stand under the axis with their own mark", async () => {
  expect(zeroRows(vanished).length).toBeGreaterThan(0);
  expect(vanished.some((row) => row.norm > 0 && row.norm < 1e-300)).toBe(true);
  const drawn = vanished.chart();
  expect(drawn.description).toContain("0 or underflow at");
  expect(JSON.stringify(drawn.title)).toContain("underflow");
  const { symbols } = await draw(drawn);
  const under = symbols.filter((symbol) => symbol.shape === "triangle-down");
  const above = symbols.filter((symbol) => symbol.shape !== "triangle-down");
  expect(under).toHaveLength(zeroRows(vanished).length);
  const y = (symbol: Mark) => symbol.y ?? NaN;
  expect(Math.min(...under.map(y))).toBeGreaterThan(Math.max(...above.map(y)));
});

test("a chart without zeros has no row for them, and one of zeros alone is still drawn", async () => {
  const rows = (norm: number): FlowRow[] => [{ t: 1, layer: 0, direction: "forward", quantity: "h", norm }];
  expect(gradientFlowChart(rows(0.5)).title).toBe("Gradient norm at each time step");
  expect((await draw(gradientFlowChart(rows(0)))).symbols).toHaveLength(1);
  expect((await draw(gradientFlowChart(rows(0.5)))).symbols).toHaveLength(1);
});

test("a chart of gradient flow shows the quantities and the title asked for", () => {
  const only: GradientFlowChartOptions = { quantities: ["c"], title: "Only C" };
  expect(flow.chart(only).description).not.toContain("∂L/∂hₜ");
  expect(flow.chart(only).description).toContain("∂L/∂Cₜ");
  expect(JSON.stringify(flow.chart(only).title)).toContain("Only C");
});

test("the float32 limit is drawn where the curves cross it", async () => {
  expect((await draw(decayChart(decay))).svg).toContain("smallest normal float32");
  expect((await draw(decayChart(decay.slice(0, 6)))).svg).not.toContain("smallest normal float32");
});

test.each<[string, Chart]>([
  ["the gradient flow of two layers in two directions", layers.chart({ quantities: ["h", "Wx"] })],
  ["step Jacobians of two layers", jacobians.chart()],
])("a legend tells all curves apart: %s", (_, chart) => {
  const encodings = (chart.layer as { encoding: Record<string, { scale?: { range?: string[] } }> }[]).map(
    ({ encoding }) => encoding,
  );
  const range = (channel: string) =>
    encodings.flatMap((encoding) => encoding[channel]?.scale?.range ?? []).slice(0, curves.length);
  const curves = encodings.find(({ shape }) => shape !== undefined)!.shape.scale!.range!;
  expect(new Set(range("color").map((colour, k) => `${colour} ${curves[k]}`)).size).toBe(curves.length);
});

test("curves of several networks look different, with a line at 1 where one rises above it; a click shows one alone", async () => {
  const chart = decayCurvesChart(growth, { title: "Two", legend: "factor", ratio: "left" });
  const { svg } = await draw(chart);
  for (const words of ["Two", "factor", "left", "× 0.5", "× 1.3"]) expect(svg).toContain(`>${words}<`);
  const rules = (drawn: Chart) => JSON.stringify(drawn.layer).match(/"type":"rule"/g)?.length ?? 0;
  expect(rules(chart)).toBe(1);
  expect(rules(decayCurvesChart(growth.slice(0, 1)))).toBe(0);

  const view = new vega.View(vega.parse(compile(chart as unknown as Parameters<typeof compile>[0]).spec), {
    renderer: "none",
  });
  const lines = async () => {
    const drawn = await view.toSVG();
    return [...drawn.matchAll(/<path[^>]*stroke="(#0072B2|#D55E00)"[^>]*stroke-width="2"[^>]*>/g)].map(
      ([path, colour]) => [colour, /opacity="([\d.]+)"/.exec(path)?.[1] ?? "1"],
    );
  };
  expect(await lines()).toEqual([
    ["#0072B2", "1"],
    ["#D55E00", "1"],
  ]);
  // What a click on the legend puts into the selection's store.
  const [{ fields }] = [{ fields: [{ type: "E", field: "curve" }] }];
  view.data("chosen_store", [{ unit: "layer_0", fields, values: ["× 1.3"] }]);
  expect(await lines()).toEqual([
    ["#0072B2", "0.12"],
    ["#D55E00", "1"],
  ]);
});

test("curves of the user's own are drawn as the library's, with zeros under the axis and the look that is given", async () => {
  const measured = [
    { label: "a", points: [1, 2, 3].map((t) => ({ x: t, value: 10 ** -t })), colour: "#123456" },
    { label: "b", points: [1, 0.1, 0].map((value, k) => ({ x: k + 1, value })) },
  ];
  const options = {
    title: "Two quantities",
    description: (curves: string) => `${curves}.`,
    x: { name: "t", title: "time step t" },
    y: { title: "norm" },
    legend: "quantity",
  };
  const chart = logCurvesChart(measured, options);
  expect(validate(JSON.parse(JSON.stringify(chart)))).toBe(true);
  expect(chart.description).toContain("b: 1 at t = 1, 0 at t = 3 (0 or underflow at 1 of 3 steps)");
  const { svg, symbols, warnings } = await draw(chart);
  expect(warnings).toEqual([]);
  expect(symbols).toHaveLength(6);
  expect(svg).toContain("Marks below the dashed line: 0");
  expect(svg).toContain("#123456");
  expect(JSON.stringify(logCurvesChart(measured, { ...options, language: "ko" }).title)).toContain("점선");

  expect(() => logCurvesChart([], options)).toThrow("logCurvesChart: curves is empty");
  expect(() => logCurvesChart([{ label: "a", points: [] }], options)).toThrow(
    'points of "a" is empty, but needs at least one point',
  );
  expect(() => logCurvesChart(measured, { ...options, color: "red" } as never)).toThrow(
    'logCurvesChart: option "color" is unknown, but must be one of language, title',
  );
});

test("a chart of several networks names a curve that it cannot draw", () => {
  expect(() => decayCurvesChart([])).toThrow("decayCurvesChart: curves is empty, but needs at least one");
  expect(() => decayCurvesChart([{ label: "a", ratios: [] }])).toThrow(
    'ratios of "a" is empty, but needs at least one ratio',
  );
  expect(() => decayCurvesChart([growth[0], growth[0]])).toThrow(
    'label is "× 0.5" twice, but must differ from curve to curve',
  );
  expect(() => decayCurvesChart(growth, { colour: "red" } as never)).toThrow(
    'decayCurvesChart: option "colour" is unknown, but must be one of language, title, ratio, legend',
  );
});

test("a chart shows itself in kernels that ask for a MIME bundle, and stays plain data", () => {
  const drawn = flow.chart();
  const display = (drawn as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")];
  expect(display()).toEqual({
    "application/vnd.vegalite.v5+json": drawn,
    "text/plain": drawn.description,
  });
  expect(structuredClone(drawn)).toEqual(JSON.parse(JSON.stringify(drawn)));
  expect(Object.getOwnPropertySymbols({ ...drawn })).toEqual([]);
});

test("charts name an option, quantity or series that they do not know", () => {
  expect(() => flow.chart({ language: "fr" as "en" })).toThrow(
    'gradientFlowChart: language is "fr", but must be "en" or "ko"',
  );
  expect(() => flow.chart({ colour: "red" } as GradientFlowChartOptions)).toThrow(
    'gradientFlowChart: option "colour" is unknown, but must be one of language, title, quantities',
  );
  expect(() => flow.chart({ quantities: ["z" as "h"] })).toThrow(
    'gradientFlowChart: a quantity is "z", but must be "h", "c", "Wx", "Wh" or "b"',
  );
  expect(() => vanished.chart({ quantities: ["c"] })).toThrow(
    "gradientFlowChart: rows has nothing of c, but needs something to draw",
  );
  expect(() => decayChart([])).toThrow("decayChart: rows is empty, but needs at least one row");
  expect(() => decayChart([{ k: 0, series: "upper" as "bound", ratio: 1 }])).toThrow(
    'decayChart: series is "upper", but must be "actual", "bound" or "reference"',
  );
});
