// Paints an SVG to a PNG with the fonts that ship with the kernel and no others, so that a chart looks the
// same everywhere.

import { createRequire } from "node:module";
import type * as resvgModule from "@resvg/resvg-js";
import { asset } from "../package_root.js";
import { indexedPng } from "./indexed_png.js";

const require = createRequire(import.meta.url);

const FAMILY = "UnrolledKR";

/** Pixels per CSS px: sharp on dense screens and in print. */
const SCALE = 2;

/** A larger image is painted more coarsely, lest one mistaken width exhaust the memory. */
const MAX_PIXELS = 16_000_000;

/** The program that paints is not installed: it is not made for every platform, and npm may leave it out. */
export class PainterMissing extends Error {
  override name = "PainterMissing";
}

/** Loaded at the first chart only. */
function painter(): typeof resvgModule {
  try {
    return require("@resvg/resvg-js") as typeof resvgModule;
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new PainterMissing(`charts are shown without a PNG here: ${reason}`, { cause: error });
  }
}

/**
 * Paints an SVG of `width` × `height` CSS px on white, at 2 pixels per CSS px.
 *
 * @throws {Error} with resvg's words when it cannot read the SVG
 * @throws {PainterMissing} without resvg
 */
export function paintPng(svg: string, width: number, height: number): Buffer {
  const { Resvg } = painter();
  const image = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: ["hangul-regular.otf", "hangul-bold.otf", "symbols-regular.ttf", "symbols-bold.ttf"].map(
        asset,
      ),
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
      serifFamily: FAMILY,
      monospaceFamily: FAMILY,
    },
    fitTo: { mode: "zoom", value: Math.min(SCALE, Math.sqrt(MAX_PIXELS / (width * height))) },
    background: "white",
  }).render();
  return indexedPng(image.pixels, image.width, image.height);
}
