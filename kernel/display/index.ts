// `unrolled/display`: what a cell can show besides its result, how far a loop has got, whether the cell was
// stopped, and how a value is shown.

export { isConnected } from "../main/frontend.js";
export { stopSignal } from "../main/runs.js";
export { mimeBundle } from "../rendering/mime_bundle.js";
export type { MimeBundle } from "../threads.js";
export * from "./display.js";
export type { Progress, ProgressOptions } from "./progress.js";
export { progress } from "./progress.js";
