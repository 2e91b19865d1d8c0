// The rule by which a number counts, on its own.

import { expect, test } from "vitest";
import { cutsOff, isOneDigit, rounds } from "../../../notebooks/workbook/exercises/rounding.js";

test.each<[given: number, truth: number, why: string]>([
  [0.54, 0.53704957, "two digits"],
  [0.537, 0.53704957, "three"],
  [0.53705, 0.53704957, "five"],
  [0.5370496, 0.53704957, "seven"],
  [0.53704957, 0.53704957, "all"],
  [0.0056, 0.005645017, "two digits of a small number"],
  [0.5, 0.5, "the truth itself"],
  [0.5, 0.5004, "0.50, whose zero cannot be seen"],
  [1, 0.998, "1.0, two digits of 0.998"],
  [0.1, 0.09996, "0.10"],
  [2.2, 2.1972246, "2.20"],
  [45, 45, "a count"],
  [150, 146.2, "two digits of a large number"],
  [146, 146.2, "three"],
  [-0.59, -0.5887, "a negative number"],
  [0.12, 0.125, "a tie, down"],
  [0.13, 0.125, "a tie, up"],
  [0.3, 0.1 + 0.2, "float64's own error"],
  [0, 0, "nothing"],
  [1e-17, 0, "nothing but for float64's own error"],
])("%d rounds %d: %s", (given, truth) => {
  expect(rounds(given, truth)).toBe(true);
});

test.each<[given: number, truth: number, why: string]>([
  [0.5, 0.53704957, "one digit"],
  [0.53, 0.53704957, "cut off"],
  [0.5371, 0.53704957, "the last digit"],
  [0.51, 0.5, "beside an exact value"],
  [46, 45, "beside a count"],
  [100, 146.2, "one digit of a large number"],
  [1, 0.97, "one digit"],
  [0, 0.00001, "nothing for something"],
  [0.001, 0, "something for nothing"],
  [0.54, -0.537, "the sign"],
  [0.537, Infinity, "no number"],
  [0.537, NaN, "no number"],
])("%d does not round %d: %s", (given, truth) => {
  expect(rounds(given, truth)).toBe(false);
});

test("digits that were cut off, and one digit alone, are told apart", () => {
  expect(cutsOff(0.53, 0.5371)).toBe(true);
  expect(cutsOff(-0.58, -0.5887)).toBe(true);
  expect(cutsOff(0.52, 0.5371)).toBe(false);
  expect(cutsOff(0.54, 0.5371)).toBe(false);
  expect(cutsOff(0.5, 0.5371)).toBe(false);
  expect(isOneDigit(0.5, 0.5371)).toBe(true);
  expect(isOneDigit(0.6, 0.5371)).toBe(false);
});
