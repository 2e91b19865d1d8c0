// The marks of Vega-Lite: its compiler does not name one that it does not know.

import { inspect } from "node:util";
import { property } from "./safe_access.js";

const MARKS = new Set([
  ...[
    "arc",
    "area",
    "bar",
    "image",
    "line",
    "point",
    "rect",
    "rule",
    "text",
    "tick",
    "trail",
    "circle",
    "square",
  ],
  ...["geoshape", "boxplot", "errorband", "errorbar"],
]);
const PARTS = ["layer", "concat", "hconcat", "vconcat"];

/** What is wrong with the first mark in `spec` that is none. */
export function badMark(spec: unknown, path = ""): string | undefined {
  const given = property(spec, "mark");
  const [mark, where] =
    typeof given === "object" && given !== null ? [property(given, "type"), "mark.type"] : [given, "mark"];
  if (given !== undefined && !MARKS.has(mark as string)) {
    return `${path}${where} is ${inspect(mark, { depth: 0 })}, but must be one of ${[...MARKS].join(", ")}`;
  }
  for (const name of PARTS) {
    const parts = property(spec, name);
    for (const [at, part] of (Array.isArray(parts) ? parts : []).entries()) {
      const bad = badMark(part, `${path}${name}[${at}].`);
      if (bad !== undefined) return bad;
    }
  }
  const repeated = property(spec, "spec");
  return repeated === undefined ? undefined : badMark(repeated, `${path}spec.`);
}
