// What a MinGRU and a MinLSTM are made of.

import { checkFlag, checkOptions } from "../numbers/validation.js";
import type { RecurrentOptions } from "./recurrent.js";
import { recurrentOptions } from "./recurrent.js";

export interface MinOptions extends RecurrentOptions {
  /** 1, the default, or none: there is no product with h to which a second one would belong */
  biases?: 0 | 1;
  /**
   * computes h_t of all steps at once, by a scan of logarithms, as many processors would; on one it takes
   * longer, and the last bits differ. Default false, one step after the other
   */
  parallel?: boolean;
}

/** The options, checked: those of any recurrent module, and whether it scans. */
export function minOptions(
  where: string,
  options: MinOptions,
): [others: RecurrentOptions, parallel: boolean] {
  checkOptions(where, options, [...recurrentOptions, "parallel"]);
  const { parallel = false, ...others } = options;
  checkFlag(where, "parallel", parallel);
  return [others, parallel];
}
