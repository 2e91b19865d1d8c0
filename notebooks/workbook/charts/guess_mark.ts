// A learner's guess, drawn into the chart that answers it.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";

/** Where a guess goes: a rule across the chart at x = guess, or a point at (x, guess). */
export type GuessPlace = { axis: "x" } | { axis: "y"; x: number };

/** Sky blue of Okabe–Ito, which no gate and no state has. */
const colour = "#56B4E9";

interface Channel {
  scale?: { domain?: unknown; type?: string };
  [property: string]: unknown;
}
interface Layer {
  encoding?: { x?: Channel; y?: Channel; text?: Channel };
  [property: string]: unknown;
}
interface Layered extends Layer {
  layer: Layer[];
}

/**
 * The chart with the guess on it. The guess is drawn on the scale of the chart's own axis, at its end if it
 * lies beyond; on a logarithmic axis nothing is drawn for a guess that is not positive.
 * @param chart a layered chart, or one whose first part is layered
 */
export function markGuess(locale: Locale, chart: Chart, guess: number, place: GuessPlace): Chart {
  const parts = chart.hconcat as Layered[] | undefined;
  const target = parts?.[0] ?? (chart as unknown as Layered);
  const channel = (name: "x" | "y") =>
    [target, ...target.layer]
      .map(({ encoding }) => encoding?.[name])
      .find((found) => found?.title !== undefined);
  const [x, y] = [channel("x"), channel("y")];
  const along = place.axis === "x" ? x : y;
  if (!along || (along.scale?.type === "log" && guess <= 0)) return chart;

  const words = strings[locale];
  const shown = String(Number(guess.toPrecision(4)));
  const domain = rangeOf(along, chart);
  const at = along.scale?.domain && domain ? Math.min(Math.max(guess, domain[0]), domain[1]) : guess;
  const isRight = domain !== undefined && at > (domain[0] + domain[1]) / 2;
  const data = {
    values: [{ guess: at, ...(place.axis === "y" && { at: place.x }), label: words.label(shown) }],
  };
  const layers = place.axis === "x" ? rule(data, along, isRight) : point(data, x, along);
  const marked = { ...target, layer: [...target.layer, ...layers] };
  const description = chart.description + words.description(shown);
  return parts
    ? { ...chart, description, hconcat: [marked, ...parts.slice(1)] }
    : { ...chart, ...marked, description };
}

/** What the axis runs over: its scale's domain, or else what the data hold. */
function rangeOf({ scale, field }: Channel, { data }: Chart): [number, number] | undefined {
  if (Array.isArray(scale?.domain)) return scale.domain as [number, number];
  const rows = (data as { values?: Record<string, number>[] } | undefined)?.values;
  const values = rows?.map((row) => row[field as string]);
  return values && [Math.min(...values), Math.max(...values)];
}

function rule(data: object, x: Channel, isRight: boolean): Layer[] {
  const channel = { ...x, field: "guess" };
  return [
    {
      data,
      mark: { type: "rule", color: colour, strokeWidth: 2.5, strokeDash: [2, 3] },
      encoding: { x: channel },
    },
    {
      data,
      mark: {
        type: "text",
        fontWeight: "bold",
        align: isRight ? "right" : "left",
        dx: isRight ? -5 : 5,
        baseline: "middle",
      },
      encoding: {
        x: channel,
        y: { value: 8 },
        text: { field: "label" },
      },
    },
  ];
}

function point(data: object, x: Channel | undefined, y: Channel): Layer[] {
  const encoding = { x: { ...x, field: "at" }, y: { ...y, field: "guess" } };
  return [
    {
      data,
      mark: {
        type: "point",
        shape: "cross",
        filled: true,
        color: colour,
        stroke: "#000000",
        strokeWidth: 0.7,
        size: 160,
        opacity: 1,
      },
      encoding,
    },
    {
      data,
      mark: { type: "text", fontWeight: "bold", align: "left", dx: 10, baseline: "middle" },
      encoding: { ...encoding, text: { field: "label" } },
    },
  ];
}

const en = {
  label: (guess: string) => `your guess: ${guess}`,
  description: (guess: string) => ` The learner's guess, ${guess}, is marked.`,
};

const ko: typeof en = {
  label: (guess) => `내 예상: ${guess}`,
  description: (guess) => ` 직접 적은 예상값 ${guess}도 표시했습니다.`,
};

const strings: Record<Locale, typeof en> = { en, ko };
