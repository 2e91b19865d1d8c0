// How the slides' layers and models describe themselves.

import { shape } from "../numbers/linear_algebra.js";
import type { Summarised } from "../numbers/summary.js";
import { counted, heading, inspectCustom, named, summary } from "../numbers/summary.js";
import { product } from "../numbers/tensor.js";
import type { RecurrentLayer } from "./layers/layer.js";
import type { Trainable } from "./parameters.js";
import { tensors } from "./parameters.js";

/** How many numbers a tree of parameters has. */
function parameterCount(parameters: object): number {
  return tensors(parameters).reduce((sum, [, tensor]) => sum + product(shape(tensor)), 0);
}

/** A layer: its name and sizes, and a line for its tensors, or for those of each gate. */
export function layerSummary(
  name: string,
  facts: readonly (string | false | undefined)[],
  parameters: object,
): string {
  const groups = new Map<string, string[]>();
  for (const [path, tensor] of tensors(parameters)) {
    const dot = path.lastIndexOf(".");
    const [gate, key] = [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
    groups.set(gate, [...(groups.get(gate) ?? []), named(key, shape(tensor))]);
  }
  const lines = [...groups].map(([gate, shapes]) => (gate === "" ? "" : `${gate}: `) + shapes.join(", "));
  return summary(heading(name, facts, "float64", parameterCount(parameters)), lines);
}

/**
 * A model: its parameters in all, and the summaries of layer and head. A layer may be of the user's own
 * making.
 */
export function modelSummary(name: string, layer: RecurrentLayer, head: Trainable & Summarised): string {
  const count = parameterCount(layer.parameters) + parameterCount(head.parameters);
  const own = (layer as RecurrentLayer & Partial<Summarised>)[inspectCustom]?.();
  const sizes = `${layer.inputSize} → ${layer.hiddenSize}`;
  return summary(`${name}, float64, ${counted(count, "parameter")}`, [
    `layer: ${own ?? layerSummary(layer.constructor.name, [sizes], layer.parameters)}`,
    `head: ${head[inspectCustom]()}`,
  ]);
}
