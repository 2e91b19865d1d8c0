// Curves of positive numbers over integer steps on a logarithmic y axis. Such an axis has no place for zero,
// and a vanished gradient is zero in the end: zeros stand in rows of their own under the axis instead of
// being dropped.

import type { Chart } from "./chart.js";
import { chart, numberText } from "./chart.js";

/** One curve: its name and its looks. */
export interface Curve {
  label: string;
  colour: string;
  dash: number[];
  shape: string;
  /** at most one value for each x */
  points: { x: number; value: number }[];
}

/** The area between two values at each x. */
export interface Band {
  label: string;
  colour: string;
  points: { x: number; low: number; high: number }[];
}

export interface LogCurves {
  title: string;
  /** the description, from the curves put into words */
  description: (curves: string) => string;
  x: { name: string; title: string };
  y: { title: string };
  legend: string;
  /** default 2 */
  legendColumns?: number;
  /** a click on the legend dims the other curves */
  legendSelects?: boolean;
  curves: Curve[];
  /** behind the curves, the first one behind the others; down to the floor where the lower value is 0 */
  bands?: Band[];
  /** horizontal lines, drawn where they fall within the data; a label stands at the left by default */
  rules?: { value: number; label?: string; align?: "left" | "right" }[];
  /** points of a curve with names of their own, which stand below, in several lines after "\n" */
  marks?: { x: number; value: number; label: string }[];
  words: {
    zeros: string;
    from: (label: string, x: string, first: string, firstX: number, last: string, lastX: number) => string;
    zeroCount: (count: number, steps: number) => string;
  };
}

// The plot, each row of zeros under its axis, and the gap above the first row.
const widthPx = 480;
const heightPx = 280;
const zeroRowPx = 16;
const zeroGapPx = 8;

/** On a longer curve every n-th point has a mark, which is enough to tell curves apart without colour. */
const mostMarkedPoints = 26;

const smallestNormalFloat64 = 2 ** -1022;
const vanished = (value: number) => value < smallestNormalFloat64;

/** Curves on a log axis: placed on scales, drawn in layers, put together as a specification. */
export function logCurves(wanted: LogCurves): Chart {
  const scales = scalesOf(wanted);
  return specification(wanted, scales, [
    ...bandLayers(wanted, scales),
    ...curveLayers(wanted, scales),
    ...ruleLayers(wanted, scales),
    ...markLayers(wanted),
    ...zeroLayers(wanted, scales),
  ]);
}

/** Where everything stands, in Vega-Lite's encodings. */
interface Scales {
  lastX: number;
  /** of the y axis, whole powers of ten */
  domain: [number, number];
  /** where the y axis ends and the rows of zeros begin, in pixels from the top */
  floor: number;
  /** the curves that have zeros, one row each */
  withZeros: Curve[];
  position: { x: object; y: object };
  tooltip: object[];
}

function scalesOf({ x, y, legend, curves, bands = [] }: LogCurves): Scales {
  const points = curves.flatMap((curve) => curve.points);
  const lastX = Math.max(...points.map((point) => point.x));
  const edges = bands.flatMap((band) => band.points.flatMap(({ low, high }) => [low, high]));
  const { domain, ticks } = decadesOf(
    [...points.map(({ value }) => value), ...edges].filter((value) => !vanished(value)),
  );
  const withZeros = curves.filter((curve) => curve.points.some(({ value }) => vanished(value)));
  const floor = heightPx - (withZeros.length > 0 ? zeroGapPx + zeroRowPx * withZeros.length : 0);
  const position = {
    x: {
      field: x.name,
      type: "quantitative",
      title: x.title,
      scale: { domain: [0, lastX], nice: false },
      axis: { values: multiples(0, lastX, 10), format: "d", grid: false },
    },
    y: {
      field: "value",
      type: "quantitative",
      title: y.title,
      scale: { type: "log", domain, nice: false, range: [floor, 0] },
      axis: {
        values: ticks,
        labelExpr:
          "datum.value >= 1e-3 && datum.value <= 1e3 ? format(datum.value, '~g') : format(datum.value, '~e')",
      },
    },
  };
  const tooltip = [
    { field: "curve", title: legend },
    { field: x.name, title: x.title },
    { field: "text", title: y.title },
  ];
  return { lastX, domain, floor, withZeros, position, tooltip };
}

/** The points of all curves, as the lines and marks read them. */
function valuesOf({ x, curves }: LogCurves, { lastX }: Scales): object[] {
  const markEvery = Math.ceil((lastX + 1) / mostMarkedPoints);
  return curves.flatMap(({ label, dash, points }) =>
    points.map((point) => ({
      [x.name]: point.x,
      curve: label,
      dash,
      value: vanished(point.value) ? null : point.value,
      text: numberText(point.value),
      marked: points.length <= mostMarkedPoints || point.x % markEvery === 0,
    })),
  );
}

/** What tells curves and bands apart: colour or shape, for the curves and then the bands. */
function byCurve(
  { legend, legendColumns = 2, curves, bands = [] }: LogCurves,
  range: (curves: Curve[], bands: Band[]) => string[],
): object {
  return {
    field: "curve",
    type: "nominal",
    title: legend,
    scale: { domain: [...curves, ...bands].map(({ label }) => label), range: range(curves, bands) },
    legend: { orient: "bottom", columns: legendColumns, labelLimit: 300, symbolSize: 90 },
  };
}

const colourOf = (wanted: LogCurves) =>
  byCurve(wanted, (curves, bands) => [...curves, ...bands].map(({ colour }) => colour));

function bandLayers(wanted: LogCurves, { domain: [low], position }: Scales): object[] {
  const { x, bands = [] } = wanted;
  return bands.map(({ label, points }) => ({
    data: {
      values: points.map((point) => ({
        [x.name]: point.x,
        curve: label,
        value: vanished(point.high) ? null : Math.max(point.low, low),
        high: vanished(point.high) ? null : point.high,
      })),
    },
    mark: { type: "area", clip: true },
    encoding: { ...position, y2: { field: "high" }, color: colourOf(wanted) },
  }));
}

/** Lines, and on them the marks. */
function curveLayers(wanted: LogCurves, { position, tooltip }: Scales): object[] {
  const { legendSelects = false } = wanted;
  const color = colourOf(wanted);
  const marked = legendSelects ? { and: [{ param: "chosen" }, "datum.marked"] } : "datum.marked";
  return [
    {
      ...(legendSelects && {
        params: [{ name: "chosen", select: { type: "point", fields: ["curve"] }, bind: "legend" }],
      }),
      mark: { type: "line", strokeWidth: 2, clip: true },
      encoding: {
        ...position,
        color,
        strokeDash: { field: "dash", type: "nominal", scale: null },
        ...(legendSelects && { opacity: { condition: { param: "chosen", value: 1 }, value: 0.12 } }),
      },
    },
    {
      mark: { type: "point", filled: true, size: 55 },
      encoding: {
        ...position,
        color,
        shape: byCurve(wanted, (curves, bands) => [
          ...curves.map(({ shape }) => shape),
          ...bands.map(() => "square"),
        ]),
        opacity: { condition: { test: marked, value: 1 }, value: 0 },
        tooltip,
      },
    },
  ];
}

function ruleLayers({ rules = [] }: LogCurves, { domain: [low, high] }: Scales): object[] {
  return rules
    .filter(({ value }) => value > low && value < high)
    .flatMap(({ value, label, align = "left" }) => {
      const data = { values: [{ value, label }] };
      const y = { field: "value", type: "quantitative" };
      const x = align === "left" ? 6 : widthPx - 6;
      return [
        { data, mark: { type: "rule", color: "#555555", strokeDash: [2, 2] }, encoding: { y } },
        ...(label === undefined
          ? []
          : [
              {
                data,
                mark: { type: "text", align, baseline: "bottom", dy: -3, color: "#555555" },
                encoding: { x: { value: x }, y, text: { field: "label", type: "nominal" } },
              },
            ]),
      ];
    });
}

function markLayers({ marks = [] }: LogCurves): object[] {
  const position = {
    x: { field: "x", type: "quantitative" },
    y: { field: "value", type: "quantitative" },
  };
  return marks.flatMap((mark) => [
    {
      data: { values: [mark] },
      mark: { type: "point", shape: "circle", size: 160, strokeWidth: 2, color: "#000000" },
      encoding: position,
    },
    {
      data: { values: [mark] },
      mark: {
        type: "text",
        align: "left",
        baseline: "top",
        dx: -6,
        dy: 28,
        fontWeight: "bold",
        lineBreak: "\n",
      },
      encoding: { ...position, text: { field: "label", type: "nominal" } },
    },
  ]);
}

/** A line where the axis ends, and below it a row of marks for each curve that has zeros. */
function zeroLayers({ x }: LogCurves, { floor, withZeros, position, tooltip }: Scales): object[] {
  if (withZeros.length === 0) return [];
  const floorLine = {
    data: { values: [{}] },
    mark: { type: "rule", color: "#888888", strokeDash: [4, 3] },
    encoding: { y: { value: floor } },
  };
  const rows = withZeros.flatMap(({ label, colour, points }, row) => {
    const y = { value: floor + zeroGapPx + zeroRowPx * (row + 0.5) };
    return [
      {
        data: {
          values: points
            .filter((point) => vanished(point.value))
            .map((point) => ({ [x.name]: point.x, curve: label, text: numberText(point.value) })),
        },
        mark: {
          type: "point",
          shape: "triangle-down",
          size: 45,
          filled: false,
          strokeWidth: 1.5,
          color: colour,
        },
        encoding: { x: position.x, y, tooltip },
      },
      {
        data: { values: [{}] },
        mark: { type: "text", text: "0", align: "right", fontSize: 10 },
        encoding: { x: { value: -7 }, y },
      },
    ];
  });
  return [floorLine, ...rows];
}

function specification(wanted: LogCurves, scales: Scales, layer: object[]): Chart {
  const { title, description, x, curves, bands = [], words } = wanted;
  const inWords = [
    ...curves.map((curve) => curveInWords(curve, x.name, words)),
    ...bands.map((band) => bandInWords(band, x.name, words)),
  ];
  return chart({
    description: description(inWords.join("; ")),
    title: scales.withZeros.length > 0 ? { text: title, subtitle: words.zeros } : title,
    width: widthPx,
    height: heightPx,
    data: { values: valuesOf(wanted, scales) },
    layer,
  });
}

/** Whole decades around the values, and ticks on some of them. */
export function decadesOf(values: number[]): { domain: [number, number]; ticks: number[] } {
  const exponents = values.length > 0 ? values.map(Math.log10) : [0];
  const high = Math.ceil(Math.max(...exponents));
  const low = Math.min(Math.floor(Math.min(...exponents)), high - 1);
  return { domain: [powerOfTen(low), powerOfTen(high)], ticks: multiples(low, high, 7).map(powerOfTen) };
}

/** The multiples of 1, 2, 5, 10, 20, … from low to high, in about `intervals` intervals at most. */
export function multiples(low: number, high: number, intervals: number): number[] {
  const least = (high - low) / intervals;
  let step = 1;
  for (let n = 0; step < least; n++) step *= n % 3 === 1 ? 2.5 : 2;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, n) => (first + n) * step);
}

/**
 * The number nearest to 10ᵏ; `10 ** k` can be off by a bit, and ticks would then miss the ends of the axis.
 */
function powerOfTen(k: number): number {
  return Number(`1e${k}`);
}

function curveInWords({ label, points }: Curve, x: string, words: LogCurves["words"]): string {
  const [first, last] = [points[0], points[points.length - 1]];
  const zeros = points.filter((point) => vanished(point.value)).length;
  return (
    words.from(label, x, numberText(first.value), first.x, numberText(last.value), last.x) +
    (zeros > 0 ? words.zeroCount(zeros, points.length) : "")
  );
}

function bandInWords({ label, points }: Band, x: string, words: LogCurves["words"]): string {
  const [first, last] = [points[0], points[points.length - 1]];
  const edges = ({ low, high }: Band["points"][number]) => `${numberText(low)} – ${numberText(high)}`;
  return words.from(label, x, edges(first), first.x, edges(last), last.x);
}
