// The norms of gradient flow from a backward pass of the slides' models.

import { mean, norm } from "../numbers/linear_algebra.js";
import type { LayerGradients } from "../slides/layers/layer.js";
import { tensors } from "../slides/parameters.js";
import type { FlowQuantity, FlowRow } from "./flow_row.js";
import { flowQuantities } from "./flow_row.js";

/** Norms at each step of one sample; index 0 is the initial state. */
export type StepNorms = Partial<Record<FlowQuantity, number>>[];

export function normsByStep(gradients: LayerGradients): StepNorms {
  const { dh, dc, dh0, dc0, stepParameters } = gradients;
  const ofParameters = (part: object, name: string) =>
    norm(
      tensors(part)
        .filter(([path]) => path.split(".").at(-1) === name)
        .map(([, tensor]) => norm(tensor)),
    );
  return [
    { h: norm(dh0), c: dc0 && norm(dc0) },
    ...stepParameters.map((part, index) => ({
      h: norm(dh[index]),
      c: dc && norm(dc[index]),
      Wx: ofParameters(part, "Wx"),
      Wh: ofParameters(part, "Wh"),
      b: ofParameters(part, "b"),
    })),
  ];
}

/** The means over the samples that have a step t, by quantity and step. */
export function meanRows(normsOfSamples: StepNorms[]): FlowRow[] {
  const steps = normsOfSamples.reduce((most, { length }) => Math.max(most, length), 0);
  return flowQuantities.flatMap((quantity) =>
    Array.from({ length: steps }, (_, t): FlowRow[] => {
      const norms = normsOfSamples.flatMap((byStep) => byStep[t]?.[quantity] ?? []);
      if (norms.length === 0) return [];
      return [{ t, layer: 0, direction: "forward", quantity, norm: mean(norms) }];
    }).flat(),
  );
}
