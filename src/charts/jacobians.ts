// The charts of what Jacobians show, all on a log axis: singular values by step, what is left k steps
// back next to its bound, Lyapunov exponents as growth per step, products of gates, and what Newton's
// method is still wrong by.

import type {
  GateProductRow,
  JacobianRow,
  LanePlace,
  LyapunovRow,
  NewtonRow,
  PascanuRow,
} from "../flow/flow_row.js";
import type { Chart } from "./chart.js";
import { chartStrings } from "./chart.js";
import { looks as decayLooks } from "./decay.js";
import type { Curve, LogCurves } from "./log_curves.js";
import { logCurves } from "./log_curves.js";
import { colours, dashes, shapes } from "./looks.js";
import type { Language } from "./strings.js";

export interface FlowChartOptions {
  /** of titles, labels and description; default "en" */
  language?: Language;
  title?: string;
}

type Look = Pick<Curve, "colour" | "dash" | "shape">;
interface Series<Row> {
  label: string;
  look: Look;
  has: (row: Row) => boolean;
  point: (row: Row) => Curve["points"][number];
}

const largest = { colour: "#D55E00", dash: [1, 0], shape: "triangle-up" };
const middle = { colour: "#0072B2", dash: [6, 3], shape: "circle" };
const smallest = { colour: "#009E73", dash: [2, 2], shape: "triangle-down" };

/** The largest and the smallest singular value and the spectral radius of each step's Jacobian. */
export function jacobianChart(rows: JacobianRow[], options: FlowChartOptions = {}): Chart {
  const text = chartStrings("stepJacobians.chart", options, ["language", "title"]);
  const words = text.jacobians;
  const n = Math.max(...rows.map(({ index }) => index));
  const point = ({ t, value }: JacobianRow) => ({ x: t, value });
  const sigma = (index: number) => (row: JacobianRow) =>
    row.quantity === "singularValue" && row.index === index;
  const series: Series<JacobianRow>[] = [
    { label: words.sigmaMax, look: largest, has: sigma(1), point },
    { label: words.radius, look: middle, has: (row) => row.quantity === "spectralRadius", point },
    ...(n > 1 ? [{ label: words.sigmaMin, look: smallest, has: sigma(n), point }] : []),
  ];
  return flowChart(rows, series, options, {
    title: words.title,
    description: words.description,
    x: { name: "t", title: text.flow.step },
    y: { title: words.value },
    legend: words.legend,
    words: text,
    lane: text.flow.lane,
  });
}

/** What is left k steps back, next to Pascanu's bound and the reference line ρᵏ. */
export function pascanuChart(rows: PascanuRow[], options: FlowChartOptions = {}): Chart {
  const text = chartStrings("pascanuBound.chart", options, ["language", "title"]);
  const names = ["actual", "bound", "reference"] as const;
  const series = names.map((name): Series<PascanuRow> => ({
    label: text.decay.names[name],
    look: decayLooks[name],
    has: (row) => row.series === name,
    point: ({ k, ratio }) => ({ x: k, value: ratio }),
  }));
  return flowChart(rows, series, options, {
    title: text.pascanu.title,
    description: text.pascanu.description,
    x: { name: "k", title: text.decay.lag },
    y: { title: text.pascanu.ratio },
    legend: text.decay.series,
    words: text,
    lane: text.flow.lane,
  });
}

/** e^λ of every exponent: by what factor a difference of states grows in a step. */
export function lyapunovChart(rows: LyapunovRow[], options: FlowChartOptions = {}): Chart {
  const text = chartStrings("lyapunovSpectrum.chart", options, ["language", "title"]);
  const words = text.lyapunov;
  const series: Series<LyapunovRow> = {
    label: words.growth,
    look: largest,
    has: () => true,
    point: ({ index, exponent }) => ({ x: index, value: Math.exp(exponent) }),
  };
  return flowChart(rows, [series], options, {
    title: words.title,
    description: words.description,
    x: { name: "i", title: words.index },
    y: { title: words.growth },
    legend: words.legend,
    words: text,
    lane: text.flow.lane,
  });
}

/** The smallest, mean and largest product over the units, k steps back. */
export function gateProductChart(rows: GateProductRow[], options: FlowChartOptions = {}): Chart {
  const text = chartStrings("gateProduct.chart", options, ["language", "title"]);
  const words = text.gateProduct;
  const looks = { max: largest, mean: middle, min: smallest };
  const series = (["max", "mean", "min"] as const).map((statistic): Series<GateProductRow> => ({
    label: words[statistic],
    look: looks[statistic],
    has: (row) => row.statistic === statistic,
    point: ({ k, product }) => ({ x: k, value: product }),
  }));
  return flowChart(rows, series, options, {
    title: words.title,
    description: words.description,
    x: { name: "k", title: text.decay.lag },
    y: { title: words.product },
    legend: words.legend,
    words: text,
    lane: text.flow.lane,
  });
}

/** The residual and the error after each iteration of Newton's method. */
export function newtonChart(rows: NewtonRow[], options: FlowChartOptions = {}): Chart {
  const text = chartStrings("newtonStates.chart", options, ["language", "title"]);
  const words = text.newton;
  const looks = { error: largest, residual: middle };
  const series = (["error", "residual"] as const).map((quantity): Series<NewtonRow> => ({
    label: words[quantity],
    look: looks[quantity],
    has: () => true,
    point: ({ iteration, [quantity]: value }) => ({ x: iteration, value }),
  }));
  return flowChart(rows, series, options, {
    title: words.title,
    description: words.description,
    x: { name: "k", title: words.iteration },
    y: { title: words.value },
    legend: words.legend,
    rules: [],
    words: text,
    lane: text.flow.lane,
  });
}

interface Frame extends Omit<LogCurves, "curves" | "description"> {
  description: (curves: string) => string;
  lane: (label: string, layer: number, direction: LanePlace["direction"]) => string;
}

/**
 * One curve a series, of each layer and direction; where no rules are given, a line at 1, where nothing
 * grows or fades.
 */
function flowChart<Row extends LanePlace>(
  rows: Row[],
  series: Series<Row>[],
  { title }: FlowChartOptions,
  { lane: inLane, ...frame }: Frame,
): Chart {
  const places = [...new Map(rows.map((row) => [`${row.layer} ${row.direction}`, row])).values()];
  const several = places.length > 1;
  const curves = series.flatMap(({ label, look, has, point }, nth) =>
    places.map(({ layer, direction }, place): Curve => ({
      label: several ? inLane(label, layer, direction) : label,
      ...(several
        ? {
            colour: colours[place % colours.length],
            dash: dashes[nth % dashes.length],
            shape: shapes[(nth * places.length + place) % shapes.length],
          }
        : look),
      points: rows.filter((row) => row.layer === layer && row.direction === direction && has(row)).map(point),
    })),
  );
  return logCurves({
    rules: [{ value: 1 }],
    ...frame,
    title: title ?? frame.title,
    legendSelects: several,
    curves,
  });
}
