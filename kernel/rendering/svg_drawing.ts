// An SVG that a value shows itself as, painted to a PNG like a chart.

import { paintPng } from "./paint_png.js";
import type { Drawing } from "./draw_chart.js";

/** `width` or `height` of the root element in CSS px: a number, or a number and "px". */
const length = (root: string, side: "width" | "height"): number =>
  Number(new RegExp(`\\s${side}=["'](\\d+(?:\\.\\d+)?)(?:px)?["']`).exec(root)?.[1]);

/**
 * The SVG as a PNG; undefined if it does not say its size in px or cannot be read, for then a browser may
 * know more.
 */
export function paintDrawing(svg: string): Drawing | undefined {
  const root = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const [width, height] = [length(root, "width"), length(root, "height")];
  if (!(width > 0 && height > 0)) return undefined;
  try {
    return { png: paintPng(svg, width, height), width, height };
  } catch {
    return undefined;
  }
}
