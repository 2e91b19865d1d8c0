// `unrolled/widgets`: Jupyter's interactive widgets, and `interact`, which puts them to work in one line.

export * from "./controls.js";
export type { Abbreviation, ValueOf, ValuesOf } from "./interact.js";
export { interact } from "./interact.js";
export type { States } from "./models.generated.js";
export { Output } from "./output.js";
export type { Change, Options } from "./widget.js";
export { Widget } from "./widget.js";
