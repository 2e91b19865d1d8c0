// Linear recurrences of vectors, in an order that many processors could share.

import type { Matrix } from "ml-matrix";
import { scan } from "./scan.js";

/** s ↦ A s + v, A being [n, n] and v [n, 1]; without A the state v itself. */
export interface AffineStep {
  A?: Matrix;
  v: Matrix;
}

/**
 * s_0 = v_0 and s_k = A_k s_{k−1} + v_k, by a scan of compositions: (A, v) after (A′, v′) is (A A′, A v′ +
 * v). What begins with the first step is a state, so that no product A A′ is computed for it.
 *
 * @param steps the first one without A; afterwards every v is the state s
 * @returns how many rounds it took, the compositions of a round being independent of each other
 */
export function affineScan(steps: AffineStep[]): number {
  return scan(steps.length, (earlier, later) => {
    const [before, after] = [steps[earlier], steps[later]];
    const A = after.A!;
    after.v = A.mmul(before.v).add(after.v);
    after.A = before.A && A.mmul(before.A);
  });
}
