// Adam (Kingma and Ba 2015, algorithm 1) over a whole arena, for both precisions.

import type { Floats } from "../nn/tensor.js";
import type { AdamStep } from "./engine.js";

export function adam(w: Floats, g: Floats, m: Floats, v: Floats, { lr, betas, eps, update }: AdamStep): void {
  const [beta1, beta2] = betas;
  const [correction1, correction2] = [1 - beta1 ** update, 1 - beta2 ** update];
  for (let k = 0; k < w.length; k++) {
    m[k] = beta1 * m[k] + (1 - beta1) * g[k];
    v[k] = beta2 * v[k] + (1 - beta2) * g[k] * g[k];
    w[k] -= (lr * (m[k] / correction1)) / (Math.sqrt(v[k] / correction2) + eps);
  }
}
