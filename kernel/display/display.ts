// What a cell can show besides its result. Outside a kernel the same functions print text, so that a
// notebook's code also runs as a script.

import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { cell, isConnected, keepOpen, note, post } from "../main/frontend.js";
import { toJson } from "../rendering/json.js";
import { isChart } from "../rendering/chart.js";
import { displayMethod } from "../rendering/display_method.js";
import { imageType } from "../rendering/image_bytes.js";
import { htmlText } from "../rendering/known_values.js";
import { mimeBundle } from "../rendering/mime_bundle.js";
import type { MimeBundle } from "../threads.js";

/** How a value is to be shown; by its type, if nothing is said. */
type Show = (value: unknown, handle: DisplayHandle, update: boolean) => void;

/** An output that can be shown again with new content. */
export class DisplayHandle {
  readonly #show: Show;

  /** @param id the `display_id` of the protocol */
  constructor(
    readonly id: string,
    show: Show = showValue,
  ) {
    this.#show = show;
  }

  /**
   * Replaces what is shown, everywhere this output appears: a string by HTML where HTML is shown, and so on.
   * Protocol: `update_display_data`.
   */
  update(value: unknown): void {
    this.#show(value, this, true);
  }

  /** As a cell's result a handle shows nothing: what it stands for is shown already. */
  [displayMethod](): object {
    return {};
  }
}

function showNew(value: unknown, show?: Show): DisplayHandle {
  const handle = new DisplayHandle(randomUUID(), show);
  (show ?? showValue)(value, handle, false);
  return handle;
}

function showValue(value: unknown, { id: displayId }: DisplayHandle, update: boolean): void {
  const id = cell();
  const notes: string[] = [];
  const deliver = (bundle: MimeBundle | null) => {
    if (bundle) send(id, bundle, displayId, update);
    note(id, notes);
  };
  const bundle = mimeBundle(value, notes);
  if (bundle instanceof Promise) keepOpen(id, bundle.then(deliver));
  else deliver(bundle);
}

function send(id: number, bundle: MimeBundle, displayId: string, update: boolean): void {
  if (isConnected()) post({ type: "display", cell: id, bundle, displayId, update });
  else console.log(bundle.data["text/plain"] ?? "");
}

/**
 * Shows a value as a cell's result would be shown: Vega-Lite specs as charts, values with a
 * `Symbol.for("Jupyter.display")` method as they wish, images, elements and data frames as such, anything
 * else as text.
 */
export function display(value: unknown): DisplayHandle {
  return showNew(value);
}

/** Shows strings as one MIME type; in an update, a value that is not a string is shown by its type. */
function displayText(caller: string, mime: string, text: string, plain = (text: string) => text) {
  if (typeof text !== "string") {
    throw new TypeError(`${caller}: the text is ${inspect(text, { depth: 0 })}, but must be a string`);
  }
  return showNew(text, (value, handle, update) => {
    const shown =
      typeof value === "string"
        ? { [displayMethod]: () => ({ [mime]: value, "text/plain": plain(value) }) }
        : value;
    showValue(shown, handle, update);
  });
}

/** Shows a string as Markdown, LaTeX in `$…$` included. */
export function markdown(text: string): DisplayHandle {
  return displayText("markdown", "text/markdown", text);
}

/** Shows a string as HTML. */
export function html(text: string): DisplayHandle {
  return displayText("html", "text/html", text, htmlText);
}

/** Shows a formula: `latex("$\\partial L / \\partial h_t$")`. */
export function latex(text: string): DisplayHandle {
  return displayText("latex", "text/latex", text);
}

/** Shows a drawing: `svg('<svg xmlns="http://www.w3.org/2000/svg" …>')`. */
export function svg(text: string): DisplayHandle {
  return displayText("svg", "image/svg+xml", text, () => "an SVG drawing");
}

const isPng = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && imageType(value) === "image/png";

/**
 * Shows a PNG picture.
 * @param size in px, as it is shown: half of the picture's own looks sharp on dense screens
 * @throws {TypeError} when the bytes are not those of a PNG
 */
export function png(bytes: Uint8Array, size: { width?: number; height?: number } = {}): DisplayHandle {
  if (!isPng(bytes)) {
    throw new TypeError(
      `png: the bytes are ${inspect(bytes, { maxArrayLength: 8, depth: 0 })}, but must be a Uint8Array with the contents of a PNG file`,
    );
  }
  return showNew(bytes, (value, handle, update) => {
    if (!isPng(value)) {
      showValue(value, handle, update);
      return;
    }
    const data = { "image/png": Buffer.from(value).toString("base64"), "text/plain": "a PNG picture" };
    send(cell(), { data, metadata: { "image/png": size } }, handle.id, update);
  });
}

const VEGA_LITE = "https://vega.github.io/schema/vega-lite/v5.json";

/**
 * Shows a Vega-Lite chart, interactive in JupyterLab and as a PNG elsewhere. `$schema` may be left out.
 * @throws {TypeError} when the specification is not an object or `$schema` names something other than
 *   Vega-Lite or Vega
 * @throws {Error} when the specification is invalid
 */
export function vegaLite(spec: object): DisplayHandle {
  return showNew(spec, (value, handle, update) => {
    showValue(withSchema(value), handle, update);
  });
}

function withSchema(spec: unknown): object {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw new TypeError(
      `vegaLite: the specification is ${inspect(spec, { depth: 0 })}, but must be an object`,
    );
  }
  const chart = { $schema: VEGA_LITE, ...spec };
  if (!isChart(chart)) {
    throw new TypeError(
      `vegaLite: $schema is ${inspect(chart.$schema, { depth: 0 })}, but must be ${JSON.stringify(VEGA_LITE)} or left out`,
    );
  }
  return chart;
}

/**
 * Shows a value as a tree that can be folded.
 * @param options.expanded whether the tree is open at first
 * @throws {TypeError} when JSON cannot say the value
 */
export function json(value: unknown, { expanded = false }: { expanded?: boolean } = {}): DisplayHandle {
  return showNew(value, (shown, handle, update) => {
    const data = { "application/json": toJson("json: the value", shown), "text/plain": inspect(shown) };
    send(cell(), { data, metadata: { "application/json": { expanded } } }, handle.id, update);
  });
}

/**
 * Removes the cell's output so far.
 * @param wait keep it until the next output comes, which avoids flicker.
 */
export function clearOutput(wait = false): void {
  post({ type: "clear", cell: cell(), wait });
}

/** Shows long text in the client's pager (JupyterLab and the console have one). */
export function page(text: string): void {
  post({ type: "page", cell: cell(), data: { "text/plain": text } });
}
