// The one rule by which a number counts: it is right if it is what rounds the true value to the digits given,
// from two significant digits on.

/** The same number but for the error of float64 arithmetic and of finite differences; false if not finite. */
export const isSame = (given: number, truth: number) =>
  Number.isFinite(truth) && Math.abs(given - truth) <= 1e-6 * Math.abs(truth) + 1e-12;

/**
 * Whether `given` is `truth`, or rounds it to two significant digits or more. Zeros at the end cannot be seen
 * in a number: 0.5 stands for 0.50 too, 150 for two digits or three. A tie may go either way.
 */
export const rounds = (given: number, truth: number) =>
  isSame(given, truth) || Math.abs(given - truth) <= lastUnit(given, truth) * (0.5 + 1e-9);

/** Whether the digits given are the first ones of the true value, two or more, with the rest cut off. */
export const cutsOff = (given: number, truth: number) => {
  const missing = (truth - given) * Math.sign(truth);
  return missing > 0 && missing < lastUnit(given, truth) * (1 - 1e-9);
};

/** Whether `given` is the one significant digit that `truth` rounds to. */
export const isOneDigit = (given: number, truth: number) => Number(truth.toPrecision(1)) === given;

/** How many significant digits a number needs to be written. */
export const digitsOf = (value: number) => value.toExponential().replace(/e.*|[-.]/g, "").length;

/** One unit of the last digit given, or of the second significant digit of the truth where that is less. */
function lastUnit(given: number, truth: number): number {
  if (truth === 0 || !Number.isFinite(truth)) return 0;
  return 10 ** Math.min(exponentOf(given) - digitsOf(given) + 1, exponentOf(truth) - 1);
}

const exponentOf = (value: number) => Number(value.toExponential().split("e")[1]);
