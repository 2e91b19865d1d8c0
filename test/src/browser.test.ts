// The built library in a page: the engines of both precisions, networks in training and the gradient flow
// give Node's numbers in Chromium.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { simdKinds } from "../../src/engine/engine.js";
import type * as engines from "../../src/engine/engine_for.js";
import { engineFor } from "../../src/engine/engine_for.js";
import type * as main from "../../src/index.js";
import * as node from "../../src/index.js";
import type * as networks from "../../src/nn/index.js";
import * as nodeNetworks from "../../src/nn/index.js";
import type { DType } from "../../src/numbers/tensor.js";
import { hasBrowser } from "../support/browser.js";
import { inLibraryPage, isolation } from "../support/library_page.js";
import { numbers, relativeError } from "./engine/numbers.js";

type Library = Pick<typeof main, "Dense" | "LSTM" | "SequenceClassifier" | "gradientFlow"> &
  Pick<typeof engines, "engineFor">;

const [T, B, I, H] = [12, 6, 5, 18];
const inputs = {
  sizes: simdKinds.map((cell) => ({ cell, T, B, I, H })),
  x: numbers(T * B * I, 1),
  weights: { Wx: numbers(4 * H * I, 2, 0.3), Wh: numbers(4 * H * H, 3, 0.3), b: numbers(4 * H, 4) },
  dh: numbers(T * B * H, 5),
  lengths: [12, 3, 7, 12, 1, 9],
};

/**
 * Also sent as text: more recurrences at a time than Chromium gives WebAssembly memories, the first and the
 * last used.
 */
function exhaust({ engineFor }: Library, { x, weights }: typeof inputs) {
  const engine = engineFor("float32");
  const size = { cell: "lstm", T: 12, B: 6, I: 5, H: 18 } as const;
  const all = Array.from({ length: 200 }, () => engine.recurrence(size));
  const [Wx, Wh, b] = [weights.Wx, weights.Wh, weights.b].map((values) => Float32Array.from(values));
  const ofBoth = [all[0], all[199]].map((recurrence) => {
    recurrence.forward(Float32Array.from(x), { Wx, Wh, b });
    return Array.from(recurrence.h);
  });
  // JavaScript's arrays stand alone.
  return { ofBoth, inJavaScript: all.filter(({ h }) => h.byteOffset === 0).length };
}

/** Stands alone, because it is sent to the page as text. */
function compute({ engineFor, ...slides }: Library, { sizes, x, weights, dh, lengths }: typeof inputs) {
  const results: Record<string, number[]> = {};
  for (const dtype of ["float64", "float32"] as DType[]) {
    const engine = engineFor(dtype);
    const filled = (values: number[], length = values.length) => {
      const floats = engine.allocate(length);
      floats.set(values.slice(0, length));
      return floats;
    };
    for (const { cell, ...size } of sizes) {
      const GH = (cell === "lstm" ? 4 : cell.startsWith("gru") ? 3 : 1) * size.H;
      const W = {
        Wx: filled(weights.Wx, GH * size.I),
        Wh: filled(weights.Wh, GH * size.H),
        b: filled(weights.b, GH),
      };
      const gradients = {
        Wx: engine.allocate(W.Wx.length),
        Wh: engine.allocate(W.Wh.length),
        b: engine.allocate(GH),
      };
      const recurrence = engine.recurrence({ cell, ...size });
      const options = { lengths: Int32Array.from(lengths) };
      recurrence.forward(filled(x), W, options);
      results[`${dtype} ${cell} h`] = Array.from(recurrence.h);
      recurrence.dh.set(filled(dh));
      recurrence.backward(filled(x), W, gradients, options);
      results[`${dtype} ${cell} flow`] = Array.from(recurrence.flow(filled(x), options).Wh!);
      results[`${dtype} ${cell} dWh`] = Array.from(gradients.Wh);
    }
  }
  const layer = new slides.LSTM({ inputSize: 3, hiddenSize: 8, seed: 1 });
  const head = new slides.Dense({ inputSize: 8, outputSize: 2 });
  const model = new slides.SequenceClassifier({ layer, head });
  const sequence = Array.from({ length: 20 }, (_, t) => [t / 20, 1 - t / 20, 0.5]);
  const flow = slides.gradientFlow(model, { x: sequence, y: [1, 0] });
  results.flow = flow.map(({ norm }) => norm);
  return { results, name: engineFor("float32").name };
}

type Training = Pick<typeof main, "adamRule" | "addingProblem" | "fit" | "gradientFlow"> &
  Pick<typeof networks, "GRU" | "Linear" | "SequenceNetwork">;

/** Sent as text too. */
async function train(library: Training) {
  const { adamRule, addingProblem, fit, gradientFlow, GRU, Linear, SequenceNetwork } = library;
  const task = addingProblem({ steps: 20 });
  const network = new SequenceNetwork({
    rnn: new GRU({ inputSize: 2, hiddenSize: 16, dtype: "float32", seed: 1 }),
    head: new Linear({ inputSize: 16, outputSize: 1, dtype: "float32", seed: 1 }),
    loss: "meanSquaredError",
  });
  const rows = await fit(network, task.draw, { optimizer: adamRule({ lr: 0.01 }), updates: 30 }).finish();
  return {
    losses: rows.map(({ loss }) => loss),
    flow: gradientFlow(network).map(({ norm }) => norm),
    chart: gradientFlow(network).chart().description,
  };
}

test.skipIf(!hasBrowser())(
  "a network trains in Chromium as in Node, and shows its gradient flow",
  async () => {
    await inLibraryPage(["index.js", "nn/index.js"], async (page) => {
      const came = await page.evaluate<Awaited<ReturnType<typeof train>>>(
        `import("/library.js").then((library) => (${train.toString()})(library))`,
      );
      const expected = await train({ ...node, ...nodeNetworks });
      expect(expected.losses[29]).toBeLessThan(expected.losses[0]);
      expect(relativeError(came.losses, expected.losses)).toBeLessThanOrEqual(1e-3);
      expect(relativeError(came.flow, expected.flow)).toBeLessThanOrEqual(1e-2);
      expect(came.chart).toBe(expected.chart);
    });
  },
);

test.skipIf(!hasBrowser())("Chromium computes what Node computes", async () => {
  await inLibraryPage(["index.js", "engine/engine_for.js"], async (page) => {
    const call = `(${compute.toString()})(library, ${JSON.stringify(inputs)})`;
    const came = await page.evaluate<ReturnType<typeof compute>>(
      `import("/library.js").then((library) => ${call})`,
    );
    const exhausted = await page.evaluate<ReturnType<typeof exhaust>>(
      `import("/library.js").then((library) => (${exhaust.toString()})(library, ${JSON.stringify(inputs)}))`,
    );
    expect(exhausted.inJavaScript).toBeGreaterThan(0);
    expect(exhausted.inJavaScript).toBeLessThan(150);
    const [first, last] = exhausted.ofBoth;
    expect(relativeError(last, first)).toBeLessThanOrEqual(2e-6);
    expect(came.name).toBe("WebAssembly SIMD, float32");
    const expected = compute({ ...node, engineFor }, inputs).results;
    expect(Object.keys(came.results)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(came.results)) {
      const tolerance = name.startsWith("float32") ? 2e-6 : 1e-13;
      expect(relativeError(values, expected[name]), name).toBeLessThanOrEqual(tolerance);
      if (!name.startsWith("float32")) continue;
      const exact = expected[name.replace("float32", "float64")];
      expect(relativeError(values, exact), name).toBeLessThanOrEqual(5e-6);
    }
  });
});

type Threads = Pick<typeof networks, "Linear" | "LSTM" | "SequenceNetwork" | "startThreads"> &
  Pick<typeof main, "adamRule" | "Optimizer">;

/** Sent as text too, to a worker. */
async function trainOnThreads(library: Threads) {
  const { adamRule, Linear, LSTM, Optimizer, SequenceNetwork, startThreads } = library;
  const [T, B, I, H] = [30, 12, 20, 160];
  const make = (threads?: number) => {
    const network = new SequenceNetwork({
      rnn: new LSTM({ inputSize: I, hiddenSize: H, dtype: "float32", seed: 1, threads }),
      head: new Linear({ inputSize: H, outputSize: 3, dtype: "float32" }),
    });
    return { network, optimizer: new Optimizer(adamRule({ lr: 0.01 }), network.parameters) };
  };
  const x = { shape: [T, B, I], data: Float32Array.from({ length: T * B * I }, (_, k) => Math.sin(k * k)) };
  const batch = { x, y: Array.from({ length: B }, (_, b) => b % 3) };
  const after = ({ network, optimizer }: ReturnType<typeof make>) => {
    const losses = Array.from({ length: 5 }, () => {
      const loss = network.lossAndGradients(batch);
      optimizer.step();
      return loss;
    });
    return { losses, values: Array.from(network.values) };
  };
  const before = after(make(2));
  const count = await startThreads(2);
  return { count, before, one: after(make(1)), two: after(make(2)), byDefault: after(make()) };
}

/** A worker that calls `code` with the library and says what it returns, or the message of its error. */
const calling = (code: string) => `import("/library.js").then(${code}).then(
  (value) => postMessage({ value }),
  (error) => postMessage({ error: error.message }),
);`;
const answer = `new Promise((resolve) => {
  new Worker("/worker.js").onmessage = ({ data }) => resolve(data);
})`;

test.skipIf(!hasBrowser())("a worker of a page that is isolated trains on several threads", async () => {
  const modules = ["nn/index.js", "training/optimizer.js", "training/update_rules.js"];
  await inLibraryPage(
    modules,
    async (page) => {
      const { value: came } = await page.evaluate<{ value: Awaited<ReturnType<typeof trainOnThreads>> }>(
        answer,
      );
      expect(came.count).toBe(2);
      // What is made before there are threads has one; afterwards two are what is computed on by default.
      expect(came.before).toEqual(came.one);
      expect(came.byDefault).toEqual(came.two);
      expect(came.two.values).not.toEqual(came.one.values);
      expect(relativeError(came.two.losses, came.one.losses)).toBeLessThan(1e-4);
      // Node's two threads give the same bits.
      const expected = await trainOnThreads({ ...node, ...nodeNetworks });
      expect(came.two).toEqual(expected.two);
      await expect(
        page.evaluate('import("/library.js").then(({ startThreads }) => startThreads())'),
      ).rejects.toThrow("startThreads: a page's own thread may not wait for others");
    },
    { worker: calling(trainOnThreads.toString()) },
  );
});

test.skipIf(!hasBrowser())("a page that shares no memory, or allows no such worker, is told so", async () => {
  const isTold = async (headers: Record<string, string>, message: string) => {
    const worker = calling("({ startThreads }) => startThreads(2)");
    const ask = async (page: Page) => {
      expect(await page.evaluate(answer)).toEqual({ error: expect.stringContaining(message) as string });
    };
    await inLibraryPage(["nn/index.js"], ask, { headers, worker });
  };
  await isTold({}, "startThreads: threads share memory, but the page is not cross-origin isolated");
  await isTold(
    { ...isolation, "content-security-policy": "worker-src 'self'" },
    "startThreads: the page starts no worker",
  );
});
