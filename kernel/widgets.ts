// `unrolled/widgets`: Jupyter's interactive widgets, and `interact`, which puts them to work in one line.
export * from "./widgets/controls.js";
export { interact, type Abbreviation, type ValueOf, type ValuesOf } from "./widgets/interact.js";
export type { States } from "./widgets/models.js";
export { Output } from "./widgets/output.js";
export { Widget, type Change, type Options } from "./widgets/widget.js";
