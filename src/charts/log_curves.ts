// Curves of positive numbers over integer steps on a logarithmic y axis. Such an axis has no place for zero,
// and a vanished gradient is zero in the end: zeros stand in rows of their own under the axis instead of
// being dropped.

import type { Chart } from "./chart.js";
import { chart, numberText } from "./chart.js";

/** How one curve is called and drawn. */
export interface Curve {
  label: string;
  colour: string;
  dash: number[];
  shape: string;
  /** at most one value for each x */
  points: { x: number; value: number }[];
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
  /** horizontal lines, drawn where they fall within the data; a label stands at the left if not told */
  rules?: { value: number; label?: string; align?: "left" | "right" }[];
  /** points of a curve that have a name of their own; it stands below, in lines of its own after "\n" */
  marks?: { x: number; value: number; label: string }[];
  words: {
    zeros: string;
    from: (label: string, x: string, first: string, firstX: number, last: string, lastX: number) => string;
    zeroCount: (count: number, steps: number) => string;
  };
}

const width = 480;
const height = 280;
const zeroRow = 16;
const zeroGap = 8;
const smallestNormal = 2 ** -1022;
const vanished = (value: number) => value < smallestNormal;

export function logCurves({
  title,
  description,
  x,
  y,
  legend,
  legendColumns = 2,
  legendSelects = false,
  curves,
  rules = [],
  marks = [],
  words,
}: LogCurves): Chart {
  const all = curves.flatMap((curve) => curve.points);
  const lastX = Math.max(...all.map((point) => point.x));
  const decades = decadesOf(all.map((point) => point.value).filter((value) => !vanished(value)));
  const withZeros = curves.filter((curve) => curve.points.some((point) => vanished(point.value)));
  const floor = height - (withZeros.length > 0 ? zeroGap + zeroRow * withZeros.length : 0);

  // Shapes tell curves apart without colour; on a long curve every n-th is enough.
  const markEvery = Math.ceil((lastX + 1) / 26);
  const values = curves.flatMap(({ label, dash, points }) =>
    points.map((point) => ({
      [x.name]: point.x,
      curve: label,
      dash,
      value: vanished(point.value) ? null : point.value,
      text: numberText(point.value),
      marked: points.length <= 26 || point.x % markEvery === 0,
    })),
  );

  const domain = curves.map((curve) => curve.label);
  const byCurve = (range: unknown[]) => ({
    field: "curve",
    type: "nominal",
    title: legend,
    scale: { domain, range },
    legend: { orient: "bottom", columns: legendColumns, labelLimit: 300, symbolSize: 90 },
  });
  const colour = byCurve(curves.map((curve) => curve.colour));
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
      scale: { type: "log", domain: decades.domain, nice: false, range: [floor, 0] },
      axis: {
        values: decades.ticks,
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

  const zeroLayers = withZeros.flatMap(({ label, colour, points }, row) => {
    const y = { value: floor + zeroGap + zeroRow * (row + 0.5) };
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
  const ruleLayers = rules
    .filter(({ value }) => value > decades.domain[0] && value < decades.domain[1])
    .flatMap(({ value, label, align = "left" }) => {
      const data = { values: [{ value, label }] };
      const y = { field: "value", type: "quantitative" };
      const x = align === "left" ? 6 : width - 6;
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
  const markPosition = {
    x: { field: "x", type: "quantitative" },
    y: { field: "value", type: "quantitative" },
  };
  const markLayers = marks.flatMap((mark) => [
    {
      data: { values: [mark] },
      mark: { type: "point", shape: "circle", size: 160, strokeWidth: 2, color: "#000000" },
      encoding: markPosition,
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
      encoding: { ...markPosition, text: { field: "label", type: "nominal" } },
    },
  ]);
  const marked = legendSelects ? { and: [{ param: "chosen" }, "datum.marked"] } : "datum.marked";
  const floorLine = {
    data: { values: [{}] },
    mark: { type: "rule", color: "#888888", strokeDash: [4, 3] },
    encoding: { y: { value: floor } },
  };

  return chart({
    description: description(curves.map((curve) => inWords(curve, x.name, words)).join("; ")),
    title: withZeros.length > 0 ? { text: title, subtitle: words.zeros } : title,
    width,
    height,
    data: { values },
    layer: [
      {
        ...(legendSelects && {
          params: [{ name: "chosen", select: { type: "point", fields: ["curve"] }, bind: "legend" }],
        }),
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: {
          ...position,
          color: colour,
          strokeDash: { field: "dash", type: "nominal", scale: null },
          ...(legendSelects && { opacity: { condition: { param: "chosen", value: 1 }, value: 0.12 } }),
        },
      },
      {
        mark: { type: "point", filled: true, size: 55 },
        encoding: {
          ...position,
          color: colour,
          shape: byCurve(curves.map((curve) => curve.shape)),
          opacity: { condition: { test: marked, value: 1 }, value: 0 },
          tooltip,
        },
      },
      ...ruleLayers,
      ...markLayers,
      ...(withZeros.length > 0 ? [floorLine] : []),
      ...zeroLayers,
    ],
  });
}

/** Whole decades around the values, and ticks on some of them. */
function decadesOf(values: number[]): { domain: [number, number]; ticks: number[] } {
  const exponents = values.length > 0 ? values.map(Math.log10) : [0];
  const high = Math.ceil(Math.max(...exponents));
  const low = Math.min(Math.floor(Math.min(...exponents)), high - 1);
  return { domain: [powerOfTen(low), powerOfTen(high)], ticks: multiples(low, high, 7).map(powerOfTen) };
}

/** The multiples of 1, 2, 5, 10, 20, … from low to high, in about `intervals` intervals at most. */
function multiples(low: number, high: number, intervals: number): number[] {
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

function inWords({ label, points }: Curve, x: string, words: LogCurves["words"]): string {
  const [first, last] = [points[0], points[points.length - 1]];
  const zeros = points.filter((point) => vanished(point.value)).length;
  return (
    words.from(label, x, numberText(first.value), first.x, numberText(last.value), last.x) +
    (zeros > 0 ? words.zeroCount(zeros, points.length) : "")
  );
}
