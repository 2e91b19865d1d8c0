// Adam (Kingma and Ba 2015, algorithm 1) over a whole arena, for both precisions.

import type { Floats } from "../nn/tensor.js";
import type { AdamStep } from "./engine.js";

export function adam(w: Floats, g: Floats, m: Floats, v: Floats, { lr, betas, eps, update }: AdamStep): void {
  const [beta1, beta2] = betas;
  // Divided out of the loop, where a division takes as long as all the rest.
  const step = lr / (1 - beta1 ** update);
  const scale = 1 / Math.sqrt(1 - beta2 ** update);
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let k = 0; k < w.length; k++) {
    const gradient = g[k];
    const mean = (m[k] = beta1 * m[k] + rest1 * gradient);
    const square = (v[k] = beta2 * v[k] + rest2 * gradient * gradient);
    w[k] -= (step * mean) / (scale * Math.sqrt(square) + eps);
  }
}
