// What an LRU begins with: λ on a ring in the complex plane, and inputs of the size that γ expects.

import { normalInitializer } from "../numbers/initializers.js";
import type { Random } from "../numbers/random.js";
import type { Parameter } from "../numbers/tensor.js";

/** A number of ]0, 1[. */
const inside = (random: Random) => (random.below(2 ** 32) + 0.5) / 2 ** 32;

/**
 * λ uniform on the area of the ring, where its phase is below maxPhase, and γ = √(1 − |λ|²), which keeps the
 * variance of h at that of W_x x; or W_x from N(0, 1 / 2I). Orvieto et al. 2023, sections 3.2.2 and 3.4.
 */
export function drawLru({ data, shape, units: isInput, ring }: Parameter, random: Random): void {
  if (isInput !== undefined) {
    const std = 1 / Math.sqrt(2 * shape[1]);
    data.set(normalInitializer({ std, seed: random.below(2 ** 32) }).vector(data.length));
    return;
  }
  const { minRadius, maxRadius, maxPhase } = ring!;
  const units = shape[1];
  for (let j = 0; j < units; j++) {
    const square = minRadius ** 2 + inside(random) * (maxRadius ** 2 - minRadius ** 2);
    data[j] = Math.log(-Math.log(square) / 2);
    data[units + j] = Math.log(maxPhase * inside(random));
    data[2 * units + j] = Math.log1p(-square) / 2;
  }
}
