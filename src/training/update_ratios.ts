// How large an update is next to the weights that it changes.

import { normOf } from "../numbers/norms.js";
import type { Floats, Parameter } from "../numbers/tensor.js";

/** ‖Δw‖ / ‖w‖ of each tensor by name; none of a tensor of zeros. */
export type UpdateRatios = Record<string, number>;

/** Remembers the weights, so that an update can be measured. */
export class UpdateMeter {
  readonly #parameters: readonly Parameter[];
  readonly #before: Floats[];

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.#before = parameters.map(({ data }) => data.slice());
  }

  /** To be called right before the update. */
  remember(): void {
    this.#parameters.forEach(({ data }, index) => this.#before[index].set(data));
  }

  /** The ratios of what has changed since. */
  ratios(): UpdateRatios {
    const ratios: UpdateRatios = {};
    this.#parameters.forEach(({ name, data }, index) => {
      const before = this.#before[index];
      const size = normOf(before, 0, before.length);
      if (size === 0) return;
      for (let k = 0; k < before.length; k++) before[k] = data[k] - before[k];
      ratios[name] = normOf(before, 0, before.length) / size;
    });
    return ratios;
  }
}
