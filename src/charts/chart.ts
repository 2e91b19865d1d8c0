// What all charts share: the type of a Vega-Lite specification that describes itself in words, and how a
// notebook shows it.

import { jupyterDisplay } from "../numbers/summary.js";
import { checkChoice, checkOptions } from "../numbers/validation.js";
import type { Language } from "./strings.js";
import { strings } from "./strings.js";

/**
 * A Vega-Lite v5 specification. It always has a description, for those who hear the chart instead of seeing
 * it.
 */
export interface Chart {
  $schema: string;
  description: string;
  [property: string]: unknown;
}

/**
 * A specification that Jupyter kernels which know `Symbol.for("Jupyter.display")`, such as Deno's, show as a
 * chart.
 */
export function chart(spec: { description: string; [property: string]: unknown }): Chart {
  const complete: Chart = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...spec };
  return Object.defineProperty(complete, jupyterDisplay, {
    value: () => ({ "application/vnd.vegalite.v5+json": complete, "text/plain": complete.description }),
  });
}

/** Checks the options of a chart and returns the strings of its language. */
export function chartStrings(
  where: string,
  options: { language?: Language },
  allowed: readonly string[],
): (typeof strings)[Language] {
  checkOptions(where, options, allowed);
  const { language = "en" } = options;
  checkChoice(where, "language", language, Object.keys(strings));
  return strings[language];
}

/**
 * A number as a chart's description and tooltips give it: three digits, a power of ten where it is far from
 * 1.
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e4)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(2);
}
