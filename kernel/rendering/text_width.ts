// How wide a text is in the fonts that the PNGs are drawn with. Vega lays out titles, legends and axes by
// these widths; its own estimate without a canvas (0.8 em a character) clips or spreads Korean text.

import { readFileSync } from "node:fs";
import { asset } from "../package_root.js";

type Advances = Record<"regular" | "bold", Record<string, number>>;

/** The properties of a Vega text item that decide how wide it is drawn. */
export interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
  limit?: number;
}

let advances: Advances | undefined;
const combiningMark = /\p{Mn}/u;

function advance(character: string, weight: keyof Advances): number {
  if (combiningMark.test(character)) return 0;
  advances ??= JSON.parse(readFileSync(asset("advances.json"), "utf8")) as Advances;
  const table = advances[weight];
  // Every Hangul syllable is as wide as 가, and what no font has is about as wide.
  return table[character] ?? table["가"];
}

/**
 * Width of `text` in px: Σ advance(character) · fontSize / 1000, without kerning; at most the item's `limit`,
 * where Vega cuts the text. Made for `vega.textMetrics.width`. 11 px is Vega's default font size.
 */
export function textWidth(item: TextItem, text: string | number | null | undefined): number {
  const weight = item.fontWeight === "bold" || Number(item.fontWeight) >= 600 ? "bold" : "regular";
  let units = 0;
  for (const character of String(text ?? "").trim()) units += advance(character, weight);
  const width = (units * (item.fontSize ?? 11)) / 1000;
  return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
}
