// Files of numbers that another library has written, on one machine and on another: the order of a sum, and
// with it the last digits, differs from one processor's BLAS to another's.

import { expect } from "vitest";

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** Every value with its path, in the order of the file. */
function leaves(value: Json, path = ""): [path: string, leaf: Json][] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, branch]) => leaves(branch, `${path}.${key}`));
}

/** @param tolerance of the number at a path, relative to the larger of it and 1 */
export function expectSameNumbers(now: unknown, before: unknown, tolerance: (path: string) => number): void {
  const [found, expected] = [leaves(now as Json), leaves(before as Json)];
  expect(found.map(([path]) => path)).toEqual(expected.map(([path]) => path));
  expected.forEach(([path, value], index) => {
    const again = found[index][1];
    if (typeof value === "number" && typeof again === "number")
      expect(Math.abs(again - value), path).toBeLessThanOrEqual(
        tolerance(path) * Math.max(1, Math.abs(value)),
      );
    else expect(again, path).toBe(value);
  });
}
