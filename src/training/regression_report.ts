// How far a network's forecasts are off, on a batch such as one that it has not trained on.

import type { Chart } from "../charts/chart.js";
import type { PredictionsChartOptions, PredictionRow } from "../charts/predictions.js";
import { predictionsChart } from "../charts/predictions.js";
import { isOfNumbers, lossesOfNumbers } from "../nn/losses.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import { mean } from "../numbers/linear_algebra.js";
import { counted, summary, withSummary } from "../numbers/summary.js";
import { kind } from "../numbers/validation.js";

/** Of one output, or the mean of all. */
export interface ErrorSizes {
  /** mean |ŷ − y|, in the unit of y */
  mae: number;
  /** √ mean (ŷ − y)², in the unit of y */
  rmse: number;
  /**
   * R² = 1 − Σ (ŷ − y)² / Σ (y − ȳ)²: 1 is right, 0 as good as the mean of the targets; where all targets are
   * equal, 1 for what is right and 0 for anything else
   */
  r2: number;
}

export interface RegressionReport extends ErrorSizes {
  /** as `network.loss` */
  loss: number;
  /** each output's own, from 0 */
  outputs: (ErrorSizes & { output: number })[];
  /** what was predicted over what was to be predicted, as Vega-Lite; at most 2000 points */
  chart(options?: PredictionsChartOptions): Chart;
}

/**
 * Compares what the network predicts with the targets of a batch, or of all batches such as
 * {@link stackBatches} makes. Targets that are not there (null, steps beyond a sequence's end) do not count.
 * The definitions are scikit-learn's; those over all outputs are the means of the outputs' own.
 *
 * @throws {TypeError} for what is not a network of unrolled/nn, or a batch that is none
 * @throws {RangeError} for a network whose loss is of classes, or a batch that does not fit it
 */
export function regressionReport(
  network: SequenceNetwork,
  batch: NetworkBatch | Iterable<NetworkBatch>,
): RegressionReport {
  const where = "regressionReport";
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`${where}: network is ${kind(network)}, but must be a SequenceNetwork`);
  }
  if (!isOfNumbers(network.lossName)) {
    throw new RangeError(
      `${where}: the network's loss is ${network.lossName}, but must be ${lossesOfNumbers.join(" or ")}`,
    );
  }
  const rows: PredictionRow[] = [];
  const K = network.head.outputSize;
  const loss = network.rowsOfAll(where, batch, ({ predictions, targets, counted: isCounted }) => {
    isCounted.forEach((isTarget, row) => {
      if (!isTarget) return;
      for (let output = 0; output < K; output++) {
        const at = row * K + output;
        rows.push({ output, target: targets[at], prediction: predictions[at] });
      }
    });
  });
  const outputs = Array.from({ length: K }, (_, output) => ({
    output,
    ...errorSizes(rows.filter((row) => row.output === output)),
  }));
  const report: RegressionReport = {
    loss,
    mae: mean(outputs.map(({ mae }) => mae)),
    rmse: mean(outputs.map(({ rmse }) => rmse)),
    r2: mean(outputs.map(({ r2 }) => r2)),
    outputs,
    chart: (options) => predictionsChart(rows, options),
  };
  Object.defineProperty(report, "chart", { enumerable: false });
  return withSummary(report, () => described(report, rows.length / K));
}

function errorSizes(rows: PredictionRow[]): ErrorSizes {
  const errors = rows.map(({ target, prediction }) => prediction - target);
  const middle = mean(rows.map(({ target }) => target));
  const squares = sumOfSquares(errors);
  const spread = sumOfSquares(rows.map(({ target }) => target - middle));
  const ofEqual = squares === 0 ? 1 : 0;
  return {
    mae: mean(errors.map(Math.abs)),
    rmse: Math.sqrt(squares / rows.length),
    r2: spread === 0 ? ofEqual : 1 - squares / spread,
  };
}

const sumOfSquares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);

function described({ loss, outputs, ...all }: RegressionReport, targets: number): string {
  const text = ({ mae, rmse, r2 }: ErrorSizes) =>
    `MAE ${mae.toPrecision(4)}, RMSE ${rmse.toPrecision(4)}, R² ${r2.toFixed(3)}`;
  return summary(
    `Forecasts of ${counted(targets, "target")}: ${text(all)}, loss ${loss.toPrecision(4)}`,
    outputs.length === 1 ? [] : outputs.map((one) => `output ${one.output}: ${text(one)}`),
  );
}
