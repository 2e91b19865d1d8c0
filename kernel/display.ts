// `unrolled/display`: what a cell can show beside its result. Outside a kernel the same functions print text, so
// that a notebook's code also runs as a script.
import { randomUUID } from "node:crypto";
import { cell, isConnected, keepOpen, post } from "./cells/frontend.js";
import { mimeBundle } from "./rendering/mime_bundle.js";
import type { MimeBundle } from "./threads.js";

/** An output that can be shown again with new content. */
export interface DisplayHandle {
  readonly id: string;
  /** Replaces what is shown, everywhere this output appears. Protocol: `update_display_data`. */
  update(value: unknown): void;
}

function show(value: unknown, displayId: string, update: boolean): void {
  const id = cell();
  const deliver = (bundle: MimeBundle | null) => {
    if (!bundle) return;
    if (isConnected()) post({ type: "display", cell: id, bundle, displayId, update });
    else console.log(bundle.data["text/plain"] ?? "");
  };
  const bundle = mimeBundle(value);
  if (bundle instanceof Promise) keepOpen(id, bundle.then(deliver));
  else deliver(bundle);
}

/**
 * Shows a value as a cell's result would be shown: Vega-Lite specs as charts, values with a
 * `Symbol.for("Jupyter.display")` method as they wish, anything else as text.
 */
export function display(value: unknown): DisplayHandle {
  const id = randomUUID();
  show(value, id, false);
  return {
    id,
    update: (next) => {
      show(next, id, true);
    },
  };
}

/** A value that shows itself as the given MIME types; binary types take a Uint8Array. */
function bundle(data: Record<string, unknown>): object {
  return { [Symbol.for("Jupyter.display")]: () => data };
}

/** Shows a string as Markdown, LaTeX in `$…$` included. */
export function markdown(text: string): DisplayHandle {
  return display(bundle({ "text/markdown": text, "text/plain": text }));
}

/** Shows a string as HTML. */
export function html(text: string): DisplayHandle {
  return display(bundle({ "text/html": text, "text/plain": text.replace(/<[^>]*>/g, "") }));
}

/** Shows a formula: `latex("$\\partial L / \\partial h_t$")`. */
export function latex(text: string): DisplayHandle {
  return display(bundle({ "text/latex": text, "text/plain": text }));
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
