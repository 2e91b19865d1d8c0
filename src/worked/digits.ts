// How one number of a worked solution is written.

import type { MathJsInstance } from "mathjs";
import type { Scalar } from "./arithmetic.js";

/** Writes a number as plain text: "0.6457", "-1.5", "3.21e-9". */
export interface Digits {
  /** a computed number: `precision` digits after the point */
  computed: (value: Scalar) => string;
  /** a number of the caller's: no digits that were not given, and at most `precision` after the point */
  given: (value: Scalar) => string;
}

/**
 * Fixed notation, rounded half up. A number that would read 0.0000 without being 0, or is 1e9 or more, is
 * written with a power of ten instead.
 *
 * @param all whether to write all digits of what the caller gave
 */
export function digitsOf(math: Pick<MathJsInstance, "format">, precision: number, all: boolean): Digits {
  const fixed = (value: Scalar) => math.format(value, { notation: "fixed", precision });
  const power = (value: Scalar) => math.format(value, { notation: "exponential", precision: 3 });
  const computed = (value: Scalar) => {
    if (Math.abs(Number(value)) >= tooLarge) return power(value);
    const text = fixed(value);
    if (!/^-?0(\.0*)?$/.test(text)) return text;
    return isExactZero(value) ? text.replace("-", "") : power(value);
  };
  const given = (value: Scalar) => {
    if (all) return String(value);
    const text = computed(value);
    return text.includes("e") || !text.includes(".") ? text : text.replace(/\.?(?<!0)0+$/, "");
  };
  return { computed, given };
}

const tooLarge = 1e9;

const isExactZero = (value: Scalar) => (typeof value === "number" ? value === 0 : value.isZero());

/** The text of a number in LaTeX. */
export const numberTex = (text: string) => text.replace(/e\+?(-?\d+)$/, " \\cdot 10^{$1}");
