// The charts of gradient norms over the lag (P2, P3, P3b, P7b) as they stand in the executed notebooks,
// against the same numbers worked out here in plain scalars, with tanh′ as 1/cosh² and without the library,
// and against what numpy gave (the reference values).

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { View, parse } from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { describe, expect, test } from "vitest";
import { workbook } from "../../../notebooks/workbook/index.js";
import type { Chart, WeightDecay } from "../../../notebooks/workbook/index.js";
import { normalInitializer } from "../../../src/index.js";

type Numbers = number[];

interface Cell {
  id: string;
  outputs?: { data?: Record<string, unknown>; text?: string | string[] }[];
}

const cellsOf = (notebook: string, language: "en" | "ko") => {
  const file = new URL(`../../../notebooks/${language}/${notebook}.ipynb`, import.meta.url);
  return (JSON.parse(readFileSync(fileURLToPath(file), "utf8")) as { cells: Cell[] }).cells;
};

/** The chart that a cell of an executed notebook shows, with the size of its picture in bytes. */
function chartOf(notebook: string, id: string, language: "en" | "ko") {
  const outputs = cellsOf(notebook, language).find((cell) => cell.id === id)?.outputs ?? [];
  const data = outputs.map((output) => output.data ?? {}).find((bundle) => "image/png" in bundle)!;
  return {
    chart: data["application/vnd.vegalite.v5+json"] as Chart,
    bytes: (data["image/png"] as string).length * 0.75,
  };
}

/** The printed results of a cell: { name: number }. */
function resultOf(notebook: string, id: string): Record<string, number> {
  const outputs = cellsOf(notebook, "en").find((cell) => cell.id === id)?.outputs ?? [];
  const text = outputs
    .map((output) => [(output.data?.["text/plain"] ?? "") as string | string[]].flat().join(""))
    .join("");
  return Object.fromEntries(
    [...text.matchAll(/(\w+): ([-+.\de]+)/g)].map(([, key, value]) => [key, Number(value)]),
  );
}

/** The curves of a chart: by label, the value at each k (or w). */
function curvesOf(chart: Chart, x: string): Record<string, Map<number, number>> {
  const { values } = chart.data as { values: Record<string, unknown>[] };
  const curves: Record<string, Map<number, number>> = {};
  for (const row of values) {
    const curve = (curves[row.curve as string] ??= new Map<number, number>());
    curve.set(row[x] as number, (row.value as number | null) ?? 0);
  }
  return curves;
}

const sech2 = (z: number) => 1 / Math.cosh(z) ** 2;
const length = (v: Numbers) => Math.hypot(...v);
/** What a cell shows is rounded to six digits. */
const sixDigits = 5.1e-6;
const same = (value: number, expected: number, relative: number, what = "") =>
  expect(Math.abs(value / expected - 1), `${what} ${value} against ${expected}`).toBeLessThan(relative);

/** W_x x + b of the lecture. */
const drive = ([p, q]: Numbers) => [0.1 * p + 0.2 * q + 0.1, 0.3 * p + 0.4 * q + 0.1];
/** The lecture's ∂h_T is equal in both components: only its direction counts for a ratio. */
const direction = [1, 1];

/** ‖∂h_{T−k}‖ / ‖∂h_T‖ of the lecture's RNN with W_h = [[p, q], [r, s]]. */
function rnnDecay([[p, q], [r, s]]: Numbers[], xs: Numbers[], nonlinear = true, drives = drive): Numbers {
  let h = [0, 0];
  const slopes = xs.map((x) => {
    const [u, v] = drives(x);
    const z = [u + p * h[0] + q * h[1], v + r * h[0] + s * h[1]];
    h = nonlinear ? z.map(Math.tanh) : z;
    return nonlinear ? z.map(sech2) : [1, 1];
  });
  let d = direction;
  const norms = slopes.reverse().map(([a, c]) => {
    d = [p * a * d[0] + r * c * d[1], q * a * d[0] + s * c * d[1]];
    return length(d);
  });
  return [1, ...norms.map((norm) => norm / length(direction))];
}

const all = (w: number) => [
  [w, w],
  [w, w],
];
const repeat = (x: Numbers, T: number) => Array.from({ length: T }, () => x);
const [x1, x2] = [
  [1, 2],
  [2, 3],
];

const drawn: [string, string][] = [
  ["02_vanishing_gradients", "by-weight"],
  ["03_exploding_gradients", "by-weight"],
  ["03_exploding_gradients", "gain-sweep"],
  ["06_lstm_backward", "forget-bias"],
];

test.each(drawn)(
  "the charts %s, %s show the same numbers in both languages, in pictures below 40 kB",
  (notebook, id) => {
    const [en, ko] = [chartOf(notebook, id, "en"), chartOf(notebook, id, "ko")];
    for (const { bytes } of [en, ko]) expect(bytes).toBeLessThan(40_000);
    const numbers = (chart: Chart) => JSON.stringify(chart.data).match(/-?\d+(\.\d+)?(e[-+]\d+)?/g);
    expect(numbers(ko.chart)).toEqual(numbers(en.chart));
    expect(en.chart.description).not.toMatch(/[가-힣]/);
    expect(ko.chart.description).toMatch(/[가-힣]/);
  },
);

describe("the slider of notebook 02 (P2)", () => {
  const { chart } = chartOf("02_vanishing_gradients", "by-weight", "en");
  const rows = (chart.data as { values: { w: number; sigmaMax: number; k: Numbers; actual: Numbers }[] })
    .values;

  test("holds every w from 0.05 to 1 in steps of 0.05, each with 51 lags", () => {
    expect(rows.map(({ w }) => w)).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) / 20));
    for (const { k } of rows) expect(k).toEqual(Array.from({ length: 51 }, (_, lag) => lag));
  });

  test("has the decay worked out here, and σ_max = 2w", () => {
    for (const { w, sigmaMax, actual } of rows) {
      same(sigmaMax, 2 * w, 1e-12);
      // 1 − h² loses digits where tanh is saturated; six are in the chart.
      rnnDecay(all(w), repeat(x1, 50)).forEach((ratio, k) =>
        same(actual[k], ratio, 6e-6, `w = ${w}, k = ${k}`),
      );
    }
  });

  test("has NumPy's values at w = 0.1, × 0.0831 a step", () => {
    const { actual } = rows[1];
    same(actual[10], 1.6e-11, 0.03);
    same(actual[20], 2.5e-22, 0.03);
    // 50 lags from T = 50 end at h₀, one step of which has no past: from there on the reference's factor is
    // met.
    same(actual[20] / actual[19], 0.0831, 0.001);
  });

  test("starts at the lecture's w = 0.1 and follows the slider, the bound too", async () => {
    const decays = rows.map(({ k, actual, ...decay }) => ({
      ...decay,
      ratios: k.map((lag) => ({ k: lag, ratio: actual[lag] })),
    }));
    const again = workbook("02", "en").decayByWeight(decays, 0.1);
    expect(JSON.parse(JSON.stringify(again))).toEqual(chart);
    const at = await slid(again);
    expect(at(0.1).w).toEqual([0.1]);
    for (const w of [0.1, 0.5, 0.95, 1]) {
      const shown = at(w);
      expect(shown.rows).toHaveLength(2 * 51);
      same(shown.left("upper bound", 50), (2 * w) ** 50, 1e-9);
      same(shown.left("actual", 50), rnnDecay(all(w), repeat(x1, 50))[50], 6e-6);
    }
  });

  const decay = (w: number): WeightDecay => ({
    w,
    sigmaMax: 2 * w,
    ratios: [{ k: 0, ratio: 1 }],
  });
  test("needs the w to show, and even steps", () => {
    const book = workbook("02", "en");
    expect(() => book.decayByWeight([decay(0.1), decay(0.2)], 0.3)).toThrow(
      "shown is 0.3, but must be the w of one of the decays",
    );
    expect(() => book.decayByWeight([decay(0.1), decay(0.2), decay(0.5)], 0.1)).toThrow(
      "decays has w = 0.2, but must go in even steps",
    );
  });
});

/** The rows that the first layer draws when the slider stands at w. */
async function slid(chart: Chart) {
  const { spec } = compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec);
  const view = await new View(parse(spec), { renderer: "none" }).runAsync();
  return (w: number) => {
    view.signal("w", w).run();
    const rows = (view.data("source_0").length > 0 ? view.data("data_0") : []) as {
      w: number;
      k: number;
      curve: string;
      ratio: number;
    }[];
    return {
      rows,
      w: [...new Set(rows.map((row) => row.w))],
      left: (curve: string, k: number) =>
        rows.find((row) => row.curve.startsWith(curve) && row.k === k)!.ratio,
    };
  };
}

describe("the chart of one step back by w (P3b)", () => {
  const { chart } = chartOf("03_exploding_gradients", "by-weight", "en");
  const { tanh, "none (linear)": linear } = curvesOf(chart, "w");

  test("has the ratios worked out here for w = 0, 0.1, … 10", () => {
    expect([...tanh.keys()]).toEqual(Array.from({ length: 101 }, (_, n) => n / 10));
    expect([tanh.get(0), linear.get(0)]).toEqual([0, 0]);
    for (const [w, ratio] of [...tanh].slice(1)) {
      // 1 − h² has lost three digits at w = 10.
      same(ratio, rnnDecay(all(w), [x1, x2])[1], w < 5 ? 1e-9 : 1e-3, `w = ${w}`);
      same(linear.get(w)!, 2 * w, 1e-12);
    }
  });

  test("peaks at w = 0.4 with NumPy's 0.0911, which is marked, and has NumPy's other values", () => {
    const [peak, value] = [...tanh].reduce((a, b) => (b[1] > a[1] ? b : a));
    expect(peak).toBe(0.4);
    expect(value).toBeCloseTo(0.0911, 4);
    expect(JSON.stringify(chart.layer)).toContain("0.0911 at w = 0.4");
    expect(tanh.get(1)).toBeCloseTo(0.0475, 4);
    expect(tanh.get(2)).toBeCloseTo(0.0062, 4);
    same(tanh.get(5)!, 4.2e-6, 0.01);
  });

  test("draws the learner's guess where there is one", () => {
    const rows = [0.2, 0.4].map((w) => ({ w, tanh: 0.05 * w, linear: 2 * w }));
    const draw = (guess: number | null, language: "en" | "ko" = "en") =>
      JSON.stringify(workbook("03", language).oneStepByWeight(rows, guess).data);
    expect(draw(0.5)).toContain("your guess: 0.5");
    expect(draw(0.5, "ko")).toContain("내 예상: 0.5");
    expect(draw(null)).not.toContain("guess");
    for (const beyond of [0, -1]) expect(draw(beyond)).not.toContain("guess");
    expect(() => workbook("03", "en").oneStepByWeight([], null)).toThrow(
      "rows is empty, but must have at least one",
    );
  });
});

describe("notebook 03", () => {
  test("grows by exactly 4 a step without an activation, and by 1,048,576 in ten", () => {
    expect(resultOf("03_exploding_gradients", "ten-steps")).toEqual({
      afterOneStep: 4,
      afterTenSteps: 4 ** 10,
    });
    expect(rnnDecay(all(2), repeat(x1, 10), false)[10]).toBeCloseTo(4 ** 10, 6);
  });

  test("explodes with mixed signs (4.2402, ρ = 0) and with inputs near 0 (3.9997)", () => {
    const shown = resultOf("03_exploding_gradients", "mixed");
    const mixed = [
      [3, -3],
      [3, -3],
    ];
    same(shown.mixedSigns, rnnDecay(mixed, [x1, x2])[1], sixDigits);
    expect(shown.mixedSigns).toBeCloseTo(4.2402, 4);
    expect(shown.itsSpectralRadius).toBe(0);
    const tiny = [0.001, 0.001];
    const noBias = ([p, q]: Numbers) => [0.1 * p + 0.2 * q, 0.3 * p + 0.4 * q];
    same(shown.tinyInputs, rnnDecay(all(2), [tiny, tiny], true, noBias)[1], sixDigits);
  });

  test("finds no positive matrix near 1: the search's best is its ratio, and every climb stays below 1/6", () => {
    const { ratio } = resultOf("03_exploding_gradients", "search");
    expect(ratio).toBeGreaterThan(0.13);
    expect(ratio).toBeLessThan(0.16);
    const random = normalInitializer({ seed: 5 });
    const positive = (W: Numbers[], step: number) =>
      W.map((row) => row.map((w) => Math.abs(w + step * random.vector(1)[0])));
    const ratioOf = (W: Numbers[]) => rnnDecay(W, [x1, x2])[1];
    const tops = Array.from({ length: 20 }, () => {
      let best = positive(all(0), 4);
      for (let n = 0; n < 3000; n++) {
        const next = positive(best, 0.997 ** n);
        if (ratioOf(next) > ratioOf(best)) best = next;
      }
      return ratioOf(best);
    });
    expect(Math.max(...tops)).toBeGreaterThan(ratio);
    expect(Math.max(...tops)).toBeLessThan(1 / 6);
  });

  test("makes the loss 10¹⁵ times larger by the plain step, and halves it by the clipped one", () => {
    const { lossBefore, gradientNorm } = resultOf("03_exploding_gradients", "clipping-batch");
    const { withoutClipping, withClipping } = resultOf("03_exploding_gradients", "clipping-step");
    const plain = clippingByHand(Infinity);
    const clipped = clippingByHand(1);
    same(lossBefore, plain.before, sixDigits);
    same(gradientNorm, plain.norm, sixDigits);
    same(withClipping, clipped.after, sixDigits);
    same(withoutClipping, plain.after, 1e-4);
    expect(withoutClipping).toBeGreaterThan(1e15);
    expect(withClipping).toBeLessThan(lossBefore / 2);
  });
});

/** The clipping demonstration again: the linear network as scalars, gradients by central differences. */
function clippingByHand(maxNorm: number) {
  const draw = normalInitializer({ seed: 1 });
  const batch = Array.from({ length: 8 }, () => draw.matrix(8, 2));
  const lossOf = (p: Numbers) => {
    const losses = batch.map((xs) => {
      let h = [0, 0];
      for (const [u, v] of xs)
        h = [
          p[0] * u + p[1] * v + p[4] * h[0] + p[5] * h[1] + p[8],
          p[2] * u + p[3] * v + p[6] * h[0] + p[7] * h[1] + p[9],
        ];
      const [one, two] = [p[10] * h[0] + p[11] * h[1] + p[14], p[12] * h[0] + p[13] * h[1] + p[15]];
      const wrongLead = xs[0][0] > 0 ? two - one : one - two;
      return wrongLead > 30 ? wrongLead : Math.log1p(Math.exp(wrongLead));
    });
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const start = [0.1, 0.2, 0.3, 0.4, 2, 2, 2, 2, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.2];
  const gradient = start.map((_, j) => {
    const moved = (steps: number) => lossOf(start.map((p, i) => (i === j ? p + steps * 1e-4 : p)));
    return (moved(-2) - moved(2) + 8 * (moved(1) - moved(-1))) / 12e-4;
  });
  const norm = length(gradient);
  const factor = 0.1 * Math.min(1, maxNorm / norm);
  return { before: lossOf(start), norm, after: lossOf(start.map((p, j) => p - factor * gradient[j])) };
}

describe("the gain sweep (P3)", () => {
  const { chart } = chartOf("03_exploding_gradients", "gain-sweep", "en");
  const curves = curvesOf(chart, "k");
  const n = 64;

  /** One network of the notebook, in typed arrays. */
  function decayOf(gain: number, seed: number): Numbers {
    const noise = normalInitializer({ std: 0.1, seed: 100 + seed });
    const W = Float64Array.from(normalInitializer({ std: gain / Math.sqrt(n), seed }).vector(n * n));
    let h = new Float64Array(n);
    const slopes = Array.from({ length: 100 }, () => {
      const z = noise.vector(n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) z[i] += W[i * n + j] * h[j];
      h = Float64Array.from(z, Math.tanh);
      return z.map(sech2);
    });
    let d = Float64Array.from(noise.vector(n));
    const first = Math.hypot(...d);
    return [
      1,
      ...slopes.reverse().map((slope) => {
        const back = new Float64Array(n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) back[j] += W[i * n + j] * slope[i] * d[i];
        d = back;
        return Math.hypot(...d) / first;
      }),
    ];
  }

  test("has the medians of nine networks, worked out here", () => {
    expect(Object.keys(curves).map((label) => Number(label.slice(4)))).toEqual([
      0.5, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3,
    ]);
    for (const gain of [0.5, 1, 3]) {
      const runs = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => decayOf(gain, seed));
      // A chaotic network multiplies rounding by as much as its gradient: compare where little of that has
      // happened.
      for (const k of [1, 10, 100]) {
        const median = runs.map((run) => run[k]).sort((a, b) => a - b)[4];
        same(curves[`g = ${gain}`].get(k)!, median, gain > 1 ? 0.05 : 1e-9, `g = ${gain}, k = ${k}`);
      }
    }
  });

  test("has the magnitudes that NumPy gave for one network of each gain", () => {
    // Networks of one gain differ by some decades; the median of nine lies within three of any of them.
    const numpy = {
      0.5: 7e-31,
      0.8: 6e-11,
      0.9: 2e-6,
      1: 5e-3,
      1.1: 0.35,
      1.25: 2.6,
      1.5: 40,
      2: 7.8e7,
      3: 1.6e13,
    };
    for (const [gain, ratio] of Object.entries(numpy)) {
      const decades = Math.abs(Math.log10(curves[`g = ${gain}`].get(100)! / ratio));
      expect(decades, `g = ${gain}`).toBeLessThan(3);
    }
  });

  test("leaves more of the gradient with a larger gain", () => {
    const last = Object.values(curves).map((curve) => curve.get(100)!);
    expect(last).toEqual([...last].sort((a, b) => a - b));
  });
});

describe("the chart of the forget bias (P7b)", () => {
  const { chart } = chartOf("06_lstm_backward", "forget-bias", "en");
  const curves = curvesOf(chart, "k");
  const biases = [-2, 0.1, 1, 2, 4];
  const curve = (bias: number) => curves[`LSTM ‖∂C‖, b_f = ${String(bias).replace("-", "−")}`];
  const xs = [x1, ...repeat([0, 0], 49)];

  /** ‖∂C_{T−k}‖ / ‖∂C_T‖ of the lecture's LSTM with a forget bias of its own, and the mean of ∏ f. */
  function lstmDecay(bias: number): { ratios: Numbers; gates: Numbers } {
    const W = [0.1, 0.2, 0.3, 0.4];
    const sigma = (z: number) => 1 / (1 + Math.exp(-z));
    let [h, C] = [direction.map(() => 0), [0, 0]];
    const steps = xs.map((x) => {
      const [u, v] = drive(x);
      const z = [u + W[0] * h[0] + W[1] * h[1], v + W[2] * h[0] + W[3] * h[1]];
      const [s, g, f] = [z.map(sigma), z.map(Math.tanh), z.map((zi) => sigma(zi - 0.1 + bias))];
      const before = C;
      C = C.map((c, i) => f[i] * c + s[i] * g[i]);
      h = C.map((c, i) => s[i] * Math.tanh(c));
      return { z, s, g, f, before, C };
    });
    let [dh, dC] = [direction, [0, 0]];
    const norms = steps.reverse().map(({ z, s, g, f, before, C }) => {
      const total = dC.map((d, i) => d + dh[i] * s[i] * sech2(C[i]));
      const dz = total.map(
        (d, i) =>
          d * before[i] * f[i] * (1 - f[i]) +
          d * g[i] * s[i] * (1 - s[i]) +
          d * s[i] * sech2(z[i]) +
          dh[i] * Math.tanh(C[i]) * s[i] * (1 - s[i]),
      );
      dC = total.map((d, i) => d * f[i]);
      dh = [W[0] * dz[0] + W[2] * dz[1], W[1] * dz[0] + W[3] * dz[1]];
      return length(total);
    });
    let product = [1, 1];
    const gates = [1]; // `steps` stands from the last to the first
    for (const { f } of steps) {
      product = product.map((p, i) => p * f[i]);
      gates.push((product[0] + product[1]) / 2);
    }
    return { ratios: norms.map((norm) => norm / norms[0]), gates };
  }

  test("has the decays worked out here, for lags 0 to 49", () => {
    for (const bias of biases) {
      expect([...curve(bias).keys()]).toEqual(Array.from({ length: 50 }, (_, k) => k));
      const { ratios, gates } = lstmDecay(bias);
      const alone = curves[`∏ f alone, b_f = ${String(bias).replace("-", "−")}`];
      ratios.forEach((ratio, k) => {
        same(curve(bias).get(k)!, ratio, 1e-9, `b_f = ${bias}, k = ${k}`);
        if (bias > 0) same(alone.get(k)!, gates[k], 1e-9, `∏ f, b_f = ${bias}, k = ${k}`);
      });
    }
    const rnn = rnnDecay(
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
      xs,
    );
    for (const [k, ratio] of curves["RNN ‖∂h‖, same W"]) same(ratio, rnn[k], 1e-9);
  });

  test.each([
    [-2, [3.6e-6, 2.6e-14, 3.4e-27]],
    [0.1, [0.034, 2.2e-4, 9.8e-8]],
    [1, [0.41, 0.11, 0.016]],
    [2, [0.43, 0.1, 0.021]],
    [4, [0.97, 0.78, 0.73]],
    ["RNN", [1.1e-3, 4.7e-8, 3.1e-15]],
  ])("has NumPy's values for b_f = %s at k = 10, 25, 49", (bias, expected) => {
    const values = bias === "RNN" ? curves["RNN ‖∂h‖, same W"] : curve(bias as number);
    [10, 25, 49].forEach((k, n) => same(values.get(k)!, expected[n], 0.05, `k = ${k}`));
  });
});
