// Training on a real series: the loss over the updates, the forecasts next to what was measured, and their
// errors next to those of forecasts that need no network.

import type { Chart } from "../../../src/index.js";
import type { Co2Month } from "../co2.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

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
export function trainingLoss(locale: Locale, losses: number[]): Chart {
  const text = strings[locale].training;
  if (losses.length === 0)
    throw new RangeError("book.trainingLoss: losses is empty, but must have one a step");
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
export function forecast(locale: Locale, months: ForecastMonth[]): Chart {
  const text = strings[locale].forecast;
  if (months.length === 0) throw new RangeError("book.forecast: months is empty, but must have at least one");
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
export function forecastErrors(locale: Locale, errors: ForecastErrors): Chart {
  const text = strings[locale].errors;
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

const en = {
  training: {
    title: "Loss during training",
    description: (first: string, last: string, steps: number) =>
      `Line chart with a logarithmic y axis: the loss of the batch before each of ${steps} updates, from ${first} to ${last}.`,
    step: "update",
    loss: "mean squared error a month (standardised)",
  },
  forecast: {
    title: "CO₂ one month ahead, on months the network never trained on",
    subtitle: "Drag in the lower chart to choose the years",
    description: (count: number, first: number, last: number) =>
      `Two line charts of ${count} held-out months: the measured CO₂ and the network's forecast of it, one month ahead. Above, the years ${first} to ${last}; below, all of them.`,
    year: "year",
    ppm: "CO₂ (ppm)",
    series: "series",
    measured: "measured",
    forecast: "LSTM's forecast",
  },
  errors: {
    title: "Held-out error of the forecasts",
    description: (values: string) =>
      `Bars of the root mean squared error on the held-out months, in ppm: ${values}.`,
    rmse: "root mean squared error (ppm)",
    names: {
      lastValue: "last month's value",
      lastYear: "last year's value",
      lastYearStep: "last year's step",
      calendar: "mean step of the calendar month",
      lstm: "LSTM",
    },
  },
};

const ko: typeof en = {
  training: {
    title: "학습에 따른 손실 변화",
    description: (first, last, steps) =>
      `y축이 로그 눈금인 꺾은선 그래프: 업데이트 ${steps}번마다 그 직전에 잰 배치의 손실로, ${first}에서 ${last}까지 변합니다.`,
    step: "업데이트",
    loss: "한 달의 평균 제곱 오차(표준화한 값)",
  },
  forecast: {
    title: "학습에 쓰지 않은 기간의 CO₂ 한 달 앞 예측",
    subtitle: "아래 그래프에서 드래그해서 기간을 고르세요",
    description: (count, first, last) =>
      `학습에 쓰지 않은 ${count}개월의 CO₂ 측정값과 네트워크의 한 달 앞 예측을 그린 꺾은선 그래프 두 개입니다. 위는 ${first}년부터 ${last}년까지, 아래는 전체 기간입니다.`,
    year: "연도",
    ppm: "CO₂ (ppm)",
    series: "계열",
    measured: "측정값",
    forecast: "LSTM의 예측",
  },
  errors: {
    title: "학습에 쓰지 않은 기간의 예측 오차",
    description: (values) =>
      `학습에 쓰지 않은 기간의 평균 제곱근 오차(ppm)를 나타낸 막대그래프입니다: ${values}.`,
    rmse: "평균 제곱근 오차 (ppm)",
    names: {
      lastValue: "지난달 값 그대로",
      lastYear: "작년 같은 달 값",
      lastYearStep: "작년 같은 달의 변화량",
      calendar: "그달의 평균 변화량",
      lstm: "LSTM",
    },
  },
};

const strings: Record<Locale, typeof en> = { en, ko };
