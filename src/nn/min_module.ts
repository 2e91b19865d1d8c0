// What a MinGRU and a MinLSTM have in common: gates that read x_t alone, so that the states of all steps can
// be computed at once.

import { checkFlag, checkOptions } from "../numbers/validation.js";
import type { RecurrentOptions, RecurrentOptionsOf } from "./recurrent.js";
import { RecurrentModule, recurrentOptions } from "./recurrent.js";

export interface MinOptions extends RecurrentOptions {
  /** 1, the default, or none: there is no product with h to which a second one would belong */
  biases?: 0 | 1;
  /**
   * computes h_t of all steps at once, by a scan of logarithms, as many processors would; on one it takes
   * longer, and the last bits differ. Default false, one step after the other
   */
  parallel?: boolean;
}

export abstract class MinModule extends RecurrentModule {
  readonly parallel: boolean;

  protected constructor(name: string, cell: "min_gru" | "min_lstm", options: MinOptions) {
    checkOptions(name, options, [...recurrentOptions, "parallel"]);
    const { parallel = false, ...others } = options;
    checkFlag(name, "parallel", parallel);
    super(name, parallel ? `${cell}_scan` : cell, others);
    this.parallel = parallel;
  }

  override get options(): RecurrentOptionsOf<MinOptions> {
    return { ...super.options, biases: this.biases as 0 | 1, parallel: this.parallel };
  }

  protected override facts(): (string | false)[] {
    return [...super.facts(), this.parallel && "parallel"];
  }
}
