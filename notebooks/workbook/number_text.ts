// Numbers as the tables print them: enough digits to see past a slide's four decimals, none that are only
// floating-point noise (1.2, never 1.2000000000000002).

/** Twelve significant digits, trailing zeros dropped. */
export const exactText = (value: number) => String(Number(value.toPrecision(12)));

/**
 * Two significant digits in scientific notation; what is below 1e-12 is rounding of the arithmetic itself: 0.
 */
export const differenceText = (value: number) => (Math.abs(value) < 1e-12 ? "0" : value.toExponential(1));

/** A finite difference, eight significant digits; what is below 1e-12 is rounding: 0. */
export const estimateText = (value: number) =>
  Math.abs(value) < 1e-12 ? "0" : String(Number(value.toPrecision(8)));

/**
 * Any value with its numbers rounded to `digits` significant ones, or to whole numbers where these have more
 * digits, for a cell that shows them.
 */
export function rounded<T>(value: T, digits = 6): T {
  if (typeof value === "number") {
    const whole = Math.abs(value) < 1e15 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0;
    return (Number.isFinite(value) ? Number(value.toPrecision(Math.max(digits, whole))) : value) as T;
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => rounded(entry, digits)) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry, digits)])) as T;
}

/**
 * Three significant digits, with a power of ten where the number is far from 1, as the library's charts say
 * them.
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e4)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(2);
}
