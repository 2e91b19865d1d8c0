// `unrolled/display`: what a cell can show besides its result, how far a loop has got, and whether the cell
// was stopped.

export { stopSignal } from "../main/runs.js";
export * from "./display.js";
export type { Progress, ProgressOptions } from "./progress.js";
export { progress } from "./progress.js";
