// `unrolled/widgets`: Jupyter's interactive widgets, and `interact`, which puts them to work in one line.
export * from "./controls.js";
export { interact, type Abbreviation, type ValueOf, type ValuesOf } from "./interact.js";
export type { States } from "./models.js";
export { Output } from "./output.js";
export { Widget, type Change, type Options } from "./widget.js";
