// How good a classifier is on a batch, such as one that it has not trained on, and which classes it takes for
// which.

import type { Chart } from "../charts/chart.js";
import type { ConfusionChartOptions } from "../charts/confusion.js";
import { confusionChart } from "../charts/confusion.js";
import { isOfNumbers } from "../nn/losses.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import { mean } from "../numbers/linear_algebra.js";
import { counted, summary, withSummary } from "../numbers/summary.js";
import { checkOptions, kind, shown } from "../numbers/validation.js";

/** How well one class is found; 0 where a share has nothing to be a share of. */
export interface ClassRow {
  class: string;
  /** how many of those predicted are of it */
  precision: number;
  /** how many of it are predicted */
  recall: number;
  /** 2 · precision · recall / (precision + recall) */
  f1: number;
  /** how many targets are of it */
  support: number;
}

export interface ClassificationReport {
  /** as `network.loss` */
  loss: number;
  /** the share of targets whose class is predicted */
  accuracy: number;
  /** the mean of f1 over the classes that are there or predicted */
  macroF1: number;
  /**
   * of two classes with binaryCrossEntropy: how often one of the second has a higher output than one of the
   * first, ties by half (the area under the ROC curve); none where one of them is not there
   */
  auc?: number;
  classes: ClassRow[];
  /** how many targets of class k (row) are predicted as class j (column) */
  confusion: number[][];
  /** the confusion matrix, as Vega-Lite */
  chart(options?: ConfusionChartOptions): Chart;
}

/**
 * Compares what the network predicts, the class with the highest output (of binaryCrossEntropy whether σ(z) ≥
 * ½), with the targets of a batch, or of all batches such as {@link stackBatches} makes. Targets that are
 * not there (null, `ignoreIndex`, steps beyond a sequence's end) do not count. The definitions are
 * scikit-learn's.
 *
 * @param options classes: their names, in the order of their indices; by default the indices
 * @throws {TypeError} for what is not a network of unrolled/nn, a batch that is none, or an unknown option
 * @throws {RangeError} for a network that does not choose one class of several, a batch that does not fit it,
 *   or names that are not one for each class
 */
export function classificationReport(
  network: SequenceNetwork,
  batch: NetworkBatch | Iterable<NetworkBatch>,
  options: { classes?: readonly string[] } = {},
): ClassificationReport {
  const where = "classificationReport";
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: network is ${kind(network)}, but must be a SequenceNetwork`);
  }
  checkOptions(where, options, ["classes"]);
  const { lossName, head } = network;
  const isBinary = lossName === "binaryCrossEntropy";
  if (isOfNumbers(lossName)) {
    throw new RangeError(`${where}: the network's loss is ${lossName}, but must be one of classes`);
  }
  if (isBinary && head.outputSize > 1) {
    throw new RangeError(
      `${where}: head.outputSize is ${head.outputSize}, but binaryCrossEntropy chooses one class of two by 1 output`,
    );
  }
  const names = checkNames(where, options.classes, isBinary ? 2 : head.outputSize);
  const confusion = names.map(() => names.map(() => 0));
  const outputs: { z: number; isSecond: boolean }[] = [];
  const loss = network.rowsOfAll(where, batch, ({ predictions, targets, counted: isCounted, K }) => {
    isCounted.forEach((isTarget, row) => {
      if (!isTarget) return;
      const z = predictions.subarray(row * K, (row + 1) * K);
      const actual = isBinary ? Number(targets[row] >= 0.5) : targets[row];
      const predicted = isBinary ? Number(z[0] >= 0) : z.indexOf(Math.max(...z));
      confusion[actual][predicted]++;
      if (isBinary) outputs.push({ z: z[0], isSecond: actual === 1 });
    });
  });
  const auc = areaUnderRoc(outputs);
  const classes = names.map((name, k) => classRow(name, k, confusion));
  const total = sum(classes.map(({ support }) => support));
  const present = classes.filter(({ support }, k) => support > 0 || confusion.some((row) => row[k] > 0));
  const report: ClassificationReport = {
    loss,
    accuracy: sum(confusion.map((row, k) => row[k])) / total,
    macroF1: mean(present.map(({ f1 }) => f1)),
    ...(auc !== undefined && { auc }),
    classes,
    confusion,
    chart: (chartOptions) => confusionChart(confusion, names, chartOptions),
  };
  Object.defineProperty(report, "chart", { enumerable: false });
  return withSummary(report, () => described(report, total));
}

function classRow(name: string, k: number, confusion: number[][]): ClassRow {
  const right = confusion[k][k];
  const support = sum(confusion[k]);
  const predicted = sum(confusion.map((row) => row[k]));
  return {
    class: name,
    precision: predicted === 0 ? 0 : right / predicted,
    recall: support === 0 ? 0 : right / support,
    f1: support + predicted === 0 ? 0 : (2 * right) / (support + predicted),
    support,
  };
}

/** By ranks, ties at their mean rank: (R₂ − n₂ (n₂ + 1) / 2) / (n₁ n₂), Mann and Whitney's U. */
function areaUnderRoc(outputs: { z: number; isSecond: boolean }[]): number | undefined {
  const second = outputs.filter(({ isSecond }) => isSecond).length;
  const first = outputs.length - second;
  if (first === 0 || second === 0) return undefined;
  const sorted = outputs.toSorted((a, b) => a.z - b.z);
  let ranks = 0;
  for (let from = 0, to: number; from < sorted.length; from = to) {
    to = from;
    while (to < sorted.length && sorted[to].z === sorted[from].z) to++;
    const rank = (from + 1 + to) / 2;
    for (let k = from; k < to; k++) if (sorted[k].isSecond) ranks += rank;
  }
  return (ranks - (second * (second + 1)) / 2) / (first * second);
}

function checkNames(where: string, given: readonly string[] | undefined, count: number): readonly string[] {
  if (given === undefined) return Array.from({ length: count }, (_, k) => String(k));
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: classes is ${shown(given)}, but must be an array of names`);
  }
  if (given.length !== count || new Set(given).size !== count) {
    const came = given.length === count ? "a name twice" : counted(given.length, "name");
    throw new RangeError(`${where}: classes has ${came}, but there must be one for each of ${count} classes`);
  }
  return given.map(String);
}

function described({ loss, accuracy, macroF1, auc, classes }: ClassificationReport, total: number): string {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const width = Math.max(5, ...classes.map(({ class: name }) => name.length));
  const area = auc === undefined ? "" : `, AUC ${auc.toFixed(3)}`;
  return summary(
    `Classification of ${counted(total, "target")}: accuracy ${share(accuracy)}, macro F1 ${macroF1.toFixed(3)}${area}, loss ${loss.toPrecision(4)}`,
    [
      `${"class".padEnd(width)} precision   recall       F1  targets`,
      ...classes.map(
        ({ class: name, precision, recall, f1, support }) =>
          `${name.padEnd(width)}  ${[...[precision, recall, f1].map(share), support].map((cell) => String(cell).padStart(8)).join(" ")}`,
      ),
    ],
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
