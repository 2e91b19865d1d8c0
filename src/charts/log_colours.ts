// The colours of a heatmap's cells on a logarithmic scale, and grey for 0, which such a scale does not have.

import { decadesOf } from "./log_curves.js";

/**
 * The encoding of the field `value`.
 *
 * @param title of the legend
 * @param domain the numbers at the ends of the scale; default the smallest and the largest above 0
 */
export function logColours(
  values: readonly { value: number }[],
  title: string,
  gradientLength: number,
  domain = endsOf(values.map(({ value }) => value).filter((value) => value > 0)),
): object {
  const ticks = decadesOf(domain).ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  return {
    condition: { test: "datum.value <= 0", value: "#BBBBBB" },
    field: "value",
    type: "quantitative",
    title,
    scale: { type: "log", domain, scheme: "viridis", clamp: true },
    legend: { values: ticks.length > 1 ? ticks : domain, format: ".1~e", gradientLength },
  };
}

function endsOf(positive: number[]): [number, number] {
  if (positive.length === 0) return [0.1, 1];
  let [least, most] = [Infinity, 0];
  for (const value of positive) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return [least, most];
}
