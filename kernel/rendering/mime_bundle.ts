// Any value that a cell returns or displays, as what Jupyter shows: one value in several formats, of which
// the front-end takes the richest it knows.
// Source: Jupyter messaging specification 5.5, "display_data"; the display method is Deno's convention.

import { inspect } from "node:util";
import { isObject } from "../objects.js";
import type { MimeBundle } from "../threads.js";
import { chartOf, isChart, renderChart, VEGA_LITE_MIME } from "./chart.js";
import { displayMethod } from "./display_method.js";
import { toJson } from "./json.js";
import { htmlTable, isRecords } from "./html_table.js";
import { inspectValue } from "./inspect_value.js";
import type { MimeData } from "./known_values.js";
import { knownValue } from "./known_values.js";
import { isMatrix, isTypedArray, matrixText, typedArrayText } from "./matrix_text.js";
import { attempt, property } from "./safe_access.js";
import { paintDrawing } from "./svg_drawing.js";

/** What a value says of itself. */
function ownDisplay(value: unknown): (() => unknown) | undefined {
  const found = attempt(() => (Array.isArray(value) ? undefined : property(value, displayMethod)));
  return typeof found === "function" ? () => Reflect.apply(found, value, []) as unknown : undefined;
}

/**
 * The bundle that a value's own display method returned, with bytes as base64 and a PNG next to each
 * Vega-Lite chart and each SVG.
 */
function ownBundle(returned: unknown, notes: string[]): MimeBundle | null | Promise<MimeBundle> {
  if (!isObject(returned) || Object.keys(returned).some((mime) => !mime.includes("/"))) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")](): the bundle is ${inspect(returned, { depth: 0 })}, but must be an object of MIME type → data`,
    );
  }
  const data = Object.fromEntries(
    Object.entries(returned).map(([mime, content]) => [
      mime,
      content instanceof Uint8Array ? Buffer.from(content).toString("base64") : asJson(mime, content),
    ]),
  );
  if (Object.keys(data).length === 0) return null;
  const { [VEGA_LITE_MIME]: spec, ...beside } = data;
  const svg = data["image/svg+xml"];
  if (typeof svg === "string" && !("image/png" in data)) return withPng(data, svg);
  if (!isChart(spec) || "image/png" in data) return { data, metadata: {} };
  const add = (chart: MimeBundle): MimeBundle => ({ ...chart, data: { ...chart.data, ...beside } });
  const words = data["text/plain"];
  const chart = renderChart(spec, notes, typeof words === "string" ? words : undefined);
  return chart instanceof Promise ? chart.then(add) : add(chart);
}

/** A front-end that does not trust a notebook shows no SVG, and a printer may not know it. */
function withPng(data: MimeData, svg: string): MimeBundle {
  const drawing = paintDrawing(svg);
  if (!drawing) return { data, metadata: {} };
  const { png, width, height } = drawing;
  const alt = data["text/plain"];
  return {
    data: { ...data, "image/png": png.toString("base64") },
    metadata: { "image/png": { width, height, ...(typeof alt === "string" ? { alt } : {}) } },
  };
}

/** Text goes as it is; anything else must be JSON. */
function asJson(mime: string, content: unknown): unknown {
  return typeof content === "string"
    ? content
    : toJson(`[Symbol.for("Jupyter.display")](): ${mime}`, content);
}

/** As text: numbers in a grid are aligned, everything else is as Node inspects it. */
function plainText(value: unknown, inspected: (value: unknown) => string): string {
  const numbers = attempt(() => {
    if (isMatrix(value)) return matrixText(value);
    return isTypedArray(value) ? typedArrayText(value) : undefined;
  });
  return numbers ?? inspected(value);
}

/**
 * The formats in which Jupyter shows `value`, or null for `undefined`, which shows nothing.
 *
 * - A value with a `[Symbol.for("Jupyter.display")]()` method: the `{ MIME type: data }` it returns (or
 *   promises); a Uint8Array becomes base64; a Vega-Lite chart or an SVG without a PNG gets one; an empty
 *   object shows nothing.
 * - An object whose `$schema` is Vega-Lite's or Vega's, or whose `toSpec()` returns such: the chart, a PNG of
 *   it, and its description.
 * - Images, elements, canvases and data frames, as known_values.ts knows them.
 * - Matrices (arrays of equally long rows of numbers) and typed arrays: text, aligned and shortened.
 * - Anything else: `util.inspect`; an array of records is an HTML table too.
 *
 * The answer is immediate, so that charts appear during a long synchronous loop; it is a promise only if the
 * display method is asynchronous or the chart loads its data from a URL.
 *
 * @param notes gets what Vega-Lite has to say of a chart, for those who see it; complete when the bundle is
 * there
 * @throws {Error} when the chart's specification is invalid
 * @throws {unknown} what the value's own `[util.inspect.custom]()` throws
 * @throws {TypeError} when the display method returns something other than an object of MIME types, or data
 *   that JSON cannot say
 */
export function mimeBundle(
  value: unknown,
  notes: string[] = [],
): MimeBundle | null | Promise<MimeBundle | null> {
  if (value === undefined) return null;
  const display = ownDisplay(value);
  if (display) {
    const returned = display();
    return returned instanceof Promise
      ? returned.then((data) => ownBundle(data, notes))
      : ownBundle(returned, notes);
  }
  const chart = attempt(() => chartOf(value));
  if (chart) return renderChart(toJson("the chart", chart), notes);
  const known = typeof value === "object" && value !== null ? attempt(() => knownValue(value)) : undefined;
  if (known instanceof Promise) {
    return known.then(
      (data) => (data ? ownBundle(data, notes) : textBundle(value)),
      () => textBundle(value),
    );
  }
  if (known) return ownBundle(known, notes);
  // What its own inspector throws is for the author of that inspector, as with its display method.
  const hasInspector = typeof property(value, inspect.custom) === "function";
  return textBundle(value, hasInspector ? (own) => inspect(own) : inspectValue);
}

/** A value as text, which any value has; an array of records as a table as well. */
export function textBundle(value: unknown, inspected = inspectValue): MimeBundle {
  const text = plainText(value, inspected);
  const table = attempt(() => (isRecords(value) ? htmlTable(value) : undefined));
  return {
    data: table === undefined ? { "text/plain": text } : { "text/plain": text, "text/html": table },
    metadata: {},
  };
}
