// How an object describes itself in a notebook or a console: a heading, and below it a line for each part.

/** The method by which Node, Deno and Jupyter kernels ask a value how it is shown. */
export const inspectCustom: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** The method by which Deno's Jupyter kernel and ours ask a value for its MIME bundle. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** Something that has a summary. */
export interface Summarised {
  [inspectCustom](): string;
}

/** A heading and its parts, which may be summaries themselves. */
export function summary(heading: string, parts: readonly string[] = []): string {
  return [heading, ...parts.map((part) => part.replace(/^/gm, "  "))].join("\n");
}

/** "LSTM(3 → 16, 2 layers), float64, 3,456 parameters": facts that are not there are left out. */
export function heading(
  name: string,
  facts: readonly (string | false | undefined)[],
  dtype: string,
  parameters: number,
): string {
  return `${name}(${facts.filter(Boolean).join(", ")}), ${dtype}, ${counted(parameters, "parameter")}`;
}

/** "1 layer", "2 layers", "3,456 parameters" */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * "weight [2, 16]". A file may name its tensors as it likes: what could pass for something else is quoted.
 */
export function named(name: string, shape: readonly number[]): string {
  return `${plainName.test(name) ? name : JSON.stringify(name)} [${shape.join(", ")}]`;
}
const plainName = /^[\p{L}\p{N}_.$/:-]+$/u;

/**
 * Gives a plain object its summary. The method is not enumerable: the object's own keys stay what they were.
 */
export function withSummary<T extends object>(object: T, summarise: () => string): T {
  return Object.defineProperty(object, inspectCustom, { value: summarise });
}
