// What values of well-known libraries show: image bytes, elements of a document, canvases, data frames, and
// objects with the display methods of Python's or R's kernels. They are known by what they have, as Deno's
// kernel knows them.

import { inspect } from "node:util";
import type { DataFrame } from "./data_frames.js";
import { dataFrame } from "./data_frames.js";
import { htmlTable } from "./html_table.js";
import { imageType } from "./image_bytes.js";
import { inspectValue } from "./inspect_value.js";
import { method, property } from "./safe_access.js";

/** MIME type → data, as a display method returns it. */
export type MimeData = Record<string, unknown>;

const REPRESENTATIONS = {
  _repr_html_: "text/html",
  _repr_markdown_: "text/markdown",
  _repr_latex_: "text/latex",
  _repr_svg_: "image/svg+xml",
  _repr_png_: "image/png",
  _repr_jpeg_: "image/jpeg",
  _repr_json_: "application/json",
};

const ROWS_AS_TEXT = 10;

/** The formats of a value that is known; undefined for any other. */
export function knownValue(value: object): MimeData | undefined | Promise<MimeData | undefined> {
  if (value instanceof Uint8Array) {
    const mime = imageType(value);
    return mime === undefined ? undefined : { [mime]: value, "text/plain": inspect(value) };
  }
  const frame = dataFrame(value);
  return (
    represented(value) ?? element(value) ?? canvas(value) ?? (frame && frameData(frame)) ?? htmlMethod(value)
  );
}

function represented(value: object): MimeData | undefined {
  const all = method(value, "_repr_mimebundle_")?.();
  if (typeof all === "object" && all !== null) return withText(value, all as MimeData);
  const data: MimeData = {};
  for (const [name, mime] of Object.entries(REPRESENTATIONS)) {
    const content = method(value, name)?.();
    if (content !== undefined && content !== null) data[mime] = content;
  }
  return Object.keys(data).length > 0 ? withText(value, data) : undefined;
}

const withText = (value: object, data: MimeData): MimeData => ({
  ...data,
  "text/plain": data["text/plain"] ?? inspectValue(value),
});

/** HTML without its tags, and without what is not for reading. */
export const htmlText = (html: string): string =>
  html.replace(/<(style|script)\b.*?(?:<\/\1>|$)|<[^<>]*>/gis, "");

/** An element, or d3's selection of one. */
function element(value: object): MimeData | undefined {
  const node = Array.isArray(property(value, "_groups")) ? method(value, "node")?.() : value;
  const html = property(node, "outerHTML");
  if (typeof html !== "string") return undefined;
  if (!/^<svg\b/.test(html)) return { "text/html": html, "text/plain": htmlText(html) };
  return { "image/svg+xml": svgFile(html), "text/plain": "an SVG drawing" };
}

/**
 * An element as HTML says neither its namespaces nor that a non-breaking space is not a character of XML's.
 */
function svgFile(html: string): string {
  const root = /^<svg\b[^>]*/.exec(html)![0];
  const missing = [
    ["xmlns", "http://www.w3.org/2000/svg"],
    ...(html.includes("xlink:") ? [["xmlns:xlink", "http://www.w3.org/1999/xlink"]] : []),
  ].filter(([name]) => !root.includes(`${name}=`));
  const namespaces = missing.map(([name, uri]) => ` ${name}="${uri}"`).join("");
  return `<svg${namespaces}${html.slice("<svg".length)}`.replaceAll("&nbsp;", "&#160;");
}

function canvas(value: object): MimeData | undefined | Promise<MimeData | undefined> {
  if (!method(value, "getContext")) return undefined;
  const url = method(value, "toDataURL")?.() ?? method(value, "toBuffer")?.("image/png");
  const picture = (made: unknown): MimeData | undefined => {
    const [, mime, base64] = /^data:(image\/[a-z]+);base64,(.*)$/s.exec(String(made)) ?? [];
    const [type, data] = made instanceof Uint8Array ? [imageType(made), made] : [mime, base64];
    return type === undefined ? undefined : { [type]: data, "text/plain": inspectValue(value) };
  };
  return url instanceof Promise ? url.then(picture) : picture(url);
}

function frameData({ columns, rows, total }: DataFrame): MimeData {
  const more = total > ROWS_AS_TEXT ? "\n…" : "";
  const text = inspectValue(rows.slice(0, ROWS_AS_TEXT));
  return {
    "text/html": htmlTable(rows, { columns, total }),
    "text/plain": `${total} rows × ${columns.length} columns\n${text}${more}`,
  };
}

function htmlMethod(value: object): MimeData | undefined {
  const html = method(value, "toHTML")?.();
  return typeof html === "string" ? { "text/html": html, "text/plain": inspectValue(value) } : undefined;
}
