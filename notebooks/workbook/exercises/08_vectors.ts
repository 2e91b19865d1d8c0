// The golden vectors that answers of notebook 08 are judged by; each is read when it is first asked for.

import { golden } from "../golden_vectors.js";
import type { GoldenVector } from "../golden_vectors.js";

const read: { deck?: GoldenVector; asymmetric?: GoldenVector } = {};

export const vectors = {
  get deck() {
    return (read.deck ??= golden("deck"));
  },
  get asymmetric() {
    return (read.asymmetric ??= golden("asymmetric"));
  },
};
