// Reports of classifiers and forecasts against scikit-learn, with targets that do not count among them.

import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { classificationReport, regressionReport } from "../../../src/index.js";
import type { SequenceNetworkOptions } from "../../../src/nn/index.js";
import { Linear, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { drawChart } from "../../support/draw_chart.js";

interface Wanted {
  z: number[][];
  y: number[];
  accuracy: number;
  macroF1: number;
  auc?: number;
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  confusion: number[][];
}
const path = new URL("../../vectors/sklearn/reports.json", import.meta.url);
const { binary, regression, ...ofClasses } = JSON.parse(readFileSync(path, "utf8")) as Record<
  "classes" | "neverThere" | "predictedOnly",
  Wanted
> & {
  binary: Omit<Wanted, "z"> & { z: number[] };
  regression: Record<"z" | "y", number[][]> & Record<"mae" | "rmse" | "r2" | "all", number[]>;
};

/** A network whose output is its input. */
function echo(size: number, options: Partial<SequenceNetworkOptions>): SequenceNetwork {
  const rnn = new RNN({ inputSize: size, hiddenSize: size, nonlinearity: "identity" });
  const head = new Linear({ inputSize: size, outputSize: size });
  const network = new SequenceNetwork({ rnn, head, ...options });
  network.values.fill(0);
  const one = (row: number, column: number) => Number(row === column);
  const identity = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, k) => one(row, k)),
  );
  network.loadStateDict({
    ...network.stateDict(),
    "rnn.weight_ih_l0": identity,
    "head.weight": identity,
  });
  return network;
}

function expectReport(report: ReturnType<typeof classificationReport>, wanted: Omit<Wanted, "z">): void {
  expect(report.confusion).toEqual(wanted.confusion);
  expect(report.accuracy).toBeCloseTo(wanted.accuracy, 12);
  expect(report.macroF1).toBeCloseTo(wanted.macroF1, 12);
  report.classes.forEach(({ precision, recall, f1, support }, k) => {
    expect(precision).toBeCloseTo(wanted.precision[k], 12);
    expect(recall).toBeCloseTo(wanted.recall[k], 12);
    expect(f1).toBeCloseTo(wanted.f1[k], 12);
    expect(support).toBe(wanted.support[k]);
  });
}

test.each(Object.entries(ofClasses))("of %s it says what scikit-learn says", (_, wanted) => {
  const network = echo(wanted.z[0].length, {});
  const batch = { x: [wanted.z], y: wanted.y };
  const report = classificationReport(network, batch);
  expectReport(report, wanted);
  expect(report.loss).toBe(network.loss(batch));
  expect(report.auc).toBeUndefined();
});

test("of yes and no it says what scikit-learn says, with the area under the ROC curve", () => {
  const network = echo(1, { loss: "binaryCrossEntropy" });
  const report = classificationReport(network, { x: [binary.z.map((z) => [z])], y: binary.y });
  expectReport(report, binary);
  expect(report.auc).toBeCloseTo(binary.auc!, 12);
  const calm = { x: [[[-1], [1]]], y: [0, 0] };
  expect(classificationReport(network, calm).auc).toBeUndefined();
});

test("steps without a target do not count", () => {
  const { z, y } = ofClasses.classes;
  const network = echo(4, { outputs: "every", ignoreIndex: -1 });
  // The rows as steps of two sequences: every fifth has no target, and the second ends early.
  const [T, ends] = [30, 22];
  const x = Array.from({ length: T }, (_, t) => [z[t], z[T + t]]);
  const targets = Array.from({ length: T }, (_, t) => [
    t % 5 === 0 ? null : y[t],
    t % 5 === 1 ? -1 : y[T + t],
  ]);
  const kept = Array.from({ length: T }, (_, t) => t).flatMap((t) => [
    ...(t % 5 === 0 ? [] : [t]),
    ...(t % 5 === 1 || t >= ends ? [] : [T + t]),
  ]);
  const report = classificationReport(network, { x, y: targets, lengths: [T, ends] });
  const alone = classificationReport(echo(4, {}), { x: [kept.map((k) => z[k])], y: kept.map((k) => y[k]) });
  expect(report.confusion).toEqual(alone.confusion);
  expect(report.confusion.flat().reduce((sum, count) => sum + count)).toBe(kept.length);
});

test.each(["meanSquaredError", "huber"] as const)(
  "of forecasts by %s it says what scikit-learn says",
  (loss) => {
    const { z, y, mae, rmse, r2, all } = regression;
    const network = echo(3, { loss });
    const report = regressionReport(network, { x: [z], y });
    report.outputs.forEach((one, k) => {
      expect(one.output).toBe(k);
      expect(one.mae).toBeCloseTo(mae[k], 12);
      expect(one.rmse).toBeCloseTo(rmse[k], 12);
      expect(one.r2).toBeCloseTo(r2[k], 10);
    });
    expect(report.mae).toBeCloseTo(all[0], 12);
    expect(report.rmse).toBeCloseTo(all[1], 12);
    expect(report.r2).toBeCloseTo(all[2], 10);
    const right = regressionReport(network, { x: [[[2, 2, 2]]], y: [[2, 2, 2]] });
    expect(right.r2).toBe(1);
  },
);

test("reports describe themselves and draw themselves in both languages", async () => {
  const network = echo(4, {});
  const { z, y } = ofClasses.classes;
  const report = classificationReport(network, { x: [z], y }, { classes: ["calm", "wind", "rain", "storm"] });
  expect(inspect(report)).toMatch(
    /^Classification of 60 targets: accuracy \d+\.\d %, macro F1 0\.\d{3}, loss /,
  );
  expect(inspect(report)).toContain("  storm ");
  expect(Object.keys(report)).not.toContain("chart");
  const right = report.confusion.reduce((sum, row, k) => sum + row[k], 0);
  const chart = report.chart();
  expect(chart.description).toContain(`${right} of 60`);
  const { svg } = await drawChart(chart);
  for (const name of ["calm", "wind", "rain", "storm"]) expect(svg).toContain(name);
  for (const count of report.confusion.flat()) expect(svg).toContain(`>${count}<`);
  expect(report.chart({ language: "ko" }).description).toContain("대각선");

  const forecasts = regressionReport(echo(3, { loss: "meanSquaredError" }), {
    x: [regression.z],
    y: regression.y,
  });
  expect(inspect(forecasts)).toMatch(/^Forecasts of 25 targets: MAE /);
  expect(inspect(forecasts)).toContain("output 2: ");
  expect(forecasts.chart().description).toContain("75 of 75 targets");
  expect((await drawChart(forecasts.chart({ language: "ko" }))).svg).toContain("예측값");
});

test("what is no report says so", () => {
  const network = echo(2, {});
  const batch = { x: [[[1, 2]]], y: [1] };
  expect(() => classificationReport({} as SequenceNetwork, batch)).toThrow(
    new TypeError("classificationReport: network is an object, but must be a SequenceNetwork"),
  );
  expect(() => classificationReport(network, batch, { classes: ["a"] })).toThrow(
    new RangeError("classificationReport: classes has 1 name, but there must be one for each of 2 classes"),
  );
  expect(() => classificationReport(network, batch, { classes: ["a", "a"] })).toThrow(
    "classes has a name twice",
  );
  expect(() => classificationReport(network, batch, { classes: "ab" as unknown as string[] })).toThrow(
    TypeError,
  );
  expect(() => classificationReport(network, { x: [[[1, 2]]], y: [2] })).toThrow(
    "classificationReport: y contains 2",
  );
  expect(() =>
    classificationReport(echo(2, { loss: "meanSquaredError" }), { x: [[[1, 2]]], y: [[1, 2]] }),
  ).toThrow("classificationReport: the network's loss is meanSquaredError, but must be one of classes");
  expect(() =>
    classificationReport(echo(2, { loss: "binaryCrossEntropy" }), { x: [[[1, 2]]], y: [[1, 0]] }),
  ).toThrow("classificationReport: head.outputSize is 2, but binaryCrossEntropy chooses one class of two");
  expect(() => regressionReport(network, batch)).toThrow(
    "regressionReport: the network's loss is crossEntropy, but must be meanSquaredError",
  );
});
