// A time series to forecast: windows of the past, and what came after.

import type { Vector } from "../numbers/linear_algebra.js";
import { lengthOf, mean } from "../numbers/linear_algebra.js";
import { counted, named, summary, withSummary } from "../numbers/summary.js";
import type { Sample } from "../slides/model.js";
import type { Floats } from "../numbers/tensor.js";
import { checkChoice, checkOptions, checkSize, checkVector, kind, misfit } from "../numbers/validation.js";
import type { Table } from "./csv.js";
import { column } from "./csv.js";
import { windowsOf } from "./windows.js";

export interface ForecastOptions {
  /** the columns that x_t has, I of them */
  inputs: string[];
  /** the columns to forecast, K of them; those of the inputs where not given */
  targets?: string[];
  /** T, how many rows back each sample reaches */
  steps: number;
  /** how many rows after the last one that is seen, default 1 */
  horizon?: number;
  /** the share of the rows, the last ones, that is kept for validation; default 0.2 */
  validation?: number;
  /**
   * "previous": where the number of an input is missing (null), it is the last one before, and rows whose
   * target is missing are not forecast; by default a missing number is refused
   */
  missing?: "previous";
}

export interface Forecast {
  /**
   * x [T, I] and y [K], standardised: (value − mean) / standard deviation, both of the training rows alone.
   * They are made when they are read, so that all together take no more memory than the table: what is
   * changed in one is lost
   */
  readonly training: Sample[];
  /** those whose target lies in the rows kept; their x may begin in the training rows, as in real use */
  readonly validation: Sample[];
  /** the row that each validation sample forecasts, an index into the table */
  readonly validationRows: number[];
  /** A prediction [K] in the units of the table. */
  restore(prediction: Vector | Floats): Vector;
  /**
   * The mean squared error, in standardised units, of forecasting that nothing changes; undefined where no
   * rows are kept
   */
  readonly persistence?: number;
}

/**
 * Samples of a table (CSV text, tidy rows, or columns) whose rows are equally far apart in time.
 *
 * @throws {TypeError} for an unknown option, or a column that is not of numbers: it names the row
 * @throws {RangeError} for an unknown column, too few rows, or another value out of its range
 */
export function forecast(table: Table, options: ForecastOptions): Forecast {
  checkOptions("forecast", options, ["inputs", "targets", "steps", "horizon", "validation", "missing"]);
  const { inputs, targets = inputs, steps, horizon = 1, validation: share = 0.2 } = options;
  for (const [name, names] of Object.entries({ inputs, targets })) {
    const must = "but must be an array of at least one column's name";
    if (!Array.isArray(names)) throw new TypeError(`forecast: ${name} is ${kind(names)}, ${must}`);
    if (names.length === 0) throw new RangeError(`forecast: ${name} is empty, ${must}`);
  }
  checkSize("forecast", "steps", steps);
  checkSize("forecast", "horizon", horizon);
  if (!(share >= 0 && share < 1)) {
    throw misfit("forecast", "validation", share, "a number from 0 to less than 1");
  }
  const { missing } = options;
  if (missing !== undefined) checkChoice("forecast", "missing", missing, ["previous"]);
  const { sample, trained, validationRows, scales, changes } = readTable(table, {
    ...{ inputs, targets, steps, horizon, share },
    fillsIn: missing !== undefined,
  });
  const data: Forecast = {
    training: trained.map(sample),
    validation: validationRows.map(sample),
    validationRows,
    restore(given) {
      const prediction = ArrayBuffer.isView(given) ? Array.from(given) : given;
      checkVector("forecast.restore", "prediction", prediction, targets.length, "the targets are");
      return prediction.map((value, k) => scales[k].centre + scales[k].deviation * value);
    },
    ...(changes.length > 0 && { persistence: mean(changes) }),
  };
  const { training, validation, persistence } = data;
  return withSummary(data, () =>
    summary(`forecast: ${counted(training.length, "sample")} to train, ${validation.length} to validate`, [
      `${named("x", [steps, inputs.length])} of ${inputs.join(", ")}`,
      `${named("y", [targets.length])} of ${targets.join(", ")}, ${counted(horizon, "row")} later`,
      ...(persistence === undefined ? [] : [`squared error of no change ${persistence.toPrecision(4)}`]),
    ]),
  );
}

interface Reading extends Required<Pick<ForecastOptions, "inputs" | "targets" | "steps" | "horizon">> {
  /** of the rows, that is kept for validation */
  share: number;
  /** whether a missing number is the last one before it */
  fillsIn: boolean;
}

/** By itself, so that what lives as long as the forecast does not keep all that was read. */
function readTable(table: Table, { inputs, targets, steps, horizon, share, fillsIn }: Reading) {
  const read = [...new Set([...inputs, ...targets])].map(
    (name) => [name, column("forecast", table, name, fillsIn)] as const,
  );
  const rows = read[0][1].length;
  const trainingRows = rows - Math.round(share * rows);
  if (trainingRows < steps + horizon) {
    throw new RangeError(
      `forecast: ${trainingRows} of ${rows} rows are for training, but steps and horizon need ${steps + horizon}`,
    );
  }
  const columns = Object.fromEntries(
    read.map(([name, values]) => {
      if (values.length !== rows) {
        throw new RangeError(`forecast: ${name} has ${values.length} rows, but ${read[0][0]} has ${rows}`);
      }
      return [name, standardised(name, values, trainingRows)];
    }),
  );
  const valuesOf = (names: string[]) => names.map((name) => columns[name].values);
  const sample = windowsOf(valuesOf(inputs), valuesOf(targets), { steps, horizon });
  // A window begins where every input has a number at or before its first row.
  const first = Math.max(...[...inputs, ...targets].map((name) => columns[name].first));
  const targetsIn = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, k) => from + k).filter(
      (row) => row >= first + steps + horizon - 1 && targets.every((name) => columns[name].isGiven(row)),
    );
  const validationRows = targetsIn(trainingRows, rows);
  const trained = targetsIn(0, trainingRows);
  if (trained.length === 0) {
    throw new RangeError(
      "forecast: too many numbers are missing: no training row has a target and enough rows before it",
    );
  }
  const changes = validationRows.flatMap((row) =>
    targets.map((name) => (columns[name].values[row] - columns[name].values[row - horizon]) ** 2),
  );
  const scales = targets.map((name) => ({ centre: columns[name].mean, deviation: columns[name].deviation }));
  return { sample, trained, validationRows, scales, changes };
}

/** With the last number before it wherever one is missing. */
function standardised(name: string, given: (number | null)[], count: number) {
  const isNumber = (value: number | null) => value !== null;
  const first = given.findIndex(isNumber);
  const training = given.slice(0, count).filter(isNumber);
  if (training.length === 0) {
    throw new RangeError(`forecast: ${name} has no number in the ${count} training rows, but must have one`);
  }
  const values: number[] = [];
  for (const value of given) values.push(value ?? values.at(-1) ?? given[first]!);
  const centre = mean(training);
  const variance = mean(training.map((value) => (value - centre) ** 2));
  // Squares overflow or underflow long before the numbers do; a norm that scales first does not.
  const isExact = variance > 1e-280 && variance < Infinity;
  const spread = isExact
    ? Math.sqrt(variance)
    : lengthOf(training.map((value) => value - centre)) / Math.sqrt(training.length);
  if (!Number.isFinite(centre) || !Number.isFinite(spread)) {
    throw new RangeError(
      `forecast: the numbers of ${name} are too large, but must have a finite mean and standard deviation`,
    );
  }
  // A column that never changes becomes 0, not NaN.
  const deviation = spread > 0 ? spread : 1;
  return {
    values: Float64Array.from(values, (value) => (value - centre) / deviation),
    mean: centre,
    deviation,
    first,
    isGiven: (row: number) => given[row] !== null,
  };
}
