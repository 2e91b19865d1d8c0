// `unrolled/display`: what a cell can show beside its result. Outside a kernel the same functions print text, so
// that a notebook's code also runs as a script.
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { cell, isConnected, keepOpen, post } from "./cells/frontend.js";
import { toJson } from "./json.js";
import { mimeBundle } from "./rendering/mime_bundle.js";
import type { MimeBundle } from "./threads.js";

/** An output that can be shown again with new content. */
export class DisplayHandle {
  /** @param id the `display_id` of the protocol */
  constructor(readonly id: string) {}

  /** Replaces what is shown, everywhere this output appears. Protocol: `update_display_data`. */
  update(value: unknown): void {
    show(value, this.id, true);
  }

  /** As a cell's result a handle shows nothing: what it stands for is shown already. */
  [Symbol.for("Jupyter.display")](): object {
    return {};
  }
}

function show(value: unknown, displayId: string, update: boolean): void {
  const id = cell();
  const deliver = (bundle: MimeBundle | null) => {
    if (bundle) send(id, bundle, displayId, update);
  };
  const bundle = mimeBundle(value);
  if (bundle instanceof Promise) keepOpen(id, bundle.then(deliver));
  else deliver(bundle);
}

function send(id: number, bundle: MimeBundle, displayId: string, update: boolean): void {
  if (isConnected()) post({ type: "display", cell: id, bundle, displayId, update });
  else console.log(bundle.data["text/plain"] ?? "");
}

/**
 * Shows a value as a cell's result would be shown: Vega-Lite specs as charts, values with a
 * `Symbol.for("Jupyter.display")` method as they wish, anything else as text.
 */
export function display(value: unknown): DisplayHandle {
  const handle = new DisplayHandle(randomUUID());
  show(value, handle.id, false);
  return handle;
}

/** A value that shows itself as the given MIME types; binary types take a Uint8Array. */
function bundle(data: Record<string, unknown>): object {
  return { [Symbol.for("Jupyter.display")]: () => data };
}

function displayText(caller: string, mime: string, text: string, plain = text): DisplayHandle {
  if (typeof text !== "string") {
    throw new TypeError(`${caller}: the text is ${inspect(text, { depth: 0 })}, but a string was expected`);
  }
  return display(bundle({ [mime]: text, "text/plain": plain }));
}

/** Shows a string as Markdown, LaTeX in `$…$` included. */
export function markdown(text: string): DisplayHandle {
  return displayText("markdown", "text/markdown", text);
}

/** Shows a string as HTML. */
export function html(text: string): DisplayHandle {
  return displayText("html", "text/html", text, String(text).replace(/<[^>]*>/g, ""));
}

/** Shows a formula: `latex("$\\partial L / \\partial h_t$")`. */
export function latex(text: string): DisplayHandle {
  return displayText("latex", "text/latex", text);
}

/** Shows a drawing: `svg('<svg xmlns="http://www.w3.org/2000/svg" …>')`. */
export function svg(text: string): DisplayHandle {
  return displayText("svg", "image/svg+xml", text, "an SVG drawing");
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Shows a PNG picture.
 * @param size in px, as it is shown: half of the picture's own looks sharp on dense screens
 * @throws TypeError if the bytes are not those of a PNG
 */
export function png(bytes: Uint8Array, size: { width?: number; height?: number } = {}): DisplayHandle {
  if (!(bytes instanceof Uint8Array) || !PNG_SIGNATURE.equals(bytes.subarray(0, PNG_SIGNATURE.length))) {
    throw new TypeError(
      `png: the bytes are ${inspect(bytes, { maxArrayLength: 8, depth: 0 })}, but a Uint8Array with the contents of a PNG file was expected`,
    );
  }
  const handle = new DisplayHandle(randomUUID());
  const data = { "image/png": Buffer.from(bytes).toString("base64"), "text/plain": "a PNG picture" };
  send(cell(), { data, metadata: { "image/png": size } }, handle.id, false);
  return handle;
}

/**
 * Shows a Vega-Lite chart, interactive in JupyterLab and as a PNG elsewhere. `$schema` may be left out.
 * @throws Error if the specification is invalid, or is of another version than 5
 */
export function vegaLite(spec: object): DisplayHandle {
  return display({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...spec });
}

/**
 * Shows a value as a tree that can be folded.
 * @param options.expanded whether the tree is open at first
 * @throws TypeError if JSON cannot say the value
 */
export function json(value: unknown, { expanded = false }: { expanded?: boolean } = {}): DisplayHandle {
  const handle = new DisplayHandle(randomUUID());
  const data = { "application/json": toJson("json: the value", value), "text/plain": inspect(value) };
  send(cell(), { data, metadata: { "application/json": { expanded } } }, handle.id, false);
  return handle;
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

export { progress, type Progress, type ProgressOptions } from "./progress.js";
