// Any value that a cell returns or displays, as what Jupyter shows: one value in several formats, of which the
// front-end takes the richest it knows.
// Source: Jupyter messaging specification 5.5, "display_data"; the display method is Deno's convention.
import { inspect } from "node:util";
import type { MimeBundle } from "../threads.js";
import { isChart, renderChart, VEGA_LITE_MIME } from "./chart.js";
import { toJson } from "../json.js";
import { htmlTable, isRecords } from "./html_table.js";
import { isMatrix, isTypedArray, matrixText, typedArrayText } from "./matrix_text.js";
import { paintDrawing } from "./svg_drawing.js";

const displayMethod = Symbol.for("Jupyter.display");

interface Displayable {
  [displayMethod]: () => unknown;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const hasDisplayMethod = (value: unknown): value is Displayable =>
  ((isObject(value) && !Array.isArray(value)) || typeof value === "function") &&
  // A proxy may answer whatever it is asked for.
  displayMethod in value &&
  typeof (value as Partial<Displayable>)[displayMethod] === "function";

/**
 * The bundle that a value's own display method returned, with bytes as base64 and a PNG beside each Vega-Lite chart and
 * each SVG.
 */
function ownBundle(returned: unknown): MimeBundle | null | Promise<MimeBundle> {
  if (
    !isObject(returned) ||
    Array.isArray(returned) ||
    Object.keys(returned).some((mime) => !mime.includes("/"))
  ) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")](): returned ${inspect(returned, { depth: 0 })}, but an object of MIME type → data was expected`,
    );
  }
  const data = Object.fromEntries(
    Object.entries(returned).map(([mime, content]: [string, unknown]) => [
      mime,
      content instanceof Uint8Array ? Buffer.from(content).toString("base64") : asJson(mime, content),
    ]),
  );
  if (Object.keys(data).length === 0) return null;
  const spec = data[VEGA_LITE_MIME];
  const svg = data["image/svg+xml"];
  if (typeof svg === "string" && !("image/png" in data)) return withPng(data, svg);
  if (!isChart(spec) || "image/png" in data) return { data, metadata: {} };
  const add = (chart: MimeBundle): MimeBundle => ({
    data: { ...chart.data, ...data },
    metadata: chart.metadata,
  });
  const chart = renderChart(spec);
  return chart instanceof Promise ? chart.then(add) : add(chart);
}

/** A front-end that does not trust a notebook shows no SVG, and a printer may not know it. */
function withPng(data: Record<string, unknown>, svg: string): MimeBundle {
  const drawing = paintDrawing(svg);
  if (!drawing) return { data, metadata: {} };
  const { png, width, height } = drawing;
  return {
    data: { ...data, "image/png": png.toString("base64") },
    metadata: { "image/png": { width, height } },
  };
}

/** Text goes as it is; anything else must be JSON. */
function asJson(mime: string, content: unknown): unknown {
  return typeof content === "string"
    ? content
    : toJson(`[Symbol.for("Jupyter.display")](): ${mime}`, content);
}

/** As text: numbers in a grid are aligned, everything else is as Node inspects it. */
function plainText(value: unknown): string {
  if (isMatrix(value)) return matrixText(value);
  if (isTypedArray(value)) return typedArrayText(value);
  return inspect(value);
}

/**
 * The formats in which Jupyter shows `value`, or null for `undefined`, which shows nothing.
 *
 * - A value with a `[Symbol.for("Jupyter.display")]()` method: the `{ MIME type: data }` it returns (or promises);
 *   a Uint8Array becomes base64; a Vega-Lite chart or an SVG without a PNG gets one; an empty object shows nothing.
 * - An object whose `$schema` is Vega-Lite's or Vega's, version 5: the chart, a PNG of it, and its description.
 * - Matrices (arrays of equally long rows of numbers) and typed arrays: text, aligned and shortened.
 * - Anything else: `util.inspect`; an array of records is an HTML table too.
 *
 * The answer is immediate, so that charts appear during a long synchronous loop; it is a promise only if the display
 * method is asynchronous or the chart loads its data from a URL.
 *
 * @throws Error if the chart's specification is invalid or of a version that JupyterLab does not show
 * @throws TypeError if the display method returns something other than an object of MIME types, or data that JSON
 *   cannot say
 */
export function mimeBundle(value: unknown): MimeBundle | null | Promise<MimeBundle | null> {
  if (value === undefined) return null;
  if (hasDisplayMethod(value)) {
    const returned = value[displayMethod]();
    return returned instanceof Promise ? returned.then(ownBundle) : ownBundle(returned);
  }
  if (isChart(value)) return renderChart(value);
  const text = plainText(value);
  const data = isRecords(value)
    ? { "text/plain": text, "text/html": htmlTable(value) }
    : { "text/plain": text };
  return { data, metadata: {} };
}
