// Training on a real series: the loss over the updates, the forecasts next to what was measured, and their
// errors next to those of forecasts that need no network.

import type { Co2Month } from "../co2.js";
import type { Language } from "../strings.js";
import { vegaLite } from "./chart.js";
import type { Chart } from "./chart.js";
import { forecastStrings } from "./forecast_strings.js";

/** One held-out month with the network's forecast of it. */
export interface ForecastMonth extends Co2Month {
  /** ppm */
  forecast: number;
}

/** Root mean squared errors on the held-out months, ppm. */
export interface ForecastErrors {
  /** x̂_t = x_{t−1} */
  lastValue: number;
  /** x̂_t = x_{t−12} */
  lastYear: number;
  /** x̂_t = x_{t−1} + (x_{t−12} − x_{t−13}) */
  lastYearStep: number;
  /** x̂_t = x_{t−1} + the mean step into this calendar month in the training data */
  calendar: number;
  lstm: number;
}

const colour = { measured: "#000000", forecast: "#D55E00", lstm: "#D55E00", naive: "#BBBBBB" };
/** Six digits: more than a chart can show, and the file stays small. */
const short = (value: number) => Number(value.toPrecision(6));
const numberText = (value: number) => String(Number(value.toPrecision(3)));

/** The batch's loss before each update, on a log axis. */
export function trainingLoss(losses: number[], language: Language): Chart {
  const text = forecastStrings[language].training;
  if (losses.length === 0) throw new TypeError("book.trainingLoss: losses is empty, but needs one a step");
  return {
    $schema: vegaLite,
    description: text.description(
      numberText(losses[0]),
      numberText(losses[losses.length - 1]),
      losses.length,
    ),
    title: text.title,
    data: { values: losses.map((loss, index) => ({ step: index + 1, loss: short(loss) })) },
    width: 460,
    height: 240,
    mark: { type: "line", strokeWidth: 2, color: "#0072B2", tooltip: true },
    encoding: {
      x: { field: "step", type: "quantitative", title: text.step, scale: { nice: false } },
      y: {
        field: "loss",
        type: "quantitative",
        title: text.loss,
        scale: { type: "log" },
        axis: { values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2], format: "~g" },
      },
    },
  };
}

/** Measured and forecast: five years enlarged, and all below to choose from. */
export function forecastChart(months: ForecastMonth[], language: Language): Chart {
  const text = forecastStrings[language].forecast;
  if (months.length === 0) throw new TypeError("book.forecast: months is empty, but needs at least one");
  const at = ({ year, month }: Co2Month) => year + (month - 0.5) / 12;
  const values = months.flatMap((each) => [
    { year: short(at(each)), ppm: each.ppm, series: text.measured },
    { year: short(at(each)), ppm: short(each.forecast), series: text.forecast },
  ]);
  const end = short(at(months[months.length - 1]) + 1 / 24);
  const start = Math.max(short(end - 5), Math.floor(at(months[0])));
  const series = (range: unknown[]) => ({
    field: "series",
    type: "nominal",
    title: text.series,
    scale: { domain: [text.measured, text.forecast], range },
    legend: { orient: "bottom" },
  });
  const looks = {
    color: series([colour.measured, colour.forecast]),
    strokeDash: series([
      [1, 0],
      [5, 3],
    ]),
  };
  const x = { field: "year", type: "quantitative", title: text.year, axis: { format: "d", tickMinStep: 1 } };
  const y = { field: "ppm", type: "quantitative", title: text.ppm, scale: { zero: false } };
  return {
    $schema: vegaLite,
    description: text.description(months.length, Math.floor(start), Math.floor(end)),
    title: { text: text.title, subtitle: text.subtitle },
    data: { values },
    vconcat: [
      {
        width: 420,
        height: 180,
        transform: [{ filter: { param: "years" } }],
        layer: [
          { mark: { type: "line", strokeWidth: 2 }, encoding: looks },
          {
            mark: { type: "point", filled: true, size: 30 },
            encoding: {
              color: looks.color,
              shape: series(["circle", "triangle-up"]),
              tooltip: [
                { field: "series", title: text.series },
                { field: "year", title: text.year, format: ".2f" },
                { field: "ppm", title: text.ppm, format: ".2f" },
              ],
            },
          },
        ],
        encoding: {
          x: { ...x, scale: { domain: { param: "years" }, nice: false } },
          y,
        },
      },
      {
        width: 420,
        height: 50,
        params: [
          { name: "years", select: { type: "interval", encodings: ["x"] }, value: { x: [start, end] } },
        ],
        mark: { type: "line", strokeWidth: 1 },
        encoding: {
          x: { ...x, scale: { domain: [Math.floor(at(months[0])), end], nice: false } },
          y: { ...y, axis: { tickCount: 3 } },
          ...looks,
        },
      },
    ],
  };
}

/** The error of each way to forecast. */
export function forecastErrors(errors: ForecastErrors, language: Language): Chart {
  const text = forecastStrings[language].errors;
  const kinds = ["lastYear", "lastValue", "lastYearStep", "calendar", "lstm"] as const;
  const values = kinds.map((kind) => ({
    name: text.names[kind],
    rmse: short(errors[kind]),
    label: errors[kind].toFixed(2),
    kind: kind === "lstm" ? "lstm" : "naive",
  }));
  // In each layer: a guess that is drawn over the chart has no name.
  const position = {
    y: { field: "name", type: "nominal", sort: null, title: null, axis: { labelLimit: 260 } },
    x: {
      field: "rmse",
      type: "quantitative",
      title: text.rmse,
      scale: { domain: [0, 1.1 * Math.max(...values.map(({ rmse }) => rmse))], nice: false },
    },
  };
  return {
    $schema: vegaLite,
    description: text.description(values.map(({ name, label }) => `${name} ${label}`).join(", ")),
    title: text.title,
    data: { values },
    width: 380,
    height: 150,
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          ...position,
          color: {
            field: "kind",
            type: "nominal",
            scale: { domain: ["lstm", "naive"], range: [colour.lstm, colour.naive] },
            legend: null,
          },
        },
      },
      {
        mark: { type: "text", align: "left", dx: 4 },
        encoding: { ...position, text: { field: "label", type: "nominal" } },
      },
    ],
  };
}
